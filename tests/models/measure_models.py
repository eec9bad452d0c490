"""Measures the default model, a smaller one and every teacher on the committed sets, and writes one table for each set.

    python tests/models/measure_models.py [--count N] [--out build/models]
        [--page docs/measured/models.md] [--short README.md]

Each row is a run of `peeplab evaluate`, with its whole report in --out; what is there is not
done again. The rows of models that cannot run here stay empty, with the command that fills
them; the short table leaves them out. Not in the default test run: it takes hours without
--count. Exit status 0: all rows were measured.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT))

from peepcc.lab.evaluation.report import tables as report_tables  # noqa: E402  the checkout is on the path now
from peepcc.lab.evaluation.report.markdown import table  # noqa: E402
from peepcc.lab.evaluation.report.tables import Table  # noqa: E402

SETS = ("test", "wild")
ROWS = {  # row -> what answers
    "default": (),
    "default-again": ("--repair", "4"),
    "tenth": ("--model", str(HERE / "tenth")),
    **{teacher: ("--teacher", teacher) for teacher in ("rules", "combine", "search")},
}
AS_BUILT = {"default-again": "wild"}  # asked as builds ask, of the set that holds what builds hold
_ASK = "peeplab evaluate tests/models/{set}.jsonl.gz --out build/models/{set}/{name}"
_HOSTED = _ASK + " --url https://api.openai.com/v1 --model {name} --mode chain-of-thought --repair 2 --count 1000"
TO_FILL = {  # the models of arXiv 2412.12163 -> the commands; keys are in PEEPCC_API_KEY
    "Llama-2-7B, fine-tuned": (
        "peeplab finetune peepcc/lab/finetune/recipes/llama-2-7b.toml --data tests/models",
        "peeplab serve tuned/llama-2-7b/merged",
        _ASK.replace("{name}", "llama-2-7b") + " --url http://127.0.0.1:8000 --model merged",
    ),
    "GPT-4o": (_HOSTED.replace("{name}", "gpt-4o"),),
    "o1-preview": (_HOSTED.replace("{name}", "o1-preview"),),
}
SHORT = (  # set, blocks, figure: the columns of the short table
    ("test", "all", "syntactic accuracy"),
    ("test", "all", "IO accuracy"),
    ("test", "improved", "exact or better"),
    ("test", "unchanged", "answered unchanged"),
    ("wild", "improved", "share of the teacher's gain"),
)
_TABLES = re.compile(r"(?<=<!-- tables -->\n).*?(?=<!-- end -->)", re.DOTALL)


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, help="examples of each set, drawn by the seed; default: all")
    parser.add_argument("--out", type=Path, default=ROOT / "build/models")
    parser.add_argument(
        "--page", type=Path, help="a Markdown file that holds <!-- tables --> and <!-- end -->: the tables go between"
    )
    parser.add_argument("--short", type=Path, help="the same for a file that gets a table of few figures")
    arguments = parser.parse_args(argv)
    failed = [
        f"{name} on {chosen}"
        for chosen in SETS
        for name in ROWS
        if AS_BUILT.get(name, chosen) == chosen
        and not measured(chosen, name, arguments.out / chosen / name, arguments.count)
    ]
    text = "\n".join(lines(arguments.out)) + "\n"
    if arguments.page:
        _put(arguments.page, text)
    if arguments.short:
        _put(arguments.short, "\n".join(short(arguments.out)) + "\n")
    print(text, end="")
    print(*(f"failed: {each}" for each in failed), sep="\n", file=sys.stderr)
    return 1 if failed else 0


def measured(chosen: str, name: str, out: Path, count: int | None) -> bool:
    print(f"{name} on {chosen}", file=sys.stderr, flush=True)
    argv = [
        "evaluate",
        str(HERE / f"{chosen}.jsonl.gz"),
        "--out",
        str(out),
        *ROWS[name],
        *(("--count", str(count)) if count else ()),
    ]
    return (
        subprocess.run(
            (sys.executable, "-c", "from peepcc.lab.cli import main; main()", *argv),
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        ).returncode
        == 0
    )


def lines(out: Path) -> Iterator[str]:
    for chosen in SETS:
        if reports := list(_reports(out, chosen).values()):
            yield table(_with_empty_rows(chosen, reports))
    yield "## The rows without figures\n"
    yield "`export PEEPCC_API_KEY=…` first. Without `--count` all examples are asked about.\n"
    for name, commands in TO_FILL.items():
        yield f"{name}:\n\n```"
        yield from (
            command.format(set=chosen) for command in commands for chosen in (SETS if "{set}" in command else SETS[:1])
        )
        yield "```\n"


def short(out: Path) -> Iterator[str]:
    """Markdown: a row for each that was measured on all its sets."""
    found = {chosen: _reports(out, chosen) for chosen in SETS}
    yield "| | " + " | ".join(f"{chosen}: {figure}" for chosen, _, figure in SHORT) + " |"
    yield "|---" + "|--:" * len(SHORT) + "|"
    for name in ROWS:
        mine = {chosen: reports[name] for chosen, reports in found.items() if name in reports}
        if mine.keys() == ({AS_BUILT[name]} if name in AS_BUILT else {*SETS}):
            told = {chosen: report["figures"] for chosen, report in mine.items()}
            cells = (
                told.get(chosen, {}).get(blocks, {}).get(figure) for chosen, blocks, figure in SHORT
            )  # few examples may have no such block
            yield (
                f"| {report_tables.title(next(iter(mine.values())))} | "
                + " | ".join(f"{100 * cell['value']:.1f}%" if cell else "" for cell in cells)
                + " |"
            )


def _reports(out: Path, chosen: str) -> dict[str, Mapping]:
    return {
        name: json.loads(file.read_text(encoding="utf-8"))
        for name in ROWS
        if (file := out / chosen / name / "report.json").exists()
    }


def _put(page: Path, text: str) -> None:
    page.write_text(_TABLES.sub(lambda _: text, page.read_text(encoding="utf-8")), encoding="utf-8")


def _with_empty_rows(chosen: str, reports: Sequence[Mapping]) -> Table:
    made = report_tables.beside(reports)
    empty = tuple((name, *[""] * (len(made.columns) - 1)) for name in TO_FILL)
    commits = sorted({report["versions"]["commit"] for report in reports})
    return Table(
        f"On `{chosen}`", f"{made.sentence} Commits: {', '.join(commits)}.", made.columns, (*made.rows, *empty)
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
