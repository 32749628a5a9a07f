"""Units compared with one another: each check with what it tells and what it leaves alone."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from pyfuncs.catalog.figures import Figure, figures
from pyfuncs.catalog.load import load_ruleset
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.submission import Submission
from pyfuncs.checks.entities import check_entities
from pyfuncs.checks.finding import Finding
from sample_units import submission

HENGYANG = load_ruleset("430400/2022")
ANSWER = "严格执行中央八项规定，压减一般性支出，从严控制会议和差旅。"
AMOUNTS = {"办公经费.本年决算": "2.46", "水电差旅.本年决算": "12.25", "会议培训.本年决算": "13.43", "公车交通.本年决算": "12.41",
           "公务接待.本年决算": "8.92"}
RESULTS = ["开展 5 次考察", "完成汇编 12 册", "全年按时", "引资 3 亿元", "完成"]


@dataclass(frozen=True)
class Filed:
    submission: Submission
    ruleset: RuleSet | None
    unit: str
    year: str = "2022"
    figures: Mapping[tuple[str, int], Figure] = field(default_factory=dict)


def filed(entity: str, base: Mapping[str, str] = {}, whole: Mapping[str, str] = {}, path: str = "", **changes) -> Filed:
    one = submission(HENGYANG, entity, {"基础数据": base, "整体自评": whole}, path, **changes)
    return Filed(one, HENGYANG, entity, figures=figures(HENGYANG, one))


def compared(*units: Filed) -> dict[int, list[Finding]]:
    return check_entities(units, lambda name: name.replace(" ", ""))


def codes(*units: Filed) -> list[list[str]]:
    found = compared(*units)
    return [[finding.rule_id for finding in found.get(place, [])] for place in range(len(units))]


def indicators(results: list[str] = [], scores: list[str] = []) -> dict[str, str]:
    return {**{f"指标.完成值#{row}": text for row, text in enumerate(results, 1)},
            **{f"指标.得分#{row}": text for row, text in enumerate(scores, 1)},
            **{f"指标.分值#{row}": "10" for row, _ in enumerate(scores, 1)}}


def test_units_that_have_nothing_in_common() -> None:
    other = {name: str(Decimal(value) + 1) for name, value in AMOUNTS.items()}
    assert codes(filed("甲中心", {**AMOUNTS, "厉行节约": ANSWER}, indicators(RESULTS)),
                 filed("乙中心", {**other, "厉行节约": ANSWER[:-3]}, indicators(RESULTS[::-1]))) == [[], []]
    assert compared() == {} == compared(filed("甲中心", AMOUNTS))


# -- files ------------------------------------------------------------------------------------------------


def test_one_file_handed_in_by_two_units() -> None:
    one, other = filed("甲中心", AMOUNTS, path="甲/表.xlsx", sha256="a"), filed("乙中心", AMOUNTS, path="乙/乙表.xlsx", sha256="a")
    found = compared(one, filed("丙中心", sha256="c"), other)
    assert {place: [finding.rule_id for finding in findings] for place, findings in found.items()} == {0: ["DW-01"], 2: ["DW-01"]}
    assert (found[0][0].severity, found[0][0].kind) == ("error", "entities")
    assert found[0][0].message == "这个文件与“乙中心”的 乙表.xlsx完全一样，是同一个文件报了两次。"


def test_a_file_that_could_not_be_judged_may_be_handed_in_twice_too() -> None:
    unread = [Filed(Submission(f"{name}.xlsx", "x", "", "", ""), None, name) for name in "甲乙"]
    assert codes(*unread) == [["DW-01"], ["DW-01"]]
    nothing = [Filed(Submission(f"{name}.xlsx", "", "", "", ""), None, name) for name in "甲乙"]
    assert codes(*nothing) == [[], []]                 # files that could not be opened have no digest


def test_two_workbooks_of_one_unit() -> None:
    two = filed("甲中心", {"厉行节约": ANSWER}, path="甲.xlsx"), filed("甲 中心", {"厉行节约": ANSWER}, path="甲-改.xlsx")
    found = compared(*two)
    assert [[(one.rule_id, one.severity) for one in found[place]] for place in (0, 1)] == [[("DW-02", "warning")]] * 2
    assert "（甲-改.xlsx）" in found[0][0].message and "（甲.xlsx）" in found[1][0].message
    assert codes(filed("甲中心"), Filed(filed("甲中心", path="2").submission, HENGYANG, "甲中心", year="2021")) == [[], []]


# -- answers ----------------------------------------------------------------------------------------------


def test_answers_that_are_letter_for_letter_the_same() -> None:
    units = [filed(f"{name}中心", {"厉行节约": text}) for name, text in
             zip("甲乙丙丁戊己", [ANSWER, ANSWER.replace("，", ", "), ANSWER + "另外加强管理。", ANSWER, ANSWER, ANSWER])]
    found = compared(*units)
    assert sorted(found) == [0, 1, 3, 4, 5]
    finding = found[0][0]
    cell = units[0].submission.item("基础数据", "厉行节约").cell
    assert (finding.rule_id, finding.severity, finding.cells) == ("DW-03", "warning", (cell,))
    assert "与“乙中心”、“丁中心”、“戊中心”等 4 个单位一字不差：“严格执行" in finding.message
    assert "与“甲中心”、“乙中心”、“丁中心”等 4 个单位" in found[5][0].message


def test_several_answers_taken_over_from_one_unit_are_one_finding() -> None:
    answers = {"履职概述": ANSWER, "绩效目标": ANSWER[::-1]}
    found = compared(filed("甲中心", {}, answers), filed("乙中心", {}, answers))
    assert [(one.rule_id, len(one.cells), one.alike) for one in found[1]] == [("DW-03", 2, True)]


@pytest.mark.parametrize(("form", "typed"), [
    ("整体自评", {"绩效目标": "完成年度招商任务。"}),          # short: alike by chance
    ("项目", {"主管部门": "某某国家级经济技术开发区管理委员会招商合作局机关"}),      # one department, many units
    ("项目", {"项目名称": "全省开发区招商引资工作经费及项目前期费用补助专项资金"}),
])
def test_what_is_no_answer_may_be_the_same(form: str, typed: dict[str, str]) -> None:
    units = [Filed(submission(HENGYANG, name, {form: typed}), HENGYANG, name) for name in ("甲中心", "乙中心")]
    assert codes(*units) == [[], []]


def test_names_of_projects_and_indicators_are_common_to_a_system() -> None:
    name = "全省开发区招商引资工作经费及项目前期费用补助专项资金"
    base = {"业务明细.名称#1": name, "业务明细.本年决算#1": "1"}
    whole = {"指标.三级#1": name, "指标.指标值#1": name}
    assert codes(filed("甲中心", base, whole), filed("乙中心", base, whole)) == [[], []]


def test_a_column_of_results_that_is_the_same() -> None:
    found = compared(filed("甲中心", {}, indicators(RESULTS)), filed("乙中心", {}, indicators(RESULTS)),
                     filed("丙中心", {}, indicators(RESULTS[:4] + ["没完成"])))
    assert sorted(found) == [0, 1] and [one.rule_id for one in found[0]] == ["DW-04"]
    assert len(found[0][0].cells) == 5 and "起的一栏 5 个答案与“乙中心”的全都一样" in found[0][0].message


@pytest.mark.parametrize(("results", "scores", "same"), [
    (RESULTS, [], True), (RESULTS[:4], [], False), (["完成"] * 6, [], False), (["完成", "达标"] * 3, [], False),
    ([], ["10", "9", "8.5", "7", "10"], True), ([], ["10", "10", "8.5", "7", "10"], False), ([], ["10"] * 6, False),
])
def test_columns_that_are_no_chance(results: list[str], scores: list[str], same: bool) -> None:
    units = [filed(f"{name}中心", {}, indicators(results, scores)) for name in "甲乙"]
    assert codes(*units) == [["DW-04"] if same else []] * 2


# -- amounts ----------------------------------------------------------------------------------------------


def test_amounts_that_are_the_same_to_the_cent() -> None:
    units = (filed("甲中心", {**AMOUNTS, "印刷费.本年决算": "1.11"}), filed("乙中心", {**AMOUNTS, "印刷费.本年决算": "2.22"}),
             filed("丙中心", {**AMOUNTS, "公务接待.本年决算": "8.93"}))
    found = compared(*units)
    assert {place: [one.rule_id for one in findings] for place, findings in found.items()} == {0: ["DW-05"], 1: ["DW-05"]}
    assert "2.46 万元等 5 个金额与“乙中心”的一分不差" in found[0][0].message
    assert set(found[1][0].cells) == {units[1].submission.item("基础数据", name).cell for name in AMOUNTS}


def test_round_amounts_and_repeated_ones_are_alike_by_chance() -> None:
    rounded = {name: f"{number}0" for number, name in enumerate(AMOUNTS, 1)}
    repeated = dict.fromkeys(AMOUNTS, "12.41")
    for base in (rounded, repeated):
        assert codes(filed("甲中心", base), filed("乙中心", base)) == [[], []]


# -- outliers ---------------------------------------------------------------------------------------------


def staffed(name: str, heads: str) -> Filed:
    return filed(f"{name}中心", {"编制数": "100", "在职人数": heads})


def test_a_rate_far_from_all_others() -> None:
    usual = [staffed(name, heads) for name, heads in zip("甲乙丙丁戊己庚", ["90", "91", "92", "93", "94", "95", "96"])]
    found = compared(*usual, staffed("辛", "30"))
    assert list(found) == [7] and [(one.rule_id, one.severity) for one in found[7]] == [("DW-06", "note")]
    assert "按表内的数是 30.00%，8 个单位的中间值是 92.00%，相差较大" in found[7][0].message
    assert compared(*usual, staffed("辛", "75")) == {}   # far by their spread, but no 20 percentage points
    assert compared(*usual[1:], staffed("辛", "30")) == {}             # too few to compare


def test_a_thousand_units_take_no_time() -> None:
    """All with the same answer and amounts: the work must not grow with the square of their number."""
    one = filed("甲", {**AMOUNTS, "厉行节约": ANSWER}, indicators(RESULTS))

    def seconds(count: int) -> float:
        units = [Filed(Submission(f"{number}.xlsx", str(number), one.submission.ruleset, "", "2022", one.submission.items),
                       HENGYANG, f"第{number}中心", figures=one.figures) for number in range(count)]
        start = time.process_time()
        assert len(compared(*units)) == count
        return time.process_time() - start

    seconds(50)
    few, many = (min(seconds(count) for _ in range(3)) for count in (150, 1200))
    assert many < 24 * few                             # eight times as many; the square would be 64 times
