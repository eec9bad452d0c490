"""The report as one HTML page that needs nothing else: tables, plots as inline SVG, no scripts.

All text that a model wrote is escaped: it is shown, never interpreted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from . import tables
from .plots import Bar, bars, stacked
from .tables import Table

_STYLE = """body{font:15px/1.45 sans-serif;margin:2em auto;max-width:75em;padding:0 1em;color:#222}
table{border-collapse:collapse;margin:1em 0}
td,th{border-bottom:1px solid #ccc;padding:.25em .7em;text-align:right;vertical-align:top}
td:first-child,th:first-child{text-align:left}
.about td{text-align:left;overflow-wrap:anywhere}
pre{background:#f4f4f4;padding:.6em;overflow-x:auto}
.wide{overflow-x:auto}
svg{display:block;margin:1.2em 0}
.pair{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:1em}"""
_MARKS = ("harmless", "fatal if accepted", "insidious")
_PLOTS = (("exact or better", "improved"), ("IO accuracy", "improved"), ("answered unchanged", "unchanged"))


def page(told: Mapping, others: Sequence[Mapping] = ()) -> str:
    """The whole page."""
    parts = [
        _table(tables.about(told), "about"),
        _table(tables.beside([told, *others])),
        _table(tables.figures(told)),
        *_overview(told),
        _table(tables.tries(told)),
        _table(tables.statuses(told)),
        _table(tables.mistakes(told)),
        _mistakes(told),
    ]
    for by, table in zip(told["breakdowns"], tables.breakdowns(told)):
        parts += [_table(table), *_plots(told["breakdowns"][by], by)]
    parts += _samples(told)
    title = escape(f"Evaluation of {told['model']['name']}")
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta '
        f'charset="utf-8"><title>{title}</title><style>{_STYLE}</style></head>\n'
        f"<body><h1>{title}</h1>\n{''.join(filter(None, parts))}</body></html>\n"
    )


def _table(table: Table, kind: str = "") -> str:
    if not table.rows:
        return ""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in table.columns)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>\n" for row in table.rows)
    sentence = f"<p>{escape(table.sentence)}</p>" if table.sentence else ""
    return (
        f'<h2>{escape(table.heading)}</h2>{sentence}<div class="wide"><table '
        f'class="{kind}"><tr>{head}</tr>\n{body}</table></div>\n'
    )


def _overview(told: Mapping) -> Iterator[str]:
    for kind, found in told["figures"].items():
        shown = [
            _bar(name, each)
            for name, each in found.items()
            if "low" in each and each["of"] and not name.endswith("a block")
        ]
        if shown:
            yield bars(f"{kind} blocks", shown)


def _plots(groups: Mapping, by: str) -> Iterator[str]:
    for name, kind in _PLOTS:
        shown = [
            _bar(group, kinds[kind][name]) for group, kinds in groups.items() if kinds[kind].get(name, {}).get("of")
        ]
        if len(shown) > 1:
            yield bars(f"{name} by {by}, {kind} blocks", shown)


def _bar(label: str, figure: Mapping) -> Bar:
    return Bar(label, figure["value"], figure["low"], figure["high"], figure["of"])


def _mistakes(told: Mapping) -> str:
    return (
        stacked("mistakes and marks", {name: each["marks"] for name, each in told["mistakes"].items()}, _MARKS)
        if told["mistakes"]
        else ""
    )


def _samples(told: Mapping) -> Iterator[str]:
    if told["mistakes"]:
        yield "<h2>Some wrong replies</h2>"
    for name, each in told["mistakes"].items():
        for sample in each["samples"]:
            reply = sample["reply"] if isinstance(sample["reply"], str) else "\n".join(sample["reply"])
            texts = ("\n".join([*sample["window"], "", *sample["facts"]]), reply, sample["told"])
            heading = f"{name}: example {sample['example']}, {sample['level']}, {sample['mark']}"
            yield f"<h3>{escape(heading)}</h3>"
            yield '<div class="pair">' + "".join(f"<pre>{escape(text)}</pre>" for text in texts) + "</div>\n"
