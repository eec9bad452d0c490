"""The one importer of Unicorn: runs a harness over records in memory that both sides share."""

from __future__ import annotations

import mmap

import numpy as np
import unicorn
from unicorn import arm64_const as arm64

from .layout import FAR, RECORDS, Unsupported

_RECORD_BYTES = 1 << 24
_PAGE = 1 << 16
_END_BYTES = _PAGE
HEAD = RECORDS + _RECORD_BYTES + _END_BYTES - 8  # of the list of records
_CODE = (1 << 20, 1 << 22)
_CODE_BYTES = 1 << 21
_GAP = 64  # that the end of a code, where the emulator stops, is in no other


class NotRun(Unsupported):
    """The CPU model does not know an instruction."""


class Machine:
    """Not for two threads at once. The first CPU model is the emulator's own, the second has every extension."""

    def __init__(self):
        self._memory = mmap.mmap(-1, _RECORD_BYTES + _END_BYTES, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        self._words = np.frombuffer(self._memory, np.uint64)
        self._engines: dict[bool, unicorn.Uc] = {}
        self._loaded: dict[tuple[bool, int], dict[bytes, int]] = {}  # where each code lies
        self._free: dict[tuple[bool, int], int] = {}

    def capacity(self, stride: int) -> int:
        """How many records of `stride` bytes one run may have."""
        return _RECORD_BYTES // stride

    def records(self, count: int, stride: int) -> np.ndarray:
        """The first `count` records as uint64 (count, stride / 8); row n is at RECORDS + n * stride. Not cleared."""
        return self._words[: count * stride // 8].reshape(count, stride // 8)

    def run(
        self, code: bytes, side: int, rows: np.ndarray, stride: int, link: int, rounding: int | None, extended: bool
    ) -> None:
        """Runs `code` over the records with the numbers `rows` (int64, not empty).

        `side`, 0 or 1, chooses in which region the code lies; `link` is the byte in a record that holds the next one's
        address; `rounding` is FPCR, None where the code sets it or needs none. Raises NotRun.
        """
        engine = self._engine(extended)
        places = rows * stride
        addresses = places + RECORDS
        self._words[-1] = addresses[0]
        places += link
        places >>= 3
        self._words[places[:-1]] = addresses[1:]
        self._words[places[-1]] = 0
        try:
            start = self._loaded[extended, side].get(code) or self._load(engine, (extended, side), code)
            if rounding is not None:
                engine.reg_write(arm64.UC_ARM64_REG_FPCR, rounding)
            engine.emu_start(start, start + len(code))
        except unicorn.UcError as error:
            raise NotRun(f"the emulator does not run an instruction: {error}") from error

    def _load(self, engine: unicorn.Uc, region: tuple[bool, int], code: bytes) -> int:
        """Where the code lies from now on: after the others, as translating anew costs.

        They are dropped where no room is left.
        """
        start, first = self._free[region], _CODE[region[1]]
        if len(code) + _GAP > _CODE_BYTES:
            raise Unsupported("the block is too long to be emulated")
        if start + len(code) + _GAP > first + _CODE_BYTES:
            self._loaded[region].clear()
            engine.ctl_flush_tb()  # mem_write and ctl_remove_cache leave old translations behind
            start = first
        engine.mem_write(start, code)
        self._loaded[region][code] = start
        self._free[region] = start + len(code) + _GAP & -_GAP
        return start

    def _engine(self, extended: bool) -> unicorn.Uc:
        if extended not in self._engines:
            engine = unicorn.Uc(unicorn.UC_ARCH_ARM64, unicorn.UC_MODE_ARM)
            if extended:
                engine.ctl_set_cpu_model(arm64.UC_CPU_ARM64_MAX)
            # Large pages that are filled in here: otherwise each store goes a slow way, ten times as slow as a load.
            engine.ctl_set_page_size(_PAGE)
            engine.ctl_set_tlb_mode(unicorn.UC_TLB_VIRTUAL)
            engine.hook_add(unicorn.UC_HOOK_TLB_FILL, _fill)
            for side, start in enumerate(_CODE):
                engine.mem_map(start, _CODE_BYTES)
                self._loaded[extended, side], self._free[extended, side] = {}, start
            for start in range(RECORDS, RECORDS + FAR + 1, 1 << 32):
                engine.mem_map_ptr(
                    start,
                    _RECORD_BYTES + _END_BYTES,
                    unicorn.UC_PROT_READ | unicorn.UC_PROT_WRITE,
                    self._words.ctypes.data,
                )
            self._engines[extended] = engine
        return self._engines[extended]


def _fill(engine: unicorn.Uc, address: int, access: int, entry: object, data: object) -> bool:
    """Each address is its own; code can be run, records can be written."""
    entry.paddr = address & -_PAGE
    entry.perms = unicorn.UC_PROT_READ | (unicorn.UC_PROT_WRITE if address >= RECORDS else unicorn.UC_PROT_EXEC)
    return True
