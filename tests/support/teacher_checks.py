"""Windows made by hand for teachers, and what the emulator thinks of what they say."""

from types import MappingProxyType

from peepcc.analysis.encoded import program
from peepcc.analysis.obligation import FALL, Known
from peepcc.analysis.registers import NONE, parts, union
from peepcc.analysis.windows import Window
from peepcc.assembly.parse import parse_instruction
from peepcc.optimize.edits import edited, hunks
from peepcc.validate.emulator.differential import emulate
from peepcc.validate.syntax_gate import check


def window(source, live, exit_live, narrow, encoder):
    """A window of instruction lines; `narrow`: register number -> bits that it is no wider than."""
    items = tuple(parse_instruction(line) for line in source.split("; "))
    live_out = {FALL: union(map(parts, live.split())) if live else NONE}
    if source.endswith(" .L"):
        live_out[".L"] = union(map(parts, exit_live.split())) if exit_live else NONE
    return Window(
        "f",
        items,
        tuple(range(len(items))),
        program(items, encoder),
        MappingProxyType(live_out),
        Known(zero_extended=MappingProxyType(narrow)),
        MappingProxyType({}),
        False,
        MappingProxyType({}),
    )


def judged(window, lines, encoder):
    """The verdict on a body that the syntax gate has let through."""
    instructions = check(lines, [step.instruction for step in window.source.steps], window.labels)
    target = program(edited(window, hunks(window, instructions)), encoder)
    assert target is not None, lines
    return emulate(window.obligation(target), states=512).verdict
