"""The campaign `hostile`: replies made to escape reach no object and no file.

Each reply goes two ways: through a replay file into a build, where the schema is the first
wall, and as it is to the judge of a translation unit, where the syntax gate is. Servers
that hang, drip or redirect are the tests of `served`.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections import Counter
from itertools import count
from pathlib import Path
from random import Random
from typing import Iterator, Mapping

from ..analysis.translation_unit import Analysed, analyse
from ..assembly.encode import Encoder
from ..closer import LIMITS
from ..driver.unit import Unit
from ..hunks import spliced
from ..judge import Judge
from ..propose.protocol import Reply, Request, unique
from .campaign_build import clang, fallbacks, kept, linked, peepcc, ran, verdicts
from .campaign_hostile_object import escapes
from .campaign_hostile_replies import hostile
from .campaign_run import Campaign, Item, Options, Record
from .dataset import compiled

SOURCE = """#include <stdio.h>
#include <string.h>
typedef struct { int id; short kind; unsigned char flags; double weight; } entry;
volatile int port;
static unsigned hash(const char *s) { unsigned h = 5381; while (*s) h = h * 33 ^ (unsigned char)*s++; return h; }
static long clamp(long v, int low, unsigned high) { return v < low ? low : v > (long)high ? (long)high : v; }
static double total(const entry *e, int n) { double t = 0; for (int i = 0; i < n; i++) t += e[i].weight * (e[i].flags & 3); return t; }
static int parse(const char *s) { int n = 0, sign = 1; if (*s == '-') { sign = -1; s++; } while (*s >= '0' && *s <= '9') n = n * 10 + (*s++ - '0'); return sign * n; }
static void turn(unsigned char *p, int n) { for (int i = 0; i < n / 2; i++) { unsigned char t = p[i]; p[i] = p[n - 1 - i]; p[n - 1 - i] = t; } }
int main(void) {
  entry e[4]; char text[16] = "peephole";
  for (int i = 0; i < 4; i++) { e[i].id = parse("-71") + i; e[i].kind = (short)(i * 9); e[i].flags = (unsigned char)(hash(text) >> i); e[i].weight = i * 1.5; }
  turn((unsigned char *)text, (int)strlen(text)); port = e[3].id; port = port + 1;
  printf("%s %u %ld %g %d %d\\n", text, hash(text), clamp(e[2].id, -5, 70), total(e, 4), port, e[1].kind);
  return 0;
}
"""
_SECRET = "the bytes of a file that no object may hold"
_SECONDS = 10.0
_JUNK = (b"\x00\xff\xfe" * 400, b"[" * 100_000, b'{"schema": 1, "key": "', b"null", b"1e999", b'{"schema": 1, "key": NaN, "lines": null}', b'"' + b"A" * 1_000_000 + b'"', b"{}" * 1000,
         b'{"schema": 2}', b'\xed\xa0\x80', b'{"schema": 1, "key": {"key": []}}')


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
        folder.mkdir()
        elsewhere.mkdir()
        (folder / "program.c").write_text(SOURCE)
        (elsewhere / "secret").write_text(_SECRET)
        made = compiled(folder / "program.c", level, folder, options.clang)
        encoder = Encoder(options.clang)
        analysed = analyse(*made, encoder)
        asked = unique(window.request() for limit in LIMITS for window in analysed.windows(limit))
        replies = {key: hostile(rng, _source(request), str(elsewhere / "secret")) for key, request in asked.items()}
        counts = Counter({"replies": len(replies)} | {f"replies: {kind}": 0 for kind, _ in replies.values()})
        counts.update(f"replies: {kind}" for kind, _ in replies.values())
        clang(options, level, "-c", "program.c", "-o", "clang.o", cwd=folder)
        _write_replay(elsewhere / "replies", replies, rng)
        done = peepcc(options, f"replay:{elsewhere / 'replies'}", elsewhere / "report", level, "-c", "program.c", "-o", "built.o", cwd=folder)
        counts.update(fallbacks(done))
        counts.update({f"build: {name}": n for name, n in verdicts(elsewhere / "report").items()})
        text = _judged(analysed, replies, encoder, options, counts)
        (folder / "judged.s").write_text(text, errors="surrogatepass")
        clang(options, "-c", "judged.s", "-o", "judged.o", cwd=folder)
        wrong = list(_escaped(folder, elsewhere, options))
        place = f"; kept in {kept(item.key, Path(scratch), options)}" if wrong else ""
    return Record(counts, tuple(f"{item.key}: {each}{place}" for each in wrong))


def _source(request: Request) -> list[str]:
    return [line for line in request.lines if not line.endswith(":")]


def _write_replay(file: Path, replies: Mapping[str, tuple[str, tuple[str, ...]]], rng: Random) -> None:
    """The replies as lines of JSON, with junk between them."""
    with file.open("wb") as out:
        for key, (_, lines) in replies.items():
            text = "\n".join(lines)
            line = {"schema": 1, "key": key, "lines": lines, "text": text if rng.random() < 0.5 else "", "model": "hostile", "error": None}
            out.write(json.dumps(line).encode() + b"\n")
            if rng.random() < 0.05:
                out.write(rng.choice(_JUNK) + b"\n")


def _judged(analysed: Analysed, replies: Mapping[str, tuple[str, tuple[str, ...]]], encoder: Encoder, options: Options, counts: Counter[str]) -> str:
    """The text that comes of the replies where no schema stands before the judge."""
    given = {key: Reply(key, lines, "\n".join(lines), "hostile") for key, (_, lines) in replies.items()}
    judge = Judge(encoder, Unit(options.clang, "program.c"), options.policy, time.monotonic() + 4 * options.budget)
    outcomes = judge.outcomes(analysed.windows(), given)
    counts.update(f"judge: {outcome.judgement.verdict.value}" for outcome in outcomes)
    return spliced(analysed.module, [(outcome.window, outcome.chosen) for outcome in outcomes if outcome.judgement.verdict.accepted])


def _escaped(folder: Path, elsewhere: Path, options: Options) -> Iterator[str]:
    """What must not be: a file too many, something in an object that clang's has not, another output."""
    expected = {"program.c", "clang.o", "built.o", "judged.s", "judged.o"}
    if {path.name for path in folder.iterdir()} != expected or {path.name for path in elsewhere.iterdir()} != {"secret", "replies", "report"}:
        yield f"files: {sorted(path.name for place in (folder, elsewhere) for path in place.iterdir())}"
    linked(options, [folder / "clang.o"], elsewhere / "clang.exe")
    for name in ("built", "judged"):
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
