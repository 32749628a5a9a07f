"""Calls of a worker as the window makes them: asked without waiting, heard by and by, broken off, given up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any

from pyfuncs.helper.window.jobs import GRACE, Worker
from pyfuncs.helper.window.messages import Answered, Died, Outcome, Progressed, Stopped

DIED = ("程序在处理文件时意外停止，没有做完，原文件没有改动。可能是某个文件损坏，或展开后大得内存放不下；"
        "请把文件分几次审核，找出是哪一个。")
STOPPED = "已停止。原文件没有改动，已经写出的文件都在。"

Then = Callable[[Outcome], None]


class Desk:
    """`finished` is told what came of a call, and what the caller wanted done then; `progressed` how far one is."""

    def __init__(self, environment: Mapping[str, str], finished: Callable[[Outcome, Then], None],
                 progressed: Callable[[Progressed], None] = lambda _: None) -> None:
        self.worker = Worker(environment)
        self._finished, self._progressed = finished, progressed
        self._then: dict[int, Then] = {}
        self._deadline = 0.0                          # until when a call may take to stop

    @property
    def busy(self) -> bool:
        return bool(self._then)

    def ask(self, then: Then, task: str, *arguments: Any) -> None:
        self._then[self.worker.ask(task, *arguments)] = then

    def cancel(self) -> bool:
        """Ask the worker to stop, it is ended when it takes too long; whether that is new."""
        if not self.busy or self._deadline:
            return False
        self._deadline = monotonic() + GRACE
        self.worker.cancel()
        return True

    def hear(self) -> None:
        """What was said since; to be called again and again."""
        for message in self.worker.heard():
            match message:
                case Progressed() if not self._deadline:
                    self._progressed(message)
                case Answered(number=number, outcome=outcome):
                    self._finish(number, outcome)
                case Stopped(number=number):
                    self._finish(number, Outcome(STOPPED, good=False))
                case Died() if self.busy:
                    self._lose(DIED)
        if self._deadline and monotonic() > self._deadline:
            self._lose(STOPPED)

    def _lose(self, said: str) -> None:
        """The worker is gone or given up, and its calls with it."""
        self.worker.restart()
        for number in list(self._then):
            self._finish(number, Outcome(said, good=False))

    def _finish(self, number: int, outcome: Outcome) -> None:
        self._deadline = 0.0
        self._finished(outcome, self._then.pop(number))
