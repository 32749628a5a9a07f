"""What a reference means, wherever it stands."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.catalog.refs import all_groups, describer, form_items, home, home_of, inputs, resolve
from pyfuncs.language import FormulaError, RefInfo, parse

HENGYANG, LIUYANG = load_ruleset("430400/2022"), load_ruleset("430181/2021")

# reference, how it stands -> sort, form, name, kind, vector, scale
MEANINGS = [
    ("基础数据!编制数", {}, ("cell", "基础数据", "编制数", "count", False, "1")),
    ("基础数据!厉行节约", {}, ("cell", "基础数据", "厉行节约", "text", False, "1")),
    ("基础数据!公用经费.本年决算", {}, ("grid", "基础数据", "公用经费.本年决算", "amount", False, "10000")),
    ("基础数据!公务接待", {"column": "本年预算"}, ("grid", "基础数据", "公务接待.本年预算", "amount", False, "10000")),
    ("基础数据!业务明细.名称", {}, ("table", "基础数据", "业务明细.名称", "text", True, "1")),
    ("基础数据!业务明细.本年决算", {}, ("table", "基础数据", "业务明细.本年决算", "amount", True, "10000")),
    ("基础数据!业务明细.本年决算", {"paired": ["基础数据!业务明细", "项目"]},
     ("table", "基础数据", "业务明细.本年决算", "amount", False, "10000")),
    ("项目!资金.全年执行", {}, ("grid", "项目", "资金.全年执行", "amount", True, "10000")),
    ("项目!资金.全年执行", {"form": "项目"}, ("grid", "项目", "资金.全年执行", "amount", False, "10000")),
    ("项目!资金.全年执行", {"form": "整体自评"}, ("grid", "项目", "资金.全年执行", "amount", True, "10000")),
    ("项目!资金.全年执行", {"paired": ["基础数据!业务明细", "项目"]},
     ("grid", "项目", "资金.全年执行", "amount", False, "10000")),
    ("项目!指标.得分", {"form": "项目"}, ("table", "项目", "指标.得分", "points", True, "1")),
    ("项目!产出指标.得分", {"form": "项目"}, ("group", "项目", "指标.得分", "points", True, "1")),
    ("项目!指标.完成值", {}, ("table", "项目", "指标.完成值", "text", True, "1")),
    ("得分", {"form": "项目", "table": "指标"}, ("table", "项目", "指标.得分", "points", False, "1")),
    ("资金执行率", {}, ("rate", "", "资金执行率", "ratio", False, "1")),
    ("项目执行率", {}, ("rate", "项目", "项目执行率", "ratio", True, "1")),
    ("项目执行率", {"form": "项目"}, ("rate", "项目", "项目执行率", "ratio", False, "1")),
    ("自评总分", {}, ("score", "", "自评总分", "points", False, "1")),
    ("项目总分", {}, ("score", "项目", "项目总分", "points", True, "1")),
    ("上年(基础数据!公用经费.本年决算)", {}, ("grid", "基础数据", "公用经费.本年决算", "amount", False, "10000")),
]


@pytest.mark.parametrize(("text", "stands", "expected"), MEANINGS)
def test_what_a_reference_means(text: str, stands: dict, expected: tuple):
    target = resolve(HENGYANG, text, **stands)
    assert (target.sort, target.form, target.name, target.kind, target.vector, str(target.scale)) == expected


def test_a_group_stands_for_its_leaves():
    whole, part, leaf = (resolve(HENGYANG, f"项目!{name}.得分") for name in ("指标", "产出指标", "时效指标"))
    assert (whole.group, whole.leaves) == ("", ())
    assert (part.group, part.leaves) == ("产出指标", ("数量指标", "质量指标", "时效指标", "成本指标"))
    assert (leaf.group, leaf.leaves) == ("时效指标", ("时效指标",))


def test_the_unit_of_the_form_is_the_scale():
    assert resolve(LIUYANG, "基础数据!公用经费.本年决算").scale == 1
    assert resolve(LIUYANG, "项目!资金.全年执行").scale == Decimal(10000)


@pytest.mark.parametrize(("text", "stands", "found", "example"), [
    ("基础数居!编制数", {}, "没有表单“基础数居”", "基础数据!编制数"),
    ("基础数据!编制书", {}, "没有“编制书”", "基础数据!编制数"),
    ("基础数据!公用经费.本年绝算", {}, "没有“本年绝算”这一列", "基础数据!公用经费.本年预算"),
    ("基础数据!公用经费", {}, "没有说是哪一列", "基础数据!公用经费.上年决算"),
    ("基础数据!公用经费", {"column": "全年执行"}, "没有“全年执行”这一列", "基础数据!公用经费"),
    ("基础数据!编制数.本年决算", {}, "单元格后面不用写列名", "基础数据!编制数"),
    ("项目!指标", {}, "少了列名", "项目!指标.三级"),
    ("项目!指标.得份", {}, "没有“得份”这一列", "项目!指标.得分"),
    ("得份", {"form": "项目", "table": "指标"}, "没有“得份”这一列", "得分"),
    ("资金执行绿", {}, "没有叫“资金执行绿”的比率或得分", "资金执行率"),
    ("编制数 + 1", {}, "“编制数 + 1”", "基础数据!公用经费.本年决算"),
])
def test_what_means_nothing_is_told_with_an_example(text: str, stands: dict, found: str, example: str):
    with pytest.raises(FormulaError) as error:
        resolve(HENGYANG, text, **stands)
    assert found in error.value.found
    assert error.value.example == example


def test_home_is_the_repeated_form_all_references_lie_in():
    assert [home(HENGYANG, refs) for refs in (
        ["项目!资金.全年执行", "项目!资金.全年预算"],
        ["项目执行率", "项目!资金得分"],
        ["项目!资金.全年执行", "基础数据!编制数"],
        ["基础数据!编制数"],
        [],
    )] == ["项目", "项目", "", "", ""]
    assert {key: home_of(HENGYANG, key) for key in ("项目总分", "项目执行率", "自评总分", "没有")} == {
        "项目总分": "项目", "项目执行率": "项目", "自评总分": "", "没有": ""}


def test_inputs_of_rates_and_scores_in_order():
    assert [[ref.key for ref in inputs(HENGYANG, key)] for key in ("资金执行率", "资金得分", "自评总分")] == [
        ["整体自评!执行数", "整体自评!资金总额"], ["资金执行率"], ["整体自评!资金得分", "整体自评!指标.得分"]]


def test_the_formula_language_gets_kind_vector_and_scale():
    assert describer(HENGYANG)(parse("项目!资金.全年执行")) == RefInfo("amount", True, Decimal(10000))
    assert describer(HENGYANG, "项目", table="指标")(parse("分值")) == RefInfo("points", False, Decimal(1))


@pytest.mark.parametrize("ruleset", [HENGYANG, LIUYANG], ids=lambda ruleset: ruleset.id)
def test_every_item_and_group_resolves_to_itself(ruleset):
    for form in ruleset.forms.values():
        for name, item in form_items(form):
            target = resolve(ruleset, f"{form.form}!{name}")
            assert (target.form, target.name, target.item) == (form.form, name, item)
        for table in form.tables:
            for group in all_groups(form, table):
                assert resolve(ruleset, f"{form.form}!{group}.得分").group == group
