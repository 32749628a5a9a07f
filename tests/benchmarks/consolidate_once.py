"""One consolidation in a process of its own, for the benchmark: python -m benchmarks.consolidate_once FOLDER PROJECT JOBS.

Prints a line of JSON: seconds of each stage, how many files were read and units counted.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from time import perf_counter

from pyfuncs.helper.archive import Archive
from pyfuncs.helper.consolidate_run import Settings, run, writings
from pyfuncs.helper.examine_files import processes
from pyfuncs.workbook.collect import collect


def main(folder: Path, project: Path, jobs: int, output: Path | None) -> dict:
    began = perf_counter()
    with Archive(project) as archive:
        collected = collect([folder])
        listed = perf_counter()
        done = run(archive, collected, Settings(processes(jobs)), archive)
        ran = perf_counter()
        if output:
            list(writings(done, archive, {"output": output}, date.today()))
    return {"列出": listed - began, **done.taken.seconds, "全部": ran - began, "写表": perf_counter() - ran,
            "read": done.taken.read, "units": len(done.result.units), "files": len(collected.files)}


if __name__ == "__main__":
    folder, project, jobs, *rest = sys.argv[1:]
    print(json.dumps(main(Path(folder), Path(project), int(jobs), Path(rest[0]) if rest else None), ensure_ascii=False))
