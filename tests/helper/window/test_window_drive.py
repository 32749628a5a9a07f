"""The window worked by hand: files put on the list, audited, filtered, opened; every button pressed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
from driven import Driven, driven
from filed_books import clean_book

from pyfuncs.helper.cli import main
from pyfuncs.helper.project_settings import load_settings
from pyfuncs.workbook.read import read_submission

START = "点“审核”（F5）开始"


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One unit without errors, one with an error, one file that is none, and what is not to be read."""
    folder = tmp_path_factory.mktemp("各单位 与空格")
    clean_book(folder / "甲.xlsx", "甲中心")
    clean_book(folder / "乙.xlsx", "乙中心", {"基础数据表!控制率": (0.9, "0%")})
    (folder / "坏的.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    (folder / "说明.pdf").write_bytes(b"%PDF-1.4")
    return folder


@pytest.fixture(scope="module")
def shown(screen: str, units: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driven]:
    """A window with the units on its list, and stand-ins for the programs that open files: they note what for."""
    folder = tmp_path_factory.mktemp("window")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{stand_ins(folder / 'bin', folder / 'opened')}:{os.environ['PATH']}")
        with driven(screen, folder, [units]) as one:
            one.settled()
            one.folder, one.output = folder, folder / "结果"
            yield one


def stand_ins(folder: Path, noted: Path) -> Path:
    folder.mkdir()
    for name in ("soffice", "unopkg", "xdg-open"):
        (folder / name).write_text(f'#!/bin/sh\necho "{name} $@" >> "{noted}"\n')
        (folder / name).chmod(0o755)
    return folder


def opened(one: Driven) -> list[str]:
    noted = one.folder / "opened"
    return unquote(noted.read_text(encoding="utf-8")).splitlines() if noted.exists() else []


@pytest.fixture
def audited(shown: Driven) -> Driven:
    """All of it audited and shown, no dialog open."""
    if shown.said == "" or not shown.found():
        shown.press("F5")
        shown.settled()
    shown.window.filter(path="", group="", rule="", text="")
    shown.root.update()
    return shown


def test_files_of_a_folder_are_listed_and_audited_at_a_click(shown: Driven, units: Path, tmp_path: Path):
    before = hashes(units)
    assert shown.said == "清单里有 3 个文件，另有 1 个没有列入。" and START in shown.status
    assert shown.units() == [("", "全部 3 个文件", "", ""), ("未审核", "乙", "", ""), ("未审核", "坏的", "", ""), ("未审核", "甲", "", "")]
    shown.press_button("审核")
    assert {row[0] for row in shown.units()} == {"", "审核中"} and shown.enabled() == []
    shown.settled()
    assert shown.units() == [("", "全部 3 个文件", "2", "4"), ("须修改", "乙中心", "1", "2"), ("读不出", "坏的", "1", ""),
                             ("可以上报", "甲中心", "", "2")]
    assert shown.said.startswith("共审核 3 个文件：1 个可以上报，2 个须修改；必须修改 2 条，")
    assert hashes(units) == before
    found = shown.found()
    assert [row[0] for row in found] == ["必须修改"] * 2 + ["请核实"] * 4
    assert main(["validate", str(units), "--json", str(tmp_path / "a.json")]) == 1
    files = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["files"]
    assert sorted((row[4], row[2], row[3]) for row in found) == sorted(
        (finding["rule_id"], "".join(finding["cells"][:1]).replace("!", " "), finding["message"])
        for file in files for finding in file["findings"])


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


# -- the table ----------------------------------------------------------------------------------------------

def test_a_unit_that_is_clicked_shows_its_own_findings(audited: Driven):
    everything = audited.found()
    audited.click_row(audited.window.units.tree, "0")
    assert audited.found() == [row for row in everything if row[1] == "乙中心"] and len(audited.found()) == 3
    audited.click_row(audited.window.units.tree, "all")
    assert audited.found() == everything
    audited.click_row(audited.window.units.tree, "0")
    audited.press("Escape")
    assert audited.found() == everything and audited.window.units.tree.selection() == ("all",)


def test_findings_are_filtered_by_severity_rule_and_text(audited: Driven):
    everything = audited.found()
    audited.press_button("必须修改 2")
    assert audited.found() == [row for row in everything if row[0] == "必须修改"]
    audited.press_button("全部 6")
    assert audited.found() == everything
    rules = audited.window.found.rules
    assert list(rules.cget("values")) == ["全部规则", *sorted({row[4] for row in everything})]
    audited.click(rules)
    audited.press("Down", "Down", "Return")           # the list that drops down has the keyboard
    audited.until(lambda: rules.get() != "全部规则")
    assert audited.found() == [row for row in everything if row[4] == rules.get()] != everything
    audited.window.filter(rule="")
    audited.click(audited.window.found.search)
    audited.write("D5")
    assert audited.found() == [row for row in everything if "D5" in row[3]] != everything


def test_what_is_said_of_a_finding(audited: Driven):
    audited.click_row(audited.window.units.tree, "0")
    [message, *lines] = audited.about().strip().splitlines()
    assert message.startswith("《基础数据表》D5「控制率」填 90%，按表内的数应为 80%")
    assert {line.partition("\t")[0]: line.partition("\t")[2] for line in lines}.items() >= {
        "应为": "80%", "现为": "90%", "相差": "10 个百分点", "表": "部门整体支出绩效评价基础数据表"}.items()


def test_a_double_click_opens_the_workbook_at_the_cell(audited: Driven, units: Path):
    audited.click_row(audited.window.units.tree, "0")
    table = audited.window.found.tree
    audited.click_row(table, table.get_children()[0], times=2)
    audited.until(lambda: opened(audited))
    assert opened(audited)[-1] == f"soffice file://{units}/乙.xlsx#'基础数据表'.D5"
    audited.until(lambda: "已在 LibreOffice 中打开 乙.xlsx 的《基础数据表》D5" in audited.status)
    (audited.folder / "opened").unlink()
    audited.click_row(audited.window.units.tree, "1", times=2)
    audited.until(lambda: opened(audited))
    assert opened(audited)[-1] == f"xdg-open {units}/坏的.xlsx"


# -- the other buttons --------------------------------------------------------------------------------------

def results(one: Driven, name: str) -> Path:
    [folder] = (one.output / name).iterdir()
    return folder


def test_folders_are_chosen_once_and_kept(shown: Driven):
    shown.press_button("设置")
    dialog = shown.dialog()
    dialog.variables["output_folder"].set(str(shown.output))
    shown.press_button("保存", dialog)
    shown.settled()
    assert (load_settings().output_folder, load_settings().prior_folder) == (str(shown.output), "") and shown.dialogs() == []
    shown.press_button("设置")
    assert shown.dialog().variables["output_folder"].get() == str(shown.output)
    shown.press("Escape")
    assert shown.dialogs() == []


def test_rule_sets_of_ones_own_folder_can_be_chosen(shown: Driven, tmp_path: Path):
    (tmp_path / "990000" / "2024").mkdir(parents=True)
    (tmp_path / "990000" / "2024" / "ruleset.yaml").write_text("id: 990000/2024\nregion_name: 试验区\n", encoding="utf-8")
    for folder, known in ((str(tmp_path), True), ("", False)):
        shown.press_button("设置")
        dialog = shown.dialog()
        dialog.variables["ruleset_folder"].set(folder)
        shown.press_button("保存", dialog)
        shown.settled()
        shown.press_button("新建表样")
        dialog = shown.dialog()
        assert ("试验区" in dialog.region.cget("values")) == known and "衡阳市" in dialog.region.cget("values")
        shown.press_button("取消", dialog)


def test_marked_copies_and_reports_are_written_into_a_new_folder(audited: Driven):
    audited.press_button("生成标注副本")
    audited.settled()
    folder = results(audited, "自评表-审核结果")
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()) == [
        "审核报告.html", "审核报告.xlsx", "标出错误的副本/乙（审核意见）.xlsx", "标出错误的副本/甲（审核意见）.xlsx"]
    assert audited.said.startswith("已生成 2 份标注副本和审核报告。共审核 3 个文件：")
    assert "审核意见" in openpyxl.load_workbook(folder / "标出错误的副本" / "乙（审核意见）.xlsx").sheetnames
    audited.click(audited.window.notice.links["打开文件夹"])
    audited.until(lambda: f"xdg-open {folder}" in opened(audited))


def test_units_are_consolidated_with_those_that_have_errors_where_wanted(audited: Driven):
    for including, counted in ((False, 1), (True, 2)):
        audited.press_button("汇总")
        dialog = audited.dialog()
        if including:
            audited.click(dialog.body.grid_slaves(row=2, column=1)[0])
        audited.press_button("汇总", dialog)
        audited.settled()
        folder = max((audited.output / "自评表-汇总结果").iterdir(), key=os.path.getmtime)
        assert [path.name for path in folder.iterdir()] == ["汇总.xlsx"]
        assert f"已汇总 {counted} 个单位" in audited.said
        assert any(line.startswith("没有计入：坏的.xlsx：") for line in audited.window.notice.outcome.lines)


def test_a_template_is_made_for_a_unit(shown: Driven):
    shown.press_button("新建表样")
    dialog = shown.dialog()
    shown.until(dialog.region.winfo_viewable)
    dialog.region.set("衡阳市")
    dialog.region.event_generate("<<ComboboxSelected>>")
    shown.click(dialog.body.grid_slaves(row=2, column=1)[0])
    shown.write("Unit 7")
    dialog.projects.set("二")
    shown.press_button("生成", dialog)
    assert dialog.warning.get() == "项目表张数应是 1 到 200 的整数。" and shown.dialogs() == [dialog]
    dialog.projects.set("2")
    shown.press_button("生成", dialog)
    shown.settled()
    [made] = shown.output.glob("*.xlsx")
    submission = read_submission(made)
    assert (made.name, submission.entity, submission.ruleset, submission.instances("项目")) == (
        "Unit 72022年度绩效自评表-加载项版.xlsx", "Unit 7", "430400/2022", [1, 2])
    shown.until(lambda: f"xdg-open {made}" in opened(shown))


def test_every_file_of_the_list_is_converted(audited: Driven):
    audited.press_button("转换版本")
    audited.press_button("转换", audited.dialog())
    audited.settled()
    assert sorted(path.name for path in results(audited, "转换版本").iterdir()) == ["乙-公式版.xlsx", "甲-公式版.xlsx"]
    assert audited.said == "2 个文件已转成公式版，1 个不能转换。"
    assert [line[:7] for line in audited.window.notice.outcome.lines] == ["坏的.xlsx"]


def test_reports_are_written(audited: Driven):
    audited.press_button("生成自评报告")
    audited.settled()
    assert len(list(results(audited, "自评报告").glob("*.docx"))) == 2
    assert audited.said.startswith("已生成 2 份自评报告，黄底的地方请自己填写；1 份的表里有必须修改的")


def test_the_computer_is_examined(shown: Driven):
    shown.press_button("诊断")
    dialog = shown.dialog()
    text = dialog.text.get("1.0", "end")
    assert "日志" in text and str(shown.folder / "log.txt") in text
    shown.press_button("关闭", dialog)
    assert shown.dialogs() == []


def test_files_taken_off_the_list_stay_away(audited: Driven):
    tree = audited.window.units.tree
    before = [unit.path for unit in audited.window.state.units]
    audited.click_row(tree, "0")
    audited.press("Delete")
    assert [unit.path for unit in audited.window.state.units] == before[1:]
    audited.press("F5")
    audited.settled()
    assert [unit.path for unit in audited.window.state.units] == before[1:]
    audited.click_row(tree, "all")
    audited.press_button("移出")
    assert audited.window.empty.winfo_viewable() and audited.enabled() == ["新建表样", "设置", "诊断"]
    assert load_settings().paths == ()
