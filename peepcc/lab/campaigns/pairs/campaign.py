"""The campaign `pairs`: right pairs from templates, and next to each the wrong ones that a stated mistake makes of it.

No wrong one may be accepted. That each is wrong is shown first by an input, run on a machine of this campaign's own; a
right one is right by the definition or identity that its template names, and is run there too. A right one that is not
accepted is counted by cause. A pair counts once, whatever its registers are called.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Sequence
from importlib import import_module
from random import Random
from types import MappingProxyType

from ....analysis.encoded import program
from ....analysis.obligation import FALL, INDIRECT, RETURN, Known, Obligation
from ....analysis.registers import Parts
from ....assembly.encode import Encoder
from ....assembly.syntax import Instruction
from ....validate.pipeline import judge
from ....validate.verdict import Judgement, Verdict
from ...verify import FEATURES, live_parts
from ..claim_file import claim, keep
from ..runner import Campaign, Item, Options, Record
from .shown import difference
from .shown import items as read
from .template import Pair, Template, facts, instances, pairs

_FOLDERS = {
    "integers": ("arithmetic", "logic", "known", "bits", "extensions", "products", "wide"),
    "conditions": ("flags", "comparisons", "select", "extremes", "control"),
    "accesses": ("memory", "merged", "addresses", "order"),
    "floating_point": ("floats", "nans", "ieee"),
    "vectors": ("lanes", "lane_orders"),
}
FAMILIES = {family: folder for folder, families in _FOLDERS.items() for family in families}
_INSTANCES = 8  # of a template
_TRIES = 20_000  # states, to show that a wrong pair differs
_CHECKS = 128  # states on which a right pair must not
_LABEL = re.compile(r"\.L\w+")


def templates(family: str) -> tuple[Template, ...]:
    return import_module(f".templates.{FAMILIES[family]}.{family}", __package__).TEMPLATES


def items(options: Options) -> Iterator[Item]:
    """Each item: one instance of each template of a family."""
    tasks = [(family, turn) for turn in range(_INSTANCES) for family in FAMILIES]
    Random(options.seed).shuffle(tasks)
    return (Item(f"{family} {turn}", (family, turn)) for family, turn in tasks)


def attacked(item: Item, options: Options) -> Record:
    """All pairs of an item; each with its verdict, reason and time is written to the folder `judged` of the results."""
    family, turn = item.work
    drawn = [pair for template in templates(family) for pair in _of(template, turn, options.seed)]
    encoder = Encoder(options.clang, FEATURES)
    encoder.encode_instructions(
        [line for pair in drawn for line in (*read(pair.source), *read(pair.target)) if isinstance(line, Instruction)]
    )
    counts = {"templates": len(templates(family))} if turn == 0 else {}
    wrong, told, records = [], {}, []
    for pair in drawn:
        problem, counted, record = _attacked(pair, family, encoder, options)
        told.setdefault(pair.digest, counted)
        records.append(record)
        if problem:
            wrong.append(f"{item.key}: {problem}")
    _write(records, item, options)
    return Record(counts, tuple(wrong), told)


def _of(template: Template, turn: int, seed: int) -> Sequence[Pair]:
    """The pairs of the instance of this turn; none where the template has not so many."""
    choices = instances(template, _INSTANCES, seed)
    return (
        tuple(pairs(template, choices[turn], Random(f"{seed} {template.name} {turn}"))) if turn < len(choices) else ()
    )


def _attacked(
    pair: Pair, family: str, encoder: Encoder, options: Options
) -> tuple[str | None, tuple[str, ...], dict[str, object]]:
    """(what must not be, the names that the pair counts for, its record)."""
    shown = difference(pair, _TRIES if pair.mistake else _CHECKS, Random(f"{options.seed} {pair.digest}"))
    claimed = obligation(pair, encoder)
    started = time.monotonic()
    judgement = judge(claimed, options.policy)
    seconds = time.monotonic() - started
    kind = "wrong pairs" if pair.mistake else "right pairs"
    counted = [kind, f"{kind}: {judgement.verdict.value}", f"{kind} of {family}"]
    if not pair.mistake and not judgement.verdict.accepted:
        counted.append(f"right, not accepted: {cause(judgement)} ({pair.template})")
    record = {
        "template": pair.template,
        "mistake": pair.mistake,
        "source": pair.source,
        "target": pair.target,
        "live": pair.live,
        "known": pair.known,
        "ordered": pair.ordered,
        "shown": shown,
        "verdict": judgement.verdict.value,
        "reason": judgement.reason,
        "seconds": round(seconds, 3),
    }
    return _problem(pair, shown, claimed, judgement, options), tuple(counted), record


def _problem(pair: Pair, shown: str | None, claimed: Obligation, judgement: Judgement, options: Options) -> str | None:
    about = f"{pair.template}{f' ({pair.mistake})' if pair.mistake else ''}: {'; '.join(pair.source)} => "
    f"{'; '.join(pair.target)}"
    if not pair.mistake:
        if shown is not None:
            return f"a right pair differs, {shown}: {about}"
        return (
            f"a right pair was refuted, {judgement.counterexample}: {about}"
            if judgement.verdict is Verdict.REFUTED
            else None
        )
    if shown is None:
        return f"no input shows that a wrong pair differs: {about}"
    if not judgement.verdict.accepted:
        return None
    text = claim(read(pair.source), read(pair.target), claimed, f"{pair.mistake}: {shown}", None)
    return f"a wrong pair was accepted, {shown}: {about}; {keep(text, options.out / 'wrong').name}"


def obligation(pair: Pair, encoder: Encoder) -> Obligation:
    """The claim that the judge gets. Raises ValueError where a line does not assemble."""
    source, target = (program(read(lines), encoder) for lines in (pair.source, pair.target))
    if source is None or target is None:
        raise ValueError(f"{pair.template}: does not assemble: {pair.source} => {pair.target}")
    held = facts(pair.known)
    known = Known(
        MappingProxyType(dict(held.constants)),
        MappingProxyType(dict(held.zero_extended)),
        MappingProxyType(dict(held.sign_extended)),
        held.equal,
    )
    return Obligation(source, target, _live(pair), known, ordered=pair.ordered)


def _live(pair: Pair) -> dict[str, Parts]:
    """Live parts at each exit; without a key a list holds for all that have none."""
    found: dict[str, Parts] = {}
    for part in pair.live.split(";"):
        key, colon, names = part.rpartition(":")
        parts = live_parts((names,)) if names.strip() else 0
        keys = (
            (key.strip(),)
            if colon
            else (FALL, RETURN, INDIRECT, *_LABEL.findall(" ".join((*pair.source, *pair.target))))
        )
        found |= dict.fromkeys(keys, parts)
    return found


def cause(judgement: Judgement) -> str:
    """The reason without what is of this pair alone."""
    return re.sub(r"0x[0-9a-f]+|\d+", "N", judgement.reason.partition(": ")[0])[:100]


def _write(records: Sequence[dict[str, object]], item: Item, options: Options) -> None:
    folder = options.out / "judged"
    folder.mkdir(exist_ok=True)
    (folder / f"{item.key.replace(' ', '-')}.jsonl").write_text("".join(json.dumps(each) + "\n" for each in records))


campaign = Campaign(
    "pairs",
    "wrong pairs",
    10_000,
    items,
    attacked,
    backends=("none",),
    libraries=("unicorn", "capstone", "pyvex", "bitwuzla", "z3-solver", "pypcode"),
)
