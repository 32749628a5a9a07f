"""`jixiao query`: a question in SQL, answered exactly, that changes nothing."""

from __future__ import annotations

import csv
import hashlib
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from archive_runs import run
from pyfuncs.helper.archive import ARCHIVE, Archive
from pyfuncs.helper.cli import main
from sample_units import filed, unit_a, unit_b

ROOT = Path(__file__).resolve().parents[2]
POSTS = "项目 = '编制数'"

Ask = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ask(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """The exit status and both streams of a query over two units."""
    with Archive(tmp_path) as archive:
        run(archive, unit_a(), unit_b())

    def asked(sql: str, *more: str) -> tuple[int, str, str]:
        return main(["query", sql, "--project", str(tmp_path), *more]), *capsys.readouterr()

    return asked


def test_an_answer_is_a_table(ask: Ask):
    assert ask(f"SELECT 单位, 项目名称, 数值, 单元格 FROM 明细 WHERE {POSTS} ORDER BY 数值") == (0, (
        "单位    项目名称  数值  单元格\n"
        "甲中心  编制数      15  基础数据表!B1\n"
        "乙中心  编制数      30  基础数据表!B1\n"
        "共 2 行\n"), "")


def test_the_columns_of_the_archive_in_english(ask: Ask):
    status, out, _ = ask("SELECT year, region, unit, form, item, column, value, text, file_hash, cell FROM items "
                         "WHERE item = '编制数' AND unit = '甲中心'")
    assert status == 0 and out.splitlines()[1].split() == ["2022", "430400", "甲中心", "基础数据", "编制数", "15", "15",
                                                         unit_a().submission.sha256[:59] + "…", "基础数据表!B1"]


@pytest.mark.parametrize(("sql", "answer"), [
    ("SELECT SUM(数值) FROM 明细 WHERE 栏 = '本年决算' AND 项目 = '三公经费'", "131600.00"),
    ("SELECT wan(SUM(value)) FROM items WHERE column = '本年决算' AND item = '三公经费'", "13.160000"),
    ("SELECT decimal_sum(v) FROM (SELECT '0.1' AS v UNION ALL SELECT '0.2' UNION ALL SELECT NULL)", "0.3"),
    ("SELECT SUM(v) FROM (SELECT '900000000000000.01' AS v UNION ALL SELECT '0.02' UNION ALL SELECT '1')", "900000000000001.03"),
    ("SELECT MAX(SUM(v)) OVER () FROM (SELECT 1 AS v)", "1"),
    ("SELECT group_concat(s) FROM (SELECT SUM(v) OVER (ORDER BY v ROWS 1 PRECEDING) s FROM (SELECT 1 v UNION SELECT 2 UNION SELECT 4))",
     "1,3,6"),
    ("SELECT SUM(数值) FROM 明细 WHERE 单位 = '没有'", ""),
    ("SELECT MAX(数值) FROM 明细 WHERE 项目 IN ('编制数', '在职人数')", "30"),
    ("SELECT COUNT(*) FROM 明细 WHERE 数值 > 9 AND 项目 = '编制数'", "2"),       # as texts '9' is above '30'
    ("SELECT COUNT(*) FROM 明细 WHERE 数值 = 15.0 AND 项目 = '编制数'", "1"),
    ("SELECT 名次 FROM 单位表 WHERE 总分 < 100 ORDER BY 总分 DESC LIMIT 1", "1"),
    ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9) SELECT MAX(i) FROM n", "9"),
])
def test_numbers_are_exact_and_compared_as_numbers(ask: Ask, sql: str, answer: str):
    status, out, err = ask(sql)
    assert (status, [line.strip() for line in out.splitlines()[1:]], err) == (0, [answer, "共 1 行"], "")


@pytest.mark.parametrize(("sql", "said"), [
    ("SELECT 数直 FROM 明细", "没有“数直”这一列，是不是 数值？"),
    ("SELECT i.unitt FROM items i", "没有“i.unitt”这一列，是不是 unit"),
    ("SELECT 1 FROM 明系", "没有“明系”这张表，是不是 明细"),
    ("SELEC 1", "“SELEC”附近写得不对"),
    ("SELECT 1 FROM 明细 WHERE", "没有写完"),
    ("SELECT 'x", "“'x”认不出来，可能少了一个引号"),
    ("SELECT 求和(1)", "没有“求和”这个函数"),
    ("SELECT wan(1, 2)", "函数“wan”的参数个数不对"),
    ("SELECT 单位 FROM 明细, 单位表", "几张表都有“单位”这一列，要写成 表名.列名"),
    ("SELECT SUM(文字) FROM 明细", "SUM、decimal_sum、wan 只能用在数上，这一列里有文字"),
    ("SELECT 1 FROM 明细 WHERE SUM(数值) > 1", "合计函数用错了地方；按合计筛选用 HAVING"),
    ("SELECT 1; SELECT 2", "一次只能查一句；分号后面的请另查"),
    ("  ", "没有写查询；请写一句 SELECT …"),
    ("SELECT zeroblob(99999999)", "结果里有一个值太长"),
    ("SELECT (SELECT 1, 2)", "查询语句写得不对（sub-select returns 2 columns - expected 1）"),
])
def test_what_is_wrong_with_a_query(ask: Ask, sql: str, said: str):
    status, out, err = ask(sql)
    assert (status, out) == (2, "") and err.startswith(said), err
    assert "可以查的表和列：\n  明细、历次明细：年度、地区、单位、表、项目、栏、数值" in err


@pytest.mark.parametrize("sql", [
    "DELETE FROM cell", "UPDATE member SET unit = 'x'", "INSERT INTO run DEFAULT VALUES", "DROP TABLE cell", "VACUUM",
    "CREATE TABLE t (a)", "CREATE TEMP TABLE t (a)", "ATTACH '{folder}/new.db' AS a", "PRAGMA query_only = OFF",
    "PRAGMA user_version", "BEGIN", "VACUUM INTO '{folder}/new.db'", "SELECT load_extension('x')",
    "WITH a AS (SELECT 1) DELETE FROM cell"])
def test_nothing_but_questions(ask: Ask, tmp_path: Path, sql: str):
    before = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in tmp_path.iterdir()}
    status, out, err = ask(sql.format(folder=tmp_path))
    assert (status, out) == (2, "") and "只能查询，不能改数据、设置和别的文件" in err or "load_extension" in sql + err
    assert {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in tmp_path.iterdir()} == before


def test_a_screen_shows_the_first_rows_and_says_so(ask: Ask):
    many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) SELECT i FROM n"
    _, out, _ = ask(many.format(201))
    assert out.splitlines()[1:3] == ["  1", "  2"] and len(out.splitlines()) == 202
    assert out.splitlines()[-1] == "只显示前 200 行，还有；全部结果请用 --csv 写成文件"
    assert ask(many.format(200))[1].splitlines()[-1] == "共 200 行"


def test_words_of_a_unit_can_not_move_the_cursor(tmp_path: Path, ask: Ask):
    with Archive(tmp_path) as archive:
        run(archive, filed("430400/2022", "甲\x1b[2J\n心\u202e" + "长" * 99, {"基础数据": {"编制数": "1"}}, path="新.xlsx"))
    _, out, _ = ask("SELECT 单位 FROM 单位表 WHERE 文件 = '新.xlsx'")
    assert out.splitlines()[1] == "甲[2J 心" + "长" * 25 + "…"


def test_a_csv_file_has_all_rows_and_no_formula(tmp_path: Path, ask: Ask):
    target = tmp_path / "新" / "结果.csv"
    with Archive(tmp_path) as archive:
        run(archive, filed("430400/2022", "=HYPERLINK(\"x\")", {"基础数据": {"编制数": "-5"}}, path="新.xlsx"))
    sql = f"SELECT 单位, 数值, ' +1' AS \"@A1\", '-1.50' AS 数, '＝1' AS 全角, x'ff' AS 码, NULL AS 空 FROM 明细 WHERE {POSTS} ORDER BY 数值"
    assert ask(sql, "--csv", str(target)) == (0, "", f"已写出：{target}（3 行）\n")
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    with target.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["单位", "数值", "'@A1", "数", "全角", "码", "空"],
            ["'=HYPERLINK(\"x\")", "-5", "' +1", "-1.50", "'＝1", "ff", ""],
            ["甲中心", "15", "' +1", "-1.50", "'＝1", "ff", ""], ["乙中心", "30", "' +1", "-1.50", "'＝1", "ff", ""]]
    before = target.read_bytes()
    status, _, err = ask(sql, "--csv", str(target))
    assert (status, err) == (2, f"{target} 已经存在，没有覆盖；请换一个文件名，或先把它移走\n")
    assert target.read_bytes() == before


def test_a_query_that_fails_half_way_leaves_no_file(tmp_path: Path, ask: Ask):
    status, _, err = ask("SELECT wan(v) FROM (SELECT '1' v UNION ALL SELECT '字')", "--csv", str(tmp_path / "结果.csv"))
    assert status == 2 and err.startswith("SUM、decimal_sum、wan 只能用在数上")
    assert [path.name for path in tmp_path.iterdir()] == [ARCHIVE]


def test_an_endless_query_can_be_broken_off(tmp_path: Path, ask: Ask):
    script = ("import _thread, sys, threading; from pyfuncs.helper.cli import main\n"
              "threading.Timer(1, _thread.interrupt_main).start()\n"
              "sys.exit(main(['query', 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT COUNT(*) FROM n', "
              "'--project', sys.argv[1]]))")
    done = subprocess.run([sys.executable, "-X", "utf8", "-c", script, str(tmp_path)], cwd=ROOT, capture_output=True,
                          text=True, encoding="utf-8", timeout=60)
    assert done.returncode == 2 and "中断" in done.stderr and "Traceback" not in done.stderr


def test_a_folder_without_an_archive(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["query", "SELECT 1", "--project", str(tmp_path / "无")]) == 2
    assert capsys.readouterr().err == (f"{tmp_path / '无'} 里没有汇总数据（汇总数据.db）；"
                                       f"请先用 jixiao consolidate … --project {tmp_path / '无'} 汇总一次\n")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_archive(tmp_path: Path, ask: Ask):
    path = tmp_path / ARCHIVE
    path.write_bytes(path.read_bytes()[:100] + b"\x5a" * 20_000)
    status, out, err = ask("SELECT * FROM 明细")
    assert (status, out) == (2, "") and "损坏，没有动它" in err


def test_a_query_reads_while_another_program_writes(tmp_path: Path, ask: Ask):
    with closing(sqlite3.connect(tmp_path / ARCHIVE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert ask("SELECT COUNT(*) FROM 单位表")[0] == 0
