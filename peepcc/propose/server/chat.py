"""The language between peepcc and a general chat model: plain assembly with its facts in words, and fenced replies.

The counterpart of `canonical`, for models that were not trained on our own language. A
refused reply goes back as the conversation so far and what was wrong. It promises nothing
about a reply's lines: they go through the syntax gate and the validators.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Template

from ..model.language import MAX_REPLY_LINES, UNCHANGED, Undecodable
from ..protocol import Refusal, Repair, Request

_FENCED = re.compile(r"```[^\n`]*\n(.*?)(?:\n[ \t]*)?```", re.DOTALL)
_THOUGHT = re.compile(r"\A.*</think>", re.DOTALL)
_LONGEST = 8192
_FAILURES = {
    "unparsed": "Your answer cannot be used",
    "unsafe-region": "Your replacement may not stand here",
    "unproved": "Your replacement may be right, but this could not be shown",
    "costlier": "Your replacement is no gain",
}


Message = tuple[str, str]  # role ("user" or "assistant"), text


def messages(asked: Request | Repair) -> tuple[Message, ...]:
    """The conversation that asks about a window, or asks again about a refused reply.

    The last message is the user's.
    """
    if isinstance(asked, Request):
        return (("user", text(asked)),)
    turns = ((("assistant", _answer(each)), ("user", complaint(each))) for each in asked.refused)
    return (*messages(asked.request), *(message for turn in turns for message in turn))


def text(request: Request) -> str:
    """The one user message that asks about a window."""
    return _template("chat").substitute(window="\n".join(request.lines), facts="\n".join(facts(request)))


def complaint(refusal: Refusal) -> str:
    """The user message that says what was wrong with an answer."""
    return _template("repair").substitute(failure="\n".join(_failure(refusal)))


def _answer(refusal: Refusal) -> str:
    """What the model said, without what it thought; a reply that came without words is written as one."""
    said = _THOUGHT.sub("", refusal.text).strip()
    return said or "\n".join(("```", *(refusal.lines or ()), "```"))


def _failure(refusal: Refusal) -> Iterator[str]:
    if refusal.outcomes:
        yield "Your replacement is wrong. On this input:"
        yield from (f"{name} = {value}" for name, value in refusal.inputs)
        yield "the results differ:"
        yield from (
            f"{name}: {right} from the window, {wrong} from your replacement" for name, right, wrong in refusal.outcomes
        )
    else:
        what = _FAILURES.get(refusal.verdict, "Your replacement was refused")
        yield f"{what}: {refusal.reason}" if refusal.reason else f"{what}."


def lines(request: Request, reply: str) -> tuple[str, ...]:
    """The proposed lines: the last fenced block, or the whole reply where there is none.

    Labels of the window itself are dropped: they keep their place whatever is proposed.
    Raises Undecodable.
    """
    blocks = _FENCED.findall(reply)
    if blocks:
        body = blocks[-1]
    else:
        body = _THOUGHT.sub("", reply)
        if not body.strip():
            raise Undecodable("an empty answer")
    if len(body) > _LONGEST:
        raise Undecodable("longer than any rewrite needs")
    found = [line.strip() for line in body.split("\n") if line.strip()]
    if found == [UNCHANGED]:
        return tuple(line for line in request.lines if not line.endswith(":"))
    found = [line for line in found if not (line.endswith(":") and line in request.lines)]
    if len(found) > MAX_REPLY_LINES:
        raise Undecodable("more lines than any rewrite needs")
    return tuple(found)


@cache
def _template(name: str) -> Template:
    return Template((Path(__file__).parent / "prompts" / f"{name}.txt").read_text(encoding="utf-8"))


def facts(request: Request) -> Iterator[str]:
    """What is live at each way out and known at entry, a sentence each."""
    yield f"Live after the last line: {_names(request.live_out)}."
    for way, names in request.exits:
        where = {"ret": "where it returns", "br": "where it jumps to an address in a register"}.get(
            way, f"where it goes to {way}"
        )
        yield f"Live {where}: {_names(names)}."
    if request.fall:
        yield f"The window is followed by: {', '.join(request.fall)}."
    for kind, name, value in request.known:
        yield {
            "const": f"On entry {name} is {value}.",
            "equal": f"On entry {name} equals {value}.",
            "zext": f"On entry the bits of {name} from {value} up are zero.",
            "sext": f"On entry {name} is sign-extended from its low {value} bits.",
        }[kind]
    if request.ordered:
        yield "Every memory access must stay: the same address, width and order."


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "nothing"
