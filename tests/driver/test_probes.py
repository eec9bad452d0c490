"""Command lines that build systems use: peepcc must do what clang does, byte for byte.

One probe is one test. `driven` says who does the work: peepcc by clang's plan (True), or
clang itself, exec'd on the original argv (False); so a probe cannot pass by giving up.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field

import pytest

FILES = {
    "a.c": '#include "a.h"\nstatic int twice(int x) { return 2 * x; }\n'
    "int f(int *p, int n) { int s = N; for (int i = 0; i < n; i++) s += twice(p[i]); return s; }\n",
    "a.h": "#ifndef N\n#define N 3\n#endif\nint f(int *, int);\n",
    "main.c": '#include <stdio.h>\n#include "a.h"\n'
    'int main(void) { int v[3] = {1, 2, 3}; printf("%d\\n", f(v, 3)); return 0; }\n',
    "sub/a.c": 'const char *g(int n) { switch (n) { case 0: return "zero"; case 1: return "one"; case 2: return "two"; '
    'case 3: return "three"; case 4: return "four"; case 5: return "five"; default: return "many"; } }\n',
    "asm.c": 'int h(int x) { __asm__("add %w0, %w0, #1" : "+r"(x)); return x; }\n',
    "bad-asm.c": 'void h(void) { __asm__("frobnicate x0"); }\n',
    "far.c": 'void h(void) { __asm__("tbz x0, #1, 1f\\n .space 65536\\n1:"); }\n',
    "bad.c": "int f(void) { return x; }\n",
    "warn.c": "int f(void) { int unused; return 1 / 0; }\n",
    "frame.c": "void use(char *);\nvoid f(void) { char big[9000]; use(big); }\n",
    "undefined.c": "int nowhere(void);\nint main(void) { return nowhere(); }\n",
    "tls.c": "__thread int t;\nint next(void) { return ++t; }\n",
    "say.c": "const char *said = TEXT;\n",
    "text.txt": "int t(int x) { return x * 9; }\n",
    "pre.i": '# 1 "pre.c"\nint p(long x) { return x >> 3; }\n',
    "plus.cpp": "int f(int x) { return x + 1; }\n",
    "hand.s": ".text\n.globl hand\nhand:\n  ret\n",
    "hand.S": "#define R ret\n.text\n.globl hand\nhand:\n  R\n",
    "module.ll": "define i32 @m(i32 %x) {\n  %y = add i32 %x, 1\n  ret i32 %y\n}\n",
    "args": "-O2 -c a.c\n",
    "outer": "@args -o nested.o\n",
    "with space.c": "int spaced(void) { return 32; }\n",
    'q"uo\\te$.c': "int quoted(void) { return 34; }\n",
    "grüße.c": "int umlaut(void) { return 252; }\n",
}


@dataclass(frozen=True)
class Probe:
    """`debug`: objects hold debug information, which is compared by what it says."""

    name: str
    argv: tuple[str, ...]
    driven: bool = True
    stdin: bytes = b""
    debug: bool = False
    environment: dict[str, str] = field(default_factory=dict)


def _ours(name: str, *argv: str, **more) -> Probe:
    return Probe(name, argv, True, **more)


def _clangs(name: str, *argv: str, **more) -> Probe:
    return Probe(name, argv, False, **more)


PROBES = (
    *(_ours(f"level{level}", level, "-c", "a.c", "main.c", "sub/a.c", "-DN=4") for level in ("-O1", "-O3", "-Oz")),
    _ours("default-output", "-c", "a.c"),
    _ours("output", "-c", "a.c", "-o", "out.o"),
    _ours("joined-output", "-c", "a.c", "-osub/out.o"),
    _ours("link", "a.c", "main.c"),
    _ours("link-output", "-O2", "a.c", "main.c", "-o", "prog"),
    _ours("link-shared", "-O2", "-fPIC", "-shared", "a.c", "-o", "liba.so"),
    _ours("link-static", "-O2", "-static", "a.c", "main.c", "-o", "prog"),
    _ours("link-with-assembly", "-O2", "a.c", "main.c", "hand.s", "-s", "-o", "prog"),
    _ours("two-named-alike", "-c", "sub/a.c", "hand.s", "main.c"),
    _ours("depend", "-MD", "-c", "a.c"),
    _ours("depend-link", "-MD", "-O2", "a.c", "main.c", "-o", "prog"),
    _ours("depend-named", "-MMD", "-MF", "dep.d", "-MT", "x y", "-MQ", "$z", "-MP", "-c", "a.c", "-o", "sub/o.o"),
    _ours("depend-by-preprocessor-option", "-Wp,-MMD,dep.d", "-c", "a.c"),
    _ours("kernel-style-depend", "-Wp,-MD,.a.o.d", "-nostdinc", "-ffreestanding", "-O2", "-c", "-o", "a.o", "a.c"),
    _ours("response-file", "@args"),
    _ours("nested-response-file", "@outer"),
    _ours("stdin", "-x", "c", "-", "-c", "-o", "in.o", stdin=b"int s(int x) { return x ^ 5; }\n"),
    _ours("stdin-joined", "-O2", "-xc", "-c", "-", "-o", "in.o", stdin=b"int s(int x) { return x ^ 5; }\n"),
    _ours(
        "stdin-assembly-to-stdout", "-O2", "-x", "c", "-S", "-", "-o", "-", stdin=b"int s(int x) { return x ^ 5; }\n"
    ),
    _ours("stdin-link", "-x", "c", "-", "-o", "prog", stdin=b"int main(void) { return 3; }\n"),
    _ours("language-forced", "-x", "c", "text.txt", "-c"),
    _ours("language-forced-then-not", "-x", "c", "text.txt", "-x", "none", "a.c", "-c"),
    _ours("preprocessed", "-O2", "-c", "pre.i"),
    _ours("save-temps", "-O2", "-save-temps", "-c", "a.c"),
    _ours("save-temps-obj-link", "-O1", "-save-temps=obj", "a.c", "main.c", "-o", "sub/prog"),
    _ours("assembly", "-S", "-O2", "a.c"),
    _ours("assembly-with-comments", "-S", "-O2", "sub/a.c", "a.c", "-fverbose-asm"),
    _ours("assembly-debug", "-S", "-O2", "-g", "a.c", "-o", "out.s"),
    _ours("assembly-to-stdout", "-S", "-O1", "a.c", "-o", "-"),
    _ours("object-to-stdout", "-c", "-O1", "a.c", "-o", "-"),
    _ours("output-null", "-O2", "-c", "a.c", "-o", "/dev/null"),
    _ours("assembly-null", "-O2", "-S", "a.c", "-o", "/dev/null"),
    _ours("pipe", "-pipe", "-O2", "-c", "a.c"),
    _ours("for-the-assembler", "-Wa,--noexecstack", "-Wa,--fatal-warnings,-I,sub", "-c", "a.c"),
    _ours("labels-kept", "-Wa,-L", "-O2", "-c", "sub/a.c"),
    _ours("patchable", "-fpatchable-function-entry=2,1", "-O2", "-c", "a.c"),
    _ours("compressed-debug", "-g", "-Wa,--compress-debug-sections", "-c", "a.c", debug=True),
    _ours("for-llvm", "-mllvm", "-inline-threshold=0", "-O2", "-c", "a.c"),
    _ours("stack-usage", "-fstack-usage", "-O2", "-c", "frame.c"),
    _ours("coverage", "--coverage", "-c", "a.c"),
    _ours("profile", "-fprofile-instr-generate", "-fcoverage-mapping", "-O2", "-c", "a.c"),
    _ours("debug", "-g", "-O2", "-c", "a.c", "sub/a.c", "main.c", debug=True),
    _ours("debug-unoptimised", "-g3", "-O0", "-c", "a.c", debug=True),
    _ours("split-debug", "-g", "-gsplit-dwarf", "-O1", "-c", "a.c", "-o", "sub/o.o", debug=True),
    _ours("external-assembler", "-fno-integrated-as", "-O2", "-c", "a.c"),
    _ours("sanitize-address", "-fsanitize=address", "-O1", "-c", "a.c"),
    _ours("sanitize-undefined", "-fsanitize=undefined", "-O1", "-c", "a.c"),
    _ours("sections", "-ffunction-sections", "-fdata-sections", "-fno-common", "-O2", "-c", "a.c"),
    _ours("no-unwind-tables", "-fno-asynchronous-unwind-tables", "-fomit-frame-pointer", "-O2", "-c", "a.c"),
    _ours("branch-protection", "-mbranch-protection=standard", "-O2", "-c", "sub/a.c"),
    _ours("thread-local", "-fPIC", "-O2", "-c", "tls.c"),
    _ours("processor", "-mcpu=cortex-a53", "-O3", "-c", "a.c"),
    _ours("scalable-vectors", "-march=armv8.2-a+sve", "-O3", "-c", "a.c"),
    _ours("inline-assembly", "-O2", "-c", "asm.c"),
    _ours("warning", "-Wall", "-c", "warn.c"),
    _ours("warning-in-colour", "-Wall", "-fcolor-diagnostics", "-c", "warn.c"),
    _ours("driver-warning", "-L.", "-lm", "-Wl,-O1", "-c", "a.c"),
    _ours("warning-of-the-code-generator", "-Wframe-larger-than=100", "-O2", "-c", "frame.c"),
    _ours("remarks", "-Rpass=.*", "-Rpass-missed=.*", "-O2", "-c", "a.c"),
    _ours("headers-shown", "-H", "-c", "a.c"),
    _ours("definition-with-everything", "-c", "say.c", '-DTEXT="a \\"b\\" $c \\\\n \'d\'"'),
    _ours("definition-over-lines", "-c", "say.c", '-DTEXT="x"', "-DUNUSED=1\n+2"),
    _ours("odd-names", "-c", "with space.c", 'q"uo\\te$.c', "grüße.c"),
    _ours("after-dashes", "-O2", "-c", "--", "a.c"),
    _ours("included", "-include", "a.h", "-c", "main.c", "-I", "sub"),
    _ours("own-target", "--target=aarch64-linux-gnu", "-O2", "-c", "a.c"),
    _ours("bare-target", "--target=aarch64-none-elf", "-ffreestanding", "-O2", "-c", "a.c"),
    _clangs("nothing"),
    _clangs("version", "--version"),
    _clangs("version-with-source", "--version", "a.c"),
    _clangs("verbose", "-v"),
    _clangs("verbose-object", "-v", "x.o"),
    _clangs("linker-version", "-Wl,--version"),
    _clangs("linker-verbose", "-Wl,-v"),
    _clangs("dump-machine", "-dumpmachine"),
    _clangs("dump-version", "-dumpversion"),
    _clangs("program-name", "-print-prog-name=ld"),
    _clangs("search-folders", "-print-search-dirs"),
    _clangs("libgcc", "-print-libgcc-file-name"),
    _clangs("multi-folder", "-print-multi-os-directory"),
    _clangs("macros", "-E", "-dM", "-x", "c", "/dev/null"),
    _clangs("plan", "-###", "-x", "c", "-", "-c"),
    _clangs("preprocess", "-E", "a.c"),
    _clangs("depend-only", "-M", "a.c"),
    _clangs("depend-only-own", "-MM", "-MG", "a.c"),
    _clangs("syntax-only", "-fsyntax-only", "warn.c"),
    _clangs("link-time-optimisation", "-flto", "-O2", "-c", "a.c"),
    _clangs("bitcode", "-emit-llvm", "-O2", "-c", "a.c"),
    _clangs("intermediate-text", "-emit-llvm", "-O2", "-S", "a.c"),
    _clangs("link-only", "missing.o", "-o", "prog"),
    _clangs("hand-written", "-c", "hand.s"),
    _clangs("hand-written-preprocessed", "-c", "hand.S"),
    _clangs("hand-written-forced", "-x", "assembler-with-cpp", "-c", "hand.s"),
    _clangs("front-end", "-cc1", "-version", "a.c"),
    _clangs("front-end-compiles", "-cc1", "-triple", "aarch64-linux-gnu", "-S", "text.txt", "-x", "c", "-o", "-"),
    _clangs("other-language", "-O2", "-c", "plus.cpp"),
    _clangs("other-language-stdin", "-x", "c++", "-c", "-", "-o", "in.o", stdin=b"int f() { return 1; }\n"),
    _clangs("intermediate-input", "-O2", "-c", "module.ll", "-x", "ir"),
    _clangs("other-target", "--target=x86_64-linux-gnu", "-O2", "-c", "sub/a.c"),
    _clangs("big-endian", "--target=aarch64_be-linux-gnu", "-O2", "-c", "sub/a.c"),
    _clangs("other-object-format", "--target=arm64-apple-macos12", "-O2", "-c", "sub/a.c"),
    _clangs("precompiled-header", "-x", "c-header", "a.h", "-o", "a.pch"),
    _clangs("missing-source", "-c", "missing.c"),
    _clangs("missing-response-file", "@missing"),
    _clangs("missing-output-folder", "-c", "a.c", "-o", "missing/a.o"),
    _clangs("unknown-flag", "-fno-such-flag", "-c", "a.c"),
    _clangs("output-for-two", "-c", "a.c", "main.c", "-o", "both.o"),
    _clangs("error", "-c", "bad.c"),
    _clangs("error-after-success", "-c", "a.c", "bad.c"),
    _clangs("error-from-stdin", "-x", "c", "-c", "-", "-o", "in.o", stdin=b"int f(\n"),
    _clangs("error-by-warning", "-Wall", "-Werror", "-MD", "-c", "warn.c"),
    _clangs("error-in-inline-assembly", "-c", "bad-asm.c"),
    _clangs("error-of-the-assembler", "-c", "far.c"),
    _clangs("error-of-the-linker", "undefined.c", "-o", "prog"),
    _clangs("other-action", "-Xclang", "-ast-print", "-c", "sub/a.c"),
    _clangs("compilation-database", "-MJ", "db.json", "-c", "a.c"),
    _clangs("remarks-recorded", "-fsave-optimization-record", "-O2", "-c", "a.c"),
    _clangs("bitcode-embedded", "-fembed-bitcode", "-O2", "-c", "a.c"),
    _clangs("bitcode-embedded-by-the-front-end", "-Xclang", "-fembed-bitcode=all", "-O2", "-c", "a.c"),
    _clangs("bitcode-embedded-as-marker", "-fembed-bitcode=marker", "-O2", "-c", "a.c"),
    _clangs("file-embedded", "-Xclang", "-fembed-offload-object=a.h", "-O2", "-c", "a.c"),
    _clangs("output-without-name", "-c", "a.c", "-o", ""),
    _clangs("no-temporary-folder", "a.c", "main.c", environment={"TMPDIR": "/nonexistent"}),
    _clangs("temporary-folder-of-another-name", "a.c", "main.c", environment={"TMPDIR": "", "TMP": "/tmp"}),
    _clangs("command-line-recorded", "-frecord-command-line", "-c", "a.c"),
    _clangs("statistics", "-ftime-report", "-fsyntax-only", "missing.c"),
)


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name)
def test_probe(bench, probe):
    bench.fresh(FILES)
    expected = bench.by_clang(probe.argv, probe.stdin, **probe.environment)
    bench.fresh(FILES)
    found = bench.by_peepcc(probe.argv, probe.stdin, **probe.environment)
    assert (found.code, found.stderr) == (expected.code, expected.stderr)
    assert found.stdout == expected.stdout
    assert sorted(found.files) == sorted(expected.files)
    for name, (mode, content) in expected.files.items():
        assert found.files[name][0] == mode, name
        if probe.debug and content.startswith(b"\x7fELF"):
            assert _said(bench, found.files[name][1]) == _said(bench, content), name
        else:
            assert found.files[name][1] == content, name
    assert bench.driven == probe.driven
    assert bench.leftovers() == []


def _said(bench, content: bytes) -> list[bytes]:
    """Code, relocations, line table and frames of an object, and whether its debug information holds together."""
    path = bench.root / "object"
    path.write_bytes(content)
    tools = (
        ["llvm-objdump-19", "-d", "-r"],
        ["llvm-dwarfdump-19", "--debug-line", "--debug-frame"],
        ["llvm-dwarfdump-19", "--verify"],
    )
    return [subprocess.run([*tool, path], capture_output=True, check=True).stdout for tool in tools]
