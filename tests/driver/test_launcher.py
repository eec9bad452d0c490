"""The installed commands start their own Python whatever the environment says of another, and their children see that
environment.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib

import pytest

from ..support.easy import easy
from ..support.installed import LAUNCHERS, REPOSITORY, install

_VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
FILES = {
    "f.c": "int f(int a) { return a * 3 + 1; }\n",
    "numpy/numpy/__init__.py": 'raise ImportError("numpy of another Python")\n',
    "standard/re.py": "import nothing_here\n",
    "standard/site.py": "import nothing_here\n",
    "standard/os.py": "import nothing_here\n",
    "custom/sitecustomize.py": 'print("hello")\n',
    f"home/.local/lib/python{_VERSION}/site-packages/usercustomize.py": 'print("hello")\n',
    f"home/.local/lib/python{_VERSION}/site-packages/all.pth": 'import sys; print("hello")\n',
    "peepcc.py": "import nothing_here\n",
    "start.py": 'print("hello")\n',
}
ENVIRONMENTS = (
    {"PYTHONHOME": "/nope"},
    {"PYTHONPATH": "numpy"},
    {"PYTHONPATH": "standard"},
    {"PYTHONPATH": "custom"},
    {"PYTHONPATH": ""},
    {"HOME": "home"},
    {"PYTHONUSERBASE": "home/.local"},
    {"PYTHONINSPECT": "1"},
    {"PYTHONSTARTUP": "start.py", "PYTHONINSPECT": "1"},
    {"PYTHONWARNINGS": "error", "PYTHONDEVMODE": "1"},
    {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": "cache"},
    {"PYTHONOPTIMIZE": "2", "PYTHONUNBUFFERED": "1"},
    {"PYTHONVERBOSE": "1"},
    {"PYTHONPROFILEIMPORTTIME": "1"},
    {"PYTHONHASHSEED": "none"},
    {"PYTHONMALLOC": "none"},
    {"PYTHONTRACEMALLOC": "none"},
    {"PYTHONIOENCODING": "none", "PYTHONUTF8": "0"},
    {"PYTHONPLATLIBDIR": "nope"},
    {"PYTHONINTMAXSTRDIGITS": "1"},
    {"VIRTUAL_ENV": "/nope", "CONDA_PREFIX": "/nope", "PYTHONNOUSERSITE": "1"},
)


@pytest.fixture
def installed(bench):
    return install(bench.root / "prefix")


@pytest.mark.parametrize(
    "environment", ENVIRONMENTS, ids=lambda each: " ".join(f"{key}={value}" for key, value in each.items())
)
def test_the_environment_of_another_python(bench, installed, environment):
    bench.fresh(FILES)
    environment = {name: value.replace("home", str(bench.folder / "home")) for name, value in environment.items()}
    for argv, driven in ((["-E", "-P", "f.c"], False), (["-O1", "-c", "f.c"], True)):
        bench.fresh(FILES)
        expected = bench.by_clang(argv)
        bench.fresh(FILES)
        found = bench.run(
            [installed / "peepcc", *argv], PEEPCC_BACKEND="none", PEEPCC_CLANG=str(bench.logged), **environment
        )
        assert found == expected
        assert bench.driven == driven


def test_rewrites_are_made_with_our_own_libraries(bench, installed):
    files = {**FILES, "f.c": easy("f")}
    bench.fresh(files)
    more = {"PYTHONPATH": "numpy:standard:custom", "PYTHONHOME": "/nope", "PEEPCC_CLANG": str(bench.logged)}
    found = bench.run([installed / "peepcc", "-O0", "-c", "f.c"], **more)
    assert (found.code, found.stdout, found.stderr) == (0, b"", b"")
    assert b"peepcc" in bench.run(["readelf", "-n", "f.o"]).stdout


def _seen(bench, command, environment: dict[str, str]) -> set[str]:
    subprocess.run(command, cwd=bench.folder, env=environment, check=True, capture_output=True)
    runs = (bench.root / "seen").read_text().split("end\n")
    (bench.root / "seen").unlink()
    assert runs[-1] == ""
    return {variable for run in runs for variable in run.splitlines()}


def test_children_see_the_environment_of_the_caller(bench, installed):
    """What is ours: PEEPCC_OFF, and TMPDIR where the jobs are run by us.

    PWD is what a shell sets where it is not set.
    """
    common = dict.fromkeys(
        "self here line next python root each path start first file name IFS CDPATH ENV BASH_ENV".split(), "1"
    )
    for argv, ours in ((["-E", "f.c"], {"PEEPCC_OFF=1"}), (["-O1", "-c", "f.c"], {"PEEPCC_OFF=1", "TMPDIR"})):
        bench.fresh(FILES)
        bench.logged.write_text(f'#!/bin/sh\n{{ env; echo end; }} >> {bench.root / "seen"}\nexec {bench.clang} "$@"\n')
        base = {
            "PATH": bench.environment()["PATH"],
            "PWD": str(bench.folder),
            "PEEPCC_CLANG": str(bench.logged),
            "PEEPCC_BACKEND": "none",
        }
        for more in (
            {},
            {"LC_CTYPE": "C.UTF-8"},
            {"LANG": "C"},
            {"LC_ALL": "C"},
            {"PYTHONPATH": "standard", "PYTHONHOME": "/nope"},
            common,
        ):
            environment = {**base, **more}
            expected = _seen(bench, [bench.logged, "--target=aarch64-linux-gnu", *argv], environment)
            found = _seen(bench, [installed / "peepcc", *argv], environment)
            assert {each if each.startswith("PEEPCC") else each.partition("=")[0] for each in found - expected} == ours
            assert expected <= found


def test_arguments_come_through_as_they_are(bench, installed):
    odd = ["", " ", "a  b", "$HOME", "`x`", "*", "'", '"', "\\", "\n", "-I", "-S", "-c", "ü", "--"]
    bench.fresh(FILES)
    bench.logged.write_text(f'#!/bin/sh\nprintf "%s\\0" "$@" > {bench.root / "seen"}\n')
    bench.run([installed / "peepcc", "-E", *odd], PEEPCC_CLANG=str(bench.logged))
    assert (bench.root / "seen").read_bytes().decode().split("\0")[-len(odd) - 1 :] == [*odd, ""]


def test_python_is_started_isolated_and_without_site(bench):
    wrapper = bench.root / "python"
    wrapper.write_text(f'#!/bin/sh\necho "$1 $2" >> {bench.root / "flags"}\nexec {sys.executable} "$@"\n')
    wrapper.chmod(0o755)
    for n, editable in enumerate((True, False)):
        folder = install(bench.root / f"prefix{n}", python=str(wrapper), editable=editable)
        for name in LAUNCHERS:
            bench.fresh(FILES)
            assert bench.run([folder / name, "-E", "f.c"]).code == 0
    assert (bench.root / "flags").read_text().splitlines() == ["-I -S"] * 2 * len(LAUNCHERS)


def test_a_package_that_only_site_finds(bench, installed):
    (next((bench.root / "prefix").rglob("*.pth"))).unlink()
    bench.fresh(FILES)
    for argv in (["-E", "f.c"], ["-c", "f.c"]):
        assert bench.run([installed / "peepcc", *argv], PEEPCC_BACKEND="none", PYTHONHOME="/nope").code == 0


@pytest.mark.parametrize("way", ["path", "link", "chain", "relative", "copy", "sh", "folder"])
def test_called_by_any_path(bench, installed, way):
    bench.fresh(FILES)
    expected = bench.by_clang(["-O1", "-c", "f.c"])
    bench.fresh(FILES)
    place = bench.root / "place"
    place.mkdir()
    path = bench.environment()["PATH"]
    command = {
        "link": [place / "cc"],
        "chain": [place / "b"],
        "relative": ["../place/cc"],
        "copy": [place / "cc"],
        "folder": [place / "d" / "peepcc"],
    }
    (place / "cc").symlink_to(installed / "peepcc")
    (place / "b").symlink_to("cc")
    (place / "d").symlink_to(installed)
    if way == "copy":
        (place / "cc").unlink()
        shutil.copy(installed / "peepcc", place / "cc")
    if way in ("path", "copy", "sh"):
        path = f"{installed}:{path}"
    found = bench.run(
        {**command, "path": ["peepcc"], "sh": ["sh", installed / "peepcc"]}[way] + ["-O1", "-c", "f.c"],
        PATH=path,
        PEEPCC_BACKEND="none",
    )
    assert found == expected


@pytest.mark.parametrize("path", ["", "/nonexistent"])
def test_called_by_its_path_where_path_has_no_clang(bench, installed, path):
    bench.fresh(FILES)
    expected = bench.by_clang(["-O1", "-c", "f.c"])
    (bench.root / "cc").symlink_to(installed / "peepcc")
    for command, wanted in ((installed / "peepcc", ""), (bench.root / "cc", ""), (installed / "peepcc", "clang-19")):
        bench.fresh(FILES)
        assert (
            bench.run([command, "-O1", "-c", "f.c"], PATH=path, PEEPCC_BACKEND="none", PEEPCC_CLANG=wanted) == expected
        )


def test_a_copy_far_from_its_folder_says_what_to_do(bench, installed):
    bench.fresh(FILES)
    copy = bench.root / "cc"
    shutil.copy(installed / "peepcc", copy)
    found = bench.run([copy, "-c", "f.c"], PATH="/usr/bin:/bin")
    assert found.code == 2 and found.stderr.decode() == (
        f"peepcc: error: {copy} is a copy away from where peepcc is installed; make it a link, or put "
        f"that folder on PATH\n"
    )


def test_a_folder_with_a_blank_or_a_long_name(bench):
    for n, name in enumerate(("my tools", "x" * 140)):
        python = bench.root / name / "python"
        python.parent.mkdir()
        python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        python.chmod(0o755)
        folder = install(bench.root / name / f"prefix {n}", python=str(python), long=True)
        bench.fresh(FILES)
        assert bench.run([folder / "peepcc", "-c", "f.c"], PEEPCC_BACKEND="none").files.keys() >= {"f.o"}


def test_every_launcher_is_installed():
    scripts = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["setuptools"]["script-files"]
    assert sorted(scripts) == [f"toolchain/bin/{name}" for name in LAUNCHERS]


def test_links_lead_to_it_also_where_the_working_directory_is_gone(bench, installed):
    bench.fresh({**FILES, "e.c": easy("e")})
    for name, to in (("one", installed / "peepcc"), ("bin/two", "../one"), ("three", "bin/two")):
        (bench.folder / name).parent.mkdir(exist_ok=True)
        (bench.folder / name).symlink_to(to)
    script = "mkdir d; cd d; rmdir ../d; ../three -O0 -c ../e.c -o ../e.o && PATH=..:$PATH three -c ../f.c -o ../f.o"
    done = bench.run(["bash", "-c", f"{script} && cd .. && bin/two -c f.c -o g.o"])
    assert done.code == 0 and b"peepcc" not in done.stderr, done.stderr
    assert {"e.o", "f.o", "g.o"} <= set(done.files)
    assert b"peepcc" in bench.run(["readelf", "-n", "e.o"]).stdout


@pytest.mark.parametrize("most", [12, 13, 16, 20])
def test_few_descriptors(bench, installed, most):
    """With fewer than twelve no script of /bin/sh starts."""
    for argv in (["-c", "f.c"], ["-E", "-P", "f.c"], ["f.c", "-o", "f.o", "-c", "-O0"]):
        bench.fresh(FILES)
        expected = bench.by_clang(argv)
        bench.fresh(FILES)
        done = bench.run(
            ["bash", "-c", f'ulimit -n {most}; exec "$@"', "sh", installed / "peepcc", *argv, "--peepcc-quiet"]
        )
        assert (done.code, done.stdout, done.stderr) == (0, expected.stdout, b"")
        assert set(done.files) == set(expected.files)
