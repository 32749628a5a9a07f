"""Each unit against its own workbook of last year, and all units side by side, from what was filed."""

from __future__ import annotations

from collections.abc import Mapping

from pyfuncs.catalog.arithmetic import arithmetic
from pyfuncs.catalog.load import load_ruleset
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.submission import Submission
from pyfuncs.checks.run import check
from pyfuncs.consolidate.filed import Filed
from pyfuncs.workbook.across import with_cross_checks
from sample_units import submission

HENGYANG = load_ruleset("430400/2022")
BEFORE, LONG_AGO = arithmetic(HENGYANG, "2021"), arithmetic(HENGYANG, "2020")


def filed(entity: str, typed: Mapping[str, str], ruleset: RuleSet = HENGYANG, path: str = "") -> Filed:
    one = submission(ruleset, entity, {"基础数据": typed}, path or f"{ruleset.year}/{entity}.xlsx")
    return Filed(one, ruleset, {}, tuple(check(ruleset, one)))


def now(entity: str, final: str = "14.6") -> Filed:
    return filed(entity, {"公务接待.上年决算": final})


def then(entity: str, final: str = "14.6", ruleset: RuleSet = BEFORE, path: str = "") -> Filed:
    return filed(entity, {"公务接待.本年决算": final}, ruleset, path)


def added(units: list[Filed], prior: list[Filed]) -> list[list[str]]:
    """What was found beside each unit's own findings, which stay in front."""
    together = with_cross_checks(units, prior)
    assert [one.submission for one in together] == [one.submission for one in units]
    assert all(after.findings[:len(before.findings)] == before.findings
               for before, after in zip(units, together, strict=True))
    return [[f"{finding.rule_id} {finding.severity}" for finding in after.findings[len(before.findings):]]
            for before, after in zip(units, together, strict=True)]


def test_without_a_folder_of_last_year_nothing_is_missed() -> None:
    assert added([now("甲中心"), now("乙中心")], []) == [[], []]
    assert added([], []) == []


def test_units_are_paired_by_name() -> None:
    units = [now("甲中心"), now("乙中心", "9.99"), now("丙（局）", "9.99"), now("丁中心")]
    prior = [then("丙(局)"), then("乙 中心"), then("甲中心")]
    assert added(units, prior) == [[], ["SN-01 warning"], ["SN-01 warning"], ["SN-06 note"]]


def test_a_near_name_is_proposed_and_not_taken() -> None:
    units = [now("衡阳市投资促进事务中心", "9.99"), now("甲中心")]
    prior = [then("衡阳市投资促进中心"), then("甲中心")]
    finding = with_cross_checks(units, prior)[0].findings[-1]
    assert finding.rule_id == "SN-06" and "名称相近的单位“衡阳市投资促进中心”，是不是同一单位" in finding.message


def test_a_name_that_another_unit_has_is_not_proposed() -> None:
    units = [now("衡阳市投资促进事务中心"), now("衡阳市投资促进中心")]
    message = with_cross_checks(units, [then("衡阳市投资促进中心")])[0].findings[-1].message
    assert message == "没有找到这个单位上年（2021 年度）的表，没有与上年核对。"


def test_workbooks_of_another_year_are_not_last_years() -> None:
    units = [now("甲中心", "9.99"), now("乙中心", "9.99")]
    prior = [then("甲中心", ruleset=LONG_AGO), then("乙中心", ruleset=LONG_AGO), then("乙中心")]
    together = with_cross_checks(units, prior)
    assert "只有别的年度的（甲中心.xlsx）" in together[0].findings[-1].message
    assert [one.rule_id for one in together[1].findings if one.kind == "prior"] == ["SN-01"]


def test_a_workbook_whose_year_is_not_known_is_nobodys_last_year() -> None:
    undated = arithmetic(HENGYANG, "")
    assert added([now("甲中心", "9.99")], [then("甲中心", ruleset=undated)]) == [["SN-06 note"]]
    assert added([filed("甲中心", {}, undated)], [then("甲中心")]) == [["SN-06 note"]]


def test_two_of_last_years_workbooks() -> None:
    two = [then("甲中心"), then("甲中心", "9.99", path="2021/甲-改.xlsx")]
    assert added([now("甲中心", "9.99")], two) == [["SN-07 warning"]]
    assert added([now("甲中心", "9.99")], [two[0], then("甲中心")]) == [["SN-01 warning"]]     # one file, found twice


def test_workbooks_that_could_not_be_judged() -> None:
    unread = Filed(Submission("甲.xls", "x", "", "", ""))
    assert added([unread, now("甲中心")], [unread, then("甲中心")]) == [[], []]


def test_units_are_compared_with_one_another_in_every_run() -> None:
    copies = [Filed(Submission(f"{name}.xls", "x", "", name, "")) for name in "甲乙"]
    assert added([copies[0], now("丙中心"), copies[1]], []) == [["DW-01 error"], [], ["DW-01 error"]]
    assert all(one.must_fix for one in with_cross_checks(copies, []))
