"""Chain-of-code: what the sandbox computes, and hostile programs that must come to nothing."""

import time

import pytest

from peepcc.lab.evaluation.chat import sandbox
from peepcc.lab.evaluation.chat.chain_of_code import MOST_RUNS, Print, Run, Set, Store, read, snippets, without_snippets
from peepcc.lab.evaluation.chat.expressions import Wrong, value

from ....support.examples import encoder, example

WINDOW = example("mov w2, w0 / add w3, w2, #1 / str w3, [x1, #4] / cbz w3, .L1 / nop", "x3", exits={".L1": "x3"}).window


def run(text: str) -> list[str]:
    return sandbox.results(text, WINDOW, encoder()).splitlines()


def test_the_window_and_lines_run_on_what_was_set():
    assert run(
        "x0 = 0xffffffff00000005\nx1 = m + 8\nx3 = -1\nrun window\nprint x3, m[8], x2 == 5\nrun\n"
        "add w3, w0, #1\nend\nprint x3 >> 32, x0 >> 32"
    ) == [
        "run 1 (window): x2 = 0x5; x3 = 0x6; m[8] = 0x600000000; falls through",
        "x3 = 0x6",
        "m[8] = 0x600000000",
        "x2 == 5 = 0x1",
        "run 2: x3 = 0x6; falls through",
        "x3 >> 32 = 0x0",
        "x0 >> 32 = 0xffffffff",
    ]


def test_ways_out_flags_vectors_and_memory():
    assert run("w0 = 0xffffffff\nx1 = m\nrun window")[0].endswith("goes to .L1")
    assert run("x0 = 1\nrun\nbr x0\nend") == ["run 1: goes to an address in a register"]
    assert run("x5 = 3\nrun\nsubs x5, x5, #4\nadcs x6, x5, xzr\nend\nprint nzcv") == [
        "run 1: x5 = 0xffffffffffffffff; x6 = 0xffffffffffffffff; nzcv = 0b1000; falls through",
        "nzcv = 0x8",
    ]
    assert run("d0 = 0x3ff0000000000000\nrun\nfadd d0, d0, d0\nfmov x1, d0\nend") == [
        "run 1: x1 = 0x4000000000000000; q0 = 0x4000000000000000; falls through"
    ]
    assert run("m[16] = 0x1122\nx1 = m + 16\nrun\nldrb w2, [x1, #1]\nend") == ["run 1: x2 = 0x11; falls through"]
    assert run("sp = m + 64\nrun\nstp x29, x30, [sp, #-16]!\nend\nprint sp - m") == [
        "run 1: falls through",
        "sp - m = 0x30",
    ]


def test_each_run_begins_with_what_was_set():
    assert (
        run("x1 = m\nrun\nstr x1, [x1]\nadd x1, x1, #8\nend\nrun\nldr x2, [x1]\nend")[1]
        == "run 2: x2 = 0x0; falls through"
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1 + 2 * 3", 7),
        ("-1", (1 << 64) - 1),
        ("~0 >> 63", 1),
        ("1 << 64", 0),
        ("1 << 9999", 0),
        ("7 // 2", 3),
        ("0x8000000000000000 > 1", 1),
        ("x0 & 0xff", 0x34),
        ("m[8] ^ 1", 0xFE),
        ("10 % 4", 2),
        ("0b101 | 0o10", 13),
        ("3 - 5 == -2", 1),
    ],
)
def test_expressions(text, number):
    assert value(text, {"x0": 0x1234}.__getitem__, {8: 0xFF}.__getitem__) == number


@pytest.mark.parametrize(
    "text",
    [
        "9**9**9",
        "__import__('os').system('id')",
        "(lambda: 1)()",
        "x0.__class__",
        "[1 for _ in x0]",
        "'a' * 99999",
        "1 if 1 else 2",
        "f'{x0}'",
        "1.5",
        "True",
        "None",
        "1 // 0",
        "1 % 0",
        "x0 = 1",
        "x0; x1",
        "1 < 2 < 3",
        "m[1:2]",
        "x0[0]",
        "(yield 1)",
        "await x0",
        "a := 1",
        "1j",
        "...",
        "b'1'",
        "not 1",
        "1 and 2",
        "1 @ 2",
        "(" * 150 + "1" + ")" * 9,
        "(" * 79 + "1" + ")" * 79 + "+",
        "-" * 150 + "1",
        "~" * 100 + "1",
        "1" * 161,
        "x" * 200,
        "\0",
        "1\n2",
        "é",
        "",
        "import os",
        "1 +",
        "0x",
        "+".join(["1"] * 60),
    ],
)
def test_expressions_that_are_none(text):
    with pytest.raises(Wrong):
        value(text, {"x0": 1}.__getitem__, {}.__getitem__)


@pytest.mark.alone
@pytest.mark.parametrize(
    "text",
    [
        "run\nsvc #0\nend",
        "run\nbl system\nend",
        'run\n.incbin "/etc/passwd"\nend',
        "run\nnop; svc #0\nend",
        "run\nmrs x0, tpidr_el0\nend",
        "run\nb .\nend",
        "run\nx: b x\nend",
        "run\nb .LBB0_0\nend",
        "run\nblr x0\nend",
        "run\nadrp x0, secret\nend",
        "run\nldr x0, =secret\nend",
        "run\nldxr x0, [x1]\nend",
        "run\nldr x0, [x1]\nend",
        "x1 = 0xdeadbeef\nrun\nstr x0, [x1]\nend",
        "x1 = m + 4092\nrun\nldr x0, [x1]\nend",
        "x1 = m - 8\nrun\nstr x0, [x1]\nend",
        "x1 = m\nrun\nldr x0, [x1, #4096]\nend",
        "run\nadd x0, x1, #99999999\nend",
        "run\nfrobnicate\nend",
        "run",
        "run\nend\nend",
        "run window now",
        "import os",
        "m[4089] = 1",
        "m[-1] = 1",
        "m[1 << 60] = 1",
        "x32 = 1",
        "pc = 1",
        "x0 = x99",
        "print y",
        "print m[0x100000000 * 2]",
        "x0 = 1 // 0",
        "q0 = 'a'",
        "`id`",
        "$(id)",
        "x0 = m[",
        "= 1",
        "run\n" + "nop\n" * 65 + "end",
        "run window\n" * (MOST_RUNS + 1),
        "x0 = 1\n" * 100,
        "print " + "x0," * 300,
        "x" * 9000,
        "x0 = " + "1+" * 99 + "1",
        "run\n\u202esvc #0\nend",
        "run\nmov x0, \uff11\nend",
        "run\nudf #0\nend",
        "run\nhlt #1\nend",
        "run\nwfi\nend",
    ],
)
def test_hostile_code_comes_to_nothing(text):
    started = time.monotonic()
    lines = run(text)
    assert lines[-1].startswith("error: "), lines
    assert time.monotonic() - started < 5 and sum(map(len, lines)) < 5000


def test_code_that_stores_into_itself_or_the_harness_is_stopped():
    for address in ("1 << 20", "1 << 22", "m + 4096", "m - 4096", "(1 << 32) + (1 << 24)"):
        assert run(f"x1 = {address}\nrun\nstr x0, [x1]\nend")[-1].startswith("error: an access outside the memory")
    assert run("x0 = 1\nrun\nadd x0, x0, #1\nend") == ["run 1: x0 = 0x2; falls through"]


def test_output_is_bounded():
    lines = run("\n".join(["x1 = m", *["print " + ", ".join(["0x" + "f" * 100] * 1)] * 50]))
    assert sum(map(len, lines)) < 5000 and lines[-1].startswith("error: more output")


def test_blocks_are_found_and_taken_out():
    reply = "Let me see.\n```run\nx0 = 1\nrun window\n```\nand\n``` run\nprint x0\n```\nso\n```\nadd w0, w0, #1\n```"
    assert snippets(reply) == ("x0 = 1\nrun window", "print x0")
    assert without_snippets(reply).count("```") == 2


def test_the_language_is_read():
    assert read(
        "# a note\nx0 = 1 // 1\nm[x0] = 2\n\nrun window\nrun\nadd x0, x0, #1 // more\n\nend\nprint x0, m[1]\n// the end"
    ) == (Set("x0", "1 // 1"), Store("x0", "2"), Run(None), Run(("add x0, x0, #1",)), Print(("x0", "m[1]")))
