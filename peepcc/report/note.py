"""The ELF note of an object with rewrites: what was done to it, as `readelf -n` shows it.

The section is never loaded, and holds nothing of time or place. A link leaves it out
(SHF_EXCLUDE): a linker script that places every section, or refuses those that it does not
name, must see none that clang would not have made. It does not say what was rewritten:
that is the report's to tell.
"""

from __future__ import annotations

import re
from dataclasses import astuple, dataclass, fields

from .. import __version__
from ..optimize.outcome import UnitReport

SECTION = ".note.peepcc"
OWNER = "peepcc"
KIND = 0x70656570  # "peep": a type that no tool has a name for
_TEXT = re.compile(
    r"version=([\w.+-]+) policy=(\w+) proved=(\d+) emulated=(\d+) before=(\d+) after=(\d+)(?: rules=(\d+))?"
)


@dataclass(frozen=True, slots=True)
class Note:
    """Of one object: rewrites by their evidence, and the unit's instructions before and after.

    `rules`: of those proved, by the rule book; the text leaves it out where there are none.
    """

    version: str
    policy: str
    proved: int
    emulated: int
    before: int
    after: int
    rules: int = 0

    def __str__(self) -> str:
        shown = zip(fields(self), astuple(self))
        return " ".join(f"{field.name}={value}" for field, value in shown if value or field.name != "rules")


def note_of(unit: UnitReport) -> Note | None:
    """None where nothing was applied."""
    proved, emulated = unit.applied
    return (
        Note(__version__, unit.policy, proved, emulated, unit.instructions, unit.instructions_after, unit.by_rules)
        if proved or emulated
        else None
    )


def parsed(description: bytes) -> Note | None:
    """The note that the description of an ELF note of OWNER and KIND holds; None for what is not of this shape."""
    match = _TEXT.fullmatch(description.rstrip(b"\0").decode("ascii", errors="replace"))
    return Note(match[1], match[2], *(int(each or 0) for each in match.groups()[2:])) if match else None


def assembly(note: Note) -> str:
    """Directives to end a text with; the section that was current there is so afterwards."""
    text = f"{note}"
    return (
        f'\t.pushsection\t{SECTION},"e",@note\n\t.p2align\t2, 0x0\n\t.word\t{len(OWNER) + 1}\n'
        f"\t.word\t{len(text) + 1}\n\t.word\t{KIND}\n"
        f'\t.asciz\t"{OWNER}"\n\t.p2align\t2, 0x0\n\t.asciz\t"{text}"\n\t.p2align\t2, 0x0\n\t.popsection\n'
    )
