"""The campaign `hostile`: replies made to escape reach no object, no file and no other server.

Each reply goes two ways: through a replay file into a build, where the schema is the first
wall, and as it is to the judge of a translation unit, where the syntax gate is. Some
builds ask a server instead, which sends such replies and misbehaves besides.
"""

from __future__ import annotations

import json
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path
from random import Random

from ....analysis.unit_analysis import Analysed, analyse
from ....assembly.encode import Encoder
from ....optimize.check import Judge
from ....optimize.edits import spliced
from ....optimize.subdivide import askable
from ....propose.protocol import Reply, Request, unique
from ....propose.request import request_of
from ....translation_unit import Unit
from ...dataset.compile import compiled
from ..build import clang, fallbacks, kept, linked, peepcc, ran, verdicts
from ..runner import Campaign, Item, Options, Record
from .object_check import escapes
from .replies import hostile
from .server import HostileServer

SOURCE = """#include <stdio.h>
#include <string.h>
typedef struct { int id; short kind; unsigned char flags; double weight; } entry;
volatile int port;
static unsigned hash(const char *s) { unsigned h = 5381; while (*s) h = h * 33 ^ (unsigned char)*s++; return h; }
static long clamp(long v, int low, unsigned high) { return v < low ? low : v > (long)high ? (long)high : v; }
static double total(const entry *e, int n) { double t = 0;
  for (int i = 0; i < n; i++) t += e[i].weight * (e[i].flags & 3); return t; }
static int parse(const char *s) { int n = 0, sign = 1; if (*s == '-') { sign = -1; s++; }
  while (*s >= '0' && *s <= '9') n = n * 10 + (*s++ - '0'); return sign * n; }
static void turn(unsigned char *p, int n) { for (int i = 0; i < n / 2; i++) { unsigned char t = p[i];
  p[i] = p[n - 1 - i]; p[n - 1 - i] = t; } }
int main(void) {
  entry e[4]; char text[16] = "peephole";
  for (int i = 0; i < 4; i++) { e[i].id = parse("-71") + i; e[i].kind = (short)(i * 9);
    e[i].flags = (unsigned char)(hash(text) >> i); e[i].weight = i * 1.5; }
  turn((unsigned char *)text, (int)strlen(text)); port = e[3].id; port = port + 1;
  printf("%s %u %ld %g %d %d\\n", text, hash(text), clamp(e[2].id, -5, 70), total(e, 4), port, e[1].kind);
  return 0;
}
"""
_SECRET = "the bytes of a file that no object may hold"
_SECONDS = 10.0
_SERVED = 9  # each ninth build asks a server; no multiple of the number of levels
_PATIENCE = 2.0  # seconds for the rewrites of such a build
_FILES = frozenset(
    (
        "build/program.c",
        "build/clang.o",
        "build/built.o",
        "build/judged.s",
        "build/judged.o",
        "elsewhere/secret",
        "elsewhere/replies",
        "elsewhere/report",
    )
)
_MARK = re.compile(r"temporary/peepcc-\d+/\d+-\d+(?:\.lost)?")  # what was said, and what was lost, in a build
_JUNK = (
    b"\x00\xff\xfe" * 400,
    b"[" * 100_000,
    b'{"schema": 2, "key": "',
    b"null",
    b"1e999",
    b'{"schema": 2, "key": NaN, "lines": null}',
    b'"' + b"A" * 1_000_000 + b'"',
    b"{}" * 1000,
    b'{"schema": 2}',
    b"\xed\xa0\x80",
    b'{"schema": 2, "key": {"key": []}}',
)


def items(options: Options) -> Iterator[Item]:
    for n in count():
        level = options.levels[n % len(options.levels)]
        yield Item(f"{n} {level}", (n, level))


def attacked(item: Item, options: Options) -> Record:
    """One build: each window, and each part of it that may be asked about, gets a hostile reply."""
    number, level = item.work
    rng = Random(f"{options.seed} {number}")
    with tempfile.TemporaryDirectory() as scratch:
        folder, elsewhere = Path(scratch, "build"), Path(scratch, "elsewhere")
        for each in (folder, elsewhere, Path(scratch, "temporary")):
            each.mkdir()
        (folder / "program.c").write_text(SOURCE)
        (elsewhere / "secret").write_text(_SECRET)
        made = compiled(folder / "program.c", level, folder, options.clang)
        encoder = Encoder(options.clang)
        analysed = analyse(*made, encoder)
        asked = unique(request_of(window) for whole in analysed.windows() for window in askable(whole))
        clang(options, level, "-c", "program.c", "-o", "clang.o", cwd=folder)
        attack = _through_a_server if number % _SERVED == _SERVED - 1 else _through_a_file
        counts, wrong = attack(rng, analysed, asked, encoder, level, folder, elsewhere, options)
        wrong += _escaped(folder, elsewhere, options)
        place = f"; kept in {kept(item.key, Path(scratch), options)}" if wrong else ""
    return Record(counts, tuple(f"{item.key}: {each}{place}" for each in wrong))


def _through_a_file(
    rng: Random,
    analysed: Analysed,
    asked: Mapping[str, Request],
    encoder: Encoder,
    level: str,
    folder: Path,
    elsewhere: Path,
    options: Options,
) -> tuple[Counter[str], list[str]]:
    replies = {key: hostile(rng, _source(request), str(elsewhere / "secret")) for key, request in asked.items()}
    counts = Counter({"replies": len(replies)})
    counts.update(f"replies: {kind}" for kind, _ in replies.values())
    _write_replay(elsewhere / "replies", replies, rng)
    counts += _built(f"replay:{elsewhere / 'replies'}", level, folder, elsewhere, options)
    text = _judged(analysed, replies, encoder, options, counts)
    (folder / "judged.s").write_text(text, errors="surrogatepass")
    clang(options, "-c", "judged.s", "-o", "judged.o", cwd=folder)
    return counts, []


def _through_a_server(
    rng: Random,
    analysed: Analysed,
    asked: Mapping[str, Request],
    encoder: Encoder,
    level: str,
    folder: Path,
    elsewhere: Path,
    options: Options,
) -> tuple[Counter[str], list[str]]:
    secret, requests = str(elsewhere / "secret"), tuple(asked.values())

    def text(rng: Random) -> str:
        lines = "\n".join(hostile(rng, _source(rng.choice(requests)), secret)[1])
        return (
            rng.choice(("{}", "```asm\n{}\n```", "Sure:\n```\n{}\n```\nDone.")).format(lines)
            if "{" not in lines
            else lines
        )

    with HostileServer(rng.random(), rng.random() < 0.75, text, secret) as server:
        counts = _built(
            "vllm", level, folder, elsewhere, replace(options, budget=_PATIENCE), f"--peepcc-url={server.url}"
        )
    counts += Counter(
        {"replies": server.answers.total()} | {f"server: {manner}": n for manner, n in server.answers.items()}
    )
    return counts, [f"a redirect was followed: {place}" for place in server.strayed]


def _built(backend: str, level: str, folder: Path, elsewhere: Path, options: Options, *more: str) -> Counter[str]:
    temporary = {"TMPDIR": str(folder.parent / "temporary")}
    done = peepcc(
        options,
        backend,
        elsewhere / "report",
        *more,
        level,
        "-c",
        "program.c",
        "-o",
        "built.o",
        cwd=folder,
        env=temporary,
    )
    return fallbacks(done) + Counter({f"build: {name}": n for name, n in verdicts(elsewhere / "report").items()})


def _source(request: Request) -> list[str]:
    return [line for line in request.lines if not line.endswith(":")]


def _write_replay(file: Path, replies: Mapping[str, tuple[str, tuple[str, ...]]], rng: Random) -> None:
    """The replies as lines of JSON, with junk between them."""
    with file.open("wb") as out:
        for key, (_, lines) in replies.items():
            text = "\n".join(lines)
            line = {
                "schema": 2,
                "key": key,
                "lines": lines,
                "text": text if rng.random() < 0.5 else "",
                "model": "hostile",
                "failure": None,
            }
            out.write(json.dumps(line).encode() + b"\n")
            if rng.random() < 0.05:
                out.write(rng.choice(_JUNK) + b"\n")


def _judged(
    analysed: Analysed,
    replies: Mapping[str, tuple[str, tuple[str, ...]]],
    encoder: Encoder,
    options: Options,
    counts: Counter[str],
) -> str:
    """The text that comes of the replies where no schema stands before the judge."""
    given = {key: Reply(key, lines, "\n".join(lines), "hostile") for key, (_, lines) in replies.items()}
    judge = Judge(encoder, Unit(options.clang, "program.c"), options.policy, time.monotonic() + 4 * options.budget)
    outcomes = judge.outcomes(analysed.windows(), given)
    counts.update(f"judge: {outcome.judgement.verdict.value}" for outcome in outcomes)
    return spliced(
        analysed.module,
        [(outcome.window, outcome.chosen) for outcome in outcomes if outcome.judgement.verdict.accepted],
    )


def _escaped(folder: Path, elsewhere: Path, options: Options) -> Iterator[str]:
    """What must not be: a file too many, something in an object that clang's has not, another output."""
    found = (path.relative_to(folder.parent).as_posix() for path in folder.parent.rglob("*") if path.is_file())
    files = sorted(name for name in found if not _MARK.fullmatch(name))
    if not {"build/program.c", "build/clang.o", "elsewhere/secret"} <= set(files) <= _FILES:
        yield f"files: {files}"
    linked(options, [folder / "clang.o"], elsewhere / "clang.exe")
    for name in ("built", "judged") if (folder / "judged.s").exists() else ("built",):
        data = (folder / f"{name}.o").read_bytes() if (folder / f"{name}.o").exists() else b""
        if not data:
            yield f"{name}.o: missing"
        elif data != (folder / "clang.o").read_bytes():
            if _SECRET.encode() in data:
                yield f"{name}.o holds the secret"
            yield from (f"{name}.o: {each}" for each in escapes(folder / "clang.o", folder / f"{name}.o"))
            linked(options, [folder / f"{name}.o"], elsewhere / f"{name}.exe")
            if ran(elsewhere / f"{name}.exe", _SECONDS) != ran(elsewhere / "clang.exe", _SECONDS):
                yield f"{name}.o: another output"


campaign = Campaign("hostile", "replies", 10_000, items, attacked, backends=("none",), tools=("qemu-aarch64",))
