"""The pages of the manual about cell functions: an index and one for each, from the declarations.

Examples are shown as declared (a test runs them); what a function answers to a blank, a text or an error
is asked of the function itself.
"""

from __future__ import annotations

import ast
import logging
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from manual_text import NOTE, table
from pyfuncs.catalog.fields import STATUS_WORDS
from pyfuncs.catalog.model import RuleSet
from pyfuncs.methods import METHODS, Parameter
from pyfuncs.methods.wording import percent
from pyfuncs.udfs import FUNCTIONS, CellError, CellFailure, CellFunction, Example, Page

CELL_ERRORS = (
    ("#NAME?", "规则集、比率、评分项目或审核公式的名称写错了；所有 JX_ 函数都显示它，是没有装加载项",
     "用 JX_EXPLAIN 看相近的名称；没有装加载项的先安装，或换用公式版"),
    ("#N/A", "有的数没有填，或填的不是数；Excel 里所有 JX_ 函数都显示它，是函数服务没有启动",
     "补填，不适用的填“不适用”；函数服务没有启动的，点“绩效自评”里的“关于/诊断”"),
    ("#VALUE!", "参数的个数不对；该填一个单元格的给了一片；两列单元格不一样多；读不懂填写的内容", "照函数说明里的示例改"),
    ("#DIV/0! 等", "引用的单元格本身就是错误值", "先改正那个单元格"),
    ("#NUM!", "数超出范围", "看看单位，是不是多填了几位"),
)
LONGEST = 40                                          # characters of an answer that are shown
REPLACEMENTS = (("空白", None), ("不适用", "不适用"), ("0", 0.0), ("文字“不知道”", "不知道"), ("错误值 #DIV/0!", "#DIV/0!"))

logging.getLogger("jixiao.udfs").addHandler(logging.NullHandler())  # bad input is asked for here


def function_pages(rulesets: list[RuleSet]) -> Iterator[tuple[str, str]]:
    """File name and text of the index and of each function's page."""
    yield "README.md", index_page()
    for function in FUNCTIONS.values():
        yield f"{function.name}.md", "\n".join(function_page(function, rulesets))


def index_page() -> str:
    functions = ((f"[{function.name}]({function.name}.md)", function.help) for function in FUNCTIONS.values())
    methods = ((name, method.help, f"[{method.function}]({method.function}.md)") for name, method in METHODS.items())
    return "\n".join((
        "# 函数手册\n", NOTE + "装好加载项后，这些函数可以在单元格里直接使用，在“插入函数”窗口里的分类是“绩效自评”。"
        "金额用元还是用万元，写在每个函数的参数里；比率是小数（0.8 即 80%），单元格请设成百分比格式。\n",
        table(("函数", "算什么"), functions),
        "## 单元格显示错误值\n\n算不出来时单元格显示错误值，原因写在日志里；不会显示 0，也不会显示一段文字。"
        "日志文件：Windows 是 `%LOCALAPPDATA%\\jixiao\\jixiao.log`，其他系统是 `~/.local/state/jixiao/jixiao.log`。\n",
        table(("显示", "意思", "怎么办"), CELL_ERRORS),
        "## 比率与评分方法\n\n规则集里的每个比率、每个得分都用下面的一种方法。\n",
        table(("方法", "算什么", "用在单元格里"), methods),
        "## 方法的参数\n\n参数写在规则集里，不写在单元格里；得分到不到界限、不足一步怎样算，各地不同，都由参数规定。\n",
        table(("参数", "意思", "不写时", "例如", "哪些方法有"), parameters())))


def parameters() -> Iterator[tuple[str, ...]]:
    """Every parameter once, with the methods that take it."""
    takers: dict[Parameter, list[str]] = {}
    for name, method in METHODS.items():
        for parameter in method.parameters:
            takers.setdefault(parameter, []).append(name)
    for parameter, names in takers.items():
        yield parameter.name, parameter.help, needed(parameter), f"`{parameter.example}`", "、".join(names)


def needed(parameter: Parameter) -> str:
    if parameter.default is not None:
        return f"`{parameter.default}`"
    return "没有" if parameter.optional else "必须写"


def function_page(function: CellFunction, rulesets: list[RuleSet]) -> Iterator[str]:
    page = function.page
    yield f"# {function.name}\n\n{NOTE}[函数手册](README.md)\n\n{function.help}\n\n`{usage(function)}`\n"
    yield f"- 公式：{page.formula}\n- 结果：{page.result}{'（单元格请设成百分比格式）' if is_ratio(page) else ''}\n"
    if function.arguments:
        yield "## 参数\n"
        yield table(("参数", "说明", "可以不填"), ((argument.name, argument.help, "是" if argument.optional else "")
                                        for argument in function.arguments))
    yield "## 示例\n"
    yield from examples(page)
    if function.arguments:
        yield "## 填了空白、文字或错误值\n\n" + told_of_replacing(longest(page)) + "\n"
        yield table(("换掉的参数", *(words for words, _ in REPLACEMENTS)), answers(function))
    if page.notes:
        yield "## 注意\n\n" + "".join(f"- {note}\n" for note in page.notes)
    yield "## 来源\n\n" + "".join(f"- {source}\n" for source in page.sources)
    if used := list(users(function, rulesets)):
        yield "## 哪些规则集用它\n"
        yield table(("规则集", "用在哪里"), used)


def usage(function: CellFunction) -> str:
    """=JX_ADJUSTMENT_RATE(added, initial, [excluded])"""
    names = (f"[{each.name}]" if each.optional else f"{each.name}…" if each.repeated else each.name
             for each in function.arguments)
    return f"={function.name}({', '.join(names)})"


def is_ratio(page: Page) -> bool:
    return page.result.startswith("比率")


def examples(page: Page) -> Iterator[str]:
    """A table; a result of several lines stands below it."""
    yield table(("情况", "写法", "结果"), (
        (each.case, f"`{each.formula}`", "见下" if "\n" in each.result else result(each, page))
        for each in page.examples))
    for each in page.examples:
        if "\n" in each.result:
            yield f"`{each.formula}`\n\n```\n{each.result}\n```\n"


def result(example: Example, page: Page) -> str:
    """The result as the cell shows it; a ratio in percent as well."""
    if is_ratio(page) and re.fullmatch(r"-?[\d.]+", example.result):
        return f"{example.result}（{percent(Decimal(example.result))}）"
    return example.result


# -- what a function answers to other input -----------------------------------------------------------


def longest(page: Page) -> Example:
    """The example of most cells, the first of several."""
    return max(page.examples, key=lambda example: sum(map(size, example_cells(example.formula))))


def size(cell: Any) -> int:
    return len(cell) if isinstance(cell, list) else 1


def told_of_replacing(example: Example) -> str:
    ranges = "；一列单元格只换第一格" if "{" in example.formula else ""
    return f"下表把 `{example.formula}` 的一个参数换成别的，其余不变{ranges}。"


def answers(function: CellFunction) -> Iterator[tuple[str, ...]]:
    """A row for each argument of the longest example: what comes out with each replacement."""
    cells = example_cells(longest(function.page).formula)
    for position, name in enumerate(positions(function, len(cells))):
        yield name, *(answer(function, [*cells[:position], replaced(cells[position], value), *cells[position + 1:]])
                      for _, value in REPLACEMENTS)


def positions(function: CellFunction, count: int) -> Iterator[str]:
    for position in range(count):
        argument = function.arguments[min(position, len(function.arguments) - 1)]
        ordinal = f" 第 {position - len(function.arguments) + 2} 个" if argument.repeated else ""
        yield argument.name + ordinal


def replaced(cell: Any, value: Any) -> Any:
    return [[value, *cell[0][1:]], *cell[1:]] if isinstance(cell, list) else value


def answer(function: CellFunction, cells: list[Any]) -> str:
    try:
        return shown(function.call(*cells))
    except CellFailure as failure:
        return failure.code


def shown(value: Any) -> str:
    """A result as a cell shows it, of several lines the first, of several cells each."""
    if isinstance(value, list):
        return "；".join(shown(cell) for row in value for cell in row)
    if isinstance(value, CellError):
        return value.code
    if isinstance(value, bool):
        return str(value).upper()
    return f"{value:.13g}" if isinstance(value, float) else shorten(str(value).split("\n")[0])


def shorten(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST - 1]}…"


def example_cells(formula: str) -> list[Any]:
    """The arguments of an example: numbers, texts, and columns written {a;b}, as a spreadsheet passes them."""
    arguments = formula.partition("(")[2].removesuffix(")")
    as_rows = re.sub(r"\{([^}]*)\}", lambda found: f"[[{'],['.join(found[1].split(';'))}]]", arguments)
    return [[[number(cell) for cell in row] for row in value] if isinstance(value, list) else number(value)
            for value in ast.literal_eval(f"[{as_rows}]")]


def number(value: Any) -> Any:
    return float(value) if isinstance(value, int) else value


# -- who uses it --------------------------------------------------------------------------------------


def users(function: CellFunction, rulesets: Iterable[RuleSet]) -> Iterator[tuple[str, str]]:
    """Rule sets with the rates that are worked out by it, by how sure they are."""
    for ruleset in rulesets:
        by_status: dict[str, list[str]] = {}
        for key, rate in ruleset.rates.items():
            if METHODS[rate.method].function == function.name:
                by_status.setdefault(rate.status, []).append(key)
        if by_status:
            told = (f"{STATUS_WORDS[status]}：{'、'.join(keys)}" for status, keys in by_status.items())
            yield f"[{ruleset.name}](../rulesets/{ruleset.prefix}.md)", "；".join(told)
