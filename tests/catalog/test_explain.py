"""Explanations: by key, printed label, item and code; as trees down to the cells, with a file's numbers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sample_units import submission, unit_a

from pyfuncs.catalog import load
from pyfuncs.catalog.codes import code, derived_keys
from pyfuncs.catalog.explain import UnknownItem, explain
from pyfuncs.catalog.item_words import item_label
from pyfuncs.catalog.load import load_ruleset
from pyfuncs.catalog.refs import form_items

HENGYANG, LIUYANG, SHARED = map(load_ruleset, ("430400/2022", "430181/2021", "430000/base"))
BASIS = ("依据：衡阳市 2022 年度部门整体支出绩效自评的三张表（2023-03，按一家市直单位公开的自评报告所附表格；"
         "未见衡阳市财政局的通知）")
RAW = re.compile(r"\{year\}|\{prior\}|None|Decimal|verified|observed|assumed")


@pytest.fixture
def score_sheet(monkeypatch: pytest.MonkeyPatch):
    """A rule set of which only some indicators are known, printed on a score sheet."""
    with monkeypatch.context() as patch:
        patch.setattr(load, "FOLDERS", (Path(__file__).parent / "score_sheet",))
        return load_ruleset("990300/2023")


def where(form: str, name: str) -> str:
    return f"《{form}》的格{name}"


def filed(ruleset):
    return submission(ruleset, "甲中心", {
        "数据": {"违规": "2", "结余": "40", "结转.本年": "100", "年初.本年": "800", "基本追加.本年": "60",
               "项目明细.名称#1": "修路", "项目明细.本年#1": "40"},
        "评分": {"违规.得分": "1", "管理.得分": "3"}})


def test_a_rate():
    assert explain(HENGYANG, "资金执行率").splitlines() == [
        "资金执行率（比率，表上印“资金执行率”）",
        "│  位置：《整体自评表》“资金执行率”",
        "│  算法：执行率，执行数 ÷ 预算数（调整后）",
        "│  小数：百分数保留 2 位",
        "│  核实：超过 100% 时请核实分母",
        "│  常见错误：截尾、反号、两次取整",
        "│  可靠程度：见于已填表格",
        "│  来源：部门整体支出绩效目标自评表：执行数 ÷ 年度预算申请资金总额",
        "├─ 执行数 ＝ 《整体自评表》“执行数”（金额，单位万元）",
        "│  │  公式：《整体自评表》“基本支出”、《整体自评表》“项目支出”之和",
        "│  ├─ 《整体自评表》“基本支出”（金额，单位万元）",
        "│  └─ 《整体自评表》“项目支出”（金额，单位万元）",
        "└─ 预算数 ＝ 《整体自评表》“资金总额”（金额，单位万元）",
        "   │  公式：《整体自评表》“公共财政拨款”、《整体自评表》“政府性基金拨款”、"
        "《整体自评表》“纳入专户管理的非税收拨款”、《整体自评表》“其他资金”之和",
        "   ├─ 《整体自评表》“公共财政拨款”（金额，单位万元）",
        "   ├─ 《整体自评表》“政府性基金拨款”（金额，单位万元）",
        "   ├─ 《整体自评表》“纳入专户管理的非税收拨款”（金额，单位万元）",
        "   └─ 《整体自评表》“其他资金”（金额，单位万元）",
        BASIS,
        "Excel 公式示例（A2 放执行数，B2 放预算数）：",
        "  加载项版 =JX_EXECUTION_RATE(A2,B2)",
        '  公式版　 =IF(COUNT(A2,B2)=2,IF(ROUND(B2,8)=0,"不适用",ROUND(A2/B2,13)),'
        'IF(OR(A2="不适用",A2="——",A2="—",B2="不适用",B2="——",B2="—"),"不适用",NA()))',
    ]


def test_a_score_with_its_parameters_readings_and_cells_of_the_template(score_sheet):
    assert explain(score_sheet, "预算完成率得分", where).splitlines()[:-3] == [
        "预算完成率得分（得分，表上印“预算完成率”）",
        "│  位置：《评分》的格预算完成率.得分“预算完成率”的“得分”",
        "│  分值：5 分",
        "│  评价标准：达到 100% 计 5 分，每低 5% 扣 2 分",
        "│  指标说明：预算完成情况",
        "│  可靠程度：有文件依据",
        "│  来源：样例市评分办法附表",
        "├─ 算法：每低扣，不低于 100% 得满分；每低 5 个百分点扣 2 分，扣完为止（不足一步的怎样算没有写明）；"
        "不适用的得满分",
        "│  ├─ 满分界限：100%",
        "│  ├─ 一步：5 个百分点",
        "│  ├─ 每步扣：2 分",
        "│  ├─ 不足一步：算一步 或 不算 或 按比例",
        "│  ├─ 判断时：按准确值",
        "│  └─ 不适用时：得满分",
        "├─ 几种读法（规定有几种理解；格里按第一种，符合其他几种的只作提示）",
        "│  ├─ 不足一步的算一步",
        "│  ├─ 不足一步的不算",
        "│  └─ 不足一步的按比例",
        "└─ 预算完成率（比率，表上印“预算完成率”）",
        "   │  位置：《评分》的格预算完成率.完成“预算完成率”的“完成情况”",
        "   │  算法：完成率，（上年结转 ＋ 年初预算 ＋ 本年追加 － 年末结余）÷（上年结转 ＋ 年初预算 ＋ 本年追加）",
        "   │  小数：百分数保留 2 位",
        "   │  可靠程度：有文件依据",
        "   │  来源：样例市评分办法附表",
        "   ├─ 上年结转 ＝ 《数据》的格结转.本年“上年结转”的“2023 年数”（金额，单位万元）",
        "   ├─ 年初预算 ＝ 《数据》的格年初.本年“年初预算”的“2023 年数”（金额，单位万元）",
        "   ├─ 本年追加 ＝ 《数据》的格追加.本年“本年追加”的“2023 年数”（金额，单位万元）",
        "   │  │  是下列各项之和",
        "   │  ├─ 《数据》的格基本追加.本年“基本支出追加”的“2023 年数”（金额，单位万元）",
        "   │  └─ 《数据》的格项目追加.本年“项目支出追加”的“2023 年数”（金额，单位万元）",
        "   │     │  是下列各项之和",
        "   │     └─ 《数据》的格项目明细.本年“项目明细”的“2023 年数”（金额，单位万元，各行相加）",
        "   └─ 年末结余 ＝ 《数据》的格结余“年末结余”（金额，单位万元）",
        "依据：样例市评分办法（样财〔2023〕3号，样例市财政局，2023-02，第 12 页）",
    ]


def test_with_a_file_every_branch_has_its_numbers_and_every_reading_its_score(score_sheet):
    lines = explain(score_sheet, "预算完成率得分", submission=filed(score_sheet)).splitlines()
    sums = "（上年结转·2023 年数 100 ＋ 年初预算·2023 年数 800 ＋ 本年追加·2023 年数 100"
    assert [line for line in lines if "：" in line and re.search(r"\d 分$|%$|%（|万元$", line)] == [
        "│  计算：预算完成率 96.00%，低于 100% 4 个百分点，每低 5 个百分点扣 2 分（按 1 次计），5 分扣到 3 分",
        "│  分值：5 分",
        "│  评价标准：达到 100% 计 5 分，每低 5% 扣 2 分",
        "│  ├─ 满分界限：100%",
        "│  ├─ 每步扣：2 分",
        f"   │  计算：{sums} － 年末结余 40）÷{sums}）＝ 96.00%",
        "   │  表上填的：96%（《评分表》B3）",
        "   ├─ 上年结转 ＝ 《数据表》B3“上年结转”的“2023 年数”（金额，单位万元）：100.00 万元",
        "   ├─ 年初预算 ＝ 《数据表》B4“年初预算”的“2023 年数”（金额，单位万元）：800.00 万元",
        "   ├─ 本年追加 ＝ 《数据表》B5“本年追加”的“2023 年数”（金额，单位万元）：100.00 万元",
        "   │  ├─ 《数据表》B6“基本支出追加”的“2023 年数”（金额，单位万元）：60.00 万元",
        "   │  └─ 《数据表》B7“项目支出追加”的“2023 年数”（金额，单位万元）：40.00 万元",
        "   │     └─ 《数据表》B9“项目明细”的“2023 年数”（金额，单位万元，各行相加）：1 行，1 行填了数，合计 40.00 万元",
        "   └─ 年末结余 ＝ 《数据表》B2“年末结余”（金额，单位万元）：40.00 万元",
    ]
    assert [line[6:] for line in lines if "不足一步的" in line][1:] == [
        "不足一步的算一步得 3 分", "不足一步的不算得 5 分", "不足一步的按比例得 3.4 分"]
    assert (lines[0], lines[2]) == ("预算完成率得分（得分，表上印“预算完成率”）＝ 3 分", "│  表上填的：3 分（《评分表》B4）")


def test_a_score_of_a_count_and_one_that_a_person_gives(score_sheet):
    assert explain(score_sheet, "违规得分", submission=filed(score_sheet)).splitlines()[1:9] == [
        "│  计算：违规次数 2，每次扣 1 分，4 分扣到 2 分",
        "│  表上填的：1 分（《评分表》B8）",
        "│  分值：4 分",
        "│  可靠程度：推定（没有文件依据）",
        "├─ 算法：按次扣，没有发生得满分；每发生一次扣 1 分，扣完为止",
        "│  ├─ 每次扣：1 分",
        "│  └─ 不适用时：由人判断",
        "└─ 《数据表》B1“违规次数”（个数）：2"]
    assert "└─ 由评价人直接填写" in explain(score_sheet, "管理得分").splitlines()


def test_a_total_lists_the_rows_of_a_score_sheet_and_where_rule_and_sheet_differ(score_sheet):
    assert explain(score_sheet, "已知得分", where, filed(score_sheet)).splitlines()[:-2] == [
        "已知得分（得分，表上印“已知各项之和”）＝ 7 分",
        "│  计算：预算完成率·得分之和（7 分） ＝ 7 分",
        "│  位置：表上没有单独的格，见“计算过程”表",
        "│  公式：《评分表》“得分”之和",
        "│  可靠程度：见于已填表格",
        "├─ 《评分表》B4“预算完成率”（分值：5 分，有文件依据）：3 分",
        "├─ 《评分表》B8“违规次数”（分值：4 分，推定（没有文件依据））：1 分，按规则得 2 分",
        "└─ 《评分表》B12“制度健全”（分值：3 分，见于已填表格）：3 分"]


def test_a_total_over_a_score_and_a_column_of_a_table():
    lines = explain(HENGYANG, "自评总分", submission=unit_a().submission).splitlines()
    assert [line for line in lines if not line.startswith(("│  │", "│     "))][6:] == [
        "│  来源：表上没有总分行；资金 10 分加指标 90 分为 100 分",
        "├─ 资金得分（得分，表上印“得分”）＝ 6.85 分",
        "│  ├─ 算法：按率，分值 × 比率，超过 100% 的按 100% 计",
        "│  ├─ 几种读法（规定有几种理解；格里按第一种，符合其他几种的只作提示）",
        "│  └─ 资金执行率（比率，表上印“资金执行率”）＝ 68.54%",
        "└─ 《整体自评表》B17:B18“指标”的“得分”（得分，各行相加）：2 行，2 行填了数，合计 90 分",
        BASIS,
        "Excel 公式示例：=IF(COUNT(A2)<1,NA(),A2+SUM(B2:B9))"]
    assert "│  位置：《整体自评表》“总分”" in explain(LIUYANG, "自评总分").splitlines()


def test_what_each_project_has_is_told_for_each_sheet_of_the_file():
    lines = explain(HENGYANG, "项目执行率", submission=unit_a().submission).splitlines()
    assert [line for line in lines if line.startswith("项目执行率")] == [
        "项目执行率（比率，表上印“执行率”，《项目1》）＝ 100.00%", "项目执行率（比率，表上印“执行率”，《项目2》）＝ 100.00%"]
    assert "│  每张项目表各算一个" in explain(HENGYANG, "项目执行率").splitlines()


def test_the_grade_down_to_the_cells_and_none_of_a_partial_rule_set(score_sheet):
    assert explain(HENGYANG, "等级", submission=unit_a().submission).splitlines()[:6] == [
        "等级（按 自评总分 定）＝ 优",
        "│  计算：总分 96.85 分，等级为“优”",
        "│  标准：优 90 分（含）以上，良 80 分（含）以上，中 60 分（含）以上，其余为差",
        "│  总分不先取整",
        "│  来源：财预〔2020〕10号的等级划分；左闭右开，90 分属于优",
        "└─ 自评总分（总分，表上印“自评总分”）＝ 96.85 分"]
    with pytest.raises(UnknownItem) as error:
        explain(score_sheet, "等级")
    assert str(error.value) == "规则集 990300/2023 没有等级：只含已见到的部分，没有总分和等级"


def test_a_figure_that_can_not_be_worked_out():
    empty = submission(HENGYANG, "乙", {"整体自评": {"资金总额": "100"}})
    lines = explain(HENGYANG, "资金得分", submission=empty).splitlines()
    assert lines[0] == "资金得分（得分，表上印“得分”）＝ 算不出来"
    assert "│  计算：资金执行率不是数，没有计算" in lines
    assert "│  └─ 得分取 0 位小数算不出来" in lines


def test_a_part_common_to_many_rule_sets_names_what_it_lacks():
    lines = explain(SHARED, "人员控制率").splitlines()
    assert lines[7:9] == ["├─ 实际数 ＝ “基础数据!在职人数”（本规则集没有这一项）",
                          "└─ 限额 ＝ “基础数据!编制数”（本规则集没有这一项）"]
    assert all(line.startswith("依据：") for line in lines[9:])


def test_a_check_by_its_id_and_by_its_code():
    text = explain(HENGYANG, "KB-01")
    assert text == explain(HENGYANG, "430400-2022-KB-01")
    assert text.splitlines()[:2] == [
        "430400-2022-KB-01〔必须修改〕" + HENGYANG.checks["KB-01"].message,
        "  应当：《基础数据表》“项目支出”的“2022 年决算数”＝ 《项目表》“年度资金总额”的“全年执行数”之和"]
    assert "范围：分列审核：2021 年决算数、2022 年预算数、2022 年决算数" in explain(HENGYANG, "KB-11")


def test_a_derived_check_by_its_key_and_by_its_code():
    shown = code(HENGYANG, "parts:基础数据!公务用车")
    text = explain(HENGYANG, shown)
    assert text == explain(HENGYANG, "parts:基础数据!公务用车")
    assert "对象：《基础数据表》“公务用车购置和维护经费”" in text
    assert "应当：逐列等于 “公车购置”、“公车运行维护” 之和" in text
    assert "JX_EXECUTION_RATE" in explain(HENGYANG, "ask:政府采购执行率")


def test_a_number_that_is_no_longer_used():
    retired = HENGYANG.model_copy(update={"codes": {**HENGYANG.codes, "parts:基础数据!旧行": "999"}})
    assert "已经不用" in explain(retired, "430400-2022-JCSJ-999")


def test_an_item_with_its_checks_and_its_rate():
    text = explain(HENGYANG, "基础数据!控制率")
    assert text.startswith("《基础数据表》“控制率”\n")
    assert f"审核：{code(HENGYANG, 'rate:基础数据!控制率')} 表上的比率等于按公式算出的比率" in text
    assert "人员控制率（比率，表上印“控制率”）" in text
    assert "汇总：各单位相加" in explain(HENGYANG, "基础数据!公用经费.本年决算")


def test_an_item_that_adds_up_others_and_one_of_words():
    lines = explain(HENGYANG, "基础数据!公务用车.本年决算", where, unit_a().submission).splitlines()
    assert lines[lines.index("") + 1:] == [
        "《基础数据表》B39“公务用车购置和维护经费”的“2022 年决算数”（金额，单位万元）：空",
        "│  是下列各项之和",
        "├─ 《基础数据表》B42“公车购置”的“2022 年决算数”（金额，单位万元）：空",
        "└─ 《基础数据表》B45“公车运行维护”的“2022 年决算数”（金额，单位万元）：空"]
    assert explain(HENGYANG, "项目!指标.三级", where).splitlines()[-1] == (
        "《项目》的格指标.三级“指标”的“三级指标”（文字，每行一个）")


def test_a_printed_label_may_mean_several_rates():
    assert [line for line in explain(LIUYANG, "执行率").splitlines() if "（比率，" in line] == [
        f"{key}（比率，表上印“执行率”）" for key, rate in LIUYANG.rates.items() if rate.label == "执行率"]


@pytest.mark.parametrize(("name", "hint"), [
    ("执行率得分", "项目执行率"), ("资金执行绿", "资金执行率"), ("KB-99", "KB-"), ("基础数据!公用经废", "基础数据!公用经费"),
    ("xyz", "可以查："),
])
def test_unknown_names_are_told_with_near_ones(name: str, hint: str):
    with pytest.raises(UnknownItem) as error:
        explain(HENGYANG, name)
    assert f"没有“{name}”" in str(error.value) and hint in str(error.value)


@pytest.mark.parametrize("ruleset", [HENGYANG, LIUYANG], ids=lambda ruleset: ruleset.id)
def test_everything_in_a_rule_set_can_be_explained(ruleset):
    keys = [key for _, key in derived_keys(ruleset)]
    items = [f"{form.form}!{name}" for form in ruleset.forms.values() for name, _ in form_items(form)]
    for name in [*ruleset.rates, *ruleset.scores, *ruleset.checks, *keys, *items, "等级"]:
        assert not RAW.search(text := explain(ruleset, name)), text


@pytest.mark.parametrize("ruleset_id", load.ruleset_ids())
def test_the_figures_of_every_rule_set_can_be_explained(ruleset_id: str):
    ruleset = load_ruleset(ruleset_id)
    for name in [*ruleset.rates, *ruleset.scores, *ruleset.checks, *(["等级"] if ruleset.grades else [])]:
        assert not RAW.search(text := explain(ruleset, name, where)), text


def test_an_item_of_a_draft_whose_checks_have_no_numbers_yet():
    draft = HENGYANG.model_copy(update={"codes": {}})
    assert "  审核：（还没有编号） 必填的格已经填写" in explain(draft, "基础数据!编制数").splitlines()


def test_labels_as_people_say_them():
    assert [item_label(HENGYANG, ref) for ref in
            ("基础数据!公用经费.本年决算", "基础数据!编制数", "项目!产出指标.得分", "资金执行率")] == [
        "《基础数据表》“公用经费”的“2022 年决算数”", "《基础数据表》“编制数”", "《项目表》“产出指标（50分）”的“得分”",
        "“资金执行率”"]
