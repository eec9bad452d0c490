"""What `make demo` does with one program: compile it both ways, run both, and read what was rewritten."""

from __future__ import annotations

import importlib.util
from pathlib import Path

DEMO = Path(__file__).resolve().parents[2] / "examples" / "demo.py"


def test_the_demonstration_shows_rewrites_and_equal_outputs(tmp_path, capsys):
    spec = importlib.util.spec_from_file_location("demo", DEMO)
    demo = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(demo)
    source = min((DEMO.parent / "small").glob("*.c"), key=lambda path: path.stat().st_size)
    row, rewrites = demo.compiled(source, "-O0", tmp_path)
    _, _, before, after, applied, equal = row
    assert equal and applied == len(rewrites) > 0 and after < before
    demo.table([row])
    demo.show([(source.name, "-O0", *each) for each in rewrites])
    shown = capsys.readouterr().out
    assert "as clang" in shown and "\n  - " in shown
