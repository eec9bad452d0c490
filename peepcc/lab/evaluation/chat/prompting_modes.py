"""A chat model at work on blocks: direct, chain-of-thought or chain-of-code, and again after a refusal.

All conversations of a batch go on in step, so that the server always has many questions at
once. A try ends with an answer; in chain-of-code the model may have run code before. A
refused answer goes back with what is wrong with it, as often as the run allows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ....propose.model.language import Undecodable
from ....propose.protocol import Failure, FailureKind, Reply
from ....propose.request import request_of
from ....propose.server import chat
from ...example import Example
from ..scoring import Judged
from . import sandbox
from .chain_of_code import snippets, without_snippets
from .prompt import CODE, REPAIR, RESULT, prompt
from .transcript import Messages, Said, Talker

TURNS = 4  # times that code is run in one try
_MOST_PROGRAMS = 4  # of one message


class Workers(Protocol):
    """Who judges replies and runs programs about examples, by their numbers: a `Bench`."""

    def judge(self, cases: Sequence[tuple[int, Reply]]) -> list[Judged]: ...

    def run(self, programs: Sequence[tuple[int, str]]) -> list[str]: ...


@dataclass(slots=True)
class _Conversation:
    """What was said about one example; `tokens`, `seconds`: of the present try."""

    number: int
    example: Example
    messages: Messages
    turns: int = TURNS
    tokens: int = 0
    seconds: float = 0.0
    tries: list[tuple[Reply, Judged]] = field(default_factory=list)

    def add(self, said: Said) -> None:
        self.messages += (("assistant", said.text),)
        self.tokens, self.seconds = self.tokens + said.tokens, self.seconds + said.seconds

    def next_try(self, complaint: str) -> None:
        self.messages += (("user", prompt(REPAIR).filled(complaint=complaint)),)
        self.turns, self.tokens, self.seconds = TURNS, 0, 0.0


def converse(
    cases: Sequence[tuple[int, Example]], talker: Talker, mode: str, repair: int, workers: Workers
) -> list[tuple[tuple[Reply, Judged], ...]]:
    """The tries about each example, in order: one, and at most `repair` more."""
    talks = [_Conversation(number, example, (("user", opening(example, mode)),)) for number, example in cases]
    running = talks
    for _ in range(repair + 1):
        replies = _answered(running, talker, mode, workers)
        judged = workers.judge([(talk.number, reply) for talk, reply in zip(running, replies)])
        refused = []
        for talk, reply, judgement in zip(running, replies, judged):
            talk.tries.append((reply, judgement))
            if judgement.complaint and reply.proposes:
                talk.next_try(judgement.complaint)
                refused.append(talk)
        running = refused
        if not running:
            break
    return [tuple(talk.tries) for talk in talks]


def opening(example: Example, mode: str) -> str:
    """The first message about an example."""
    request = request_of(example.window)
    values = {"window": "\n".join(request.lines), "facts": "\n".join(chat.facts(request))}
    return prompt(mode).filled(**values, **({"turns": TURNS, "memory": sandbox.MEMORY} if mode == CODE else {}))


def _answered(talks: Sequence[_Conversation], talker: Talker, mode: str, workers: Workers) -> list[Reply]:
    """The answer of each conversation, after as much code as it wanted to run."""
    found: dict[int, Reply] = {}
    waiting = list(talks)
    while waiting:
        programs: list[tuple[_Conversation, tuple[str, ...]]] = []
        for talk, said in zip(waiting, talker.say([talk.messages for talk in waiting])):
            talk.add(said)
            code = snippets(said.text)[:_MOST_PROGRAMS] if mode == CODE and said.failure is None else ()
            if code and talk.turns:
                programs.append((talk, code))
            else:
                found[talk.number] = _reply(talk, said, mode)
        shown = iter(workers.run([(talk.number, text) for talk, code in programs for text in code]))
        for talk, code in programs:
            talk.turns -= 1
            result = "\n\n".join(next(shown) for _ in code)
            talk.messages += (("user", prompt(RESULT).filled(result=result, left=talk.turns)),)
        waiting = [talk for talk, _ in programs]
    return [found[talk.number] for talk in talks]


def _reply(talk: _Conversation, said: Said, mode: str) -> Reply:
    request = request_of(talk.example.window)
    lines, failure = None, said.failure
    if failure is None:
        try:
            text = without_snippets(said.text) if mode == CODE else said.text
            lines = chat.lines(request, text)
        except Undecodable as problem:
            failure = Failure(FailureKind.UNPARSED, problem.reason)
    return Reply(request.key, lines, said.text, said.model, talk.seconds, talk.tokens, failure)
