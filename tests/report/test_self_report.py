"""What a report says of a filled workbook: every figure, its working, scores, deductions, the year before."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_samples import unit_filed

from pyfuncs.catalog.submission import Submission
from pyfuncs.catalog.words import half_up
from pyfuncs.report.self_report import UnknownName, context, numeral
from pyfuncs.report.self_report_money import change_holds, change_words, decimals_for, wan

DAY = date(2023, 3, 22)
HENGYANG, LIUYANG, XIANGXI = "hengyang-2022", "liuyang-2021", "xiangxi-2021"


def says(unit: str, *, prior: Submission | None = None, as_filed: bool = False) -> dict:
    return context(unit_filed(unit, as_filed), DAY, prior)


def test_what_is_known_of_the_unit_is_there_by_name():
    values = says(HENGYANG)
    names = ("单位", "年度", "上年", "日期", "地区", "规则集", "总分", "等级", "须修改")
    assert {name: values[name] for name in names} == {
        "单位": "衡阳市投资促进事务中心", "年度": "2022", "上年": "2021", "日期": "2023年3月22日", "地区": "衡阳市",
        "规则集": "衡阳市 2022 年度", "总分": "97", "等级": "优", "须修改": []}


def test_rates_have_their_workings_in_the_figures_that_are_printed():
    assert [(rate["名称"], rate["算式"], rate["结果"]) for rate in says(HENGYANG)["比率"]] == [
        ("控制率", "（12÷15）×100%＝80.00%", "80.00%"),
        ("公用经费控制率", "（69.72÷303.01）×100%＝23.01%", "23.01%"),
        ("“三公经费”控制率", "（10.16÷17.50）×100%＝58.06%", "58.06%"),
        ("“三公经费”变动率", "（10.16－14.60）÷14.60×100%＝-30.41%", "-30.41%"),
        ("政府采购执行率", "", "不适用"),
        ("资金执行率", "（346.17÷505.05）×100%＝68.54%", "68.54%")]


def test_workings_of_every_other_method():
    lines = {rate["名称"]: rate["算式"] for rate in says(XIANGXI)["比率"]}
    assert [lines[name] for name in ("预算完成率", "预算调整率", "固定资产利用率", "社会公众或服务对象满意度")] == [
        "（47.84＋68.16＋30.95－22.01）÷（47.84＋68.16＋30.95）×100%＝85.02%",
        "（30.95－30.17）÷68.16×100%＝1.14%", "（9.17÷9.17）×100%＝100.00%", "96.2%×50%＋96%×40%＋96%×10%＝96.10%"]


def test_a_working_has_the_decimals_it_takes_to_come_out():
    """9.97 ÷ 16.00 is 62.31%, but 99,668.84元 ÷ 160,000元 is 62.29%."""
    lines = {rate["名称"]: rate["算式"] for rate in says(LIUYANG)["比率"]}
    assert lines["公用经费控制率"] == "（9.967÷16.000）×100%＝62.29%"
    assert lines["“三公经费”控制率"] == "（33.92÷34.00）×100%＝99.76%"


def test_rates_of_one_name_are_told_apart_by_their_rows():
    names = [rate["名称"] for rate in says(LIUYANG)["比率"]]
    assert [name for name in names if name.endswith("执行率")] == [
        "政府采购执行率", "财政拨款执行率", "基本支出执行率", "项目支出执行率"]


def test_money_is_told_in_sentences_by_subject_and_once():
    values = says(HENGYANG)
    assert values["关于"]("三公") == [
        "三公经费2021年决算数14.60万元，2022年预算数17.50万元，2022年决算数10.16万元，其中：公务用车购置和维护经费1.24万元、"
        "公务接待8.92万元。三公经费决算数比上年减少4.44万元，下降30.41%。"]
    rest = values["其余"]()
    assert [text[:6] for text in rest] == ["部门基本支出", "公用经费20", "公务用车购置", "项目支出20", "业务工作专项", "政府采购金额",
                                           "资金总额50"]
    assert rest[4].endswith("其中：“联络湖南异地商会工作”18.00万元、“招商引资工作”4.50万元。业务工作专项决算数与上年持平。")
    assert rest[6] == "资金总额505.05万元，执行数346.17万元，公共财政拨款180.15万元，其他资金324.90万元，基本支出323.67万元，项目支出22.50万元。"
    assert values["其余"]() == [] == values["关于"]("项目")


def test_forms_in_yuan_are_told_in_wan():
    assert says(LIUYANG)["关于"]("三公") == [
        "三公经费2020年决算数33.74万元，2021年预算数34.00万元，2021年决算数33.92万元，其中：公务接待33.92万元。"
        "三公经费决算数比上年增加0.18万元，增长0.53%。"]


def test_parts_come_to_their_whole_as_printed():
    """16.95 ＋ 16.96 is not 33.92, so there are as many decimals as it takes, for the growth too."""
    filed = unit_filed(LIUYANG)
    parts = {"公务接待": Decimal("169549.90"), "公务用车": Decimal("169628.40")}
    items = tuple(replace(item, value=parts[item.name.partition(".")[0]], state="number")
                  if item.form == "基础数据" and item.name in ("公务接待.本年决算", "公务用车.本年决算") else item
                  for item in filed.submission.items)
    told = context(replace(filed, submission=replace(filed.submission, items=items)), DAY)["关于"]("三公")[0]
    assert told.endswith("2021年决算数33.9178万元，其中：公务用车购置和维护经费16.9628万元、公务接待16.9550万元。"
                         "三公经费决算数比上年增加0.1794万元，增长0.53%。")


def test_single_cells_are_exact_to_the_cent():
    """Whatever adds them up comes to the total that is printed."""
    filed = unit_filed(HENGYANG)
    items = tuple(replace(item, value=Decimal("3236712.34")) if item.key == "整体自评!基本支出" else item
                  for item in filed.submission.items)
    told = context(replace(filed, submission=replace(filed.submission, items=items)), DAY)["关于"]("收支")[0]
    assert told.endswith("基本支出323.671234万元，项目支出22.500000万元。")


def test_people_and_posts():
    assert says(HENGYANG)["人员情况"] == ["编制数15人，实际在职人数12人，控制率＝（12÷15）×100%＝80.00%。"]


def test_scores_deductions_and_what_the_total_is_made_of():
    values = says(XIANGXI)
    assert values["评价结论"] == ["2021年度部门整体支出自评得分94分（满分100分），等级为“优”。",
                              "其中：投入得13分、过程得55分、产出及效率得26分，合计94分。"]
    assert (len(values["得分表"]), values["指标表"]) == (21, [])
    assert values["得分表"][2] == {"类别": "投入", "名称": "在职人员控制率", "目标": "", "完成": "", "分值": "3", "得分": "3",
                                "扣分": "0", "原因": "编制 13 人，在职 4 人，得满分 3 分。"}
    assert [(row["名称"], row["分值"], row["得分"], row["扣分"], row["原因"]) for row in values["扣分"]] == [
        ("预算完成率", "5", "0", "5", "因政策追加等原因年初预算不够准，得 0 分。"),
        ("预算调整率", "5", "4", "1", "剔除奖励金追加后为 0.78 万元，低于 10%，得 4 分。")]


def test_indicators_with_targets_and_a_deduction_nobody_explained():
    values = says(HENGYANG)
    assert values["得分表"] == [] and len(values["指标表"]) == 13
    assert values["指标表"][1] == {"类别": "产出指标", "名称": "招商考察", "目标": "≥3次", "完成": "5次", "分值": "6", "得分": "6",
                                "扣分": "0", "原因": ""}
    assert [(row["名称"], row["扣分"], row["原因"]) for row in values["扣分"]] == [("资金执行率", "3", "【请填写：扣分原因】")]


def test_indicators_that_were_not_named_go_by_the_name_of_their_group():
    assert [row["名称"] for row in says(LIUYANG)["指标表"]][8:13] == ["数量指标", "质量指标", "时效指标", "成本指标", "经济效益指标"]


def test_projects_one_by_one():
    projects = says(HENGYANG)["项目"]
    assert [(one["编号"], one["名称"], one["执行率"], one["得分"]) for one in projects] == [
        ("一", "招商引资工作经费", "（4.50÷4.50）×100%＝100.00%", "100"),
        ("二", "联络湖南异地商会工作经费", "（18.00÷18.00）×100%＝100.00%", "100")]
    assert projects[1]["资金"] == ["年度资金总额年初预算数18.00万元，全年预算数18.00万元，全年执行数18.00万元，其中：当年财政拨款18.00万元。"]
    assert projects[1]["评价结论"] == ["该项目自评得分100分（满分100分）。", "其中：预算执行得10分、产出指标得50分、效益指标得30分、"
                                "满意度指标得10分，合计100分。"]


def test_the_year_before_as_this_years_form_prints_it():
    rows = {row["名称"]: row for row in says(HENGYANG)["上年对比"]}
    assert rows["三公经费"] == {"名称": "三公经费", "上年": "14.60万元", "本年": "10.16万元", "变动": "比上年减少4.44万元，下降30.41%"}
    assert list(rows) == ["部门基本支出", "三公经费", "项目支出"]        # the main ones, of which at least one year is not 0
    assert rows["项目支出"]["变动"] == "与上年持平"


def test_from_nothing_there_is_no_growth_rate():
    assert change_words(Decimal(1000), Decimal(0), 2) == "比上年增加0.10万元"


def test_the_year_before_from_its_own_workbook_where_the_form_has_no_such_column():
    now = unit_filed(LIUYANG)
    then = replace(now.submission, items=tuple(
        replace(item, value=item.value / 2) if item.key == "整体自评!财政拨款.全年执行" else item for item in now.submission.items))
    rows = {row["名称"]: row for row in says(LIUYANG, prior=then)["上年对比"]}
    assert rows["财政拨款"]["变动"] == "比上年增加377.75万元，增长100.00%"
    assert "财政拨款" not in [row["名称"] for row in says(LIUYANG)["上年对比"]]


def test_what_must_be_mended_is_told_first():
    values = says(HENGYANG, as_filed=True)
    assert len(values["须修改"]) == sum(finding.must_fix for finding in unit_filed(HENGYANG, True).findings) > 0
    assert "〔必须修改〕《基础数据表》D5「控制率」填 100%" in "".join(values["须修改"])


def test_figures_by_their_own_names():
    values = says(HENGYANG)
    assert values["数"]("基础数据!项目支出.本年决算") == "22.50万元"
    assert values["数"]("基础数据!编制数") == "15"
    assert values["数"]("项目!项目名称", 2) == "联络湖南异地商会工作经费"
    assert values["数"]("整体自评!政府性基金") == "【请填写：政府性基金拨款】"
    assert values["数"]("项目!项目名称", 9) == "【请填写：项目名称】"      # there are two projects
    assert (values["率"]("资金执行率"), values["算式"]("人员控制率")) == ("68.54%", "（12÷15）×100%＝80.00%")
    assert (values["率"]("项目执行率", 1), values["得分"]("资金得分"), values["得分"]("自评总分")) == ("100.00%", "7", "97")


@pytest.mark.parametrize(("name", "asked", "told"), [
    ("数", "基础表!编制数", "表里没有“基础表”；是不是想写 基础数据"),
    ("数", "基础数据!编制", "《基础数据》的项目里没有“编制”；是不是想写 编制数"),
    ("率", "执行率", "比率里没有“执行率”；是不是想写 项目执行率、资金执行率、"),
    ("算式", "xyz", "比率里没有“xyz”；是不是想写 "),
    ("得分", "总分", "得分里没有“总分”；是不是想写 项目总分、自评总分"),
])
def test_a_name_that_the_rule_set_does_not_have_is_told(name: str, asked: str, told: str):
    with pytest.raises(UnknownName) as error:
        says(HENGYANG)[name](asked)
    assert str(error.value).startswith(told)


def test_a_workbook_of_part_of_the_rules_has_no_conclusion():
    filed = unit_filed(XIANGXI)
    values = context(replace(filed, figures={}), DAY)
    assert (values["评价结论"], values["总分"], values["等级"]) == ([], "【请填写：自评总分】", "【请填写：评价等级】")


@pytest.mark.parametrize(("number", "words"), [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"),
                                               (100, "100")])
def test_headings_count_in_chinese(number: int, words: str):
    assert numeral(number) == words


def test_the_manual_tells_every_name_and_no_other():
    """Names of the first level, of the rows of a list, and of a project."""
    page = (Path(__file__).resolve().parents[2] / "docs" / "self_report.md").read_text(encoding="utf-8")
    values = says(HENGYANG)
    names = set(values) | {key for rows in ("比率", "指标表", "上年对比", "项目") for key in values[rows][0]} | {"附表", "附表清单", "栏", "行"}
    tags = {name for row in re.findall(r"^\| (.*) \|$", page, re.MULTILINE) for tag in re.findall(r"`([^`]+)`", row)
            for name in re.findall(r"^(?:\{\{p? )?(\w+)", tag)}
    assert tags == names


CENTS = st.integers(0, 10**11).map(lambda cents: Decimal(cents) / 100)


@given(CENTS, CENTS)
def test_a_change_holds_in_the_figures_that_are_printed(current: Decimal, prior: Decimal):
    """Who works it out from the sentence finds what the sentence says."""
    places = decimals_for(lambda places: change_holds(current, prior, places))
    now, then = (Decimal(wan(value, places).removesuffix("万元")) for value in (current, prior))
    words = change_words(current, prior, places)
    if current == prior:
        assert words == "与上年持平"
        return
    verb, apart = re.match(r"比上年(增加|减少)([\d.]+)万元", words).groups()
    assert (now - then) * (1 if verb == "增加" else -1) == Decimal(apart)
    if growth := re.search(r"，(?:增长|下降)([\d.]+)%", words):
        assert half_up(abs(now - then) / then * 100, 2) == Decimal(growth[1])
