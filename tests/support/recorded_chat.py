"""What a real chat model said behind a real vLLM server, as committed transcripts: a few blocks of the run that
docs/measured/modes.md shows.

`python -m tests.unit.lab.chatted OUT EXAMPLES` writes them anew, as is needed when a prompt
changes. OUT: where `tests/servers/chat_model.py` left each mode's results; EXAMPLES: what it
asked about. Half of the blocks were improved in most modes, about the other half most was
said: they are no sample.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from peepcc.lab.evaluation.chat.prompt import MODES
from peepcc.lab.evaluation.chat.prompting_modes import opening
from peepcc.lab.example import from_rows, read_rows, write_rows

from .examples import encoder
from .scripted_server import plain

HERE = Path(__file__).parent / "transcripts" / "smollm2-135m"
EXAMPLES, JUDGED = HERE / "examples.jsonl", HERE / "judged.json"
_OF_EACH_KIND = 4


def judged(out: Path) -> dict[int, list[list]]:
    """By the example's number: of each try what became of the reply, and its lines."""
    rows = [json.loads(line) for line in (out / "judged.jsonl").read_text().splitlines()[1:]]
    return {row["example"]: [[each["judged"]["status"], each["lines"]] for each in row["tries"]] for row in rows}


def record(out: Path, examples: Path) -> None:
    told = {mode: judged(out / mode) for mode in MODES}
    by_gain = sorted(told[MODES[0]], key=lambda n: -sum(told[mode][n][-1][0] == "proved" for mode in MODES))
    by_length = sorted(by_gain[_OF_EACH_KIND:], key=lambda n: -sum(len(told[mode][n]) for mode in MODES))
    chosen = sorted(by_gain[:_OF_EACH_KIND] + by_length[:_OF_EACH_KIND])
    rows = [row for n, row in enumerate(read_rows(examples)) if n in chosen]
    HERE.mkdir(exist_ok=True)
    write_rows(EXAMPLES, rows)
    JUDGED.write_text(json.dumps({mode: [told[mode][n] for n in chosen] for mode in MODES}, indent=1) + "\n")
    found = list(from_rows(rows, encoder()))
    for mode in MODES:
        asked = {opening(each, mode) for each in found}
        said = (line for line in plain(out / mode / "transcript.jsonl") if json.loads(line)["messages"][0][1] in asked)
        (HERE / f"{mode}.jsonl").write_text("".join(sorted(said)))


if __name__ == "__main__":
    record(*map(Path, sys.argv[1:]))
