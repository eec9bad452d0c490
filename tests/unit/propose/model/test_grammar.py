"""The grammar of a reply: it admits what the language says of a window, and nothing beyond it."""

from __future__ import annotations

import re

import pytest
from hypothesis import Phase, given, settings
from hypothesis.extra.lark import from_lark
from lark import Lark
from lark.exceptions import LarkError

from peepcc.propose.model.grammar import reply_grammar
from peepcc.propose.model.language import MAX_REPLY_LINES, MNEMONICS, UNCHANGED, VOCABULARY, decode, encode, tokens
from peepcc.propose.protocol import Request

PLAIN = Request(
    ("ldr w8, [x19, x9, lsl #2]", "add w8, w8, #1", "and w10, w8, #0xff".replace("0xff", "255"), "str w8, [sp, #12]"),
    ("x8", "nzcv"),
)
PAIR = Request(("ldp x29, x30, [sp], #32", "mov x0, xzr", "ret"), (), (("ret", ("x0",)),))
JUMPS = Request(
    ("cmp w0, #7", "b.hi .LBB0_3", "tbnz w1, #3, .LBB0_4", "cbz x2, .LBB0_3", "b .LBB0_2"), ("x0",), (), (".LBB0_2",)
)
VECTORS = Request(
    (
        "fmul d0, d1, d2",
        "fadd d0, d0, d3",
        "mov v4.s[1], w9",
        "ld1 { v5.4s, v6.4s }, [x9]",
        "movi v7.2d, #0",
        "str q7, [x9, #16]!",
    ),
    ("q0",),
)
WINDOWS = (PLAIN, PAIR, JUMPS, VECTORS, Request(("nop",), ()))


def admits(request: Request, reply: str) -> bool:
    prompt = encode(request)
    try:
        Lark(reply_grammar(prompt), parser="earley").parse(reply)
    except LarkError:
        return False
    return True


def source(request: Request) -> list[str]:
    return [re.sub(r"^@\d+", "", line) for line in encode(request).text.split("\n") if line.startswith("@")]


@pytest.mark.parametrize("request_", WINDOWS)
def test_a_window_may_be_repeated_kept_dropped_or_edited(request_):
    lines = source(request_)
    count = len(lines)
    for reply in (
        "\n".join(lines),
        UNCHANGED,
        "",
        "@1",
        "@1\n",
        f"@{count}\n@{count}\n",
        "\n".join(f"@{n}{line}" for n, line in enumerate(lines, 1)),
        f"@1{lines[-1]}\n@1\n@{count}",
    ):
        assert admits(request_, reply), reply
        decode(encode(request_), reply)


@pytest.mark.parametrize(
    "reply",
    [
        "@4add w0,w0,#1\n@4",
        "lsl x0,x1,#3",
        "ldr x0,[x1,#8]",
        "ldp w0,w2,[x1],#8",
        "str wzr,[sp,#12]",
        "ubfx w0,w0,#3,#5",
        "and w0,w0,#-2",
        "add x0,x1,w0,sxtw #2",
        "csel w0,w2,wzr,eq",
        "cset w0,ne",
        "tst w0,w0",
        "movk x0,#65535,lsl #16",
        "stp x0,x1,[sp,#-16]!",
    ],
)
def test_ordinary_rewrites_are_admitted(reply):
    assert admits(PLAIN, reply)
    decode(encode(PLAIN), reply)


@pytest.mark.parametrize("reply", ["b.ls NEXT", "b T0", "cbnz w0,T1", "tbz x1,#63,NEXT", "cmp w0,#8\nb.hs T0"])
def test_jumps_go_to_the_labels_of_the_window(reply):
    assert admits(JUMPS, reply)
    assert not admits(PLAIN, reply)


@pytest.mark.parametrize(
    "reply",
    [
        "fmadd d0,d1,d2,d3",
        "fmov d0,d3",
        "ldr q5,[x0]",
        "mov v4.s[1],w0",
        "st1 {v5.4s,v6.4s},[x0]",
        "add v7.4s,v5.4s,v6.4s",
        "fmov d0,#-1.5",
    ],
)
def test_vectors_are_for_windows_that_hold_them(reply):
    assert admits(VECTORS, reply)
    assert not admits(PLAIN, reply)


@pytest.mark.parametrize(
    "reply",
    [
        "@5",
        "@1@1",
        "@0",
        "@",
        "= ",
        "=\n@1",
        "\n",
        "@1\n\n",
        "@1\n\n@2",
        "@1\nret",
        "svc #0",
        "hlt #0",
        "bl T0",
        "blr x0",
        "mrs x0,nzcv",
        "dmb ish",
        ".word 1",
        "T0:",
        "NEXT:",
        "mov x7,x0",
        "mov x28,x0",
        "mov x30,x0",
        "add x0, x0, #1",
        "add x0,x0,#1 // so",
        "mov x0,x1;nop",
        "ldr x0,=main",
        "adrp x0,main",
        "b main",
        "ldr x0,[x1",
        "mov x0",
        "mov",
        "ret",
        "nop",
        "ldxr x0,[x1]",
        "ldar x0,[x1]",
        "prfm pldl1keep,[x0]",
        "MOV X0,X1",
        "mov x0,x1\r\nmov x0,x1",
        "<unk>",
        "add x0,x0,#1</s>",
        "mov w0,#1.5",
        "mov x0,#" + "9" * 21,
    ],
)
def test_everything_else_is_refused(reply):
    assert not admits(PLAIN, reply)


def test_return_stays_where_it_was():
    assert admits(PAIR, "mov x0,xzr\nret") and not admits(JUMPS, "ret")


def test_every_mnemonic_of_the_language_is_admitted_where_its_operands_can_be():
    prompt = encode(Request((*VECTORS.lines[:4], "cbz x9, .LBB0_3", "nop", "ret"), ()))
    admitted = set(re.findall(r'"([a-z][a-z0-9.]*) ?"', reply_grammar(prompt)))
    assert set(MNEMONICS) <= admitted


@pytest.mark.parametrize("request_", WINDOWS)
def test_every_sentence_decodes_and_is_made_of_the_models_tokens(request_):
    prompt = encode(request_)

    @settings(max_examples=12, derandomize=True, database=None, deadline=None, phases=[Phase.generate])
    @given(from_lark(Lark(reply_grammar(prompt))))
    def holds(text):
        assert "".join(tokens(text)) == text and set(tokens(text)) <= set(VOCABULARY)
        decode(prompt, "\n".join(text.split("\n")[: MAX_REPLY_LINES // len(prompt.source)]))

    holds()
