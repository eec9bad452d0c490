"""Rewrites that are right by themselves and wrong together: the one that rests on what another changes must go."""

import time

from peepcc.analysis.subwindow import part
from peepcc.analysis.unit_analysis import analyse
from peepcc.assembly.encode import Encoder
from peepcc.assembly.print import print_instruction
from peepcc.optimize.check import Judge
from peepcc.optimize.conflicts import together
from peepcc.optimize.edits import edited
from peepcc.process import run
from peepcc.propose.protocol import Reply
from peepcc.propose.request import request_of
from peepcc.translation_unit import Unit
from peepcc.validate.verdict import Verdict

CLANG = "clang-19"
TARGET = "--target=aarch64-linux-gnu"
CUT = "adrp x15, g\n"  # belongs to no window
RESTS = "rests on a register that another rewrite changes: x8"


def kept(body, *replies, parts=()):
    """For the windows of a void function, or `parts` of its first, in order: the lines in the end, and the reason
    against a reply.

    Each reply must be right by itself; None: unchanged.
    """
    facts = run((CLANG, TARGET, "-x", "c", "-O1", "-c", "-emit-llvm", "-o", "-", "-"), stdin=b"void f(void) {}").stdout
    encoder = Encoder(CLANG, [TARGET])
    analysed = analyse(
        f".text\n.type f,@function\nf:\n{body}ret\n.Lfunc_end0:\n.size f, .Lfunc_end0-f\n", facts, encoder
    )
    windows = [part(analysed.windows()[0], *span) for span in parts] or analysed.windows()[: len(replies)]
    judge = Judge(encoder, Unit(CLANG, "f.c"), "proved", time.monotonic() + 60)
    outcomes = judge.outcomes(
        windows,
        {
            request_of(each).key: Reply(request_of(each).key, tuple(reply.split("; ")))
            for each, reply in zip(windows, replies)
            if reply
        },
    )
    assert [each.judgement.verdict for each in outcomes] == [
        Verdict.ACCEPTED_PROVED if reply else Verdict.UNCHANGED for reply in replies
    ]
    found = list(together(outcomes, analysed, encoder))
    return [
        (
            "; ".join(print_instruction(item) for item in edited(each.window, each.chosen)),
            each.judgement.reason if each.judgement.verdict is Verdict.UNPROVED else "",
        )
        for each in found
    ]


def test_a_copy_that_one_rewrite_drops_is_not_there_for_the_next():
    """Found by the campaign `programs`: csmith's program 1003977 crashed at -O0."""
    body = f"mov x8, x9\nstr x8, [x0]\n{CUT}mov x8, x9\nstr x8, [x1]\n"
    assert kept(body, "str x9, [x0]", "str x8, [x1]; ret") == [
        ("str x9, [x0]", ""),
        ("mov x8, x9; str x8, [x1]; ret", RESTS),
    ]
    assert kept(body, "str x9, [x0]", "str x9, [x1]; ret") == [("str x9, [x0]", ""), ("str x9, [x1]; ret", "")]


def test_parts_of_one_window_are_no_different():
    body = "mov x8, x9\nstr x8, [x0]\nmov x8, x9\nstr x8, [x1]\n"
    parts = ((0, 2), (2, 5))
    assert kept(body, "str x9, [x0]", "str x8, [x1]; ret", parts=parts) == [
        ("str x9, [x0]", ""),
        ("mov x8, x9; str x8, [x1]; ret", RESTS),
    ]
    assert kept(body, "str x9, [x0]", "str x9, [x1]; ret", parts=parts) == [
        ("str x9, [x0]", ""),
        ("str x9, [x1]; ret", ""),
    ]
    assert kept(body, None, "str x8, [x1]; ret", parts=parts)[1:] == [("str x8, [x1]; ret", "")]


def test_what_no_rewrite_changes_may_be_rested_on():
    body = f"mov x8, x9\nstr x8, [x2]\n{CUT}mov x3, x9\nstr x3, [x0]\n{CUT}mov x8, x9\nstr x8, [x1]\n"
    assert kept(body, None, "str x9, [x0]", "str x8, [x1]; ret")[1:] == [
        ("str x9, [x0]", ""),
        ("str x8, [x1]; ret", ""),
    ]


def test_a_register_that_is_only_passed_on_counts_too():
    """The second window leaves x8 to the third as it is, because it is x9 already."""
    body = f"mov x8, x9\nstr x8, [x0]\n{CUT}mov x8, x9\nadd x1, x1, #8\n{CUT}str x8, [x1]\n"
    assert kept(body, "str x9, [x0]", "add x1, x1, #8") == [("str x9, [x0]", ""), ("mov x8, x9; add x1, x1, #8", RESTS)]


def test_the_upper_half_is_a_need_of_its_own():
    """w8 lives on, but the first rewrite may leave anything above it."""
    body = f"mov w8, w9\nmov x7, x7\n{CUT}mov w10, w8\nstr x10, [x1]\n"
    assert kept(body, "mov x8, x9", "str x8, [x1]; ret") == [
        ("mov x8, x9", ""),
        ("mov w10, w8; str x10, [x1]; ret", RESTS),
    ]


def test_a_way_out_that_has_two_names_is_one_place():
    """With -g clang names many places twice, and a part of a window may know a way by the other name."""
    body = "mov x8, x9\nstr x8, [x0]\ncbz x3, .LBB0_1\nmov x8, x9\nstr x8, [x1]\n.Ltmp0:\n.LBB0_1:\n"
    parts = ((0, 3), (3, 5))
    assert kept(body, "str x9, [x0]; cbz x3, .LBB0_1", "str x8, [x1]", parts=parts) == [
        ("str x9, [x0]; cbz x3, .LBB0_1", ""),
        ("mov x8, x9; str x8, [x1]", RESTS),
    ]
    assert kept(body, None, "str x8, [x1]", parts=parts)[1:] == [("str x8, [x1]", "")]
