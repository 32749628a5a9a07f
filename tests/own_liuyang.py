"""浏阳 2021: the forms as one unit printed them.

元 without a word about it, except in the project's form; the weight of a 二级指标 stands behind its name, and
in the project's form the column 分值 stays empty. Cells nobody filled hold a U+3000.
"""

from __future__ import annotations

from own_sheets import Answers, Book, Cell, Order, Sheet, Table, answers, head, label, note, placed, side
from pyfuncs.workbook.filling import Filling

_ROWS = (
    ("三公经费", "三公经费"), ("公务用车", "   1、公务用车购置和维护经费"), ("公车购置", "       其中：公车购置"),
    ("公车运行", "             公车运行维护"), ("出国经费", "   2、出国经费"), ("公务接待", "   3、公务接待"),
    ("项目支出", "项目支出："), ("业务专项", "1、业务工作专项"), ("运行专项", "2、运行维护专项"),
    ("其他专项", "          ……"), ("公用经费", "公用经费"), ("办公经费", "    其中：办公经费"),
    ("水电差旅", "          水费、电费、差旅费"), ("会议培训", "          会议费、培训费"),
    ("政府采购", "政府采购金额"), ("预算调整", "部门整体支出预算调整 "))
_COLUMNS = ("上年决算", "本年预算", "本年决算")
_NOTE = ("说明：“项目支出”需要填报除公共专项资金和基本支出以外的所有项目情况，包括业务工作项目、运行维护项目等；"
         "“公用经费”填报基本支出中的一般商品和服务支出。")
_SIZES = (("财政拨款", "资金来源：（1）财政拨款"), ("其他资金", "         （2）其他资金"),
          ("基本支出", "资金结构：（1）基本支出"), ("项目支出", "         （2）项目支出"))
_MANAGED = (("预算编审管理", 3), ("预算执行管理", 4), ("部门结转结余资金管理", 4), ("预算绩效管理", 5),
            ("预决算信息公开管理", 4), ("财政监督管理", 3), ("政府采购管理", 3), ("资产管理", 4))
_DEPARTMENT = (
    ("产出指标", "25", (("数量指标", 6), ("质量指标", 8), ("时效指标", 5), ("成本指标", 6))),
    ("效益指标", "45", (("经济效益指标", 10), ("社会效益指标", 10), ("生态效益指标", 7), ("可持续影响指标", 8),
                    ("满意度指标", 10))))
_PROJECT = (
    ("产出指标\n\n(50分)", ("数量指标", "质量指标", "时效指标", "成本指标")),
    ("效益指标\n\n（40分）", ("经济效\n\n益指标", "社会效\n\n益指标", "生态效\n\n益指标", "可持续影响指标", "服务对象满意度指标")))


def book(filling: Filling) -> Book:
    base, department, *projects = answers(filling, blank="　")
    return (Sheet("Sheet1", (_base(base),)), Sheet("Sheet2", (_department(department),)),
            *(Sheet(f"Sheet{number}", (_project(one),)) for number, one in enumerate(projects, 3)))


def _base(typed: Answers) -> Table:
    rows = [[label("财政供养人员情况", down=2), head("编制数"), head("2021年实际\n\n在职人数"), head("控制率")],
            [typed.typed("编制数"), typed.typed("在职人数"), typed.typed("控制率")],
            [note(""), note(""), note(""), note("")],
            [label("经费控制情况"), head("2020年决算数"), head("2021年预算数"), head("2021年决算数")]]
    rows += [[label(words), *(typed.typed(f"{name}.{column}") for column in _COLUMNS)] for name, words in _ROWS]
    last = len(rows)
    rows += [[label("厉行节约保障措施"), typed.typed("厉行节约", across=3)], [note(_NOTE, across=4)]]
    return Table(placed(rows), ("附件1", "部门整体支出绩效自评基础数据表"), head=(4, 4), body=(5, last),
                 orders=(Order(1, last, (2, 3, 4)),))


def _department(typed: Answers) -> Table:
    """8 columns; the block of the amounts has 5, which share them."""
    rows = [[label("部门（单位）名称"), typed.typed("部门名称", across=7)],
            [label("整体支出规模", down=5), note("　", across=3), head("全年预算数"), head("全年执行数"),
             head("执行率", across=2)]]
    rows += [[label(words, across=3), typed.typed(f"{name}.全年预算"), typed.typed(f"{name}.全年执行"),
              typed.typed(f"{name}.执行率", across=2)] for name, words in _SIZES]
    rows += [[label("年度总\n\n体目标", down=2), label("年初设定目标", across=4), label("全年完成情况", across=3)],
             [typed.typed("年初目标", across=4), typed.typed("完成情况", across=3)],
             [label("分解目标自评", across=8)],
             [head("一级指标"), head("权重"), head("二级指标"), head("三级指标"), head("年度指标值"), head("全  年\n\n完成值"),
              head("自评\n\n得分"), head("偏差及\n\n原因分析")]]
    first = len(rows) + 1
    rows += _managed(typed) + _outcomes(typed)
    last = len(rows) + 1
    rows += [[label("总  分"), typed.printed("权重合计"), note("", across=4), typed.typed("总分"), note("")]]
    return Table(placed(rows), ("附件2", "2021年部门整体支出绩效自评表"),
                 ("注：上述产出指标和效益指标既可以按照重点任务完成情况分别填列，也可以依据所有重点任务归纳提炼综合指标。",),
                 head=(first - 1, first - 1), body=(first, last),
                 orders=(Order(2, 6, (5, 6)), Order(first - 1, last, (7, 8))))


def _managed(typed: Answers) -> list[list[Cell]]:
    """The first group, whose goals the form prints itself."""
    start = [label("投入管理\n\n指  标", down=len(_MANAGED)), note("30", down=len(_MANAGED))]
    fixed = [note("根据财政管理工作绩效考核\n\n相关办法规定填报", 2, len(_MANAGED))]
    rows = []
    for leaf, weight in _MANAGED:
        [row] = typed.rows("指标", leaf)
        rows.append([*start, label(f"{leaf}（{weight}）"), *fixed,
                     *(typed.typed(f"指标.{column}", row=row, group=leaf) for column in ("完成值", "得分", "原因"))])
        start, fixed = [], []
    return rows


def _outcomes(typed: Answers) -> list[list[Cell]]:
    """One score and one reason per 二级指标, which stand on its first row."""
    rows: list[list[Cell]] = []
    for words, weight, leaves in _DEPARTMENT:
        height = sum(len(typed.rows("指标", leaf)) for leaf, _ in leaves)
        start = [label(words, down=height), note(weight, down=height)]
        for leaf, points in leaves:
            ordinals = typed.rows("指标", leaf)
            start.append(label(f"{leaf}（{points}）", down=len(ordinals)))
            for row in ordinals:
                once = [typed.typed(f"指标.{column}", row=row, group=leaf) for column in ("得分", "原因")]
                rows.append([*start, *(typed.typed(f"指标.{column}", row=row, group=leaf)
                                       for column in ("三级", "指标值", "完成值")),
                             *(once if row == ordinals[0] else [note(""), note("　")])])
                start = []
    return rows


def _project(typed: Answers) -> Table:
    rows = [
        [label("项目支\n\n出名称", across=2), typed.typed("项目名称", across=7)],
        [label("主管部门", across=2), typed.typed("主管部门", across=3), label("实施单位"), typed.typed("实施单位", across=3)],
        [label("项目资金\n（万元）", down=5), note("　"), head("年初\n\n预算数"), head("全年\n\n预算数"), head("全年\n\n执行数"),
         head("分值"), head("执行率"), head("得分", across=2)],
        [label("年度资金总额　"), *_money(typed, "资金"), typed.printed("资金分值"), typed.typed("执行率"),
         typed.typed("资金得分", across=2)]]
    rows += [[label(words), *_money(typed, name), typed.typed(f"{name}.F"), typed.typed(f"{name}.G"),
              typed.typed(f"{name}.H:I", across=2)]
             for name, words in (("财政拨款", "其中：当年财政拨款　"), ("结转资金", "上年结转资金　"), ("其他资金", "其他资金"))]
    indicators = _project_indicators(typed)
    rows += [[label("年度总体目标", down=2), label("预期目标", across=4), label("实际完成情况　", across=4)],
             [typed.typed("预期目标", across=4), typed.typed("完成情况", across=4)],
             [side("绩\n\n效\n\n指\n\n标", 1 + len(indicators)), head("一级指标"), head("二级指标"), head("三级指标"),
              head("年度\n\n指标值"), head("实际\n\n完成值"), head("分值"), head("得分"), head("偏差原因\n\n分析及\n\n改进措施")]]
    first = len(rows) + 1
    rows += indicators
    last = len(rows) + 1
    rows += [[label("总分", across=6), typed.typed("分值合计"), typed.typed("总分"), note("　")]]
    return Table(placed(rows), ("附件3", "2021年项目支出绩效自评表"), ("6",), head=(first - 1, first - 1), body=(first, last),
                 orders=(Order(3, 7, (3, 4, 5)), Order(first - 1, last - 1, (5, 6)),
                         Order(first - 1, last, (7, 8, 9))))


def _project_indicators(typed: Answers) -> list[list[Cell]]:
    """The points of a 二级指标 are in its label: 数量指标（15）; 满意度 stands under 效益指标."""
    rows: list[list[Cell]] = []
    for words, names in _PROJECT:
        leaves = [(name, name.replace("\n", "")) for name in names]
        start = [label(words, down=sum(len(typed.rows("指标", leaf)) for _, leaf in leaves))]
        for name, leaf in leaves:
            ordinals = typed.rows("指标", leaf)
            start.append(typed.mixed(f"{name}（{{}}）", "指标.分值", down=len(ordinals), row=ordinals[0], group=leaf))
            for row in ordinals:
                once = [typed.typed(f"指标.{column}", row=row, group=leaf) for column in ("得分", "原因")]
                rows.append([*start, *(typed.typed(f"指标.{column}", row=row, group=leaf)
                                       for column in ("三级", "指标值", "完成值")),
                             note("　"), *(once if row == ordinals[0] else [note("　"), note("　")])])
                start = []
    return rows


def _money(typed: Answers, name: str) -> list[Cell]:
    return [typed.typed(f"{name}.{column}") for column in ("年初预算", "全年预算", "全年执行")]
