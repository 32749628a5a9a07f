"""衡阳 2022: the forms as one unit printed them.

Label, number and unit share a cell in the department's form; the second project's form broke over a page, and
below the break its labels stand one column further left.
"""

from __future__ import annotations

from own_sheets import Answers, Book, Cell, Order, Sheet, Table, answers, head, label, note, placed, side
from pyfuncs.workbook.filling import Filling

_ROWS = (
    ("部门基本支出", "一、部门基本支出"), ("公用经费", "其中: 公用经费"), ("办公经费", "其中: 办公经费"),
    ("水电差旅", "水费、电费、差旅费"), ("会议培训", "会议费、培训费"), ("接待邮电", "公务接待费、邮电费"),
    ("党建工会等", "党建、工会经费、委托业务费、劳务费维修(护)费、租赁费及其他商品和服务支出"),
    ("公车交通", "公车运行费及其他交通费"), ("设备购置", "设备购置费"), ("印刷费", "印刷费"),
    ("三公经费", "三公经费"), ("公务用车", "1、公务用车购置和维护经费"), ("公车购置", "其中: 公车购置"),
    ("公车运行", "公车运行维护"), ("出国经费", "2、出国经费"), ("公务接待", "3、公务接待"),
    ("项目支出", "二、项目支出:"), ("业务专项", "1、业务工作专项(一个项目一行)"), ("业务明细", ""),
    ("运行专项", "2、运行维护专项(一个项目一行)"), ("市级专项", "3、市级专项资金(一个专项一行)"),
    ("政府采购", "政府采购金额"))
_COLUMNS = ("上年决算", "本年预算", "本年决算")
_NOTE = ("说明: “项目支出”需要填报基本支出以外的所有项目支出情况, 包括业务工作项目、运行维护项目和市级专项资金等; "
         "“公用经费”填报基本支出中的一般商品和服务支出。")
_INDICATORS = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")
_SIGNED = ("填表人（签名）： 填表日期：2023年3月20日", "联系电话：", "单位负责人签字：")
_DEPARTMENT = (
    ("产出\n指标\n(50 分)", ("数量指标", "质量指标", "时效指标", "成本指标")),
    ("效益\n指标\n(40 分)", ("经济效益指标", "社会效益指标", "可持续影响指标", "服务对象满意度指标")))
_PROJECT = (
    ("产出指标（50分）", ("数量指标", "质量指标", "时效指标", "成本指标")),
    ("效益指标（30分）", ("经济效益指标", "社会效益指标")),
    ("满意度指标（10分）", ("服务对象满意度指标",)))
_PRINTED = {"服务对象满意度指标": "社会公众或服务对象满意度", "可持续影响指标": "可持续影响\n指标"}


def book(filling: Filling) -> Book:
    base, department, *projects = answers(filling)
    return (Sheet("基础数据", (_base(base, filling.entity),)), Sheet("整体", (_department(department),)),
            *(Sheet(one.text(one.slot("项目名称"))[:8], (_project(one, broken=one.instance == 2),)) for one in projects))


def _base(typed: Answers, entity: str) -> Table:
    rows = [[label("财政供养人员情况", down=2), head("编制数"), head("2022 年实际在职人数"), head("控制率")],
            [typed.typed("编制数"), typed.typed("在职人数"), typed.typed("控制率")],
            [label("经费控制情况"), head("2021 年决算数"), head("2022 年预算数"), head("2022 年决算数")]]
    for name, words in _ROWS:
        if words:
            rows.append([label(words), *(typed.typed(f"{name}.{column}") for column in _COLUMNS)])
        else:
            rows += [[typed.typed(f"{name}.{column}", row=row) for column in ("名称", *_COLUMNS)]
                     for row in typed.rows(name)]
    last = len(rows)
    rows += [[label("厉行节约保障措施"), typed.typed("厉行节约", across=3)], [note(_NOTE, across=4)]]
    return Table(placed(rows), ("附件 2:", "部门整体支出绩效评价基础数据表", f"填报单位: {entity}", "单位: 万元"),
                 head=(3, 3), body=(4, last), orders=(Order(1, last, (2, 3, 4)),))


def _department(typed: Answers) -> Table:
    rows = [
        [label("部门名称"), typed.typed("部门名称", across=3),
         head("执行数"), head("资金执行率"), head("分值"), head("得分")],
        [label("年度预算申请（万元）", down=6), typed.mixed("资金总额：{}万元", "资金总额", across=3), typed.typed("执行数"),
         typed.typed("资金执行率"), typed.printed("资金分值"), typed.typed("资金得分")],
        [label("按收入性质分：", across=3), label("按支出性质分：", across=4)],
        [typed.mixed("其中：公共财政拨款：{}万元", "公共财政拨款", across=3),
         typed.mixed("其中：基本支出：{}万元", "基本支出", across=4)],
        [typed.mixed("政府性基金拨款：{}万元", "政府性基金", across=3), typed.mixed("项目支出：{}万元", "项目支出", across=4)],
        [typed.mixed("纳入专户管理的非税收拨款：{}万元", "非税收入", across=3), note("", across=4)],
        [typed.mixed("其他资金：{}万元", "其他资金", across=3), note("", across=4)],
        [label("部门履职概述"), typed.typed("履职概述", across=7)],
        [label("整体绩效目标"), typed.typed("绩效目标", across=7)],
        [head(words) for words in _INDICATORS]]
    first = len(rows) + 1
    rows += _groups(typed, _DEPARTMENT)
    last = len(rows) + 1
    rows += [[label("分值", across=5), typed.typed("分值合计"), typed.typed("得分合计"), note("")]]
    return Table(placed(rows), ("部门整体支出绩效目标自评表", "填报单位（盖章）（2022年度）"), _SIGNED,
                 head=(first - 1, first - 1), body=(first, last),
                 orders=(Order(first - 1, last - 1, (4, 5)), Order(first - 1, last, (6, 7, 8))))


def _groups(typed: Answers, groups: tuple, across: int = 1) -> list[list[Cell]]:
    """The rows of the indicators, level labels merged downward; `across`: columns of the first level."""
    rows: list[list[Cell]] = []
    for words, leaves in groups:
        filled = [(leaf, typed.rows("指标", leaf)) for leaf in leaves if typed.rows("指标", leaf)]
        first = [label(words, across, sum(len(ordinals) for _, ordinals in filled))]
        for leaf, ordinals in filled:
            second = [label(_PRINTED.get(leaf, leaf), down=len(ordinals))]
            for row in ordinals:
                rows.append(first + second + [typed.typed(f"指标.{column}", row=row, group=leaf)
                                              for column in ("三级", "指标值", "完成值", "分值", "得分", "原因")])
                first, second = [], []
    return rows


def _project(typed: Answers, broken: bool) -> Table:
    rows = [
        [label("项目支出名称", across=2), typed.typed("项目名称", across=7)],
        [label("主管部分", across=2), typed.typed("主管部门", across=3), label("实施单位"), typed.typed("实施单位", across=3)],
        [label("项目资金（万元）", down=5), note(""), head("年初预算数"), head("全年预算数"), head("全年执行数"),
         head("分值"), head("执行率"), head("得分", across=2)],
        [label("年度资金总额"), *_money(typed, "资金"), typed.printed("资金分值"), typed.typed("执行率"),
         typed.typed("资金得分", across=2)]]
    rows += [[label(words), *_money(typed, name), typed.typed(f"{name}.F"), typed.typed(f"{name}.G"),
              typed.typed(f"{name}.H:I", across=2)]
             for name, words in (("财政拨款", "其中：当年财政拨款"), ("结转资金", "上年结转资金"), ("其他资金", "其他资金"))]
    upper, lower = (_PROJECT[:1], _PROJECT[1:]) if broken else (_PROJECT, ())
    indicators = _groups(typed, upper)
    rows += [[label("年度总体目标", down=2), label("年度目标", across=4), label("实际完成情况", across=4)],
             [typed.typed("预期目标", across=4), typed.typed("完成情况", across=4)],
             [side("部门整体支出年度绩效指标", 1 + len(indicators)), *(head(words) for words in _INDICATORS)]]
    first = len(rows) + 1
    rows += indicators + _groups(typed, lower, across=2)
    last = len(rows) + 1
    rows += [[label("分值", across=6), typed.typed("分值合计"), typed.typed("得分合计"), note("")]]
    return Table(placed(rows), ("项目支出绩效自评表", "填报单位（盖章）：", "（2022年度）"), _SIGNED,
                 head=(first - 1, first - 1), body=(first, last),
                 orders=(Order(3, 7, (3, 4, 5)), Order(first - 1, last - 1, (5, 6)),
                         Order(first - 1, last, (7, 8, 9))))


def _money(typed: Answers, name: str) -> list[Cell]:
    return [typed.typed(f"{name}.{column}") for column in ("年初预算", "全年预算", "全年执行")]
