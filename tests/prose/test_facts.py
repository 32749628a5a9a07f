"""Figures of prose as facts: what they are said of, and how."""

from __future__ import annotations

import pytest
from prose.reading import facts_of, report_of

from pyfuncs.catalog.load import load_ruleset


def said(text: str) -> list[str]:
    """“名称[标准名] 值 单位” of every figure."""
    return [f"{fact.subject}[{fact.key}] {fact.value.normalize():f}{fact.measure}" for fact in facts_of(text).figures]


@pytest.mark.parametrize(("text", "expected"), [
    ("2022年本单位基本支出决算为320.5万元，项目支出22.5万元。", ["基本支出决算[基本支出] 3205000元", "项目支出[项目支出] 225000元"]),
    ("我中心“三公”经费年初预算数17.5万元，年终决算10.16万元。", ["三公经费年初预算数[三公经费] 175000元", "年终决算[三公经费] 101600元"]),
    ("因公出国（境）费用支出0万元、公务用车运行维护费1.24万元", ["因公出国境费用支出[因公出国境费] 0元", "公务用车运行维护费[公务用车运行维护费] 12400元"]),
    ("甲市服务中心核定编制15名，实有在编人员12人", ["核定编制[编制数] 15名", "实有在编人员[在编人员] 12人"]),
    ("办公家具16件0.95万元", ["办公家具[] 16件", "办公家具[] 9500元"]),
    ("引进项目57个，其中投资10亿元以上项目3个，1-10亿元项目12个",
     ["引进项目[] 57个", "投资10亿元以上项目[] 3个", "1-10亿元项目[] 12个"]),
    ("完成内资252亿元，为年任务（215亿元）的117%", ["完成内资[] 25200000000元", "年任务[] 21500000000元", "年任务[] 1.17%"]),
    ("1．项目支出资金合计49万元。", ["项目支出资金[项目支出] 490000元"]),
    ("总支出：其中人员经费：253万元", ["人员经费[人员经费] 2530000元"]),
    ("在职人员控制率＝（在职人数÷编制数）×100%＝（12÷15）×100%＝80%＜100%", ["在职人员控制率[在职人员控制率] 0.8%"]),
    ("资产中流动资产16万元", ["资产中流动资产[流动资产] 160000元"]),
    ("编制11名，其中：行政编制7名，事业编制4名", ["编制[编制数] 11名", "行政编制[] 7名", "事业编制[] 4名"]),
    ("综合得分97分，等级为优", ["综合得分[总分] 97分"]),
    ("资金到位率、履约率、开工率达97%、100%、99%", ["资金到位率[] 0.97%", "履约率[] 1%", "开工率[] 0.99%"]),
    ("甲组、乙组分别为3人、4人、5人", ["[] 3人", "[] 4人", "[] 5人"]),
    ("办公费、会议费共3万元，公务接待费、差旅费、培训费等经费5万元", ["办公费、会议费[] 30000元", "经费[] 50000元"]),
    ("甲公司、乙公司等企业2家，下设办公室、财务科两个科室", ["企业[] 2家", "[] 2个"]),
    ("行政编制7名、事业编制3名", ["行政编制[] 7名", "事业编制[编制数] 3名"]),
    ("核定主任1名，总投资额高达116亿元", ["主任[] 1名", "总投资额[] 11600000000元"]),
    ("没有数", []),
])
def test_what_a_figure_is_said_of(text: str, expected: list[str]):
    assert said(text) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("项目支出年初预算262万元", {"年初", "预算"}),
    ("其中：年中追加20万元", {"追加"}),
    ("招商活动比上年减少2次", {"上年", "下降"}),
    ("到位资金同比增长12%", {"同比", "增长", "实际"}),
    ("占资产比重为68%", {"占"}),
    ("该项指标得满分4分", {"满分", "得分"}),
    ("其中，外资企业3家", {"其中"}),
    ("计划引进项目10个", {"目标"}),
])
def test_qualifiers(text: str, expected: set[str]):
    assert facts_of(text).figures[0].qualifiers == expected


def test_a_part_takes_the_stage_of_its_whole():
    figures = facts_of("“三公”经费年初预算18万元（公务接待费15万元、公务用车运行维护费3万元），决算10万元（公务接待费8万元、公务用车运行维护费2万元）").figures
    assert [(fact.subject, sorted(fact.qualifiers)) for fact in figures[1:]] == [
        ("公务接待费", ["年初", "预算"]), ("公务用车运行维护费", ["年初", "预算"]), ("决算", ["决算"]), ("公务接待费", ["决算"]),
        ("公务用车运行维护费", ["决算"])]


def test_years():
    text = ("2022年部门整体支出绩效自评报告\n2021年决算10万元，2022年预算12万元。\n2020年引进项目3个，其中外资1个。\n全年接待5批次。\n"
            "2019—2021年项目7个。\n2023年3月接待8人。")
    assert report_of(text).year == "2022"
    assert [(fact.text, fact.year) for fact in facts_of(text).figures] == [
        ("10万元", "2021"), ("12万元", "2022"), ("3个", "2020"), ("1个", "2020"), ("5批次", "2022"),
        ("7个", "2022"), ("8人", "2022")]


def test_places_are_characters_of_the_paragraph_as_it_stands():
    report = report_of("说明\n　　支出１２．５万元（约占 60%）。")
    facts = facts_of("说明\n　　支出１２．５万元（约占 60%）。").figures
    assert [(fact.text, report.quote(fact.span), fact.span.paragraph, fact.depth) for fact in facts] == [
        ("１２．５万元", "１２．５万元", 2, 0), ("60%", "60%", 2, 1)]


def test_sentences_stand_under_their_headings():
    facts = facts_of("一、基本情况\n（一）人员\n编制15名。在职12人！\n二、支出\n共10万元")
    assert [(sentence.text, sentence.headings) for sentence in facts.sentences] == [
        ("一、基本情况", ()), ("（一）人员", ("基本情况",)), ("编制15名。", ("基本情况", "人员")), ("在职12人！", ("基本情况", "人员")),
        ("二、支出", ()), ("共10万元", ("支出",))]


def test_items_of_the_rule_set():
    ruleset = load_ruleset("430400/2022")
    text = ("2022年部门整体支出绩效自评报告\n编制15名。公用经费决算69.72万元，年初预算303.01万元，比上年增加3万元。\n"
            "2021年公用经费决算156.75万元。公务接待费约9万元。公用经费追加20万元。公用经费占30%。")
    assert [(fact.text, fact.items) for fact in facts_of(text, ruleset).figures] == [
        ("15名", ("基础数据!编制数",)), ("69.72万元", ("基础数据!公用经费.本年决算",)), ("303.01万元", ("基础数据!公用经费.本年预算",)),
        ("3万元", ()), ("156.75万元", ("基础数据!公用经费.上年决算",)), ("约9万元", ()), ("20万元", ()), ("30%", ())]


@pytest.mark.parametrize(("ruleset_id", "items"), [
    ("430400/2022", ()), ("430181/2021", ("整体自评!总分",)), ("433100/2021", ("自评情况!综合得分", "评分!总分")), ("500000/2021", ("整体自评!自评总分",))])
def test_the_total_is_the_units_own_and_whole(ruleset_id: str, items: tuple[str, ...]):
    [fact] = facts_of("综合得分97分", load_ruleset(ruleset_id)).figures
    assert fact.items == items


def test_people_on_the_establishment_are_what_forms_ask_for():
    [fact] = facts_of("年末在编人员14人", load_ruleset("430181/2021")).figures
    assert (fact.key, fact.items) == ("在编人员", ("基础数据!在职人数",))


def test_what_may_be_a_budget_has_no_item():
    ruleset = load_ruleset("430400/2022")
    text = "2022年部门整体支出绩效自评报告\n年初预算500万元。公用经费303.01万元，“三公”经费17.5万元。\n决算共300万元，其中公用经费69.72万元。"
    assert [fact.items for fact in facts_of(text, ruleset).figures if fact.key in ("公用经费", "三公经费")] == [
        (), (), ("基础数据!公用经费.本年决算",)]


def test_a_crowded_text_is_read_up_to_a_limit():
    facts = facts_of("支出1元，" * 30_000)
    assert (len(facts.figures), facts.notes) == (20_000, ("正文里的数超过 20000 个，后面的没有核对",))
