"""Proposals from the model that comes with peepcc, run in this process by ctranslate2.

Its first answer is the greedy one; where that is not kept, or is a doubtful "unchanged", the
next likeliest follow, found by beam search. For a build nothing is drawn at random, so that equal
requests in equal builds get equal replies on one machine; not promised across machines,
because matrix kernels differ (record and replay are for that).
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice, zip_longest
from pathlib import Path
from typing import Any

from ...errors import PeepccError
from ..protocol import Failure, FailureKind, Repair, Reply, Request, unique
from .confidence import Confidence, read_confidence
from .language import END, UNCHANGED, VOCABULARY, Prompt, Undecodable, decode, encode, tokens

_CONTEXT = 512  # tokens of prompt and reply that the model was made for
_LONGEST_REPLY = 160
_BATCH = 64
_BEAMS = 5  # answers that are looked for at once
# The same where the first is a doubtful "unchanged": few such windows have a better one, and most of them the next.
_DOUBTED = 2
# An "unchanged" with less is doubtful: so is every seventh, and in these lie seven tenths of what first answers miss.
_SURE = math.log(0.995)
_LONGEST_BATCH = (
    20.0  # seconds, on a slow and busy machine; with less left, each step looks at the clock (a tenth slower)
)
_LONGEST_BEAMS = 5.0  # seconds of a full batch, the same; the clock stops no beams
_FIRST_BEAMS = 0.2  # seconds, of the first question


@dataclass(frozen=True, slots=True)
class _Question:
    """What the model reads, and the windows that read so."""

    tokens: tuple[str, ...]
    asked: tuple[tuple[Request, Prompt], ...]


class Embedded:
    """The backend `embedded`. `folder` holds a ctranslate2 model; it is loaded at the first question."""

    usual = _BEAMS - 1

    def __init__(self, folder: Path, threads: int = 1):
        """Raises PeepccError where the folder holds no model."""
        if not (folder / "model.bin").is_file():
            raise PeepccError(f"no model in {folder}")
        self._folder = folder
        self._threads = threads
        self._name = folder.parent.name if folder.name == "ct2" else folder.name
        self._generator = None
        self._confidence: Confidence | None = None
        self._found: dict[str, tuple[Reply, ...]] = {}  # request key -> answers by beam search, the likeliest first
        self._beam_seconds: float | None = None  # what a question took at most

    def propose(self, requests: Sequence[Request], deadline: float) -> Iterator[Reply]:
        """Replies, those to short windows first. A window that the language has no words for gets none.

        A batch that the deadline overtakes is dropped: the model stops in mid-word.
        """
        for batch in _batches(_questions(requests), _BATCH):
            if time.monotonic() >= deadline:
                return
            yield from self._answers(batch, deadline)

    def repair(self, repairs: Sequence[Repair], deadline: float) -> Iterator[Reply]:
        """The likeliest answer to each that changes the window and was not given before."""
        new = [repair for repair in repairs if repair.request.key not in self._found]
        for beams in (_BEAMS, _DOUBTED):
            requests = unique(repair.request for repair in new if _beams_for(repair) == beams)
            for whole in _batches(_questions(tuple(requests.values())), _BATCH // beams):
                while whole and (size := self._beams_until(deadline, beams)):
                    batch, whole = whole[:size], whole[size:]
                    self._found |= self._beams(batch, beams)
                if whole:
                    break
        for repair in repairs:
            given = {each.text for each in repair.refused}
            others = (reply for reply in self._found.get(repair.request.key, ()) if reply.text not in given)
            yield from (replace(reply, key=repair.key) for reply in islice(others, 1))

    def draw(self, requests: Sequence[Request], replies: int, temperature: float, seed: int) -> Iterator[Reply]:
        """So many replies to each, drawn by the model's probabilities.

        The seed counts at the first call alone: ctranslate2's threads keep theirs.
        """
        import ctranslate2

        ctranslate2.set_random_seed(seed)
        for batch in _batches(_questions(requests), _BATCH // 2):
            begun = time.monotonic()
            results = self._generated(batch, sampling_topk=0, sampling_temperature=temperature, num_hypotheses=replies)
            seconds = (time.monotonic() - begun) / len(batch) / replies
            for question, result in zip(batch, results):
                for request, prompt in question.asked:
                    yield from (_reply(request, prompt, written, self._name, seconds) for written in result.sequences)

    def _answers(self, batch: Sequence[_Question], deadline: float) -> Iterator[Reply]:
        begun = time.monotonic()
        results = self._generated(
            batch, callback=(lambda _: time.monotonic() >= deadline) if deadline - begun < _LONGEST_BATCH else None
        )
        if time.monotonic() >= deadline:
            return
        seconds = (time.monotonic() - begun) / len(batch)
        for question, result in zip(batch, results):
            sure = self._confidence.of(result.scores[0]) if self._confidence else None
            for request, prompt in question.asked:
                reply = _reply(request, prompt, result.sequences[0], self._name, seconds)
                yield replace(
                    reply,
                    score=result.scores[0],
                    confidence=sure,
                    unsure=reply.text == UNCHANGED and result.scores[0] < _SURE,
                )

    def _beams_until(self, deadline: float, beams: int) -> int:
        """How many questions there is time for, at most a batch, going by those before; one where none was."""
        most, left = _BATCH // beams, deadline - time.monotonic()
        if left >= _LONGEST_BEAMS:
            return most
        if self._beam_seconds is None:
            return int(left > _FIRST_BEAMS)
        return min(most, int(max(0.0, left) / self._beam_seconds))

    def _beams(self, batch: Sequence[_Question], beams: int) -> dict[str, tuple[Reply, ...]]:
        self._loaded()
        begun = time.monotonic()
        results = self._generated(batch, beam_size=beams, num_hypotheses=beams)
        took = (time.monotonic() - begun) / len(batch)
        self._beam_seconds = max(took, self._beam_seconds or 0.0)
        seconds = took / beams
        found = {}
        for question, result in zip(batch, results):
            for request, prompt in question.asked:
                replies = (
                    replace(_reply(request, prompt, written, self._name, seconds), score=score)
                    for written, score in zip(result.sequences, result.scores)
                )
                found[request.key] = tuple(
                    reply for reply in replies if reply.lines is not None and reply.text != UNCHANGED
                )
        return found

    def _generated(self, batch: Sequence[_Question], sampling_topk: int = 1, **options: object) -> Any:
        return self._loaded().generate_batch(
            [list(question.tokens) for question in batch],
            sampling_topk=sampling_topk,
            end_token=END,
            return_end_token=True,
            max_length=min(_LONGEST_REPLY, _CONTEXT - len(batch[0].tokens)),
            include_prompt_in_result=False,
            return_scores=True,
            length_penalty=0,
            **options,
        )

    def _loaded(self) -> Any:
        if self._generator is None:
            _check_language(self._folder)
            self._confidence = read_confidence(self._folder)
            import ctranslate2  # costs a tenth of a second, and some runs have nothing to ask

            self._generator = ctranslate2.Generator(
                str(self._folder), device="cpu", compute_type="int8_float32", intra_threads=self._threads
            )
        return self._generator


def _beams_for(repair: Repair) -> int:
    return _DOUBTED if repair.refused[0].text == UNCHANGED else _BEAMS


def _check_language(folder: Path) -> None:
    """Raises PeepccError where the model was made for other words than `canonical` has: it would speak nonsense."""
    try:
        words = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PeepccError(f"the words of the model in {folder} cannot be read: {error}") from None
    words = words if isinstance(words, list) else []
    if words[: len(VOCABULARY)] == list(VOCABULARY):  # rows that only round the table up may follow
        return
    place, (has, needs) = next(each for each in enumerate(zip_longest(words, VOCABULARY)) if each[1][0] != each[1][1])
    told = f"word {place} is {has!r} and should be {needs!r}; {len(words)} words and not {len(VOCABULARY)}"
    raise PeepccError(f"the model in {folder} was made for another version of the language: {told}")


def _reply(request: Request, prompt: Prompt, written: Sequence[str], model: str, seconds: float) -> Reply:
    whole = bool(written) and written[-1] == END
    text = "".join(written[:-1] if whole else written)
    try:
        if not whole:
            raise Undecodable("the reply has no end")
        lines, failure = decode(prompt, text), None
    except Undecodable as refusal:
        lines, failure = None, Failure(FailureKind.UNPARSED, refusal.reason)
    return Reply(request.key, lines, text, model, seconds, len(written), failure)


def _questions(requests: Sequence[Request]) -> tuple[_Question, ...]:
    """Each distinct text once, shortest first."""
    groups: dict[str, list[tuple[Request, Prompt]]] = {}
    for request in requests:
        prompt = encode(request)
        if prompt is not None:
            groups.setdefault(prompt.text, []).append((request, prompt))
    found = (_Question(tuple(tokens(text)), tuple(asked)) for text, asked in groups.items())
    fitting = (question for question in found if len(question.tokens) <= _CONTEXT - _LONGEST_REPLY // 2)
    return tuple(sorted(fitting, key=lambda question: (len(question.tokens), question.tokens)))


def _batches(questions: Sequence[_Question], size: int) -> Iterator[Sequence[_Question]]:
    """Questions of one length together: a prompt longer than the shortest of its batch is read token by token."""
    for _, same in groupby(questions, key=lambda question: len(question.tokens)):
        while batch := tuple(islice(same, size)):
            yield batch
