"""Years that do not fit and prompts that were left in; and all that looks like them and is right."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from pyfuncs.catalog.submission import Text
from pyfuncs.checks.run import check
from pyfuncs.workbook.places import Slot
from test_checks import KEYS, RULESET, base, filed, findings, project, row, whole

DETAIL = Slot("基础数据", 1, "业务明细.名称", 1)

# where a text is typed -> the cell, the text, whether it is asked about; the year reported on is 2022
YEARS = [
    (project("项目名称"), "2021年招商活动", True), (project("项目名称"), "2022年招商活动", False),
    (project("项目名称"), "2021年度招商活动结转", False), (project("项目名称"), "2021—2023年招商活动", False),
    (DETAIL, "2020年招商活动", True), (DETAIL, "招商活动（2021年立项）", False),
    (row("整体自评", "指标值", "时效指标"), "2021年全年", True), (row("整体自评", "指标值", "时效指标"), "2022年全年", False),
    (row("整体自评", "指标值", "时效指标"), "2021年12月底前", True), (row("整体自评", "指标值", "时效指标"), "2023年6月底前", False),
    (row("整体自评", "指标值", "成本指标"), "不超2021年预算", True), (row("整体自评", "指标值", "成本指标"), "较2021年下降", False),
    (row("整体自评", "指标值", "社会效益指标"), "在2021年基础上增长10%", False),
    (row("整体自评", "指标值", "社会效益指标"), "高于2021年", False), (row("整体自评", "指标值", "社会效益指标"), "2020-2022年", False),
    (whole("绩效目标"), "2021年部门整体支出绩效目标全部完成", True), (whole("绩效目标"), "２０２１年全年完成引资", True),
    (whole("绩效目标"), "按〔2021〕10号文件，2021年引进的项目继续推进", False), (whole("绩效目标"), "比2021年全年增长两成", False),
    (whole("履职概述"), "本单位2021年预算追加30万元", True), (whole("履职概述"), "本单位2021年成立，2019年揭牌", False),
]


@pytest.mark.parametrize(("slot", "text", "asked"), YEARS, ids=[text for _, text, _ in YEARS])
def test_a_year_is_asked_about_where_it_stands_for_the_year_reported_on(slot: Slot, text: str, asked: bool, tmp_path) -> None:
    found = [one for one in findings({slot: text}, tmp_path) if KEYS.get(one.rule_id, "").startswith("year:")]
    assert [(one.severity, one.kind, len(one.cells)) for one in found] == [("warning", "text", 1)] * asked
    assert all("2022 年" in one.message and one.advice for one in found)


TEXTS = [
    ("基础数据", "部门整体支出绩效评价基础数据表", False), ("基础数据", "2022年部门整体支出绩效评价基础数据表", False),
    ("基础数据", "2021年部门整体支出绩效评价基础数据表", True), ("整体自评", "（2021年度）", True), ("整体自评", "(2022 年度)", False),
    ("基础数据", "2021年决算数", False), ("基础数据", "2022 年决算数", False), ("基础数据", "2020年决算数", True),
    ("基础数据", "2021年预算数", True), ("基础数据", "2021年实际在职人数", True), ("基础数据", "2022年实际在职\n人数", False),
    ("项目", "（2020—2022年度）", False), ("整体自评", "填表日期：2021年3月1日", False),
    ("整体自评", "按2021年绩效评价办法填写", False), ("", "某中心2021年度部门整体支出绩效自评表", True), ("", "某中心2022年度部门整体支出绩效自评表", False),
    ("", "2021年绩效自评结余资金情况表", False),
]


@pytest.mark.parametrize(("form", "text", "asked"), TEXTS, ids=[f"{form}{text}" for form, text, _ in TEXTS])
def test_titles_and_headings_print_the_year_they_should(form: str, text: str, asked: bool, tmp_path) -> None:
    submission = filed({}, tmp_path)
    sheet = {"基础数据": "基础数据表", "整体自评": "整体自评表", "项目": "项目1", "": "封面"}[form]
    submission = replace(submission, texts=(Text(form, f"{sheet}!A1", text),))
    found = [one for one in check(RULESET, submission) if KEYS.get(one.rule_id, "").startswith("year:")]
    assert [(one.severity, one.cells) for one in found] == [("warning", (f"{sheet}!A1",))] * asked


def test_where_the_year_is_not_known_no_year_is_wrong(tmp_path) -> None:
    submission = replace(filed({project("项目名称"): "2019年招商活动"}, tmp_path), texts=(
        Text("基础数据", "基础数据表!A1", "2019年决算数"), Text("", "封面!A1", "2019年度部门整体支出绩效自评表")))
    found = check(RULESET.model_copy(update={"year": ""}), submission)
    assert not [one for one in found if KEYS.get(one.rule_id, "").startswith("year:")]


PROMPTS = [
    ("全年预算执行情况（100字以内）", True), ("（查预算数）", True), ("简述部门职能", True), ("此处填写单位职能", True),
    ("XXX中心的职能", True), ("××××", True), ("XX单位的职能", True), ("请简要描述", True),
    ("招商引资（含项目库建设）", False), ("完成 100 字的简报 12 期", False), ("A×B 项目", False), ("推进 VR/XR 产业", False),
    ("请示报告按时办结", False),
]


@pytest.mark.parametrize(("text", "asked"), PROMPTS, ids=[text for text, _ in PROMPTS])
def test_prompts_of_the_blank_form(text: str, asked: bool, tmp_path) -> None:
    found = [one for one in findings({whole("履职概述"): text}, tmp_path) if KEYS.get(one.rule_id, "").startswith("prompt:")]
    assert [(one.severity, one.kind) for one in found] == [("warning", "text")] * asked


def test_a_prompt_as_a_projects_name_and_several_at_once(tmp_path) -> None:
    found = [one for one in findings({DETAIL: "一个项目一行", base("厉行节约"): "（200字以内）"}, tmp_path)
             if KEYS.get(one.rule_id) == "prompt:基础数据!全表"]
    assert [len(one.cells) for one in found] == [2] and "等 2 格" in found[0].message


def test_a_cell_full_of_years_costs_no_more_than_it_is_long(tmp_path) -> None:
    submission = filed({whole("绩效目标"): "比2021年全年增长，（2021" * 2000}, tmp_path)
    started = time.process_time()
    assert not [one for one in check(RULESET, submission) if KEYS.get(one.rule_id, "").startswith("year:")]
    assert time.process_time() - started < 1
