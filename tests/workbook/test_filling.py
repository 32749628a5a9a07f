from __future__ import annotations

import pytest

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.catalog.marks import Mark, RuleSetError, load_marked
from pyfuncs.workbook.filling import Filling, parse_filling
from pyfuncs.workbook.places import Shape, Slot
from workbook_samples import RULESETS, filed

HENGYANG = "ruleset: 430400/2022\nentity: 甲中心\nforms:\n"
LIUYANG = "ruleset: 430181/2021\nentity: 乙中心\nforms:\n"


def parsed(text: str) -> Filling:
    raw = load_marked(text, "甲.yaml")
    return parse_filling(load_ruleset(raw["ruleset"]), raw, Mark("甲.yaml", 1))


def test_every_text_goes_to_its_slot():
    filling = parsed(HENGYANG + """\
  基础数据:
    cells: {编制数: "15"}
    rows: {公用经费: ["156.75", "", "69.72"]}
    tables: {业务明细: [[联络, "18", "18", "18"]]}
  项目:
  - fixed: {财政拨款: {"H:I": "10"}}
    tables:
      指标:
        质量指标: [[办结率, 100%, 100%, "10", "9", 晚了]]
        数量指标: [[考察, ≥2次, 2次, "8", "8", ""], [活动, "", "", "", "", ""], [走访, 2次, 2次, "8", "8", ""]]
  - cells: {项目名称: 二}
""")
    assert filling == Filling("430400/2022", "甲中心", {
        Slot("基础数据", 1, "编制数"): "15",
        Slot("基础数据", 1, "公用经费.上年决算"): "156.75", Slot("基础数据", 1, "公用经费.本年决算"): "69.72",
        Slot("基础数据", 1, "业务明细.名称", 1): "联络", Slot("基础数据", 1, "业务明细.上年决算", 1): "18",
        Slot("基础数据", 1, "业务明细.本年预算", 1): "18", Slot("基础数据", 1, "业务明细.本年决算", 1): "18",
        Slot("项目", 1, "财政拨款.H:I"): "10",
        Slot("项目", 1, "指标.三级", 1, "数量指标"): "考察", Slot("项目", 1, "指标.指标值", 1, "数量指标"): "≥2次",
        Slot("项目", 1, "指标.完成值", 1, "数量指标"): "2次", Slot("项目", 1, "指标.分值", 1, "数量指标"): "8",
        Slot("项目", 1, "指标.得分", 1, "数量指标"): "8", Slot("项目", 1, "指标.三级", 2, "数量指标"): "活动",
        Slot("项目", 1, "指标.三级", 3, "数量指标"): "走访", Slot("项目", 1, "指标.指标值", 3, "数量指标"): "2次",
        Slot("项目", 1, "指标.完成值", 3, "数量指标"): "2次", Slot("项目", 1, "指标.分值", 3, "数量指标"): "8",
        Slot("项目", 1, "指标.得分", 3, "数量指标"): "8",
        Slot("项目", 1, "指标.三级", 4, "质量指标"): "办结率", Slot("项目", 1, "指标.指标值", 4, "质量指标"): "100%",
        Slot("项目", 1, "指标.完成值", 4, "质量指标"): "100%", Slot("项目", 1, "指标.分值", 4, "质量指标"): "10",
        Slot("项目", 1, "指标.得分", 4, "质量指标"): "9", Slot("项目", 1, "指标.原因", 4, "质量指标"): "晚了",
        Slot("项目", 2, "项目名称"): "二",
    }, Shape(2, {
        ("基础数据", 1, "业务明细"): 1, ("项目", 1, "数量指标"): 3, ("项目", 1, "质量指标"): 1,
        ("项目", 1, "时效指标"): 0, ("项目", 1, "成本指标"): 0, ("项目", 1, "经济效益指标"): 0,
        ("项目", 1, "社会效益指标"): 0, ("项目", 1, "生态效益指标"): 0, ("项目", 1, "可持续影响指标"): 0,
        ("项目", 1, "服务对象满意度指标"): 0,
    }))


def test_one_score_per_group_is_the_first_row_s():
    filling = parsed(LIUYANG + """\
  整体自评:
  - rows: {财政拨款: ["1", "2", "200%"]}
    tables: {指标: {数量指标: [[甲, "", "", "6", ""], [乙, "", "", "5", 原因]]}}
""")
    assert {slot.name: text for slot, text in filling.typed.items() if slot.row} == {
        "指标.三级": "乙", "指标.得分": "6"}
    assert filling.typed[Slot("整体自评", 1, "财政拨款.执行率")] == "200%"


@pytest.mark.parametrize(("text", "problems"), [
    (HENGYANG + "  基础:\n    cells: {}\n",
     ["甲.yaml 第 4 行：没有叫“基础”的表单；是不是想写 基础数据？"]),
    (HENGYANG + "  基础数据:\n    cells:\n      编制: \"15\"\n      在职人数: [\"1\"]\n",
     ["甲.yaml 第 6 行：没有叫“编制”的单元格；是不是想写 编制数？",
      "甲.yaml 第 7 行：这里应是照表上所印写的文字，例如 \"68.54%\""]),
    (HENGYANG + "  基础数据:\n    row: {}\n",
     ["甲.yaml 第 5 行：没有叫“row”的键；是不是想写 rows？"]),
    (HENGYANG + "  基础数据:\n    rows:\n      公用经费: [\"1\", \"2\"]\n",
     ["甲.yaml 第 6 行：行“公用经费”要有 3 个数（上年决算、本年预算、本年决算），这里是 2 个"]),
    (HENGYANG + "  项目:\n  - fixed:\n      财政拨款: {E: \"1\"}\n",
     ["甲.yaml 第 6 行：没有叫“E”的列；可以写：F、G、H:I"]),
    (HENGYANG + "  项目:\n  - tables:\n      指标:\n        数量: []\n        质量指标:\n        - [甲, 乙]\n",
     ["甲.yaml 第 7 行：没有叫“数量”的二级指标；是不是想写 数量指标？",
      "甲.yaml 第 9 行：每行要有 6 项（三级、指标值、完成值、分值、得分、原因），这里是 2 项；没有的写 \"\""]),
    (HENGYANG + "  基础数据: [{}, {}]\n",
     ["甲.yaml 第 4 行：表单“基础数据”只有一张，这里写了 2 张"]),
    (LIUYANG + "  整体自评:\n    tables: {指标: {资产管理: [[甲, \"\", \"\", \"4\", \"\"]]}}\n",
     ["甲.yaml 第 5 行：“资产管理”的“三级”由表样印好，不能填；这里写 \"\""]),
    (HENGYANG + "unit: 甲\n", ["甲.yaml 第 3 行：这里应是“键: 值”的一组",
                              "甲.yaml 第 4 行：没有叫“unit”的键；是不是想写 entity？"]),
])
def test_what_does_not_fit_is_told_with_its_line(text: str, problems: list[str]):
    with pytest.raises(RuleSetError) as told:
        parsed(text)
    assert [str(problem) for problem in told.value.problems] == problems


@pytest.mark.parametrize("ruleset_id", RULESETS)
def test_the_bundled_units_fit(ruleset_id: str):
    assert filed(ruleset_id).ruleset == ruleset_id
