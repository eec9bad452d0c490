"""One example: a window with all that it is judged by, and the best body known for it; as JSON lines and back.

A file of examples stands for itself: whoever reads one can build the obligation again,
without the source that it came from. It does not promise that the target is right: who
makes examples says by `evidence` what it is worth.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from types import MappingProxyType

from ..analysis.encoded import program
from ..analysis.obligation import Known
from ..analysis.windows import Window
from ..assembly.encode import Encoder
from ..assembly.parse import Unreadable, parse_instruction
from ..assembly.print import print_instruction
from ..assembly.syntax import Instruction
from ..errors import PeepccError
from ..propose.model import language as canonical
from ..propose.protocol import Request
from ..propose.request import request_of

SCHEMA = 1
PROVED, EMULATED, UNCHANGED = "proved", "emulated", "unchanged"
_TOGETHER = 8192  # rows whose instructions are assembled in one run


class NoExample(PeepccError):
    """A row that is not of the schema, or that this assembler does not take."""


@dataclass(frozen=True, slots=True)
class Example:
    """`window`: as analysis cut it; what was read back has no function, lines or distances.

    `target`: instruction lines as `print_instruction` writes them, the source's own where
    nothing is better. `teacher`: who found the target, "" where nobody did. `evidence`:
    PROVED, EMULATED or UNCHANGED. `level`: the compiler's option, behind the compiler's
    name where it is not clang ("gcc -O2").
    """

    window: Window
    target: tuple[str, ...]
    teacher: str
    evidence: str
    package: str
    level: str

    @property
    def source(self) -> tuple[str, ...]:
        """The window's instruction lines."""
        return body(self.window)

    @property
    def improved(self) -> bool:
        return self.evidence != UNCHANGED


def body(window: Window) -> tuple[str, ...]:
    """The window's instruction lines, without labels."""
    return tuple(print_instruction(item) for item in window.items if not isinstance(item, str))


def key(example: Example) -> str:
    """Hex digest of the window's canonical form: equal for windows that a model cannot tell apart."""
    return request_key(request_of(example.window))


def request_key(request: Request) -> str:
    prompt = canonical.encode(request)
    return hashlib.sha256((prompt.text if prompt else repr(request)).encode()).hexdigest()[:32]


def to_json(example: Example) -> dict[str, object]:
    """A value for JSON, of the schema."""
    window = example.window
    known = {
        "constants": {str(n): value for n, value in sorted(window.known.constants.items())},
        "zero_extended": {str(n): bits for n, bits in sorted(window.known.zero_extended.items())},
        "sign_extended": {str(n): bits for n, bits in sorted(window.known.sign_extended.items())},
        "equal": [sorted(group) for group in window.known.equal],
    }
    return {
        "schema": SCHEMA,
        "lines": [f"{item}:" if isinstance(item, str) else print_instruction(item) for item in window.items],
        "target": list(example.target),
        "live_out": {way: f"{parts:x}" for way, parts in window.live_out.items()},
        "known": {name: fact for name, fact in known.items() if fact},
        "aliases": dict(window.aliases),
        "ordered": window.ordered,
        "teacher": example.teacher,
        "evidence": example.evidence,
        "package": example.package,
        "level": example.level,
    }


def from_json(value: Mapping[str, object], encoder: Encoder) -> Example:
    """The example that the value is. Raises NoExample.

    One run of the assembler, unless the encoder knows the lines: `from_rows` tells it many at once.
    """
    try:
        items = _items(value)
        source = program(items, encoder)
        known = value["known"]
        facts = (_numbered(known.get(name, {})) for name in ("constants", "zero_extended", "sign_extended"))
        live_out = {way: int(parts, 16) for way, parts in value["live_out"].items()}
        window = (
            None
            if source is None
            else Window(
                "",
                items,
                (0,) * len(items),
                source,
                MappingProxyType(live_out),
                Known(*facts, tuple(map(frozenset, known.get("equal", ())))),
                MappingProxyType(dict(value["aliases"])),
                value["ordered"],
                MappingProxyType({}),
            )
        )
        if window is None:
            raise NoExample(f"does not assemble: {'; '.join(value['lines'])[:200]}")
        return Example(
            window, tuple(value["target"]), value["teacher"], value["evidence"], value["package"], value["level"]
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NoExample(f"not an example: {error!r}"[:200]) from error


def check(value: object) -> None:
    """Raises NoExample where the value is not of the schema, and says where."""
    problem = next(_validator().iter_errors(value), None)
    if problem is not None:
        raise NoExample(f"{problem.json_path}: {problem.message[:200]}")


def read_rows(path: Path) -> Iterator[dict]:
    """The values in a JSONL file, `.gz` or plain. Raises NoExample with the line's number, and OSError."""
    with _opened(path) as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield json.loads(line)
            except ValueError as error:
                raise NoExample(f"{path}, line {number}: {error}") from error


def read_examples(path: Path, encoder: Encoder) -> Iterator[Example]:
    """The examples of a file, in order. Raises NoExample, OSError."""
    yield from from_rows(read_rows(path), encoder)


def from_rows(rows: Iterable[Mapping[str, object]], encoder: Encoder) -> Iterator[Example]:
    """The examples that the values are, in order; few runs of the assembler for all. Raises NoExample."""
    rows = iter(rows)
    while some := list(islice(rows, _TOGETHER)):
        encoder.encode_instructions([item for row in some for item in _items(row) if not isinstance(item, str)])
        for row in some:
            yield from_json(row, encoder)


def write_examples(path: Path, examples: Iterable[Example]) -> int:
    """Writes all or nothing, and says how many; equal examples make equal files, on any day. Raises OSError."""
    return write_rows(path, map(to_json, examples))


def write_rows(path: Path, rows: Iterable[Mapping[str, object]]) -> int:
    """The same for values that are JSON already."""
    count = 0
    partial = path.with_name(f"{path.name}.part")
    with partial.open("wb") as raw:
        packed = (
            gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=raw, mtime=0)
            if path.suffix == ".gz"
            else raw
        )
        with io.TextIOWrapper(packed, encoding="utf-8") as out:
            for row in rows:
                out.write(json.dumps(row, separators=(",", ":")) + "\n")
                count += 1
    os.replace(partial, path)
    return count


def _opened(path: Path):
    return gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8")


def items_of(lines: Iterable[str]) -> tuple[Instruction | str, ...]:
    """Instructions, and the names of labels, of lines as a set has them. Raises Unreadable."""
    return tuple(line[:-1] if line.endswith(":") else _instruction(line) for line in lines)


def _items(value: Mapping[str, object]) -> tuple[Instruction | str, ...]:
    try:
        return items_of(value["lines"])
    except (KeyError, TypeError, AttributeError, Unreadable) as error:
        raise NoExample(f"not an example: {error!r}"[:200]) from error


@lru_cache(1 << 18)  # lines repeat
def _instruction(line: str) -> Instruction:
    return parse_instruction(line)


def _numbered(facts: Mapping[str, int]) -> Mapping[int, int]:
    return MappingProxyType({int(n): value for n, value in facts.items()})


@cache
def _validator():
    from jsonschema import Draft202012Validator  # slow: for what comes from elsewhere

    return Draft202012Validator(json.loads((Path(__file__).parent / "example.json").read_text(encoding="utf-8")))
