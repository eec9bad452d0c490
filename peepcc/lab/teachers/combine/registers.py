"""Puts generated code onto a window's own registers: values first, then a register for each, then the moves that are
left.

Greedy, so that it may need a move too many; then the caller finds no gain and proposes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ....assembly.syntax import Instruction, Memory, Register
from .. import instruction_text as c
from .lift import Lifted
from .lower import Lowered

_ALWAYS = 1 << 20  # a time after everything
_TAKE_SP = ("add", "sub", "adds", "subs", "cmp", "cmn")


@dataclass(frozen=True, slots=True)
class _Op:
    """An instruction and the values that its register names (as in `code.name`) stand for, read and written."""

    instruction: Instruction
    uses: Mapping[str, int]
    defines: Mapping[str, int]

    @property
    def tied(self) -> frozenset[str]:
        """Registers that are read and written in one place."""
        i = self.instruction
        own = {c.name(i.operands[0].name)} if i.mnemonic in c.KEEPERS else set()
        moved = {c.name(each.base) for each in i.operands if isinstance(each, Memory) and each.mode != "offset"}
        return frozenset(own | moved)


class _Stuck(Exception):
    """No register is free, or both ways end with different values."""


def placed(
    lifted: Lifted, lowered: Lowered, label: str | None, kept: frozenset[str], pool: Sequence[str]
) -> list[Instruction] | None:
    """The code on the window's registers, `label` for "taken"; None where it does not fit.

    `kept`: registers that must come out as they went in. `pool`: registers that may be written.
    """
    try:
        return _Placing(lifted, lowered, kept, pool).code(label)
    except _Stuck:
        return None


class _Placing:
    def __init__(self, lifted: Lifted, lowered: Lowered, kept: frozenset[str], pool: Sequence[str]):
        self._kept, self._pool = kept, [each for each in pool if each not in kept]
        self._numbers: dict[tuple, int] = {}
        self._count = 0
        self._ops: list[_Op] = []
        here = {f"x{n}": self._new() for n in range(len(lifted.inputs))}
        here["sp"] = here[f"x{lifted.inputs.index('sp')}"] if "sp" in lifted.inputs else self._new()
        self._at = {here[f"x{n}"]: name for n, name in enumerate(lifted.inputs)}
        self._inputs = dict(self._at)
        fields = {f"x{n}": bits for n, (_, bits) in enumerate(lifted.results)}
        self._walk(lowered.code, here, _wide(lowered, fields))
        self._branch = lowered.branch and _Op(lowered.branch, self._uses(lowered.branch, here), {})
        ends = [
            self._way(way, dict(here), fields)
            for way in ((lowered.fall, lowered.taken) if lowered.branch else (lowered.fall,))
        ]
        if any(end[field] != ends[0][field] for end in ends for field in fields):
            raise _Stuck
        self._results = [(name, bits, ends[0][f"x{n}"]) for n, (name, bits) in enumerate(lifted.results)]

    def code(self, label: str | None) -> list[Instruction]:
        last = self._last_uses()
        wanted = self._wanted()
        made: list[Instruction] = []
        for time, op in enumerate(self._ops):
            made += self._step(time, op, last, wanted)
        made += self._moves()
        if self._branch:
            names = {register: self._home(value) for register, value in self._branch.uses.items()}
            made.append(c.retargeted(_renamed(self._branch.instruction, names, {}), label))
        return made

    def _new(self) -> int:
        self._count += 1
        return self._count

    def _uses(self, i: Instruction, here: Mapping[str, int]) -> dict[str, int]:
        return {name: here[name] for name in c.reads(i) if name in here}

    def _way(self, code: Sequence[Instruction], here: dict[str, int], fields: Mapping[str, int]) -> dict[str, int]:
        """What is in the fields' registers after one way's own code, which must be such as can be done before the
        branch.
        """
        if any(c.is_load(i) or c.is_store(i) or "nzcv" in c.writes(i) for i in code):
            raise _Stuck
        self._walk(code, here, set())
        return {field: here.get(field, 0) for field in fields}

    def _walk(self, code: Sequence[Instruction], here: dict[str, int], wide: set[int]) -> None:
        """Adds an op for each instruction that is no plain copy; `here` becomes the values afterwards."""
        for n, i in enumerate(code):
            source = i.operands[1] if i.mnemonic == "mov" and len(i.operands) == 2 else None
            if (
                isinstance(source, Register)
                and c.name(source.name) in here
                and (source.name[0] == "x" or source.name == "sp" or n not in wide)
            ):
                here[c.name(i.operands[0].name)] = here[c.name(source.name)]
                continue
            uses = self._uses(i, here)
            defines: dict[str, int] = {}
            pure = not (c.is_load(i) or c.is_store(i) or "nzcv" in c.writes(i) | c.reads(i))
            key = (
                (
                    _renamed(i, {name: f"x{value}" for name, value in uses.items()}, dict.fromkeys(c.writes(i), "x0")),
                    *(uses.get(name) for name in sorted(c.writes(i))),
                )
                if pure
                else ()
            )
            if key in self._numbers:
                here[next(iter(c.writes(i)))] = self._numbers[key]
                continue
            for name in c.writes(i) - {"nzcv"}:
                defines[name] = here[name] = self._new()
            if pure and len(defines) == 1:
                self._numbers[key] = next(iter(defines.values()))
            self._ops.append(_Op(i, uses, defines))

    def _last_uses(self) -> dict[int, int]:
        last = {value: time for time, op in enumerate(self._ops) for value in op.uses.values()}
        end = len(self._ops)
        last |= {value: end for _, _, value in self._results}
        if self._branch:
            last |= dict.fromkeys(self._branch.uses.values(), end)
        return last | {value: _ALWAYS for value, name in self._inputs.items() if name in self._kept or name == "sp"}

    def _wanted(self) -> dict[int, str]:
        """Where a value would best be: its result's register, or that of the value it is changed into in place."""
        wanted = {value: name for name, _, value in reversed(self._results)}
        for op in reversed(self._ops):
            for register in op.tied:
                if register in op.defines and op.defines[register] in wanted:
                    wanted.setdefault(op.uses[register], wanted[op.defines[register]])
        return wanted

    def _step(self, time: int, op: _Op, last: Mapping[int, int], wanted: Mapping[int, str]) -> list[Instruction]:
        before: list[Instruction] = []
        names = {register: self._at[value] for register, value in op.uses.items()}
        targets: dict[str, str] = {}
        if op.instruction.mnemonic not in _TAKE_SP and any(
            isinstance(each, Register) and names.get(c.name(each.name)) == "sp" for each in op.instruction.operands
        ):
            raise _Stuck
        for register, value in op.defines.items():
            if register in op.tied:
                old = op.uses[register]
                if last.get(old, -1) > time or names[register] not in self._pool:
                    names[register] = self._free(time - 1, value, last, wanted, set(targets.values()))
                    before.append(c.mov(names[register], self._at[old]))
                targets[register] = names[register]
            else:
                targets[register] = self._free(time, value, last, wanted, set(targets.values()))
            self._at[value] = targets[register]
        return [*before, _renamed(op.instruction, names, targets)]

    def _free(self, time: int, value: int, last: Mapping[int, int], wanted: Mapping[int, str], taken: set[str]) -> str:
        busy = {
            self._at[other] for other, until in last.items() if other in self._at and other != value and until > time
        } | taken
        later = {name for other, name in wanted.items() if other != value}
        first = [wanted[value]] if value in wanted else []
        order = (
            first + [each for each in self._pool if each not in later] + [each for each in self._pool if each in later]
        )
        found = next((each for each in order if each not in busy and each in self._pool), None)
        if found is None:
            raise _Stuck
        return found

    def _moves(self) -> list[Instruction]:
        """The results' parallel move. Afterwards `_home` knows where each value is."""
        todo = [(name, bits, self._at[value]) for name, bits, value in self._results if self._at[value] != name]
        made: list[Instruction] = []
        self._moved = {value: name for name, bits, value in self._results if bits == 64 or self._at[value] == name}
        self._overwritten = {name for name, _, _ in todo}
        while todo:
            ready = next(
                (each for each in todo if all(each[0] != source for _, _, source in todo if (_, _, source) != each)),
                None,
            )
            if ready is None:
                raise _Stuck
            todo.remove(ready)
            letter = "x" if ready[1] == 64 or ready[2] == "sp" else "w"
            made.append(c.mov(letter + ready[0][1:], ready[2] if ready[2] == "sp" else letter + ready[2][1:]))
        return made

    def _home(self, value: int) -> str:
        if self._at[value] not in self._overwritten:
            return self._at[value]
        if value not in self._moved:
            raise _Stuck
        return self._moved[value]


def _wide(lowered: Lowered, fields: Mapping[str, int]) -> set[int]:
    """Indices in `lowered.code` of 32-bit moves whose cleared upper half somebody reads."""
    need = {name for name, bits in fields.items() if bits == 64}
    for i in (*lowered.fall, *lowered.taken, *((lowered.branch,) if lowered.branch else ())):
        need |= c.reads_whole(i)
    found: set[int] = set()
    for n in range(len(lowered.code) - 1, -1, -1):
        i = lowered.code[n]
        to = c.writes(i)
        copy = i.mnemonic == "mov" and len(i.operands) == 2 and isinstance(i.operands[1], Register)
        if copy and i.operands[0].name[0] == "w" and to & need:
            found.add(n)
        passed = {c.name(i.operands[1].name)} if copy and to & need and i.operands[0].name[0] == "x" else set()
        need = (need - to) | (passed if copy else c.reads_whole(i))
    return found


def _renamed(i: Instruction, uses: Mapping[str, str], defines: Mapping[str, str]) -> Instruction:
    """With other registers; names are those of `code.name`, widths stay."""
    written = (
        0 if c.is_store(i) or c.is_branch(i) or i.mnemonic in c.COMPARES else 2 if i.mnemonic.startswith("ldp") else 1
    )

    def other(name: str, names: Mapping[str, str]) -> str:
        new = names.get(c.name(name))
        return name if new is None else new if new == "sp" else name[0].replace("s", "x") + new[1:]

    operands = []
    for n, operand in enumerate(i.operands):
        if isinstance(operand, Register):
            operands.append(replace(operand, name=other(operand.name, defines if n < written else uses)))
        elif isinstance(operand, Memory):
            offset = (
                replace(operand.offset, name=other(operand.offset.name, uses))
                if isinstance(operand.offset, Register)
                else operand.offset
            )
            operands.append(replace(operand, base=other(operand.base, uses), offset=offset))
        else:
            operands.append(operand)
    return replace(i, operands=tuple(operands))
