"""Generates the two C files of an ABI test: functions over argument and return shapes, and a caller that prints what
they say.

The files agree by a header that both hold. What is printed is exact: floating-point values
are small integers and halves of them. It promises that no generated program has undefined
behaviour.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_INTEGERS = (
    "signed char",
    "unsigned char",
    "short",
    "unsigned short",
    "int",
    "unsigned",
    "long",
    "unsigned long",
    "_Bool",
    "__int128",
)
_FLOATS = ("float", "double", "long double")
_HEADER = """#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
typedef unsigned long word;
extern word digest;
static inline void mix(word v) { digest = (digest ^ v) * 1099511628211ul; digest ^= digest >> 29; }
void cleaned(int *p);
extern jmp_buf back;
"""


class Shape(NamedTuple):
    """A type: C name, its members as (name, scalar type), none for a scalar; `declared` is its definition."""

    name: str
    members: tuple[tuple[str, str], ...] = ()
    declared: str = ""


class Signature(NamedTuple):
    name: str
    result: Shape | None
    arguments: tuple[Shape, ...]
    kind: str


KINDS = ("plain", "plain", "pressure", "tail", "variadic", "setjmp", "cleanup", "pointer", "recursive")


def sources(seed: int, functions: int = 4) -> tuple[str, str]:
    """(caller.c, callee.c)."""
    rng = random.Random(seed)
    shapes = [*map(Shape, (*_INTEGERS, *_FLOATS)), *(_struct(f"S{n}", rng) for n in range(10))]
    signatures = [_signature(f"f{n}", shapes, rng) for n in range(functions)]
    shared = (
        _HEADER + "".join(shape.declared for shape in shapes) + "".join(f"{_prototype(each)};\n" for each in signatures)
    )
    callee = shared + "".join(_body(each, rng) for each in signatures)
    calls = [text for each in signatures for _ in range(2) for text in _call(each, rng)]
    main = "word digest = 14695981039346656037ul;\njmp_buf back;\nvoid cleaned(int *p) { mix(*p); }\n"
    held = "".join(
        f"  word k{n} = digest + {rng.getrandbits(32)}ul; double g{n} = (double)(digest & {2**10 - 1}) + 0.5;\n"
        for n in range(10)
    )
    kept = "".join(
        f"  mix(k{n}); mix((word)(g{n} * 2));\n" for n in range(10)
    )  # alive over all calls: callee-saved, or spilt
    main += "int main(void) {\n" + held + "".join(calls) + kept + '  printf("end %lx\\n", digest);\n  return 0;\n}\n'
    return shared + main, callee


def _struct(name: str, rng: random.Random) -> Shape:
    """In one register, in two, homogeneous in vector registers, or by reference."""
    kind = rng.choice(("integers", "integers", "homogeneous", "homogeneous", "mixed", "large"))
    if kind == "homogeneous":
        types: Sequence[str] = [rng.choice(_FLOATS[:2])] * rng.randint(1, 4)
    elif kind == "large":
        types = rng.choices(_INTEGERS[:8], k=rng.randint(4, 9))
    else:
        types = rng.choices(_INTEGERS[:8] if kind == "integers" else _INTEGERS[:8] + _FLOATS[:2], k=rng.randint(1, 3))
    members = tuple((f"m{n}", each) for n, each in enumerate(types))
    return Shape(
        name, members, f"typedef struct {{ {' '.join(f'{each} {member};' for member, each in members)} }} {name};\n"
    )


def _signature(name: str, shapes: Sequence[Shape], rng: random.Random) -> Signature:
    kind = rng.choice(KINDS)
    result = None if rng.random() < 0.1 else rng.choice(shapes)
    arguments = tuple(rng.choices(shapes, k=rng.randint(0 if kind == "plain" else 1, 11)))
    if kind in ("variadic", "recursive"):
        arguments = (Shape("int"), *arguments[:7], Shape("long"))  # the last one before the dots must not be promoted
    return Signature(name, result, arguments, kind)


def _listed(each: Signature) -> str:
    return ", ".join(f"{shape.name} a{n}" for n, shape in enumerate(each.arguments))


def _prototype(each: Signature) -> str:
    listed = _listed(each)
    return (
        f"{each.result.name if each.result else 'void'} "
        f"{each.name}({listed or 'void'}{', ...' if each.kind == 'variadic' else ''})"
    )


def _mixed(value: str, shape: Shape) -> str:
    """Statements that take all of a value into the digest."""
    if shape.members:
        return " ".join(_mixed(f"{value}.{member}", Shape(scalar)) for member, scalar in shape.members)
    if shape.name in _FLOATS:
        return f"mix((word)(long)({value} * 2));"
    return f"mix((word){value}); mix((word)({value} >> 64));" if shape.name == "__int128" else f"mix((word){value});"


def _value(shape: Shape, text: str) -> str:
    """An expression of the shape made of the expression `text` of type word."""
    if shape.members:
        inner = ", ".join(
            _value(Shape(scalar), f"({text} >> {7 * n % 48})") for n, (_, scalar) in enumerate(shape.members)
        )
        return f"(({shape.name}){{{inner}}})"
    if shape.name in _FLOATS:
        return f"(({shape.name})(({text}) & 1023) / 2)"
    return f"((__int128)({text}) << 57 | (word)({text}))" if shape.name == "__int128" else f"(({shape.name})({text}))"


def _body(each: Signature, rng: random.Random) -> str:
    mixes = "".join(f"  {_mixed(f'a{n}', shape)}\n" for n, shape in enumerate(each.arguments))
    result = f"  return {_value(each.result, 'digest')};\n" if each.result else ""
    before, after = _around(each, rng)
    helper = ""
    if each.kind == "tail":
        made, names = (
            (each.result.name if each.result else "void"),
            ", ".join(f"a{n}" for n in range(len(each.arguments))),
        )
        helper = f"__attribute__((noinline)) static {made} {each.name}_last({_listed(each)}) {{\n{mixes}{result}}}\n"
        mixes, result = "  mix(3);\n", f"  {'return ' if each.result else ''}{each.name}_last({names});\n"
    return f"{helper}{_prototype(each)} {{\n{before}{mixes}{after}{result}}}\n"


def _around(each: Signature, rng: random.Random) -> tuple[str, str]:
    """What the kind puts before and after the statements that look at the arguments."""
    last = len(each.arguments) - 1
    match each.kind:
        case "pressure":
            held = "".join(
                f"  word v{n} = digest * {rng.getrandbits(20) | 1}ul; double w{n} = (double)(v{n} & 511) * 1.5;\n"
                for n in range(14)
            )
            return held, "  cleaned(&(int){1});\n" + "".join(f"  mix(v{n} + (word)(w{n} * 2));\n" for n in range(14))
        case "variadic":
            loop = "".join(
                (
                    f"  va_list list; va_start(list, a{last});\n  for (int n = 0; n < (a0 & 7); n++)\n",
                    "    if (n % 3 == 2) mix((word)(va_arg(list, double) * 2)); else if (n % 3) "
                    "mix(va_arg(list, word)); else mix((word)va_arg(list, int));\n",
                )
            )
            return "", f"{loop}  va_end(list);\n"
        case "setjmp":
            return (
                "  volatile int tries = 0;\n  if (setjmp(back) < 3) { tries++;",
                "  if (tries < 4) longjmp(back, tries); }\n  mix((word)tries);\n",
            )
        case "cleanup":
            one = "  int one __attribute__((cleanup(cleaned))) = (int)(digest & 63);\n"
            return one + "  if (one & 1) { int two __attribute__((cleanup(cleaned))) = 7; mix((word)two);", "  }\n"
        case "pointer":
            return (
                f"  void (*volatile call)(int *) = cleaned; int here[{rng.randint(2, 40)}] = {{0}}; "
                f"here[1] = (int)(digest & 255); call(&here[1]);\n",
                "",
            )
        case "recursive":
            rest = "".join(f", a{n}" for n in range(1, last + 1))
            return f"  if ((a0 & 7) > 0) {{ {_taken(each, f'{each.name}((a0 & 7) - 1{rest})')} }}\n", ""
    return "", ""


def _taken(each: Signature, call: str) -> str:
    """The call, and its result in the digest."""
    return f"{{ {each.result.name} r = {call}; {_mixed('r', each.result)} }}" if each.result else f"{call};"


def _call(each: Signature, rng: random.Random) -> Iterator[str]:
    values = [
        _value(shape, f"digest * {rng.getrandbits(30) | 1}ul + {rng.getrandbits(40)}ul") for shape in each.arguments
    ]
    if each.kind == "variadic":
        count = rng.randint(0, 7)
        values[0] = str(count)
        values += [_value(Shape(("int", "word", "double")[n % 3]), f"digest + {n}ul") for n in range(count)]
    listed = ", ".join(values)
    yield f'  {_taken(each, f"{each.name}({listed})")}\n  printf("{each.name} %lx\\n", digest);\n'
