"""Hunks: a reply as edits, and that what is judged is what is spliced, on compiled functions."""

import random
import subprocess

import pytest

from peepcc.analysis.unit_analysis import analyse_by
from peepcc.assembly.encode import Encoder
from peepcc.assembly.parse import parse_instruction, parse_module
from peepcc.assembly.print import print_instruction
from peepcc.assembly.syntax import Instruction
from peepcc.optimize.edits import Hunk, edited, hunks, spliced

from ...support.stated import stated

TARGET = "--target=aarch64-linux-gnu"
SOURCE = """
int g(int);
int f(int a, int b) { int c = a > b ? a : b; for (int i = 0; i < a; i++) { if (c & 1) c = c * 3 + g(i); else c /= 2; }
  return c; }
long h(long *p, int n) { long s = 0; while (n-- > 0) s += p[n] * 3 - (p[n] >> 2); return s; }
"""


@pytest.fixture(scope="module", params=["-O0", "-O2", "-O0 -g"])
def unit(request):
    argv = ["clang-19", TARGET, *request.param.split(), "-x", "c", "-S", "-o", "-", "-"]
    text = subprocess.run(argv, input=SOURCE.encode(), capture_output=True, check=True).stdout.decode()
    return text, analyse_by(text, stated(text), Encoder("clang-19", [TARGET]))


def instructions(window):
    return [item for item in window.items if isinstance(item, Instruction)]


def random_target(random_, window):
    """The window with instructions dropped, doubled, exchanged and new ones put in."""
    target = []
    for instruction in instructions(window):
        target += random_.choice(
            [[instruction]] * 4
            + [
                [],
                [instruction, instruction],
                [parse_instruction("mov x9, x10")],
                [parse_instruction("neg w3, w4"), instruction],
            ]
        )
    if random_.random() < 0.2:
        random_.shuffle(target)
    return target


def code(module):
    """Statements in order, comments and the way they are indented left out."""
    for line in module.lines:
        yield from line.labels
        if line.instruction:
            yield print_instruction(line.instruction)
        elif line.directive:
            yield f"{line.directive.name} {line.directive.arguments}"
        elif not line.readable:
            yield line.text


def test_all_hunks_make_the_target_and_none_make_the_source(unit):
    random_ = random.Random(1)
    for window in unit[1].windows():
        for _ in range(5):
            target = random_target(random_, window)
            found = hunks(window, target)
            assert [item for item in edited(window, found) if isinstance(item, Instruction)] == target
            assert edited(window, ()) == window.items
            assert bool(found) == ([*map(print_instruction, target)] != [*map(print_instruction, instructions(window))])


def test_labels_stay_in_their_order(unit):
    random_ = random.Random(2)
    for window in unit[1].windows():
        chosen = [hunk for hunk in hunks(window, random_target(random_, window)) if random_.random() < 0.7]
        assert [item for item in edited(window, chosen) if isinstance(item, str)] == [
            item for item in window.items if isinstance(item, str)
        ]


def test_nothing_chosen_is_the_same_text(unit):
    text, analysed = unit
    assert spliced(analysed.module, [(window, ()) for window in analysed.windows()]) == text


def test_what_is_judged_is_what_is_spliced(unit):
    text, analysed = unit
    random_ = random.Random(3)
    lines = analysed.module.lines
    for _ in range(10):
        edits = []
        for window in analysed.windows():
            edits.append(
                (window, [hunk for hunk in hunks(window, random_target(random_, window)) if random_.random() < 0.6])
            )
        found = list(code(parse_module(spliced(analysed.module, edits))))
        assert judged(analysed.module, edits) == [item for item in found if not transparent(item)]
        assert [item for item in found if transparent(item)] == [
            item for item in code(analysed.module) if transparent(item)
        ]
    assert len(lines) == text.count("\n")


def transparent(item):
    """What a window may hold without knowing: line numbers, and the labels with them that nobody names."""
    return item.startswith((".loc ", ".Ltmp"))


def judged(module, edits):
    """The statements of the module, each window by what `edited` says, without what is transparent."""
    new = {
        window.lines[0]: [item if isinstance(item, str) else print_instruction(item) for item in edited(window, chosen)]
        for window, chosen in edits
    }
    inside = {n for window, _ in edits for n in window.lines}
    statements = []
    for n, line in enumerate(module.lines):
        statements += new.get(n, [])
        if n not in inside:
            statements += code(type(module)((line,)))
    return [item for item in statements if not transparent(item)]


def test_a_hunk_at_the_end_comes_after_the_last_line(unit):
    window = unit[1].windows()[0]
    count = len(instructions(window))
    added = Hunk(count, count, (parse_instruction("mov x1, x2"),))
    assert edited(window, [added]) == (*window.items, *added.lines)
    assert "\tmov\tx1, x2\n" in spliced(unit[1].module, [(window, [added])])
