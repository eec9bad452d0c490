"""A counterexample of the prover is true: a processor that gets its input shows the difference.

The runner here is its own: one instruction at a time in Unicorn, on memory that is mapped
where the input says.
"""

import re
from pathlib import Path

import pytest
import unicorn
from unicorn import arm64_const as arm64

from peepcc.analysis.obligation import FALL, INDIRECT, RETURN, Kind, Obligation, exit_key
from peepcc.lab.verify import live_parts, read_program
from peepcc.validate.prove import prove
from peepcc.validate.verdict import Verdict

PAIRS = Path(__file__).parents[2] / "pairs"
CODE = 1 << 20
PAGE = 1 << 12
_X = [getattr(arm64, f"UC_ARM64_REG_X{n}") for n in range(31)]
_Q = [getattr(arm64, f"UC_ARM64_REG_Q{n}") for n in range(32)]


class Runner:
    """One program on one input; `registers`, `memory` (bytes written), `accesses` and `exit` afterwards."""

    def __init__(self, program, aliases, inputs):
        self.engine = unicorn.Uc(unicorn.UC_ARCH_ARM64, unicorn.UC_MODE_ARM)
        self.engine.ctl_set_cpu_model(arm64.UC_CPU_ARM64_MAX)
        self.engine.mem_map(CODE, PAGE)
        self.mapped, self.accesses, self.stored = {CODE}, [], set()
        for name, text in inputs.items():
            self.put(name, text)
        self.engine.hook_add(unicorn.UC_HOOK_MEM_UNMAPPED, self.unmapped)
        self.engine.hook_add(unicorn.UC_HOOK_MEM_READ | unicorn.UC_HOOK_MEM_WRITE, self.accessed)
        self.exit = self.run(program, aliases)

    def put(self, name, text):
        value = int(text, 16)
        if name[0] == "[":
            address, size = int(name[1:-1], 16), (len(text) - 2) // 2
            for page in range(address & -PAGE, address + size, PAGE):
                self.map(page)
            self.engine.mem_write(address, value.to_bytes(size, "little"))
        else:
            self.engine.reg_write(self.register(name), value << 28 if name == "nzcv" else value)

    def register(self, name):
        return {"sp": arm64.UC_ARM64_REG_SP, "nzcv": arm64.UC_ARM64_REG_NZCV}.get(name) or (_X if name[0] in "xw" else _Q)[int(name[1:])]

    def map(self, page):
        if page not in self.mapped:
            self.engine.mem_map(page, PAGE)
            self.mapped.add(page)

    def unmapped(self, engine, access, address, size, value, data):
        self.map(address & -PAGE)
        return True

    def accessed(self, engine, access, address, size, value, data):
        store = access == unicorn.UC_MEM_WRITE
        self.accesses.append((store, address, size))
        if store:
            self.stored |= set(range(address, address + size))

    def run(self, program, aliases):
        at = 0
        while at < len(program.steps):
            step, word = program.steps[at], program.steps[at].word
            kind = step.effect.kind
            if kind in (Kind.CONDITIONAL, Kind.JUMP):
                field = 0x3FFFFFF if kind is Kind.JUMP else 0x3FFF << 5 if word & 0x7E000000 == 0x36000000 else 0x7FFFF << 5
                word = word & ~field | 2 << (0 if kind is Kind.JUMP else 5)
            self.engine.mem_write(CODE, word.to_bytes(4, "little"))
            self.engine.ctl_flush_tb()
            self.engine.emu_start(CODE, CODE + 4 if kind is Kind.PLAIN else (1 << 64) - 4, count=1)
            pc = self.engine.reg_read(arm64.UC_ARM64_REG_PC)
            if kind in (Kind.RETURN, Kind.INDIRECT):
                self.goal = pc
                return RETURN if kind is Kind.RETURN else INDIRECT
            if pc == CODE + 8:
                at = exit_key(program, aliases, step.instruction.operands[-1].name)
                if isinstance(at, str):
                    return at
            else:
                at += 1
        return FALL

    def value(self, name):
        number = self.engine.reg_read(self.register("q" + name[1:] if name[0] in "sd" and name != "sp" else name))
        width = {"w": 32, "s": 32, "d": 64, "q": 128}.get(name[0], 64)
        return (number >> 28 if name == "nzcv" else number) & ((1 << (64 if name == "sp" else width)) - 1)


def covered(sides):
    """Every access of the target is in accesses of the source."""
    source, target = sides
    def bytes_of(side, stores):
        return {(address + k) for store, address, size in side.accesses if store or not stores for k in range(size)}
    return all(bytes_of(target, stores) & set(range(address, address + size)) <= bytes_of(source, stores)
               for stores in (False, True) for store, address, size in target.accesses if store or not stores)


def shown(name, one, two, sides):
    """Whether the outcome `name` is as the counterexample says."""
    source, target = sides
    if name == "exit":
        return source.exit != target.exit
    if name == "branch target":
        return source.goal == int(one, 16) and target.goal == int(two, 16)
    if name[0] == "[":
        place = int(name[1:-1], 16)
        held = [bytes(side.engine.mem_read(place, 8)) for side in sides]
        return held[0] != held[1] and all(int(text, 16).to_bytes(8, "little")[:1] == side[:1] for text, side in zip((one, two), held))
    if re.fullmatch(r"[xwsdq]\d+|sp|nzcv", name):
        mask = int("f" * 40, 16)
        values = source.value(name), target.value(name)
        return values[0] != values[1] and (name[0] in "dq" and name != "sp" or values == (int(one, 16) & mask, int(two, 16) & mask))
    if name.startswith(("load of", "store of")):
        return not covered(sides)
    return None  # about rules that a run does not show


def wrong_claims():
    found = [path for path in sorted(PAIRS.glob("*.s")) if path.read_text().startswith("// ERROR")]
    return found[::8]


@pytest.fixture(scope="module")
def refuted(encoder):
    """(name, obligation, counterexample) of wrong claims that the prover refutes."""
    found = []
    for path in wrong_claims():
        text = path.read_text()
        live = re.search(r"// live-out:(.*)", text)
        sides = [read_program(part, encoder) for part in text.split("// =>")]
        everywhere = type("Everywhere", (dict,), {"get": lambda self, key, default=None, parts=live_parts((live[1],) if live else ()): parts})()
        obligation = Obligation(*sides, everywhere, ordered="// volatile" in text)
        judgement = prove(obligation, seconds=1.0)
        assert not judgement.verdict.accepted, path.name
        if judgement.verdict is Verdict.REFUTED:
            found.append((path.stem, obligation, judgement.counterexample))
    return found


def test_what_is_shown_happens(refuted):
    assert len(refuted) > 25
    checked = 0
    for name, obligation, example in refuted:
        sides = [Runner(program, obligation.aliases, example.inputs) for program in (obligation.source, obligation.target)]
        for output, (one, two) in example.outcomes.items():
            answer = shown(output, one, two, sides)
            assert answer is not False, (name, output, one, two, dict(example.inputs))
            checked += answer is True
    assert checked > 25


