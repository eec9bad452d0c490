"""Which functions may return twice, where no attribute says so: by their names, and through pointers to them.

The compiler gives the attribute to the names that it takes for builtins, which `-fno-builtin`, other names
for a symbol and other systems' libraries get around. A pointer that another file hands over is not seen: the
compiler itself does not know then that the call may return twice.
"""

from __future__ import annotations

import re
from collections.abc import Collection

_NAME = re.compile(r"_*(?:(?:rt_?)?(?:sig|q)?setjmp\w*|(?:libc_)?vfork\w*|getcontext\w*|savectx\w*)")
_TAKEN = re.compile(r"@(?:\"([^\"\n]*)\"|([-\w.$]+))(?![-\w.$(\"])")


def by_name(symbol: str) -> bool:
    """Of a symbol as the assembly writes it."""
    return _NAME.fullmatch(symbol) is not None


def taken(bitcode: str, symbols: Collection[str]) -> bool:
    """Whether a module as LLVM prints it uses one of these names as LLVM has them other than to call it."""
    written = {symbol.replace("\1", "\\01") for symbol in symbols}
    return bool(written) and any((quoted or plain) in written for quoted, plain in _TAKEN.findall(bitcode))
