"""A few examples of each set through the command that measures models: every row is there, those that cannot run here
are empty.
"""

import gzip
import json
from pathlib import Path

import measure_models as measure
import pytest

HERE = Path(__file__).parent


@pytest.fixture
def few(tmp_path, monkeypatch):
    """The sets cut short; the rows of a smaller model and of two teachers left out, which are asked in the same way."""
    for name in measure.SETS:
        with (
            gzip.open(HERE / f"{name}.jsonl.gz", "rt") as file,
            gzip.open(tmp_path / f"{name}.jsonl.gz", "wt") as short,
        ):
            short.writelines(line for line, _ in zip(file, range(12)))
    monkeypatch.setattr(measure, "HERE", tmp_path)
    monkeypatch.setattr(measure, "ROWS", {name: measure.ROWS[name] for name in ("default", "default-again", "rules")})
    return tmp_path


def test_every_row_is_measured_once_and_told(few, capsys):
    page = few / "page.md"
    page.write_text("# Head\n\n<!-- tables -->\nold\n<!-- end -->\n")
    brief = few / "brief.md"
    brief.write_text("<!-- tables -->\n<!-- end -->\nTail\n")
    assert measure.main(["--count", "6", "--out", str(few / "out"), "--page", str(page), "--short", str(brief)]) == 0
    text = page.read_text()
    assert text.startswith("# Head") and "old" not in text and text.endswith("<!-- end -->\n")
    for name in ("default", "teacher rules"):
        assert text.count(f"| {name} | 6 | ") == len(measure.SETS)
    assert text.count("| default, repair 4 | 6 | ") == 1 < text.index("On `wild`") < text.index("| default, repair 4 |")
    for name in measure.TO_FILL:
        assert text.count(f"| {name} |  |") == len(measure.SETS)
    head, _, *rows = brief.read_text().split("<!-- end -->")[0].splitlines()[1:]
    assert brief.read_text().endswith("Tail\n") and [row.split(" | ")[0] for row in rows] == [
        "| default",
        "| default, repair 4",
        "| teacher rules",
    ]
    assert [bool(cell.strip()) for cell in rows[1].split("|")[2:-2]] == [False] * 4
    for column, (chosen, blocks, figure) in enumerate(measure.SHORT, 1):
        told = json.loads((few / "out" / chosen / "rules" / "report.json").read_text())["figures"][blocks].get(figure)
        assert head.split(" | ")[column].rstrip(" |") == f"{chosen}: {figure}"
        assert rows[2].split(" | ")[column].rstrip(" |") == (f"{100 * told['value']:.1f}%" if told else "")
    judged = {file: file.stat().st_mtime_ns for file in few.rglob("judged.jsonl")}
    assert len(judged) == 5 and measure.main(["--count", "6", "--out", str(few / "out")]) == 0
    assert {file: file.stat().st_mtime_ns for file in judged} == judged


def test_a_row_that_fails_is_said(few, capsys):
    (few / "wild.jsonl.gz").unlink()
    assert measure.main(["--count", "2", "--out", str(few / "out")]) == 1
    assert "failed: default on wild" in capsys.readouterr().err


def test_the_commands_to_fill_in_rows_are_of_options_that_exist():
    from click.testing import CliRunner

    from peepcc.lab.cli import main

    for commands in measure.TO_FILL.values():
        for command in commands:
            words = command.format(set="test").split()
            shown = CliRunner().invoke(main, [words[1], "--help"]).output
            assert words[0] == "peeplab" and all(word in shown for word in words if word.startswith("--"))
