"""The block counter is built by CMake, loaded by qemu, and counts what a program of known length executes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from peepcc.process import run

_PLUGIN = Path(__file__).parents[3] / "toolchain/qemu-plugin"
_SOURCE = """
    .globl _start
    .type _start, %function
_start:
    mov x1, #1000
loop:
    sub x1, x1, #1
    nop
    cbnz x1, loop
    mov x0, #0
    mov x8, #93
    svc #0
    .size _start, . - _start
"""


def _done(*argv: str) -> None:
    done = run(argv)
    assert not done.returncode, (argv, done.stdout.decode(), done.stderr.decode())


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    build = tmp_path_factory.mktemp("plugin")
    _done("cmake", "-S", str(_PLUGIN), "-B", str(build))
    _done("cmake", "--build", str(build))
    return build / "libpeepcc_blocks.so"


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    folder = tmp_path_factory.mktemp("program")
    (folder / "loop.s").write_text(_SOURCE)
    _done(
        *("clang-19", "--target=aarch64-linux-gnu", "-nostdlib", "-static", "-fuse-ld=lld"),
        *(str(folder / "loop.s"), "-o", str(folder / "loop")),
    )
    return folder / "loop"


def test_the_blocks_of_a_loop_add_up_to_its_instructions(library, program, tmp_path):
    out = tmp_path / "counts.jsonl"
    _done("qemu-aarch64", "-plugin", f"{library},out={out}", str(program))
    blocks = [json.loads(line) for line in out.read_text().splitlines()]
    assert sum(block["executions"] * len(block["words"]) for block in blocks) == 1 + 3 * 1000 + 3
    loop = max(blocks, key=lambda block: block["executions"])
    # the first pass is in the block that begins before the loop
    assert loop["executions"] == 999
    assert loop["words"] == ["d1000421", "d503201f", "b5ffffc1"]


def test_without_a_file_the_program_does_not_start(library, program):
    done = run(("qemu-aarch64", "-plugin", str(library), str(program)))
    assert done.returncode
    assert b"out=FILE" in done.stderr
