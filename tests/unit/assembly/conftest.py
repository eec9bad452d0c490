"""Real compiler output for the assembly tests: the C files of corpus/ and csmith programs by seed."""

import functools
import os
import subprocess
import tempfile
from pathlib import Path

import pytest

CORPUS = Path(__file__).with_name("corpus")
CLANG = (os.environ.get("PEEPCC_CLANG", "clang-19"), "--target=aarch64-linux-gnu", "-fno-integrated-as")
GCC = ("aarch64-linux-gnu-gcc",)
CLANG_FLAGS = ("-O0", "-O1 -g", "-O2", "-Os", "-O2 -fexceptions -fPIC -ffunction-sections")
GCC_FLAGS = ("-O0 -g", "-O2", "-O2 -fexceptions -fPIC")
CSMITH_SEEDS = (1, 22, 333)


@functools.cache
def assembly(compiler: tuple[str, ...], flags: str, source: str) -> str:
    """The assembly text of one C source text."""
    argv = (*compiler, *flags.split(), "-w", "-S", "-x", "c", "-o", "-", "-")
    done = subprocess.run(argv, input=source.encode(), capture_output=True, check=True)
    return done.stdout.decode("utf-8", "surrogateescape")


@functools.cache
def csmith(seed: int) -> str:
    argv = ("csmith", "--seed", str(seed), "--max-funcs", "6", "--no-checksum")
    with tempfile.TemporaryDirectory() as folder:  # it leaves a file where it runs
        return subprocess.run(argv, capture_output=True, check=True, text=True, cwd=folder).stdout


@functools.cache
def texts(compiler: tuple[str, ...]) -> dict[str, str]:
    """The corpus as one compiler prints it: name and flags -> assembly text."""
    result = {}
    for path in sorted(CORPUS.glob("*.c")):
        for flags in CLANG_FLAGS if compiler == CLANG else GCC_FLAGS:
            result[f"{path.stem} {flags}"] = assembly(compiler, flags, path.read_text())
    for seed in CSMITH_SEEDS:
        for flags in ("-O0", "-O2"):
            result[f"csmith {seed} {flags}"] = assembly(compiler, f"{flags} -I/usr/include/csmith", csmith(seed))
    return result


@pytest.fixture(scope="session")
def clang():
    """clang(source, flags) -> assembly text."""
    return lambda source, flags="-O2": assembly(CLANG, flags, source)


@pytest.fixture(scope="session")
def gcc():
    return lambda source, flags="-O2": assembly(GCC, flags, source)


@pytest.fixture(scope="session")
def read_corpus():
    return lambda stem: (CORPUS / f"{stem}.c").read_text()


@pytest.fixture(scope="session")
def clang_texts():
    return texts(CLANG)


@pytest.fixture(scope="session")
def gcc_texts():
    return texts(GCC)


@pytest.fixture(scope="session")
def all_texts(clang_texts, gcc_texts):
    return {f"clang {name}": text for name, text in clang_texts.items()} | {
        f"gcc {name}": text for name, text in gcc_texts.items()
    }
