"""Mutants read one after another for a bounded time; what crashes, hangs or breaks a report is kept.

One mutant again, from the seed and the number that a failure names: JIXIAO_FUZZ="seed:number" with the test.
"""

from __future__ import annotations

import os
import resource
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random

from fuzz_mutants import Mutate

from pyfuncs.consolidate.filed import Filed
from pyfuncs.report.audit_html import audit_page
from pyfuncs.report.audit_xlsx import audit_workbook
from pyfuncs.report.console import validation_text
from pyfuncs.report.json_report import dump, validation
from pyfuncs.workbook.mark import mark_copy
from pyfuncs.workbook.process import process
from pyfuncs.workbook.watch import Unreadable

SLOW = 20                                             # seconds of processor time that no small file may take
REPORTED = 60                                         # files that go into one report
MARKED_EVERY = 6                                      # files of which one is marked


class Hanging(BaseException):
    """Raised into a reading that does not end; nothing that catches errors catches it."""


@dataclass
class Result:
    seed: str
    count: int = 0
    seconds: float = 0
    grown: int = 0                                    # MiB that the process grew by at its peak
    read: int = 0                                     # mutants of which something could be read
    failures: list[str] = field(default_factory=list)

    def line(self) -> str:
        return (f"fuzz: seed {self.seed}, {self.count} files in {self.seconds:.0f} s, {self.read} of them read, "
                f"{self.grown} MiB more at the peak")


@contextmanager
def watched(seconds: float) -> Iterator[None]:
    """Raises Hanging inside when it takes longer, by the processor's clock."""
    def end(*_: object) -> None:
        raise Hanging

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def fuzz(mutants: Mapping[str, tuple[str, Mutate]], folder: Path, seconds: float, least: int, seed: str = "") -> Result:
    """At least `least` mutants, then more until `seconds` are over. `mutants`: name -> (suffix, maker).

    A failure names what to set to have the same mutant again, and where the file was kept.
    """
    seed, _, only = (os.environ.get("JIXIAO_FUZZ") or seed or f"{time.time_ns()}").partition(":")
    result, began, before = Result(seed), time.monotonic(), _peak()
    names, waiting = list(mutants), []
    while only and result.count == 0 or not only and (result.count < least or time.monotonic() - began < seconds):
        number = int(only) if only else result.count
        name = names[number % len(names)]
        suffix, make = mutants[name]
        path = folder / f"{seed}-{number}{suffix}"
        path.write_bytes(make(Random(f"{seed}:{number}")))
        failure = _failure(path, number, waiting, result)
        if failure:
            result.failures.append(f"JIXIAO_FUZZ={seed}:{number} ({name}): {failure}; kept as {path}")
        else:
            path.unlink()
        result.count += 1
        if len(waiting) == REPORTED:
            _report(waiting, folder, result)
            waiting.clear()
    _report(waiting, folder, result)
    result.seconds, result.grown = time.monotonic() - began, _peak() - before
    return result


def _failure(path: Path, number: int, waiting: list[Filed], result: Result) -> str:
    """What went wrong with one file; "" when it was answered."""
    try:
        with watched(SLOW):
            one = process(path)
            waiting.append(one)
            result.read += bool(one.submission.items)
            bugs = [finding.message for finding in one.findings if finding.rule_id == "DQ-program"]
            if not bugs and one.ruleset is not None and number % MARKED_EVERY == 0:
                return _marked(path, one)
            return "；".join(bugs)
    except Hanging:
        return f"not done after {SLOW} s"


def _marked(path: Path, one: Filed) -> str:
    """What is wrong with the marked copy of a file."""
    copy = path.with_name(f"marked-{path.name}")
    try:
        mark_copy(path, copy, one.findings)
    except Unreadable:
        return ""
    except Exception as error:
        return f"mark: {type(error).__name__}: {error}"
    again = process(copy)
    copy.unlink()
    return "；".join(f"marked copy: {finding.message}" for finding in again.findings if finding.rule_id == "DQ-program")


def _report(filed: list[Filed], folder: Path, result: Result) -> None:
    """Every kind of report of these files; an error in one is a failure."""
    makers: dict[str, Callable[[], object]] = {
        "console": lambda: validation_text(filed).encode(), "json": lambda: dump(validation(filed)),
        "html": lambda: audit_page(filed, folder, date(2023, 3, 20)),
        "xlsx": lambda: audit_workbook(filed, folder, date(2023, 3, 20)),
    }
    for name, make in makers.items():
        try:
            make()
        except Exception as error:
            result.failures.append(f"{name} of {result.seed}:{result.count - len(filed)}–{result.count - 1}: "
                                   f"{type(error).__name__}: {error}")


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
