"""The main job on the bundled units: every finding, its cells and severity, compared whole.

Each row names the relation it answers to: S0 to S4 are relations of five real reports that were checked by
hand. `BROKEN` are those found contradictory there, or not filled at all, that stand in a table, so every error
must be one of them: a relation that holds gives no error. Relations between sentences alone are not looked at yet.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pyfuncs.catalog.codes import code, derived_keys
from pyfuncs.consolidate.held import Held
from pyfuncs.helper.cli import main
from pyfuncs.helper.demo import Demo, run_demo
from pyfuncs.helper.pipeline import process

HENGYANG, LIUYANG = "衡阳市投资促进事务中心", "浏阳市招商引资服务中心"
XIANGXI, CHANGSHA, KAIFU = "湘西州投资促进事务中心", "长沙市投资促进事务中心", "长沙市开福区商务局"
BROKEN = {"S0-18", "S4-18", "S2-14", "S2-15", "S2-17", "S2-25", "S2-29", "S1-05", "S1-24", "S1-42", "S3-36", "S3-39", "S3-52", "S3-55",
          "S3-58", "S3-81"}

# unit, relation ("" where the relation is only a matter of filling in), rule, severity, cells (culprit first)
FINDINGS = [
    (HENGYANG, "S1-05", "430400-2022-JCSJ-006", "error", "基础数据表!D5 B5 C5"),
    (HENGYANG, "S1-24", "430400-2022-JCSJ-018", "error", "基础数据表!C23 C24 C30 C34"),
    (HENGYANG, "S1-42", "430400-2022-KB-06", "error", "整体自评表!F17 E17 项目1!F14 E14"),
    (HENGYANG, "S1-33", "430400-2022-ZTZP-034", "warning", "整体自评表!F4 D4"),
    (HENGYANG, "S1-33", "430400-2022-ZTZP-033", "warning", "整体自评表!H13 F4 D4"),
    (HENGYANG, "S1-30", "430400-2022-JCSJ-011", "warning", "基础数据表!B7 C7 D7"),
    (HENGYANG, "S1-18", "430400-2022-KB-11", "warning", "基础数据表!C22 C12"),
    (HENGYANG, "S1-17", "430400-2022-KB-11", "warning", "基础数据表!D22 D12"),
    (HENGYANG, "S1-54", "430400-2022-XMZP-015", "warning", "项目1!F8 G8 H8"),
    (HENGYANG, "S1-54", "430400-2022-XMZP-015", "warning", "项目2!F8 G8 H8"),
    (HENGYANG, "S1-34", "430400-2022-ZTZP-012", "rounding", "整体自评表!I4"),
    (HENGYANG, "", "430400-2022-ZB-02", "note", "基础数据表!D7"),
    (HENGYANG, "S1-64", "430400-2022-JCSJ-009", "note", "基础数据表!D9 D10"),
    (HENGYANG, "S1-58", "430400-2022-KB-05", "note", "基础数据表!A25 项目2!C4"),
    (HENGYANG, "S1-58", "430400-2022-KB-05", "note", "基础数据表!A26 项目1!C4"),
    (HENGYANG, "", "430400-2022-ZTZP-023", "note", "整体自评表!F25"),
    (HENGYANG, "", "430400-2022-XMZP-021", "note", "项目1!F25"),
    (HENGYANG, "", "430400-2022-XMZP-021", "note", "项目2!F27"),
    (LIUYANG, "S3-36", "430181-2021-ZTZP-005", "error", "整体自评表!G5 E5 F5"),
    (LIUYANG, "S3-39", "430181-2021-KB-07", "error", "整体自评表!E8 项目1!D6"),
    (LIUYANG, "S3-81", "430181-2021-ZTZP-020", "error", "整体自评表!H35 G35"),
    (LIUYANG, "S3-81", "430181-2021-ZTZP-020", "error", "整体自评表!H37 G37"),
    (LIUYANG, "S3-81", "430181-2021-ZTZP-020", "error", "整体自评表!H39 G39"),
    (LIUYANG, "S3-81", "430181-2021-ZTZP-020", "error", "整体自评表!H41 G41"),
    (LIUYANG, "S3-81", "430181-2021-ZTZP-020", "error", "整体自评表!H43 G43"),
    (LIUYANG, "S3-52", "430181-2021-XMZP-010", "error", "项目1!G6 D6 E6"),
    (LIUYANG, "S3-81", "430181-2021-XMZP-022", "error", "项目1!I15 H15"),
    (LIUYANG, "S3-81", "430181-2021-XMZP-022", "error", "项目1!I22 H22"),
    (LIUYANG, "S3-81", "430181-2021-XMZP-022", "error", "项目1!I24 H24"),
    (LIUYANG, "S3-81", "430181-2021-XMZP-022", "error", "项目1!I26 H26"),
    (LIUYANG, "S3-81", "430181-2021-XMZP-022", "error", "项目1!I28 H28"),
    (LIUYANG, "S3-81", "430181-2021-XMZP-022", "error", "项目1!I31 H31"),
    (LIUYANG, "S3-55", "430181-2021-XMZP-028", "error", "项目1!G34 F6 G13 G15 G17 G19 G22 G24 G26 G28 G31"),
    (LIUYANG, "S3-58", "430181-2021-XMZP-030", "error", "项目1!H34 H6 H13 H15 H17 H19 H22 H24 H26 H28 H31"),
    (LIUYANG, "", "430181-2021-KB-04", "warning", "基础数据表!B12 B17"),
    (LIUYANG, "", "430181-2021-KB-04", "warning", "基础数据表!C12 C17"),
    (LIUYANG, "", "430181-2021-KB-04", "warning", "基础数据表!D12 D17"),
    (LIUYANG, "", "430181-2021-JCSJ-015", "warning", "基础数据表!B13 C13 D13"),
    (LIUYANG, "S3-39", "430181-2021-ZTZP-006", "warning", "整体自评表!G5 E5 F5"),
    (LIUYANG, "S3-39", "430181-2021-ZTZP-012", "warning", "整体自评表!G7 E7 F7"),
    (LIUYANG, "S3-39", "430181-2021-ZTZP-015", "warning", "整体自评表!G8 E8 F8"),
    (LIUYANG, "S3-51", "430181-2021-XMZP-013", "warning", "项目1!H6"),
    (LIUYANG, "", "430181-2021-KB-01", "note", "基础数据表!D13"),
    (LIUYANG, "S3-74", "430181-2021-JCSJ-016", "note", "基础数据表!B17"),
    (LIUYANG, "S3-87", "430181-2021-JCSJ-008", "note", "基础数据表!C17 C18 D18"),
    (LIUYANG, "S3-87", "430181-2021-ZTZP-004", "note", "整体自评表!G5 G7 G8"),
    (LIUYANG, "S3-87", "430181-2021-XMZP-002", "note",
     "项目1!C6 D6 E6 H6 C7 D7 E7 H13 H15 H17 H19 H22 H24 H26 H28 H31 H34"),
    (LIUYANG, "S3-54", "430181-2021-XMZP-024", "note", "项目1!G22 G24 G26 G28"),
    (LIUYANG, "S3-68", "430181-2021-XMZP-021", "note", "项目1!H19 E19 F19"),
    (XIANGXI, "S2-14", "433100-2021-PFB-016", "error", "评分表!I7 评分依据!B10 B13"),
    (XIANGXI, "S2-15", "433100-2021-KB-18", "error", "评分依据!C13 B13"),
    (XIANGXI, "S2-17", "433100-2021-KB-01", "error", "评分依据!B5 收支情况!C8"),
    (XIANGXI, "S2-25", "433100-2021-KB-17", "error", "评分表!J9 H9 F9"),
    (XIANGXI, "S2-29", "433100-2021-PFYJ-008", "error", "评分依据!C10 C11 C12"),
    (XIANGXI, "S2-45", "433100-2021-SZQK-002", "warning",
     "收支情况!B6 C6 D6 B15 C15 D15 E15 F15 H15 B22 C22 B29 C29"),
    (XIANGXI, "S2-44", "433100-2021-ZPQK-002", "warning", "自评情况!C14"),
    (XIANGXI, "S2-19", "433100-2021-KB-03", "rounding", "评分依据!B5 B6 B7 收支情况!B8"),
    (XIANGXI, "S2-05", "433100-2021-KB-12", "note", "收支情况!G17"),
    (XIANGXI, "S2-29", "433100-2021-PFYJ-008", "note", "评分依据!B10"),
    (XIANGXI, "S2-33", "433100-2021-PFYJ-002", "note", "评分依据!C19"),
    (XIANGXI, "S2-21", "433100-2021-PFB-018", "note", "评分表!J8"),
    (CHANGSHA, "S0-18", "430000-2020-PFB-066", "error",
     "评分表!J4 J5 J6 J7 J8 J9 J10 J11 J12 J13 J14 J15 J16 J17 J18 J19"),
    (CHANGSHA, "", "430000-2020-JCSJ-006", "warning", "基础数据表!D4"),
    (CHANGSHA, "", "430000-2020-PFYJ-005", "warning", "评分依据表!B6"),
    (CHANGSHA, "", "430000-2020-PFYJ-010", "warning", "评分依据表!B9"),
    (CHANGSHA, "", "430000-2020-PFB-008", "warning", "评分表!I4"),
    (CHANGSHA, "", "430000-2020-PFB-006", "warning", "评分表!J4"),
    (CHANGSHA, "", "430000-2020-JCSJ-014", "note", "基础数据表!C12"),
    (KAIFU, "S4-18", "430000-2021-PFB-066", "error",
     "评分表!J4 J5 J6 J7 J8 J9 J10 J11 J12 J13 J14 J15 J16 J17 J18 J19"),
    (KAIFU, "S4-17", "430000-2021-KB-03", "warning", "基础数据表!C4 B4"),
    (KAIFU, "S4-04", "430000-2021-JCSJ-006", "warning", "基础数据表!D4"),
    (KAIFU, "S4-08", "430000-2021-PFYJ-018", "warning", "评分依据表!B15"),
    (KAIFU, "S4-04", "430000-2021-PFB-008", "warning", "评分表!I4"),
    (KAIFU, "S4-17", "430000-2021-PFB-006", "warning", "评分表!J4"),
    (KAIFU, "S4-17", "430000-2021-PFB-063", "warning", "评分表!J20"),
]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return run_demo(tmp_path_factory.mktemp("demo"), date(2023, 3, 20))


def cells(text: str) -> list[str]:
    """"基础数据表!D5 B5" -> ["基础数据表!D5", "基础数据表!B5"]"""
    found: list[str] = []
    for word in text.split():
        sheet, _, address = word.rpartition("!")
        found.append(f"{sheet or found[-1].rpartition('!')[0]}!{address}")
    return found


def test_findings_of_all_units(demo: Demo) -> None:
    found = [(one.unit, finding.rule_id, finding.severity, list(finding.cells))
             for one in demo.filed for finding in one.findings]
    wanted = [(unit, rule, severity, cells(place)) for unit, _, rule, severity, place in FINDINGS]
    assert sorted(found) == sorted(wanted)


def test_every_error_is_a_relation_found_broken_and_all_of_those_are_found() -> None:
    assert {relation for _, relation, _, severity, _ in FINDINGS if severity == "error"} == BROKEN


@pytest.mark.parametrize(("key", "instance", "unit", "value"), [
    ("人员控制率", 0, HENGYANG, "0.8"),                       # S1-05
    ("资金执行率", 0, HENGYANG, "0.6854172854173"),           # S1-33
    ("人员控制率", 0, XIANGXI, "0.3076923076923"),         # S2-12
    ("三公经费变动率", 0, XIANGXI, "-0.6666666666667"),        # S2-14
    ("预算完成率", 0, XIANGXI, "0.8502109704641"),            # S2-16
    ("预算调整率", 0, XIANGXI, "0.0114436619718"),            # S2-23
    ("公用经费控制率", 0, XIANGXI, "0.8817946505608"),         # S2-27
    ("综合满意度", 0, XIANGXI, "0.961"),                          # S2-35
    ("自评总分", 0, XIANGXI, "94"),                           # S2-42
    ("人员控制率", 0, KAIFU, "1.4545454545455"),              # S4-04
    ("人员控制率", 0, CHANGSHA, "0.7333333333333"),
    ("资金得分", 0, HENGYANG, "6.85"),                        # S1-34
    ("自评总分", 0, HENGYANG, "97"),                          # S1-39
    ("三公经费控制率", 0, HENGYANG, "0.5805714285714"),        # S1-61
    ("三公经费变动率", 0, HENGYANG, "-0.3041095890411"),       # S1-62
    ("公用经费控制率", 0, HENGYANG, "0.2300914161249"),        # S1-63
    ("财政拨款执行率", 0, LIUYANG, "1.5449960643987"),         # S3-36
    ("自评总分", 0, LIUYANG, "90"),                           # S3-49
    ("项目执行率", 1, LIUYANG, "1"),                          # S3-52
    ("项目总分", 1, LIUYANG, "100"),                          # S3-58
    ("政府采购执行率", 0, LIUYANG, "0.9788825242718"),         # S3-69
    ("预算调整率", 0, LIUYANG, "0.5449960643987"),             # S3-73
])
def test_computed_figures(demo: Demo, key: str, instance: int, unit: str, value: str) -> None:
    filed = next(one for one in demo.filed if one.unit == unit)
    assert f"{filed.figures[key, instance].value:f}" == value


def test_three_are_excellent_on_their_own_figures(demo: Demo) -> None:
    """97, 94 and 90: the last stands exactly on the boundary (S1-40, S2-43, S3-50). Two filed prose only."""
    assert sorted((line.rank, line.unit, line.total, line.grade) for line in demo.result.units if line.rank) == [
        (1, HENGYANG, 97, "优"), (2, XIANGXI, 94, "优"), (3, LIUYANG, 90, "优")]
    assert {line.unit for line in demo.result.units if not line.rank} == {CHANGSHA, KAIFU}


def test_the_readings_of_a_step_are_shown(demo: Demo) -> None:
    """85.02% of the budget: a step begun counts (0), or does not (1), or in proportion (0); S2-21."""
    [xiangxi] = [one for one in demo.filed if one.unit == XIANGXI]
    figure = xiangxi.figures["预算完成率得分", 0]
    assert (figure.value, [value for _, value in figure.readings]) == (0, [1, 0])


def test_the_total_of_the_units_is_exact_and_traceable(demo: Demo) -> None:
    totals = {total.key: total for total in demo.result.root.totals}
    reception = totals["基础数据!三公经费.本年决算"]
    assert reception.value == Decimal("440778.30")
    parts = Held(demo.filed).parts(demo.result.files, reception.form, reception.name, reception.kind)
    assert {(part.unit, part.cell, part.value) for part in parts if part.value is not None} == {
        (HENGYANG, "基础数据表!D17", Decimal("101600")), (LIUYANG, "基础数据表!D7", Decimal("339178.30"))}


def test_files_are_all_there_and_a_second_run_overwrites_nothing(demo: Demo, capsys: pytest.CaptureFixture) -> None:
    before = {path: path.read_bytes() for path in demo.folder.rglob("*.*") if path.is_file()}
    assert len(before) == 25
    again = run_demo(demo.folder.parent, date(2023, 3, 20))
    assert again.folder != demo.folder
    assert {path: path.read_bytes() for path in before} == before


def test_recomputed_workbooks_hold_no_wrong_rate_score_or_sum(demo: Demo) -> None:
    """What was typed wrongly is computed afresh; what people decided (weights, reasons) is still theirs."""
    errors = {}
    for path in sorted((demo.folder / "2 用函数重新计算").glob("*-公式版.xlsx")):
        filed = process(path)
        keys = {code(filed.ruleset, key): key.partition(":")[0] for _, key in derived_keys(filed.ruleset)}
        errors[filed.unit] = sorted({keys.get(finding.rule_id, finding.rule_id) for finding in filed.findings
                                     if finding.severity == "error"})
        printed = [(figure.printed.value, figure.value) for figure in filed.figures.values()
                   if figure.printed is not None and figure.printed.value is not None
                   and (filed.unit, figure.key) != (KAIFU, "自评总分")]   # a total without its scores stays as typed
        assert printed and all(shown == value for shown, value in printed)
    assert errors == {
        HENGYANG: ["430400-2022-KB-06"], LIUYANG: ["430181-2021-KB-07", "equals", "reason"], KAIFU: ["reason"],
        CHANGSHA: ["reason"], XIANGXI: ["433100-2021-KB-01", "433100-2021-KB-17", "433100-2021-KB-18"]}


def test_json_keeps_the_contract(demo: Demo) -> None:
    data = json.loads((demo.folder / "审核结果.json").read_text(encoding="utf-8"))
    assert set(data) == {"verdict", "summary", "files"} and data["verdict"] == "须修改"
    assert set(data["files"][0]) >= {"path", "sha256", "ruleset", "unit", "year", "forms", "items", "findings"}
    item = next(one for one in data["files"][0]["items"] if one["item"].startswith("公用经费"))
    assert set(item) == {"form", "instance", "row", "item", "value", "text", "cell"}


def test_command_prints_a_table_for_a_clerk(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    assert main(["demo", "-o", str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    for words in ("控制率", "68.54%", "须修改", "汇总.xlsx", "154.50%", "必须修改 3 处", "必须修改 16 处"):
        assert words in shown
