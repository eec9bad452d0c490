"""cJSON: CMake, and its tests by CTest."""

from __future__ import annotations

from .recipe import QEMU, TRIPLE, Build, Recipe, run_by_qemu

_OPTIONS = (
    "-DCMAKE_SYSTEM_NAME=Linux",
    "-DCMAKE_SYSTEM_PROCESSOR=aarch64",
    f"-DCMAKE_CROSSCOMPILING_EMULATOR={';'.join(QEMU)}",
    f"-DCMAKE_FIND_ROOT_PATH=/usr/{TRIPLE}",
    "-DENABLE_CJSON_UTILS=ON",
    "-DENABLE_LOCALES=ON",
    "-DENABLE_CUSTOM_COMPILER_FLAGS=OFF",
)


def _configure(build: Build) -> None:
    build.run("cmake", "-S", ".", "-B", "build", "-G", "Ninja", *_OPTIONS, CC=build.cc, CFLAGS=build.level)


def _compile(build: Build) -> None:
    build.run("cmake", "--build", "build", "-j", str(build.jobs))


def _check(build: Build) -> dict[str, bytes]:
    programs = [
        path
        for path in (build.folder / "build").rglob("*")
        if ".so" not in path.name and "CMakeFiles" not in path.parts
    ]
    run_by_qemu(programs)
    build.run("ctest", "--output-on-failure", under="build")
    return {
        path.name: build.run(path, under="build/tests" if path.parent.name == "tests" else "build")
        for path in sorted(programs)
        if path.with_name(f"{path.name}.aarch64").exists()
    }


RECIPE = Recipe("cjson", "cjson", _compile, _check, _configure)
