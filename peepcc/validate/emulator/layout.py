"""What one emulated state looks like in memory: inputs, and the outputs of both sides.

A record is a row of 64-bit words. All offsets here are in bytes from its start. A record
begins with the memory that its state's accesses must stay in, so that the loop needs not
copy it: the same record is run by the source, restored, and run by the target.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ...analysis.obligation import Access, Kind, Obligation, Program, Step
from ...analysis.registers import ALL, NZCV, SP, Parts, parts, q, union, x
from ...errors import PeepccError

RECORDS = 1 << 32  # where the records lie; the upper half of a pointer is then the small number 1
FAR_BITS = (
    32,
    5,
)  # first and count: the records are seen at these distances as well, where a 32-bit index that wraps leads
FAR = 31 << 32
NOT_EXECUTED = (1 << 64) - 1  # in the log of addresses
INVALID = 0  # exit number of a state whose access would leave the window
_LARGEST_WINDOW = 8192  # unless what one pointer reaches is longer
_LONGEST_REACH = 1 << 17  # more than between the farthest immediate offsets of one base
_LONGEST_ACCESS = 64
_SMALLEST_WINDOW = 256
_X = tuple(map(x, range(31)))
_Q = tuple(map(q, range(32)))


class Unsupported(PeepccError):
    """The emulator cannot say anything about this obligation."""


@dataclass(frozen=True, slots=True)
class Site:
    """An access of a program, by the step that makes it.

    `wanders`: it may be far from where its base points at entry, as it has an index or a computed base.
    """

    step: int
    access: Access
    wanders: bool


def sites(program: Program) -> tuple[Site, ...]:
    found: list[Site] = []
    computed: Parts = 0
    for n, step in enumerate(program.steps):
        for access in step.effect.accesses:
            found.append(Site(n, access, access.index is not None or bool(parts(access.base) & computed)))
        computed |= step.effect.writes if not step.effect.accesses else 0
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Side:
    """Where one program's outputs are.

    `general`, `vectors`: offsets by register number, of what is written and of interest.

    `stacks`: by step that writes sp, where sp is noted after it.
    `marks`: by step that begins a basic block, where it is noted that control got there;
    `selects`: by step that is no branch and reads the flags, where those are noted;
    `compares`: by step that compares lanes, where its result is noted.
    `followers`: by number of a site, that of an earlier one; when it is reached, both are sure to be, from the same
    base.
    """

    exit: int
    branch: int
    flags: int | None
    stack: int | None
    general: dict[int, int]
    vectors: dict[int, int]
    log: int
    stacks: dict[int, int]
    marks: dict[int, int]
    selects: dict[int, int]
    compares: dict[int, int]
    followers: dict[int, int]


@dataclass(frozen=True)
class Layout:
    """`next` holds the address of the next record, or 0; `pointer`, `scratch` are registers that no side mentions."""

    source_sites: tuple[Site, ...]
    target_sites: tuple[Site, ...]
    general: dict[int, int]
    vectors: dict[int, int]
    stack: int | None
    flags: int | None
    next: int
    rounding: int | None  # FPCR
    outputs: int  # where the inputs end
    middle: int  # where the source's outputs end
    size: int  # bytes of the window, 0 where nothing is accessed
    source: Side
    target: Side
    stride: int
    pointer: int
    scratch: int

    @property
    def window(self) -> slice:
        """The words of the window."""
        return slice(0, self.size // 8)

    @property
    def bias(self) -> int:
        """How far behind a record's start the harness's pointer is: what lies behind a long window would be out of its
        reach.
        """
        return self.size if self.size > _LARGEST_WINDOW else 0


class _Places:
    """Hands out offsets."""

    def __init__(self, start: int):
        self.end = start

    def take(self, size: int, alignment: int) -> int:
        start = -(-self.end // alignment) * alignment
        self.end = start + size
        return start


def layout(obligation: Obligation, size: int, live: Parts | None = None) -> Layout:
    """`size`: bytes of the window, see `window_size`. `live`: what is of interest at any exit; with it, each state with
    vectors has its FPCR, and logs need `access_log.complete`. Raises Unsupported where no two registers are free."""
    return with_target(source_layout(obligation.source, mentioned(obligation), size, live), obligation.target, live)


def mentioned(obligation: Obligation) -> Parts:
    """What the instructions of either side read or write."""
    return union(
        step.effect.reads | step.effect.writes
        for program in (obligation.source, obligation.target)
        for step in program.steps
    )


def source_layout(source: Program, mentioned: Parts, size: int, live: Parts | None) -> Layout:
    """The layout of an obligation whose target is still to come; `mentioned`: by both. Raises Unsupported."""
    free = [n for n in range(30, -1, -1) if not mentioned & _X[n]]
    if len(free) < 2:
        raise Unsupported("too few registers are free for the emulator's loop")
    places = _Places(size + _LONGEST_ACCESS if size else 0)  # one may begin inside and end outside
    general = {n: places.take(8, 8) for n in range(31) if mentioned & _X[n]}
    stack = places.take(8, 8) if mentioned & SP else None
    flags = places.take(8, 8) if mentioned & NZCV else None
    next_ = places.take(8, 8)
    vectors = {n: places.take(16, 16) for n in range(32) if mentioned & _Q[n]}
    mode = places.take(8, 8) if live is not None and vectors else None
    found = sites(source)
    outputs = places.take(0, 8)
    side = _side(source, places, found, live)
    return Layout(
        found,
        (),
        general,
        vectors,
        stack,
        flags,
        next_,
        mode,
        outputs,
        places.end,
        size,
        side,
        side,
        places.take(0, 64),
        *free[:2],
    )


def with_target(alone: Layout, target: Program, live: Parts | None) -> Layout:
    """`alone`, as `source_layout` made it with the same `live`, and room for what the target leaves."""
    places = _Places(alone.middle)
    found = sites(target)
    far = any(
        site.wanders for site in alone.source_sites
    )  # the target may go wherever the source went, by other ways to the address
    if any(site.wanders is not far for site in found):
        found = tuple(replace(site, wanders=far) for site in found)
    side = _side(target, places, found, live)
    return replace(alone, target_sites=found, target=side, stride=places.take(0, 64))


def leaders(program: Program) -> tuple[int, ...]:
    """Where basic blocks begin, the first left out: after conditional branches, and at labels."""
    after = {n + 1 for n, step in enumerate(program.steps) if step.effect.kind is Kind.CONDITIONAL}
    return tuple(sorted((after | set(program.labels.values())) - {0}))


def _side(program: Program, places: _Places, found: tuple[Site, ...], live: Parts | None) -> Side:
    written: Parts = union(step.effect.writes for step in program.steps)
    followers = {} if live is None else _followers(program, found)
    live = ALL if live is None else live
    return Side(
        places.take(8, 8),
        places.take(8, 8),
        places.take(8, 8) if written & NZCV & live else None,
        places.take(8, 8) if written & SP else None,
        {n: places.take(8, 8) for n, part in enumerate(_X) if written & part and live & part},
        {n: places.take(16, 16) for n, part in enumerate(_Q) if written & part and live & part},
        places.take(8 * len(found), 8),
        {n: places.take(8, 8) for n, step in enumerate(program.steps) if step.effect.writes & SP},
        {n: places.take(8, 8) for n in leaders(program)},
        {
            n: places.take(8, 8)
            for n, step in enumerate(program.steps)
            if step.effect.reads & NZCV and step.effect.kind is Kind.PLAIN
        },
        {n: places.take(16, 16) for n, step in enumerate(program.steps) if _compares_lanes(step)},
        followers,
    )


def _followers(program: Program, found: tuple[Site, ...]) -> dict[int, int]:
    result: dict[int, int] = {}
    begins = frozenset(leaders(program))
    first: dict[str, int] = {}  # base -> the first site by its present value
    at = 0
    for n, step in enumerate(program.steps):
        if n in begins or (n and program.steps[n - 1].effect.kind is not Kind.PLAIN):
            first.clear()
        while at < len(found) and found[at].step == n:
            access = found[at].access
            if access.index is None and first.setdefault(access.base, at) != at:
                result[at] = first[access.base]
            at += 1
        first = {base: site for base, site in first.items() if not step.effect.writes & parts(base)}
    return result


def _compares_lanes(step: Step) -> bool:
    """cmeq, fcmgt, facge, cmtst and so on, unless a register is compared with itself."""
    name, operands = step.instruction.mnemonic, step.instruction.operands
    return name.startswith(("cm", "fcm", "fac")) and not step.effect.writes & NZCV and operands[1:2] != operands[2:3]


def window_size(span: int) -> int:
    """Bytes of memory for accesses whose displacements from one pointer span `span` bytes; a power of two."""
    size = _SMALLEST_WINDOW
    while size < 2 * span + 64 and size < _LARGEST_WINDOW:
        size *= 2
    while size < span + 32:
        size *= 2
    if size > _LONGEST_REACH:
        raise Unsupported("the accesses are too far apart for the emulator's memory")
    return size
