"""Arithmetic of rules: what an immediate of a replacement is, and what those of a pattern must satisfy.

A small part of Python's expressions over integers, names of immediates and `W`, the rule's width in bits. It is read
once and becomes a function; the same tree can be read by whoever proves a rule for all values.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

from ...errors import PeepccError


class Malformed(PeepccError):
    """A rule is not what the schema says; the text says which and why."""


Function = Callable[[Mapping[str, int]], int]
_BINARY: Mapping[type, Callable[[int, int], int]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.FloorDiv: lambda a, b: a // b if b else 0,
    ast.Mod: lambda a, b: a % b if b else 0,
    ast.LShift: lambda a, b: a << b if 0 <= b <= 64 else 0,
    ast.RShift: lambda a, b: a >> b if 0 <= b <= 64 else 0,
    ast.BitAnd: lambda a, b: a & b,
    ast.BitOr: lambda a, b: a | b,
    ast.BitXor: lambda a, b: a ^ b,
}
_COMPARE: Mapping[type, Callable[[int, int], bool]] = {
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
}


def _power_of_two(value: int) -> int:
    return int(value > 0 and value & (value - 1) == 0)


def _log2(value: int) -> int:
    return value.bit_length() - 1


def _low_mask(value: int) -> int:
    """Whether it is 2**n - 1, n > 0."""
    return int(value > 0 and value & (value + 1) == 0)


def logical(value: int, width: int) -> int:
    """Whether it is an immediate of and, orr and eor of that width."""
    value &= (1 << width) - 1
    if value in (0, (1 << width) - 1):
        return 0
    size = width
    while size > 2 and value & (1 << size // 2) - 1 == value >> size // 2 & (1 << size // 2) - 1:
        size //= 2
        value &= (1 << size) - 1
    turned = value if not value & 1 else ~value & (1 << size) - 1
    return int(turned != 0 and _low_mask(turned >> ((turned & -turned).bit_length() - 1)) == 1)


def added(value: int) -> int:
    """Whether it is an immediate of add and sub."""
    return int(0 <= value < 1 << 12 or (value & 0xFFF == 0 and 0 < value < 1 << 24))


def _bit_length(value: int) -> int:
    return value.bit_length()


FUNCTIONS: Mapping[str, Callable[..., int]] = MappingProxyType(
    {
        "pow2": _power_of_two,
        "log2": _log2,
        "mask": _low_mask,
        "logical": logical,
        "addimm": added,
        "bits": _bit_length,
    }
)


@lru_cache(1 << 12)
def compiled(text: str) -> Function:
    """The function of the names that the expression is. Raises Malformed."""
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError:
        raise Malformed(f"not an expression: {text}") from None
    return _function(tree, text)


def _function(node: ast.expr, text: str) -> Function:
    match node:
        case ast.Constant(value=int() as value):
            return lambda names: value
        case ast.Name(id=name):
            return lambda names: names[name]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            one = _function(inner, text)
            return lambda names: -one(names)
        case ast.UnaryOp(op=ast.Invert(), operand=inner):
            one = _function(inner, text)
            return lambda names: ~one(names)
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _BINARY:
            a, b, apply = _function(left, text), _function(right, text), _BINARY[type(operator)]
            return lambda names: apply(a(names), b(names))
        case ast.Compare(left=left, ops=operators, comparators=others) if all(type(op) in _COMPARE for op in operators):
            parts = [_function(each, text) for each in (left, *others)]
            checks = [_COMPARE[type(op)] for op in operators]
            return lambda names: int(_chain([part(names) for part in parts], checks))
        case ast.BoolOp(op=operator, values=values):
            parts, whole = [_function(each, text) for each in values], all if isinstance(operator, ast.And) else any
            return lambda names: int(whole(part(names) for part in parts))
        case ast.Call(func=ast.Name(id=name), args=arguments) if name in FUNCTIONS:
            parts, called = [_function(each, text) for each in arguments], FUNCTIONS[name]
            return lambda names: called(*(part(names) for part in parts))
    raise Malformed(f"not an expression that rules know: {text}")


def _chain(values: list[int], checks: list[Callable[[int, int], bool]]) -> bool:
    return all(check(a, b) for check, a, b in zip(checks, values, values[1:]))
