"""effects.py says what an instruction does; here an emulator says whether that is so.

Outside validate/ this is the one place that imports unicorn: the tables would otherwise
be compared with nothing but another table. Longer runs: STATES up, FUZZ up.
"""

from __future__ import annotations

import re
import struct
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import unicorn
from unicorn import arm64_const

from peepcc.analysis.effects import UNKNOWN, effect
from peepcc.analysis.obligation import Access, Effect, Kind
from peepcc.analysis.registers import NZCV, SP, names, x

STATES = 6  # per form; each is run twice
FUZZ = 6000  # random words

DATA = Path(__file__).with_name("data")
RUN, RECORD, MEMORY, MEMORY_SIZE = 0x10000000, 0x20000000, 0x40000000, 0x40000
WORDS = 98  # of a record: x0-x30, sp, nzcv, unused, v0-v31

LOADER = "\n".join(
    [f"movz x0, #{RECORD >> 16:#x}, lsl #16", "add x1, x0, #272"]
    + [f"ldp q{n}, q{n + 1}, [x1], #32" for n in range(0, 32, 2)]
    + ["ldp x1, x2, [x0, #248]", "mov sp, x1", "msr nzcv, x2"]
    + [f"ldp x{n}, x{n + 1}, [x0, #{8 * n}]" for n in range(1, 31, 2)]
    + ["ldr x0, [x0]"]
)
SAVER = "\n".join(
    ["msr tpidr_el0, x0", f"movz x0, #{RECORD >> 16:#x}, lsl #16"]
    + [f"stp x{n}, x{n + 1}, [x0, #{8 * n}]" for n in range(1, 31, 2)]
    + ["mrs x1, tpidr_el0", "str x1, [x0]", "mov x1, sp", "mrs x2, nzcv", "stp x1, x2, [x0, #248]", "add x1, x0, #272"]
    + [f"stp q{n}, q{n + 1}, [x1], #32" for n in range(0, 32, 2)]
)


def assemble(lines: str, folder: Path, name: str) -> bytes:
    """The .text bytes of assembly lines."""
    source, target = folder / f"{name}.s", folder / f"{name}.o"
    source.write_text(f".arch armv8.6-a+crypto+sha3+sm4+fp16fml+flagm+rcpc\n.arch_extension lse\n{lines}\n")
    subprocess.run(["clang-19", "--target=aarch64-linux-gnu", "-c", source, "-o", target], check=True)
    return text_section(target)


def text_section(target: Path) -> bytes:
    subprocess.run(["llvm-objcopy-19", "-O", "binary", "-j", ".text", target, target.with_suffix(".bin")], check=True)
    return target.with_suffix(".bin").read_bytes()


def words(code: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(code) // 4}I", code)


@dataclass(frozen=True)
class Outcome:
    """`record` after the instruction, `pc`, and (store, address, size, value) of each access to MEMORY."""

    record: np.ndarray
    pc: int
    events: tuple[tuple[bool, int, int, int], ...]


class Machine:
    """Runs one instruction from a record of all registers to another."""

    def __init__(self, folder: Path):
        self.loader, self.saver = assemble(LOADER, folder, "loader"), assemble(SAVER, folder, "saver")
        self.slot = RUN + len(self.loader)
        self.events: list[tuple[bool, int, int, int]] = []
        self.uc = unicorn.Uc(unicorn.UC_ARCH_ARM64, unicorn.UC_MODE_ARM)
        self.uc.ctl_set_cpu_model(arm64_const.UC_CPU_ARM64_MAX)
        self.uc.mem_map(RUN - 0x200000, 0x400000)
        self.uc.mem_map(RECORD, 0x1000)
        self.uc.mem_map(MEMORY, MEMORY_SIZE)
        self.uc.mem_write(RUN, self.loader + bytes(4) + self.saver)
        self.uc.mem_write(MEMORY, np.random.default_rng(1).bytes(MEMORY_SIZE))
        hooks = unicorn.UC_HOOK_MEM_READ | unicorn.UC_HOOK_MEM_WRITE
        self.uc.hook_add(hooks, self._seen, begin=MEMORY, end=MEMORY + MEMORY_SIZE - 1)

    def _seen(self, uc, kind, address, size, value, data):
        store = kind == unicorn.UC_MEM_WRITE
        self.events.append((store, address, size, value if store else 0))

    def place(self, word: int) -> None:
        self.uc.mem_write(self.slot, struct.pack("<I", word))
        self.uc.ctl_remove_cache(self.slot, self.slot + 4)

    def run(self, record: np.ndarray, branches: bool) -> Outcome:
        self.events.clear()
        self.uc.mem_write(RECORD, record.tobytes())
        after = self.slot + 4
        pc = after
        if branches:
            self.uc.emu_start(RUN, self.slot)
            self.uc.emu_start(self.slot, 0, count=1)
            pc = self.uc.reg_read(arm64_const.UC_ARM64_REG_PC)
            self.uc.emu_start(after, after + len(self.saver))
        else:
            self.uc.emu_start(RUN, after + len(self.saver))
        out = np.frombuffer(bytes(self.uc.mem_read(RECORD, 8 * WORDS)), np.uint64)
        return Outcome(out, pc, tuple(self.events))


def mask(value: int) -> np.ndarray:
    """The bits of a record that the parts `value` stand for."""
    result = np.zeros(WORDS, np.uint64)
    for n in range(32):
        low = 2 * n if n < 31 else 62
        if n < 31:
            result[n] = (0xFFFFFFFF if value >> low & 1 else 0) | (0xFFFFFFFF << 32 if value >> low & 2 else 0)
        v = value >> 64 + 3 * n & 7
        result[34 + 2 * n] = (0xFFFFFFFF if v & 1 else 0) | (0xFFFFFFFF << 32 if v & 2 else 0)
        result[35 + 2 * n] = 0xFFFFFFFFFFFFFFFF if v & 4 else 0
    result[31] = 0xFFFFFFFFFFFFFFFF if value & SP else 0
    result[32] = 0xF << 28 if value & NZCV else 0
    return result


def _corners() -> np.ndarray:
    found = {0, 1, 2, 3, 7, 8, 31, 32, 33, 63, 64, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF}
    for k in (8, 15, 16, 31, 32, 33, 62, 63):
        found |= {(1 << k) - 1, 1 << k, (1 << k) + 1, -(1 << k) & (1 << 64) - 1}
    for f in (0.0, 1.0, -1.5, 1e10, 3e38, float("inf"), float("-inf"), float("nan"), 5e-324, 1e-40):
        found.add(struct.unpack("<Q", struct.pack("<d", f))[0])
        narrow = struct.unpack("<I", struct.pack("<f", f))[0]
        found |= {narrow, narrow << 32 | narrow, 0x7F8000017F800001, 0x7FF0000000000001}
    return np.array(sorted(found | {(1 << 64) - 1 - v for v in found}), np.uint64)


CORNERS = _corners()


def draw(random: np.random.Generator, count: int) -> np.ndarray:
    """`count` records: random and corner values; every NZCV alike."""
    wild = random.integers(0, 1 << 64, (count, WORDS), np.uint64, endpoint=False)
    corner = CORNERS[random.integers(0, len(CORNERS), (count, WORDS))]
    values = np.where(random.random((count, WORDS)) < random.choice([0.1, 0.5, 0.9], (count, 1)), corner, wild)
    values[:, 32] = random.integers(0, 16, count, np.uint64) << np.uint64(28)
    values[:, 31] &= np.uint64(0xFFFFFFF0)
    return values


def number(register: str) -> int:
    return 31 if register == "sp" else int(register[1:])


def extended(access: Access, value: int) -> int:
    if access.extend in ("uxtw", "sxtw"):
        value &= 0xFFFFFFFF
        value -= (value >> 31 << 32) if access.extend == "sxtw" else 0
    return value << access.shift


def address(access: Access, record: np.ndarray) -> int:
    offset = extended(access, int(record[number(access.index)])) if access.index else 0
    return (int(record[number(access.base)]) + offset + access.displacement) % (1 << 64)


def steer(word: int, claim: Effect, record: np.ndarray, random: np.random.Generator) -> None:
    """Make every access of the instruction fall into MEMORY."""
    target = MEMORY + MEMORY_SIZE // 2 + int(random.integers(-64, 64))
    for access in claim.accesses:
        if access.index and number(access.index) == number(access.base):
            record[number(access.base)] = target // (1 + (1 << access.shift))
        else:
            record[number(access.base)] = 0
            record[number(access.base)] = (target - address(access, record)) % (1 << 64)
    if claim.kind is Kind.PINNED and word & 0x0A000000 == 0x08000000:
        record[word >> 5 & 31] = target
    if claim.kind in (Kind.INDIRECT, Kind.RETURN, Kind.CALL):
        record[word >> 5 & 31] = RUN + 4 * int(random.integers(0, 1000))


def covered(claim: Effect, record: np.ndarray) -> dict[bool, set[int]]:
    result: dict[bool, set[int]] = {False: set(), True: set()}
    for access in claim.accesses:
        start = address(access, record)
        result[access.store] |= set(range(start, start + access.size))
    return result


def touched(events) -> dict[bool, set[int]]:
    result: dict[bool, set[int]] = {False: set(), True: set()}
    for store, start, size, _ in events:
        result[store] |= set(range(start, start + size))
    return result


BRANCHES = (Kind.JUMP, Kind.CONDITIONAL, Kind.INDIRECT, Kind.RETURN, Kind.CALL)


def wrong(machine: Machine, word: int, states: int, seed: int) -> str | None:
    """What the emulator does and `effect(word)` does not say, or None. Raises UcError where it cannot run."""
    claim = effect(word)
    random = np.random.default_rng((seed, word))
    machine.place(word)
    writes, unread = mask(claim.writes), ~mask(claim.reads)
    unread[31] &= np.uint64(0xFFFFFFF0)
    unread[32] &= np.uint64(0xF << 28)
    firsts, others = draw(random, states), draw(random, states)
    for first, other in zip(firsts, others):
        steer(word, claim, first, random)
        second = first & ~unread | other & unread
        branches = claim.kind in BRANCHES
        one, two = machine.run(first, branches), machine.run(second, branches)
        for record, outcome in ((first, one), (second, two)):
            changed = (record ^ outcome.record) & ~writes
            if changed.any():
                return f"writes word {np.flatnonzero(changed)} of the record too"
            if claim.kind is not Kind.PINNED and covered(claim, record) != touched(outcome.events):
                return f"accesses {outcome.events}, not {claim.accesses}"
        differs = (one.record ^ two.record) & writes
        if differs.any():
            return f"word {np.flatnonzero(differs)} of the record hangs on what is not read"
        if one.pc != two.pc or one.events != two.events:
            return "pc or accesses hang on what is not read"
    return None


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    return Machine(tmp_path_factory.mktemp("machine"))


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    """Assembly -> word of every measured instruction form."""
    lines = [line.split("\t")[2] for line in (DATA / "forms.tsv").read_text().splitlines()[1:]]
    code = words(assemble("\n".join(lines), tmp_path_factory.mktemp("forms"), "forms"))
    assert len(code) == len(lines) == 1829
    return dict(zip(lines, code))


def word_of(line: str, folder: Path) -> int:
    (word,) = words(assemble(line, folder, "one"))
    return word


def complaints(machine: Machine, forms: dict[str, int], states: int) -> list[str]:
    found = {line: wrong(machine, word, states, 3) for line, word in forms.items() if effect(word) != UNKNOWN}
    return [f"{line}: {complaint}" for line, complaint in found.items() if complaint]


def test_every_measured_form_does_what_is_said(machine, forms):
    assert [line for line, word in forms.items() if effect(word) == UNKNOWN] == []
    assert complaints(machine, forms, STATES) == []


def compiled_forms(folder: Path) -> dict[str, tuple[int, ...]]:
    """Up to two words of each shape (text with numbers masked) that clang makes of C here."""
    sources = [DATA / "corpus.c"]
    for seed in (11, 12, 13):
        sources.append(folder / f"random{seed}.c")
        subprocess.run(["csmith", "--float", "-s", str(seed), "-o", sources[-1]], check=True, cwd=folder)
    found: dict[str, tuple[int, ...]] = {}
    for source in sources:
        for level in ("-O0", "-O2", "-O3"):
            target = folder / "corpus.o"
            command = ["clang-19", "--target=aarch64-linux-gnu", level, "-w", "-I/usr/include/csmith", "-c", source]
            subprocess.run([*command, "-o", target], check=True)
            for word, text in disassembled(target):
                shape = re.sub(r"(?<![a-z])-?(0x[0-9a-f]+|\d+)|(?<=[wxvqdshb])\d+", "N", text)
                if len(found.get(shape, ())) < 2:
                    found[shape] = (*found.get(shape, ()), word)
    return found


def disassembled(target: Path) -> list[tuple[int, str]]:
    listing = subprocess.run(["llvm-objdump-19", "-d", target], check=True, capture_output=True, text=True).stdout
    pairs = re.findall(r"^ +[0-9a-f]+: ([0-9a-f]{8})\s+([^<\n]*[^<\s])", listing, re.M)
    return [(int(word, 16), re.sub(r"\s+", " ", text.split(" //")[0])) for word, text in pairs]


def test_every_form_of_compiled_code_does_what_is_said(machine, tmp_path):
    shapes = compiled_forms(tmp_path)
    assert len(shapes) > 400
    found = {f"{shape} {word:#x}": word for shape, each in shapes.items() for word in each}
    assert [text for text, word in found.items() if effect(word) == UNKNOWN] == []
    assert complaints(machine, found, STATES) == []


def random_words(count: int):
    """Words of the groups that `effect` decodes, with the sparse encodings drawn more often."""
    random = np.random.default_rng(7)
    for _ in range(count):
        word = int(random.integers(0, 1 << 32)) & ~(15 << 25)
        group = int(random.choice([8, 9, 5, 13, 7, 15, 7, 15, 7, 4, 6, 12, 14]))
        word |= group << 25
        if group & 7 == 7 and random.random() < 0.4:  # one source, across lanes
            word = word & ~(0x1F << 17 | 3 << 10) | int(random.choice([0x10, 0x18, 0x14, 0x1C])) << 17 | 2 << 10
        if group & 7 == 7 and random.random() < 0.3:  # scalar
            word = word & ~(0xFF << 24) | int(random.choice([0x1E, 0x1F, 0x9E, 0x5E, 0xCE])) << 24
        if group & 7 == 5 and random.random() < 0.3:  # one and two sources
            word = word & ~(0x1FE << 20) | 0xD6 << 21
        yield word


def test_random_words_do_what_is_said(machine):
    """Whatever is not UNKNOWN both runs and behaves."""
    claimed = [word for word in random_words(FUZZ) if effect(word) != UNKNOWN]
    assert len(claimed) > FUZZ // 4
    assert complaints(machine, {hex(word): word for word in claimed}, 2) == []


@pytest.mark.parametrize(
    "line", ["adc x0, x1, x2", "ldr w0, [x1, w2, sxtw #2]", "movk x0, #1", "xtn2 v0.16b, v1.8h", "stp x0, x3, [sp, #8]"]
)
def test_the_comparison_notices_each_missing_part(machine, tmp_path, monkeypatch, line):
    word = word_of(line, tmp_path)
    truth = effect(word)
    accesses = {number(name) for a in truth.accesses for name in (a.base, a.index) if name}
    addresses = sum(SP if n == 31 else x(n) for n in accesses)
    missing = [(1 << bit, 0) for bit in range(160) if (truth.reads & ~addresses) >> bit & 1]
    missing += [(0, 1 << bit) for bit in range(160) if (truth.writes & ~truth.reads) >> bit & 1]
    assert missing
    for read, written in missing:
        claim = Effect(truth.kind, truth.reads & ~read, truth.writes & ~written, truth.accesses)
        monkeypatch.setitem(globals(), "effect", lambda _: claim)
        assert wrong(machine, word, 60, 1), (names(read), names(written))


@pytest.mark.parametrize(
    "change", [{"size": 4}, {"displacement": 9}, {"store": True}, {"shift": 0}, {"extend": "uxtw"}]
)
def test_the_comparison_notices_a_wrong_access(machine, tmp_path, monkeypatch, change):
    word = word_of("ldr x0, [x1, w2, sxtw #3]", tmp_path)
    truth = effect(word)
    claim = replace(truth, accesses=(replace(truth.accesses[0], **change),))
    monkeypatch.setitem(globals(), "effect", lambda _: claim)
    try:
        assert wrong(machine, word, 60, 1)
    except unicorn.UcError as error:
        assert error.errno == unicorn.UC_ERR_READ_UNMAPPED
