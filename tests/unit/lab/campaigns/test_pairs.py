"""The templates are sound data, their machine computes what Unicorn does, "
"and the campaign finds a gate that takes wrong ones."""

import re
from random import Random

import pytest
from unicorn import UC_ARCH_ARM64, UC_HOOK_MEM_WRITE, UC_MODE_ARM, Uc
from unicorn import arm64_const as names

from peepcc.assembly.encode import Encoder
from peepcc.assembly.print import print_instruction
from peepcc.assembly.syntax import Instruction
from peepcc.lab.campaigns.pairs import campaign as campaign_pairs
from peepcc.lab.campaigns.pairs.campaign import FAMILIES, attacked, cause, items, obligation, templates
from peepcc.lab.campaigns.pairs.machine import Machine, branch
from peepcc.lab.campaigns.pairs.shown import OPERATIONS, difference, states
from peepcc.lab.campaigns.pairs.shown import items as read
from peepcc.lab.campaigns.pairs.template import Facts, Pair, Template, Wrong, facts, instances, pairs
from peepcc.lab.campaigns.runner import Item, Options
from peepcc.lab.verify import FEATURES, live_parts, newest_clang, verify
from peepcc.validate.verdict import Judgement, Verdict

ALL = tuple(template for family in FAMILIES for template in templates(family))
CODE = 0x1_0000
PLACES = ((0x1F_0000, 0x24_0000), (0x7FFD_0000, 0x7FFF_0000))  # memory that is mapped
FILL = 0xF0E1_D2C3_B4A5_9687


def drawn(template, most=2):
    return [
        pair for n, choice in enumerate(instances(template, most, 1)) for pair in pairs(template, choice, Random(n))
    ]


def instructions():
    """Each that occurs, once, but for branches."""
    found = {}
    for template in ALL:
        for pair in drawn(template):
            for step in (*read(pair.source), *read(pair.target)):
                if isinstance(step, Instruction) and branch(Machine([0] * 31, [0] * 32, 0, (0, 0, 0, 0)), step) is None:
                    found.setdefault(print_instruction(step), step)
    return tuple(found.values())


class OnUnicorn:
    """Runs one instruction at a time; memory holds FILL before each."""

    GENERAL = tuple(getattr(names, f"UC_ARM64_REG_X{n}") for n in range(31))
    VECTORS = tuple(getattr(names, f"UC_ARM64_REG_Q{n}") for n in range(32))

    def __init__(self):
        self._uc, self._written = Uc(UC_ARCH_ARM64, UC_MODE_ARM), set()
        self._uc.mem_map(CODE, 0x1000)
        for first, last in PLACES:
            self._uc.mem_map(first, last - first)
            self._uc.mem_write(first, FILL.to_bytes(8, "little") * ((last - first) // 8))
        self._uc.hook_add(
            UC_HOOK_MEM_WRITE,
            lambda uc, access, address, size, value, data: self._written.update(range(address, address + size)),
        )

    def run(self, word: bytes, start: Machine) -> Machine:
        """The state after it; its memory is what was written."""
        uc = self._uc
        uc.mem_write(CODE, word)
        uc.ctl_flush_tb()
        for register, value in (
            *zip(self.GENERAL, start.x),
            *zip(self.VECTORS, start.v),
            (names.UC_ARM64_REG_SP, start.sp),
        ):
            uc.reg_write(register, value)
        uc.reg_write(names.UC_ARM64_REG_NZCV, int("".join(map(str, start.flags)), 2) << 28)
        self._written.clear()
        uc.emu_start(CODE, CODE + 4)
        flags = uc.reg_read(names.UC_ARM64_REG_NZCV) >> 28
        memory = {place: uc.mem_read(place, 1)[0] for place in self._written}
        for place in self._written:
            uc.mem_write(place, bytes([FILL >> 8 * (place % 8) & 0xFF]))
        return Machine(
            [uc.reg_read(each) for each in self.GENERAL],
            [uc.reg_read(each) for each in self.VECTORS],
            uc.reg_read(names.UC_ARM64_REG_SP),
            tuple(flags >> k & 1 for k in (3, 2, 1, 0)),
            memory=memory,
        )


def test_the_machine_computes_what_unicorn_does():
    """Two states of each instruction that occurs."""
    steps, unicorn = instructions(), OnUnicorn()
    encoder = Encoder(newest_clang(), FEATURES)
    compared, mnemonics = 0, set()
    for step, encoding in zip(steps, encoder.encode_instructions(steps)):
        assert encoding is not None, print_instruction(step)
        rng, tried = Random(print_instruction(step)), 0
        for start in states((step,), (), Facts(), 40, rng):
            start.fill = FILL
            one = start.copy()
            OPERATIONS[step.mnemonic](one, step.operands)
            if not all(
                any(first <= each.address and each.address + each.size <= last for first, last in PLACES)
                for each in one.log
            ):
                continue
            two = unicorn.run(encoding.word.to_bytes(4, "little"), start)
            assert (one.x, one.v, one.sp, one.flags, one.memory) == (two.x, two.v, two.sp, two.flags, two.memory), (
                print_instruction(step),
                start,
            )
            tried += 1
            if tried == 2:
                break
        compared += tried == 2
        mnemonics.add(step.mnemonic)
    assert compared >= 0.98 * len(steps) and compared > 1000
    assert mnemonics <= set(OPERATIONS)


def test_there_are_enough_templates_and_each_has_mistakes():
    assert len(ALL) >= 250 and len({template.name for template in ALL}) == len(ALL)
    for template in ALL:
        assert template.wrong and template.why.endswith(".") and instances(template, 1, 1), template.name
        assert all(wrong.mistake for wrong in template.wrong), template.name


def test_none_is_a_claim_of_ours(request):
    folder = request.config.rootpath / "tests" / "pairs"
    texts = {re.sub(r"(?m)^//(?! =>).*\n", "", path.read_text()).strip() for path in folder.glob("*.s")}
    assert len(texts) > 900
    assert [
        pair
        for template in ALL
        for pair in drawn(template)
        if "\n".join((*pair.source, "// =>", *pair.target)) in texts
    ] == []


def test_pairs_that_differ_in_names_alone_are_one():
    one = Pair("t", "", ("add x0, x1, w2, sxtw",), ("sub x0, x1, x2",), "x0", "x1 zext 8", False)
    other = Pair("u", "", ("add x7, x3, w9, sxtw",), ("sub x7, x3, x9",), "x7", "x3 zext 8", False)
    third = Pair("t", "", ("add x0, x1, w2, sxtw",), ("sub x0, x2, x1",), "x0", "x1 zext 8", False)
    assert one.digest == other.digest != third.digest


@pytest.mark.parametrize(
    "target, live, ordered, known, found",
    [
        ("add x0, x1, #1", "x0", False, "", None),
        ("add w0, w1, #1", "w0", False, "", None),
        ("add w0, w1, #1", "x0", False, "", "x0: "),
        ("add w0, w1, #1", "x0", False, "x1 zext 8", None),
        ("adds x0, x1, #1", "x0 nzcv", False, "", "nzcv: "),
        ("add x0, x1, #1; ldr x5, [x6]", "x0", False, "", "an access where the source has none"),
        ("add x0, x1, #1; str x5, [x6]", "x0", False, "", "[0x"),
        ("cbz x1, .LBB0_1; add x0, x1, #1", "x0", False, "", "goes to the end | .LBB0_1"),
        ("add sp, sp, #16; add x0, x1, #1", "x0", False, "", "sp: "),
    ],
)
def test_what_differs_is_shown(target, live, ordered, known, found):
    pair = Pair("t", "m", ("add x0, x1, #1",), tuple(target.split("; ")), live, known, ordered)
    shown = difference(pair, 2000, Random(1))
    assert shown is None if found is None else shown is not None and shown.startswith(found), shown


def test_order_is_shown_where_it_must_stay():
    one, two = "ldr w2, [x1]", "ldr w3, [x4]"
    assert difference(Pair("t", "m", (one, two), (two, one), "w2 w3", "", False), 2000, Random(1)) is None
    assert difference(Pair("t", "m", (one, two), (two, one), "w2 w3", "", True), 2000, Random(1)).startswith(
        "another order of accesses"
    )


def test_live_registers_are_those_of_each_exit(tmp_path):
    encoder = Encoder(newest_clang())
    pair = Pair(
        "t",
        "m",
        ("cbz x1, .LBB0_1", "ret"),
        ("cbz x1, .LBB0_1", "ret"),
        "x1; .LBB0_1: w2 nzcv",
        "x1 = 5; x2 zext 8; x3 sext 16; x4 == x5",
        True,
    )
    claimed = obligation(pair, encoder)
    assert claimed.live_at("ret") == live_parts(("x1",)) and claimed.live_at(".LBB0_1") == live_parts(("w2 nzcv",))
    assert (
        claimed.known.constants == {1: 5}
        and claimed.known.zero_extended == {2: 8}
        and claimed.known.sign_extended == {3: 16}
    )
    assert claimed.known.equal == facts(pair.known).equal == (frozenset((4, 5)),) and claimed.ordered


def options(folder):
    return Options(folder, 1, 100, 5, "proved", ("none",), 5.0, ("-O0",), (), 1, newest_clang(), {})


def _gate(verdict):
    return lambda claimed, policy: Judgement(verdict, "so: it is")


def test_a_gate_that_takes_everything_lets_wrong_pairs_through(tmp_path, monkeypatch):
    monkeypatch.setattr(campaign_pairs, "judge", _gate(Verdict.ACCEPTED_PROVED))
    record = attacked(next(items(options(tmp_path))), options(tmp_path))
    assert len(record.wrong) > 5 and all("a wrong pair was accepted" in each for each in record.wrong)
    claims = sorted((tmp_path / "wrong").glob("*.s"))
    assert len(claims) > 5
    encoder = Encoder(newest_clang())
    before, after = re.split(r"^// =>\n", claims[0].read_text(), flags=re.M)
    live = re.search(r"^// live-out: (.*)$", before, re.M)[1]
    assert not verify(before, after, live_parts((live,)), "// volatile\n" in before, encoder).verdict.accepted


def test_a_gate_that_refuses_everything_is_told_by_cause(tmp_path, monkeypatch):
    monkeypatch.setattr(campaign_pairs, "judge", _gate(Verdict.UNPROVED))
    record = attacked(next(items(options(tmp_path))), options(tmp_path))
    assert record.wrong == ()
    assert any(name.startswith("right, not accepted: so (") for names in record.distinct.values() for name in names)
    monkeypatch.setattr(campaign_pairs, "judge", _gate(Verdict.REFUTED))
    assert any(
        "a right pair was refuted" in each for each in attacked(next(items(options(tmp_path))), options(tmp_path)).wrong
    )


def test_a_template_that_is_not_what_it_says_is_found(tmp_path, monkeypatch):
    false = Template(
        "false",
        "It is not.",
        {"r": ("w", "x")},
        "add {r}0, {r}1, {r}2",
        "sub {r}0, {r}1, {r}2",
        "{r}0",
        (Wrong("not wrong at all", "add {r}0, {r}2, {r}1"),),
    )
    monkeypatch.setattr(campaign_pairs, "templates", lambda family: (false,))
    wrong = attacked(Item("arithmetic 0", ("arithmetic", 0)), options(tmp_path)).wrong
    assert any("a right pair differs" in each for each in wrong) and any(
        "no input shows that a wrong pair differs" in each for each in wrong
    )


def test_a_cause_has_no_numbers():
    assert (
        cause(Judgement(Verdict.UNPROVED, "too few states went this way: cset (instruction 2) holds"))
        == "too few states went this way"
    )
    assert cause(Judgement(Verdict.UNPROVED, "two lifters disagree on 0x1234")) == "two lifters disagree on N"
