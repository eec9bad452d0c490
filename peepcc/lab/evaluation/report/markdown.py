"""The report in Markdown: tables for people, and some wrong replies of each kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from . import tables
from .tables import Table


def markdown(told: Mapping, others: Sequence[Mapping] = (), short: bool = False) -> str:
    """`short`: the models' row and the mistakes only."""
    chosen = [tables.about(told), tables.beside([told, *others])]
    if not short:
        chosen += [tables.figures(told), tables.tries(told), tables.statuses(told)]
    chosen += [tables.mistakes(told)]
    if not short:
        chosen += tables.breakdowns(told)
    return "\n".join(map(table, chosen)) + ("" if short else "\n".join(_samples(told)))


def table(told: Table) -> str:
    if not told.rows:
        return ""
    lines = [
        f"## {told.heading}",
        "",
        *([told.sentence, ""] if told.sentence else []),
        _line(told.columns),
        "|---|" + "--:|" * (len(told.columns) - 1),
    ]
    return "\n".join([*lines, *map(_line, told.rows)]) + "\n"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _samples(told: Mapping) -> Iterator[str]:
    if told["mistakes"]:
        yield "\n## Some wrong replies\n"
    for name, each in told["mistakes"].items():
        for sample in each["samples"]:
            reply = sample["reply"] if isinstance(sample["reply"], str) else "\n".join(sample["reply"])
            yield f"### {name}: example {sample['example']}, {sample['level']}, {sample['mark']}\n"
            yield (
                _fenced("\n".join(sample["window"])) + f"\n{' '.join(sample['facts'])} The reply:\n\n" + _fenced(reply)
            )
            yield "\n" + _fenced(sample["told"]) + "\n"


def _fenced(text: str) -> str:
    """A block that the text cannot end."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}\n{text}\n{fence}\n"
