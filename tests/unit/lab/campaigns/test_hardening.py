"""The campaign `hardening` finds what is lost where no rule protects it, and its table says what was counted."""

import subprocess
from collections import Counter

import pytest
from click.testing import CliRunner

from peepcc.analysis.left_alone import hardening
from peepcc.errors import PeepccError
from peepcc.lab.campaigns import command
from peepcc.lab.campaigns.hardening import campaign as campaign_hardening
from peepcc.lab.campaigns.hardening.object_check import lines_of
from peepcc.lab.campaigns.hardening.options import OPTIONS
from peepcc.lab.campaigns.hardening.source import SOURCE
from peepcc.lab.campaigns.runner import Campaign, Item, Options, Record
from peepcc.lab.campaigns.summary import put

CHECKED = "int g(char *); int f(int a) { char room[16]; return g(room) + a; }"


def options(folder, backend="mutator", levels=("-O1",)):
    return Options(folder, 1, 100, 5, "proved", (backend,), 20.0, levels, (), 1, "clang-19", {})


def item_of(chosen, *flags):
    return next(item for item in campaign_hardening.items(chosen) if item.work[1] == flags)


def one(options):
    return iter([Item("one", ())])


def done(item, options):
    return Record({"things": 1})


def told(counts):
    return f"things: {counts['things']}"


def unprotected(monkeypatch, name):
    kept = tuple(rule for rule in hardening.RULES if rule.name != name)
    monkeypatch.setattr(hardening, "RULES", kept)


@pytest.mark.parametrize(
    "rule, level, backend, flags",
    [
        ("zero-call-used-regs", "-O1", "embedded", ("-fzero-call-used-regs=used",)),
        ("stack-protector", "-O0", "embedded", ("-fstack-protector-all",)),
    ],
)
def test_without_a_rule_instructions_are_lost_and_with_it_none(rule, level, backend, flags, tmp_path, monkeypatch):
    chosen = options(tmp_path, backend, (level,))
    record = campaign_hardening.compared(item_of(chosen, *flags), chosen)
    assert record.wrong == () and record.counts["added"] > 15 and "lost" not in record.counts
    unprotected(monkeypatch, rule)
    record = campaign_hardening.compared(item_of(chosen, *flags), chosen)
    assert record.counts["lost"] > 0 and " lost {" in record.wrong[0] and list((tmp_path / "wrong").iterdir())


def test_the_program_has_what_the_options_are_about():
    assert SOURCE.count("NOINLINE") > 12
    names = [item.work[1] for item in campaign_hardening.items(options(None))]
    assert len(names) == len(set(names)) == sum(len(each.variants) for each in OPTIONS)
    wide = Options(None, 1, 9, 1, "", ("a", "b"), 1, ("-O0", "-O2", "-Os"), (), 1, "", {})
    every = list(campaign_hardening.items(wide))
    assert len({item.key for item in every}) == len(every) == 6 * len(names)
    assert {item.work[0] for item in every[: len(OPTIONS)]} == set(range(len(OPTIONS)))


def test_what_belongs_to_a_check_says_so(tmp_path):
    flags = ("--target=aarch64-linux-gnu", "-O1", "-fstack-protector-all", "-xc", "-c", "-", "-o", tmp_path / "f.o")
    subprocess.run(["clang-19", *flags], input=CHECKED.encode(), check=True)
    lines = lines_of(tmp_path / "f.o", "clang-19")["f"]
    marked = {line.split()[0] for line in lines if line.endswith(" => fails")}
    assert marked >= {"stur", "ldur", "cmp", "b.ne"} and lines["bl __stack_chk_fail"] == 1
    with pytest.raises(PeepccError, match="no.o"):
        lines_of(tmp_path / "no.o", "clang-19")


def test_the_table_goes_between_the_marks_of_a_page(tmp_path, monkeypatch):
    text = campaign_hardening.page(Counter({f"{OPTIONS[0].name}: added": 1234, "compiles": 8, "added": 1234}))
    assert f"| {OPTIONS[0].name} |" in text and "| 1,234 | 0 |" in text
    assert "In 8 of 456 compiles: 1,234 instructions added, 0 lost" in text
    assert len(text.splitlines()) == len(OPTIONS) + 4
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- campaign fake -->\nold\n<!-- end -->\nafter\n")
    monkeypatch.setattr(command, "load", lambda name: Campaign("fake", "things", 1, one, done, ("none",), page=told))
    words = ["hardening", "--out", str(tmp_path / "out"), "--page", str(page), "--clang", "clang-19"]
    put(page, "fake", "new")
    assert page.read_text() == "before\n<!-- campaign fake -->\nnew\n<!-- end -->\nafter\n"
    page.write_text(page.read_text().replace("fake", "hardening"))
    ended = CliRunner().invoke(command.command, words)
    assert ended.exit_code == 0, ended.output
    assert page.read_text() == "before\n<!-- campaign hardening -->\nthings: 1\n<!-- end -->\nafter\n"
    with pytest.raises(PeepccError, match="does not hold"):
        put(page, "other", "new")
