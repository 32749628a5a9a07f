"""`jixiao rulesets explain` with cells and a file, and `jixiao rulesets diff`, as a user calls them."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest
from filed_books import clean_book

from pyfuncs.catalog import load
from pyfuncs.helper.cli import main
from pyfuncs.helper.rulesets_cli import _template_cells
from pyfuncs.report.text_table import display_width
from pyfuncs.workbook.read import read_submission

SMALL = Path(__file__).resolve().parents[1] / "catalog" / "score_sheet"
PARENT = ("id: 990300/2022\nname: 上一年\nyear: \"2022\"\nextends: 990300/2023\nedition: \"1\"\n"
          "remove: [scores/管理得分, scores/已知得分]\n")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clean_book(tmp_path_factory.mktemp("说明") / "甲.xlsx", "甲中心")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the small rule set, to be spoiled."""
    shutil.copytree(SMALL, tmp_path, dirs_exist_ok=True)
    monkeypatch.setattr(load, "FOLDERS", (tmp_path,))
    return tmp_path / "990300" / "2023"


def run(capsys: pytest.CaptureFixture, *arguments: str) -> tuple[int, list[str], str]:
    status = main(["rulesets", *arguments])
    out, err = capsys.readouterr()
    return status, out.splitlines(), err


def test_explain_gives_the_cells_of_the_template(capsys):
    status, lines, err = run(capsys, "explain", "430400/2022", "人员控制率")
    assert (status, err) == (0, "")
    assert lines[1] == "│  位置：《基础数据表》D5“控制率”"
    assert lines[7:9] == ["├─ 实际数 ＝ 《基础数据表》C5“实际在职人数”（个数）", "└─ 限额 ＝ 《基础数据表》B5“编制数”（个数）"]


def test_those_cells_are_where_the_reader_finds_the_items(book: Path):
    submission = read_submission(book)
    where = _template_cells(load.load_ruleset(submission.ruleset))
    single = [item for item in submission.items if not item.row and item.instance == 1 and item.cell]
    assert len(single) > 100
    for item in single:
        assert where(item.form, item.name) == "《{}》{}".format(*item.cell.split("!"))
    assert where("整体自评", "没有的") == ""


def test_explain_with_a_file_puts_its_numbers_in(capsys, book: Path):
    status, lines, err = run(capsys, "explain", "430400/2022", "人员控制率", "--file", str(book))
    assert (status, err) == (0, "")
    assert lines[:3] == ["人员控制率（比率，表上印“控制率”）＝ 80.00%", "│  计算：实际在职人数 12 ÷ 编制数 15 ＝ 80.00%",
                         "│  表上填的：80%（《基础数据表》D5）"]
    assert lines[8:10] == ["├─ 实际数 ＝ 《基础数据表》C5“实际在职人数”（个数）：12",
                           "└─ 限额 ＝ 《基础数据表》B5“编制数”（个数）：15"]


def test_a_file_without_identity_is_read_by_the_rule_set_that_is_named(capsys, book: Path, tmp_path: Path):
    plain = openpyxl.load_workbook(book)
    del plain["_jixiao"]
    plain.save(tmp_path / "乙.xlsx")
    status, lines, _ = run(capsys, "explain", "430400/2022", "人员控制率", "--file", str(tmp_path / "乙.xlsx"))
    assert (status, lines[0]) == (0, "人员控制率（比率，表上印“控制率”）＝ 80.00%")


def test_a_file_that_does_not_fit_is_refused(capsys, book: Path, tmp_path: Path):
    assert run(capsys, "explain", "430181/2021", "人员控制率", "--file", str(book)) == (2, [], (
        f"{book} 是按规则集 430400/2022 填的，不能用 430181/2021 说明；"
        "请改用 jixiao rulesets explain 430400/2022，或换一个文件\n"))
    (tmp_path / "坏.xlsx").write_bytes(b"PK")
    status, lines, err = run(capsys, "explain", "430400/2022", "人员控制率", "--file", str(tmp_path / "坏.xlsx"))
    assert (status, lines) == (2, [])
    assert err.startswith(f"{tmp_path / '坏.xlsx'} 读不出填报的内容。") and "Traceback" not in err
    assert run(capsys, "explain", "430400/2022", "人员控制率", "--file", "没有.xlsx")[0] == 2


def test_explain_of_a_part_common_to_many_rule_sets(capsys):
    assert run(capsys, "explain", "430000/base", "人员控制率")[0] == 0


def test_diff_is_a_table_with_a_summary(capsys, folder: Path, monkeypatch: pytest.MonkeyPatch):
    child = folder.parent / "2022"
    child.mkdir()
    (child / "ruleset.yaml").write_text(PARENT, encoding="utf-8")
    scoring = f"违规得分: {{points: '2', source: {'很长的来源' * 4}}}\n"
    (child / "scoring.yaml").write_text(scoring, encoding="utf-8")
    monkeypatch.setenv("COLUMNS", "84")
    status, lines, err = run(capsys, "diff", "990300/2023", "990300/2022")
    assert (status, err) == (0, "")
    assert lines == [
        "项目                样例市 2023 年度              上一年（990300/2022）",
        "                    （990300/2023）",
        "得分 违规得分 分值  4 分                          2 分",
        "得分 违规得分 来源  —                             很长的来源很长的来源很长的来",
        "                                                  源很长的来源",
        "得分 管理得分       表上印：制度健全；所属指标：  （没有）",
        "                    过程、资金管理；算法：评判",
        "得分 已知得分       表上印：已知各项之和；公式：  （没有）",
        "                    《评分表》“得分”之和；可靠程",
        "                    度：见于已填表格",
        "相同 21 项，不同 1 项，只有甲有 2 项，只有乙有 0 项。"]
    assert max(map(display_width, lines)) <= 84


def test_diff_of_a_rule_set_and_itself(capsys):
    assert run(capsys, "diff", "430400/2022", "430400/2022")[:2] == (
        0, [run(capsys, "diff", "430400/2022", "430400/2022")[1][0]])
    assert run(capsys, "diff", "430400/2022", "430400/2022")[1][0].endswith("不同 0 项，只有甲有 0 项，只有乙有 0 项。")


def test_help_is_chinese(capsys):
    for command in ("explain", "diff"):
        lines = run(capsys, command, "--help")[1]
        assert lines[0].startswith("用法：jixiao rulesets") and "Usage" not in "".join(lines)


def test_a_wrong_call_of_diff(capsys):
    status, lines, err = run(capsys, "diff", "430400/2022", "430400/2202")
    assert (status, lines) == (2, []) and err.startswith("没有规则集“430400/2202”")
    assert run(capsys, "diff", "430400/2022")[2].startswith("缺少参数“乙”。")


def test_a_rule_set_with_mistakes_is_sent_to_lint(capsys, folder: Path):
    scoring = folder / "scoring.yaml"
    scoring.write_text(scoring.read_text(encoding="utf-8").replace("按次扣", "按次加"), encoding="utf-8")
    assert run(capsys, "explain", "990300/2023", "违规得分") == (
        2, [], "规则集 990300/2023 写得有错，说明不了；请先运行 jixiao rulesets lint 990300/2023，照着改好\n")
