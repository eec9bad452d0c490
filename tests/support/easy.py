"""C in which, at -O0, any model that is worth its time finds something: no test hangs on what one of them makes of one
function.
"""

_BODIES = (
    "int c = a + b; if (c > a) c -= b; return c;",
    "int s = 0; for (int i = 0; i < a; i++) s += i * b; return s;",
    "int x = a; int y = b; int z = x * y + x; return z - y;",
    "int *p = &a; *p += b; return *p + a;",
    "while (a > b) a -= b + 1; return a;",
    "long l = a; l = l * b + 7; return (int)(l >> 3);",
)


def easy(prefix: str) -> str:
    return "".join(f"int {prefix}{n}(int a, int b) {{ {body} }}\n" for n, body in enumerate(_BODIES))
