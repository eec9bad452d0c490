"""Costs, by the llvm-mca of the clang in use."""

import pytest

from peepcc.lab.verify import newest_clang
from peepcc.optimize.cost import Cost, cheaper, costs, cycles, find_mca


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (Cost(3, 12, 5.0), Cost(2, 8, 5.0), True),
        (Cost(3, 12, 5.0), Cost(2, 8, 5.1), False),
        (Cost(3, 12, 5.0), Cost(3, 12, 4.9), True),
        (Cost(3, 12, 5.0), Cost(3, 12, 5.0), False),
        (Cost(3, 12, 5.0), Cost(4, 16, 1.0), False),
        (Cost(3, 12, None), Cost(2, 8, None), True),
        (Cost(3, 12, 5.0), Cost(2, 8, None), True),
        (Cost(3, 12, None), Cost(3, 12, 1.0), False),
    ],
)
def test_cheaper_is_worse_in_nothing_and_better_in_something(before, after, expected):
    assert cheaper(before, after) is expected


def test_filling_the_pipeline_costs_nothing():
    """ldp takes a cycle longer to drain, once, and none more in the steady state."""
    single = ["ldr x0, [sp, #16]", "ldr x1, [sp, #8]", "add x0, x0, x1", "str x0, [sp, #40]"]
    found = cycles([single, ["ldp x1, x0, [sp, #8]", *single[2:]]], None, find_mca(newest_clang()))
    assert found == (4.0, 4.0)


def test_cycles_of_many_sequences_at_once():
    mca = find_mca(newest_clang())
    chain, single = ["mul x0, x0, x1"] * 4, ["mul x0, x0, x1"]
    found = cycles([chain, single, [], ["ret"], ["add x0, x0, x1", "b.eq .L1"], single], "cortex-a53", mca)
    assert found[0] > 3 * found[1] > 0
    assert found[2] == found[3] == 0
    assert found[4] < found[1] == found[5]


def test_the_processor_matters():
    mca = find_mca(newest_clang())
    sequence = ["udiv x0, x0, x1"] * 4
    assert cycles([sequence], "cortex-a53", mca) != cycles([sequence], "neoverse-v2", mca)


def test_no_estimate_where_there_is_none(tmp_path):
    assert cycles([["nop"]], None, None) == (None,)
    assert cycles([["nop"]], None, str(tmp_path / "missing")) == (None,)
    broken = tmp_path / "llvm-mca"
    broken.write_text("#!/bin/sh\necho no; exit 1\n")
    broken.chmod(0o755)
    assert cycles([["nop"]], None, str(broken)) == (None,)


def test_one_strange_line_spoils_only_its_own_sequence():
    mca = find_mca(newest_clang())
    found = cycles([["nosuch x0"], ["add x0, x0, x1"]], None, mca)
    assert found[0] is None and found[1] > 0


def test_find_mca(tmp_path, monkeypatch):
    assert find_mca("no-such-clang") is None
    for name in ("clang-77", "llvm-mca-77", "llvm-mca"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    assert find_mca(str(tmp_path / "clang-77")) == str(tmp_path / "llvm-mca-77")
    (tmp_path / "llvm-mca-77").unlink()
    assert find_mca(str(tmp_path / "clang-77")) == str(tmp_path / "llvm-mca")


def test_what_differs_in_branches_alone_is_priced_without_cycles(tmp_path):
    """They are not in the estimate: it would be the same, and is half of the work at -O0."""
    code, shorter = ["ldr w8, [x0]", "b .L1", "add w0, w8, #1"], ["ldr w8, [x0]", "add w0, w8, #1"]
    assert costs([(code, shorter)], None, str(tmp_path / "missing")) == ((Cost(3, 12), Cost(2, 8)),)
    mca = find_mca(newest_clang())
    (one, other), (old, new) = costs([(code, shorter), (["mul x0, x0, x1"] * 2, ["mul x0, x0, x1"])], None, mca)
    assert (one, other) == (Cost(3, 12), Cost(2, 8)) and cheaper(one, other)
    assert old.cycles > new.cycles > 0
