"""Small plots as SVG text: bars with intervals, stacked bars. No scripts, no fonts or files from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

_LABEL, _BAR, _ROW, _GAP = 190, 420, 22, 6
_COLOURS = ("#4477aa", "#ee6677", "#ccbb44", "#228833")


class Bar(NamedTuple):
    """A share 0..1 with its interval; `of` is shown behind the label."""

    label: str
    value: float
    low: float
    high: float
    of: int


def bars(title: str, found: Sequence[Bar]) -> str:
    """One bar a row, with a whisker for the interval."""
    lines = []
    for n, bar in enumerate(found):
        top = n * (_ROW + _GAP) + 24
        middle = top + _ROW / 2
        low, high = (_LABEL + _BAR * min(max(end, 0.0), 1.0) for end in (bar.low, bar.high))
        lines += [
            _label(f"{bar.label} ({bar.of:,})", middle),
            f'<rect x="{_LABEL}" y="{top}" width="{_BAR * min(max(bar.value, 0.0), 1.0):.1f}" '
            f'height="{_ROW}" fill="{_COLOURS[0]}"/>',
            f'<path d="M{low:.1f} {middle}H{high:.1f}M{low:.1f} {top + 5}v{_ROW - 10}M{high:.1f} '
            f'{top + 5}v{_ROW - 10}" stroke="#222" fill="none"/>',
            f'<text x="{max(high, _LABEL + _BAR * min(bar.value, 1.0)) + 6:.1f}" '
            f'y="{middle + 4}">{100 * bar.value:.1f}%</text>',
        ]
    return _svg(title, lines, len(found))


def stacked(title: str, found: Mapping[str, Mapping[str, int]], parts: Sequence[str]) -> str:
    """One bar a row, of counts, in the order of `parts`; the longest fills the width."""
    most = max((sum(each.values()) for each in found.values()), default=1) or 1
    lines = []
    for n, (name, counts) in enumerate(found.items()):
        top, left = n * (_ROW + _GAP) + 24, float(_LABEL)
        lines.append(_label(name, top + _ROW / 2))
        for part, colour in zip(parts, _COLOURS):
            width = _BAR * counts.get(part, 0) / most
            if width:
                told = f"<title>{escape(part)}: {counts[part]}</title>"
                lines.append(
                    f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{_ROW}" fill="{colour}">{told}</rect>'
                )
            left += width
        lines.append(f'<text x="{left + 6:.1f}" y="{top + _ROW / 2 + 4}">{sum(counts.values()):,}</text>')
    for n, (part, colour) in enumerate(zip(parts, _COLOURS)):
        left, top = _LABEL + 150 * n, len(found) * (_ROW + _GAP) + 28
        lines.append(
            f'<rect x="{left}" y="{top}" width="12" height="12" fill="{colour}"/><text x="{left + 18}" '
            f'y="{top + 10}">{escape(part)}</text>'
        )
    return _svg(title, lines, len(found) + 1)


def _label(text: str, middle: float) -> str:
    return f'<text x="{_LABEL - 8}" y="{middle + 4}" text-anchor="end">{escape(text)}</text>'


def _svg(title: str, lines: Sequence[str], rows: int) -> str:
    width, height = _LABEL + _BAR + 80, rows * (_ROW + _GAP) + 30
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape(title)}" font-size="12" '
        f'font-family="sans-serif"><text x="0" y="14" font-weight="bold">{escape(title)}</text>{"".join(lines)}</svg>'
    )
