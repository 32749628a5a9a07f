"""The sheet of a department's workbook that says where its figures come from, and what is left to a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.words import clean, plain
from pyfuncs.consolidate.result import Total
from pyfuncs.workbook.department_gather import NAMED, Gathered
from pyfuncs.workbook.department_rows import Entries
from pyfuncs.workbook.names import CONSOLIDATED_SHEET
from pyfuncs.workbook.places import Box, Place, SheetLayout, words

Section = tuple[str, list[str]]                       # heading and lines
_WIDTH = 86.0


def notes(ruleset: RuleSet, found: Gathered, homeless: Sequence[Total]) -> list[Section]:
    """What the forms of a department can't show themselves. `homeless`: totals that no cell of them holds."""
    sections: list[Section] = [("一、怎样来的", list(_origin(ruleset, found))), ("二、请部门填写", list(_left_open(found)))]
    told = [*_faulty(found), *_undivided(ruleset, found), *_shortened(ruleset, found), *_others(found, homeless)]
    if told:
        sections.append(("三、请留意", told))
    listed = [f"{number}．{clean(unit)}" for number, unit in enumerate(found.units[:NAMED], 1)]
    if len(found.units) > NAMED:
        listed.append(f"……另有 {len(found.units) - NAMED} 个单位，见汇总表。")
    if len(found.units) > 1:
        sections.append((f"{'四' if told else '三'}、汇总的单位（{len(found.units)} 个）", listed))
    return sections


def notes_sheet(sections: Sequence[Section], title: str) -> SheetLayout:
    places = [Place(Box(1, 1, 1, 1), "title", title)]
    heights, row = {1: 36.0}, 1
    for heading, lines in sections:
        row += 1
        places.append(Place(Box(row, 1, row, 1), "cover-head", heading, align="left"))
        heights[row] = 26.0
        for line in lines:
            row += 1
            places.append(Place(Box(row, 1, row, 1), "cover-text", line, align="left"))
            heights[row] = 19.0
    return SheetLayout(CONSOLIDATED_SHEET, tuple(places), {1: _WIDTH}, heights)


def _origin(ruleset: RuleSet, found: Gathered) -> Iterator[str]:
    yield f"本表由 {len(found.units)} 个单位的自评表汇总生成，用的是规则集 {ruleset.id} 的表样。"
    yield "金额和人数是各单位的数之和；比率、按规则计算的得分和等级由公式按合计的数重新计算，不是各单位的平均数。"
    yield "项目表和一个项目一行的表，照各单位的数和文字列出，名称后面的括号里是单位；项目表上的得分是单位自评的。"


def _left_open(found: Gathered) -> Iterator[str]:
    yield "由人评定的得分、分值的分配、扣分原因和指标说明没有汇总，也没有代填；联系人、评价人员等各单位不同的内容也没有填。请部门填写。"
    yield "审核本表时，这些还空着的格列为“请核实”；填好以后再报。"
    if any(entries.single and entries.whole for entries in found.results.values()):
        yield "绩效指标表里列的是各单位的指标，供部门归纳；请改写成部门的指标，删去多余的，再填分值和得分。"


def _faulty(found: Gathered) -> Iterator[str]:
    if found.must_fix:
        yield f"{_some(found.must_fix)}的表有必须修改的错误，数已照原样汇总；请改正后重新汇总。"


def _undivided(ruleset: RuleSet, found: Gathered) -> Iterator[str]:
    for (form, name), units in found.undivided.items():
        yield f"{called(ruleset, form, name)}：{_some(units)}只填了合计，没有列明细，所以各项明细没有填，合计是各单位之和。"
    if found.more:
        yield f"有的单位没有填合计，按它填的明细计入：{'、'.join(called(ruleset, form, name) for form, name in found.more)}。"


def _shortened(ruleset: RuleSet, found: Gathered) -> Iterator[str]:
    for (form, table), entries in found.money.items():
        yield from _merged(f"《{words(ruleset.forms[form].title, ruleset)}》的“{table}”", "行", entries)
    for form, entries in found.sheets.items():
        yield from _merged(f"《{words(ruleset.forms[form].title, ruleset)}》", "张", entries)
    for (form, table), entries in found.results.items():
        if not entries.whole:
            yield (f"《{words(ruleset.forms[form].title, ruleset)}》的“{table}”：各单位共有 {entries.count} 项指标，"
                   f"超过 {entries.limit} 项，没有列出，见各单位自评表。")


def _merged(what: str, measure: str, entries: Entries) -> Iterator[str]:
    if not entries.whole:
        rest = f"，最后一{measure}是其余 {entries.others} 个单位的合计" if entries.others else ""
        yield (f"{what}：各单位共有 {entries.count} {measure}，超过 {entries.limit} {measure}，改为每个单位合计一{measure}{rest}；"
               "合计里只有金额，文字和得分见各单位自评表。")


def _others(found: Gathered, homeless: Sequence[Total]) -> Iterator[str]:
    if found.foreign:
        yield f"用别的规则集填报的单位：{_some(found.foreign)}。表样上有的项目都已计入。"
    for total in homeless[:NAMED]:
        amount = f"{plain(total.value)} 元" if total.kind == "amount" else plain(total.value)
        column = f"·{total.column}" if total.column else ""
        yield f"本表样没有这一项，没有填入：《{total.title}》“{total.label}{column}”，各单位合计 {amount}。"
    if len(homeless) > NAMED:
        yield f"……另有 {len(homeless) - NAMED} 项本表样没有的项目，见汇总表。"
    for what, units in list(found.lost.items())[:NAMED]:
        yield f"没有列入：{what}（{_some(units)}）。"


def called(ruleset: RuleSet, form: str, name: str) -> str:
    """《部门整体支出绩效评价基础数据表》“三公经费·2021 年决算数”"""
    model, (first, _, column) = ruleset.forms[form], name.partition(".")
    row, cell = model.all_rows().get(first), model.all_cells().get(first)
    label = f"{row.label.strip()}·{model.columns[column].label}" if row else cell.label or first
    return f"《{words(model.title, ruleset)}》“{words(label, ruleset)}”"


def _some(units: Sequence[str]) -> str:
    shown = "、".join(clean(unit) for unit in units[:5])
    return f"{shown}等 {len(units)} 个单位" if len(units) > 5 else shown
