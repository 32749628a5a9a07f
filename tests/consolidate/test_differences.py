"""差额表: totals that are not the sums of their parts, within a form and between levels."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_units import filed

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.consolidate.differences import differences
from pyfuncs.consolidate.result import Difference
from pyfuncs.consolidate.share_of import share_of
from pyfuncs.consolidate.sums import Sums

D = Decimal
HENGYANG, LIUYANG, XIANGXI = map(load_ruleset, ("430400/2022", "430181/2021", "433100/2021"))
BASE = "部门整体支出绩效评价基础数据表"


def found(rulesets, values, summaries=(), year="2022"):
    return list(differences("局", rulesets, year, {tuple(key.split("!")): value for key, value in values.items()}, summaries))


def sums_of(units) -> dict:
    sums = Sums()
    for unit in units:
        sums.add(share_of(unit))
    return {amount.line.key[:2]: amount.value for amount in sums.amounts.values()}


SAN_GONG = {"基础数据!公务用车.本年决算": D(300), "基础数据!出国经费.本年决算": D(0), "基础数据!公务接待.本年决算": D(200)}


@pytest.mark.parametrize(("total", "difference"), [(D(500), None), (D("500.01"), D("0.01")), (D(499), D(-1)), (None, None)])
def test_a_total_is_compared_with_the_rows_below_it(total, difference):
    got = found([HENGYANG], {"基础数据!三公经费.本年决算": total, **SAN_GONG})
    expected = Difference("局", "本表加总", BASE, "三公经费", "2022 年决算数", total, D(500), "amount")
    assert got == ([] if total == 500 else [expected])
    assert [one.difference for one in got] == ([] if total == 500 else [difference])


def test_parts_that_are_only_some_of_a_total_may_come_to_less():
    row = "基础数据!部门基本支出.本年预算", "基础数据!公用经费.本年预算"
    assert found([HENGYANG], dict(zip(row, (D(10), D(9)), strict=True))) == []
    assert [one.difference for one in found([HENGYANG], dict(zip(row, (D(10), D(11)), strict=True)))] == [D(-1)]


def test_a_total_without_any_part_is_left_alone():
    assert found([HENGYANG], {"基础数据!三公经费.本年决算": D(500), "基础数据!公务用车.本年决算": None}) == []


def test_formulas_that_add_up_hold_for_the_sums_too():
    values = {"整体自评!执行数": D(90), "整体自评!基本支出": D(60), "整体自评!项目支出": D(31)}
    assert found([HENGYANG], values) == [
        Difference("局", "本表加总", "部门整体支出绩效目标自评表", "执行数", "", D(90), D(91), "amount")]
    values = {"收支情况!支出.支出合计": D(10), "收支情况!支出.基本支出": D(4), "收支情况!支出.项目支出": D(5)}
    assert [(one.label, one.total, one.parts) for one in found([XIANGXI], values)] == [("支出合计", D(10), D(9))]


def test_a_formula_that_takes_off_counts_with_its_sign():
    changed = _with_formula(XIANGXI, "收支情况", "支出", "支出合计", "基本支出 - (项目支出 - 公用支出)")
    values = {"收支情况!支出.基本支出": D(4), "收支情况!支出.公用支出": D(4), "收支情况!支出.项目支出": D(5)}
    assert found([changed], {**values, "收支情况!支出.支出合计": D(3)}) == []
    assert [one.parts for one in found([changed], {**values, "收支情况!支出.支出合计": D(9)})] == [D(3)]


@pytest.mark.parametrize("formula", ["基本支出 * 2", "SUM(基本支出, 1)", "MAX(基本支出, 项目支出)", "ROUND(基本支出, 2)"])
def test_a_formula_that_does_more_than_add_says_nothing_of_sums(formula):
    changed = _with_formula(XIANGXI, "收支情况", "支出", "支出合计", formula)
    assert found([changed], {"收支情况!支出.支出合计": D(1), "收支情况!支出.基本支出": D(4), "收支情况!支出.项目支出": D(5)}) == []


def _with_formula(ruleset, form, table, column, formula):
    old = ruleset.forms[form]
    columns = old.tables[table].columns
    columns = {**columns, column: columns[column].model_copy(update={"formula": formula})}
    tables = {**old.tables, table: old.tables[table].model_copy(update={"columns": columns})}
    return ruleset.model_copy(update={"forms": {**ruleset.forms, form: old.model_copy(update={"tables": tables})}})


def test_of_two_rule_sets_that_make_a_total_of_different_parts_none_is_taken():
    values = {"基础数据!三公经费.本年决算": D(501), **SAN_GONG}
    fewer = _with_rows(HENGYANG, lambda row: row.model_copy(update={"rows": row.rows[:1]}) if row.id == "三公经费" else row)
    assert [one.total for one in found([HENGYANG, HENGYANG.model_copy()], values)] == [D(501)]      # once, and not twice
    assert found([HENGYANG, fewer], values) == found([fewer, HENGYANG], values) == []
    assert len(found([HENGYANG, XIANGXI], values)) == 1                  # which has none of these items


def _with_rows(ruleset, change):
    def changed(rows):
        return [change(row.model_copy(update={"rows": changed(row.rows)})) for row in rows]

    form = ruleset.forms["基础数据"]
    form = type(form).model_validate({**form.model_dump(), "rows": [row.model_dump() for row in changed(form.rows)]})
    return ruleset.model_copy(update={"forms": {**ruleset.forms, "基础数据": form}})


def test_a_nodes_own_summary_is_compared_item_by_item_with_its_units():
    units = [filed("430181/2021", name, {"基础数据": {"编制数": "10", "在职人数": "9", "三公经费.本年预算": "100.50"}}) for name in "甲乙"]
    summary = filed("430181/2021", "局", {"基础数据": {"编制数": "21", "在职人数": "18", "公用经费.本年预算": "7"}}, path="局/汇总.xlsx")
    got = list(differences("局", [LIUYANG], "2021", sums_of(units), [summary]))
    assert {(one.what, one.label, one.column, one.total, one.parts, one.kind) for one in got} == {
        ("上下级", "编制数", "", D(21), D(20), "count"),
        ("上下级", "三公经费", "2021年预算数", None, D("201.00"), "amount"),         # blank there
        ("上下级", "公用经费", "2021年预算数", D(7), None, "amount")}                # and no unit's here
    assert {one.where for one in got if one.total is not None} == {
        f"局/汇总.xlsx {summary.submission.item('基础数据', name).cell}" for name in ("编制数", "公用经费.本年预算")}


amounts = st.none() | st.integers(min_value=0, max_value=10**9).map(lambda cents: D(cents) / 100)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(amounts, amounts, amounts), min_size=1, max_size=4))
def test_units_whose_forms_add_up_come_to_sums_that_add_up(rows):
    names = "公务用车.本年决算", "出国经费.本年决算", "公务接待.本年决算"
    units = []
    for number, parts in enumerate(rows):
        typed = {name: str(part) for name, part in zip(names, parts, strict=True) if part is not None}
        if typed:
            typed["三公经费.本年决算"] = str(sum(map(D, typed.values())))
        units.append(filed("430400/2022", f"单位{number}", {"基础数据": typed}))
    assert not [one for one in differences("", [HENGYANG], "2022", sums_of(units)) if one.label == "三公经费"]
