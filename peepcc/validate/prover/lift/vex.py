"""One instruction word as a list of small assignments, from pyvex: the one importer of the lifter.

Branches are not followed here: a conditional branch gives its guard, `ret` and `br` the
register's value. Everything that is not understood raises Unproved. Not for two threads at
once: the lifter has one buffer.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import archinfo
import pyvex
from pyvex import const as vex_const
from pyvex import expr as vex_expr
from pyvex import stmt as vex_stmt

from ..terms.term import Unproved

_ADDRESS = 0x100000
_FLAGS = ("cc_op", "cc_dep1", "cc_dep2", "cc_ndep")
_WIDTHS = {
    "Ity_I1": 1,
    "Ity_I8": 8,
    "Ity_I16": 16,
    "Ity_I32": 32,
    "Ity_I64": 64,
    "Ity_I128": 128,
    "Ity_F16": 16,
    "Ity_F32": 32,
    "Ity_F64": 64,
    "Ity_V128": 128,
}


Expression = tuple[Any, ...]  # its name, then numbers, names and expressions, as `Lifted` says


@dataclass(frozen=True, slots=True)
class Lifted:
    """`statements`: ("put", register, lowest bit, width, e), ("tmp", n, e), ("store", address, e).

    e is ("const", value, width), ("get", register, lowest bit, width), ("tmp", n), ("load", address, width),
    ("ite", c, e, e), ("op", name, e...), ("call", name, e...). `guard`: taken where 1; `goal`: of ret and br.
    """

    statements: tuple[Expression, ...]
    guard: Expression | None = None
    goal: Expression | None = None


@lru_cache(maxsize=1 << 14)
def lift(word: int) -> Lifted:
    """Raises Unproved for what the lifter or this file does not know."""
    branch = far(_plain_index(word))
    block = pyvex.lift(branch.to_bytes(4, "little"), _ADDRESS, _architecture(), max_inst=1, opt_level=0)
    if block.size != 4 or len(block.statements) < 2:
        raise Unproved("not lifted")
    division = word & 0x7FE0F800 == 0x1AC00800
    statements, guard = [], None
    body, goal = _next(block)
    for statement in body:
        if isinstance(statement, vex_stmt.Exit):
            if division and statement.jumpkind == "Ijk_SigFPE_IntDiv":
                continue  # a division by zero gives zero: `scalar_ops` says so
            if (
                guard is not None
                or not _conditional(word)
                or statement.jumpkind != "Ijk_Boring"
                or statement.dst.value != _ADDRESS + 8
            ):
                raise Unproved("an exit that the lifter adds")
            guard = _expression(statement.guard, block.tyenv)
        else:
            statements += _statement(statement, block.tyenv)
    return Lifted(tuple(statements), guard, goal)


def _next(block: Any) -> tuple[list[Any], Expression | None]:
    """The statements without those that say where control goes, and the successor where it is not the next word."""
    *statements, put, get = block.statements
    if not (
        isinstance(put, vex_stmt.Put)
        and _place(put.offset, 64) == ("pc", 0)
        and isinstance(get, vex_stmt.WrTmp)
        and isinstance(get.data, vex_expr.Get)
        and get.data.offset == put.offset
        and isinstance(block.next, vex_expr.RdTmp)
        and block.next.tmp == get.tmp
    ):
        raise Unproved("the lifter's successor is not understood")
    if block.jumpkind not in ("Ijk_Boring", "Ijk_Ret"):
        raise Unproved(f"jump kind {block.jumpkind}")
    if isinstance(put.data, vex_expr.Const):
        if put.data.con.value != _ADDRESS + 4 or block.jumpkind != "Ijk_Boring":
            raise Unproved("the lifter's successor is not understood")
        return statements, None
    return statements, _expression(put.data, block.tyenv)


def _plain_index(word: int) -> int:
    """A 64-bit index that is sign-extended is an index: the lifter knows only the second way to write it."""
    return word & ~(1 << 15) if word & 0x3B20EC00 == 0x3820E800 else word


def _conditional(word: int) -> bool:
    return word & 0xFF000010 == 0x54000000 or word & 0x7C000000 == 0x34000000  # b.cond; cbz, cbnz, tbz, tbnz


def far(word: int) -> int:
    """A conditional branch goes to where neither it nor its successor is."""
    if word & 0xFF000010 == 0x54000000 or word & 0x7E000000 == 0x34000000:
        return word & ~(0x7FFFF << 5) | 2 << 5
    if word & 0x7E000000 == 0x36000000:
        return word & ~(0x3FFF << 5) | 2 << 5
    return word


@cache
def _architecture() -> archinfo.Arch:
    return archinfo.ArchAArch64()  # type: ignore[no-untyped-call]  # it has no annotations


@cache
def _registers() -> dict[int, str]:
    """Guest state offset of each byte of what may be read and written -> name."""
    wanted = {*(f"x{n}" for n in range(31)), *(f"q{n}" for n in range(32)), "xsp", "pc", "fpcr", "qcflag", *_FLAGS}
    return {offset: name for name, (offset, _) in _architecture().registers.items() if name in wanted}


def _place(offset: int, width: int) -> tuple[str, int]:
    """Register and lowest bit of a guest state access."""
    for start in range(offset, offset - 16, -1):
        name = _registers().get(start)
        if name is not None:
            size = 128 if name[0] == "q" else 32 if name == "fpcr" else 64
            if 8 * (offset - start) + width <= size:
                return ("sp" if name == "xsp" else name), 8 * (offset - start)
            break
    raise Unproved("a register that is not followed")


def _width(kind: str) -> int:
    if kind not in _WIDTHS:
        raise Unproved(f"lifter type {kind}")
    return _WIDTHS[kind]


def _statement(statement: Any, types: Any) -> list[Expression]:
    if isinstance(statement, (vex_stmt.IMark, vex_stmt.NoOp)):
        return []
    if isinstance(statement, vex_stmt.WrTmp):
        return [("tmp", statement.tmp, _expression(statement.data, types))]
    if isinstance(statement, vex_stmt.Put):
        width = _width(statement.data.result_type(types))
        name, low = _place(statement.offset, width)
        if name in ("fpcr", "pc"):
            raise Unproved(f"{name} is written")
        return [] if name == "qcflag" else [("put", name, low, width, _expression(statement.data, types))]
    if isinstance(statement, vex_stmt.Store) and statement.end == "Iend_LE":
        return [("store", _expression(statement.addr, types), _expression(statement.data, types))]
    raise Unproved(f"lifter statement {type(statement).__name__}")


def _expression(value: Any, types: Any) -> Expression:
    if isinstance(value, vex_expr.RdTmp):
        return ("tmp", value.tmp)
    if isinstance(value, vex_expr.Const):
        return _constant(value.con)
    if isinstance(value, vex_expr.Get):
        width = _width(value.ty)
        name, low = _place(value.offset, width)
        if name == "pc":
            raise Unproved("pc is read")
        return ("get", name, low, width)
    if isinstance(value, vex_expr.Load) and value.end == "Iend_LE":
        return ("load", _expression(value.addr, types), _width(value.ty))
    if isinstance(value, vex_expr.ITE):
        return ("ite", *(_expression(each, types) for each in (value.cond, value.iftrue, value.iffalse)))
    if isinstance(value, (vex_expr.Unop, vex_expr.Binop, vex_expr.Triop, vex_expr.Qop)):
        return ("op", value.op.removeprefix("Iop_"), *(_expression(each, types) for each in value.args))
    if isinstance(value, vex_expr.CCall):
        return ("call", value.cee.name, *(_expression(each, types) for each in value.args))
    raise Unproved(f"lifter expression {type(value).__name__}")


def _constant(constant: Any) -> Expression:
    if isinstance(constant, vex_const.V128):
        bits = constant.value
        return ("const", sum(0xFF << 8 * k for k in range(16) if bits >> k & 1), 128)
    if isinstance(constant, (vex_const.U1, vex_const.U8, vex_const.U16, vex_const.U32, vex_const.U64)):
        return ("const", int(constant.value), constant.size)
    if isinstance(constant, (vex_const.F32i, vex_const.F64i)):
        return ("const", int(constant.value), constant.size)
    if isinstance(constant, (vex_const.F32, vex_const.F64)):
        return (
            "const",
            int.from_bytes(struct.pack("<f" if constant.size == 32 else "<d", constant.value), "little"),
            constant.size,
        )
    raise Unproved(f"lifter constant {type(constant).__name__}")
