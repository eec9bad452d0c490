"""BLEU-4 of a corpus of replies, as Papineni et al. define it: no smoothing, one reference, n-grams within one reply.

Tokens are those of the instructions as `print_instruction` writes them: a mnemonic with its
condition, a register, a number with its # and sign, a name, and each of [ ] { } ! , : = by
itself. Line ends are no tokens.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from math import exp, log

import numpy as np

ORDER = 4
SIZE = 2 + 2 * ORDER
_TOKEN = re.compile(r"#?[-+]?(?:0x[0-9a-f]+|\d+(?:\.\d+)?(?:e[-+]?\d+)?)(?![\w.])|[\w.$\"]+|[^\s\w]")


def tokens(lines: Sequence[str]) -> list[str]:
    return [token for line in lines for token in _TOKEN.findall(line.lower())]


def counts(reply: Sequence[str] | None, reference: Sequence[str]) -> tuple[int, ...]:
    """What one pair adds to a corpus: (tokens of the reply, of the reference, then matches and n-grams for n = 1..4).

    No reply counts as an empty one.
    """
    mine, theirs = tokens(reply or ()), tokens(reference)
    found = [len(mine), len(theirs)]
    for n in range(1, ORDER + 1):
        one, two = (Counter(tuple(words[k : k + n]) for k in range(len(words) - n + 1)) for words in (mine, theirs))
        found += [sum((one & two).values()), sum(one.values())]
    return tuple(found)


def score(total: Sequence[float]) -> float:
    """BLEU, 0..1, of the sum of `counts` over a corpus; 0 where any order has no match."""
    length, reference = total[0], total[1]
    matches, grams = total[2::2], total[3::2]
    if not length or not all(matches):
        return 0.0
    brevity = min(0.0, 1.0 - reference / length)
    return exp(brevity + sum(log(match / of) for match, of in zip(matches, grams)) / ORDER)


def scores(totals: np.ndarray) -> np.ndarray:
    """The same for rows of float64 (corpora, SIZE)."""
    return np.array([score(row) for row in totals.tolist()])
