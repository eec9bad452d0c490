"""The mutator: the same proposal for the same request, never longer, nearly always something else, of every kind."""

from collections import Counter
from random import Random

import pytest

from peepcc.propose.mutator.backend import mutated
from peepcc.propose.mutator.mistakes import MISTAKES, mistaken
from peepcc.propose.mutator.shortcuts import SHORTCUTS
from peepcc.propose.protocol import Request
from peepcc.propose.registry import make_backend
from peepcc.settings import Settings

BLOCK = (
    "ldr w8, [sp, #12]",
    "add w9, w8, #1",
    "str w9, [sp, #12]",
    "ldr w8, [sp, #12]",
    "and w8, w8, #0xff",
    "cmp w8, #0",
    "cset w0, lt",
    "tbnz w0, #0, .L1",
)
SHORTER = {
    "branch_left_out": (("b .L1", "nop"), ("nop",)),
    "copy_left_out": (("mov x8, x0", "add x1, x8, #1"), ("add x1, x0, #1",)),
    "extension_left_out": (("uxtb w8, w0", "add w1, w8, #1"), ("add w1, w0, #1",)),
    "constant_inside": (("mov w8, #5", "add w0, w1, w8"), ("add w0, w1, #5",)),
    "reload_left_out": (("str x1, [x0]", "ldr x2, [x0]", "add x3, x2, x2"), ("str x1, [x0]", "add x3, x1, x1")),
    "overwritten_store_left_out": (("str x1, [x0]", "str x2, [x0]"), ("str x2, [x0]",)),
    "two_in_one_access": (("ldr x1, [x0, #8]", "ldr x2, [x0]"), ("ldp x2, x1, [x0, #0]",)),
    "compare_inside": (("cmp x1, #0", "b.lt .L1"), ("tbnz x1, #63, .L1",)),
    "condition_inside": (("cset w8, eq", "cbz w8, .L1"), ("b.ne .L1",)),
    "branch_turned": (("b.hi .L1", "b .L2"), ("b.ls .L2",)),
    "shift_inside": (("lsl x8, x1, #3", "add x0, x2, x8"), ("add x0, x2, x1, lsl #3",)),
    "product_inside": (("mul x8, x1, x2", "sub x0, x3, x8"), ("msub x0, x1, x2, x3",)),
    "address_inside": (("add x8, x1, x2", "ldr w0, [x8]"), ("ldr w0, [x1, x2]",)),
    "narrow_load": (("ldr w8, [x0]", "sxtb w1, w8"), ("ldrsb w1, [x0]",)),
}


def requests(count):
    """Windows that differ."""
    rng = Random(1)
    return [
        Request(tuple(rng.sample(BLOCK, rng.randint(1, len(BLOCK)))), ("w0", "w8"), ((".L1", ("w0",)),))
        for _ in range(count)
    ]


def test_equal_requests_get_equal_proposals_that_are_never_longer():
    asked = requests(300)
    backend = make_backend(Settings(backend="mutator"))
    replies = list(backend.propose(asked, float("inf")))
    assert [reply.key for reply in replies] == [request.key for request in asked]
    assert [reply.lines for reply in replies] == [mutated(request) for request in asked]
    assert all(len(reply.lines) <= len(request.lines) for reply, request in zip(replies, asked))
    assert sum(reply.lines != request.lines for reply, request in zip(replies, asked)) > 290
    assert sum(len(reply.lines) > 0 for reply in replies) > 200


def test_nothing_comes_after_the_deadline():
    assert list(make_backend(Settings(backend="mutator")).propose(requests(3), 0.0)) == []


def test_every_mistake_is_made():
    rng = Random(2)
    made = [mistaken(BLOCK, rng) for _ in range(2000)]
    kinds = Counter(kind for kind, _ in filter(None, made))
    assert kinds.keys() == MISTAKES.keys() and min(kinds.values()) > 40
    assert all(lines != BLOCK and len(lines) in (len(BLOCK), len(BLOCK) - 1) for _, lines in filter(None, made))
    assert mistaken((), rng) is None


@pytest.mark.parametrize("shortcut", SHORTCUTS[1:], ids=lambda shortcut: shortcut.__name__)
def test_each_shortcut(shortcut):
    lines, shorter = SHORTER[shortcut.__name__]
    at = 1 if shortcut.__name__ == "reload_left_out" else 0
    assert shortcut(lines, at) == shorter
    assert shortcut(("ret",), 0) is None
