"""`--peepcc-help`: every option and variable of ours in a sentence each.

docs/options.md says more about some of them.
"""

from __future__ import annotations

from textwrap import fill

from ..settings import OPTIONS

_HEAD = """usage: peepcc [--peepcc-OPTION=VALUE]... [clang's options and files]

Each option is a variable, too; the option wins. The key of a server comes from PEEPCC_API_KEY only.
"""


def help_text() -> str:
    """Lines of at most 100 columns."""
    return _HEAD + "".join(f"\n{_option(name, *about)}\n" for name, about in OPTIONS.items())


def _option(name: str, _: object, default: object, sentence: str) -> str:
    value = "" if default is False else "=VALUE"
    given = (
        ""
        if default in (None, False, ())
        else f" (default: {default:g})"
        if isinstance(default, float)
        else f" (default: {default})"
    )
    said = fill(f"{sentence[0].upper()}{sentence[1:]}{given}.", 100, initial_indent="    ", subsequent_indent="    ")
    return f"--peepcc-{name}{value}, PEEPCC_{name.upper()}\n{said}"
