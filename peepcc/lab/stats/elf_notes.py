"""The notes that peepcc left in objects and archives."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from elftools.common.exceptions import ELFError
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import Section

from ...errors import PeepccError
from ...report.note import KIND, OWNER, SECTION, Note, parsed

_ELF = b"\x7fELF"
_ARCHIVE, _THIN = b"!<arch>\n", b"!<thin>\n"
_MEMBER = 60  # bytes of a member's header


class Unknown(PeepccError):
    """A file that is none of these, or broken."""


def read_notes(path: Path) -> tuple[Note, ...]:
    """One note an object with rewrites, in their order. Raises Unknown, OSError."""
    data = path.read_bytes()
    if data.startswith(_ARCHIVE):
        return tuple(
            note for member in _members(data, path) if member.startswith(_ELF) for note in _of_elf(member, path)
        )
    if data.startswith(_THIN):
        raise Unknown(f"{path}: a thin archive holds no objects: name these")
    if not data.startswith(_ELF):
        raise Unknown(f"{path}: no object, archive or report")
    return tuple(_of_elf(data, path))


def notes(section: Section) -> Iterator[Note]:
    """Those of a section of our name. Raises Unknown where something else is in it."""
    data, order = section.data(), "little" if section.elffile.little_endian else "big"
    place = 0
    while place < len(data):
        name, size, kind = (int.from_bytes(data[place + n : place + n + 4], order) for n in (0, 4, 8))
        start = place + 12 + _padded(name)
        owner, text = data[place + 12 : place + 12 + name], data[start : start + size]
        note = parsed(text) if owner.rstrip(b"\0") == OWNER.encode() and kind == KIND else None
        if note is None:
            raise Unknown(f"{SECTION} holds something else")
        yield note
        place = start + _padded(size)


def _padded(size: int) -> int:
    return size + 3 & ~3


def _of_elf(data: bytes, path: Path) -> Iterator[Note]:
    try:
        section = ELFFile(io.BytesIO(data)).get_section_by_name(SECTION)
        if section is not None:
            yield from notes(section)
    except (ELFError, Unknown, ValueError, KeyError) as error:
        raise Unknown(f"{path}: {error}") from None


def _members(data: bytes, path: Path) -> Iterator[bytes]:
    """What `ar` holds, its own tables too."""
    place = len(_ARCHIVE)
    while place + _MEMBER <= len(data):
        size = data[place + 48 : place + 58].strip()
        if data[place + 58 : place + 60] != b"`\n" or not size.isdigit():
            raise Unknown(f"{path}: a broken archive")
        yield data[place + _MEMBER : place + _MEMBER + int(size)]
        place += _MEMBER + int(size) + int(size) % 2
