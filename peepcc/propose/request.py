"""A window as a request: the text and the facts that a backend is asked about."""

from __future__ import annotations

from collections.abc import Iterator

from ..analysis.obligation import FALL, Known
from ..analysis.registers import NONE, Parts, names, x
from ..analysis.window_liveness import dying
from ..analysis.windows import Window
from ..assembly.print import print_instruction
from .protocol import Request


def request_of(window: Window) -> Request:
    """The window as text, cut down to the registers that it mentions."""
    mentioned = window.mentioned
    return Request(
        lines=tuple(f"{item}:" if isinstance(item, str) else print_instruction(item) for item in window.items),
        live_out=names(window.live_out.get(FALL, NONE) & mentioned),
        exits=tuple((key, names(parts & mentioned)) for key, parts in sorted(window.live_out.items()) if key != FALL),
        fall=tuple(sorted(label for label, key in window.aliases.items() if key == FALL)),
        known=tuple(_known_text(window.known, mentioned)),
        ordered=window.ordered,
        dying=dying(window.source, window.live_out, window.aliases),
    )


def _known_text(known: Known, mentioned: Parts) -> Iterator[tuple[str, str, int | str]]:
    def here(n: int) -> bool:
        return bool(mentioned & x(n))

    yield from (("const", f"x{n}", value) for n, value in sorted(known.constants.items()) if here(n))
    yield from (
        ("zext", f"x{n}", bits)
        for n, bits in sorted(known.zero_extended.items())
        if here(n) and n not in known.constants
    )
    yield from (
        ("sext", f"x{n}", bits)
        for n, bits in sorted(known.sign_extended.items())
        if here(n) and n not in known.constants
    )
    for group in sorted(known.equal, key=sorted):
        first, *rest = [n for n in sorted(group) if here(n)] or [0]
        yield from (("equal", f"x{first}", f"x{n}") for n in rest)
