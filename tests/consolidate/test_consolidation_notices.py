"""What the reader of the totals must know, and what can't be added up."""

from __future__ import annotations

from dataclasses import replace

from sample_units import filed, unit_a, unit_b, unit_c

from pyfuncs.consolidate.admission import Choice
from pyfuncs.consolidate.consolidation import consolidate
from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.held import Held
from pyfuncs.consolidate.units_list import parse_units

EVERYBODY = Choice(include_rejected=True)             # the sample units have findings


def renamed(one: Filed, name: str) -> Filed:
    return replace(one, submission=replace(one.submission, entity=name))


def test_everything_the_reader_must_know_is_noticed():
    nameless = renamed(unit_b(path="无名.xlsx"), " ")
    units = parse_units([["单位名称"], ["甲中心"], ["丙中心局"]])
    result = consolidate(Held([unit_a(), unit_c(), nameless]), units, EVERYBODY)
    assert {(notice.text, notice.units) for notice in result.notices} == {
        ("会计年度不一致，合计把不同年度的数加在一起；其余单位为 2022", ("丙中心（2021）",)),
        ("用的规则集不一致，每个项目只加有这一项的单位，得分口径可能不同；其余单位为 430400/2022", ("丙中心（430181/2021）",)),
        ("有必须修改的错误，按要求计入了合计，改正后请重新汇总", tuple(line.unit for line in result.units)),
        ("没有填单位名称，暂用文件名代替", ("（未填单位名称）无名",)),
        ("不在单位名单里，数已计入合计；括号里是名单上没有报送、名称相近的，请核对是不是同一单位", ("丙中心（丙中心局）",)),
        ("不在单位名单里，数已计入合计", ("（未填单位名称）无名",)),
    }


def test_a_score_on_an_assumed_rule_is_told():
    assumed = filed("430181/2021", "丙中心", {"项目": [{"资金.全年预算": "5", "资金.全年执行": "5"}]})
    texts = [(notice.text, notice.units) for notice in consolidate(Held([assumed]), choice=EVERYBODY).notices]
    assert [units for text, units in texts if "推定" in text] == [("丙中心",)]


def test_units_that_must_mend_their_forms_stay_out_unless_they_are_let_in():
    left_out = consolidate(Held([unit_a(), unit_b()]))
    let_in = consolidate(Held([unit_a(), unit_b()]), choice=EVERYBODY)
    assert (left_out.root.units, [one.unit for one in left_out.rejected]) == (0, ["乙中心", "甲中心"])
    assert (let_in.root.units, [(line.unit, line.must_fix) for line in let_in.units]) == (
        2, [("乙中心", True), ("甲中心", True)])
    assert not let_in.complete


def test_departments_add_up_to_the_whole_and_every_unit_stands_under_its_own():
    units = [unit_a(path="局/甲.xlsx"), unit_b(path="局/乙.xlsx"), unit_c(path="区/丙.xlsx")]
    result = consolidate(Held(units), choice=EVERYBODY)
    assert [(node.node.name, node.units) for node in result.nodes] == [("全部单位", 3), ("局", 2)]
    assert {line.unit: line.node for line in result.units} == {"甲中心": "局", "乙中心": "局", "丙中心": ""}
    staff = [{total.key: total.value for total in node.totals}["基础数据!在职人数"] for node in result.nodes]
    assert staff == [58, 42]                          # 12 + 30, and 16


def test_what_cannot_be_added_is_listed_with_the_reason_and_how_many_answered():
    result = consolidate(Held([unit_a(), unit_b()]), choice=EVERYBODY)
    assert {(one.form, one.name): (one.reason, one.filed) for one in result.listed if one.form == "项目"} == {
        ("项目", "项目名称"): ("文字，不能相加", 2), ("项目", "执行率"): ("比率，按合计数重新计算", 2),
        ("项目", "资金得分"): ("得分，按规则重评或逐个列出", 2)}
