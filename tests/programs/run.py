"""Builds the real programs with peepcc and with clang, runs both, and prints a table.

    python tests/programs/run.py [NAME...] [--levels -O0,-O2] [--cc peepcc] [--jobs 2] [--table FILE]

Exit status 1 where any output differs, a command fails, or a compile fell back to clang.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from compare import Result, compared
from recipes import RECIPES

LEVELS = ("-O0", "-O1", "-O2", "-Os")
_HEAD = (
    "program",
    "level",
    "before",
    "after",
    "saved %",
    "accepted",
    "refuted",
    "unproved",
    "costlier",
    "unparsed",
    "too late",
    "time/clang",
    "equal",
)


def main(argv: Sequence[str]) -> int:
    arguments = _arguments(argv)
    cache = arguments.cache.resolve()
    cache.mkdir(parents=True, exist_ok=True)
    results = []
    for name in arguments.programs or RECIPES:
        for level in arguments.levels.split(","):
            result = compared(RECIPES[name], level, arguments.cc, cache, arguments.jobs)
            results.append(result)
            print(f"{name} {level}: {summary(result)}", file=sys.stderr, flush=True)
    table = "".join(f"{line}\n" for line in _table(results))
    print(table, end="")
    if arguments.table:
        arguments.table.write_text(table)
    return 0 if all(result.good for result in results) else 1


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", nargs="*", metavar="NAME", help=f"all of {', '.join(RECIPES)} where none is named")
    parser.add_argument("--levels", default=",".join(LEVELS), help="default: %(default)s")
    parser.add_argument("--cc", default="peepcc", help="the compiler under test, with its options")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument(
        "--cache", type=Path, default=Path("build/programs"), help="for sources and builds; default: %(default)s"
    )
    parser.add_argument("--table", type=Path, help="a file for the table, in Markdown")
    arguments = parser.parse_args(_joined(argv))
    unknown = [name for name in arguments.programs if name not in RECIPES]
    if unknown:
        parser.error(f"no program {', '.join(unknown)}; there are {', '.join(RECIPES)}")
    return arguments


def _joined(argv: Sequence[str]) -> list[str]:
    """`--levels -O0` as one word: argparse takes what begins with a dash for an option."""
    words = list(argv)
    for at in [n for n, word in enumerate(words[:-1]) if word == "--levels"][::-1]:
        words[at : at + 2] = [f"--levels={words[at + 1]}"]
    return words


def summary(result: Result) -> str:
    if result.failure:
        return f"failed: {result.failure}"
    if result.different:
        return f"DIFFERENT: {', '.join(result.different)}"
    if result.fallbacks:
        return f"{result.fallbacks} compiles fell back to clang"
    return f"equal in {result.outputs} outputs, {result.saved:.1f}% fewer instructions, {result.accepted} rewrites"


def _table(results: Sequence[Result]) -> Iterator[str]:
    """Lines of a Markdown table."""
    rows = [_HEAD, *(_row(result) for result in results)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(_HEAD))]
    for n, row in enumerate(rows):
        yield (
            "| "
            + " | ".join(
                cell.ljust(width) if at < 2 else cell.rjust(width) for at, (cell, width) in enumerate(zip(row, widths))
            )
            + " |"
        )
        if n == 0:
            yield "|" + "|".join("-" * (width + 2) for width in widths) + "|"


def _row(result: Result) -> tuple[str, ...]:
    ratio = f"{result.seconds / result.clang_seconds:.1f}" if result.clang_seconds else "-"
    count = (str(result.counters.get(name, 0)) for name in ("refuted", "unproved", "costlier", "unparsed", "too-late"))
    return (
        result.program,
        result.level,
        str(result.before),
        str(result.after),
        f"{result.saved:.1f}",
        str(result.accepted),
        *count,
        ratio,
        "yes" if result.good else "NO",
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
