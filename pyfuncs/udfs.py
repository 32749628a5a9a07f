"""The functions a cell can call, in plain Python: a spreadsheet's values in, a value or CellFailure out.

They need the standard library alone and read the compiled rule sets, so any interpreter can serve them. LibreOffice
may bring Python 3.8: what stands here and behind it keeps to that, and a type's name that 3.8 can't evaluate is quoted.
Help, arguments, examples and sources of a function all stand in its declaration; see udfs_declare.
"""
from __future__ import annotations

from decimal import Decimal

from . import __version__
from .language import NOT_APPLICABLE, CellError, Value, evaluate, parse
from .methods import grade, indicator_score
from .udfs_declare import COM_ERRORS, FUNCTIONS, Argument, CellFailure, CellFunction, Example, Page, cell_function
from .udfs_rules import bands, check_of, explanation, rate, rate_of, score, scores, single, weighted_score

__all__ = ["COM_ERRORS", "FUNCTIONS", "Argument", "CellError", "CellFailure", "CellFunction", "Example", "Page"]

_WAN = parse("yuan/10000")


@cell_function(actual="实际数：在职人数（人），或实际支出（元或万元）",
               limit="限额：编制数（人），或预算安排数（元或万元，与实际数同一单位）")
def JX_CONTROL_RATE(actual, limit):
    """控制率＝实际数÷限额。限额为 0 时为“不适用”。

    公式：实际数 ÷ 限额
    结果：比率，不超过 100% 为好
    示例：编制 15 人，在职 12 人：=JX_CONTROL_RATE(12,15) → 0.8
    示例：编制 11 人，在职 16 人：=JX_CONTROL_RATE(16,11) → 1.4545454545455
    示例：没有编制：=JX_CONTROL_RATE(3,0) → 不适用
    注意：在职人数只数在编在职的人员，离退休人员、雇员和编外人员不算在内。
    注意：“控制率”既有人员的，也有经费的（公用经费、“三公”经费），算法相同，看清所在的行。
    来源：名称见财预〔2013〕53号附件 2（没有见到附件原文的公式）。在职人员控制率的公式见于长沙市雨花区 2017 年、2022 年填报的
    评分表；公用经费控制率和“三公经费”控制率的公式见于湘西州一家单位 2021 年的自评报告。
    """
    return rate("控制率", actual, limit)


@cell_function(current="本年数（元或万元）", prior="上年数（与本年数同一单位、同一口径）")
def JX_CHANGE_RATE(current, prior):
    """变动率＝（本年数－上年数）÷上年数，减少为负。两年都是 0 时为 0，只有上年为 0 时为“不适用”。

    公式：（本年数 － 上年数）÷ 上年数
    结果：比率，减少的带负号；“三公”经费不增加为好
    示例：“三公”经费上年 3 万元，本年 1 万元：=JX_CHANGE_RATE(1,3) → -0.6666666666667
    示例：两年都没有发生：=JX_CHANGE_RATE(0,0) → 0
    示例：上年没有，本年有：=JX_CHANGE_RATE(2,0) → 不适用
    注意：负号不能丢，-66.67% 写成 66.67% 就成了增长。
    注意：各地比的数不同，有的用两年的预算数，有的用两年的决算数；两年要用同一种，本地用哪一种见规则集说明。
    来源：财预〔2013〕53号附件 2 有“‘三公经费’变动率”（没有见到附件原文的公式）；公式见于长沙市雨花区 2017 年、2022 年填报的
    评分表，湘西州 2021 年的自评报告，和一份湖南 2018 年的评分表。
    """
    return rate("变动率", current, prior)


@cell_function(carried_over="上年结转（元或万元）", initial="年初预算（同一单位）",
               added="本年追加（同一单位，追减填负数）", closing="年末结余（同一单位）")
def JX_COMPLETION_RATE(carried_over, initial, added, closing):
    """预算完成率＝（上年结转＋年初预算＋本年追加－年末结余）÷（上年结转＋年初预算＋本年追加）。

    公式：（上年结转 ＋ 年初预算 ＋ 本年追加 － 年末结余）÷（上年结转 ＋ 年初预算 ＋ 本年追加）
    结果：比率，100% 为好
    示例：湘西州一家单位 2021 年（万元）：=JX_COMPLETION_RATE(99.11,19.83,28,22.01) → 0.8502109704641
    示例：全年没有预算：=JX_COMPLETION_RATE(0,0,0,0) → 不适用
    注意：没有发生的请填 0，空着不算 0。
    注意：也有地方用“一般公共预算支出完成数÷年初预算数”，同一家单位算出来不是一个数；以本地规则集为准。
    来源：公式见于长沙市雨花区 2017 年、2022 年填报的评分表，湘西州 2021 年的自评报告，和一份湖南 2018 年的评分表；
    财预〔2013〕53号附件 2 有这个名称（没有见到附件原文的公式）。
    """
    return rate("完成率", carried_over, initial, added, closing)


@cell_function(added="本年追加（元或万元，追减填负数）", initial="年初预算（同一单位）",
               excluded="按规定剔除的政策性追加（同一单位），没有可不填")
def JX_ADJUSTMENT_RATE(added, initial, excluded=None):
    """预算调整率＝（本年追加－剔除数）÷年初预算。年初预算为 0 时为“不适用”。

    公式：（本年追加 － 剔除数）÷ 年初预算
    结果：比率，0 为好
    示例：年初预算 90 万元，追加 45 万元：=JX_ADJUSTMENT_RATE(45,90) → 0.5
    示例：其中政策性追加 36 万元：=JX_ADJUSTMENT_RATE(45,90,36) → 0.1
    示例：净追减 9 万元：=JX_ADJUSTMENT_RATE(-9,90) → -0.1
    注意：因落实国家政策、不可抗力、上级或本级党委政府临时交办而追加的，许多地方可以剔除，要逐笔写明依据。
    来源：财预〔2013〕53号附件 2 有这个名称（没有见到附件原文的公式）。长沙市雨花区 2022 年的评分表叫“预算控制率”，
    ＝本年追加÷年初预算，没有写剔除；剔除政策性追加见于湘西州 2021 年的自评报告。
    """
    return rate("调整率", added, initial, excluded)


@cell_function(executed="全年执行数（元或万元）", budget="全年预算数（调整后，同一单位）")
def JX_EXECUTION_RATE(executed, budget):
    """预算执行率＝全年执行数÷全年预算数（调整后）。预算数为 0 时为“不适用”。

    公式：全年执行数 ÷ 全年预算数（调整后）
    结果：比率，100% 为好
    示例：衡阳市一家单位 2022 年（万元）：=JX_EXECUTION_RATE(346.17,505.05) → 0.6854172854173
    示例：没有安排预算：=JX_EXECUTION_RATE(0,0) → 不适用
    注意：分母是调整后的全年预算数。超过 100% 的，多半是分母用了年初预算数。
    来源：公式见于四川 2023 年、云南、湖北的表式；财预〔2020〕10号是项目支出绩效评价的办法（没有见到原文的公式）。
    """
    return rate("执行率", executed, budget)


@cell_function(in_use="实际在用固定资产总额（元或万元）", total="所有固定资产总额（同一单位）")
def JX_UTILISATION_RATE(in_use, total):
    """固定资产利用率＝实际在用固定资产总额÷所有固定资产总额。

    公式：实际在用固定资产总额 ÷ 所有固定资产总额
    结果：比率，100% 为好
    示例：固定资产 50 万元，在用 48 万元：=JX_UTILISATION_RATE(48,50) → 0.96
    示例：没有固定资产：=JX_UTILISATION_RATE(0,0) → 不适用
    来源：公式见于湘西州 2021 年的自评报告；财预〔2013〕53号附件 2 有这个名称（没有见到附件原文的公式）。
    """
    return rate("利用率", in_use, total)


@cell_function(values="各类对象的满意度（百分数），一列单元格", weights="各类对象的权重，同样多的单元格，可以写 50、40、10")
def JX_SATISFACTION(values, weights):
    """满意度＝各类满意度按权重平均。有一方没有填时为“不适用”。

    公式：各类（满意度 × 权重）之和 ÷ 权重之和
    结果：比率，越高越好
    示例：服务对象 96.2%、社会公众 96%、内部员工 96%，权重 50、40、10：
    =JX_SATISFACTION({0.962;0.96;0.96},{50;40;10}) → 0.961
    示例：只有一类对象：=JX_SATISFACTION(0.9,100) → 0.9
    示例：有一类没有调查：=JX_SATISFACTION({0.9;""},{50;50}) → 不适用
    注意：填的是调查得来的数，不是“≥90%”这样的目标。
    来源：加权办法（50%、40%、10%）见于湘西州 2021 年的自评报告；“满意人数÷有效调查人数”见于一份县级办法，用占比计算。
    """
    return rate("满意度", values, weights)


@cell_function(ruleset="规则集，如 430400/2022", rate="比率的名称，见规则集说明",
               operands="按规则集说明的次序填各数（金额用元或万元，各数同一单位）")
def JX_RATE(ruleset, rate, *operands):
    """规则集中任一比率的值，各数按规则集说明的次序填。

    公式：按规则集给这个比率选定的方法
    结果：比率
    示例：衡阳市 2022 年度的人员控制率，在职 12 人、编制 15 人：=JX_RATE("430400/2022","人员控制率",12,15) → 0.8
    示例：岳阳市 2018 年度的重点支出安排率，重点项目 81 万元、项目总支出 90 万元：
    =JX_RATE("430600/2018","重点支出安排率",81,90) → 0.9
    注意：名称写错、规则集没有这个比率时显示 #NAME?，日志里写着相近的名称，JX_EXPLAIN 也会告诉您。
    来源：每个比率的来源和可靠程度见[规则集](../rulesets/README.md)各页。
    """
    return rate_of(ruleset, rate, operands)


@cell_function(ruleset="规则集，如 430400/2022", item="评分项目，一个或一列单元格",
               value="完成情况：比率、次数（次）或评定的分数（分），与评分项目同样多的单元格")
def JX_SCORE(ruleset, item, value) -> Value | list[list[Value]]:
    """按规则集给一个或一列评分项目打分。

    公式：按规则集给这个评分项目选定的方法和参数（见[方法一览](README.md#比率与评分方法)）
    结果：得分（分），不超过分值；规定有几种理解的，按规则集的第一种
    示例：执行率 68.54%，分值 10 分，按率计分：=JX_SCORE("430400/2022","项目资金得分",0.6854) → 6.85
    示例：预算完成率 85.02%，每低 5% 扣 2 分，5 分扣完：=JX_SCORE("433100/2021","预算完成率得分",0.8502) → 0
    示例：一次算一列：
    =JX_SCORE("433100/2021",{"预算完成率得分";"三公经费变动率得分"},{1;-0.6667}) → {5;4}
    注意：整张评分表请一次给一列，比一格一格算得快。
    注意：填“不适用”时按规则集的规定：得满分、得 0 分、不计入，或留给人判断（显示“不适用”）。
    来源：每个得分的来源和可靠程度见[规则集](../rulesets/README.md)各页。
    """
    if isinstance(item, list) or isinstance(value, list):
        return scores(ruleset, item, value)
    return score(ruleset, item, value)


@cell_function(target="年度指标值，如 ≥3次、=100%、≤90万元", actual="全年完成值，单位与指标值相同", points="分值（分）")
def JX_INDICATOR_SCORE(target, actual, points):
    """指标得分＝分值×完成值÷指标值（越小越好的指标反过来），最多为分值。

    公式：指标值写 ≥、> 或 = 的：分值 × 完成值 ÷ 指标值；写 ≤、< 的：分值 × 指标值 ÷ 完成值；最多为分值
    结果：得分（分）
    示例：至少 4 次，做了 3 次：=JX_INDICATOR_SCORE("≥4次",3,10) → 7.5
    示例：不超过 90 万元，用了 100 万元：=JX_INDICATOR_SCORE("≤90万元","100万元",10) → 9
    示例：不低于 95%，达到 97%：=JX_INDICATOR_SCORE("≥95%",0.97,10) → 10
    示例：指标值是定性的话：=JX_INDICATOR_SCORE("明显改善","已改善",10) → #VALUE!
    注意：指标值是百分数时，完成值填 0.97 或“97%”；填 97 分不清是多少，显示 #VALUE!。
    注意：定性指标由评价人打分，不用这个函数。
    来源：正向、反向按比例计分见于湖北 2020 年表式所印的说明；财预〔2020〕10号（没有见到原文）。
    """
    labels = zip(("指标值", "完成值", "分值"), (target, actual, points))
    return indicator_score(*(single(label, value) for label, value in labels))


@cell_function(points="各项分值（分），一列单元格", scores="各项得分（分），同样多的单元格；不适用的不计入")
def JX_WEIGHTED_SCORE(points, scores):
    """折算总分＝100×得分之和÷有得分各项的分值之和。

    公式：100 × 得分之和 ÷ 有得分各项的分值之和
    结果：折算成百分制的总分（分）
    示例：三项分值 10、5、5，第二项不适用：=JX_WEIGHTED_SCORE({10;5;5},{9;"不适用";4.5}) → 90
    示例：各项都不适用：=JX_WEIGHTED_SCORE({10;5},{"不适用";"不适用"}) → 不适用
    注意：空着的得分也不计入，请先看看有没有漏填。
    来源：剔除不适用的项、按百分制折算，见于一份县级办法；用不用以本地规则集为准。
    """
    return weighted_score(points, scores)


@cell_function(ruleset="规则集，如 430400/2022", total="总分（分）")
def JX_GRADE(ruleset, total):
    """按规则集的等级标准给总分定等级。总分不先取整。

    公式：总分落在哪一档
    结果：等级（文字），如 优、良、中、差
    示例：89.6 分，90 分起为优：=JX_GRADE("430400/2022",89.6) → 良
    示例：正好在界限上：=JX_GRADE("430400/2022",90) → 优
    示例：湘西州第三档叫“较差”：=JX_GRADE("433100/2021",70) → 较差
    注意：总分不先四舍五入：89.6 分是良，不能进成 90 分。
    来源：等级的界限和来源见[规则集](../rulesets/README.md)各页；多数地方用财预〔2020〕10号的四档（没有见到原文）。
    """
    if isinstance(single("总分", total), Decimal):
        return grade(total, bands(ruleset))
    return total if total == NOT_APPLICABLE or isinstance(total, CellError) else CellError("#N/A")


@cell_function(ruleset="规则集，如 430400/2022", check="审核公式的编号",
               operands="按公式中出现的次序填各数，金额以元为单位；公式里求和的填一列单元格")
def JX_CHECK(ruleset, check, *operands):
    """一条审核公式是否成立：成立为 TRUE，不成立为 FALSE。

    公式：规则集所写的审核公式
    结果：TRUE 或 FALSE
    示例：项目支出 225300 元，等于两个项目之和：=JX_CHECK("430400/2022","KB-01",225300,{125300;100000}) → TRUE
    示例：项目支出填成 255000 元：=JX_CHECK("430400/2022","KB-01",255000,{125300;100000}) → FALSE
    示例：编制 15 人，在职不超过编制：=JX_CHECK("430400/2022","KB-03",12,15) → TRUE
    注意：编号写后半段，如 430400-2022-KB-01 写 KB-01。
    注意：只有写成公式的审核能放进单元格，其余的由审核程序执行。
    来源：每条审核公式见[规则集](../rulesets/README.md)各页的“审核公式”。
    """
    return check_of(ruleset, check, operands)


@cell_function(ruleset="规则集，如 430400/2022", item="比率、评分项目或总分的名称",
               operands="各数：可以不填；填完成情况一个数，或按次序填比率所用的各数，金额都用元或都用万元")
def JX_EXPLAIN(ruleset, item, *operands):
    """说明一个比率或得分怎样算出来：先是代入数的一句话，以下各行是所用的数、算法、几种读法、可靠程度和依据。单元格请设为自动换行。

    公式：不计算新的数，只说明
    结果：几行文字
    示例：一个比率，带上它用的两个数：=JX_EXPLAIN("430400/2022","人员控制率",12,15) →
    实际数 12 ÷ 限额 15 ＝ 80.00%
    ├─ 实际数 ＝ 《基础数据表》“实际在职人数”：12
    ├─ 限额 ＝ 《基础数据表》“编制数”：15
    ├─ 算法：控制率，实际数 ÷ 限额（编制数或预算数）；不超过 100% 为好
    ├─ 可靠程度：见于已填表格
    ├─ 来源：基础数据表“财政供养人员情况”一栏：实际在职人数 ÷ 编制数
    └─ 依据：衡阳市 2022 年度部门整体支出绩效自评的三张表（2023-03，按一家市直单位公开的自评报告所附表格；未见衡阳市财政局的通知）
    示例：名称写错了：=JX_EXPLAIN("430400/2022","人员控制") →
    规则集 430400/2022 里没有“人员控制”，是不是“人员控制率”“公用经费控制率”“三公经费控制率”？
    注意：别的函数显示 #NAME? 时，用它看名称错在哪里；它自己遇到没有的名称不出错误值，直接说出相近的名称。
    来源：说明里的来源和依据都取自规则集。
    """
    return explanation(ruleset, item, operands)


@cell_function(yuan="以元为单位的金额")
def JX_WAN(yuan):
    """把元换算成万元。

    公式：金额 ÷ 10000
    结果：金额（万元），不取整
    示例：225300 元：=JX_WAN(225300) → 22.53
    注意：只换算，不四舍五入；要几位小数请设单元格格式。
    来源：1 万元＝10000 元。
    """
    return evaluate(_WAN, lambda ref: single("金额", yuan))


@cell_function()
def JX_VERSION():
    """工具箱的版本号；能显示版本号就说明已装好。

    公式：不计算
    结果：版本号（文字）
    示例：看看装好没有：=JX_VERSION() → {version}
    来源：本工具箱。
    """
    return __version__
