"""生成自评报告 on the open workbook; which template is taken; and last year's workbook."""

from __future__ import annotations

import shutil
import webbrowser
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest
from filed_books import clean_book
from report_samples import said, unit_filed
from xlwings_engine import open_book

from pyfuncs.catalog import load
from pyfuncs.catalog.load import beside
from pyfuncs.live import COMMANDS
from pyfuncs.live.self_report import TEMPLATE, WrongPrior, self_report
from pyfuncs.report.self_report_docx import TemplateFault
from pyfuncs.workbook.watch import Unreadable

DAY = date(2023, 3, 22)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "用户"))
    monkeypatch.setattr(webbrowser, "open_new", lambda _: True)
    (tmp_path / "用户" / "Documents").mkdir(parents=True)
    return tmp_path / "用户"


def own_template(path: Path, *paragraphs: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    document.save(path)
    return path


def test_the_report_of_the_open_workbook_is_in_the_users_documents(home: Path, tmp_path: Path):
    book = open_book(clean_book(tmp_path / "甲.xlsx", "甲中心"))
    answers = [COMMANDS["write_report"](book) for _ in range(2)]
    folder = home / "Documents" / "绩效自评"
    assert answers == [f"自评报告已经写好：{folder / name}\n黄底的【请填写：……】要自己写；数和表都已填好。"
                       for name in ("甲中心2022年度自评报告.docx", "甲中心2022年度自评报告 (2).docx")]
    assert said((folder / "甲中心2022年度自评报告.docx").read_bytes())[:3] == ["部门整体支出绩效自评报告", "（2022年度）", "甲中心"]


def test_what_is_to_be_mended_is_said(home: Path, tmp_path: Path):
    book = open_book(clean_book(tmp_path / "甲.xlsx", "甲中心", {"基础数据表!控制率": (1, "0%")}))
    answer = COMMANDS["write_report"](book)
    assert answer.split("\n")[-1] == "表里还有 1 处必须修改，已列在报告最前面；改正以后请重新生成。"
    report = said((home / "Documents" / "绩效自评" / "甲中心2022年度自评报告.docx").read_bytes())
    assert report[3] == "本报告所依据的自评表还有 1 处必须修改。改正以前请不要报送或公开，改正以后请重新生成："
    assert "《基础数据表》D5「控制率」填 100%，按表内的数应为" in report[4]


def test_a_workbook_of_another_kind_is_refused(home: Path, tmp_path: Path):
    import openpyxl

    openpyxl.Workbook().save(tmp_path / "别的.xlsx")
    assert "没有" in COMMANDS["write_report"](open_book(tmp_path / "别的.xlsx"))
    assert not (home / "Documents" / "绩效自评").exists()


def test_an_offices_template_comes_before_ours_and_its_parents(tmp_path: Path):
    """Beside the workbook, in 规则集/: for this rule set, for its parent, for all."""
    filed, own = unit_filed("hengyang-2022"), tmp_path / "规则集"
    for place in ("", "100000/base", "430000/base", "430400/2022"):
        own_template(own / place / TEMPLATE, f"{place or '全部'}：{{{{ 单位 }}}}")
    found = []
    for place in ("430400/2022", "430000/base", "100000/base", ""):
        with beside(tmp_path / "甲.xlsx"):
            found.append(said(self_report(filed, DAY))[0].partition("：")[0])
        (own / place / TEMPLATE).unlink()
    assert found == ["430400/2022", "430000/base", "100000/base", "全部"]
    with beside(tmp_path / "甲.xlsx"):
        assert said(self_report(filed, DAY))[0] == "部门整体支出绩效自评报告"


def test_a_template_that_is_named_comes_first(tmp_path: Path):
    own = own_template(tmp_path / "我的.docx", "{{ 单位 }}")
    assert said(self_report(unit_filed("hengyang-2022"), DAY, own)) == ["衡阳市投资促进事务中心"]


def test_a_rule_set_without_a_template_of_its_line_has_the_general_one(tmp_path: Path, monkeypatch):
    ours = tmp_path / "rulesets"
    shutil.copytree(load.FOLDERS[0] / "500000", ours / "500000")
    shutil.copy(load.FOLDERS[0] / TEMPLATE, ours / TEMPLATE)
    filed = unit_filed("hengyang-2022")
    monkeypatch.setattr(load, "FOLDERS", (ours,))
    report = said(self_report(replace(filed, ruleset=filed.ruleset.model_copy(update={"id": "500000/2021"})), DAY))
    assert report[:3] == ["衡阳市投资促进事务中心", "2022年度部门整体支出绩效自评报告", "一、部门（单位）基本情况"]


def test_a_template_that_can_not_be_used_is_told_with_its_name(tmp_path: Path):
    filed, broken = unit_filed("hengyang-2022"), own_template(tmp_path / "坏的.docx", "{{ 单位名 }}")
    with pytest.raises(TemplateFault, match="^坏的.docx：模板里写的“单位名”不是能用的名称"):
        self_report(filed, DAY, broken)
    with pytest.raises(Unreadable, match="模板“甲.xlsx”不是 Word 文档"):
        self_report(filed, DAY, clean_book(tmp_path / "甲.xlsx"))
    (tmp_path / "文本.docx").write_text("不是 Word", encoding="utf-8")
    with pytest.raises(Unreadable):
        self_report(filed, DAY, tmp_path / "文本.docx")


@pytest.mark.parametrize(("entity", "year", "told"), [
    ("甲中心", "2021", "上年的表 上年.xlsx 是“甲中心”的，不是“衡阳市投资促进事务中心”的；请核对文件"),
    ("衡阳市投资促进事务中心", "2022", "上年的表 上年.xlsx 是 2022 年度的，应为 2021 年度；请核对文件"),
])
def test_last_years_workbook_must_be_the_same_units_and_the_year_before(entity: str, year: str, told: str):
    filed = unit_filed("hengyang-2022")
    prior = replace(filed, submission=replace(filed.submission, path="上年.xlsx", entity=entity, year=year))
    with pytest.raises(WrongPrior) as error:
        self_report(filed, DAY, prior=prior)
    assert str(error.value) == told


def test_last_years_workbook_that_can_not_be_read_is_told(tmp_path: Path):
    from pyfuncs.workbook.process import process

    with pytest.raises(WrongPrior, match="^上年的表 没有.xlsx 读不出来；没有找到文件“没有.xlsx”。"):
        self_report(unit_filed("hengyang-2022"), DAY, prior=process(tmp_path / "没有.xlsx"))
