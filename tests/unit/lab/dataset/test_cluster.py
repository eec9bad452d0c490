"""Many values on many processes: all come back, a process that dies costs one value, and none outlives a killed
parent.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from peepcc.lab.worker_pool import NoCluster, each, each_on_ray

DIE = "__import__('os')._exit(3)"


def never():
    return False


def test_every_value_has_its_result():
    values = [f"{n} * {n}" for n in range(20)]
    assert dict(each(eval, values, 2, never)) == {value: eval(value) for value in values}


def test_a_process_that_dies_costs_its_own_value_only():
    values = [*map(str, range(6)), DIE, *map(str, range(6, 12))]
    assert dict(each(eval, values, 2, never)) == {**{str(n): n for n in range(12)}, DIE: None}


def test_an_exception_comes_through():
    with pytest.raises(ZeroDivisionError):
        list(each(eval, ["1 / 0"], 1, never))


def test_a_pause_starts_nothing_more():
    asked = iter([False] * 3)
    done = list(each(eval, list(map(str, range(50))), 1, lambda: next(asked, True)))
    assert 0 < len(done) < 10
    assert list(each(eval, ["1"], 1, lambda: True)) == []


def test_no_worker_outlives_a_killed_parent(tmp_path):
    mark = tmp_path / "pids"
    note = f"open({str(mark)!r}, 'a').write(f\"{{__import__('os').getpid()}}\\n\") and __import__('time').sleep(60)"
    program = (
        f"from peepcc.lab.worker_pool import each\n"
        f"if __name__ == '__main__': list(each(eval, [{note!r}] * 4, 2, lambda: False))"
    )
    script = tmp_path / "parent.py"
    script.write_text(program)
    parent = subprocess.Popen(
        [sys.executable, str(script)], env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    )
    wait_for(lambda: mark.exists() and len(mark.read_text().split()) >= 2)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    workers = [int(pid) for pid in mark.read_text().split()]
    wait_for(lambda: not any(runs(pid) for pid in workers))


def runs(pid):
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_no_cluster_says_so():
    with pytest.raises(NoCluster, match="127.0.0.1:1"):
        list(each_on_ray(eval, ["1"], "127.0.0.1:1", never))
