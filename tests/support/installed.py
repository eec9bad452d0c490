"""A prefix with peepcc as pip leaves it there: the launchers, `peeplab` with the path of its Python, and where the
package is.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
LAUNCHERS = sorted(path.name for path in (REPOSITORY / "toolchain" / "bin").iterdir())
_PACKAGES = f"lib/python3.{sys.version_info[1]}/site-packages"


def install(prefix: Path, *, python: str = sys.executable, editable: bool = True, long: bool = False) -> Path:
    """The folder of the launchers. `long`: with the first lines that pip writes where a path is long or has blanks."""
    folder, packages = prefix / "bin", prefix / _PACKAGES
    folder.mkdir(parents=True)
    packages.mkdir(parents=True)
    for name in LAUNCHERS:
        shutil.copy(REPOSITORY / "toolchain" / "bin" / name, folder / name)
    quoted = f'"{python}"' if " " in python else python
    first = f"#!/bin/sh\n'''exec' {quoted} \"$0\" \"$@\"\n' '''" if long else f"#!{python}"
    (folder / "peeplab").write_text(f"{first}\n# -*- coding: utf-8 -*-\nimport re\n")
    if editable:
        (packages / "__editable__.peepcc-0.1.0.pth").write_text(str(REPOSITORY))
    else:
        (packages / "peepcc").symlink_to(REPOSITORY / "peepcc")
    return folder
