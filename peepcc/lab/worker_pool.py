"""Runs one function on many values, on the cores of this machine or on a Ray cluster; results come as they are ready.

A value whose process dies twice gives None, and the others go on. Time is never a reason
for a result: `pause` only keeps new values from being started.
"""

from __future__ import annotations

import multiprocessing
import os
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from ..errors import PeepccError

A = TypeVar("A")
B = TypeVar("B")
_ENVIRONMENT = {"PYTHONHASHSEED": "0"}  # of each worker: the order of a set may not show in a result
_TASKS = 40  # values to a process: libraries keep memory
_SECONDS = 10.0  # for a cluster to answer
_AHEAD = 2  # values to a worker that are handed out


class NoCluster(PeepccError):
    """Ray is not installed, or nothing answers at the address."""


def each(
    function: Callable[[A], B], values: Sequence[A], workers: int, pause: Callable[[], bool]
) -> Iterator[tuple[A, B | None]]:
    """(value, result) on `workers` processes of this machine. Exceptions of `function` come through."""
    os.environ.update(_ENVIRONMENT)
    waiting = deque(values)
    while waiting and not pause():
        broken: list[A] = []
        with _pool(workers) as pool:
            running: dict[Future, A] = {}
            while (waiting and not broken and not pause()) or running:
                while waiting and len(running) < workers * _AHEAD and not broken and not pause():
                    value = waiting.popleft()
                    running[pool.submit(function, value)] = value
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    value = running.pop(future)
                    try:
                        yield value, future.result()
                    except BrokenProcessPool:
                        broken.append(value)
        yield from ((value, _alone(function, value)) for value in broken)


def _alone(function: Callable[[A], B], value: A) -> B | None:
    """A second try in a process of its own."""
    with _pool(1) as pool:
        try:
            return pool.submit(function, value).result()
        except BrokenProcessPool:
            return None


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        workers, multiprocessing.get_context("spawn"), max_tasks_per_child=_TASKS, initializer=_end_with_parent
    )


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for ever."""
    threading.Thread(target=lambda: (multiprocessing.parent_process().join(), os._exit(1)), daemon=True).start()


def each_on_ray(
    function: Callable[[A], B], values: Sequence[A], address: str, pause: Callable[[], bool]
) -> Iterator[tuple[A, B | None]]:
    """The same on every core of the Ray cluster at `address`, whose machines have peepcc installed.

    Raises NoCluster.
    """
    try:
        import ray
    except ImportError as error:
        raise NoCluster("--cluster needs the extra: pip install 'peepcc[cluster]'") from error
    host, _, port = address.rpartition(":")
    try:
        if host and port.isdigit():
            socket.create_connection(
                (host, int(port)), _SECONDS
            ).close()  # Ray itself tries for minutes, and then ends the process
        ray.init(address, log_to_driver=False, logging_level="warning", runtime_env={"env_vars": _ENVIRONMENT})
    except (OSError, ValueError, RuntimeError) as error:
        raise NoCluster(f"no Ray cluster at {address}: {str(error).splitlines()[0][:200]}") from error
    try:
        remote = ray.remote(num_cpus=1, max_calls=_TASKS, max_retries=1)(
            lambda value: function(value)
        )  # Ray takes plain functions only
        waiting = deque(values)
        running: dict = {}
        while running or (waiting and not pause()):
            cores = int(ray.cluster_resources().get("CPU", 1))
            while waiting and len(running) < cores * _AHEAD and not pause():
                value = waiting.popleft()
                running[remote.remote(value)] = value
            for reference in ray.wait(list(running))[0]:
                value = running.pop(reference)
                try:
                    yield value, ray.get(reference)
                except ray.exceptions.WorkerCrashedError:
                    yield value, None
    finally:
        ray.shutdown()
