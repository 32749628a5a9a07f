"""The archive: what was read is kept whole, given back as it was, counted once, and never changed."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from archive_runs import ALL, NOTE, keep, run
from pyfuncs.catalog.arithmetic import arithmetic
from pyfuncs.catalog.figures import figures
from pyfuncs.checks.run import check
from pyfuncs.consolidate.consolidation import consolidate
from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.held import Held, head_of
from pyfuncs.consolidate.share_of import share_of
from pyfuncs.consolidate.sums import summed
from pyfuncs.consolidate.unit_line import Prior, unit_line
from pyfuncs.helper import archive_file
from pyfuncs.helper.archive import ARCHIVE, Archive, ArchiveError, key_of, result_of
from pyfuncs.helper.archive_prior import priors_of
from pyfuncs.helper.archive_source import ArchiveSource
from pyfuncs.helper.archive_views import described
from sample_units import filed, unit_a, unit_b

ROOT = Path(__file__).resolve().parents[2]


def rows(folder: Path, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(folder / ARCHIVE)) as base:
        return base.execute(sql).fetchall()


def unreadable() -> Filed:
    one = unit_a(path="坏.xlsx")
    return Filed(replace(one.submission, ruleset="", entity="", items=()))


def foreign() -> Filed:
    """Judged by the arithmetic of unit_a's forms alone: a rule set of the same id that says something else."""
    one = unit_a(path="外/丙.xlsx")
    alone, own = arithmetic(one.ruleset, "2019"), replace(one.submission, entity="丙中心")
    return Filed(own, alone, figures(alone, own), tuple(check(alone, own)))


# -- given back as it was -----------------------------------------------------------------------------


def test_the_source_is_what_was_held_in_memory(tmp_path: Path):
    units = [unit_a(), unit_b(), foreign(), unreadable()]
    with Archive(tmp_path) as archive:
        source, held = keep(archive, *units), Held(units)
        assert list(source.heads()) == list(held.heads())
        result = consolidate(source, None, ALL)
        assert result == consolidate(held, None, ALL) and len(result.units) == 3
        files = result.files[::-1]
        assert list(source.filed(files)) == list(held.filed(files))
        keys = dict.fromkeys(key for one in units[:3] for key in summed(one.ruleset))
        assert {key: list(source.parts(files, *key)) for key in keys} == {key: list(held.parts(files, *key)) for key in keys}


def test_cells_are_found_by_item_from_when_somebody_asks_for_them(tmp_path: Path):
    """An index is made sooner of all cells than with each of them, and kept up from then on."""
    def indexed() -> bool:
        return bool(archive.base.execute("SELECT 1 FROM sqlite_master WHERE name = 'cell_item'").fetchone())

    with Archive(tmp_path) as archive:
        source = keep(archive, unit_a())
        assert not indexed()
        list(source.parts([head.file for head in source.heads()], "基础数据", "编制数", "count"))
        assert indexed()
        both = keep(archive, unit_a(), unit_b())
        files = [head.file for head in both.heads()]
        assert list(both.parts(files, "基础数据", "编制数", "count")) == list(
            Held([unit_a(), unit_b()]).parts(files, "基础数据", "编制数", "count"))


def test_a_part_of_the_files_has_only_its_own_parts(tmp_path: Path):
    with Archive(tmp_path) as archive:
        source = keep(archive, unit_a(), unit_b())
        [part] = source.parts(["乙中心.xlsx"], "基础数据", "编制数", "count")
        assert part == next(Held([unit_b()]).parts(["乙中心.xlsx"], "基础数据", "编制数", "count"))
        assert list(source.parts(["乙中心.xlsx"], "基础数据", "没有这一项", "count")) == []


def test_what_is_known_is_not_read_again(tmp_path: Path):
    with Archive(tmp_path) as archive:
        keep(archive, unit_a())
    with Archive(tmp_path) as archive:
        own, other = key_of(head_of(unit_a()).sha256, "甲中心.xlsx", "1"), key_of(head_of(unit_a()).sha256, "乙.xlsx", "1")
        assert archive.known([own, other, own._replace(version="2"), own._replace(sha256="0")]) == {own}


def test_the_same_content_in_another_folder_is_known_and_has_its_own_path(tmp_path: Path):
    with Archive(tmp_path) as archive:
        keep(archive, unit_a(path="旧/甲.xlsx"))
        moved = key_of(head_of(unit_a(path="旧/甲.xlsx")).sha256, "新/甲.xlsx", "1")
        source = archive.source([("新/甲.xlsx", moved)])
        assert [one.submission.path for one in source.filed(["新/甲.xlsx"])] == ["新/甲.xlsx"]
        assert [head.file for head in source.heads()] == ["新/甲.xlsx"]


def test_one_content_added_twice_is_kept_once(tmp_path: Path):
    with Archive(tmp_path) as archive:
        keep(archive, unit_a())
        keep(archive, unit_a())
    assert rows(tmp_path, "SELECT COUNT(*) FROM result") == [(1,)]


def test_a_temporary_archive_leaves_nothing(tmp_path: Path):
    with pytest.raises(ZeroDivisionError), Archive.temporary() as archive:
        folder = archive.path.parent
        assert run(archive, unit_a()) == 1 and archive.path.is_file()
        1 / 0
    assert not folder.exists()


# -- the long form ------------------------------------------------------------------------------------


def test_the_long_form_of_a_unit(tmp_path: Path):
    typed = {"编制数": "15", "三公经费.本年决算": "10.16", "在职人数": "十\udcff人"}
    one = filed("430400/2022", "=甲\udcff中心", {"基础数据": typed}, path="甲.xlsx")
    with Archive(tmp_path) as archive:
        run(archive, one)
    found = rows(tmp_path, "SELECT * FROM items WHERE state <> 'blank'")
    shared = (head_of(one).sha256,)
    assert found == [
        ("2022", "430400", "=甲?中心", "基础数据", "编制数", "", "15", "15", *shared, "基础数据表!B1", "count", "number", 1, 0,
         "部门整体支出绩效评价基础数据表", "编制数", "", "", "全部单位", "甲.xlsx", 1),
        ("2022", "430400", "=甲?中心", "基础数据", "在职人数", "", None, "十?人", *shared, "基础数据表!B2", "count", "text", 1, 0,
         "部门整体支出绩效评价基础数据表", "实际在职人数", "", "", "全部单位", "甲.xlsx", 1),
        ("2022", "430400", "=甲?中心", "基础数据", "三公经费", "本年决算", "101600.00", "10.16", *shared,
         next(item.cell for item in one.submission.items if item.name == "三公经费.本年决算"), "amount", "number", 1, 0,
         "部门整体支出绩效评价基础数据表", "三公经费", "本年决算数", "", "全部单位", "甲.xlsx", 1)]
    assert rows(tmp_path, "SELECT COUNT(*) FROM 明细") == [(len(one.submission.items),)]


def test_every_view_has_its_columns_in_both_languages(tmp_path: Path):
    with Archive(tmp_path) as archive:
        run(archive, unit_a(), unit_b())
    with closing(sqlite3.connect(tmp_path / ARCHIVE)) as base:
        found = {name: base.execute(f'SELECT * FROM "{name}"') for name, _ in described()}
        assert [(name, [column[0] for column in cursor.description]) for name, cursor in found.items()] == described()
        answers = [cursor.fetchall() for cursor in found.values()]
        assert answers[::2] == answers[1::2] and all(answers)   # Chinese and English in turn


def test_the_figures_of_a_unit_that_sends_again_take_the_place_of_the_old_ones(tmp_path: Path):
    again = filed("430400/2022", "甲中心", {"基础数据": {"编制数": "99"}}, path="甲中心.xlsx", sha256="f" * 64)
    posts = "SELECT unit, value, run FROM {} WHERE item = '编制数' ORDER BY run, unit"
    with Archive(tmp_path) as archive:
        assert [run(archive, unit_a(), unit_b()), run(archive, again)] == [1, 2]
    assert rows(tmp_path, posts.format("items")) == [("乙中心", "30", 1), ("甲中心", "99", 2)]
    assert rows(tmp_path, posts.format("all_items")) == [("乙中心", "30", 1), ("甲中心", "15", 1), ("甲中心", "99", 2)]
    assert rows(tmp_path, "SELECT run, at, who, program, paths, partial, units FROM runs") == [
        (1, "2023-03-20 09:15", "张三", "0.1.0", '["各单位"]', "", 2), (2, "2023-03-20 09:15", "张三", "0.1.0", '["各单位"]', "", 1)]


def test_a_second_run_over_the_same_files_adds_no_cell(tmp_path: Path):
    with Archive(tmp_path) as archive:
        run(archive, unit_a())
        before = rows(tmp_path, "SELECT COUNT(*) FROM cell")
        run(archive, unit_a())
    assert rows(tmp_path, "SELECT COUNT(*) FROM cell") == before != [(0,)]
    assert rows(tmp_path, "SELECT COUNT(*) FROM all_units") == [(2,)]


# -- year on year -------------------------------------------------------------------------------------


def test_last_years_figures_come_from_the_last_run_that_counted_the_unit(tmp_path: Path):
    old = filed("430400/2022", "甲中心", {"基础数据": {"编制数": "99"}}, path="旧.xlsx")
    with Archive(tmp_path) as archive:
        run(archive, old)
        run(archive, unit_a(), unit_b())
        found = priors_of(archive, "2023")
        line = unit_line(share_of(unit_a()))
        assert found["甲中心"] == Prior(line.amounts, line.total) and found["甲中心"].amounts["基础数据!编制数"] == Decimal(15)
        assert list(found) == ["乙中心", "甲中心"] and found.get("丙中心") is None
        assert dict(priors_of(archive, "2022")) == dict(priors_of(archive, "")) == {}
        source = keep(archive, unit_a())
        [counted] = consolidate(source, None, ALL, found).units
        assert counted.prior["基础数据!编制数"] == Decimal(15)


def test_of_two_units_with_one_name_neither_is_taken_for_last_years(tmp_path: Path):
    with Archive(tmp_path) as archive:
        again = replace(unit_b(), submission=replace(unit_b().submission, path="别处/乙.xlsx", sha256="b" * 64))
        source = keep(archive, unit_a(), unit_b())
        keep(archive, replace(again, figures={}))
        both = archive.source([("乙中心.xlsx", key_of(head_of(unit_b()).sha256, "乙中心.xlsx", "1")),
                               ("别处/乙.xlsx", key_of("b" * 64, "乙.xlsx", "1"))])
        lines = [unit_line(one) for one in both.shares(["乙中心.xlsx", "别处/乙.xlsx"])]
        archive.close_run(NOTE, both, replace(consolidate(source, None, ALL), units=tuple(lines)))
        assert list(priors_of(archive, "2023")) == []


def test_a_unit_that_is_not_counted_has_its_long_form_and_stands_in_no_view(tmp_path: Path):
    with Archive(tmp_path) as archive:
        both = keep(archive, unit_a(), unit_b())
        run(archive, unit_a())
        assert [head.unit for head in both.heads()] == ["甲中心", "乙中心"]
    assert rows(tmp_path, "SELECT result, last - first + 1 FROM filled") == [
        (1, len(unit_a().submission.items)), (2, len(unit_b().submission.items))]
    assert rows(tmp_path, "SELECT DISTINCT unit FROM all_items") == [("甲中心",)]


# -- bad days -----------------------------------------------------------------------------------------


def test_a_run_that_is_killed_loses_nothing_and_is_gone_on_with(tmp_path: Path):
    """The second process dies in the middle of the second chunk: the first is there with its cells, the second is not."""
    script = ("import os, signal, sys; from pathlib import Path; sys.path[:0] = ['tests']\n"
              "from helper.test_archive import *\n"
              "archive = Archive(Path(sys.argv[1])); keep(archive, unit_a())\n"
              "append = archive._cells.append\n"
              "def dying(*given):\n"
              "    append(*given)\n"
              "    os.kill(os.getpid(), signal.SIGKILL)\n"
              "archive._cells.append = dying\n"
              "keep(archive, unit_b())")
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == -signal.SIGKILL, done.stderr
    with Archive(tmp_path) as archive:
        kept, lost = (key_of(head_of(one).sha256, one.submission.path, "1") for one in (unit_a(), unit_b()))
        assert archive.known([kept, lost]) == {kept}
        assert rows(tmp_path, "SELECT result FROM filled") == [(1,)] and rows(tmp_path, "SELECT * FROM runs") == []
        assert run(archive, unit_a(), unit_b()) == 1
    assert rows(tmp_path, "SELECT COUNT(*) FROM items") == [
        (len(unit_a().submission.items) + len(unit_b().submission.items),)]


def test_a_full_disk_loses_nothing_that_was_kept(tmp_path: Path):
    """A process that may write no more to the file than it holds stands for the full disk."""
    with Archive(tmp_path) as archive:
        run(archive, unit_a())
    size = (tmp_path / ARCHIVE).stat().st_size
    script = ("import resource, signal, sys; from pathlib import Path; sys.path[:0] = ['tests']\n"
              "from helper.test_archive import *\n"
              f"signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))\n"
              "one = unit_b()\n"
              "try: keep(Archive(Path(sys.argv[1])), *(replace(one, submission=replace(one.submission, sha256=str(n), "
              "recognised=os.urandom(9999).hex())) for n in range(50)))\n"
              "except ArchiveError as error: print(error)")
    done = subprocess.run([sys.executable, "-X", "utf8", "-c", script, str(tmp_path)], capture_output=True, cwd=ROOT,
                          text=True, encoding="utf-8", timeout=120)
    assert done.stderr == "" and done.stdout.startswith(f"汇总数据 {tmp_path / ARCHIVE}：")
    assert "磁盘满了" in done.stdout and "这一批没有存上，以前的都在" in done.stdout
    assert rows(tmp_path, "SELECT COUNT(*) FROM result") == [(1,)]
    with Archive(tmp_path) as archive:
        assert run(archive, unit_a(), unit_b()) == 2


def damaged(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:100] + b"\x5a" * (len(data) - 100))


def of_another_program(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as base:
        base.execute("CREATE TABLE run (name TEXT)")


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as base:
        base.execute("PRAGMA user_version = 99")


@pytest.mark.parametrize(("spoil", "said"), [
    (lambda path: path.write_text("不是数据库" * 300, encoding="utf-8"), "不是汇总数据，或已经损坏，没有动它"),
    (damaged, "损坏，没有动它"),
    (lambda path: path.write_bytes(path.read_bytes()[:9000]), "损坏，没有动它"),
    (lambda path: (path.unlink(), path.mkdir()), "打不开；请检查文件夹"),
    (of_another_program, "里面不是汇总数据的表，没有动它"),
    (newer, "是用更新的程序存的；请换用新版本的程序"),
])
def test_an_archive_that_can_not_be_used_is_told_and_left_alone(tmp_path: Path, spoil, said: str):
    with Archive(tmp_path) as archive:
        run(archive, unit_a())
        path = archive.path
    spoil(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(ArchiveError, match=said):
        Archive(tmp_path)
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_another_program_that_does_not_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archive_file, "WAIT", 0.1)
    with Archive(tmp_path) as archive:
        with closing(sqlite3.connect(archive.path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(ArchiveError, match="别的程序正在写，等了很久也没有轮到，这一批没有存上；请稍后再汇总一次"):
                keep(archive, unit_a())
        keep(archive, unit_a())
    assert rows(tmp_path, "SELECT COUNT(*) FROM result") == [(1,)]


def test_a_chunk_that_fails_half_way_leaves_nothing_and_the_next_one_is_kept(tmp_path: Path):
    with Archive(tmp_path) as archive:
        result, dump = result_of(unit_a(), head_of(unit_a()), "1")
        with pytest.raises(AttributeError):
            archive.add([result, None], {result.ruleset: dump})
        assert rows(tmp_path, "SELECT * FROM result") == rows(tmp_path, "SELECT * FROM ruleset") == []
        run(archive, foreign(), unit_b())             # its rule set gets the number of the one that was lost
    assert rows(tmp_path, "SELECT unit FROM result") == [("丙中心",), ("乙中心",)]
    assert rows(tmp_path, "SELECT COUNT(*) FROM items") == [
        (len(foreign().submission.items) + len(unit_b().submission.items),)]


@pytest.mark.parametrize(("column", "table", "read"), [
    ("record", "result", ArchiveSource.filed), ("dump", "ruleset", ArchiveSource.filed), ("share", "result", ArchiveSource.shares)])
def test_a_record_that_others_have_forged(tmp_path: Path, column: str, table: str, read):
    with Archive(tmp_path) as archive:
        keep(archive, unit_a())
        archive.base.execute(f"DROP TRIGGER {table}_update")
        archive.base.execute(f"UPDATE {table} SET {column} = ?", (b"cos\nsystem\n(S'touch x'\ntR.",))
    with Archive(tmp_path) as archive:
        source = keep(archive, unit_a())
        with pytest.raises(ArchiveError, match="已经损坏，没有动它；请把它改名留存"):
            list(read(source, ["甲中心.xlsx"]))


def test_a_folder_that_can_not_be_made(tmp_path: Path):
    (tmp_path / "文件").write_text("")
    with pytest.raises(ArchiveError, match="请检查文件夹"):
        Archive(tmp_path / "文件" / "项目")


def test_a_disk_that_is_read_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with Archive(tmp_path) as archive:
        run(archive, unit_a())
        archive.base.execute("PRAGMA query_only = ON")  # as SQLite refuses where the folder may not be written to
        with pytest.raises(ArchiveError, match="是只读的，记不上；请检查文件夹有没有写的权限"):
            keep(archive, unit_b())


@pytest.mark.parametrize("table", ["ruleset", "result", "run", "member", "item", "cell", "filled"])
@pytest.mark.parametrize("change", ["UPDATE {} SET rowid = 99", "DELETE FROM {}"])
def test_the_archive_itself_refuses_to_be_changed(tmp_path: Path, table: str, change: str):
    with Archive(tmp_path) as archive:
        run(archive, unit_a())
    before = rows(tmp_path, f"SELECT COUNT(*) FROM {table}")
    with closing(sqlite3.connect(tmp_path / ARCHIVE)) as base, pytest.raises(sqlite3.IntegrityError, match="只能增加"):
        base.execute(change.format(table))
    assert rows(tmp_path, f"SELECT COUNT(*) FROM {table}") == before != [(0,)]


def test_paths_that_no_database_takes(tmp_path: Path):
    file = os.fsdecode(b"\xff\xfe.xlsx")
    with Archive(tmp_path) as archive:
        one = unit_a()
        source = keep(archive, replace(one, submission=replace(one.submission, path=file)))
        assert [one.submission.path for one in source.filed([file])] == [file]
        archive.close_run(NOTE, source, consolidate(source, None, ALL))
    assert rows(tmp_path, "SELECT file FROM units") == [("??.xlsx",)]
