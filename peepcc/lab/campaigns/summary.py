"""What a campaign came to, with all that it takes to run it again: as JSON and as a Markdown table."""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from ...errors import PeepccError
from ...process import run
from ...settings import read_settings
from .runner import Campaign, Options, Result

SCHEMA = 2
_HERE = Path(__file__).parent


def summary(campaign: Campaign, options: Options, result: Result) -> dict[str, object]:
    """A value for JSON.

    `complete`: as many as were asked for, or all that there are. `commits`: items by what did them.
    """
    return {
        "schema": SCHEMA,
        "campaign": campaign.name,
        "command": command_line(campaign, options),
        "seed": options.seed,
        "policy": options.policy,
        "date": date.today().isoformat(),
        "complete": result.ended or result.counts.get(campaign.unit, 0) >= options.count,
        "hours of work": round(result.seconds / 3600, 2),
        "counts": {"items": result.items, **result.counts, "wrong": len(result.wrong)},
        "wrong": list(result.wrong),
        "commits": dict(result.commits),
        "versions": dict(versions(campaign, options)),
    }


def command_line(campaign: Campaign, options: Options) -> str:
    """The command that gives these results; sources are named by their last part."""
    words = [
        "peeplab campaign",
        campaign.name,
        f"--seed {options.seed} --count {options.count} --policy {options.policy} --budget {options.budget:g}",
    ]
    words += [f"--backend {backend}" for backend in options.backends]
    words += [f"--level {level}" for level in options.levels]
    words += [f"--sources {source.name}" for source in options.sources]
    return " ".join(words)


def versions(campaign: Campaign, options: Options) -> Iterator[tuple[str, str]]:
    """(name, version) of all that the results hang on."""
    yield "python", sys.version.split()[0]
    for tool in (options.clang, *campaign.tools):
        with tempfile.TemporaryDirectory() as folder:  # csmith leaves a file where it runs, even for this
            found = re.search(rb"\d+\.\d+[\w.]*", run((tool, "--version"), cwd=folder).stdout)
        yield tool, found[0].decode() if found else "?"
    for library in ("peepcc", *campaign.libraries):
        try:
            yield library, version(library)
        except PackageNotFoundError:
            continue
    if "embedded" in options.backends:
        yield "model", _model(options)


def _model(options: Options) -> str:
    """A digest of the weights that the back-end `embedded` takes."""
    named = read_settings((), options.environ)[0].model
    files = sorted(Path(named or _HERE.parents[1] / "models" / "default").rglob("model.bin"))
    return hashlib.sha256(files[0].read_bytes()).hexdigest()[:12] if files else "none"


def table(told: Mapping[str, object]) -> str:
    """The summary in Markdown: what was run, and the counts."""
    rows = [(name, told[name]) for name in ("command", "seed", "policy", "date", "complete", "hours of work")]
    rows.append(("commits", ", ".join(f"{commit} ({count:,} items)" for commit, count in told["commits"].items())))
    rows.append(("versions", ", ".join(f"{name} {number}" for name, number in told["versions"].items())))
    rows += [(name, f"{count:,}") for name, count in told["counts"].items()]
    lines = [
        f"| {told['campaign']} | |",
        "|---|---|",
        *(f"| {name} | {value} |" for name, value in rows),
        *(f"\n**Wrong**: {each}" for each in told["wrong"]),
    ]
    return "\n".join(lines) + "\n"


def put(page: Path, name: str, text: str) -> None:
    """Puts the text between the marks of the campaign. Raises PeepccError where the page has none."""
    begin, end = f"<!-- campaign {name} -->\n", "<!-- end -->"
    before, mark, rest = page.read_text(encoding="utf-8").partition(begin)
    if not mark or end not in rest:
        raise PeepccError(f"{page} does not hold {begin.strip()} and {end}")
    page.write_text(f"{before}{begin}{text}\n{end}{rest.partition(end)[2]}", encoding="utf-8")


def write(told: Mapping[str, object], folder: Path) -> None:
    """summary.json and summary.md."""
    (folder / "summary.json").write_text(json.dumps(told, indent=1) + "\n")
    (folder / "summary.md").write_text(table(told))
