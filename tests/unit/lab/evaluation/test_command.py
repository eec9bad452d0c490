"""`peeplab evaluate` as people call it: who answers, going on after a kill, reports."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import peepcc
from peepcc.errors import PeepccError
from peepcc.lab.evaluation import judge_pool as benches
from peepcc.lab.evaluation.journal import Journal, Row
from peepcc.lab.evaluation.judge_pool import Bench, Setting
from peepcc.lab.evaluation.mistakes.names import Mark, Mistake
from peepcc.lab.evaluation.scoring import Judged, Saved, Status, from_json
from peepcc.lab.evaluation.summary import NoReport, check, read
from peepcc.lab.example import write_examples
from peepcc.propose.protocol import Failure, FailureKind
from peepcc.propose.request import request_of

from ....support.examples import encoder, example, reply
from ....support.scripted_server import EXAMPLES, evaluate, examples, hostile

ROOT = Path(peepcc.__file__).parent.parent


def report(out):
    return check(json.loads((out / "report.json").read_text()))


def test_a_teacher(tmp_path):
    result = evaluate(tmp_path, "--teacher", "rules")
    assert result.exit_code == 0, result.output
    told = report(tmp_path)
    assert (
        told["model"] == {"kind": "teacher", "name": "rules"}
        and told["examples"]["count"] == 3
        and told["complete"] is True
    )
    assert told["figures"]["unchanged"]["answered unchanged"]["value"] == 1.0
    assert {"command", "seed", "date", "versions"} <= told.keys() and {"unicorn", "commit", "python"} <= told[
        "versions"
    ].keys()
    assert "teacher rules" in (tmp_path / "report.md").read_text() and "<svg" in (tmp_path / "report.html").read_text()


def test_the_embedded_model_is_named_by_its_weights(tmp_path):
    result = evaluate(tmp_path)
    assert result.exit_code == 0, result.output
    told = report(tmp_path)
    assert told["model"]["kind"] == "embedded" and len(told["model"]["sha256"]) == 64
    assert told["figures"]["all"]["tokens a block"]["value"] >= 1


def rows(file, *values):
    file.write_text("".join(json.dumps(value) + "\n" for value in values))
    return str(file)


def test_replies_made_elsewhere_by_number_key_text_or_lines(tmp_path):
    key = request_of(examples()[1].window).key
    file = rows(
        tmp_path / "r.jsonl",
        {"example": 0, "lines": ["add w0, w0, #1"], "tokens": 3},
        {"key": key, "text": "I say\n```\ncmp x0, #0\ncset w0, eq\n```"},
        {"example": 2, "lines": ["="]},
    )
    assert evaluate(tmp_path / "out", "--replies", file).exit_code == 0
    told = report(tmp_path / "out")
    assert (
        told["statuses"]["all"] == {"unchanged": 1, "proved": 2}
        and told["figures"]["improved"]["exact or better"]["value"] == 1.0
    )
    assert told["figures"]["all"]["tokens a block"]["value"] == 1.0


def test_replies_that_are_missing_or_wrong(tmp_path):
    file = rows(
        tmp_path / "r.jsonl",
        {"example": 0, "lines": ["add w0, w0, #2"]},
        {"example": 1, "error": "timed out", "text": ""},
    )
    assert evaluate(tmp_path / "out", "--replies", file).exit_code == 0
    told = report(tmp_path / "out")
    assert told["statuses"]["all"] == {"no answer": 2, "refuted": 1}
    assert told["mistakes"]["wrong immediate"]["marks"] == {"fatal if accepted": 1}
    assert "add w0, w0, #2" in (tmp_path / "out" / "report.md").read_text()


@pytest.mark.parametrize(
    "line", ["{", "[]", "{}", '{"example": 0}', '{"example": 0, "lines": [3]}', '{"key": null, "text": "x"}', '"x"']
)
def test_what_is_no_file_of_replies_says_so(tmp_path, line):
    (tmp_path / "r.jsonl").write_text('{"example": 1, "text": ""}\n' + line + "\n")
    result = evaluate(tmp_path / "out", "--replies", str(tmp_path / "r.jsonl"))
    assert result.exit_code == 2 and "line 2" in result.output


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--teacher", "nobody"), "no teacher nobody"),
        (("--teacher", "rules", "--url", "http://127.0.0.1:1"), "exclude each other"),
        (("--teacher", "rules", "--model", "x"), "means nothing"),
        (("--url", "http://127.0.0.1:1"), "needs --model"),
        (("--teacher", "rules", "--repair", "1"), "talk to"),
        (("--mode", "chain-of-thought"), "talk to"),
        (("--teacher", "rules", "--mode", "chain-of-code"), "talk to"),
        (("--model", "/nowhere"), "no model"),
        (("--url", "ftp://x", "--model", "m"), "http"),
        (("--url", "http://127.0.0.1:1", "--model", "general"), "no answer"),
        (("--url", "http://127.0.0.1:1", "--model", "peepcc-default"), "no answer"),
    ],
)
def test_what_cannot_be_done_says_why(tmp_path, options, reason):
    result = evaluate(tmp_path / "out", *options)
    assert result.exit_code == 2 and reason in result.output, result.output


def test_what_is_no_file_of_examples_says_so(tmp_path):
    from click.testing import CliRunner

    from peepcc.lab.cli import main

    (tmp_path / "x.jsonl").write_text('{"lines": 3}\n')
    result = CliRunner().invoke(
        main, ["evaluate", str(tmp_path / "x.jsonl"), "--out", str(tmp_path / "out"), "--teacher", "rules"]
    )
    assert result.exit_code == 2 and "not an example" in result.output


def test_a_server_with_one_of_our_models_is_asked_in_our_language(tmp_path):
    async def unchanged(server, writer, path, headers, body):
        assert path == "/v1/completions"
        writer.write(hostile.as_json(hostile.completion("=")))

    with hostile.Hostile(unchanged) as server:
        result = evaluate(tmp_path, "--url", f"{server.url}?key=secret", "--model", "peepcc-test")
    assert result.exit_code == 0, result.output
    told = report(tmp_path)
    assert (
        told["statuses"]["all"] == {"unchanged": 3}
        and told["model"]["language"] == "canonical"
        and told["prompts"] == []
    )
    assert told["figures"]["unchanged"]["answered unchanged by the first token"]["value"] == 1.0
    assert "secret" not in json.dumps(told)


def test_an_embedded_model_has_further_answers(tmp_path):
    """On real windows: what a first answer saves is not lost, the others save more, and a window left alone at first
    stays so where nothing holds.
    """
    from click.testing import CliRunner

    from peepcc.lab.cli import main

    wild = Path(__file__).parents[3] / "models" / "wild.jsonl.gz"
    told = {}
    for times in (0, 4):
        result = CliRunner().invoke(
            main, ["evaluate", str(wild), "--out", str(tmp_path / f"{times}"), "--count", "600", "--repair", f"{times}"]
        )
        assert result.exit_code == 0, result.output
        told[times] = [
            json.loads(line) for line in (tmp_path / f"{times}" / "judged.jsonl").read_text().splitlines()[1:]
        ]
    saved = {
        times: sum(row["tries"][-1]["judged"]["kept"]["instructions"] for row in rows) for times, rows in told.items()
    }
    assert saved[4] > saved[0], saved
    more = [(once["tries"][0], again["tries"]) for once, again in zip(told[0], told[4]) if len(again["tries"]) > 1]
    assert more
    for first, tries in more:
        kept = [each["judged"]["kept"]["instructions"] for each in tries]
        assert len(tries) <= 6 or any(kept[:5])
        assert first["judged"] == tries[0]["judged"] and kept[-1] == max(kept)
        if first["judged"]["status"] == "unchanged" and not kept[-1]:
            assert tries[-1]["judged"]["status"] in ("unchanged", "proved", "emulated")


def test_what_is_kept_is_asked_about_again(tmp_path):
    from types import SimpleNamespace

    from peepcc.lab.evaluation.judge_pool import Bench, Setting
    from peepcc.lab.evaluation.search_run import Searching
    from peepcc.propose.protocol import Reply

    lines = ["mov x8, x0", "add x9, x8, x1", "cbz x2, .L0", "mov x3, x0", ".L0:", "mov x0, x9"]
    middle, last = ["add x9, x0, x1", *lines[2:]], ["add x0, x0, x1", *lines[2:5]]
    answers = {tuple(lines): middle, tuple(middle): last, tuple(last): last}
    row = {
        "schema": 1,
        "lines": lines,
        "target": [each for each in last if each != ".L0:"],
        "live_out": {"": "3"},
        "known": {},
        "aliases": {},
        "ordered": False,
        "teacher": "t",
        "evidence": "proved",
        "package": "p",
        "level": "-O1",
    }
    (tmp_path / "examples.jsonl").write_text(json.dumps(row) + "\n")
    asked = []

    def answered(key, *lines):
        asked.append(lines)
        return Reply(key, tuple(each for each in answers[lines] if each != ".L0:"), str(len(asked)))

    backend = SimpleNamespace(
        propose=lambda requests, _: [answered(each.key, *each.lines) for each in requests],
        repair=lambda repairs, _: [answered(each.key, *each.request.lines, len(each.refused)) for each in repairs],
    )
    with Bench(Setting(str(tmp_path / "examples.jsonl"), "clang-19", 1), 1) as bench:
        (once,), (tries,) = (Searching({}, 1, backend, times).tries([0], bench) for times in (0, 2))
    assert asked == [tuple(lines), tuple(lines), tuple(middle), tuple(last)]
    assert [judged.kept.instructions for _, judged in once] == [1] and [
        judged.kept.instructions for _, judged in tries
    ] == [1, 2]
    assert tries[-1][1].body == tuple(last) and tries[-1][1].status.agrees


@pytest.mark.parametrize("whole_saves", [False, True])
def test_parts_of_what_fell_short_are_asked_about(tmp_path, whole_saves):
    """Two of three parts save something, one of them at its second try.

    Where the whole saves as much, nothing is lost.
    """
    from types import SimpleNamespace

    from peepcc.lab.evaluation.judge_pool import Bench, Setting
    from peepcc.lab.evaluation.search_run import Searching
    from peepcc.propose.protocol import Reply

    gain, plain, wrong = ["mov x8, x0", "mov x0, x8"], "add w1, w1, w2", "sub w1, w1, w2"
    lines = [*gain, *[plain] * 7, "mov x9, x1", "mov x1, x9", *[plain] * 3]
    row = {
        "schema": 1,
        "lines": lines,
        "target": lines,
        "live_out": {"": "f"},
        "known": {},
        "aliases": {},
        "ordered": False,
        "teacher": "",
        "evidence": "unchanged",
        "package": "p",
        "level": "-O1",
    }
    (tmp_path / "examples.jsonl").write_text(json.dumps(row) + "\n")
    asked = []

    def shorter(lines):
        return [line for line in lines if line not in (gain[1], "mov x1, x9")]

    def answered(key, lines, again=0):
        asked.append(len(lines))
        if len(lines) > 8:
            said = [wrong if n == 5 else line for n, line in enumerate(shorter(lines) if whole_saves else lines)]
        else:
            said = [wrong, *lines[1:]] if "mov x9, x1" in lines and not again else shorter(lines)
        return Reply(key, tuple(said), f"{again}", tokens=1, seconds=1.0)

    backend = SimpleNamespace(
        propose=lambda requests, _: [answered(each.key, each.lines) for each in requests],
        repair=lambda repairs, _: [answered(each.key, each.request.lines, len(each.refused)) for each in repairs],
    )
    with Bench(Setting(str(tmp_path / "examples.jsonl"), "clang-19", 1), 1) as bench:
        (tries,) = Searching({}, 1, backend, 1).tries([0], bench)
    assert 8 in asked and 6 in asked and sum(reply.tokens for reply, _ in tries) == len(asked)
    assert tries[-1][1].kept.instructions == 2 and list(tries[-1][1].body) == shorter(lines)
    assert whole_saves or tries[-1][0].text == "", "what the parts make together is no reply of the model"


def test_some_examples_are_drawn_by_the_seed(tmp_path):
    for out, seed in (("a", "1"), ("b", "1"), ("c", "7")):
        assert evaluate(tmp_path / out, "--teacher", "rules", "--count", "2", "--seed", seed).exit_code == 0
    numbers = [
        [json.loads(line)["example"] for line in (tmp_path / out / "judged.jsonl").read_text().splitlines()[1:]]
        for out in "abc"
    ]
    assert len(numbers[0]) == 2 and numbers[0] == numbers[1]
    assert report(tmp_path / "a")["examples"] | {"sha256": ""} == {
        "file": "examples.jsonl",
        "sha256": "",
        "count": 2,
        "of": 3,
    }


def test_equal_runs_have_equal_reports(tmp_path):
    for out in "ab":
        assert (
            evaluate(
                tmp_path / out, "--replies", rows(tmp_path / "r.jsonl", {"example": 0, "lines": ["add w0, w0, #2"]})
            ).exit_code
            == 0
        )
    told = [
        {name: value for name, value in report(tmp_path / out).items() if name not in ("command", "versions", "date")}
        for out in "ab"
    ]
    assert told[0] == told[1]


def test_a_report_beside_another(tmp_path):
    assert evaluate(tmp_path / "a", "--teacher", "rules").exit_code == 0
    result = evaluate(tmp_path / "b", "--beside", str(tmp_path / "a" / "report.json"))
    assert result.exit_code == 0 and "| teacher rules |" in result.output and "| default |" in result.output
    (tmp_path / "bad.json").write_text("{}")
    assert evaluate(tmp_path / "c", "--beside", str(tmp_path / "bad.json")).exit_code == 2


def test_a_report_is_of_its_schema(tmp_path):
    assert evaluate(tmp_path, "--teacher", "rules").exit_code == 0
    good = report(tmp_path)
    for wrong in (
        {"schema": 2},
        {"model": {"kind": "oracle", "name": "x"}},
        {"date": "today"},
        {"more": 1},
        {"figures": {"all": {"BLEU": {"value": "x", "of": 1}}}},
        {"mistakes": {"x": {"count": 1, "marks": {"awful": 1}, "samples": []}}},
    ):
        with pytest.raises(NoReport):
            check({**good, **wrong})
    with pytest.raises(NoReport):
        read(tmp_path / "nowhere.json")


def test_a_journal_goes_on_and_drops_a_torn_line(tmp_path):
    one = examples()[0]
    told = Judged(
        Status.REFUTED,
        ("nop",),
        "why",
        "because",
        Saved(1, 4, 0.5),
        Saved(2, 8, 1.0),
        Mistake.WIDTH,
        Mark.INSIDIOUS,
        0.0001,
        ("x0",),
    )
    assert from_json(json.loads(json.dumps(told.to_json()))) == told
    gone = Failure(FailureKind.NO_ANSWER, "e")
    journal = Journal(tmp_path / "j.jsonl", {"run": 1})
    journal.add(
        [Row(5, ((reply(one, "nop", text="t", tokens=3), told), (reply(one, None, failure=gone), Judged(Status.NONE))))]
    )
    journal.close()
    with (tmp_path / "j.jsonl").open("a") as out:
        out.write('{"example": 6, "tries": [')
    again = Journal(tmp_path / "j.jsonl", {"run": 1})
    assert (
        list(again.rows) == [5]
        and again.rows[5].tries[0] == (reply(one, "nop", text="t", tokens=3), told)
        and again.rows[5].judged.status is Status.NONE
    )
    again.add([Row(6, again.rows[5].tries)])
    again.close()
    assert list(Journal(tmp_path / "j.jsonl", {"run": 1}).rows) == [5, 6]
    with pytest.raises(PeepccError, match="another run"):
        Journal(tmp_path / "j.jsonl", {"run": 2})


def test_a_killed_run_goes_on(tmp_path):
    """Killed after the first batch of a teacher.

    The second run makes only what is missing, and the report is that of a run in one go.
    """
    pairs = [(m, n) for m in range(1, 5) for n in range(1, 100)]
    encoder().encode([f"add w{m}, w0, #{n}" for m, n in pairs])  # in one run
    many = [example(f"add w{m}, w0, #{n}", f"w{m}") for m, n in pairs]
    write_examples(tmp_path / "many.jsonl", many)
    argv = [
        sys.executable,
        "-c",
        "from peepcc.lab.cli import main; main()",
        "evaluate",
        str(tmp_path / "many.jsonl"),
        "--teacher",
        "rules",
        "--workers",
        "1",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen(
        [*argv, "--out", str(tmp_path / "out")],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    journal = tmp_path / "out" / "judged.jsonl"
    limit = time.monotonic() + 60
    while (
        time.monotonic() < limit
        and child.poll() is None
        and not (journal.exists() and journal.read_text().count("\n") > 1)
    ):
        time.sleep(0.05)
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    before = journal.read_text().count("\n")
    assert 1 < before < len(many) + 1
    done = subprocess.run(
        [*argv, "--out", str(tmp_path / "out")], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stderr.splitlines()[0].startswith(f"{min(before - 1 + 128, len(many))}/{len(many)}")
    assert journal.read_text().count("\n") == len(many) + 1
    assert report(tmp_path / "out")["figures"]["unchanged"]["answered unchanged"]["value"] == 1.0


def test_equal_replies_are_judged_once(monkeypatch):
    with Bench(Setting(str(EXAMPLES), "clang-19", 1), 1) as bench:
        jobs = []
        monkeypatch.setattr(
            bench,
            "_map",
            lambda work, some, lost: (
                jobs.append(sum(len(job[1]) for job in some)) or [benches._judged(*job) for job in some]
            ),
        )
        first, second = reply(bench.examples[0], "add w0, w0, #1"), reply(bench.examples[0], "add w0, w0, #2")
        assert [each.status.value for each in bench.judge([(0, first), (0, second), (0, first)])] == [
            "proved",
            "refuted",
            "proved",
        ]
        assert sum(jobs) == 2 and len(jobs) == 2  # one request in two jobs: a build has one reply a request
        bench.judge([(0, second)])
        assert len(jobs) == 2


def _dies(setting, cases):
    if any(number == 1 for number, _ in cases):
        os.kill(os.getpid(), signal.SIGKILL)
    return benches._judged(setting, cases)


def test_a_process_that_dies_costs_one_judgement(monkeypatch):
    with Bench(Setting(str(EXAMPLES), "clang-19", 1), 1) as bench:
        work = bench._map
        monkeypatch.setattr(bench, "_map", lambda function, jobs, lost: work(_dies, jobs, lost))
        found = bench.judge([(n, reply(bench.examples[n], "nop")) for n in range(3)])
    assert [each.status.value for each in found] == ["refuted", "undecided", "refuted"] and "died" in found[1].reason


def _dies_of(setting, programs):
    if "die" in programs[0][1]:
        os.kill(os.getpid(), signal.SIGKILL)
    return benches._ran(setting, programs)


def test_code_that_ends_its_process_ends_nothing_else(monkeypatch):
    with Bench(Setting(str(EXAMPLES), "clang-19", 1), 1) as bench:
        work = bench._map
        monkeypatch.setattr(bench, "_map", lambda function, jobs, lost: work(_dies_of, jobs, lost))
        assert bench.run([(0, "x0 = 1\nprint x0"), (1, "die"), (2, "print 2")]) == [
            "x0 = 0x1",
            "error: this ended the process that ran it",
            "2 = 0x2",
        ]
