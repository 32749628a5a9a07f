"""Where calls are worked on: in this process, or in worker processes that may die without harm."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.context import BaseContext
from typing import Any


class Serial(Executor):
    """Does each call at once, in this process."""

    def submit(self, call: Callable[..., Any], /, *arguments: Any) -> Future:
        future: Future = Future()
        try:
            future.set_result(call(*arguments))
        except Exception as error:                    # Ctrl-C goes through
            future.set_exception(error)
        return future


class Pool(Executor):
    """Worker processes; when one of them dies, its calls and those under way fail, and later ones get fresh workers."""

    def __init__(self, jobs: int, context: BaseContext | None = None) -> None:
        self._jobs, self._context = jobs, context
        self._before = set(multiprocessing.active_children())
        self._pool = self._fresh()

    def _fresh(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self._jobs, self._context, _start_worker)

    def submit(self, call: Callable[..., Any], /, *arguments: Any) -> Future:
        try:
            return self._pool.submit(call, *arguments)
        except BrokenExecutor:
            self._pool.shutdown()
            self._pool = self._fresh()
            return self._pool.submit(call, *arguments)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._pool.shutdown(wait, cancel_futures=cancel_futures)

    def stop(self) -> None:
        """At once, whatever is being worked on: workers hold nothing that could be lost."""
        for worker in set(multiprocessing.active_children()) - self._before:
            worker.terminate()
        self.shutdown(cancel_futures=True)


@contextmanager
def workers(jobs: int) -> Iterator[Executor]:
    """So many worker processes, none for 1. Left by an error or Ctrl-C, they are stopped at once."""
    if jobs < 2:
        yield Serial()
        return
    pool = Pool(jobs)
    try:
        yield pool
    except BaseException:
        pool.stop()
        raise
    pool.shutdown()


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _start_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)      # Ctrl-C is for the parent, which ends us
    end_with_parent()


def end_with_parent() -> None:
    """A parent that is killed can't end its workers: without this they would wait for it for ever."""
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    if parent := multiprocessing.parent_process():
        wait([parent.sentinel])
        os._exit(1)
