"""湘西 2021: a report in Word whose forms are tables, as one unit printed them.

The unit printed no table of the figures behind its rates, nor of its scores: here they are two plain tables, in
another order of columns than ours.
"""

from __future__ import annotations

from collections.abc import Sequence

from own_sheets import Answers, Book, Cell, Order, Sheet, Table, answers, head, label, note, placed
from pyfuncs.workbook.filling import Filling

_INCOME = ("收入合计", "上年结转", "公共财政拨款", "政府基金拨款", "非税收入拨款", "其他收入")
_SPENDING = ("支出合计", "基本支出", "人员支出", "公用支出", "项目支出", "当年结余", "累计结余")
_TRAVEL = ("三公经费合计", "公务接待费", "公车运行", "公车购置", "出国费用")
_ASSETS = ("固定资产合计", "在用固定资产", "出租固定资产", "其他固定资产")
_SUMMARY = {
    "收入": ("收入合计", "结转汇总", "拨款汇总", "基金汇总", "非税汇总", "其他收入汇总"),
    "支出": ("支出合计", "基本支出汇总", "人员支出汇总", "公用支出汇总", "项目支出汇总", "当年结余汇总", "累计结余汇总"),
    "三公经费": ("三公合计", "接待汇总", "公车运行汇总", "公车购置汇总", "出国汇总"),
    "固定资产": ("资产合计", "在用汇总", "出租汇总", "其他资产汇总")}
_TARGETS = (
    ("产出目标\n\n（部门工作实绩，根据部门实际细化）", (("数量、质量、时效、成本指标", "数量质量时效成本"),)),
    ("效益目标\n\n（预期实现的效益）", (("社会、经济、生态效益", "社会经济生态效益"),
                            ("社会公众或服务对象满意度", "服务对象满意度"))))
_BASIS = (
    ("上年结转", "上年结转和结余"), ("年初预算", "年初预算"), ("本年追加", "本年追加预算"),
    ("政策追加", "其中：政策性追加（应当剔除）"), ("年末结余", "年末结转和结余"), ("三公预算", "本年“三公经费”预算数"),
    ("接待预算", "其中：公务接待费"), ("公车预算", "公务用车购置及运行维护费"), ("上年三公预算", "上年“三公经费”预算数"),
    ("三公实际", "本年“三公经费”实际支出"), ("接待实际", "其中：公务接待费"), ("公车实际", "公务用车购置及运行维护费"),
    ("公用预算", "年初预算安排的公用经费"), ("公用实际", "实际支出的公用经费"), ("采购预算", "年初政府采购预算"),
    ("采购实际", "实际政府采购金额"), ("货物采购", "其中：货物"), ("工程采购", "建筑物修缮"), ("服务采购", "服务"),
    ("在用资产", "实际在用固定资产总额"), ("全部资产", "所有固定资产总额"), ("批准概算", "新建楼堂馆所批准投资概算"),
    ("实际投资", "新建楼堂馆所实际投资"))
_OTHERS = (
    ("编制数", "编制数（人）"), ("在职人数", "实际在职人数（人）"), ("违规次数", "违反资金管理规定的情况（起）"),
    ("批准面积", "新建楼堂馆所批准面积（平方米）"), ("实际面积", "新建楼堂馆所实际面积（平方米）"))
_SCORES = (
    ("投入（13 分）", (
        ("目标设定", ("绩效目标合理性", "绩效指标明确性")), ("预算配置", ("在职人员控制率", "三公经费变动率")))),
    ("过程（61 分）", (
        ("预算执行", ("预算完成率", "预算调整率", "新建楼堂馆所面积控制率", "新建楼堂馆所投资概算控制率")),
        ("预算管理", ("公用经费控制率", "三公经费控制率", "政府采购执行率", "管理制度健全性", "资金使用合规性", "预决算信息公开性")),
        ("资产管理", ("资产管理制度健全性", "资产管理安全性", "固定资产利用率")))),
    ("产出及效率（26 分）", (
        ("职责履行", ("重点工作实际完成率",)), ("履行效益", ("经济和社会效益", "行政效能", "满意度")))))
_PRINTED = {"三公经费变动率": "“三公经费”变动率", "三公经费控制率": "“三公经费”控制率",
            "经济和社会效益": "经济效益和社会效益", "满意度": "社会公众或服务对象满意度"}
_BANDS = "备注：90（含）—100分为优；80（含）—90分为良； 60（含）—80 分为较差；60分以下为差。"
_SIGNED = ("评价组组长签署意见：", "部门（单位）意见：", "财政部门归口业务科室意见：")


def book(filling: Filling) -> Book:
    situation, money, targets, basis, scores = answers(filling)
    return (Sheet("概况", (_situation(situation, filling.entity),)),
            Sheet("收支", (_income(money), _spending(money), _travel(money), _assets(money))),
            Sheet("自评", (_targets(targets), _people(targets))),
            Sheet("依据", (_basis(basis), _survey(basis), _others(basis))), Sheet("评分", (_scores(scores),)))


def _situation(typed: Answers, entity: str) -> Table:
    rows = [[label("联系人"), typed.typed("联系人"), label("联系电话"), typed.typed("联系电话")],
            [label("人员编制"), typed.typed("人员编制"), label("实有人数"), typed.typed("实有人数")],
            [label("职能职责概述"), typed.typed("职能职责", across=3)],
            [label("年度主要\n\n工作内容"), typed.typed("工作内容", across=3)],
            [label("年度部门（单位）总体运行情况及取得的成绩"), typed.typed("总体情况", across=3)]]
    return Table(placed(rows), ("2021年度部门整体支出绩效自评报告", f"部门（单位）名称：{entity}", "一、部门（单位）基本概况"),
                 head=(0, 0), body=(2, 5))


def _organisations(typed: Answers, table: str, columns: Sequence[str], heads: list[list[Cell]], orders: tuple = (),
                   above: tuple[str, ...] = ()) -> Table:
    """A row for all organisations, which the unit left blank, and one for each."""
    rows = [*heads, [label("局机关及二级机构汇总"), *map(typed.typed, _SUMMARY[table])]]
    rows += [[typed.typed(f"{table}.{column}", row=row) for column in ("机构", *columns)] for row in typed.rows(table)]
    return Table(placed(rows), above, head=(1, len(heads)), body=(len(heads) + 2, len(rows)),
                 orders=tuple(Order(top, len(rows), columns) for top, columns in orders))


def _income(typed: Answers) -> Table:
    heads = [[head("机构名称", down=2), head("收入合计", down=2), head("其中：", across=5)],
             [head("上年结转"), head("公共财\n\n政拨款"), head("政府基金拨款"), head("纳入专户管理的非税收入拨款"), head("其他\n\n收入")]]
    return _organisations(typed, "收入", _INCOME, heads, ((2, (3, 4, 5, 6, 7)),),
                          ("二、部门（单位）收支情况", "年度收入情况（万元）"))


def _spending(typed: Answers) -> Table:
    """Three header rows: 其中 within 其中."""
    heads = [[head("机构名称", down=3), head("支出合计", down=3), head("其中：", across=4), head("结余", across=2)],
             [head("基本支出", down=2), head("其中：", across=2), head("项目支出", down=2), head("当年结余", down=2),
              head("累计结余", down=2)],
             [head("人员支出"), head("公用支出")]]
    return _organisations(typed, "支出", _SPENDING, heads, ((3, (4, 5)), (2, (7, 8))),
                          ("部门（单位）年度支出和结余情况（万元）",))


def _travel(typed: Answers) -> Table:
    heads = [[head("机构名称", down=2), head("三公经费\n\n合计", down=2), head("其中：", across=4)],
             [head("公务接待费"), head("公务用车运行维护费"), head("公务用车购置费"), head("因公出国（境）费用")]]
    return _organisations(typed, "三公经费", _TRAVEL, heads, ((2, (3, 4, 5, 6)),))


def _assets(typed: Answers) -> Table:
    heads = [[head("机构名称", down=2), head("固定资产\n\n合计", down=2), head("其中：", across=3)],
             [head("在用固定资产"), head("出租固定资产"), head("其他")]]
    return _organisations(typed, "固定资产", _ASSETS, heads, ((2, (3, 4)),))


def _targets(typed: Answers) -> Table:
    height = sum(len(typed.rows("定量目标", leaf)) for _, leaves in _TARGETS for _, leaf in leaves)
    rows = [[label("整体支出绩效定性目标及实施计划完成情况", down=2), label("预期目标", across=3), label("实际完成", across=2)],
            [typed.typed("预期目标", across=3), typed.typed("实际完成", across=2)],
            [label("整体支出\n\n绩效定量目标及实施计划完成情况", down=1 + height), head("评价内容", across=2),
             head("绩效目标", across=2), head("完成情况")]]
    for words, leaves in _TARGETS:
        first = [label(words, down=sum(len(typed.rows("定量目标", leaf)) for _, leaf in leaves))]
        for name, leaf in leaves:
            ordinals = typed.rows("定量目标", leaf)
            second = [label(name, down=len(ordinals))]
            for row in ordinals:
                rows.append(first + second + [typed.typed(f"定量目标.{column}", row=row, group=leaf)
                                              for column in ("指标", "绩效目标", "完成情况")])
                first, second = [], []
    last = len(rows)
    rows += [[label("绩效自评综合得分及评价等次", across=3, down=2), typed.typed("综合得分", across=3)], [note(_BANDS, across=3)]]
    return Table(placed(rows), ("三、部门（单位）整体支出绩效自评情况",), head=(3, 3), body=(5, last))


def _people(typed: Answers) -> Table:
    rows = [[head("姓  名"), head("职务/职称"), head("单  位"), head("签  字")], *([note("")] * 4 for _ in range(3))]
    return Table(placed(rows), ("四、评价人员",), _SIGNED, body=(2, 4))


def _basis(typed: Answers) -> Table:
    rows = [[head("项目"), head("用于哪项指标"), head("报告正文所写"), head("计算用数")]]
    rows += [[label(words), typed.printed(f"{name}.用途"), typed.typed(f"{name}.正文所写"), typed.typed(f"{name}.计算用数")]
             for name, words in _BASIS]
    return Table(placed(rows), ("指标评分依据表", "单位：万元"), body=(3, len(rows)), orders=(Order(1, len(rows), (2, 3, 4)),))


def _survey(typed: Answers) -> Table:
    rows = [[head("调查对象"), head("权重（%）"), head("满意度")]]
    rows += [[typed.typed(f"满意度调查.{column}", row=row) for column in ("对象", "权重", "满意度")]
             for row in typed.rows("满意度调查")]
    return Table(placed(rows), ("社会公众或服务对象满意度",), body=(2, len(rows)), orders=(Order(1, len(rows), (2, 3)),))


def _others(typed: Answers) -> Table:
    rows = [[head("其他计算用数"), head("数")], *([label(words), typed.typed(name)] for name, words in _OTHERS)]
    return Table(placed(rows), body=(3, len(rows)))


def _scores(typed: Answers) -> Table:
    rows = [[head(words) for words in ("一级指标", "二级指标", "三级指标", "分值", "得分", "实际值", "指标说明", "评价标准")]]
    for words, seconds in _SCORES:
        first = [label(words, down=sum(len(names) for _, names in seconds))]
        for second, names in seconds:
            start = [*first, label(second, down=len(names))]
            for name in names:
                value = typed.printed if typed.slot(f"{name}.实际值") in typed.fixed else typed.typed
                rows.append([*start, label(_PRINTED.get(name, name)), typed.printed(f"{name}.分值"),
                             typed.typed(f"{name}.得分"), value(f"{name}.实际值"), typed.typed(f"{name}.说明"),
                             typed.printed(f"{name}.标准")])
                start, first = [], []
    last = len(rows)
    rows += [[label(f"{name}小计", across=3), typed.printed(f"{name}分值"), typed.typed(f"{name}得分"), note(""),
              note("", across=2)] for name in ("投入", "过程", "产出及效率")]
    rows += [[label("总  分", across=3), typed.printed("分值合计"), typed.typed("总分"), note(""), note("", across=2)],
             [label("评价结果等次", across=3), typed.typed("等级"), note(_BANDS, across=4)]]
    return Table(placed(rows), ("部门整体支出绩效评价指标评分表", "（2021年度）"), body=(2, last),
                 orders=(Order(1, len(rows) - 1, (5, 6)), Order(1, last, (7, 8))))
