"""`jixiao report` and write_self_reports, as scripts and the window call them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import docx
import pytest
from filed_books import clean_book
from report_samples import said

from pyfuncs.helper.cli import main
from pyfuncs.helper.self_report import write_self_reports


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return clean_book(tmp_path / "甲.xlsx", "甲中心")


def run(capsys: pytest.CaptureFixture, *arguments: object) -> tuple[int, str, str]:
    status = main(["report", *map(str, arguments)])
    out, err = capsys.readouterr()
    return status, out, err


def test_a_report_is_written_and_the_workbook_left_alone(source: Path, tmp_path: Path, capsys):
    target, before = tmp_path / "新" / "自评报告.docx", hashlib.sha256(source.read_bytes())
    assert run(capsys, source, "-o", target) == (0, f"已写出：{target}\n黄底的【请填写：……】要自己写；数和表都已填好。\n", "")
    assert said(target.read_bytes())[:3] == ["部门整体支出绩效自评报告", "（2022年度）", "甲中心"]
    assert hashlib.sha256(source.read_bytes()).digest() == before.digest()
    assert [path.name for path in target.parent.iterdir()] == ["自评报告.docx"]


def test_a_workbook_with_mistakes_gives_a_report_that_says_so_and_status_1(tmp_path: Path, capsys):
    source = clean_book(tmp_path / "甲.xlsx", "甲中心", {"基础数据表!控制率": (1, "0%")})
    status, out, err = run(capsys, source, "-o", tmp_path / "a.docx")
    assert (status, out.startswith("已写出：")) == (1, True)
    assert err.startswith("表里有 1 处必须修改，已列在报告最前面；改正以后请重新生成：\n  430400-2022-JCSJ-006〔必须修改〕《基础数据表》D5「控制率」填 100%")
    assert "本报告所依据的自评表还有 1 处必须修改" in said((tmp_path / "a.docx").read_bytes())[3]


def test_an_offices_template_and_last_years_workbook(source: Path, tmp_path: Path, capsys):
    template = docx.Document()
    template.add_paragraph("{{ 单位 }}：{{ 上年对比|length }}")
    template.save(tmp_path / "模板.docx")
    assert run(capsys, source, "-o", tmp_path / "a.docx", "--template", tmp_path / "模板.docx")[0] == 0
    assert said((tmp_path / "a.docx").read_bytes())[0].startswith("甲中心：")
    status, _, err = run(capsys, source, "-o", tmp_path / "b.docx", "--prior", source)
    assert (status, err) == (2, "上年的表 甲.xlsx 是 2022 年度的，应为 2021 年度；请核对文件\n")


def test_a_call_that_can_not_be_served_is_status_2_and_writes_nothing(source: Path, tmp_path: Path, capsys):
    (tmp_path / "有.docx").write_text("别人的", encoding="utf-8")
    (tmp_path / "不是.xlsx").write_text("不是表格", encoding="utf-8")
    broken = docx.Document()
    broken.add_paragraph("{{ 单位名 }}")
    broken.save(tmp_path / "坏.docx")
    calls = {
        "there": (source, "-o", tmp_path / "有.docx"), "ending": (source, "-o", tmp_path / "a.doc"),
        "no workbook": (tmp_path / "不是.xlsx", "-o", tmp_path / "a.docx"), "none": (tmp_path / "没有.xlsx", "-o", tmp_path / "a.docx"),
        "template": (source, "-o", tmp_path / "a.docx", "--template", tmp_path / "坏.docx"),
        "no template": (source, "-o", tmp_path / "a.docx", "--template", tmp_path / "没有.docx"),
        "rule set": (source, "-o", tmp_path / "a.docx", "--ruleset", "430400/2099"),
        "folder": (source, "-o", source / "a.docx"), "no target": (source,)}
    said = {name: run(capsys, *arguments) for name, arguments in calls.items()}
    assert {name: (status, out) for name, (status, out, _) in said.items()} == {name: (2, "") for name in calls}
    assert said["there"][2] == f"{tmp_path / '有.docx'} 已经存在，没有覆盖；请换一个文件名，或先把它移走\n"
    assert said["ending"][2].startswith("-o 要写 .docx 文件，例如 自评报告.docx；现为 ")
    assert said["template"][2].startswith("坏.docx：模板里写的“单位名”不是能用的名称")
    assert all(err.strip() for _, _, err in said.values())
    assert (tmp_path / "有.docx").read_text(encoding="utf-8") == "别人的" and not (tmp_path / "a.docx").exists()


def test_many_workbooks_each_by_its_units_name_and_one_that_fails_stops_none(tmp_path: Path):
    names = (("甲.xlsx", "甲中心"), ("又是甲.xlsx", "甲中心"), ("../乙.xlsx", "../../乙"))
    sources = [clean_book(tmp_path / "报送" / name, entity) for name, entity in names]
    (tmp_path / "报送" / "坏.xlsx").write_text("不是表格", encoding="utf-8")
    seen: list[str] = []
    done = write_self_reports([*sources, tmp_path / "报送" / "坏.xlsx"], tmp_path / "报告", done=lambda one: seen.append(one.source.name))
    assert [(one.source.name, one.path and one.path.name, one.must_fix) for one in done[:3]] == [
        ("甲.xlsx", "甲中心2022年度自评报告.docx", 0), ("又是甲.xlsx", "甲中心2022年度自评报告 (2).docx", 0),
        ("乙.xlsx", "_.._乙2022年度自评报告.docx", 0)]
    assert (done[3].path, done[3].problem) == (None, "文件“坏.xlsx”是文本文件（如 .csv），不是 Excel 工作簿。")
    assert seen == [one.source.name for one in done]
    assert sorted(path.name for path in (tmp_path / "报告").iterdir()) == sorted(one.path.name for one in done[:3])


def test_a_folder_that_can_not_be_written_is_told_for_each(source: Path, tmp_path: Path):
    (tmp_path / "报告").write_text("是文件", encoding="utf-8")
    [one] = write_self_reports([source], tmp_path / "报告")
    assert one.path is None and "路径里有一段已经是文件；请检查路径" in one.problem
