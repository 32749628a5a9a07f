"""The files of a run into the archive: what is known is not read again, what has changed is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filed_books import clean_book

from pyfuncs.catalog import compiled
from pyfuncs.helper.archive import Archive
from pyfuncs.helper.examine import Options
from pyfuncs.helper.examine_files import Taken, processes, take_in
from pyfuncs.helper.pool import Serial
from pyfuncs.helper.progress import Progress
from pyfuncs.workbook.limits import Limits


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return [clean_book(tmp_path / "表" / f"{name}.xlsx", f"{name}单位") for name in ("甲", "乙", "丙")]


@pytest.fixture
def archive() -> Iterator[Archive]:
    with Archive.temporary() as archive:
        yield archive


def taken_in(archive: Archive, files: list[Path], options: Options = Options()) -> Taken:
    return take_in(archive, files, processes(1), options)


def units(archive: Archive, taken: Taken) -> list[str]:
    return [head.unit for head in archive.source(taken.keys.items()).heads()]


def test_nothing_is_read_twice(archive: Archive, files: list[Path]):
    first = taken_in(archive, files)
    assert (first.read, first.left, list(first.keys)) == (3, (), list(map(os.fspath, files)))
    again = taken_in(archive, files)
    assert (again.read, again.keys) == (0, first.keys)
    assert units(archive, again) == ["甲单位", "乙单位", "丙单位"]
    assert set(first.seconds) == {"校验", "查找", "读取", "存放"} and set(again.seconds) == {"校验", "查找"}


def test_a_file_in_another_folder_is_known_one_of_another_name_is_not(archive: Archive, files: list[Path], tmp_path: Path):
    """A unit without a name is called by its file's name."""
    taken_in(archive, files)
    moved = tmp_path / "别处" / files[0].name
    moved.parent.mkdir()
    moved.write_bytes(files[0].read_bytes())
    renamed = files[1].rename(files[1].with_name("乙 改.xlsx"))
    taken = taken_in(archive, [moved, renamed, files[2]])
    assert (taken.read, list(taken.keys)) == (1, [os.fspath(path) for path in (moved, renamed, files[2])])
    assert [head.file for head in archive.source(taken.keys.items()).heads()] == list(taken.keys)


def test_a_changed_file_is_read_again(archive: Archive, files: list[Path]):
    taken_in(archive, files)
    clean_book(files[1], "改名后")
    taken = taken_in(archive, files)
    assert (taken.read, units(archive, taken)) == (1, ["甲单位", "改名后", "丙单位"])


def test_a_file_that_changes_while_the_run_is_on_counts_as_it_was_read(archive: Archive, files: list[Path]):
    @contextmanager
    def late(count: int):
        clean_book(files[1], "改名后")
        yield Serial()

    taken = take_in(archive, files, late)
    assert (taken.read, units(archive, taken)) == (3, ["甲单位", "改名后", "丙单位"])
    assert taken_in(archive, files).read == 0


def test_a_file_that_vanished_is_told_and_asked_for_again(archive: Archive, files: list[Path]):
    files[1].unlink()
    taken = taken_in(archive, files)
    heads = archive.source(taken.keys.items()).heads()
    assert [bool(head.reason) for head in heads] == [False, True, False]
    clean_book(files[1], "回来了")
    again = taken_in(archive, files)
    assert (again.read, units(archive, again)) == (1, ["甲单位", "回来了", "丙单位"])


def test_two_files_of_one_name_that_can_not_be_read_are_two(archive: Archive, tmp_path: Path):
    files = [tmp_path / "一" / "没有.xlsx", tmp_path / "二" / "没有.xlsx"]
    heads = archive.source(taken_in(archive, files).keys.items()).heads()
    assert [head.file for head in heads] == list(map(os.fspath, files)) and all(head.reason for head in heads)


@pytest.mark.parametrize("other", [Options(limits=Limits(cells=10)), Options("430181/2021")])
def test_other_limits_and_another_rule_set_are_another_reading(archive: Archive, files: list[Path], other: Options):
    taken_in(archive, files)
    assert taken_in(archive, files, other).read == 3


def test_a_rule_set_beside_the_files_makes_them_read_again(archive: Archive, files: list[Path]):
    taken_in(archive, files)
    own = files[0].parent / "规则集" / "430400" / "2022" / "ruleset.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("id: 430400/2022\n", encoding="utf-8")
    taken = taken_in(archive, files)
    assert taken.read == 3 and all("有两套" in head.reason for head in archive.source(taken.keys.items()).heads())
    own.write_text("id: 430400/2022\nyear: 2022\n", encoding="utf-8")
    assert taken_in(archive, files).read == 3


def test_a_changed_rule_set_of_the_program_makes_them_read_again(archive: Archive, files: list[Path], tmp_path: Path,
                                                                 monkeypatch: pytest.MonkeyPatch):
    from pyfuncs.workbook import versions

    taken_in(archive, files)
    added = tmp_path / "规则集二"
    (added / "1" / "2").mkdir(parents=True)
    (added / "1" / "2" / "ruleset.yaml").write_text("id: 1/2\n", encoding="utf-8")
    monkeypatch.setattr(versions, "FOLDERS", (*compiled.FOLDERS, added))
    assert taken_in(archive, files).read == 3


def test_ctrl_c_keeps_what_was_read_and_the_next_run_goes_on(archive: Archive, files: list[Path],
                                                             monkeypatch: pytest.MonkeyPatch):
    done: list[str] = []

    def add(progress: Progress, count: int, current: str) -> None:
        done.append(current)
        if len(done) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(Progress, "add", add)
    taken = take_in(archive, files, processes(1), ahead=3)
    assert (taken.read, len(taken.left), sorted(units(archive, taken))) == (2, 1, sorted(done))
    assert {*taken.keys, *taken.left} == set(map(os.fspath, files))
    assert taken_in(archive, files).read == 1


def test_ctrl_c_while_results_are_kept_loses_none(archive: Archive, files: list[Path], monkeypatch: pytest.MonkeyPatch):
    add, calls = archive.add, []

    def broken_off(results, rulesets) -> None:
        calls.append(len(results))
        if len(calls) == 1:
            raise KeyboardInterrupt
        add(results, rulesets)

    monkeypatch.setattr(archive, "add", broken_off)
    taken = taken_in(archive, files)
    assert (calls, taken.read, taken.left) == ([3, 3], 3, ())
    monkeypatch.undo()
    assert taken_in(archive, files).read == 0
