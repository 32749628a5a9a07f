"""Every relation that was checked by hand in five real reports, and what of this program answers it.

An answer is the key of a check (derived from a form, or of checks.yaml), or `=key`: a rate, score or grade worked out
where the report prints none. 正文: a relation between sentences, or between a sentence and a table. 人工: a person's
to judge. 别名: a misprinted label that is read as what it means.
"""

from __future__ import annotations

import re

import pytest

from pyfuncs.catalog.codes import derived_keys
from pyfuncs.catalog.figures import GRADE
from pyfuncs.catalog.load import load_ruleset

COUNTS = {"S0": 18, "S1": 70, "S2": 59, "S3": 88, "S4": 22}
RULESETS = {"S0": "430000/2020", "S1": "430400/2022", "S2": "433100/2021", "S3": "430181/2021", "S4": "430000/2021"}
REASONS = {"正文", "人工", "别名"}

S0 = """
01 parts:评分依据!支出合计
02 ZB-04
03-04 正文
05 parts:基础数据!其他专项
06 KB-18 ZB-01
07 parts:评分依据!资产总额
08 rate:评分依据!流动占比
09 rate:评分依据!固定占比
10-11 正文
12 rate:基础数据!控制率
13 unspent:基础数据!全表
14 正文
15 rate:评分!预算控制率.实际值
16 人工
17 正文
18 filled:评分!全表
"""

S1 = """
01-04 正文
05 rate:基础数据!控制率
06-08 parts:基础数据!公用经费
09 正文
10-12 parts:基础数据!三公经费
13-15 parts:基础数据!公务用车
16 正文
17-19 KB-11
20-22 KB-12
23-25 parts:基础数据!项目支出
26-28 parts:基础数据!业务专项
29 正文
30 blank-parent:基础数据!部门基本支出
31 total:整体自评!资金总额
32 total:整体自评!执行数
33 rate:整体自评!资金执行率 unspent:整体自评!全表 inflated:整体自评!全表
34 score:整体自评!资金得分
35 group:整体自评!产出指标
36 group:整体自评!效益指标
37 total:整体自评!分值合计 equals:整体自评!分值合计
38 total:整体自评!得分合计
39 =自评总分
40 =等级
41 met:整体自评!指标.得分
42 KB-06
43 人工
44 group:项目!产出指标
45 group:项目!效益指标
46 total:项目!分值合计 equals:项目!分值合计
47 total:项目!得分合计
48 group:项目!产出指标
49 group:项目!效益指标
50 total:项目!分值合计 equals:项目!分值合计
51 total:项目!得分合计
52-53 rate:项目!执行率
54 fixed:项目!财政拨款
55 KB-01
56-57 正文
58 KB-05
59 正文
60 别名
61 =三公经费控制率
62 =三公经费变动率
63 =公用经费控制率
64 type:基础数据!本年决算
65 =政府采购执行率
66 rate:整体自评!资金执行率 rate:项目!执行率
67 正文
68-69 人工
70 正文
"""

S2 = """
01 total:收支情况!收入.收入合计
02 total:收支情况!支出.支出合计
03 total:收支情况!支出.基本支出
04 KB-11
05 KB-12
06-09 正文
10 total:收支情况!三公经费.三公经费合计
11 total:收支情况!固定资产.固定资产合计
12 rate:评分!在职人员控制率.实际值
13 KB-09 KB-10
14 rate:评分!三公经费变动率.实际值
15 KB-18
16 rate:评分!预算完成率.实际值
17 KB-01
18 KB-02
19 KB-03
20 KB-04
21 score:评分!预算完成率.得分
22-23 rate:评分!预算调整率.实际值
24 =预算调整率_未剔除
25 KB-17
26 正文
27 rate:评分!公用经费控制率.实际值
28 rate:评分!三公经费控制率.实际值
29 parts:评分依据!三公预算
30 正文
31 rate:评分!政府采购执行率.实际值
32 正文
33 type:评分依据!正文所写
34 rate:评分!固定资产利用率.实际值
35 rate:评分!满意度.实际值
36 KB-16
37 人工
38 fixed:评分!分值合计
39 score:评分!投入得分
40 score:评分!过程得分
41 score:评分!产出及效率得分
42 score:评分!总分
43 grade:评分!等级
44 total:自评情况!综合得分
45 total:收支情况!收入合计 total:收支情况!支出合计 total:收支情况!三公合计 total:收支情况!资产合计
46-55 正文
56 =预算完成率
57-58 正文
59 KB-06
"""

S3 = """
01 正文
02-03 ZB-01
04-15 正文
16-18 parts:基础数据!三公经费
19 rate:基础数据!控制率
20-35 正文
36 rate:整体自评!财政拨款.执行率
37 rate:整体自评!基本支出.执行率
38 rate:整体自评!项目支出.执行率
39 KB-07
40 KB-08 KB-09
41 ZB-03 ZB-04
42 group:整体自评!投入管理指标
43 group:整体自评!产出指标
44 group:整体自评!效益指标
45 fixed:整体自评!权重合计
46-49 score:整体自评!总分
50 =等级
51 score:项目!资金得分
52 rate:项目!执行率
53 group:项目!产出指标
54 group:项目!效益指标
55 equals:项目!分值合计
56-58 score:项目!总分
59-67 正文
68 met:项目!指标.得分
69 =政府采购执行率
70 =三公经费控制率
71 =三公经费变动率
72 =公用经费控制率
73 =预算调整率
74 parts:基础数据!公用经费
75-76 正文
77 fixed:基础数据!政府采购 fixed:基础数据!预算调整
78 正文
79 人工
80 reason:整体自评!指标.原因
81 reason:整体自评!指标.原因 reason:项目!指标.原因
82-86 正文
87 type:基础数据!本年预算 percent:整体自评!财政拨款.执行率
88 KB-07
"""

S4 = """
01-03 正文
04 rate:基础数据!控制率
05 正文
06 parts:基础数据!项目支出
07 parts:基础数据!业务专项
08 parts:评分依据!支出合计
09-16 正文
17 KB-03 score:评分!在职人员控制率.得分 score:评分!总分
18 filled:评分!全表
19-22 正文
"""

TABLES = {"S0": S0, "S1": S1, "S2": S2, "S3": S3, "S4": S4}


def answers(report: str) -> dict[str, list[str]]:
    """Id of every relation -> what answers it."""
    found: dict[str, list[str]] = {}
    for line in TABLES[report].strip().splitlines():
        first, last, words = re.fullmatch(r"(\d+)(?:-(\d+))? (.+)", line).groups()
        for number in range(int(first), int(last or first) + 1):
            assert f"{report}-{number:02}" not in found, line
            found[f"{report}-{number:02}"] = words.split()
    return found


@pytest.mark.parametrize("report", TABLES)
def test_no_relation_is_missing(report: str) -> None:
    assert sorted(answers(report)) == [f"{report}-{number:02}" for number in range(1, COUNTS[report] + 1)]


@pytest.mark.parametrize("report", TABLES)
def test_every_named_check_and_figure_is_in_the_rule_set(report: str) -> None:
    ruleset = load_ruleset(RULESETS[report])
    known = {*REASONS, *ruleset.checks, *(key for _, key in derived_keys(ruleset)),
             *(f"={key}" for key in (*ruleset.rates, *ruleset.scores, GRADE))}
    assert {word for words in answers(report).values() for word in words} - known == set()


def test_a_misprinted_label_is_an_alias() -> None:
    assert "主管部分" in load_ruleset("430400/2022").forms["项目"].cells["主管部门"].aliases
