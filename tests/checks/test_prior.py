"""This year's workbook against last year's: each check with what it tells and what it leaves alone."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from pyfuncs.catalog.arithmetic import arithmetic
from pyfuncs.catalog.load import load_ruleset
from pyfuncs.catalog.submission import Submission
from pyfuncs.checks.cross import CROSS_CHECKS
from pyfuncs.checks.prior import check_prior, no_prior, two_priors
from sample_units import submission

HENGYANG, XIANGXI, HUNAN, YUHUA = (load_ruleset(name) for name in ("430400/2022", "433100/2021", "430000/2021", "430111/2022"))
BEFORE = arithmetic(HENGYANG, "2021")
LAST = {"编制数": "15", "在职人数": "12", "三公经费.本年决算": "14.6", "公用经费.本年决算": "156.75", "公务用车.本年决算": "2.08"}
NOW = {"编制数": "15", "在职人数": "12", "三公经费.上年决算": "14.6", "公用经费.上年决算": "156.75", "公务用车.上年决算": "2.08"}


def base(ruleset, typed: Mapping[str, str], form: str = "基础数据", **changes) -> Submission:
    return submission(ruleset, "甲中心", {form: typed}, **changes)


def codes(now: Mapping[str, str], then: Mapping[str, str]) -> list[str]:
    found = check_prior(HENGYANG, base(HENGYANG, {**NOW, **now}), BEFORE, base(BEFORE, {**LAST, **then}, path="2021/甲.xlsx"))
    return [f"{finding.rule_id} {finding.actual}→{finding.expected}" for finding in found]


def test_a_unit_that_copied_last_years_figures_gets_nothing() -> None:
    assert codes({}, {}) == []


def test_a_final_figure_that_is_not_last_years() -> None:
    now, then = base(HENGYANG, {**NOW, "三公经费.上年决算": "16.4"}), base(BEFORE, LAST, path="2021/甲.xlsx")
    finding, = check_prior(HENGYANG, now, BEFORE, then)
    there = then.item("基础数据", "三公经费.本年决算").cell.rpartition("!")[2]
    here = now.item("基础数据", "三公经费.上年决算").cell
    assert (finding.rule_id, finding.severity, finding.kind, finding.cells) == ("SN-01", "warning", "prior", (here,))
    assert finding.message == (f"《基础数据表》{here.rpartition('!')[2]}「三公经费·2021 年决算数」填 16.40 万元，上年的表"
                               f"（甲.xlsx《基础数据表》{there}「三公经费·2021 年决算数」）是 14.60 万元，多 1.80 万元。")
    assert (finding.expected, finding.actual, finding.delta) == ("14.60 万元", "16.40 万元", "1.80 万元")
    assert "追溯" not in finding.advice and "写明原因" in finding.advice


@pytest.mark.parametrize(("now", "then", "found"), [
    ({}, {"公务接待.本年决算": "1"}, []),                  # left blank: told by the form's own checks
    ({"公务接待.上年决算": "1"}, {}, []),
    ({"三公经费.上年决算": "14.61"}, {}, ["SN-01 14.61 万元→14.60 万元"]),      # one figure, printed alike: no tolerance
    ({"编制数": "17"}, {}, ["SN-04 17→15"]),
    ({"编制数": ""}, {}, []),
    ({"在职人数": "14"}, {}, []),
    ({"在职人数": "17"}, {}, ["SN-05 17→12"]),             # five heads, more than 30 %
    ({"在职人数": "7"}, {}, ["SN-05 7→12"]),
    ({"在职人数": "104"}, {"在职人数": "100"}, []),
    ({"在职人数": "25"}, {"在职人数": "20"}, []),          # five of twenty is a quarter
])
def test_each_cell_by_itself(now: dict, then: dict, found: list[str]) -> None:
    assert codes(now, then) == found


def test_a_total_that_follows_its_part_is_not_told_too() -> None:
    parts = {"公务接待.上年决算": "12.6", "公务用车.上年决算": "2", "三公经费.上年决算": "14.6"}
    last = {"公务接待.本年决算": "12.5", "公务用车.本年决算": "2", "三公经费.本年决算": "14.5"}
    assert codes(parts, last) == ["SN-01 12.60 万元→12.50 万元"]
    assert codes({**parts, "三公经费.上年决算": "14.5"}, {**last, "公务接待.本年决算": "12.6"}) == []
    assert codes({**parts, "三公经费.上年决算": "15"}, last) == ["SN-01 15.00 万元→14.50 万元", "SN-01 12.60 万元→12.50 万元"]


def test_a_coarser_unit_gives_the_interval_and_no_more() -> None:
    """Last year to the cent in 元, this year in 万元 with two decimals: half of 0.01 万元 is 50 元."""
    yuan = BEFORE.forms["基础数据"].model_copy(update={"unit": "元"})
    fine = BEFORE.model_copy(update={"forms": {**BEFORE.forms, "基础数据": yuan}})

    def found(last: str) -> list[str]:
        then = base(fine, {"三公经费.本年决算": last})
        return [one.rule_id for one in check_prior(HENGYANG, base(HENGYANG, {"三公经费.上年决算": "14.6"}), fine, then)]

    assert [found(last) for last in ("145950", "146050", "146050.01", "145949.99", "146000")] == [
        [], [], ["SN-01"], ["SN-01"], []]


def test_projects_are_paired_where_their_names_are_the_same() -> None:
    now = base(HENGYANG, {"业务明细.名称#1": "2022年招商引资", "业务明细.上年决算#1": "9", "业务明细.名称#2": "招商引资工作",
                          "业务明细.上年决算#2": "3", "业务明细.名称#3": "运维", "业务明细.上年决算#3": "1"})
    then = base(BEFORE, {"业务明细.名称#1": "运维", "业务明细.本年决算#1": "1", "业务明细.名称#2": "2021年招商引资",
                         "业务明细.本年决算#2": "8"})
    found = check_prior(HENGYANG, now, BEFORE, then)
    assert [(one.rule_id, one.subject.partition("|")[2]) for one in found] == [
        ("SN-01", "业务专项.上年决算#0"), ("SN-01", "业务明细.上年决算#1")]
    assert (found[1].actual, found[1].expected) == ("9.00 万元", "8.00 万元")


def test_a_total_that_follows_its_project_is_not_told_too() -> None:
    now = base(HENGYANG, {"业务明细.名称#1": "招商", "业务明细.上年决算#1": "9"})
    then = base(BEFORE, {"业务明细.名称#1": "招商", "业务明细.本年决算#1": "8"})
    assert [one.subject for one in check_prior(HENGYANG, now, BEFORE, then)] == ["SN-01|业务明细.上年决算#1"]


def test_a_row_is_found_by_its_label_where_its_id_is_another() -> None:
    form = BEFORE.forms["基础数据"]
    renamed = [row.model_copy(update={"id": "采购"}) if row.id == "政府采购" else row for row in form.rows]
    older = BEFORE.model_copy(update={"forms": {**BEFORE.forms, "基础数据": type(form).model_construct(
        **{**{name: getattr(form, name) for name in type(form).model_fields}, "rows": renamed})}})
    then = base(older, {"采购.本年决算": "30.66"})
    found = check_prior(HENGYANG, base(HENGYANG, {"政府采购.上年决算": "30"}), older, then)
    assert [(one.rule_id, one.expected) for one in found] == [("SN-01", "30.66 万元")]


def test_what_is_carried_over_is_what_was_left() -> None:
    def found(carried: str, left: str) -> list[str]:
        now = base(HUNAN, {"上年结转.计算用数": carried}, "评分依据")
        then = base(arithmetic(HUNAN, "2020"), {"年末结余.计算用数": left}, "评分依据")
        return [f"{one.rule_id} {one.delta}" for one in check_prior(HUNAN, now, arithmetic(HUNAN, "2020"), then)]

    assert [found("47.83", "47.84"), found("47.84", "47.84"), found("47.84", "")] == [["SN-02 -0.01 万元"], [], []]


def test_what_is_carried_over_by_an_institution() -> None:
    """Xiangxi leaves the sum blank and puts its one unit below 2、二级机构1."""
    year_before = arithmetic(XIANGXI, "2020")
    now = base(XIANGXI, {"收入.机构#1": "2、二级机构1", "收入.上年结转#1": "47.83"}, "收支情况")
    then = base(year_before, {"支出.机构#1": "1、局机关", "支出.累计结余#1": "5", "支出.机构#2": "2、 二级机构1",
                              "支出.累计结余#2": "47.84"}, "收支情况")
    found = [one for one in check_prior(XIANGXI, now, year_before, then) if "收入.上年结转" in one.subject]
    assert [(one.rule_id, one.actual, one.expected) for one in found] == [("SN-02", "47.83 万元", "47.84 万元")]


def test_other_figures_of_last_year() -> None:
    """The change rate's 上年“三公经费”预算数 stood in the base data of last year."""
    year_before = arithmetic(YUHUA, "2021")
    then = base(year_before, {"三公经费.本年预算": "3", "三公经费.本年决算": "2"})

    def found(typed: str) -> list[str]:
        now = base(YUHUA, {"上年三公预算.计算用数": typed}, "评分依据")
        return [f"{one.rule_id} {one.actual}→{one.expected}" for one in check_prior(YUHUA, now, year_before, then)]

    assert [found("1"), found("3"), found("")] == [["SN-03 1.00 万元→3.00 万元"], [], []]


def test_a_finding_keeps_its_identity_when_the_figure_changes() -> None:
    found = [check_prior(HENGYANG, base(HENGYANG, {"三公经费.上年决算": typed}), BEFORE, base(BEFORE, LAST))[0]
             for typed in ("16", "17")]
    assert found[0].identity == found[1].identity and found[0].fingerprint != found[1].fingerprint


def test_no_workbook_of_last_year_and_two_of_them() -> None:
    lines = [no_prior("2022", (), ()).message, no_prior("2022", ["甲 中心"], ()).message,
             no_prior("", (), ["甲\n2020.xlsx"]).message, two_priors(["甲.xlsx", "甲-改.xlsx"]).message]
    assert lines == [
        "没有找到这个单位上年（2021 年度）的表，没有与上年核对。",
        "没有找到这个单位上年（2021 年度）的表，没有与上年核对；有名称相近的单位“甲 中心”，是不是同一单位。",
        "没有找到这个单位上年的表，没有与上年核对；只有别的年度的（甲 2020.xlsx）。",
        "这个单位上年的表有几份（甲.xlsx、甲-改.xlsx），不知道以哪一份为准，没有与上年核对。"]
    assert [no_prior("2022", (), ()).severity, two_priors(["甲"]).severity] == ["note", "warning"]


def test_every_check_says_what_holds_how_severe_it_is_and_what_to_do() -> None:
    assert list(CROSS_CHECKS) == [*(f"SN-0{number}" for number in range(1, 8)), *(f"DW-0{number}" for number in range(1, 8))]
    assert all(check.words and check.advice and check.example and check.basis for check in CROSS_CHECKS.values())
    assert not any(check.advice.endswith("。") for check in CROSS_CHECKS.values())
