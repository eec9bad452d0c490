"""The language of the own model: names, words, and what its replies may say."""

import random

import pytest

from peepcc.propose.model.language import (
    END,
    MAX_LINES,
    UNCHANGED,
    VOCABULARY,
    Undecodable,
    decode,
    encode,
    reply_text,
    tokens,
    training_pair,
)
from peepcc.propose.protocol import Request

WINDOW = Request(
    (
        "ldr w8, [x19, #4]",
        "cmp w8, #10",
        "b.eq .LBB0_3",
        ".LBB0_2:",
        "add x9, x19, w8, sxtw #2",
        "cbz x9, .LBB0_4",
        "str q3, [x29, #-16]!",
    ),
    ("x9", "x20", "nzcv"),
    ((".LBB0_3", ("w8",)),),
    (".LBB0_4",),
    (("const", "x19", 12), ("zext", "x8", 31), ("equal", "x9", "x19")),
    True,
)
PROMPT = """\
@1ldr w0,[x1,#4]
@2cmp w0,#10
@3b.eq T0
T1:
@4add x2,x1,w0,sxtw #2
@5cbz x2,NEXT
@6str q0,[x29,#-16]!
L w0,x2,n
K x1#12
K x0<32
K x2=x1
O
>"""
FORMS = (
    "fmov d8, #-1.50000000",
    "umov w8, v0.b[3]",
    "mov v0.s[1], w8",
    "ld1 { v0.16b, v1.16b }, [x9], #32",
    "b .LBB0_9",
    "b.hs .LBB0_9",
    "tbnz w8, #3, .LBB0_9",
    "movk x8, #65535, lsl #48",
    "csel x0, x1, xzr, ne",
    "ccmp w8, #0, #4, ne",
    "ret",
    "fcvtl v0.2d, v0.2s",
    "ldrsw x10, [x9, w8, uxtw #2]",
    "stp x29, x30, [sp, #-16]!",
    "sub wsp, wsp, #16",
    "movi v1.2d, #0000000000000000",
)


def prompt():
    return encode(WINDOW)


def test_a_window_reads_as_written_here():
    assert prompt().text == PROMPT
    assert "".join(tokens(PROMPT)) == PROMPT
    assert set(tokens(PROMPT)) <= set(VOCABULARY)


def test_names_do_not_matter():
    swapped = {"x19": "x3", "x8": "x21", "w8": "w21", "x9": "x0", "q3": "q31", "w9": "w0"}

    def renamed(text):
        for old, new in swapped.items():
            text = text.replace(old + ",", new + ",").replace(f"[{old}", f"[{new}").replace(".LBB0_", ".Lelse")
        return text

    other = Request(
        tuple(map(renamed, WINDOW.lines)),
        ("x0", "nzcv"),
        ((".Lelse3", ("w21",)),),
        (".Lelse4",),
        (("const", "x3", 12), ("zext", "x21", 32), ("equal", "x0", "x3")),
        True,
    )
    assert other.lines != WINDOW.lines
    assert encode(other).text == PROMPT
    assert encode(other).source == tuple(line for line in other.lines if not line.endswith(":"))


def test_a_line_begins_with_what_dies_there():
    window = Request(
        ("ldr d9, [x29, #8]", "fcmp d9, #0.0", "cset w20, mi"), ("x20",), dying=((), ("d9",), ("x29", "nzcv"))
    )
    assert encode(window).text == "@1ldr d0,[x29,#8]\n@2d0,fcmp d0,#0.0\n@3x29,n,cset w0,mi\nL x0\n>"
    assert training_pair(window, (*window.lines[:2], "cset w20, pl"))[1] == "@3cset w0,pl\n"


def test_what_matters_is_in_the_prompt():
    plain = Request(WINDOW.lines, WINDOW.live_out, WINDOW.exits, WINDOW.fall)
    texts = {
        encode(each).text
        for each in (WINDOW, plain, Request(WINDOW.lines, ("x9",)), Request(WINDOW.lines, ("x9",), fall=(".LBB0_3",)))
    }
    assert len(texts) == 4


@pytest.mark.parametrize("line", FORMS)
def test_forms_come_back_as_they_were(line):
    request = Request((line,), ())
    made = encode(request)
    body = made.text.split("\n")[0].removeprefix("@1")
    spelled = "".join(decode(made, body)).replace(" ", "").replace("NEXT", ".LBB0_9")
    assert spelled == line.replace(" ", "")
    assert decode(made, "@1").count(line) == 0


@pytest.mark.parametrize(
    "line", ["and x8, x8, #0xff", "svc #0", "mrs x0, tpidr_el0", "ldr x0, [x0, :lo12:table]", "bl puts"]
)
def test_a_window_without_words_is_not_asked(line):
    assert encode(Request(("mov x0, x1", line), ("x0",))) is None


def test_a_window_longer_than_a_prompt_is_not_asked():
    assert encode(Request(("nop",) * MAX_LINES, ())) is not None
    assert encode(Request(("nop",) * (MAX_LINES + 1), ())) is None


@pytest.mark.parametrize(
    "reply, lines",
    [
        (
            UNCHANGED,
            (
                "ldr w8, [x19, #4]",
                "cmp w8, #10",
                "b.eq .LBB0_3",
                "add x9, x19, w8, sxtw #2",
                "cbz x9, .LBB0_4",
                "str q3, [x29, #-16]!",
            ),
        ),
        (
            UNCHANGED + END,
            (
                "ldr w8, [x19, #4]",
                "cmp w8, #10",
                "b.eq .LBB0_3",
                "add x9, x19, w8, sxtw #2",
                "cbz x9, .LBB0_4",
                "str q3, [x29, #-16]!",
            ),
        ),
        ("", ()),
        ("@1\n@3\n@5\n@6", ("cmp w8, #10", "add x9, x19, w8, sxtw #2")),
        (
            "@1\n@2mov w0,#1\n@2b T0\n@3\n@5\n@6add x2,x1,w0",
            ("mov w8,#1", "b .LBB0_3", "add x9, x19, w8, sxtw #2", "add x9,x19,w8"),
        ),
        ("@9\n@1\n@2mov x7,x0\n@3\n@5\n@6", ("cmp w8, #10", "add x9, x19, w8, sxtw #2")),
        ("b T0", ("b .LBB0_3",)),
        ("b T1\ncbnz w0,NEXT", ("b .LBB0_2", "cbnz w8,.LBB0_4")),
        ("ldr d0,[x29,#8]", ("ldr d3,[x29,#8]",)),
    ],
)
def test_replies_in_the_windows_names(reply, lines):
    assert decode(prompt(), reply) == lines


@pytest.mark.parametrize(
    "reply",
    [
        "mov x3,x0",
        "mov v1.16b,v0.16b",
        "b T2",
        "@0",
        "@1@2",
        "@7",
        "@",
        "@01",
        "mov x0,x1\n\nret",
        "@1\nret",
        "ret\n@1",
        "@1 @2",
        "@6\n" * 33,
    ],
)
def test_replies_that_say_nothing_about_this_window(reply):
    with pytest.raises(Undecodable):
        decode(prompt(), reply)


def test_taught_replies_give_the_target_back():
    generator = random.Random(5)
    pool = ("mov x0, x1", "add x2, x0, #1", "mul x3, x2, x1", "sub x1, x1, x0", "ldr x3, [x2]", "cmp x0, x1")
    for _ in range(300):
        source = tuple(generator.choices(pool, k=generator.randint(1, MAX_LINES)))
        target = tuple(line for line in source if generator.random() < 0.8) + tuple(
            generator.choices(pool[:1] + source, k=generator.randint(0, 2))
        )
        request = Request(source, ("x0", "x3"))
        pair = training_pair(request, target)
        if pair is None:
            assert not _registers(target) <= _registers(source)
            continue
        made = encode(request)
        assert pair[0] == made.text
        assert [line.replace(" ", "") for line in decode(made, pair[1])] == [line.replace(" ", "") for line in target]


def test_unchanged_is_taught_as_one_word():
    assert reply_text(("nop",), ("nop",)) == UNCHANGED
    assert training_pair(Request(("mov x9, x8",), ("x9",)), ("mov x9, x8",))[1] == UNCHANGED


def _registers(lines):
    return {word.strip(",[]#") for line in lines for word in line.split() if word.strip(",[]")[:1] == "x"}
