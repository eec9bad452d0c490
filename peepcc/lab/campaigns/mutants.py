"""The campaign `mutants`: accepted rewrites of real C, with one mistake each, must be refused where they differ.

A mutant that the gate accepts is run on 100,000 states of another seed; what then differs
is a wrong acceptance, and becomes a claim file. Under the policy "proved" the solver that
did not prove it is asked too. A mutant is counted once, however often its window occurs.
"""

from __future__ import annotations

import hashlib
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ...analysis.obligation import Obligation
from ...analysis.unit_analysis import analyse
from ...analysis.windows import Window
from ...assembly.encode import Encoder
from ...assembly.syntax import Instruction
from ...optimize.edits import edited, hunks
from ...propose.mutator.mistakes import mistaken
from ...propose.protocol import Request
from ...propose.registry import make_backend
from ...propose.request import request_of
from ...settings import read_settings
from ...validate.emulator.differential import emulate
from ...validate.pipeline import PROVED, judge
from ...validate.verdict import Verdict
from ..dataset.compile import compiled
from ..dataset.packages import TEST, TRAINING
from ..dataset.sources import unpacked
from ..proposal import checked, claimed
from ..teachers import taught
from .claim_file import claim, keep
from .cross_check import other_proof
from .runner import Campaign, Item, Options, Record

_CUTS = (16, 6)  # instructions a window
_STATES = 100_000
_REWRITES = 40  # of one file at one level, the back-ends together
_MUTANTS = 12  # of one rewrite
_TEACHERS = "teachers"  # the first back-end of this campaign; the others are peepcc's

Lines = tuple[str, ...]


class Mutant(NamedTuple):
    window: Window
    kind: str
    lines: Lines
    target: tuple[Instruction, ...] | None  # None: not for this window


def items(options: Options) -> Iterator[Item]:
    """Every C file at every level, in random order, then again with other mistakes.

    Fetches what is missing; raises PeepccError.
    """
    files = [
        (home, source)
        for home in options.sources or _packages(options.out.parent / "sources")
        for source in sorted(home.rglob("*.c"))
    ]
    tasks = [(home, source, level) for home, source in files for level in options.levels]
    random.Random(options.seed).shuffle(tasks)
    for turn in range(1000 if tasks else 0):
        for home, source, level in tasks:
            yield Item(f"{home.name}/{source.relative_to(home)} {level} {turn}", (str(home), str(source), level))


def _packages(sources: Path) -> tuple[Path, ...]:
    """The C programs that the model's data sets are made of, each the root of its own headers."""
    for package in (*TRAINING, *TEST):
        unpacked(package, sources)
    return tuple(sources / package.name for package in (*TRAINING, *TEST))


def attacked(item: Item, options: Options) -> Record:
    """All mutants of one file at one level."""
    home, source, level = item.work
    made = compiled(Path(source), level, Path(home), options.clang)
    if made is None:
        return Record({"not compiled": 1})
    encoder = Encoder(options.clang)
    analysed = analyse(*made, encoder)
    windows = {request_of(window): window for cut in _CUTS for window in analysed.windows(cut)}
    asked = sorted(windows, key=lambda request: request.key)
    random.Random(f"{options.seed} {item.key}").shuffle(asked)
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    told: dict[str, tuple[str, ...]] = {}
    for mutant in _of_rewrites(windows, asked, encoder, options, item.key, counts):
        counted: Counter[str] = Counter(("mutants", f"mutants: {mutant.kind}"))
        problem = _attacked(mutant, encoder, options, counted)
        told[_digest(mutant)] = tuple(counted)
        if problem:
            wrong.append(f"{item.key}: {problem}")
    return Record(counts, tuple(wrong), told)


def _digest(mutant: Mutant) -> str:
    """Equal for mutants of equal windows with equal lines."""
    return hashlib.sha256("\n".join((request_of(mutant.window).key, *mutant.lines)).encode()).hexdigest()[:16]


def _of_rewrites(
    windows: dict[Request, Window],
    asked: Sequence[Request],
    encoder: Encoder,
    options: Options,
    name: str,
    counts: Counter[str],
) -> list[Mutant]:
    """Mutants of the rewrites that are accepted, so many of each back-end.

    What clang must encode is encoded together.
    """
    mutants: list[Mutant] = []
    for backend in options.backends:
        parsed = [
            (windows[request], lines, target)
            for request, lines in _proposals(asked, backend, options)
            if lines != _source(request) and (target := checked(windows[request], lines)) is not None
        ]
        encoder.encode_instructions([line for _, _, target in parsed for line in target])
        accepted = 0
        for window, lines, target in parsed:
            obligation = claimed(window, target, encoder)
            if obligation and judge(obligation, options.policy).verdict.accepted:
                accepted += 1
                mutants += _mutants(window, lines, random.Random(f"{options.seed} {name} {lines}"))
            if accepted * len(options.backends) >= _REWRITES:
                break
        counts[f"rewrites accepted: {backend}"] += accepted
    encoder.encode_instructions([line for mutant in mutants for line in mutant.target or ()])
    return mutants


def _proposals(asked: Sequence[Request], backend: str, options: Options) -> Iterator[tuple[Request, Lines]]:
    if backend == _TEACHERS:
        return ((request, taught(request)) for request in asked)
    settings, _ = read_settings([f"--peepcc-backend={backend}"], options.environ)
    by_key = {request.key: request for request in asked}
    replies = make_backend(settings).propose(asked, time.monotonic() + options.budget)
    return ((by_key[reply.key], reply.lines) for reply in replies if reply.lines is not None)


def _source(request: Request) -> Lines:
    return tuple(line for line in request.lines if not line.endswith(":"))


def _mutants(window: Window, lines: Lines, rng: random.Random) -> Iterator[Mutant]:
    seen = {lines, _source(request_of(window))}
    for _ in range(_MUTANTS):
        made = mistaken(lines, rng)
        if made is not None and made[1] not in seen:
            seen.add(made[1])
            yield Mutant(window, *made, checked(window, made[1]))


def _attacked(mutant: Mutant, encoder: Encoder, options: Options, counts: Counter[str]) -> str | None:
    """Where the gate is wrong: a sentence about it."""
    if mutant.target is None:
        counts["refused by the syntax gate"] += 1
        return None
    obligation = claimed(mutant.window, mutant.target, encoder)
    if obligation is None:
        counts["does not assemble"] += 1
        return None
    judgement = judge(obligation, options.policy)
    counts[judgement.verdict.value] += 1
    if not judgement.verdict.accepted:
        return None
    counts[f"accepted: {mutant.kind}"] += 1
    shown = emulate(obligation, states=_STATES, seed=random.Random(f"{options.seed} {mutant.lines}").getrandbits(63))
    counts[f"on {_STATES:,} states: {shown.verdict.value}"] += 1
    if shown.verdict is Verdict.REFUTED:
        return _wrong(mutant, obligation, f"the emulator shows it on {_STATES:,} states", shown.counterexample, options)
    if options.policy == PROVED:
        answer = other_proof(obligation, judgement)
        counts[f"the other solver: {answer}"] += 1
        if answer == "differs":
            return _wrong(mutant, obligation, "the other solver says that they differ", None, options)
    return None


def _wrong(mutant: Mutant, obligation: Obligation, why: str, shown, options: Options) -> str:
    after = edited(mutant.window, hunks(mutant.window, mutant.target))
    path = keep(claim(mutant.window.items, after, obligation, f"{mutant.kind}: {why}", shown), options.out / "wrong")
    return f"a mutant ({mutant.kind}) was accepted, {why}: {path.name}"


campaign = Campaign(
    "mutants",
    "mutants",
    100_000,
    items,
    attacked,
    backends=(_TEACHERS, "embedded"),
    libraries=("unicorn", "capstone", "llvmlite", "pyvex", "bitwuzla", "z3-solver", "pypcode"),
)
