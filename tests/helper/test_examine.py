"""Many files by many workers: the same as one after the other, whatever one of the files does."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

import pytest
from filed_books import clean_book

from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.held import head_of
from pyfuncs.helper import examine as examining
from pyfuncs.helper.examine import CHUNK, Batch, Options, Task, chunks, examine, examine_chunk
from pyfuncs.helper.pipeline import process_all
from pyfuncs.helper.pool import Pool, Serial, workers
from pyfuncs.helper.record import decode
from pyfuncs.helper.ruleset_dump import loaded
from pyfuncs.workbook.limits import Limits, limited


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Eleven files, of which two are none that can be read."""
    folder = tmp_path_factory.mktemp("单位")
    books = [clean_book(folder / f"{number:02}.xlsx", f"单位{number}", {"基础数据表!编制数": 15 + number % 4})
             for number in range(9)]
    (folder / "坏.xlsx").write_bytes(b"PK\x03\x04")
    (folder / "空.xlsx").write_bytes(b"")
    return [*books, folder / "坏.xlsx", folder / "空.xlsx"]


def tasks(files: list[Path], version: str = "v") -> list[Task]:
    return [Task(os.fspath(path), version) for path in files]


def read(batches: list[Batch]) -> dict[str, Filed]:
    rulesets = {digest: loaded(dump) for batch in batches for digest, dump in batch.rulesets.items()}
    return {result.head.file: decode(result.record, rulesets.get(result.ruleset))
            for batch in batches for result in batch.results}


def test_workers_find_what_one_process_finds(files: list[Path]):
    one_by_one = [replace(one, submission=replace(one.submission, texts=())) for one in process_all(files, jobs=1)]
    assert [replace(one, dated="", dated_by="") for one in process_all(files, jobs=2)] == one_by_one
    assert [one.ruleset is None for one in one_by_one] == [False] * 9 + [True] * 2


def test_nothing_is_left_that_only_a_search_would_find(files: list[Path]):
    """Objects that hold each other: a worker does not look for them while it works on a chunk, since there are none."""
    examine_chunk(tasks(files), Options())            # what is kept for the next workbooks is made
    gc.collect()
    gc.disable()
    try:
        examine_chunk(tasks(files), Options())
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_the_search_rests_during_a_chunk_alone(files: list[Path], monkeypatch: pytest.MonkeyPatch):
    seen: list[bool] = []
    monkeypatch.setattr(examining, "head_of", lambda one: (seen.append(gc.isenabled()), head_of(one))[1])
    examine_chunk(tasks(files[:2]), Options())
    assert (seen, gc.isenabled()) == ([False, False], True)


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_every_way_to_start_workers(files: list[Path], method: str):
    """Windows has spawn alone: everything that workers need must come with the call."""
    pool = Pool(2, multiprocessing.get_context(method))
    with limited(Limits()):
        batches = list(examine(tasks(files), pool, Options(limits=Limits(cells=10))))
    pool.shutdown()
    found = read(batches)
    assert set(found) == set(map(os.fspath, files))
    assert {trouble.code for path in files[:9] for trouble in found[os.fspath(path)].submission.troubles} == {"too-many-cells"}


def test_rule_sets_beside_a_file_reach_the_workers(files: list[Path], tmp_path: Path):
    """One that is unknown without its folder: it can't be used by files elsewhere."""
    own = tmp_path / "规则集" / "430400" / "2022"
    own.mkdir(parents=True)
    (own / "ruleset.yaml").write_text("id: 430400/2022\n", encoding="utf-8")
    beside = clean_book(tmp_path / "甲.xlsx", "甲")
    with workers(2) as pool:
        found = read(list(examine(tasks([beside, files[0]]), pool)))
    assert "有两套" in found[os.fspath(beside)].submission.troubles[0].message
    assert found[os.fspath(files[0])].submission.troubles == ()


def test_chunks_are_shared_out_and_never_large():
    for count in (0, 1, 9, 40, 1000):
        found = list(chunks(tasks([Path(f"{number}") for number in range(count)])))
        assert [task for chunk in found for task in chunk] == tasks([Path(f"{number}") for number in range(count)])
        assert all(len(chunk) <= CHUNK for chunk in found) and (count < 9 or len(found) >= 8)


class Counting(Serial):
    """How many calls were given out at most before one of them was asked for."""

    def __init__(self) -> None:
        self.given = 0

    def submit(self, call, /, *arguments):
        self.given += 1
        return super().submit(call, *arguments)


def test_no_more_is_given_out_than_is_worked_on(files: list[Path]):
    executor = Counting()
    batches = examine(tasks(files), executor, ahead=3)
    next(batches)
    assert executor.given == 3
    batches.close()
    assert executor.given == 3


def test_ctrl_c_is_for_the_parent_alone():
    with workers(2) as pool:
        assert pool.submit(signal.getsignal, signal.SIGINT).result() == signal.SIG_IGN


# -- a worker that dies --------------------------------------------------------------------------------------------

def killed_by(name: str):
    """`process`, with the process dying of a file of this name, as it does when the system runs out of memory."""
    process = examining.process

    def dying(path: Path, ruleset_id: str | None = None) -> Filed:
        if path.name == name:
            os.kill(os.getpid(), signal.SIGKILL)
        return process(path, ruleset_id)

    return dying


def test_a_worker_that_dies_costs_only_its_file(files: list[Path], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(examining, "process", killed_by("04.xlsx"))
    pool = Pool(2, multiprocessing.get_context("fork"))
    found = read(list(examine(tasks(files * 4), pool, ahead=2)))
    pool.shutdown()
    assert set(found) == set(map(os.fspath, files))
    lost = found.pop(os.fspath(files[4]))
    assert [(finding.severity, finding.message, finding.advice) for finding in lost.findings] == [(
        "error", "读文件“04.xlsx”时程序意外停止，没有读完；其他文件不受影响。",
        "文件可能已经损坏，或展开后大得内存放不下；请用 Excel 或 WPS 打开，另存一份再交。")]
    assert [one.must_fix for path, one in sorted(found.items()) if path.endswith(("00.xlsx", "08.xlsx"))] == [False, False]


def test_what_may_pass_is_read_again_the_next_time(files: list[Path]):
    """A file of whose reading the program died, or that was gone, is kept under a version that nobody asks for."""
    gone = files[0].with_name("没有.xlsx")
    with workers(1) as executor:
        batches = list(examine(tasks([gone, files[0], files[9]]), executor, ahead=1))
    versions = [result.version for batch in batches for result in batch.results]
    assert versions[0].startswith("v ") and versions[1:] == ["v", "v"]


def test_an_executor_whose_calls_fail_otherwise_tells_every_file(files: list[Path], caplog: pytest.LogCaptureFixture):
    class Failing(Executor):
        def submit(self, call, /, *arguments):
            return Serial().submit(lambda: 1 // 0)

    found = read(list(examine(tasks(files[:2]), Failing())))
    assert [one.submission.troubles[0].code for one in found.values()] == ["program", "program"]
    assert "division" in caplog.text
