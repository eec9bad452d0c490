"""bzip2: its Makefile and `make test`; archives of every block size byte for byte, and damaged ones."""

from __future__ import annotations

from .recipe import AR, RANLIB, Build, Recipe, run_by_qemu


def _make(build: Build, *targets: str) -> bytes:
    return build.make(
        *targets, f"CC={build.cc}", f"CFLAGS={build.level} -D_FILE_OFFSET_BITS=64", f"AR={AR}", f"RANLIB={RANLIB}"
    )


def _compile(build: Build) -> None:
    _make(build, "libbz2.a", "bzip2", "bzip2recover")


def _check(build: Build) -> dict[str, bytes]:
    run_by_qemu([build.folder / "bzip2", build.folder / "bzip2recover"])
    outputs = {"make test": _make(build, "-j1", "test")}
    text = b"".join((build.folder / name).read_bytes() for name in ("bzip2.c", "sample2.ref", "manual.pdf"))
    for option in (*(f"-{size}" for size in range(1, 10)), "-1s"):
        packed = build.run("./bzip2", option, stdin=text)
        outputs[f"bzip2 {option}"] = packed
        outputs[f"bzip2 {option} back"] = build.run("./bzip2", "-d", stdin=packed)
    damaged = bytearray(outputs["bzip2 -1"])
    damaged[len(damaged) // 2] ^= 0x10
    (build.folder / "damaged.bz2").write_bytes(damaged)
    outputs["bzip2recover"] = build.run("sh", "-c", "./bzip2recover damaged.bz2 2>&1")
    outputs |= {path.name: path.read_bytes() for path in sorted(build.folder.glob("rec*damaged.bz2"))}
    outputs["damaged"] = build.run("sh", "-c", "./bzip2 -t damaged.bz2 2>&1; echo status $?")
    return outputs


RECIPE = Recipe("bzip2", "bzip2", _compile, _check)
