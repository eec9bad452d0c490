"""The general proof of a rule: every alias pattern, width, choice and condition, and every value of its immediates.

Immediates of few values are tried one by one with the prover as it judges a rewrite; the others are symbols
(`symbolic`), whose code is checked with further encodings. Instances are emulated as well. One failure, or one thing
that is not understood, and the rule is not proved.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...analysis.encoded import steps
from ...assembly.encode import Encoder
from ...assembly.print import print_instruction
from ...propose.rules.book import Template, templates
from ...propose.rules.expression import compiled
from ...propose.rules.template import Binding, Line, built
from ...validate.emulator.differential import emulate
from ...validate.prover.equivalence import prove
from ...validate.prover.lift.corrections import lifted
from ...validate.prover.symbolic.entry import entry
from ...validate.prover.symbolic.paths import paths
from ...validate.prover.terms.term import Unproved
from ...validate.verdict import Verdict
from . import instances, symbolic

_SECONDS = 20.0
_LIFTED = 12  # values that the code with symbols is made from
_CHECKED = 1000  # values that it is made from and checked with for the first of the alias patterns
_EMULATED = 3


@dataclass(frozen=True, slots=True)
class Proof:
    """`failure`: why the rule is not proved, with an instance; None where it is.

    `instances`: how many were proved, those that differ in what is a symbol as one. `emulated`: how many were run.
    """

    rule: str
    failure: str | None
    instances: int
    emulated: int


def proved(rule: Mapping[str, object], encoder: Encoder, seed: int = 0) -> Proof:
    """The proof of a rule, a line of the book. Raises Malformed for what is no rule."""
    name, count, emulated = str(rule["id"]), 0, 0
    for template in templates(rule):
        rng = random.Random(f"{seed} {name} {template.width}")
        before = count
        try:
            for failure in _failures(template, encoder, rng):
                if failure:
                    return Proof(name, f"{template.width} bits: {failure}", count, emulated)
                count += 1
            failure = _emulated(template, encoder, rng) if count > before else "no instance"
        except Unproved as error:
            failure = error.reason
        if failure:
            return Proof(name, f"{template.width} bits: {failure}", count, emulated)
        emulated += _EMULATED
    return Proof(name, None, count, emulated)


def _failures(template: Template, encoder: Encoder, rng: random.Random) -> Iterator[str | None]:
    """One entry for each thing to prove, None where it is proved."""
    bindings = list(_bindings(template))
    if instances.many(template):
        for n, binding in enumerate(bindings):
            yield _for_all(template, binding, encoder, rng, _LIFTED if n else _CHECKED)
        return
    found = [instances.instance(template, binding) for binding in bindings]
    encoder.encode_instructions([i for each in found for i in (*each.source, *each.target)])
    for each in found:
        obligation = each.obligation(encoder)
        if obligation is None:
            yield f"does not assemble: {_shown(each)}"
            return
        judgement = prove(obligation, seconds=_SECONDS)
        yield None if judgement.verdict is Verdict.ACCEPTED_PROVED else f"{judgement.reason}: {_shown(each)}"


def _bindings(template: Template) -> Iterator[Binding]:
    """With all values of the immediates that have few."""
    for small in instances.values(template, instances.few(template)):
        numbers = {**small, "W": template.width}
        if not instances.many(template) and not instances.admitted(template, numbers):
            continue
        for registers in instances.aliases(template):
            for chosen in instances.conditions(template):
                yield Binding(dict(registers), dict(numbers), dict(chosen), dict(instances.labels(template)))


def _for_all(template: Template, binding: Binding, encoder: Encoder, rng: random.Random, count: int) -> str | None:
    """Why the rule does not hold for all values of the immediates that are many.

    The code is made from `count` of them.
    """
    samples = []
    for _ in range(count):
        numbers = instances.drawn(template, binding.numbers, rng)
        if numbers is None:
            return "no values that the rule admits were found"
        samples.append(Binding(binding.registers, dict(numbers), binding.conditions, binding.labels))
    first = instances.instance(template, samples[0])
    read = [symbolic.Varying(step, lifted(step.word), "") for step in steps(first.readers(), encoder) if step]
    sides = [[*_varying(lines, samples, encoder), *read] for lines in (template.pattern, template.replacement)]
    obligation = first.obligation(encoder)
    if obligation is None:
        return f"does not assemble: {_shown(first)}"
    for program in (obligation.source, obligation.target):  # raises for what both lifters, or the list of forms, refuse
        paths(entry(obligation.known, obligation.aliases, False), program)
    limits = {name: template.numbers[name] for name in instances.many(template)}
    reason = symbolic.differing(obligation, (sides[0], sides[1]), binding.numbers, limits, template.told, _SECONDS)
    return f"{reason}: {_shown(first)}" if reason else None


def _varying(lines: Sequence[Line], samples: Sequence[Binding], encoder: Encoder) -> list[symbolic.Varying]:
    """Raises Unproved."""
    found = []
    for line in lines:
        made = [built(line, sample) for sample in samples]
        encoded = steps(made, encoder)
        if None in encoded:
            raise Unproved(f"does not assemble: {print_instruction(made[encoded.index(None)])}")
        numbers = [each.number for slot in line.slots for each in (slot, *slot.inner) if each.number is not None]
        numbers += [slot.amount for slot in line.slots if slot.amount is not None]
        texts = {number.name or number.text for number in numbers}
        texts = {text for text in texts if len({compiled(text)(sample.numbers) for sample in samples}) > 1}
        if len(texts) > 1:
            raise Unproved("two immediates that vary in one instruction")
        text = next(iter(texts), "")
        values = [compiled(text)(sample.numbers) if text else n for n, sample in enumerate(samples)]
        found.append(symbolic.unified([step for step in encoded if step is not None], values, text))
    return found


def _emulated(template: Template, encoder: Encoder, rng: random.Random) -> str | None:
    """Whether the emulator refutes one of a few instances, drawn at random."""
    every = list(instances.aliases(template))
    chosen = list(instances.conditions(template))
    for _ in range(_EMULATED):
        numbers = _some(template, rng)
        if numbers is None:
            return None
        found = Binding(
            dict(rng.choice(every)), dict(numbers), dict(rng.choice(chosen)), dict(instances.labels(template))
        )
        one = instances.instance(template, found)
        obligation = one.obligation(encoder)
        if obligation is None:
            return f"does not assemble: {_shown(one)}"
        judgement = emulate(obligation)
        if judgement is not None and judgement.verdict is Verdict.REFUTED:
            return f"the emulator refutes {_shown(one)}"
    return None


def _some(template: Template, rng: random.Random) -> Mapping[str, int] | None:
    for _ in range(2000):
        small = {name: rng.randint(*template.numbers[name]) for name in instances.few(template)}
        found = instances.drawn(template, small, rng) if instances.many(template) else {**small, "W": template.width}
        if found is not None and instances.admitted(template, found):
            return found
    return None


def _shown(each: instances.Instance) -> str:
    sides = ("; ".join(map(print_instruction, side)) for side in (each.source, each.target))
    return " => ".join(sides)
