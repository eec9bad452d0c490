"""The operations of a graph on numpy arrays, forwards, and backwards: what an argument must be for a wanted result.

Floating point is that of the host, division is unsigned: good enough for a guide.
"""

from __future__ import annotations

import numpy as np

SHIFTS = ("shl", "lsr", "asr", "ror")
_FLOATS = {32: (np.uint32, np.float32), 64: (np.uint64, np.float64)}


def mask(width: int) -> np.uint64:
    return np.uint64((1 << width) - 1)


def _float(values: np.ndarray, width: int) -> np.ndarray:
    bits, kind = _FLOATS[width]
    return values.astype(bits).view(kind)


def _bits(values: np.ndarray, width: int) -> np.ndarray:
    bits, kind = _FLOATS[width]
    return values.astype(kind).view(bits).astype(np.uint64)


def _signed(values: np.ndarray, bits: int) -> np.ndarray:
    return (values << np.uint64(64 - bits)).view(np.int64) >> np.int64(64 - bits)


def evaluate(operation: str, width: int, arguments: list[np.ndarray], rest: list) -> np.ndarray:
    one, two = arguments[0], arguments[1] if len(arguments) > 1 else None
    low = one & mask(width)
    if operation in ("add", "sub", "mul", "and", "or", "xor"):
        return {
            "add": np.add,
            "sub": np.subtract,
            "mul": np.multiply,
            "and": np.bitwise_and,
            "or": np.bitwise_or,
            "xor": np.bitwise_xor,
        }[operation](one, two)
    if operation in SHIFTS:
        amount = two & np.uint64(width - 1)
        if operation == "shl":
            return low << amount
        if operation == "asr":
            return (_signed(low, width) >> amount.astype(np.int64)).view(np.uint64)
        return low >> amount | (
            low << (np.uint64(width) - amount & np.uint64(63)) if operation == "ror" else np.uint64(0)
        )
    if operation == "udiv":
        other = two & mask(width)
        return np.where(other == 0, np.uint64(0), low // np.maximum(other, np.uint64(1)))
    if operation == "sdiv":
        return low // np.maximum(two & mask(width), np.uint64(1))  # as if both were positive
    if operation == "mulh":
        return np.array([a * b >> 64 for a, b in zip(one.tolist(), two.tolist())], np.uint64)
    if operation == "sext":
        return _signed(one, rest[1]).view(np.uint64)
    if operation in ("rev", "rev16", "rev32", "rev64", "rbit"):
        return _reversed(low, operation, width)
    if operation == "select":
        return one
    return _evaluate_float(operation, width, arguments, rest)


def _evaluate_float(operation: str, width: int, arguments: list[np.ndarray], rest: list) -> np.ndarray:
    if width not in _FLOATS:
        return arguments[0]
    if operation == "scvtf":
        return _bits(_signed(arguments[0], rest[1]), width)
    if operation == "ucvtf":
        return _bits(arguments[0] & mask(rest[1]) if len(rest) > 1 else arguments[0], width)
    if operation == "fcvtz":
        return _float(arguments[0], rest[1]).astype(np.int64).view(np.uint64) if rest[1] in _FLOATS else arguments[0]
    if operation == "fcvt":
        return _bits(_float(arguments[0], rest[1]), width) if rest[1] in _FLOATS else arguments[0]
    values = [_float(each, width) for each in arguments]
    result = {
        "fadd": lambda: values[0] + values[1],
        "fsub": lambda: values[0] - values[1],
        "fmul": lambda: values[0] * values[1],
        "fdiv": lambda: values[0] / values[1],
        "fneg": lambda: -values[0],
        "fabs": lambda: np.abs(values[0]),
        "fsqrt": lambda: np.sqrt(values[0]),
    }[operation]()
    return _bits(result, width)


def _reversed(values: np.ndarray, operation: str, width: int) -> np.ndarray:
    size = {"rev": width, "rev16": 16, "rev32": 32, "rev64": 64, "rbit": width}[operation] // 8
    bytes_ = values.copy().view(np.uint8).reshape(-1, 8)
    if operation == "rbit":
        bytes_ = np.packbits(np.unpackbits(bytes_, axis=1, bitorder="little"), axis=1, bitorder="big")
    turned = bytes_[:, : width // 8].reshape(len(values), -1, size)[:, :, ::-1].reshape(len(values), -1)
    result = np.zeros((len(values), 8), np.uint8)
    result[:, : width // 8] = turned
    return result.view(np.uint64)[:, 0]


Found = (
    tuple[np.ndarray, np.ndarray, np.ndarray] | None
)  # rows that can be, what the argument must be, which bits of it


def _below(care: np.ndarray) -> np.ndarray:
    """All bits up to the highest one of `care`."""
    for shift in (1, 2, 4, 8, 16, 32):
        care = care | care >> np.uint64(shift)
    return care


def inverted(
    rng: np.random.Generator,
    operation: str,
    width: int,
    chosen: int,
    wants: np.ndarray,
    care: np.ndarray,
    other: np.ndarray | None,
    rest: list,
) -> Found:
    """What argument `chosen` must be, where the other is `other` (None: the same as this one)."""
    every = np.ones(len(wants), bool)
    if operation in ("rev", "rev16", "rev32", "rev64", "rbit"):
        return every, _reversed(wants, operation, width), _reversed(care, operation, width)
    if operation == "sext":
        return every, wants, care & mask(rest[1])
    if operation == "select":
        return every, wants, care
    if operation[0] == "f" or operation.endswith("cvtf"):
        return _inverted_float(operation, width, chosen, wants, other, rest)
    if other is None:
        return (every, _square_root(wants), _below(care)) if operation == "mul" else None
    if operation == "xor":
        return every, wants ^ other, care
    if operation in ("add", "sub"):
        new = wants - other if operation == "add" else wants + other if chosen == 0 else other - wants
        return every, new, _below(care)
    if operation == "and":
        return every, wants, care & other
    if operation == "or":
        return every, wants, care & ~other
    if operation in SHIFTS:
        return _inverted_shift(operation, width, wants, care, other & np.uint64(width - 1))
    if operation == "mul":
        return _inverted_product(width, wants, _below(care), other & mask(width))
    if operation == "mulh":
        new = [-(-(want << 64) // max(other, 1)) & (1 << 64) - 1 for want, other in zip(wants.tolist(), other.tolist())]
        return wants < other, np.array(new, np.uint64), np.full(len(wants), mask(width))
    if operation in ("udiv", "sdiv") and chosen == 0:
        remainder = rng.integers(0, 1 << 62, len(wants), np.uint64) % np.maximum(other, np.uint64(1))
        return every, wants * other + remainder, np.full(len(wants), mask(width))
    return None


def _inverted_shift(operation: str, width: int, wants: np.ndarray, care: np.ndarray, amount: np.ndarray) -> Found:
    every = np.ones(len(wants), bool)
    if operation == "shl":
        return every, wants >> amount, care >> amount
    if operation in ("lsr", "asr"):
        return every, wants << amount, care << amount & mask(width)
    back = np.uint64(width) - amount & np.uint64(width - 1)
    turn = [each << amount & mask(width) | (each & mask(width)) >> back for each in (wants, care)]
    return every, *(np.where(amount == 0, one, two) for one, two in zip((wants, care), turn))


def _inverted_product(width: int, wants: np.ndarray, care: np.ndarray, other: np.ndarray) -> Found:
    lowest = other & (np.uint64(0) - other)
    good = (other != 0) & (wants & (lowest - np.uint64(1)) == 0)
    zeros = np.zeros(len(other), np.uint64)
    for shift in (32, 16, 8, 4, 2, 1):
        zeros += np.where(lowest >> zeros >= np.uint64(1 << shift), np.uint64(shift), np.uint64(0))
    odd = other >> zeros | np.uint64(1)
    inverse = odd
    for _ in range(5):
        inverse = inverse * (np.uint64(2) - odd * inverse)
    small = (wants & mask(width)) // np.maximum(other, np.uint64(1))  # so that a wide product is as wanted too
    exact = small * other == wants & mask(width)
    return good, np.where(exact, small, (wants >> zeros) * inverse), care


def _square_root(wants: np.ndarray) -> np.ndarray:
    """Over the integers where there is one, else modulo 2**64, from the lowest bit up."""
    root = np.sqrt(wants.astype(np.float64)).astype(np.uint64)
    for near in (root + np.uint64(1), root - np.uint64(1)):
        root = np.where(near * near == wants, near, root)
    odd = np.ones(len(wants), np.uint64)
    for bit in range(3, 64):
        odd += ((odd * odd ^ wants) >> np.uint64(bit) & np.uint64(1)) << np.uint64(bit - 1)
    return np.where(root * root == wants, root, odd)


def _inverted_float(
    operation: str, width: int, chosen: int, wants: np.ndarray, other: np.ndarray | None, rest: list
) -> Found:
    if width not in _FLOATS and operation != "fcvtz":
        return None
    every, care = (
        np.ones(len(wants), bool),
        np.full(len(wants), mask(rest[1] if operation in ("scvtf", "fcvt", "fcvtz") else width)),
    )
    if operation == "fcvtz":
        return (every, _bits(_signed(wants, width), rest[1]), care) if rest[1] in _FLOATS else None
    value = _float(wants, width)
    if operation == "fcvt":
        return (every, _bits(value, rest[1]), care) if rest[1] in _FLOATS else None
    if operation in ("scvtf", "ucvtf"):
        return every, value.astype(np.int64).view(np.uint64), care
    if operation in ("fneg", "fabs", "fsqrt"):
        return every, _bits({"fneg": -value, "fabs": value, "fsqrt": value * value}[operation], width), care
    if other is None:
        new = {"fmul": np.sqrt(value), "fadd": value / 2}.get(operation, value)
        return every, _bits(new, width), care
    known = _float(other, width)
    new = {
        "fadd": value - known,
        "fsub": value + known if chosen == 0 else known - value,
        "fmul": value / known,
        "fdiv": value * known if chosen == 0 else known / value,
    }[operation]
    return every, _bits(new, width), care
