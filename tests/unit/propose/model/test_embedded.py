"""The embedded backend: on models made here that write one fixed thing, and on damaged ones."""

import json
import time
from pathlib import Path

import pytest

from peepcc.errors import PeepccError
from peepcc.propose.model import embedded
from peepcc.propose.model.embedded import Embedded
from peepcc.propose.model.language import UNCHANGED, VOCABULARY
from peepcc.propose.protocol import Failure, FailureKind, Refusal, Repair, Request


def request(n, register=0):
    """A window of `n` instructions; `register` changes its names and nothing else."""
    return Request((f"mov x{register}, x{register + 1}",) * n, (f"x{register}",))


def asked(folder, *requests, seconds=20.0):
    return {reply.key: reply for reply in Embedded(folder).propose(requests, time.monotonic() + seconds)}


def test_unchanged_is_the_source_and_two_tokens(writer):
    few, many = request(1), request(9)
    replies = asked(writer(UNCHANGED), few, many)
    assert replies[few.key].lines == few.lines and replies[many.key].lines == many.lines
    assert {reply.tokens for reply in replies.values()} == {2}
    assert all(reply.text == UNCHANGED and reply.failure is None for reply in replies.values())


def test_windows_that_read_the_same_are_asked_once_and_answered_in_their_names(writer):
    folder = writer("mvn x0,x1")
    first, second = request(1, register=3), request(1, register=20)
    backend = Embedded(folder)
    backend._loaded()
    counted = []
    real = backend._generator

    class Counting:
        def generate_batch(self, prompts, **options):
            counted.extend(prompts)
            return real.generate_batch(prompts, **options)

    backend._generator = Counting()
    replies = {reply.key: reply for reply in backend.propose((first, second), time.monotonic() + 20)}
    assert len(counted) == 1
    assert replies[first.key].lines == ("mvn x3,x4",)
    assert replies[second.key].lines == ("mvn x20,x21",)


@pytest.mark.parametrize(
    "text, reason",
    [
        ("@8", "no edit of this window"),
        ("mov x0,x7", "no such register: x7"),
        ("b T1", "no such label"),
    ],
)
def test_what_the_window_does_not_have_is_unparsed(writer, text, reason):
    reply = asked(writer(text), request(2))[request(2).key]
    assert (
        reply.lines is None
        and reply.failure.kind is FailureKind.UNPARSED
        and reply.failure.message.startswith(reason)
        and reply.text == text
    )


def test_a_reply_without_end_is_unparsed(writer):
    reply = asked(writer("nop", ends=False), request(2))[request(2).key]
    assert reply.failure == Failure(FailureKind.UNPARSED, "the reply has no end")
    assert reply.tokens == embedded._LONGEST_REPLY


def test_a_window_without_words_gets_no_reply(writer):
    assert asked(writer(UNCHANGED), Request(("svc #0",), ())) == {}


def test_no_batch_begins_after_the_deadline(writer, monkeypatch):
    monkeypatch.setattr(embedded, "_BATCH", 2)
    folder = writer(UNCHANGED)
    requests = [Request((f"{name} x0, x1",), ("x0",)) for name in ("mov", "mvn", "neg", "cls", "clz")]
    assert asked(folder, *requests, seconds=-1) == {}
    deadline = time.monotonic() + 20
    replies = Embedded(folder).propose(requests, deadline)
    got = [next(replies), next(replies)]
    monkeypatch.setattr(time, "monotonic", lambda: deadline)
    assert len({reply.key for reply in (*got, *replies)}) == 2


@pytest.mark.alone
def test_a_batch_that_the_deadline_overtakes_stops_there(writer):
    requests = [Request((f"mov x0, #{n}",), ("x0",)) for n in range(10, 74)]  # of one length: one batch
    backend = Embedded(writer("nop", ends=False))
    backend._loaded()
    begun = time.monotonic()
    assert len(list(backend.propose(requests, begun + 20))) == 64
    whole = time.monotonic() - begun
    begun = time.monotonic()
    assert list(backend.propose(requests, begun + whole / 8)) == []
    assert time.monotonic() - begun < whole


DEFAULT = Path(__file__).parents[4] / "peepcc" / "models" / "default"
DOUBTFUL = Request(
    ("mov x1, x0", "add x0, x1, #4", "ldr w2, [x0]", "cmp w2, #0", "cset w0, eq", "mov w3, w0"), ("x0", "x3")
)


def again(backend, asked, *texts, seconds=30.0):
    """What it says when so many answers were refused."""
    refusals = tuple(Refusal(None, text, "refuted") for text in texts)
    return [*backend.repair((Repair(asked, refusals),), time.monotonic() + seconds)]


def test_further_answers_are_the_next_likeliest_and_all_differ():
    backend = Embedded(DEFAULT / "ct2")
    [first] = backend.propose((DOUBTFUL,), time.monotonic() + 30)
    said = [first]
    while found := again(backend, DOUBTFUL, *(each.text for each in said)):
        said += found
    texts = [each.text for each in said]
    assert 3 <= len(texts) == len(set(texts)) <= backend.usual + 2 and UNCHANGED not in texts[1:]
    assert all(each.lines for each in said[1:])
    scores = [each.score for each in said[1:]]
    assert scores == sorted(scores, reverse=True)
    repair = Repair(DOUBTFUL, (Refusal(None, first.text, "refuted"),))
    assert again(Embedded(DEFAULT / "ct2"), DOUBTFUL, first.text)[0].key == repair.key
    assert again(Embedded(DEFAULT / "ct2"), DOUBTFUL, first.text)[0].text == texts[1]


def test_no_beams_begin_that_the_deadline_would_overtake():
    backend = Embedded(DEFAULT / "ct2")
    assert again(backend, DOUBTFUL, "x", seconds=embedded._FIRST_BEAMS / 2) == []
    assert again(backend, DOUBTFUL, "x") != []


def test_a_short_time_is_no_reason_not_to_try_again():
    assert again(Embedded(DEFAULT / "ct2"), DOUBTFUL, "x", seconds=embedded._LONGEST_BEAMS - 0.1) != []


@pytest.mark.alone
def test_as_many_are_tried_again_as_there_is_time_for():
    backend = Embedded(DEFAULT / "ct2")
    backend._loaded()
    rest = ("ldr w2, [x0]", "cmp w2, #0", "cset w0, eq", "mov w3, w0")
    doubtful = [
        Request((f"mov x{n}, x0", f"add x0, x{n}, #{4 * k}", *rest), ("x0", "x3")) for n in (1, 4) for k in range(200)
    ]
    begun = time.monotonic()
    found = list(backend.repair([Repair(each, (Refusal(None, "x", "refuted"),)) for each in doubtful], begun + 2))
    assert 0 < len(found) < len(doubtful) and time.monotonic() - begun < 3


def test_only_a_doubtful_unchanged_is_unsure(writer, monkeypatch):
    few = request(1)
    monkeypatch.setattr(embedded, "_SURE", -9.0)  # these models are never sure
    assert not asked(writer(UNCHANGED), few)[few.key].unsure and not asked(writer("mvn x0,x1"), few)[few.key].unsure
    monkeypatch.setattr(embedded, "_SURE", 1.0)
    assert asked(writer(UNCHANGED), few)[few.key].unsure and not asked(writer("mvn x0,x1"), few)[few.key].unsure


def test_windows_of_unlike_lengths_each_get_their_reply(writer, monkeypatch):
    monkeypatch.setattr(embedded, "_BATCH", 3)
    folder = writer("mvn x0,x1")
    requests = [request(n) for n in range(1, 17)] + [
        Request((f"{name} x0, x1",), ("x0",)) for name in ("mvn", "neg", "cls", "clz", "rbit")
    ]
    together = asked(folder, *requests)
    assert {key: reply.lines for key, reply in together.items()} == {each.key: ("mvn x0,x1",) for each in requests}


def test_a_folder_without_a_model(tmp_path):
    with pytest.raises(PeepccError, match="no model in"):
        Embedded(tmp_path)


def test_nothing_is_loaded_before_a_question(tmp_path):
    (tmp_path / "model.bin").write_bytes(b"no model")
    assert list(Embedded(tmp_path).propose((), time.monotonic() + 1)) == []
    with pytest.raises(PeepccError, match="cannot be read"):
        list(Embedded(tmp_path).propose((request(1),), time.monotonic() + 1))


@pytest.mark.parametrize(
    "change, told",
    [
        (
            lambda words: words[:-1],
            f"word {len(VOCABULARY) - 1} is None and should be {VOCABULARY[-1]!r}; "
            f"{len(VOCABULARY) - 1} words and not {len(VOCABULARY)}",
        ),
        (lambda words: [*words[:3], "other", *words[4:]], f"word 3 is 'other' and should be {VOCABULARY[3]!r}; "),
        (lambda words: {}, f"word 0 is None and should be {VOCABULARY[0]!r}; 0 words"),
    ],
)
def test_a_model_of_another_language_is_refused(writer, change, told):
    folder = writer(UNCHANGED)
    file = folder / "vocabulary.json"
    file.write_text(json.dumps(change(json.loads(file.read_text()))))
    with pytest.raises(PeepccError) as refused:
        asked(folder, request(1))
    assert "was made for another version of the language: " + told in refused.value.reason


def test_rows_that_round_the_table_up_are_no_words(writer):
    folder = writer(UNCHANGED)
    file = folder / "vocabulary.json"
    file.write_text(json.dumps([*json.loads(file.read_text()), "<extra_id_0>"]))
    assert [reply.failure for reply in asked(folder, request(1)).values()] == [None]


def test_a_model_without_words_is_refused(writer):
    folder = writer(UNCHANGED)
    (folder / "vocabulary.json").unlink()
    with pytest.raises(PeepccError, match="words of the model in .* cannot be read: .*No such file"):
        asked(folder, request(1))
