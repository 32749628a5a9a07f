"""Explanations: by key, printed label, item and code; with the source and a formula that computes."""

from __future__ import annotations

import re

import pytest

from pyfuncs.catalog.codes import code, derived_keys
from pyfuncs.catalog.explain import UnknownItem, explain, item_label
from pyfuncs.catalog.load import load_ruleset
from pyfuncs.catalog.refs import form_items

HENGYANG, LIUYANG = load_ruleset("430400/2022"), load_ruleset("430181/2021")


def test_a_rate():
    assert explain(HENGYANG, "资金执行率").splitlines() == [
        "资金执行率（比率，表上印“资金执行率”）",
        "  位置：《整体自评表》“资金执行率”",
        "  算法：执行率，执行数 ÷ 预算数（调整后）",
        "  　　　执行数 ＝ 《整体自评表》“执行数”",
        "  　　　预算数 ＝ 《整体自评表》“资金总额”",
        "  小数：百分数保留 2 位",
        "  核实：超过 100% 时请核实分母",
        "  常见错误：截尾、反号、两次取整",
        "  可靠程度：见于已填表格",
        "  来源：部门整体支出绩效目标自评表：执行数 ÷ 年度预算申请资金总额",
        "  依据：衡阳市 2022 年度部门整体支出绩效自评的三张表（2023-03，按一家市直单位公开的自评报告所附表格；"
        "未见衡阳市财政局的通知）",
        "  Excel 公式示例（A2 放执行数，B2 放预算数）：",
        "    加载项版 =JX_EXECUTION_RATE(A2,B2)",
        '    公式版　 =IF(COUNT(A2,B2)=2,IF(ROUND(B2,8)=0,"不适用",ROUND(A2/B2,13)),'
        'IF(OR(A2="不适用",A2="——",A2="—",B2="不适用",B2="——",B2="—"),"不适用",NA()))',
    ]


def test_a_score_with_its_parameters_and_readings():
    text = explain(HENGYANG, "资金得分")
    for line in ("分值：10 分", "计分依据的数：“资金执行率”", "参数 na：由人判断", "参数 decimals：2 或 0", "读法：",
                 "可靠程度：见于已填表格", '=JX_SCORE("430400/2022","资金得分",A2)'):
        assert line in text


def test_a_total_over_labels():
    text = explain(HENGYANG, "自评总分")
    assert "公式：《整体自评表》“资金得分” ＋ 《整体自评表》“指标”的“得分”之和" in text
    assert "=IF(COUNT(A2)<1,NA(),A2+SUM(B2:B9))" in text
    assert "位置：《整体自评表》“总分”" in explain(LIUYANG, "自评总分")


def test_a_check_by_its_id_and_by_its_code():
    text = explain(HENGYANG, "KB-01")
    assert text == explain(HENGYANG, "430400-2022-KB-01")
    assert text.splitlines()[:2] == [
        "430400-2022-KB-01〔必须修改〕" + HENGYANG.checks["KB-01"].message,
        "  应当：《基础数据表》“项目支出”的“2022 年决算数”＝ 《项目表》“年度资金总额”的“全年执行数”之和"]
    assert "范围：分列审核：2021 年决算数、2022 年预算数、2022 年决算数" in explain(HENGYANG, "KB-11")


def test_a_derived_check_by_its_key_and_by_its_code():
    shown = code(HENGYANG, "parts:基础数据!公务用车")
    text = explain(HENGYANG, shown)
    assert text == explain(HENGYANG, "parts:基础数据!公务用车")
    assert "对象：《基础数据表》“公务用车购置和维护经费”" in text
    assert "应当：逐列等于 “公车购置”、“公车运行维护” 之和" in text
    assert "JX_EXECUTION_RATE" in explain(HENGYANG, "ask:政府采购执行率")


def test_a_number_that_is_no_longer_used():
    retired = HENGYANG.model_copy(update={"codes": {**HENGYANG.codes, "parts:基础数据!旧行": "999"}})
    assert "已经不用" in explain(retired, "430400-2022-JCSJ-999")


def test_an_item_with_its_checks_and_its_rate():
    text = explain(HENGYANG, "基础数据!控制率")
    assert text.startswith("《基础数据表》“控制率”\n")
    assert f"审核：{code(HENGYANG, 'rate:基础数据!控制率')} 表上的比率等于按公式算出的比率" in text
    assert "人员控制率（比率，表上印“控制率”）" in text
    assert "汇总：各单位相加" in explain(HENGYANG, "基础数据!公用经费.本年决算")


def test_a_printed_label_may_mean_several_rates():
    assert [line for line in explain(LIUYANG, "执行率").splitlines() if "（比率，" in line] == [
        f"{key}（比率，表上印“执行率”）" for key, rate in LIUYANG.rates.items() if rate.label == "执行率"]


@pytest.mark.parametrize(("name", "hint"), [
    ("执行率得分", "项目执行率"), ("资金执行绿", "资金执行率"), ("KB-99", "KB-"), ("基础数据!公用经废", "基础数据!公用经费"),
    ("xyz", "可以查："),
])
def test_unknown_names_are_told_with_near_ones(name: str, hint: str):
    with pytest.raises(UnknownItem) as error:
        explain(HENGYANG, name)
    assert f"没有“{name}”" in str(error.value) and hint in str(error.value)


@pytest.mark.parametrize("ruleset", [HENGYANG, LIUYANG], ids=lambda ruleset: ruleset.id)
def test_everything_in_a_rule_set_can_be_explained(ruleset):
    keys = [key for _, key in derived_keys(ruleset)]
    items = [f"{form.form}!{name}" for form in ruleset.forms.values() for name, _ in form_items(form)]
    for name in [*ruleset.rates, *ruleset.scores, *ruleset.checks, *keys, *items, "等级"]:
        text = explain(ruleset, name)
        assert not re.search(r"\{year\}|\{prior\}|None|Decimal", text), text
        assert "observed" not in text and "assumed" not in text


def test_labels_as_people_say_them():
    assert [item_label(HENGYANG, ref) for ref in
            ("基础数据!公用经费.本年决算", "基础数据!编制数", "项目!产出指标.得分", "资金执行率")] == [
        "《基础数据表》“公用经费”的“2022 年决算数”", "《基础数据表》“编制数”", "《项目表》“产出指标（50分）”的“得分”",
        "“资金执行率”"]
