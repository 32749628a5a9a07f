"""The closed list of functions. Excel 2010 to 365, WPS and LibreOffice compute all of them alike."""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Function:
    """Least and most arguments, an example, and whether an argument may be a whole column of cells."""

    least: int
    most: int
    example: str
    vectors: bool = False


MANY = 255

FUNCTIONS: dict[str, Function] = {
    "IF": Function(3, 3, 'IF(预算数=0,"不适用",执行数/预算数)'),
    "AND": Function(1, MANY, "AND(执行率>=0,执行率<=1)"),
    "OR": Function(1, MANY, "OR(执行数=0,预算数=0)"),
    "NOT": Function(1, 1, "NOT(执行数=0)"),
    "SUM": Function(1, MANY, "SUM(项目!资金.全年执行)", vectors=True),
    "MIN": Function(1, MANY, "MIN(执行率,1)", vectors=True),
    "MAX": Function(1, MANY, "MAX(执行率,0)", vectors=True),
    "ABS": Function(1, 1, "ABS(执行数-预算数)"),
    "ROUND": Function(2, 2, "ROUND(得分,2)"),
    "ROUNDUP": Function(2, 2, "ROUNDUP(超出百分点,0)"),
    "ROUNDDOWN": Function(2, 2, "ROUNDDOWN(超出百分点,0)"),
    "IFERROR": Function(2, 2, "IFERROR(执行数/预算数,0)"),
    "ISNUMBER": Function(1, 1, "ISNUMBER(执行率)"),
    "NA": Function(0, 0, "NA()"),
    "COUNT": Function(1, MANY, "COUNT(项目!指标.得分)", vectors=True),
    "COUNTA": Function(1, MANY, "COUNTA(项目!指标.三级)", vectors=True),
    "SUMIF": Function(2, 3, 'SUMIF(项目!指标.得分,">=0",项目!指标.分值)', vectors=True),
    "SUMPRODUCT": Function(1, MANY, "SUMPRODUCT(调查.满意度,调查.权重)", vectors=True),
    "INDEX": Function(2, 2, "INDEX(项目!指标.得分,1)", vectors=True),
    "MATCH": Function(3, 3, 'MATCH("数量指标",项目!指标.二级,0)', vectors=True),
}

PRIOR = "上年"
"""上年(x): last year's value of an item. Not a spreadsheet function, so it has no native form."""
