"""Replies kept in a file and given again, by many at once, and out of damaged files."""

import json
import resource
import subprocess
import sys
import time

import pytest

from peepcc.errors import PeepccError
from peepcc.propose.model.embedded import Embedded
from peepcc.propose.protocol import Failure, FailureKind, Refusal, Repair, Repairer, Reply, Request
from peepcc.propose.registry import Nobody, make_backend
from peepcc.propose.replay import Record, Replay
from peepcc.propose.schema import Misshapen, dumped, loaded
from peepcc.propose.server.backend import Served
from peepcc.settings import Settings

REQUESTS = tuple(Request((f"mov x0, x{n}", "ret"), ("x0",)) for n in range(4))
REPLIES = (
    Reply(REQUESTS[0].key, ("ret",), "ret", "m"),
    Reply(REQUESTS[1].key, None, "rubbish\n\u2603", "m", failure=Failure(FailureKind.UNPARSED, "no such register")),
    Reply(REQUESTS[2].key, (), "", "m"),
)


class Given:
    """A backend with replies made beforehand."""

    def __init__(self, *replies):
        self.replies = replies

    def propose(self, requests, deadline):
        return iter(self.replies)


def soon():
    return time.monotonic() + 10


def recorded(file, *replies):
    return list(Record(file, Given(*replies)).propose(REQUESTS, soon()))


def replayed(file, requests=REQUESTS, deadline=None):
    return list(Replay(file).propose(requests, deadline or soon()))


def test_what_is_recorded_is_replayed(tmp_path):
    file = tmp_path / "replies"
    assert recorded(file, *REPLIES) == list(REPLIES)
    assert replayed(file) == list(REPLIES)


def test_only_what_was_asked_is_replayed(tmp_path):
    recorded(tmp_path / "replies", *REPLIES)
    assert replayed(tmp_path / "replies", REQUESTS[2:]) == [REPLIES[2]]


LATER = Reply(REQUESTS[0].key, ("nop", "ret"), "x", "m2")


def test_two_proposals_for_one_request_are_refused_by_their_lines(tmp_path):
    file = tmp_path / "replies"
    recorded(file, *REPLIES)
    with open(file, "a") as more:
        more.write("".join(json.dumps(dumped(reply)) + "\n" for reply in (LATER, REPLIES[2], LATER)))
    with pytest.raises(PeepccError, match="lines 1 and 4 propose different things for one request, and 1 more times"):
        replayed(file)
    assert replayed(file, REQUESTS[1:]) == list(REPLIES[1:])


@pytest.mark.parametrize("order", [1, -1])
def test_a_proposal_counts_more_than_none(tmp_path, order):
    file = tmp_path / "replies"
    none = Reply(REQUESTS[0].key, None, failure=Failure(FailureKind.NO_ANSWER, "the server is dead"))
    file.write_text("".join(json.dumps(dumped(reply)) + "\n" for reply in (none, LATER)[::order]))
    assert replayed(file) == [LATER]


def test_a_recorder_gives_what_the_file_has(tmp_path):
    """So the build that records is the build that a replay makes."""
    file = tmp_path / "replies"
    recorded(file, *REPLIES)
    again = Reply(REQUESTS[1].key, ("ret",), "ret", "m")
    assert recorded(
        file, LATER, again, Reply(REQUESTS[2].key, None, failure=Failure(FailureKind.NO_ANSWER, "dead"))
    ) == [REPLIES[0], again, REPLIES[2]]
    assert replayed(file) == [REPLIES[0], again, REPLIES[2]]


def test_a_recorder_sees_what_another_adds_meanwhile(tmp_path):
    file = tmp_path / "replies"
    recording = Record(file, Given(*REPLIES)).propose(REQUESTS, soon())
    assert next(recording) == REPLIES[0]
    other = Reply(REQUESTS[2].key, ("nop",), "nop", "m")
    assert recorded(file, other) == [other]
    assert list(recording) == [REPLIES[1], other]


def test_a_line_that_a_recorder_died_in_costs_itself_only(tmp_path):
    file = tmp_path / "replies"
    recorded(file, REPLIES[0])
    file.write_bytes(file.read_bytes() + b'{"schema": 2, "k')
    recorded(file, REPLIES[1])
    assert replayed(file) == list(REPLIES[:2])


def test_a_full_disk_costs_the_recording_and_nothing_else(tmp_path, capsys):
    assert recorded("/dev/full", *REPLIES) == list(REPLIES)
    assert capsys.readouterr().err == "peepcc: replies are no longer kept in /dev/full: No space left on device\n"


def test_a_line_that_does_not_fit_is_taken_back(tmp_path, capsys):
    """A limit on the size of files, as of a disk that fills: the first bytes of a line are written, the others are
    not.
    """
    file = tmp_path / "replies"
    recorded(file, REPLIES[0])
    whole = file.read_bytes()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(whole) + 20, before[1]))
    try:
        assert recorded(file, *REPLIES[1:]) == list(REPLIES[1:])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert file.read_bytes() == whole
    assert capsys.readouterr().err == f"peepcc: replies are no longer kept in {file}: File too large\n"


def test_nothing_is_replayed_after_the_deadline(tmp_path):
    recorded(tmp_path / "replies", *REPLIES)
    assert replayed(tmp_path / "replies", deadline=time.monotonic() - 1) == []


class Repairing(Given):
    """A backend with replies to repairs, too."""

    usual = 3

    def repair(self, repairs, deadline):
        return iter(Reply(repair.key, ("nop",), "nop", "m") for repair in repairs)


REPAIR = Repair(
    REQUESTS[0], (Refusal(("ret",), "ret", "refuted", inputs=(("x0", "0x1"),), outcomes=(("x0", "0x1", "0x2"),)),)
)


def test_repairs_are_kept_beside_the_replies(tmp_path):
    file = tmp_path / "replies"
    record = Record(file, Repairing(*REPLIES))
    [mended] = [*record.propose(REQUESTS, soon()), *record.repair([REPAIR], soon())][len(REPLIES) :]
    assert mended == Reply(REPAIR.key, ("nop",), "nop", "m")
    assert replayed(file) == list(REPLIES) and list(Replay(file).repair([REPAIR], soon())) == [mended]
    other = Repair(REQUESTS[0], (*REPAIR.refused, *REPAIR.refused))
    assert list(Replay(file).repair([other], soon())) == []
    assert list(Replay(file).repair([REPAIR], time.monotonic() - 1)) == []


def test_nothing_is_repaired_where_nobody_can(tmp_path):
    file = tmp_path / "replies"
    recorded(file, *REPLIES)
    before = file.read_bytes()
    assert (
        list(Record(file, Given(*REPLIES)).repair([REPAIR], soon()))
        == list(Replay(file).repair([REPAIR], soon()))
        == []
    )
    assert file.read_bytes() == before
    assert not isinstance(Nobody(), Repairer) and not isinstance(Given(), Repairer)


DAMAGE = [
    b"",
    b"not json",
    b"[1, 2]",
    b"\xff\xfe\x00",
    b"[" * 100_000,
    b'{"schema": 2}',
    b"null",
    b'{"schema": 2, "key": 5}',
    json.dumps({**dumped(REPLIES[0]), "schema": 1, "lines": ["b ."]}).encode(),
    json.dumps({**dumped(REPLIES[0]), "lines": "ret"}).encode(),
    json.dumps({**dumped(REPLIES[0]), "lines": ["mov x0, x0\nsvc #0"]}).encode(),
    json.dumps({**dumped(REPLIES[0]), "lines": None}).encode(),
    json.dumps({**dumped(REPLIES[0]), "more": 1}).encode(),
    json.dumps(dumped(REPLIES[0], REQUESTS[1])).encode(),
    json.dumps({**dumped(REPLIES[0]), "request": {"lines": ["ret"]}}).encode(),
    json.dumps(dumped(REPLIES[0])).encode()[:-7],
]


@pytest.mark.parametrize("line", DAMAGE)
def test_a_damaged_line_costs_itself_only(tmp_path, capsys, line):
    file = tmp_path / "replies"
    recorded(file, *REPLIES)
    file.write_bytes(file.read_bytes() + line + b"\n" + line + b"\n")
    assert replayed(file) == list(REPLIES)
    warned = capsys.readouterr().err.splitlines()
    assert len(warned) == 1
    assert warned[0].startswith(f"peepcc: {file}: 2 lines ignored, the first is line 4: ")


def test_a_whole_file_warns_of_nothing(tmp_path, capsys):
    recorded(tmp_path / "replies", *REPLIES)
    replayed(tmp_path / "replies")
    assert capsys.readouterr().err == ""


def test_files_that_are_not_there(tmp_path):
    with pytest.raises(PeepccError, match="No such file"):
        replayed(tmp_path / "none")
    with pytest.raises(PeepccError, match="Is a directory"):
        replayed(tmp_path)
    with pytest.raises(PeepccError, match="No such file"):
        recorded(tmp_path / "none" / "replies", *REPLIES)


@pytest.mark.parametrize("lines", [("mov x0, x1\nsvc #0",), ("ret \u2028",), ("x" * 201,), ("nop",) * 65])
def test_a_reply_of_no_shape_is_recorded_as_none(tmp_path, lines):
    [kept] = recorded(tmp_path / "replies", Reply(REQUESTS[0].key, lines, "text", "m"))
    assert (
        kept.lines is None and kept.failure.kind is FailureKind.UNPARSED and kept.failure.message.startswith("$.lines")
    )
    assert replayed(tmp_path / "replies") == [kept]


def test_the_schema_is_of_one_version():
    assert loaded(dumped(REPLIES[0])) == REPLIES[0]
    with pytest.raises(Misshapen):
        loaded({**dumped(REPLIES[0]), "schema": 1})
    with pytest.raises(Misshapen):
        loaded({**dumped(REPLIES[0]), "failure": {"kind": "unparsed", "message": "both"}})


def test_many_recorders_share_a_file(tmp_path):
    script = """
import sys, time
from pathlib import Path
from peepcc.propose.protocol import Reply
from peepcc.propose.replay import Record
class Given:
    def propose(self, requests, deadline):
        return (Reply(f"{int(sys.argv[2]):016x}{n:016x}", ("nop",) * 60, "t" * 9000, "m") for n in range(200))
print(sum(1 for _ in Record(Path(sys.argv[1]), Given()).propose((), 0)))
"""
    file = tmp_path / "replies"
    running = [
        subprocess.Popen([sys.executable, "-c", script, str(file), str(n)], stdout=subprocess.PIPE) for n in range(4)
    ]
    assert [int(each.communicate()[0]) for each in running] == [200] * 4
    kept = {loaded(json.loads(line)).key for line in file.read_text().splitlines()}
    assert len(kept) == 800


def test_backends_by_name(tmp_path):
    (tmp_path / "ct2").mkdir()
    (tmp_path / "ct2" / "model.bin").touch()
    settings = Settings(model=str(tmp_path))
    made = {
        name: type(make_backend(settings._replace(backend=name, url=url)))
        for name, url in [
            ("embedded", None),
            ("vllm", "http://127.0.0.1:1"),
            ("replay:f", None),
            ("record:f", None),
            ("none", None),
        ]
    }
    assert made == {"embedded": Embedded, "vllm": Served, "replay:f": Replay, "record:f": Record, "none": Nobody}
    assert list(Nobody().propose(REQUESTS, soon())) == []
    with pytest.raises(PeepccError, match="--peepcc-url"):
        make_backend(Settings(backend="vllm"))
    with pytest.raises(PeepccError, match="no model in"):
        make_backend(Settings(model=str(tmp_path / "nowhere")))
