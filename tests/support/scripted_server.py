"""A chat model that follows a script, behind a real socket; and what it said, as committed transcripts.

`python -m tests.unit.lab.scripted` writes the examples and transcripts anew, as is needed when a prompt changes.
"""

from __future__ import annotations

import importlib.util
import json
import tempfile
from pathlib import Path

from click.testing import CliRunner

from peepcc.lab.cli import main
from peepcc.lab.evaluation.chat.prompt import MODES
from peepcc.lab.example import write_examples

from .examples import example

HERE = Path(__file__).parent / "transcripts"
EXAMPLES = HERE / "examples.jsonl"
_spec = importlib.util.spec_from_file_location("hostile", Path(__file__).parents[1] / "servers" / "hostile.py")
hostile = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(hostile)


def examples():
    return [
        example("mov w2, w0 / add w0, w2, #1", "w0", "add w0, w0, #1"),
        example("cmp x0, #0 / cset w0, eq / and w0, w0, #1", "w0", "cmp x0, #0 / cset w0, eq"),
        example("mul w0, w0, w1", "w0"),
    ]


def fenced(text: str) -> str:
    return f"```\n{text}\n```"


CODE = "```run\nx0 = 0xffffffff00000005\nrun window\nrun\nadd w0, w0, #1\nend\n```"


def says(mode: str, messages: list[dict]) -> str:
    """Wrong at first for two of the windows, right once it was told what is wrong."""
    opening, last = messages[0]["content"], messages[-1]["content"]
    thought = "Step 1: w0 is live. Step 2: the move is for nothing.\n" if mode == "chain-of-thought" else ""
    if "mul w0, w0, w1" in opening:
        return thought + fenced("=")
    if "mov w2, w0" in opening:
        if mode == "chain-of-code" and len(messages) == 1:
            return f"I try it with an upper half that is not zero.\n{CODE}\n"
        if mode == "chain-of-code" and len(messages) == 3:
            assert "run 1 (window): x0 = 0x6; x2 = 0x5; falls through\nrun 2: x0 = 0x6; falls through" in last, last
        return thought + fenced("add w0, w0, #1" if "refused" in last and "x0 = 0x" in last else "add w0, w0, #2")
    return thought + fenced(
        "cmp x0, #0\ncset w0, eq"
        if "refused" in last and "does not assemble: cset w0, eq, w1: " in last
        else "cmp x0, #0\ncset w0, eq, w1"
    )


def answers(mode: str):
    async def answer(server, writer, path, headers, body):
        said = {**hostile.chat_completion(says(mode, body["messages"])), "usage": {"completion_tokens": 10}}
        writer.write(hostile.as_json(said))

    return answer


def evaluate(out: Path, *options: str):
    return CliRunner().invoke(main, ["evaluate", str(EXAMPLES), "--out", str(out), "--workers", "1", *options])


def record() -> None:
    write_examples(EXAMPLES, examples())
    for mode in MODES:
        with tempfile.TemporaryDirectory() as folder, hostile.Hostile(answers(mode), hostile.CHAT_MODELS) as server:
            result = evaluate(
                Path(folder), "--url", server.url, "--model", "general-7b", "--mode", mode, "--repair", "2"
            )
            assert result.exit_code == 0, result.output
            (HERE / f"{mode}.jsonl").write_text("".join(sorted(plain(Path(folder, "transcript.jsonl")))))


def plain(file: Path) -> list[str]:
    """Lines without what differs from run to run."""
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    return [json.dumps({**row, "said": {**row["said"], "seconds": 0.0}}) + "\n" for row in rows]


if __name__ == "__main__":
    record()
