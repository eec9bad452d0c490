"""A part of a window as a window of its own, made from nothing but the window.

What is said of it holds of the code as it is, as in every window (`windows.py`).
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from .dataflow.known_values import carried
from .obligation import FALL, Known, Program, exit_key
from .registers import NONE, Parts
from .window_liveness import live, live_at, ways
from .windows import Window


def part(window: Window, first: int, last: int) -> Window:
    """Instructions first..last-1 of the window (counted without labels) and the labels between them."""
    places = [place for place, item in enumerate(window.items) if not isinstance(item, str)]
    inside = slice(places[first], places[last - 1] + 1)
    items, lines = window.items[inside], window.lines[inside]
    labels = {item: window.source.labels[item] - first for item in items if isinstance(item, str)}
    live_out, aliases = _ways_out(window, first, last)
    away = dict.fromkeys(window.source.labels, window.lines[-1] - window.lines[0] if window.lines else 0) | dict(
        window.distance
    )
    distance = {label: away[label] for label in (*live_out, *aliases) if label in away}
    return replace(
        window,
        items=items,
        lines=lines,
        source=Program(window.source.steps[first:last], MappingProxyType(labels)),
        live_out=MappingProxyType(live_out),
        known=_known(window, first),
        aliases=MappingProxyType(aliases),
        distance=MappingProxyType(distance),
    )


def _ways_out(window: Window, first: int, last: int) -> tuple[dict[str, Parts], dict[str, str]]:
    """(live-outs, aliases) of the part; a place that several labels name is a way out under the first of them."""
    source, inside = window.source, live(window.source, window.live_out, window.aliases)

    end = FALL if last == len(source.steps) else last
    live_out, aliases = (
        {FALL: live_at(end, -1, window.live_out, inside)},
        dict.fromkeys(_names(window, end), FALL),
    )
    for n in range(first, last):
        for way in ways(source, n, window.aliases):
            if way == end or (isinstance(way, int) and first < way < last) or way == n + 1:
                continue
            names = _names(window, way)
            key = names[0] if isinstance(way, int) or way == FALL else way
            live_out[key] = live_out.get(key, NONE) | live_at(way, n, window.live_out, inside)
            aliases |= {label: key for label in names if label != key}
    return live_out, aliases


def _names(window: Window, way: str | int) -> list[str]:
    """All labels of the place where a way leads."""
    return [
        label
        for label in (*window.source.labels, *window.aliases)
        if exit_key(window.source, window.aliases, label) == way
    ]


def _known(window: Window, first: int) -> Known:
    """Nothing, where a branch skips some of what comes before."""
    source = window.source
    if any(isinstance(way, int) and way != n + 1 for n in range(first) for way in ways(source, n, window.aliases)):
        return Known()
    return carried(window.known, source.steps[:first])
