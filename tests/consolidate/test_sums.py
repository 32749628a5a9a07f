"""Totals: sums in 元 with every cell behind them; a blank is a blank and never a nought."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from sample_units import filed, unit_a, unit_b, unit_c

from pyfuncs.consolidate.held import Held
from pyfuncs.consolidate.node import node_result
from pyfuncs.consolidate.result import Node
from pyfuncs.consolidate.share_of import share_of
from pyfuncs.consolidate.sums import Amount, Sums, printed


def added(units):
    sums = Sums()
    for one in units:
        sums.add(share_of(one))
    return sums


def by_key(units):
    return {total.key: total for total in node_result(Node("", "全部"), added(units)).totals}


def parts(units, key):
    """The cells behind a total, as a source tells them."""
    form, _, name = key.partition("!")
    source = Held(units)
    return list(source.parts([head.file for head in source.heads()], form, name, by_key(units)[key].kind))


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
    found = parts([unit_a(), unit_b()], "项目!资金.全年执行")
    assert [(part.unit, part.file, part.cell, part.instance, part.value, part.state) for part in found] == [
        ("甲中心", "甲中心.xlsx", "项目1!B11", 1, Decimal("180000"), "number"),
        ("甲中心", "甲中心.xlsx", "项目2!B11", 2, Decimal("45000"), "number"),
        ("乙中心", "乙中心.xlsx", "项目1!B11", 1, Decimal("90500"), "number"),
    ]


def test_a_blank_is_shown_and_counted_and_a_sheet_that_is_not_there_too():
    units = [unit_a(), unit_b(), unit_c()]
    found = by_key(units)
    budget = found["基础数据!三公经费.本年预算"]
    assert [(part.unit, part.value, part.state) for part in parts(units, budget.key)] == [
        ("甲中心", Decimal("175000"), "number"), ("乙中心", None, "blank"), ("丙中心", Decimal("340000"), "number")]
    assert (budget.value, budget.filed, budget.unfilled) == (Decimal("515000"), 2, 1)
    assert [(part.unit, part.state) for part in parts(units, "项目!资金.全年执行") if part.value is None] == [
        ("丙中心", "missing")]
    purchase = found["基础数据!政府采购.本年决算"]
    assert (purchase.value, purchase.filed, purchase.unfilled) == (None, 0, 3)
    assert {part.unit for part in parts(units, "整体自评!资金总额")} == {"甲中心", "乙中心"}


def test_not_applicable_is_an_answer_and_words_are_none():
    states = {"不适用": "not_applicable", "约十万": "text"}
    units = [filed("430400/2022", text, {"基础数据": {"政府采购.本年决算": text}}) for text in states]
    total = by_key(units)["基础数据!政府采购.本年决算"]
    assert [part.state for part in parts(units, total.key)] == list(states.values())
    assert (total.value, total.filed, total.unfilled) == (None, 0, 1)


def test_a_nought_is_a_number():
    one = filed("430400/2022", "丁", {"基础数据": {"公用经费.本年决算": "0"}})
    total = by_key([one])["基础数据!公用经费.本年决算"]
    assert (total.value, total.filed, total.unfilled) == (Decimal(0), 1, 0)


def test_what_is_not_an_amount_is_not_summed():
    keys = set(by_key([unit_a()]))
    assert not keys & {"整体自评!资金得分", "整体自评!资金执行率", "整体自评!指标.得分", "项目!项目名称", "基础数据!业务明细.本年决算"}


def test_labels_say_the_year_of_all_or_none():
    same, mixed = by_key([unit_a(), unit_b()]), by_key([unit_a(), unit_c()])
    assert [(total.label, total.column) for total in (same["基础数据!三公经费.上年决算"], mixed["基础数据!三公经费.上年决算"])] == [
        ("三公经费", "2021 年决算数"), ("三公经费", "上年决算数")]
    assert (mixed["整体自评!项目支出.全年执行"].title, printed("{year}年项目表", "2021")) == ("部门整体支出绩效自评表", "2021年项目表")


def test_forms_come_in_printed_order_repeated_ones_last():
    assert list(dict.fromkeys(total.form for total in by_key([unit_a()]).values())) == ["基础数据", "整体自评", "项目"]


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
    assert len(parts(units, "项目!资金.全年执行")) == sum(map(len, projects))
    assert forward.unfilled == sum(None in amounts for amounts in projects)


def test_a_sum_is_never_rounded_however_large_and_however_many():
    cents = [Decimal("123456789012345.67"), Decimal("0.0000000001"), Decimal("-123456789012345.67")]
    line = next(iter(added([unit_c()]).amounts.values())).line
    sums = Sums()
    for cent in cents * 10_000:
        sums.merge(Sums(amounts={line.key: Amount(line, cent, 1)}))
    [amount] = sums.amounts.values()
    assert amount.value == Decimal("0.000001")


UNITS = [unit_a(), unit_b(), unit_c(), *(replace(unit_a(), submission=replace(unit_a().submission, entity=f"单位{number}"))
                                         for number in range(3))]


def figures_of(sums):
    """Every figure of a node, in an order of its own."""
    result = node_result(Node("", "全部"), sums)
    return (sorted((total.key, total.kind, total.value, total.filed, total.unfilled) for total in result.totals),
            sorted((rate.key, rate.method, rate.args, rate.sums, str(rate.value), rate.units, sorted(map(repr, rate.left_out)))
                   for rate in result.rates),
            [(score.key, score.value, score.count, score.lowest, score.highest, score.mean) for score in result.scores],
            result.units, result.total, result.grade)


@st.composite
def nestings(draw):
    """The units in any order, parted into a tree of any shape: lists of units and of lists."""
    pieces = list(draw(st.permutations(range(len(UNITS)))))
    while len(pieces) > 1 and draw(st.booleans()):
        cut = draw(st.integers(1, len(pieces) - 1))
        pieces = [*pieces[cut:], pieces[:cut]]
    return pieces


def nested(pieces):
    sums = Sums()
    for piece in pieces:
        if isinstance(piece, list):
            sums.merge(nested(piece))
        else:
            sums.add(share_of(UNITS[piece]))
    return sums


@settings(max_examples=60)
@given(nestings())
def test_any_partition_in_any_order_and_any_nesting_gives_the_same_figures(pieces):
    assert figures_of(nested(pieces)) == figures_of(added(UNITS))


def test_merging_leaves_the_merged_as_it_was():
    one, other = added([unit_a()]), added([unit_b()])
    before = figures_of(other)
    one.merge(other)
    one.add(share_of(unit_c()))
    assert figures_of(other) == before
