"""The prompts: one file a mode, each with its version in the first line, which a report tells."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template

FOLDER = Path(__file__).parent / "prompts"
DIRECT, THOUGHT, CODE = "direct", "chain-of-thought", "chain-of-code"
MODES = (DIRECT, THOUGHT, CODE)
REPAIR, RESULT = "repair", "result"
_HEAD = re.compile(r"# version (\d+)\n")


@dataclass(frozen=True, slots=True)
class Prompt:
    """`identity`: name, version and a digest of the text, so that an edited file does not pass for the old one."""

    name: str
    version: int
    text: str

    @property
    def identity(self) -> str:
        return f"{self.name} {self.version} {hashlib.sha256(self.text.encode()).hexdigest()[:12]}"

    def filled(self, **values: object) -> str:
        return Template(self.text).substitute(values)


@cache
def prompt(name: str) -> Prompt:
    """The prompt of a mode, or REPAIR or RESULT."""
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    head = _HEAD.match(text)
    return Prompt(name, int(head[1]), text[head.end() :])


def used(mode: str, repair: int) -> tuple[str, ...]:
    """Identities of the prompts that a run uses."""
    return tuple(
        prompt(name).identity for name in (mode, *([RESULT] if mode == CODE else []), *([REPAIR] if repair else []))
    )
