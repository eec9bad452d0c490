"""What the vector instructions of the campaign `pairs` do, lane by lane, by mnemonic."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ....assembly.syntax import Immediate, Operand, Register, VectorRegister
from .integers import OPERATIONS as INTEGERS
from .machine import Machine, Operation, mask, name_of, signed, width

_ELEMENT = {"b": 8, "h": 16, "s": 32, "d": 64}


def shape(operand: Operand) -> tuple[int, int]:
    """(bits of a lane, number of lanes)."""
    if isinstance(operand, Register):
        return width(operand.name), 1
    assert isinstance(operand, VectorRegister) and operand.arrangement
    return _ELEMENT[operand.arrangement[-1]], int(operand.arrangement[:-1] or 1)


def split(m: Machine, operand: Operand) -> list[int]:
    bits, count = shape(operand)
    held = m.get(name_of(operand))
    return [held >> bits * n & mask(bits) for n in range(count)]


def put(m: Machine, operand: Operand, lanes: Sequence[int]) -> None:
    """All lanes; what lies above becomes zero."""
    bits, _ = shape(operand)
    m.put(name_of(operand), sum((each & mask(bits)) << bits * n for n, each in enumerate(lanes)))


def _lanewise(function: Callable[..., int], keeps: bool = False) -> Operation:
    """`function` takes the bits of a lane and the lanes of the sources; "
    "`keeps`: of the target first. A number stands for all lanes."""

    def operation(m: Machine, operands: Sequence[Operand]) -> None:
        bits, count = shape(operands[0])
        sources = [
            [int(each.value)] * count if isinstance(each, Immediate) else split(m, each)
            for each in operands[0 if keeps else 1 :]
        ]
        put(m, operands[0], [function(bits, *lanes) for lanes in zip(*sources)])

    return operation


def _or_integer(name: str, vector: Operation) -> Operation:
    """The same word for vectors and for general registers."""

    def operation(m: Machine, operands: Sequence[Operand]) -> None:
        (vector if isinstance(operands[0], VectorRegister) else INTEGERS[name])(m, operands)

    return operation


def _compare(holds: Callable[[int, int], bool], signs: bool) -> Operation:
    def function(bits: int, one: int, two: int) -> int:
        return -int(holds(signed(one, bits), signed(two, bits)) if signs else holds(one, two))

    return _lanewise(function)


def _extreme(choose, signs: bool):
    return _lanewise(lambda bits, one, two: choose(one, two, key=lambda each: signed(each, bits) if signs else each))


def _pairs(function) -> Operation:
    def operation(m: Machine, operands: Sequence[Operand]) -> None:
        lanes = [each for operand in operands[1:] for each in split(m, operand)]
        put(m, operands[0], [function(shape(operands[0])[0], lanes[n], lanes[n + 1]) for n in range(0, len(lanes), 2)])

    return operation


def _across(function, signs: bool = False) -> Operation:
    def operation(m: Machine, operands: Sequence[Operand]) -> None:
        lanes = split(m, operands[1])
        m.put(
            name_of(operands[0]), function([signed(each, shape(operands[1])[0]) if signs else each for each in lanes])
        )

    return operation


def _permuted(order: Callable[[int], Sequence[int]]) -> Operation:
    """`order` of the lanes of both sources, one behind the other, for so many lanes."""

    def operation(m: Machine, operands: Sequence[Operand]) -> None:
        lanes = [*split(m, operands[1]), *split(m, operands[2])]
        put(m, operands[0], [lanes[n] for n in order(len(lanes) // 2)])

    return operation


def _widened(signs: bool, function, high: bool = False) -> Operation:
    """Lanes of half the width; `high`: of the upper half."""

    def operation(m: Machine, operands: Sequence[Operand]) -> None:
        sources = []
        for each in operands[1:]:
            if isinstance(each, Immediate):
                sources.append([int(each.value)] * 16)
                continue
            lanes = split(m, each)
            lanes = lanes[len(lanes) // 2 :] if high else lanes
            sources.append([signed(lane, shape(each)[0]) if signs else lane for lane in lanes])
        put(m, operands[0], [function(*lanes) for lanes in zip(*sources)])

    return operation


def _narrowed(m: Machine, operands: Sequence[Operand]) -> None:
    put(m, operands[0], split(m, operands[1]))


def _ext(m: Machine, operands: Sequence[Operand]) -> None:
    lanes = [*split(m, operands[1]), *split(m, operands[2])]
    put(m, operands[0], lanes[int(operands[3].value) :][: shape(operands[0])[1]])


def _read(m: Machine, operand: Operand) -> int:
    """A lane, or a general register."""
    if isinstance(operand, VectorRegister) and operand.lane is not None:
        bits = _ELEMENT[operand.arrangement[-1]]
        return m.get(operand.name) >> bits * operand.lane & mask(bits)
    return m.get(name_of(operand))


def _dup(m: Machine, operands: Sequence[Operand]) -> None:
    _, count = shape(operands[0])
    put(m, operands[0], [_read(m, operands[1])] * count)


def _insert(m: Machine, operands: Sequence[Operand]) -> None:
    """`mov v0.s[1], w1`: all other lanes stay."""
    target = operands[0]
    bits = _ELEMENT[target.arrangement[-1]]
    at = bits * target.lane
    m.put(target.name, m.get(target.name) & ~(mask(bits) << at) | (_read(m, operands[1]) & mask(bits)) << at)


def _mov(m: Machine, operands: Sequence[Operand]) -> None:
    target, source = operands
    if isinstance(target, VectorRegister):
        _insert(m, operands) if target.lane is not None else put(m, target, split(m, source))
    elif isinstance(source, VectorRegister):
        m.put(name_of(target), _read(m, source))
    else:
        INTEGERS["mov"](m, operands)


def _signed_lane(m: Machine, operands: Sequence[Operand]) -> None:
    m.put(name_of(operands[0]), signed(_read(m, operands[1]), _ELEMENT[operands[1].arrangement[-1]]))


def _movi(negated: bool) -> Operation:
    def operation(m: Machine, operands: Sequence[Operand]) -> None:
        _bits, count = shape(operands[0])
        number = int(operands[1].value) << (operands[1].amount or 0)
        put(m, operands[0], [~number if negated else number] * count)

    return operation


def _rotated(bits: int) -> Operation:
    """rev16, rev32 and rev64 of lanes: their order within so many bits."""

    def operation(m: Machine, operands: Sequence[Operand]) -> None:
        lanes, group = split(m, operands[1]), bits // shape(operands[1])[0]
        put(m, operands[0], [lanes[n - n % group + group - 1 - n % group] for n in range(len(lanes))])

    return operation


def _ones(bits: int, one: int) -> int:
    return one.bit_count()


OPERATIONS: dict[str, Operation] = {
    "mov": _mov,
    "dup": _dup,
    "ins": _insert,
    "umov": _mov,
    "smov": _signed_lane,
    "movi": _movi(False),
    "mvni": _movi(True),
    "ext": _ext,
    "xtn": _narrowed,
    "add": _or_integer("add", _lanewise(lambda bits, a, b: a + b)),
    "sub": _or_integer("sub", _lanewise(lambda bits, a, b: a - b)),
    "mul": _or_integer("mul", _lanewise(lambda bits, a, b: a * b)),
    "neg": _or_integer("neg", _lanewise(lambda bits, a: -a)),
    "mla": _lanewise(lambda bits, old, a, b: old + a * b, keeps=True),
    "mls": _lanewise(lambda bits, old, a, b: old - a * b, keeps=True),
    "and": _or_integer("and", _lanewise(lambda bits, a, b: a & b)),
    "orr": _or_integer("orr", _lanewise(lambda bits, a, b: a | b)),
    "eor": _or_integer("eor", _lanewise(lambda bits, a, b: a ^ b)),
    "bic": _or_integer("bic", _lanewise(lambda bits, a, b: a & ~b)),
    "orn": _or_integer("orn", _lanewise(lambda bits, a, b: a | ~b)),
    "mvn": _or_integer("mvn", _lanewise(lambda bits, a: ~a)),
    "bsl": _lanewise(lambda bits, old, a, b: a & old | b & ~old, keeps=True),
    "bit": _lanewise(lambda bits, old, a, b: a & b | old & ~b, keeps=True),
    "bif": _lanewise(lambda bits, old, a, b: a & ~b | old & b, keeps=True),
    "cnt": _lanewise(_ones),
    "abs": _lanewise(lambda bits, a: abs(signed(a, bits))),
    "uabd": _lanewise(lambda bits, a, b: abs(a - b)),
    "sabd": _lanewise(lambda bits, a, b: abs(signed(a, bits) - signed(b, bits))),
    "uhadd": _lanewise(lambda bits, a, b: a + b >> 1),
    "urhadd": _lanewise(lambda bits, a, b: a + b + 1 >> 1),
    "uqadd": _lanewise(lambda bits, a, b: min(a + b, mask(bits))),
    "uqsub": _lanewise(lambda bits, a, b: max(a - b, 0)),
    "shl": _lanewise(lambda bits, a, n: a << n),
    "ushr": _lanewise(lambda bits, a, n: a >> n),
    "sshr": _lanewise(lambda bits, a, n: signed(a, bits) >> n),
    "usra": _lanewise(lambda bits, old, a, n: old + (a >> n), keeps=True),
    "ssra": _lanewise(lambda bits, old, a, n: old + (signed(a, bits) >> n), keeps=True),
    "sli": _lanewise(lambda bits, old, a, n: old & mask(n) | a << n, keeps=True),
    "sri": _lanewise(lambda bits, old, a, n: old & ~(mask(bits) >> n) | a >> n, keeps=True),
    "cmeq": _compare(lambda a, b: a == b, False),
    "cmgt": _compare(lambda a, b: a > b, True),
    "cmge": _compare(lambda a, b: a >= b, True),
    "cmlt": _compare(lambda a, b: a < b, True),
    "cmle": _compare(lambda a, b: a <= b, True),
    "cmhi": _compare(lambda a, b: a > b, False),
    "cmhs": _compare(lambda a, b: a >= b, False),
    "cmtst": _compare(lambda a, b: a & b != 0, False),
    "smax": _extreme(max, True),
    "smin": _extreme(min, True),
    "umax": _extreme(max, False),
    "umin": _extreme(min, False),
    "addp": _pairs(lambda bits, a, b: a + b),
    "addv": _across(sum),
    "umaxv": _across(max),
    "uminv": _across(min),
    "smaxv": _across(max, True),
    "sminv": _across(min, True),
    "uaddlv": _across(sum),
    "saddlv": _across(sum, True),
    "zip1": _permuted(lambda n: [k // 2 + n * (k % 2) for k in range(n)]),
    "zip2": _permuted(lambda n: [n // 2 + k // 2 + n * (k % 2) for k in range(n)]),
    "uzp1": _permuted(lambda n: range(0, 2 * n, 2)),
    "uzp2": _permuted(lambda n: range(1, 2 * n, 2)),
    "trn1": _permuted(lambda n: [k - k % 2 + n * (k % 2) for k in range(n)]),
    "trn2": _permuted(lambda n: [k - k % 2 + 1 + n * (k % 2) for k in range(n)]),
    "rev16": _or_integer("rev16", _rotated(16)),
    "rev32": _or_integer("rev32", _rotated(32)),
    "rev64": _rotated(64),
    "ushll": _widened(False, lambda a, n: a << n),
    "sshll": _widened(True, lambda a, n: a << n),
    "uxtl": _widened(False, lambda a: a),
    "sxtl": _widened(True, lambda a: a),
    "ushll2": _widened(False, lambda a, n: a << n, True),
    "sshll2": _widened(True, lambda a, n: a << n, True),
    "umull": _widened(False, lambda a, b: a * b),
    "smull": _widened(True, lambda a, b: a * b),
    "uaddl": _widened(False, lambda a, b: a + b),
    "saddl": _widened(True, lambda a, b: a + b),
    "usubl": _widened(False, lambda a, b: a - b),
}
OPERATIONS |= {name: _or_integer(name, OPERATIONS[name]) for name in ("umull", "smull")}
