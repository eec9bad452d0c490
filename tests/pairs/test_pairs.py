"""Each .s file beside this one is one claim: the lines after `// =>` may stand for those before it.

`// ERROR: why` says that they may not: then the validators must find an input that shows
it. `// REFUSED: why`: they may not, for what no state shows or too few do, and so
nothing may be accepted. `// UNREACHED: why`: they may, and no state takes some direction of a
branch or select: then the emulator alone may not accept, and the whole cascade must. `// live-out: w0, nzcv` (default:
everything) and `// volatile` as for `peeplab verify`. Both sides of every claim must also be found right in place of
themselves, by emulation, unless they are REFUSED. No wrong claim is ever proved, and each right
one is, but for those in `unproved.txt`: floating-point identities, and what solvers take too long for. And each right
claim, broken a little, must be refused, but for the breaks that `harmless.txt` lists: somebody has seen that they are
right.
"""

import random
import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest

from peepcc.analysis.obligation import FALL, INDIRECT, RETURN, Obligation, Program
from peepcc.assembly.encode import Encoder
from peepcc.assembly.syntax import Symbol
from peepcc.lab.breaks import breaks
from peepcc.lab.verify import FEATURES, Unverifiable, exit_code, live_parts, newest_clang, read_program, verify
from peepcc.validate.emulator.differential import emulate
from peepcc.validate.pipeline import EMULATED, PROVED
from peepcc.validate.prover.equivalence import prove
from peepcc.validate.verdict import Verdict

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*.s"))
UNPROVED = frozenset((HERE / "unproved.txt").read_text().split())
SECONDS = 20.0  # for a proof that is expected; most take milliseconds
BREAKS = 3  # of each right claim


@dataclass(frozen=True)
class Claim:
    before: str
    after: str
    live_out: tuple[str, ...]
    ordered: bool
    wrong: bool
    undecidable: bool
    unreached: bool


def read_claim(path: Path) -> Claim:
    text = path.read_text()
    before, after = re.split(r"^// =>\n", text, flags=re.M)
    live = re.search(r"^// live-out: (.*)$", text, re.M)
    return Claim(
        before,
        after,
        (live[1],) if live else (),
        "// volatile\n" in text,
        "// ERROR: " in text,
        "// REFUSED: " in text,
        "// UNREACHED: " in text,
    )


CLAIMS = {path.stem: read_claim(path) for path in FILES}
RIGHT = [name for name, claim in CLAIMS.items() if not claim.wrong and not claim.undecidable]
HARMLESS = frozenset((HERE / "harmless.txt").read_text().splitlines())


def broken(name: str) -> list[str]:
    """More of them than are judged: not all assemble."""
    return list(dict.fromkeys(islice(breaks(CLAIMS[name].after, random.Random(name)), 4 * BREAKS)))


def on_one_line(text: str) -> str:
    return "; ".join(filter(None, text.splitlines()))


@pytest.fixture(scope="module")
def encoder():
    encoder = Encoder(newest_clang(), FEATURES)
    texts = [claim.before + claim.after for claim in CLAIMS.values()] + [
        text for name in RIGHT for text in broken(name)
    ]
    lines = [line for text in texts for line in text.splitlines()]
    encoder.encode([line for line in lines if line and not line.startswith("//") and not line.endswith(":")])
    return encoder


@pytest.mark.parametrize("name", CLAIMS)
def test_claim(name, encoder):
    claim = CLAIMS[name]
    judgement = verify(claim.before, claim.after, live_parts(claim.live_out), claim.ordered, encoder, EMULATED)
    if claim.undecidable:
        assert exit_code(judgement) != 0, judgement
        return
    if claim.unreached:
        assert judgement.verdict is Verdict.UNPROVED and judgement.reason.startswith("too few states went this way"), (
            judgement
        )
        judgement = verify(claim.before, claim.after, live_parts(claim.live_out), claim.ordered, encoder)
        assert judgement.verdict is Verdict.ACCEPTED_PROVED and judgement.states >= 4096, judgement
        return
    assert judgement.verdict is (Verdict.REFUTED if claim.wrong else Verdict.ACCEPTED_EMULATED), judgement
    if claim.wrong:
        assert judgement.counterexample.outcomes
    else:
        assert judgement.states >= 4096


@pytest.mark.parametrize("name", [name for name, claim in CLAIMS.items() if not claim.undecidable])
def test_each_side_stands_for_itself(name, encoder):
    claim = CLAIMS[name]
    for text in (claim.before, claim.after):
        program: Program = read_program(text, encoder)
        judgement = emulate(Obligation(program, program, {}, ordered=claim.ordered), states=1024)
        unseen = "too few states went this way" in judgement.reason  # a wrong rewrite may have dead branches
        assert judgement.verdict is Verdict.ACCEPTED_EMULATED or ((claim.wrong or claim.unreached) and unseen), (
            judgement
        )
        assert judgement.states >= 1024


@pytest.mark.parametrize("name", RIGHT)
def test_a_broken_claim_is_refused(name, encoder):
    claim, judged = CLAIMS[name], 0
    for text in broken(name):
        try:
            judgement = verify(
                claim.before,
                text,
                live_parts(claim.live_out),
                claim.ordered,
                encoder,
                PROVED if claim.unreached else EMULATED,
            )
        except Unverifiable:
            continue
        judged += 1
        harmless = f"{name}: {on_one_line(text)}".strip() in HARMLESS
        assert harmless is (exit_code(judgement) == 0), (text, judgement)
        if judged == BREAKS:
            break
    assert judged or not claim.after.strip()


@pytest.mark.parametrize("name", CLAIMS)
def test_only_what_is_right_is_proved(name, encoder):
    claim = CLAIMS[name]
    source, target = (read_program(text, encoder) for text in (claim.before, claim.after))
    live_out = {key: live_parts(claim.live_out) for key in (FALL, RETURN, INDIRECT, *_labels(source), *_labels(target))}
    expected = name in RIGHT and name not in UNPROVED
    judgement = prove(Obligation(source, target, live_out, ordered=claim.ordered), seconds=SECONDS if expected else 0.5)
    assert judgement.verdict is Verdict.ACCEPTED_PROVED or not expected, judgement
    assert name in RIGHT or not judgement.verdict.accepted, judgement


def _labels(program: Program) -> set[str]:
    return {
        operand.name for step in program.steps for operand in step.instruction.operands if isinstance(operand, Symbol)
    }


def test_there_are_enough_claims():
    assert len(CLAIMS) >= 850
    assert sum(claim.wrong or claim.undecidable for claim in CLAIMS.values()) >= 300
