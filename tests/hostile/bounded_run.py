"""Reads files one by one within limits of memory and time, and says what each cost: python bounded_run.py FILE…

One line of JSON a file: its path when it is begun, and what came of it when it is done.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
import time
from pathlib import Path

MEMORY = 1536 * 2**20                                 # bytes of address space
SECONDS = 60                                          # of one file, by the clock of the processor


def _peak() -> int:
    """Largest memory since it was last set back, in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def _say(**line: object) -> None:
    print(json.dumps(line), flush=True)


def _run(path: Path) -> None:
    from pyfuncs.workbook.process import process

    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")      # the peak starts anew
    before, began = _peak(), time.process_time()
    signal.setitimer(signal.ITIMER_PROF, SECONDS)                        # ends the process: no way round it
    one = process(path)
    signal.setitimer(signal.ITIMER_PROF, 0)
    _say(done=str(path), seconds=time.process_time() - began, mib=_peak() - before,
         findings=[[finding.severity, finding.rule_id, list(finding.cells), finding.message, finding.advice]
                   for finding in one.findings],
         items=[[item.form, item.instance, item.name, item.row, str(item.value), item.text, item.state]
                for item in one.submission.items])


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name in sys.argv[1:]:
        _say(begun=name)
        _run(Path(name))
