"""Runs LLVM's combining passes over a lifted function and generates AArch64 code for it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache

import llvmlite.binding as llvm

from ....assembly.parse import Unreadable, parse_instruction
from ....assembly.syntax import Instruction
from .. import instruction_text as c


@dataclass(frozen=True, slots=True)
class Lowered:
    """`code` computes the results into `fall`'s registers and, after `branch` where there is one, either way's into its
    own.

    `branch` has the label "taken"; `fall` and `taken` hold what each way still does.
    """

    code: tuple[Instruction, ...]
    branch: Instruction | None = None
    fall: tuple[Instruction, ...] = ()
    taken: tuple[Instruction, ...] = ()


class _Llvm:
    """Not for two threads at once."""

    def __init__(self):
        llvm.initialize_all_targets()
        llvm.initialize_all_asmprinters()
        self._machine = llvm.Target.from_triple("aarch64-linux-gnu").create_target_machine(opt=2, reloc="pic")
        self._builder = llvm.create_pass_builder(self._machine, llvm.create_pipeline_tuning_options())
        self._passes = llvm.create_new_function_pass_manager()
        add = self._passes
        for each in (
            add.add_instruction_combine_pass,
            add.add_aggressive_instcombine_pass,
            add.add_reassociate_pass,
            add.add_new_gvn_pass,
            add.add_dead_store_elimination_pass,
            add.add_instruction_combine_pass,
            add.add_aggressive_dce_pass,
        ):
            each()

    def assembly(self, text: str) -> str:
        """Raises RuntimeError where LLVM does not take the text."""
        module = llvm.parse_assembly(text)
        self._passes.run(module.get_function("f"), self._builder)
        return self._machine.emit_assembly(module)


def lower(text: str) -> Lowered | None:
    """The code of function @f without its return.

    None where it is no straight line with at most one branch at its end.
    """
    blocks = _blocks(_kept(threading.get_ident()).assembly(text))
    if blocks is None:
        return None
    names = list(blocks)
    entry = blocks[names[0]]
    if not entry:  # LLVM has found that nothing gets here
        return None
    if len(blocks) == 1:
        last = entry[-1]
        if last.mnemonic == "ret" and not any(c.is_branch(i) for i in entry[:-1]):
            return Lowered(tuple(entry[:-1]))
        return None
    at = [n for n, i in enumerate(entry) if c.is_branch(i)]
    if (
        len(blocks) != 2
        or not at
        or (at[0] == 0 and entry[0].mnemonic == "b")
        or entry[at[0]].operands[-1].name != names[1]
    ):
        return None
    branch, near, far = entry[at[0]], entry[at[0] + 1 :], blocks[names[1]]
    ways = {_way(block): tuple(block[:-1]) for block in (near, far)}
    if set(ways) != {"fall", "taken"} or any(c.is_branch(i) for way in ways.values() for i in way):
        return None
    if _way(near) == "taken":
        branch = c.inverted(branch, "taken")
    return branch and Lowered(tuple(entry[: at[0]]), c.retargeted(branch, "taken"), ways["fall"], ways["taken"])


def _way(block: list[Instruction]) -> str | None:
    return c.target(block[-1]) if block and block[-1].mnemonic == "b" else None


@cache
def _kept(thread: int) -> _Llvm:
    return _Llvm()


def _blocks(assembly: str) -> dict[str, list[Instruction]] | None:
    """Instructions by label, in order; None where a line cannot be read."""
    found: dict[str, list[Instruction]] = {}
    for line in assembly.splitlines():
        text = line.split("//")[0].strip()
        if not text or (text.startswith(".") and not text.endswith(":")):
            continue
        if text.endswith(":"):
            if not text.startswith((".Lfunc", ".LF")):
                found[text[:-1]] = []
            continue
        try:
            found[next(reversed(found))].append(parse_instruction(text))
        except Unreadable:
            return None
    return found
