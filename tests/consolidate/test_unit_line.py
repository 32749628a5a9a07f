"""Places by total: ties share one, units without a total come last."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from sample_units import filed, unit_a, unit_c

from pyfuncs.consolidate.share_of import share_of
from pyfuncs.consolidate.unit_line import Prior, key_figures, ranked, unit_line
from pyfuncs.language import NOT_APPLICABLE, CellError

MODEL = unit_a()


def ranking(units):
    """Best first, as a reader sees them."""
    return sorted(ranked([unit_line(share_of(one)) for one in units]), key=lambda line: (line.rank is None, line.rank or 0))


def with_total(name: str, total):
    figure = replace(MODEL.figures["自评总分", 0], value=total)
    return replace(MODEL, submission=replace(MODEL.submission, entity=name), figures={("自评总分", 0): figure})


def test_ties_share_a_place_and_the_next_one_is_left_out():
    units = [with_total(name, total) for name, total in [
        ("甲", Decimal("89.6")), ("乙", Decimal("97")), ("丙", NOT_APPLICABLE), ("丁", Decimal("97.0")),
        ("戊", CellError("#N/A")), ("己", Decimal("60"))]]
    assert [(place.rank, place.unit, place.note) for place in ranking(units)] == [
        (1, "乙", ""), (1, "丁", ""), (3, "甲", ""), (4, "己", ""),
        (None, "丙", "总分为不适用，不参加排名"), (None, "戊", "总分算不出来（有得分没有填），不参加排名")]


def test_a_hundred_millionth_of_a_point_decides_though_floats_would_not_see_it():
    close = Decimal("90.000000001")
    assert [(place.rank, place.unit) for place in ranking([with_total("甲", Decimal(90)), with_total("乙", close)])] == [
        (1, "乙"), (2, "甲")]


def test_nobody_and_nothing():
    assert ranking([]) == []
    assert [(place.rank, place.total) for place in ranking([replace(MODEL, figures={})])] == [(None, None)]


def test_a_unit_that_filled_in_no_score_has_no_total_and_no_grade():
    """Where the total is nothing but a sum of scores, as in 430181/2021."""
    scores = [{}, {"指标.得分#1": "不适用"}, {"指标.得分#1": "0"}]
    units = [filed("430181/2021", f"单位{number}", {"整体自评": typed}) for number, typed in enumerate(scores)]
    nothing = CellError("#N/A"), ""
    assert [(place.rank, place.unit, place.total, place.grade) for place in ranking(units)] == [
        (1, "单位2", Decimal(0), "差"), (None, "单位0", *nothing), (None, "单位1", *nothing)]


def test_a_rule_set_without_a_total_and_one_of_projects_are_not_ranked():
    units = [filed("430600/2018", "甲中心", {"评分依据": {"编制数": "15", "在职人数": "15"}}),
             filed("100000/2020", "乙中心", {"项目": {"资金.全年预算": "10", "资金.全年执行": "10"}})]
    assert [(place.rank, place.unit, place.total, place.note) for place in ranking(units)] == [
        (None, "甲中心", None, "规则集没有总分，不参加排名"), (None, "乙中心", None, "按项目评分，单位没有总分，不参加排名")]


def test_a_line_holds_the_key_figures_and_what_the_form_says_of_last_year():
    line = unit_line(share_of(unit_a()), "001", "局", late=True)
    assert (line.unit, line.code, line.node, line.file, line.ruleset, line.year, line.late) == (
        "甲中心", "001", "局", "甲中心.xlsx", "430400/2022", "2022", True)
    assert {key: line.amounts[key] for key in ("基础数据!在职人数", "基础数据!三公经费.本年决算", "整体自评!资金总额")} == {
        "基础数据!在职人数": Decimal(12), "基础数据!三公经费.本年决算": Decimal(101600), "整体自评!资金总额": Decimal(5050500)}
    assert line.prior["基础数据!三公经费.本年决算"] == Decimal(146000)     # 上年决算数 of the same row
    assert round(line.rates["人员控制率"], 2) == Decimal("0.80")
    assert line.deductions == {"资金得分": Decimal("3.15")}               # 346.17 of 505.05: 6.85 of 10 points


def test_last_years_workbook_goes_before_the_forms_own_column():
    prior = Prior({"基础数据!三公经费.本年决算": Decimal(1)}, Decimal("88"))
    line = unit_line(share_of(unit_a()), prior=prior)
    assert (line.prior["基础数据!三公经费.本年决算"], line.prior_total) == (Decimal(1), Decimal("88"))


def test_the_columns_are_the_rates_behind_their_operands_each_once():
    keys = [figure.key for figure in key_figures([unit_a().ruleset, unit_c().ruleset])]
    assert len(keys) == len(set(keys))
    at = keys.index("人员控制率")
    assert {"基础数据!在职人数", "基础数据!编制数"} <= set(keys[:at])


@given(st.lists(st.decimals(min_value=0, max_value=100, places=2), max_size=8))
def test_a_place_is_one_more_than_the_number_of_better_units(totals):
    places = ranking([with_total(f"单位{number}", total) for number, total in enumerate(totals)])
    assert [(place.rank, place.total) for place in places] == [
        (1 + sum(other > total for other in totals), total) for total in sorted(totals, reverse=True)]
