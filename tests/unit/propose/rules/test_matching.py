"""The index leaves no use out: what it finds is what all rules tried everywhere find, in that order, and cheaply."""

import cProfile
import pstats
import random
import re
import time
from functools import cache
from pathlib import Path
from types import MappingProxyType

import pytest

from peepcc.analysis.obligation import FALL, Effect, Kind, Known, Program, Step
from peepcc.analysis.registers import ALL, NONE, parts, union
from peepcc.analysis.windows import Window
from peepcc.assembly.encode import Encoder
from peepcc.assembly.parse import parse_instruction
from peepcc.assembly.print import print_instruction
from peepcc.lab.example import from_rows, read_rows
from peepcc.lab.rulebook import instances
from peepcc.propose.rules import book as rules
from peepcc.propose.rules.book import BOOK, book_of, packaged, read_rules, templates
from peepcc.propose.rules.engine import rewrite
from peepcc.propose.rules.index import INDEX, written
from peepcc.propose.rules.matching import REACH, matched, uses
from peepcc.propose.rules.shapes import shape
from peepcc.propose.rules.state import Code
from peepcc.propose.rules.table import Table
from peepcc.propose.rules.template import Binding, built, matches

SEED = 20261201
TEMPLATES = [template for rule in read_rules(BOOK) for template in templates(rule)]
MODELS = Path(__file__).parents[3] / "models"


@cache
def recorded(name, count):
    rows = random.Random(SEED).sample(list(read_rows(MODELS / f"{name}.jsonl.gz")), count)
    return [each.window for each in from_rows(rows, Encoder("clang-19"))]


def everywhere(lines):
    """All matches, by trying each template at each line."""
    for n in range(len(lines)):
        for template in TEMPLATES:
            binding = Binding(numbers={"W": template.width})
            if matches(template.pattern[0], lines[n], binding):
                yield from rest(template, lines, (n,), binding)


def rest(template, lines, places, binding):
    if len(places) == len(template.pattern):
        if template.admits(binding.registers, binding.numbers, binding.conditions):
            yield template.rule, template.width, places, binding
        return
    for m in range(places[-1] + 1, min(len(lines), places[0] + REACH)):
        tried = binding.copy()
        if matches(template.pattern[len(places)], lines[m], tried):
            yield from rest(template, lines, (*places, m), tried)


def compared(lines, about):
    lines = tuple(lines)
    fast = [(t.rule, t.width, at, binding) for t, at, binding in matched(lines, tuple(map(shape, lines)), packaged())]
    assert fast == list(everywhere(lines)), f"{about}: {[print_instruction(i) for i in lines]}"
    return len(fast)


def drawn(template, rng):
    """An instance of the pattern: registers, conditions and numbers that the rule admits."""
    for _ in range(300):
        numbers = {name: rng.randint(least, most) for name, (least, most) in template.numbers.items()}
        if instances.many(template):
            few = {name: numbers[name] for name in instances.few(template)}
            numbers = instances.drawn(template, few, rng)
        if numbers is not None and instances.admitted(template, {**numbers, "W": template.width}):
            registers = dict(rng.choice(list(instances.aliases(template))))
            conditions = dict(rng.choice(list(instances.conditions(template))))
            binding = Binding(registers, {**numbers, "W": template.width}, conditions, dict(instances.labels(template)))
            return [built(line, binding) for line in template.pattern], binding
    raise AssertionError(f"no instance of {template.rule}")


@pytest.mark.parametrize("name, least", [("wild", 15), ("train", 40)])
def test_in_recorded_windows_the_index_finds_what_all_rules_tried_everywhere_find(name, least):
    windows = ([step.instruction for step in window.source.steps] for window in recorded(name, 400))
    assert sum(compared(lines, f"seed {SEED}") for lines in windows) >= least


def test_in_random_windows_as_well():
    rng = random.Random(SEED)
    for _ in range(150):
        lines = [line for template in rng.sample(TEMPLATES, 4) for line in drawn(template, rng)[0]]
        rng.shuffle(lines)
        compared(lines[:16], f"seed {SEED}")


def test_no_sequence_of_instructions_is_too_strange():
    """Registers replaced by the zero registers and sp, and more moves of constants, as hand-written code may have."""
    rng = random.Random(SEED)
    for _ in range(400):
        texts = [print_instruction(line) for template in rng.sample(TEMPLATES, 4) for line in drawn(template, rng)[0]]
        more = ("mov x1, xzr", "mov w2, wzr", "mov x3, #4096", "movk x3, #7, lsl #16", "mov x4, sp", "add x5, x3, #8")
        texts += rng.sample(more, 3)
        rng.shuffle(texts)
        odd = [re.sub(r"\b([wx])\d+\b", lambda m: f"{m[1]}zr" if rng.random() < 0.1 else m[0], each) for each in texts]
        odd = [re.sub(r"(?<=\[)x\w+", lambda m: "sp" if rng.random() < 0.3 else m[0], each) for each in odd]
        items = tuple(map(parse_instruction, odd[:16]))
        step = [Step(i, 0, Effect(Kind.PLAIN, ALL, NONE)) for i in items]
        nothing = MappingProxyType({})
        about = (MappingProxyType({FALL: rng.getrandbits(64)}), Known(), nothing, False, nothing)
        rewrite(Window("f", items, (0,) * len(items), Program(tuple(step)), *about), packaged())


def test_every_template_is_found_where_its_pattern_stands():
    rng = random.Random(SEED)
    for template in TEMPLATES:
        lines, _ = drawn(template, rng)
        found = list(matched(lines, [shape(i) for i in lines], packaged()))
        assert any(
            each.rule == template.rule and each.width == template.width and len(at) == len(lines)
            for each, at, _ in found
        ), f"seed {SEED}: {template.rule} in {[print_instruction(i) for i in lines]}"


def test_every_template_is_used_where_nothing_reads_what_it_gives_up():
    rng, unused = random.Random(SEED), []
    for template in TEMPLATES:
        lines, binding = drawn(template, rng)
        kept = union(parts(f"x{binding.registers[name]}") for name in template.results)
        low = union(parts(f"w{binding.registers[name]}") for name in template.low & template.results)
        live = low if template.low else kept
        widths = {binding.registers[name]: width for name, width in template.zero_above.items()}
        live_out = dict.fromkeys(instances.labels(template).values(), NONE) | {FALL: live}
        window = Window(
            "f", tuple(lines), (0,) * len(lines), Program(()), MappingProxyType(live_out),
            Known(zero_extended=MappingProxyType(widths)), MappingProxyType({}), False, MappingProxyType({}),
        )  # fmt: skip
        code = Code(window, {}, Table(), tuple(lines), tuple(map(shape, lines)))
        if template.rule not in [name for name, _ in uses(code, packaged())]:
            unused.append((template.rule, template.width, [print_instruction(i) for i in lines]))
    assert not unused, f"seed {SEED}: {unused[:5]}"


def test_the_index_in_the_package_is_that_of_the_book():
    assert INDEX.read_text() == written(book_of(read_rules(BOOK)).index), "`peeplab rules index` writes it anew"


def test_the_book_is_there_in_twenty_milliseconds():
    def once():
        rules.packaged.cache_clear()
        begun = time.process_time()
        packaged()
        return time.process_time() - begun

    assert min(once() for _ in range(5)) < 0.020


def test_where_no_rule_matches_little_is_done():
    """Counted in function calls of Python, which do not depend on the machine; about 0.15 microseconds each."""
    left = [window for window in recorded("wild", 150) if rewrite(window, packaged()) is None]
    profile = cProfile.Profile()
    profile.enable()
    for window in left:
        rewrite(window, packaged())
    profile.disable()
    calls = pstats.Stats(profile).total_calls / sum(len(window.source.steps) for window in left)
    assert calls < 130, f"seed {SEED}: {calls:.0f} calls an instruction"
