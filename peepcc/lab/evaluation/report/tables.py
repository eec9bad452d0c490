"""The tables of a report as values: a heading, a sentence, column names and rows of text.

Markdown and HTML write the same ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_SHARES = ("BLEU", "share of the teacher's gain")
_KEY = (
    ("syntactic accuracy", "all"),
    ("IO accuracy", "all"),
    ("proved accuracy", "all"),
    ("BLEU", "all"),
    ("exact match", "all"),
    ("exact or better", "improved"),
    ("non-copy validated", "improved"),
    ("share of the teacher's gain", "improved"),
    ("answered unchanged", "unchanged"),
    ("instructions saved", "all"),
    ("tokens a block", "all"),
    ("seconds a block", "all"),
)
_BROKEN = (
    ("exact or better", "improved"),
    ("IO accuracy", "improved"),
    ("non-copy validated", "improved"),
    ("share of the teacher's gain", "improved"),
    ("answered unchanged", "unchanged"),
    ("IO accuracy", "unchanged"),
)
_MARKS = ("harmless", "fatal if accepted", "insidious")


@dataclass(frozen=True, slots=True)
class Table:
    heading: str
    sentence: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def about(told: Mapping) -> Table:
    model, examples = told["model"], told["examples"]
    rows = [
        ("command", told["command"]),
        ("model", ", ".join(f"{name} {value}" for name, value in model.items())),
        ("examples", f"{examples['count']:,} of {examples['of']:,} in {examples['file']}, sha256 {examples['sha256']}"),
        ("mode", f"{told['mode']}, repair {told['repair']}"),
        ("prompts", ", ".join(told["prompts"]) or "none"),
        ("seed", str(told["seed"])),
        ("date", told["date"]),
        ("versions", ", ".join(f"{name} {number}" for name, number in told["versions"].items())),
    ]
    return Table(
        "Evaluation",
        "All intervals are 95%: Wilson's for shares, a seeded bootstrap over blocks for the rest.",
        ("", ""),
        tuple(rows),
    )


def beside(reports: Sequence[Mapping]) -> Table:
    """A row a report."""
    heads = [name if kind == "all" else f"{name} ({kind})" for name, kind in _KEY]
    rows = tuple(
        (title(told), f"{told['examples']['count']:,}", *(_cell(told["figures"], kind, name) for name, kind in _KEY))
        for told in reports
    )
    return Table(
        "Models",
        "Improved: blocks for which the teachers know a better body; unchanged: the others.",
        ("model", "blocks", *heads),
        rows,
    )


def title(told: Mapping) -> str:
    model = told["model"]
    name = f"teacher {model['name']}" if model["kind"] == "teacher" else model["name"]
    return (
        name
        + (f", {told['mode']}" if model.get("language") == "chat" else "")
        + (f", repair {told['repair']}" if told["repair"] else "")
    )


def figures(told: Mapping) -> Table:
    names = list(dict.fromkeys(name for kind in told["figures"].values() for name in kind))
    kinds = tuple(told["figures"])
    rows = tuple((name, *(_cell(told["figures"], kind, name, True) for kind in kinds)) for name in names)
    heads = tuple(f"{kind} ({told['figures'][kind]['IO accuracy']['of']:,})" for kind in kinds)
    return Table("Figures", "docs/evaluation.md says what each means.", ("", *heads), rows)


def tries(told: Mapping) -> Table:
    names = tuple(dict.fromkeys(name for each in told["tries"] for name in each))
    return Table(
        "Tries",
        "Where all blocks stand when so many tries are allowed; asked: blocks whose try of that number was made.",
        names,
        tuple(tuple(f"{each[name]:,}" for name in names) for each in told["tries"]),
    )


def statuses(told: Mapping) -> Table:
    kinds = tuple(told["statuses"])
    names = tuple(dict.fromkeys(name for kind in kinds for name in told["statuses"][kind]))
    return Table(
        "What became of the replies",
        "",
        ("", *kinds),
        tuple((name, *(f"{told['statuses'][kind].get(name, 0):,}" for kind in kinds)) for name in names),
    )


def mistakes(told: Mapping) -> Table:
    rows = tuple(
        (name, f"{each['count']:,}", *(f"{each['marks'].get(mark, 0):,}" for mark in _MARKS))
        for name, each in told["mistakes"].items()
    )
    return Table(
        "Mistakes",
        "Each wrong reply once, by what would mend it. Insidious: differs on fewer than 1 in 1,000 random inputs.",
        ("mistake", "replies", *_MARKS),
        rows,
    )


def breakdowns(told: Mapping) -> Iterator[Table]:
    heads = tuple(f"{name} ({kind})" for name, kind in _BROKEN)
    for by, groups in told["breakdowns"].items():
        rows = tuple(
            (
                name,
                *(f"{kinds[kind]['IO accuracy']['of']:,}" for kind in ("improved", "unchanged")),
                *(_cell(kinds, kind, figure, True) for figure, kind in _BROKEN),
            )
            for name, kinds in groups.items()
        )
        note = (
            "A block counts in each class that occurs in it."
            if by == "opcode class"
            else "Instructions of the window."
            if by == "length"
            else ""
        )
        yield Table(f"By {by}", note, (by, "improved", "unchanged", *heads), rows)


def _cell(kinds: Mapping, kind: str, name: str, interval: bool = False) -> str:
    """A figure as text, empty where it is of nothing."""
    figure = kinds[kind].get(name)
    if not figure or not figure["of"]:
        return ""
    share = (
        name in _SHARES
        or "accuracy" in name
        or "match" in name
        or "better" in name
        or "validated" in name
        or "unchanged" in name
    )
    text = (
        f"{100 * figure['value']:.1f}%"
        if share
        else f"{figure['value']:,.3g}"
        if abs(figure["value"]) < 100
        else f"{figure['value']:,.0f}"
    )
    if interval and "low" in figure:
        ends = (figure["low"], figure["high"])
        text += " (" + " to ".join(f"{100 * each:.1f}" if share else f"{each:.3g}" for each in ends) + ")"
    return text
