"""The one importer of Unicorn: runs a harness over records in memory that both sides share."""

from __future__ import annotations

import mmap

import numpy as np
import unicorn
from unicorn import arm64_const as arm64

from .emulate_layout import WINDOW, Unsupported

RECORDS = 1 << 28
_RECORD_BYTES = 1 << 24
_WINDOW_BYTES = 1 << 14  # more than any window: an access may begin inside and end outside
_CODE = (1 << 20, 1 << 21)
_CODE_BYTES = 1 << 20
_MICROSECONDS_PER_RECORD = 2000  # nothing in a harness loops without end; this is a net


class Machine:
    """Not for two threads at once. The first CPU model is the emulator's own, the second has every extension."""

    def __init__(self):
        self._memory = mmap.mmap(-1, _RECORD_BYTES, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        self._words = np.frombuffer(self._memory, np.uint64)
        self._engines: dict[bool, unicorn.Uc] = {}

    def capacity(self, stride: int) -> int:
        """How many records of `stride` bytes one run may have."""
        return _RECORD_BYTES // stride

    def run(self, code: bytes, side: int, records: np.ndarray, more: int, rounding: int, extended: bool) -> None:
        """Runs `code` (0 or 1 by `side`, for its address) over uint64 `records` (n, words) in place.

        `more` is the word that links a record to its next one; `rounding` is FPCR. Raises
        Unsupported where the CPU model does not run an instruction.
        """
        if len(code) > _CODE_BYTES:
            raise Unsupported("the block is too long to be emulated")
        engine = self._engine(extended)
        records[:, more] = 1
        records[-1, more] = 0
        count = records.size
        self._words[:count] = records.reshape(-1)
        try:
            engine.mem_write(_CODE[side], code)
            engine.ctl_remove_cache(_CODE[side], _CODE[side] + len(code))  # mem_write leaves old translations behind
            engine.reg_write(arm64.UC_ARM64_REG_FPCR, rounding)
            engine.emu_start(_CODE[side], _CODE[side] + len(code), timeout=_MICROSECONDS_PER_RECORD * len(records))
        except unicorn.UcError as error:
            raise Unsupported(f"the emulator does not run an instruction: {error}") from error
        if engine.reg_read(arm64.UC_ARM64_REG_PC) != _CODE[side] + len(code):
            raise Unsupported("the emulator did not finish")
        records.reshape(-1)[:] = self._words[:count]

    def _engine(self, extended: bool) -> unicorn.Uc:
        if extended not in self._engines:
            engine = unicorn.Uc(unicorn.UC_ARCH_ARM64, unicorn.UC_MODE_ARM)
            if extended:
                engine.ctl_set_cpu_model(arm64.UC_CPU_ARM64_MAX)
            for start in _CODE:
                engine.mem_map(start, _CODE_BYTES)
            engine.mem_map(WINDOW, _WINDOW_BYTES)
            engine.mem_map_ptr(RECORDS, _RECORD_BYTES, unicorn.UC_PROT_READ | unicorn.UC_PROT_WRITE, self._words.ctypes.data)
            self._engines[extended] = engine
        return self._engines[extended]
