"""The campaign `hardening`: each instruction that a hardening option adds to clang's object is in peepcc's.

"Added" is told twice, by what knows nothing of the compiler's own rules: a function has as many
instructions more of a mnemonic as with the option than without, and instructions of the option's kind
(`campaign_hardening_options`) stay as they are, operands too. What is not seen is an added instruction of no
particular kind that went while another of its mnemonic, which the function had anyway, stayed.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path

from ..build import clang, fallbacks, kept, linked, peepcc, ran, verdicts
from ..runner import PROPOSERS, Campaign, Item, Options, Record
from .object_check import lines_of, mnemonics
from .options import OPTIONS, Hardening
from .source import SOURCE

_SECONDS = 10.0
_ELF = b"\x7fELF"


def items(options: Options) -> Iterator[Item]:
    """Every option first, at levels and with back-ends by turns; then all variants, levels and back-ends of each."""
    ways = [(level, backend) for backend in options.backends for level in options.levels]
    most = max(len(each.variants) for each in OPTIONS)
    for shift, variant, (n, each) in product(range(len(ways)), range(most), enumerate(OPTIONS)):
        if variant < len(each.variants):
            level, backend = ways[(shift + n + variant) % len(ways)]
            flags = each.variants[variant]
            yield Item(f"{' '.join(flags)} {level} {backend}", (n, flags, level, backend))


def compared(item: Item, options: Options) -> Record:
    """The object of clang without the option, those of clang and peepcc with it, and what their programs do."""
    number, flags, level, backend = item.work
    option = OPTIONS[number]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        report, objects = folder / "report.json", [folder / name for name in ("plain.o", "clang.o", "peepcc.o")]
        (folder / "program.c").write_text(SOURCE)
        common = (level, *option.base, "-c", folder / "program.c", "-o")
        clang(options, *common, objects[0])
        refused = clang(options, *flags, *common, objects[1]).returncode
        done = peepcc(options, backend, report, *flags, *common, objects[2])
        counts = Counter({"compiles": 1}) + fallbacks(done)
        if refused and done.returncode:
            return Record(counts + Counter({"refused by clang": 1}))
        if refused or done.returncode:
            wrong = [f"clang exits with {refused}, peepcc with {done.returncode}"]
        else:
            told = verdicts(report)
            names = {f"{option.name}: rewrites": "applied", "applied": "applied", "refused": "refused"}
            counts += Counter({name: told[verdict] for name, verdict in names.items()})
            wrong = [*_lost(option, objects, options.clang, counts), *_differs(objects, folder, options, counts)]
        place = kept(item.key, folder, options) if wrong else ""
        return Record(+counts, tuple(f"{item.key}: {each}; kept in {place}" for each in wrong))


def _lost(option: Hardening, objects: Sequence[Path], clang: str, counts: Counter[str]) -> Iterator[str]:
    """A sentence for each function that lost something. `objects`: without the option, clang's with it, peepcc's."""
    if not objects[1].read_bytes().startswith(_ELF):
        if objects[1].read_bytes() != objects[2].read_bytes():
            yield "another file than clang's, which is no object"
        return
    without, added, found = (lines_of(path, clang) for path in objects)
    for name, lines in added.items():
        here = found.get(name, Counter())
        more = mnemonics(lines) - mnemonics(without.get(name, Counter()))
        gone = more - mnemonics(here)
        new = lines - without.get(name, Counter())
        of_kind = {line: count for line, count in new.items() if option.signs and re.search(option.signs, line)}
        changed = Counter(of_kind) - here
        if gone or changed:
            yield f"{name} lost {dict(gone or changed)}"
        for prefix in ("", f"{option.name}: "):
            counts[f"{prefix}added"] += more.total()
            counts[f"{prefix}lost"] += max(gone.total(), changed.total())


def _differs(objects: Sequence[Path], folder: Path, options: Options, counts: Counter[str]) -> Iterator[str]:
    """Both programs do the same, where clang's links and ends well."""
    clangs, ours = folder / "clang.exe", folder / "peepc.exe"
    expected = ran(clangs, _SECONDS) if linked(options, objects[1:2], clangs) else None
    if expected is None or expected.status != 0:
        return
    counts["programs run"] += 1
    if not linked(options, objects[2:], ours):
        yield "peepcc's object does not link"
    elif ran(ours, 3 * _SECONDS) != expected:
        yield "the programs differ"


def page(counts: Mapping[str, int]) -> str:
    """The table: what each option adds, how much of that is lost, why it stays, and what was rewritten around it."""
    columns = ("option", "adds", "instructions added", "lost", "how they stay", "rewrites elsewhere")
    rows = [columns, ("---",) * len(columns)]
    for each in OPTIONS:
        added, lost, rewrites = (f"{counts.get(f'{each.name}: {what}', 0):,}" for what in ("added", "lost", "rewrites"))
        rows.append((each.name, each.adds, added, lost, each.how, rewrites))
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    total = {what: f"{counts.get(what, 0):,}" for what in ("compiles", "added", "lost", "programs run", "refused")}
    said = (
        f"In {total['compiles']} of {_COMPILES} compiles: {total['added']} instructions added, {total['lost']} lost. "
    )
    said += (
        f"{total['refused']} proposals were refused; {total['programs run']} pairs of programs ran, and did the same."
    )
    return f"{table}\n\n{said}"


_COMPILES = sum(len(each.variants) for each in OPTIONS) * 8  # four levels, two back-ends
_SIZE = 1_000_000  # more than all of them add: the items end first
_TOOLS = ("qemu-aarch64", "llvm-objdump-19")
campaign = Campaign("hardening", "added", _SIZE, items, compared, PROPOSERS, budget=3.0, tools=_TOOLS, page=page)
