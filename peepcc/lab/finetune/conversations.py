"""Conversations to learn from: how a block is answered in each mode of `peeplab evaluate`, and how a refused answer is
mended.

Who is only taught answers answers at once under every prompt. The words are made from what
is known: the target, what the lines read and write, what the sandbox and the judges say of
a wrong reply. It does not promise that a person would think so.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from ...assembly.encode import Encoder
from ...assembly.print import print_instruction
from ...assembly.syntax import Instruction
from ...propose.model.language import UNCHANGED
from ...propose.mutator.backend import mutated
from ...propose.protocol import Reply
from ...propose.request import request_of
from ...propose.server import chat
from ..evaluation.chat.prompt import CODE, DIRECT, REPAIR, RESULT, THOUGHT, prompt
from ..evaluation.chat.prompting_modes import TURNS, opening
from ..evaluation.scoring import judge_all
from ..example import Example
from ..teachers import instruction_text as c
from ..teachers.task import Lesson, lesson
from .trial import Trial, tried

_WRONG_FIRST = 0.5  # share of conversations with code that try what is wrong, and see it


@dataclass(frozen=True, slots=True)
class Turn:
    """`taught`: the model should say this.

    What is not taught it only reads, be it another's words or a mistake of its own.
    """

    role: str
    text: str
    taught: bool = False


class Worked:
    """Makes conversations with this clang. Equal examples, modes and states of `rng` make equal ones."""

    def __init__(self, clang: str, seed: int):
        self._clang, self._seed, self._encoder = clang, seed, Encoder(clang)

    def conversation(self, example: Example, mode: str, rng: random.Random) -> tuple[Turn, ...]:
        """`mode`: of TEACHABLE. () where the example cannot be shown in it."""
        if mode == REPAIR:
            return self._repair(example)
        if mode == CODE:
            return self._code(example, rng)
        if mode == THOUGHT:
            return Turn("user", opening(example, THOUGHT)), Turn(
                "assistant", f"{_thought(example)}\n\n{_answer(example)}", True
            )
        return direct(example)

    def _repair(self, example: Example) -> tuple[Turn, ...]:
        wrong = mutated(request_of(example.window))
        judged = judge_all(
            [(example, Reply(request_of(example.window).key, wrong))], self._encoder, self._clang, self._seed
        )[0]
        if not judged.complaint:
            return ()
        return (
            Turn("user", opening(example, DIRECT)),
            Turn("assistant", _fenced(wrong)),
            Turn("user", prompt(REPAIR).filled(complaint=judged.complaint)),
            Turn("assistant", _answer(example), True),
        )

    def _code(self, example: Example, rng: random.Random) -> tuple[Turn, ...]:
        """Tries a replacement on an input.

        A wrong one is seen to be wrong; where there is nothing to gain, only wrong ones are tried.
        """
        turns, left = [Turn("user", opening(example, CODE))], TURNS
        seen = ""
        if rng.random() < _WRONG_FIRST:
            trial = tried(example, mutated(request_of(example.window)), rng, self._encoder)
            if trial is not None and trial.apart:
                left -= 1
                turns += _shown(trial, left, taught=False)
                seen = f"They differ in {', '.join(trial.apart)}: that is wrong.\n"
        if not example.improved:
            return (*turns, Turn("assistant", f"{seen}There is nothing to gain.\n{_answer(example)}", True))
        trial = tried(example, example.target, rng, self._encoder)
        if trial is None or trial.apart:
            return ()
        code, result = _shown(trial, left - 1, taught=True)
        return (
            *turns,
            Turn("assistant", f"{seen}{code.text}", True),
            result,
            Turn("assistant", f"Both leave the same.\n{_answer(example)}", True),
        )


def direct(example: Example) -> tuple[Turn, ...]:
    """As a build asks."""
    return Turn("user", chat.text(request_of(example.window))), Turn("assistant", _answer(example), True)


def _answer(example: Example) -> str:
    return _fenced(example.target if example.improved else (UNCHANGED,))


def _fenced(lines: Sequence[str]) -> str:
    return "\n".join(("```", *lines, "```"))


def _shown(trial: Trial, left: int, taught: bool) -> tuple[Turn, Turn]:
    return (
        Turn("assistant", f"I try this:\n```run\n{trial.code}\n```", taught),
        Turn("user", prompt(RESULT).filled(result=trial.result, left=left)),
    )


def _thought(example: Example) -> str:
    """By the steps that the prompt asks for."""
    said = lesson(request_of(example.window))
    return "\n".join(
        (f"1. {' '.join(_results(said))}", f"2. {' '.join(_needless(example, said))}", f"3. {_instead(example)}")
    )


def _results(said: Lesson) -> Iterator[str]:
    """Which line leaves what is live at some way out, and what goes to memory."""
    live = said.live_fall.union(*said.live_at.values())
    for name in sorted(live):
        writer = next((i for i in reversed(said.code) if name in c.writes(i)), None)
        if writer is not None:
            yield f"{name} comes from `{print_instruction(writer)}`."
    if kept := sorted(name for name in live if not any(name in c.writes(i) for i in said.code)):
        yield f"{', '.join(kept)}: as before."
    if stores := [i for i in said.code if c.is_store(i)]:
        yield f"Memory is written by {', '.join(f'`{print_instruction(i)}`' for i in stores)}."


def _needless(example: Example, said: Lesson) -> Iterator[str]:
    """Of each line that the target lacks: who reads what it leaves."""
    gone = _apart(example.source, example.target)[0]
    for n in gone:
        yield from (
            f"`{example.source[n]}`: {name} is {_use(said, n, name)}." for name in sorted(c.writes(said.code[n]))
        )
        if not c.writes(said.code[n]):
            yield f"`{example.source[n]}` can go."
    if not gone:
        yield "Nothing."


def _use(said: Lesson, n: int, name: str) -> str:
    readers = [f"`{print_instruction(i)}`" for i in _readers(said.code, n, name)]
    return f"read by {', '.join(readers)}" if readers else "live" if name in said.live(n) else "not read"


def _readers(code: Sequence[Instruction], n: int, name: str) -> Iterator[Instruction]:
    """The lines that read what line n left in `name`, as far as no line between writes it."""
    for i in code[n + 1 :]:
        if name in c.reads(i):
            yield i
        if name in c.writes(i):
            return


def _instead(example: Example) -> str:
    new = [example.target[n] for n in _apart(example.source, example.target)[1]]
    if not example.improved:
        return "Every line is needed as it is."
    return f"In its place {', '.join(f'`{each}`' for each in new)} will do." if new else "What is left does the same."


def _apart(source: Sequence[str], target: Sequence[str]) -> tuple[list[int], list[int]]:
    """The lines of each that the other lacks."""
    blocks = SequenceMatcher(None, source, target, autojunk=False).get_matching_blocks()
    mine = {n for a, _, size in blocks for n in range(a, a + size)}
    other = {n for _, b, size in blocks for n in range(b, b + size)}
    return [n for n in range(len(source)) if n not in mine], [n for n in range(len(target)) if n not in other]
