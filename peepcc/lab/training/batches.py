"""Pairs of prompt and reply from sets of examples, as token arrays and batches of like length.

A pair whose words the vocabulary lacks, or that is longer than the limit, is dropped and
counted. Held-out pairs are chosen by their prompt, so that no prompt is on both sides; the
test set is another thing, and is not read here.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...assembly.encode import Encoder
from ...propose.model.language import END, UNCHANGED, encode, tokens, training_pair
from ...propose.request import request_of
from ..example import Example, read_examples
from ..teachers import TEACHERS
from .tokenizer import IDS, PAD

TRAINING_FILES = "train*.jsonl.gz"
LIMIT = 448  # tokens of prompt, reply and END together
_HELD = 50  # one prompt in so many is never trained on
_IGNORED = -100
_UNCHANGED = 1.0  # with 0.75 it answers 93.8% of the windows that stay so by this word
_RARE = 3  # times that a rare example is taken: builds at -O1 and above consist of these
_DYING = re.compile(r"^(@\d+)(?:[xdn]\d*,)+", re.M)
_LEAST = 100  # unchanged windows that are kept in any case


@dataclass(frozen=True, slots=True)
class Pairs:
    """`ids`: uint16, all sequences behind one another; `starts`: len(self) + 1 offsets into it.

    `prompts[i]`: the prompt's tokens in sequence i; `unchanged[i]`: whether its reply says so.
    """

    ids: np.ndarray
    starts: np.ndarray
    prompts: np.ndarray
    unchanged: np.ndarray
    dropped: int = 0

    def __len__(self) -> int:
        return len(self.prompts)

    @property
    def lengths(self) -> np.ndarray:
        return np.diff(self.starts)


@dataclass(frozen=True, slots=True)
class Batch:
    """`ids` and `labels`: (sequences, tokens) int64; labels are the next token, -100 for none.

    `reply`: the same shape, true where the next token belongs to the reply.
    """

    ids: np.ndarray
    labels: np.ndarray
    reply: np.ndarray


def read_pairs(folder: Path, encoder: Encoder) -> tuple[Pairs, Pairs]:
    """(training pairs, held-out pairs) of `train.jsonl.gz` and any `train-*.jsonl.gz` in the folder, each pair once.

    Of the windows that stay unchanged no more than `_UNCHANGED` for each improved one are
    taken, chosen by their prompt; rare examples are taken `_RARE` times. Raises NoExample.
    """
    seen: set[tuple[str, str]] = set()
    sides: tuple[list, list] = ([], [])
    dropped = 0
    for file in sorted(folder.glob(TRAINING_FILES)):
        for example in read_examples(file, encoder):
            pair = training_pair(request_of(example.window), example.target)
            ids = _ids(*pair) if pair else None
            if ids is None:
                dropped += 1
            elif pair not in seen:
                seen.add(pair)
                held = is_held(pair[0])
                row = (*ids, pair[1] == UNCHANGED, zlib.crc32(pair[0].encode()))
                sides[held].extend([row] * (1 if held or not is_rare(example.teacher, example.level) else _RARE))
    train, held = (_balanced(side) for side in sides)
    return _pairs(train, dropped), _pairs(held, 0)


def is_rare(teacher: str, level: str) -> bool:
    """Whether an example is of optimised code, as the compiler wrote it, in which a teacher found something."""
    return teacher in TEACHERS and not level.endswith("-O0")


def is_held(prompt: str) -> bool:
    """Whether a prompt is never trained on.

    What dies where has no say: the models and sets that are gone on from held out without it.
    """
    return zlib.crc32(_DYING.sub(r"\1", prompt).encode()) % _HELD == 0


def is_held_out(example: Example) -> bool:
    """The same of an example; False where the language has no words for it."""
    prompt = encode(request_of(example.window))
    return prompt is not None and is_held(prompt.text)


def _balanced(rows: list[tuple]) -> list[tuple]:
    improved = [row[:3] for row in rows if not row[2]]
    unchanged = sorted((row for row in rows if row[2]), key=lambda row: row[3])
    return improved + [row[:3] for row in unchanged[: max(_LEAST, int(_UNCHANGED * len(improved)))]]


def _ids(prompt: str, reply: str) -> tuple[np.ndarray, int] | None:
    words = tokens(prompt)
    count = len(words)
    words += [*tokens(reply), END]
    if len(words) > LIMIT:
        return None
    try:
        return np.array([IDS[word] for word in words], dtype=np.uint16), count
    except KeyError:
        return None


def _pairs(rows: Sequence[tuple[np.ndarray, int, bool]], dropped: int) -> Pairs:
    starts = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum([len(ids) for ids, _, _ in rows], out=starts[1:])
    return Pairs(
        ids=np.concatenate([ids for ids, _, _ in rows]) if rows else np.zeros(0, dtype=np.uint16),
        starts=starts,
        prompts=np.array([count for _, count, _ in rows], dtype=np.int64),
        unchanged=np.array([same for _, _, same in rows], dtype=bool),
        dropped=dropped,
    )


def batches(pairs: Pairs, size: int, generator: np.random.Generator) -> Iterator[Batch]:
    """Every pair once, in batches of at most `size` tokens, padding included, in random order."""
    order = generator.permutation(len(pairs))
    lengths = pairs.lengths
    order = order[np.argsort(lengths[order], kind="stable")]
    groups, first = [], 0
    for last in range(1, len(order) + 1):
        if last == len(order) or (last + 1 - first) * lengths[order[last]] > size:
            groups.append(order[first:last])
            first = last
    for group in generator.permutation(len(groups)):
        yield make_batch(pairs, groups[group])


def make_batch(pairs: Pairs, chosen: np.ndarray) -> Batch:
    """The chosen pairs, padded on the right to the longest."""
    shape = len(chosen), int(pairs.lengths[chosen].max()) - 1
    ids = np.full(shape, IDS[PAD], dtype=np.int64)
    labels = np.full(shape, _IGNORED, dtype=np.int64)
    reply = np.zeros(shape, dtype=bool)
    for row, pair in enumerate(chosen):
        sequence = pairs.ids[pairs.starts[pair] : pairs.starts[pair + 1]]
        length = len(sequence) - 1
        ids[row, :length] = sequence[:-1]
        labels[row, :length] = sequence[1:]
        reply[row, pairs.prompts[pair] - 1 : length] = True
    return Batch(ids, labels, reply)
