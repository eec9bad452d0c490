"""Makes the list of forms: runs each instruction in the emulator and on terms, and compares.

    python -m peepcc.lab.forms.survey clang-19 peepcc/validate/prover/forms.json more.tsv

Takes the examples of a list that was made before, and of text files the last tab-separated
field of each line; ten minutes for 4,000 instructions. A form is on the list if every
instruction of that form that was tried agrees on every state: all registers, flags, memory
and the way out. Tried are the instructions given, and some of `variants`. Uninterpreted functions get their
meaning from `float_semantics` and `crypto_semantics`. Not part of the compiler's way.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from random import Random
from types import MappingProxyType

import numpy as np

from ...analysis.encoded import program
from ...analysis.obligation import INDIRECT, RETURN, Known, Obligation, Program
from ...assembly.encode import Encoder
from ...assembly.parse import Unreadable, parse_instruction
from ...assembly.print import print_instruction
from ...assembly.syntax import Instruction
from ...validate.emulator.access_log import valid
from ...validate.emulator.harness import exits, harness
from ...validate.emulator.inputs.draw import draw, recipe, spans
from ...validate.emulator.inputs.relocate import repair
from ...validate.emulator.inputs.value_pools import pools
from ...validate.emulator.layout import FAR, RECORDS, Layout, Unsupported, layout, window_size
from ...validate.emulator.machine import HEAD, Machine, NotRun
from ...validate.emulator.solve.address_origins import origins
from ...validate.prover.form_allowlist import LIBRARIES, LIST, form
from ...validate.prover.symbolic.entry import entry
from ...validate.prover.symbolic.paths import Path as Way
from ...validate.prover.symbolic.paths import paths
from ...validate.prover.terms.term import Evaluator, Unproved
from . import crypto_semantics, float_semantics
from .variants import variants

STATES = 2000
SEED = 20261124
_ROUND = 512
_ROUNDINGS = (0, 0x400000, 0x800000, 0xC00000)  # FPCR: nearest, up, down, zero
NO_CODE = "does not assemble"
_REPAIRS = 5
_VARIANTS = 6  # of a form, on one round of states each
_TRIES = 60  # for so many


@dataclass(frozen=True, slots=True)
class Outcome:
    """`wrong` says how an instruction differs, or why it cannot be compared (`untried`).

    Empty where it agrees on `states` states.
    """

    instruction: Instruction
    states: int
    wrong: str
    untried: bool = False


def survey(
    instructions: Iterable[Instruction], encoder: Encoder, states: int = STATES, seed: int = SEED
) -> tuple[Outcome, ...]:
    """One outcome an instruction."""
    machine = Machine()
    instructions = tuple(instructions)
    encoder.encode_instructions(instructions)
    return tuple(_surveyed(machine, each, encoder, states, seed) for each in instructions)


def _surveyed(machine: Machine, instruction: Instruction, encoder: Encoder, states: int, seed: int) -> Outcome:
    found = program([instruction], encoder)
    if found is None:
        return Outcome(instruction, 0, NO_CODE, untried=True)
    try:
        start = entry(Known(), {}, havoc=False)
        ways = paths(start, found, listed=False)
    except Unproved as error:
        return Outcome(instruction, 0, error.reason, untried=True)
    run = 0
    rng = np.random.default_rng([seed, found.steps[0].word])
    try:
        trial = _Trial(machine, found, rng)
        while run < states:
            count, wrong = trial.compare(start, ways)
            if wrong or not count:
                return Outcome(instruction, run, wrong or "too few states are valid", untried=not count)
            run += count
    except Unsupported as error:
        return Outcome(instruction, run, error.reason, untried=True)
    except KeyError as error:
        return Outcome(instruction, run, f"no meaning for {error.args[0]}")
    return Outcome(instruction, run, "")


class _Trial:
    """One instruction on many states."""

    def __init__(self, machine: Machine, found: Program, rng: np.random.Generator):
        obligation = Obligation(found, Program((), MappingProxyType({})), {})
        size = window_size(spans(obligation)) if found.steps[0].effect.accesses else 0
        self.layout: Layout = layout(obligation, size)
        self._machine, self._rng = machine, rng
        self._recipe = recipe(obligation, self.layout, pools(rng, (found,), size))
        self._keys = exits(found, {})
        numbers = {key: n for n, key in enumerate(self._keys, 1)}
        self._code = harness(found, self.layout.source, self.layout, numbers, {}, HEAD)
        self._traced = origins(found)
        self._turn = self._rounding = 0

    def compare(self, start, ways: tuple[Way, ...]) -> tuple[int, str]:
        """How many states were compared, and how the first that differs does."""
        layout = self.layout
        count = min(self._machine.capacity(layout.stride), _ROUND)
        self._rounding = _ROUNDINGS[self._turn % len(_ROUNDINGS)] if layout.vectors else 0
        self._turn += 1
        records = self._machine.records(count, layout.stride)
        bases = RECORDS + np.arange(count, dtype=np.uint64) * np.uint64(layout.stride)
        draw(self._rng, self._recipe, records, bases)
        memory = records[:, layout.window].copy()
        self._emulate(np.arange(count))
        for _ in range(_REPAIRS if layout.size else 0):
            bad = np.flatnonzero(~self._valid(records, bases))
            if not len(bad):
                break
            mended = records[bad]
            mended[:, layout.window] = memory[bad]
            repair(self._rng, self._recipe, mended, bases[bad], self._traced)
            records[bad], memory[bad] = mended, mended[:, layout.window]
            self._emulate(bad)
        good = np.flatnonzero(self._valid(records, bases))
        if len(good) < count // 16:
            return 0, ""
        shown = _Shown(layout, start, ways, self._keys, self._rounding)
        for row in good:
            wrong = shown.wrong(records[row], int(bases[row]), memory[row])
            if wrong:
                return len(good), wrong
        return len(good), ""

    def _valid(self, records: np.ndarray, bases: np.ndarray) -> np.ndarray:
        return valid(records, bases, self.layout.source, self.layout.source_sites, self.layout.size)

    def _emulate(self, rows: np.ndarray) -> None:
        layout = self.layout
        try:
            self._machine.run(self._code, 0, rows, layout.stride, layout.next, self._rounding, False)
        except NotRun:
            self._machine.run(self._code, 0, rows, layout.stride, layout.next, self._rounding, True)


def interpret(name: str, args: tuple[int, ...], width: int) -> int:
    """The value of an uninterpreted function. Raises KeyError for one that is not known."""
    try:
        return crypto_semantics.interpret(name, args, width)
    except KeyError:
        return float_semantics.interpret(name, args, width)


class _Shown:
    """What the terms say of one record, against what the record says."""

    def __init__(self, layout: Layout, start, ways: tuple[Way, ...], keys: Sequence[str], mode: int):
        self._layout, self._ways, self._keys, self._mode = layout, ways, keys, mode
        terms = start.terms
        self._general = [at // 8 for at in layout.source.general.values()]
        self._vectors = [at // 8 for at in layout.source.vectors.values()]
        self._scalars = [(f"x{n}", at // 8) for n, at in layout.general.items()]
        self._quads = [(f"q{n}", at // 8) for n, at in layout.vectors.items()]
        self._conditions = [Evaluator(way.conditions) if way.conditions else None for way in ways]
        self._outputs = []
        for way in ways:
            state = way.state
            roots = [state.registers[f"x{n}"] for n in layout.source.general] + [
                state.registers[f"q{n}"] for n in layout.source.vectors
            ]
            roots += [state.registers["sp"], terms.concat(state.flags.bits), state.memory, way.goal or terms.false]
            self._outputs.append(Evaluator(roots))

    def wrong(self, record: np.ndarray, base: int, memory: np.ndarray) -> str:
        layout, words = self._layout, record.tolist()
        inputs = self._inputs(words)
        before = memory.tobytes()

        def byte(address: int) -> int:
            place = address - base & ~FAR
            return before[place] if 0 <= place < len(before) else 0

        taken = [n for n, each in enumerate(self._conditions) if each is None or all(each(inputs, byte, interpret))]
        if len(taken) != 1:
            return f"{len(taken)} ways are taken"
        way = self._ways[taken[0]]
        if self._keys[words[layout.source.exit // 8] - 1] != way.exit:
            return "another way out"
        *values, stack, flags, written, goal = self._outputs[taken[0]](inputs, byte, interpret)
        expected = [words[at] for at in self._general] + [words[at] | words[at + 1] << 64 for at in self._vectors]
        if values != expected:
            return self._first(values, expected)
        if layout.source.stack is not None and stack != words[layout.source.stack // 8]:
            return "sp"
        if layout.source.flags is not None and flags != words[layout.source.flags // 8] >> 28:
            return f"nzcv: terms {flags:#x}, emulator {words[layout.source.flags // 8] >> 28:#x}"
        if way.exit in (RETURN, INDIRECT) and goal != words[layout.source.branch // 8]:
            return "branch target"
        after = bytearray(before)
        for address, value in written.items():
            after[address - base & ~FAR] = value
        return "memory" if bytes(after) != record[layout.window].tobytes() else ""

    def _first(self, values: list[int], expected: list[int]) -> str:
        names = [*(f"x{n}" for n in self._layout.source.general), *(f"q{n}" for n in self._layout.source.vectors)]
        return next(
            f"{name}: terms {mine:#x}, emulator {theirs:#x}"
            for name, mine, theirs in zip(names, values, expected)
            if mine != theirs
        )

    def _inputs(self, words: list[int]) -> dict[str, int]:
        layout = self._layout
        inputs = {name: words[at] for name, at in self._scalars}
        inputs |= {name: words[at] | words[at + 1] << 64 for name, at in self._quads}
        inputs |= {"fpcr": self._mode, "qcflag": 0}
        inputs["sp"] = words[layout.stack // 8] if layout.stack is not None else 0
        flags = words[layout.flags // 8] >> 28 if layout.flags is not None else 0
        return inputs | {name: flags >> bit & 1 for bit, name in ((3, "n"), (2, "z"), (1, "c"), (0, "v"))}


def drawn(outcomes: Iterable[Outcome], encoder: Encoder) -> tuple[Instruction, ...]:
    """Other instructions of the forms that agree so far, so many of each; the same for the same outcomes."""
    examples: dict[str, Instruction] = {}
    for outcome in outcomes:
        if not outcome.wrong:
            examples.setdefault(form(outcome.instruction), outcome.instruction)
    tries = {
        each: tuple(dict.fromkeys(islice(variants(each, Random(f"{SEED} {key}")), _TRIES)))
        for key, each in examples.items()
    }
    encoder.encode_instructions([each for some in tries.values() for each in some])
    found: list[Instruction] = []
    for example, some in tries.items():
        kind = program([example], encoder).steps[0].effect.kind
        made = (
            each
            for each in some
            if each != example and (code := program([each], encoder)) and code.steps[0].effect.kind is kind
        )
        found += islice(made, _VARIANTS)
    return tuple(found)


def listed(outcomes: Iterable[Outcome], others: Iterable[Outcome] = ()) -> dict:
    """What `forms.json` holds.

    `others`: of variants; one that differs keeps its form off, one that cannot be tried says nothing.
    """
    by_form: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.wrong != NO_CODE:
            by_form.setdefault(form(outcome.instruction), []).append(outcome)
    wrong = {key: next((each.wrong for each in found if each.wrong), "") for key, found in by_form.items()}
    examples = {key: [each.instruction for each in found] for key, found in by_form.items()}
    for other in others:
        if other.wrong and not other.untried:
            key = form(other.instruction)
            wrong[key] = wrong[key] or f"{print_instruction(other.instruction)}: {other.wrong}"
            examples[key].append(other.instruction)
    texts = {key: [print_instruction(each) for each in found] for key, found in sorted(examples.items())}
    return {
        "versions": {name: version(name) for name in (*LIBRARIES, "unicorn")},
        "states": STATES,
        "seed": SEED,
        "tested": {key: found for key, found in texts.items() if not wrong[key]},
        "refused": {key: {"why": wrong[key], "examples": found} for key, found in texts.items() if wrong[key]},
    }


def read_instructions(lines: Iterable[str]) -> tuple[Instruction, ...]:
    """Distinct ones, in order; `.+0x40` becomes a label; what does not parse is left out."""
    found: dict[Instruction, None] = {}
    for line in lines:
        text = line.rstrip("\n").split("\t")[-1]
        head, _, last = text.rpartition(" ")
        try:
            found[parse_instruction(f"{head} .Lout" if last.startswith((".+", ".-")) else text)] = None
        except Unreadable:
            continue
    return tuple(found)


def _lines(path: Path) -> list[str]:
    if path.suffix != ".json":
        return path.read_text().splitlines()
    data = json.loads(path.read_text())
    found = (*data["tested"].values(), *(each["examples"] for each in data["refused"].values()))
    return [text for examples in found for text in examples]


def main(argv: Sequence[str]) -> None:
    """Writes the list beside this file, and how long it is to stderr."""
    clang, *files = argv
    encoder = Encoder(clang, ("-march=armv8.5-a+fp16+dotprod+rcpc+aes+sha3+sm4+i8mm+bf16",))
    outcomes = survey(read_instructions(line for name in files for line in _lines(Path(name))), encoder)
    data = listed(outcomes, survey(drawn(outcomes, encoder), encoder, states=_ROUND // 2))
    LIST.write_text(json.dumps(data, indent=1) + "\n")
    print(f"{len(data['tested'])} forms tested, {len(data['refused'])} refused", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
