"""Totals: sums in 元 with every cell behind them; a blank is a blank and never a nought."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from sample_units import filed, unit_a, unit_b, unit_c

from pyfuncs.consolidate.totals import printed, totals


def by_key(units):
    return {total.key: total for total in totals(units)}


def test_amounts_add_up_in_yuan_whatever_the_unit_of_the_form():
    found = by_key([unit_a(), unit_b(), unit_c()])
    assert {key: found[key].value for key in (
        "基础数据!在职人数", "基础数据!三公经费.本年决算", "基础数据!公用经费.本年预算", "整体自评!资金总额", "整体自评!项目支出.全年执行",
        "项目!资金.全年执行")} == {
        "基础数据!在职人数": Decimal("58"),                          # 12 + 30 + 16
        "基础数据!三公经费.本年决算": Decimal("470778.30"),              # 101600 + 30000 + 339178.30
        "基础数据!公用经费.本年预算": Decimal("4190100"),               # 3030100 + 1000000 + 160000
        "整体自评!资金总额": Decimal("7050500"),                      # the third unit's form has no such item
        "整体自评!项目支出.全年执行": Decimal("4907638.34"),             # only the third unit's form has it
        "项目!资金.全年执行": Decimal("315500"),                      # 180000 + 45000, 90500
    }


def test_every_cell_behind_a_total_is_told():
    total = by_key([unit_a(), unit_b()])["项目!资金.全年执行"]
    assert [(part.unit, part.file, part.cell, part.instance, part.value, part.state) for part in total.parts] == [
        ("甲中心", "甲中心.xlsx", "项目1!B11", 1, Decimal("180000"), "number"),
        ("甲中心", "甲中心.xlsx", "项目2!B11", 2, Decimal("45000"), "number"),
        ("乙中心", "乙中心.xlsx", "项目1!B11", 1, Decimal("90500"), "number"),
    ]


def test_a_blank_is_shown_and_counted_and_a_sheet_that_is_not_there_too():
    found = by_key([unit_a(), unit_b(), unit_c()])
    budget = found["基础数据!三公经费.本年预算"]
    assert [(part.unit, part.value, part.state) for part in budget.parts] == [
        ("甲中心", Decimal("175000"), "number"), ("乙中心", None, "blank"), ("丙中心", Decimal("340000"), "number")]
    assert budget.unfilled == ["乙中心"]
    assert budget.value == Decimal("515000")
    project = found["项目!资金.全年执行"]
    assert [(part.unit, part.state) for part in project.parts if part.value is None] == [("丙中心", "missing")]
    purchase = found["基础数据!政府采购.本年决算"]
    assert (purchase.value, purchase.unfilled) == (None, ["甲中心", "乙中心", "丙中心"])
    assert {part.unit for part in found["整体自评!资金总额"].parts} == {"甲中心", "乙中心"}


def test_not_applicable_is_an_answer_and_words_are_none():
    states = {"不适用": "not_applicable", "约十万": "text"}
    units = [filed("430400/2022", text, {"基础数据": {"政府采购.本年决算": text}}) for text in states]
    total = by_key(units)["基础数据!政府采购.本年决算"]
    assert [part.state for part in total.parts] == list(states.values())
    assert (total.value, total.unfilled) == (None, ["约十万"])


def test_a_nought_is_a_number():
    one = filed("430400/2022", "丁", {"基础数据": {"公用经费.本年决算": "0"}})
    total = by_key([one])["基础数据!公用经费.本年决算"]
    assert (total.value, total.unfilled) == (Decimal(0), [])


def test_what_is_not_an_amount_is_not_summed():
    keys = set(by_key([unit_a()]))
    assert not keys & {"整体自评!资金得分", "整体自评!资金执行率", "整体自评!指标.得分", "项目!项目名称", "基础数据!业务明细.本年决算"}


def test_labels_say_the_year_of_all_or_none():
    same, mixed = by_key([unit_a(), unit_b()]), by_key([unit_a(), unit_c()])
    assert [(total.label, total.column) for total in (same["基础数据!三公经费.上年决算"], mixed["基础数据!三公经费.上年决算"])] == [
        ("三公经费", "2021 年决算数"), ("三公经费", "上年决算数")]
    assert (mixed["整体自评!项目支出.全年执行"].title, printed("{year}年项目表", "2021")) == ("部门整体支出绩效自评表", "2021年项目表")


def test_forms_come_in_printed_order_repeated_ones_last():
    assert list(dict.fromkeys(total.form for total in totals([unit_a()]))) == ["基础数据", "整体自评", "项目"]


cents = st.decimals(min_value=-10**9, max_value=10**9, places=2, allow_nan=False, allow_infinity=False)


@settings(max_examples=30)                            # each example checks whole forms
@given(st.lists(st.lists(st.none() | cents, min_size=1, max_size=3), min_size=1, max_size=4))
def test_a_total_is_the_exact_sum_of_its_parts_in_any_order(projects):
    units = [filed("430181/2021", f"单位{number}", {"项目": [
        {} if amount is None else {"资金.全年执行": str(amount)} for amount in amounts]})
        for number, amounts in enumerate(projects)]
    forward, backward = (by_key(order)["项目!资金.全年执行"] for order in (units, units[::-1]))
    numbers = [amount * 10000 for amounts in projects for amount in amounts if amount is not None]
    assert forward.value == backward.value == (sum(numbers) if numbers else None)
    assert len(forward.parts) == sum(map(len, projects))
    assert set(forward.unfilled) == {f"单位{number}" for number, amounts in enumerate(projects) if None in amounts}
