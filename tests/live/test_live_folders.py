"""新建表样, 审核文件夹, 汇总: what lies in the new folders is what the command line would have written."""

from __future__ import annotations

import webbrowser
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from filed_books import clean_book
from xlwings_engine import ENGINE, open_book

from pyfuncs.catalog.load import load_ruleset, ruleset_ids
from pyfuncs.helper.cli import main
from pyfuncs.live import COMMANDS
from pyfuncs.live.user_folders import documents
from pyfuncs.udfs_excel import xw
from pyfuncs.workbook.read import read_submission

TODAY = f"{date.today():%Y%m%d}"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "用户"))
    (tmp_path / "用户" / "Documents").mkdir(parents=True)
    return tmp_path / "用户"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was shown to the user."""
    shown: list[str] = []
    monkeypatch.setattr(webbrowser, "open_new", shown.append)
    return shown


@pytest.fixture
def units(tmp_path: Path) -> Path:
    folder = tmp_path / "报 送"
    clean_book(folder / "甲.xlsx", "甲中心")
    clean_book(folder / "二级" / "乙.xlsx", "乙中心", {"基础数据表!编制数": 12, "基础数据表!控制率": (2, "0%")})
    (folder / "说明.txt").write_text("不是表")
    return folder


def texts(path: Path) -> dict[str, list[tuple]]:
    book = openpyxl.load_workbook(path)
    return {sheet.title: [tuple(cell.value for cell in row) for row in sheet.iter_rows()] for sheet in book}


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


# -- a new template -----------------------------------------------------------------------------------------


def test_a_new_template_is_written_and_opened(home: Path, tmp_path: Path):
    book = open_book(clean_book(tmp_path / "甲.xlsx"))
    said = [COMMANDS["new_template"](book, "430400/2022", " 乙中心 ") for _ in range(2)]
    folder, stem = home / "Documents" / "绩效自评", f"乙中心2022年度绩效自评表-加载项版-{TODAY}"
    assert said == [f"表样已经写好并打开：{folder / f'{stem}.xlsx'}", f"表样已经写好并打开：{folder / f'{stem} (2).xlsx'}"]
    assert [each.name for each in book.app.books] == ["甲.xlsx", f"{stem}.xlsx", f"{stem} (2).xlsx"]
    read = read_submission(folder / f"{stem}.xlsx")
    assert (read.ruleset, read.entity, read.edition) == ("430400/2022", "乙中心", "加载项版")


def test_a_template_without_an_open_workbook(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    open_book(clean_book(tmp_path / "甲.xlsx"))
    assert COMMANDS["new_template"](None, "430400/2022", "").startswith("表样已经写好并打开：")
    assert ENGINE.apps.running[0].books.opened[-1].name == f"衡阳市2022年度绩效自评表-加载项版-{TODAY}.xlsx"
    monkeypatch.setattr(xw.engines, "active", None)
    assert COMMANDS["new_template"](None, "430400/2022", "").startswith("表样已经写好，请打开：")


@pytest.mark.parametrize(("ruleset_id", "said"), [
    ("", "请先选好地区和年度。"), ("430400/2099", "没有规则集“430400/2099”；你是不是想写 430400/2022"),
    ("430000/base", "“430000/base”是各地共用的部分，不能单独使用。"), ("../../x", "没有规则集“../../x”；现有：")])
def test_a_rule_set_that_can_not_be_used(home: Path, ruleset_id: str, said: str):
    assert COMMANDS["new_template"](None, ruleset_id, "甲").startswith(said)
    assert files(home) == []


def test_a_units_name_can_not_lead_out_of_the_folder(home: Path, tmp_path: Path):
    book = open_book(clean_book(tmp_path / "甲.xlsx"))
    COMMANDS["new_template"](book, "430400/2022", "../../甲:中心")
    assert files(home) == [f"Documents/绩效自评/_.._甲_中心2022年度绩效自评表-加载项版-{TODAY}.xlsx"]


def test_the_list_for_the_ribbon():
    listed = COMMANDS["ruleset_list"](None)
    assert ["430400/2022", "衡阳市", "2022"] in listed and ["430181/2021", "浏阳市", "2021"] in listed
    usable = [load_ruleset(name) for name in ruleset_ids() if not load_ruleset(name).abstract]
    assert listed == [[ruleset.id, ruleset.region_name, ruleset.year] for ruleset in usable]


def test_documents_have_a_name_of_their_own(home: Path):
    assert documents() == home / "Documents"
    (home / "文档").mkdir()
    assert documents() == home / "文档"


# -- folders ------------------------------------------------------------------------------------------------


def test_a_folder_is_audited_as_on_the_command_line(units: Path, tmp_path: Path, opened: list[str], capsys):
    said = COMMANDS["audit_folder"](None, str(units)).split("\n")
    target = tmp_path / "报 送-审核结果" / TODAY
    assert said == ["共审核 2 个文件：1 个可以上报，1 个须修改；必须修改 1 条，请核实 4 条，尾差 0 条，提示 0 条，未执行 0 条。",
                    f"审核报告和标出错误的副本在 {target}", f"跳过 {units / '说明.txt'}：不是要审核的文件（.xlsx、.xlsm、.xls、.docx）"]
    assert opened == [target.as_uri()]
    assert files(target) == ["审核报告.html", "审核报告.xlsx", "标出错误的副本/乙（审核意见）.xlsx", "标出错误的副本/甲（审核意见）.xlsx"]
    main(["validate", str(units), "--xlsx", str(tmp_path / "cli" / "审核报告.xlsx"), "--mark", str(tmp_path / "cli")])
    live, filed = texts(target / "审核报告.xlsx"), texts(tmp_path / "cli" / "审核报告.xlsx")
    assert live == filed
    assert texts(target / "标出错误的副本" / "乙（审核意见）.xlsx") == texts(tmp_path / "cli" / "乙（审核意见）.xlsx")


def test_results_are_never_read_again_and_never_overwritten(units: Path, tmp_path: Path, opened: list[str]):
    for folder in (units, units, tmp_path):
        said = COMMANDS["audit_folder"](None, str(folder))
        assert said.startswith("共审核 2 个文件：")
        COMMANDS["consolidate_folder"](None, str(folder))
    assert sorted(path.name for path in (tmp_path / "报 送-审核结果").iterdir()) == [TODAY, f"{TODAY} (2)"]
    assert f"跳过 {tmp_path / '报 送-审核结果'}：是本工具箱的结果" in said


def test_a_folder_is_consolidated_as_on_the_command_line(units: Path, tmp_path: Path, opened: list[str], capsys):
    said = COMMANDS["consolidate_folder"](None, str(units)).split("\n")
    target = tmp_path / "报 送-汇总结果" / TODAY
    assert said == ["汇总了 1 个单位，1 个文件没有计入。", f"汇总表在 {target}",
                    "乙.xlsx：有必须修改的错误，没有计入；请改正后重新报送，或选择仍然计入", f"跳过 {units / '说明.txt'}：不是要审核的文件（.xlsx、.xlsm、.xls、.docx）"]
    assert opened == [target.as_uri()]
    main(["consolidate", str(units), "-o", str(tmp_path / "cli" / "汇总.xlsx")])
    assert texts(target / "汇总.xlsx") == texts(tmp_path / "cli" / "汇总.xlsx") and files(target) == ["汇总.xlsx"]


@pytest.mark.parametrize("command", ["audit_folder", "consolidate_folder"])
def test_a_folder_without_workbooks(command: str, tmp_path: Path, opened: list[str]):
    empty = tmp_path / "空"
    empty.mkdir()
    assert COMMANDS[command](None, str(empty)) == f"没有找到可以审核的文件（.xlsx、.xlsm、.xls、.docx）：{empty}"
    assert COMMANDS[command](None, str(tmp_path / "没有")) == f"没有这个文件夹：{tmp_path / '没有'}"
    assert COMMANDS[command](None, "") == "没有这个文件夹：（没有选）"
    assert (opened, [path.name for path in tmp_path.iterdir()]) == ([], ["空"])


def test_nothing_to_add_up_says_why(tmp_path: Path, opened: list[str]):
    (tmp_path / "甲").mkdir()
    openpyxl.Workbook().save(tmp_path / "甲" / "别的.xlsx")
    said = COMMANDS["consolidate_folder"](None, str(tmp_path / "甲"))
    assert said.startswith("没有可以汇总的单位，没有写汇总表。\n别的.xlsx：没有找到标识页“_jixiao”") and opened == []


def test_a_file_that_can_not_be_marked_does_not_stop_the_others(units: Path, tmp_path: Path, opened: list[str], monkeypatch):
    (units / "坏.xlsx").write_bytes(b"PK\x03\x04")
    said = COMMANDS["audit_folder"](None, str(units))
    assert said.startswith("共审核 3 个文件：1 个可以上报，2 个须修改；")
    assert len(files(tmp_path / "报 送-审核结果" / TODAY / "标出错误的副本")) == 2
