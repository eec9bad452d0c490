"""Expressions over 64-bit integers without sign, as a model writes them: hostile text until shown otherwise.

Python's parser makes a tree of a short line; only the nodes named here are walked, nothing
is ever evaluated by Python itself. Each step is cut to 64 bits, so numbers stay small, and
a tree is no deeper than its line is long.
"""

from __future__ import annotations

import ast
import operator
import warnings
from collections.abc import Callable, Mapping

from ....errors import PeepccError

MASK = (1 << 64) - 1
_LONGEST = 160
_DEEPEST = 24


class Wrong(PeepccError):
    """What a model wrote that is not of the language; `reason` is told to it."""


_BINARY: Mapping[type, Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
    ast.LShift: lambda a, b: a << b if b < 64 else 0,
    ast.RShift: lambda a, b: a >> b if b < 64 else 0,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_UNARY: Mapping[type, Callable[[int], int]] = {
    ast.USub: operator.neg,
    ast.Invert: operator.invert,
    ast.UAdd: operator.pos,
}
_COMPARE: Mapping[type, Callable[[int, int], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def value(text: str, name: Callable[[str], int], memory: Callable[[int], int]) -> int:
    """The expression's value.

    `name` gives a register's, `memory` that of the 8 bytes at an offset; both may raise Wrong, as this does.
    """
    text = text.strip()
    if len(text) > _LONGEST or not text.isascii():
        raise Wrong(f"an expression is at most {_LONGEST} ASCII characters")
    if "\0" in text or "\n" in text:
        raise Wrong("an expression is one line")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd literals
            tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Wrong(f"not an expression: {text[:60]}") from None
    return _value(tree.body, name, memory, _DEEPEST)


def _value(node: ast.expr, name: Callable[[str], int], memory: Callable[[int], int], depth: int) -> int:
    if not depth:
        raise Wrong("an expression that is nested too deeply")

    def inner(each: ast.expr) -> int:
        return _value(each, name, memory, depth - 1)

    match node:
        case ast.Constant(value=bool() | None):
            raise Wrong("not a number")
        case ast.Constant(value=int(number)):
            return number & MASK
        case ast.Name(id=word):
            return name(word) & MASK
        case ast.Subscript(value=ast.Name(id="m"), slice=at):
            return memory(inner(at)) & MASK
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            one, two = inner(left), inner(right)
            if not two and isinstance(op, (ast.FloorDiv, ast.Mod)):
                raise Wrong("a division by zero")
            return _BINARY[type(op)](one, two) & MASK
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _UNARY:
            return _UNARY[type(op)](inner(operand)) & MASK
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARE:
            return int(_COMPARE[type(op)](inner(left), inner(right)))
    raise Wrong("an expression has numbers, registers, m[OFFSET] and + - * // % & | ^ ~ << >> < <= == != > >= only")
