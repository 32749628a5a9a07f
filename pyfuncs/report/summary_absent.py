"""Sheets 未计入 (who is not in the totals, and why) and 说明 (what the reader of the totals must know)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyfuncs.catalog.model import RuleSet
from pyfuncs.consolidate.filed import SAVED_INSIDE, same_name
from pyfuncs.consolidate.result import Consolidation
from pyfuncs.report.naming import shown_path
from pyfuncs.report.summary_book import Rows, SummaryBook
from pyfuncs.report.summary_words import late_why, missing_why, named, verdict_lines

ABSENT, NOTES = "未计入", "说明"
_HEADINGS = ["情况", "单位", "所属", "文件", "为什么", "怎么办"]
_WIDTHS = [14, 32, 24, 36, 48, 34]
_MOST_NAMED = 100                                     # a row of a sheet is 409 points high at most
_METHOD = (
    "合计：各单位同一项目的数相加；有几个项目表的单位，先把各项目相加。没有填的格子写“未填”，不当作 0。",
    "比率：用合计数按同一公式重新计算，不取各单位的平均。",
    "部门得分：能用合计数按规则算的重新评分；由人评判的不重评，只列出各单位的情况。",
    "名次：按自评总分，总分相同的名次相同，算不出总分的排在最后。",
    "金额以元计算、以万元显示。“汇总”按舍位平衡取两位小数，分项相加等于合计，个别数的末位可能与四舍五入差一；其他各表都是精确数。",
    "“明细”“分级合计”“比率”里的合计和比率是公式，数改了会重新计算；“来源”列出每个合计是由哪些格子加起来的。",
    "链接太多打开就慢，所以全簿只给前 {links} 个，其余请按写出的文件和单元格去找。",
)
Absent = tuple[str, str, str, str, str, str]


def absent_sheet(book: SummaryBook, result: Consolidation) -> None:
    rows = Rows(book, ABSENT, _WIDTHS, lambda rows: _absent_head(rows, result))
    for line in absent(result, book):
        rows.grown([(text, "text") for text in line])
    rows.close(nothing="没有：应报的都已报送，报来的都已计入")


def _absent_head(rows: Rows, result: Consolidation) -> None:
    rows.wide("没有计入、没有报送和需要核对的单位", "title")
    rows.wide("　".join(verdict_lines(result)[1:]), "line")
    rows.headings(_HEADINGS)


def absent(result: Consolidation, book: SummaryBook) -> Iterator[Absent]:
    """Missing first, then turned away, then those that are in though something is to be looked at."""
    names = {one.node.id: one.node.name for one in result.nodes}
    homes = {unit.file: names[unit.node] for unit in result.units if unit.late}
    for one in result.missing:
        yield "未报送", one.unit, names.get(one.node, ""), "", missing_why(one, result), "请催报；名称相近的，请核对是不是同一单位"
    for one in result.rejected:
        state, advice = ("重复", "请核对两个文件，只留一个") if one.duplicate else (
            ("须修改", "请退回修改后重报；确要计入，请选“包括须修改的单位”") if one.must_fix else ("没有计入", "请按原因处理后重新汇总"))
        yield state, one.unit, names.get(one.node, ""), shown_path(one.file, book.folder), one.reason, advice
    for one in result.annexes:
        yield "报告附表", one.unit, names.get(one.node, ""), shown_path(one.file, book.folder), one.reason, "不用处理"
    for one in result.late:
        yield ("逾期报送", one.unit, homes.get(one.file, ""), shown_path(one.file, book.folder), late_why(one),
               "请核对" if one.dated_by == SAVED_INSIDE else "请按实际收到的日期核对")
    counted = {same_name(unit.unit) for unit in result.units}
    for one in result.unexpected:
        state = "数已计入合计" if same_name(one.unit) in counted else "没有计入，原因见上"
        yield "不在名单里", one.unit, "", "", f"{state}{_near(one.near)}", "请核对单位名称，或补进名单"
    if result.not_chosen:
        yield "没有选入", f"{result.not_chosen} 个文件", "", "", "只汇总选定的单位", ""


def _near(names: tuple[str, ...]) -> str:
    return f"；名单上没有报送、名称相近的有：{'、'.join(names)}" if names else ""


def notes_sheet(book: SummaryBook, result: Consolidation, rulesets: Iterable[RuleSet]) -> None:
    rows = Rows(book, NOTES, [6, 120], lambda rows: rows.wide("汇总说明", "title"))
    for title, lines in _blocks(result, rulesets, book.limits.all_links):
        rows.at += 1
        rows.wide(title, "section")
        for number, line in enumerate(lines, start=1):
            rows.grown([(number, "number"), (line, "text")])
        if not lines:
            rows.grown([("", "text"), ("无", "text")])
    rows.close(filtered=False)


def _blocks(result: Consolidation, rulesets: Iterable[RuleSet],
            links: int) -> Iterator[tuple[str, list[str]]]:
    yield "一、注意事项", [notice.text + named(notice.units, _MOST_NAMED) for notice in result.notices]
    yield "二、规则集与依据", [
        f"{ruleset.id} {ruleset.name}（第 {ruleset.edition} 版，校验码 {ruleset.hash[:12]}）。"
        f"依据：{'；'.join(basis.title + basis.number for basis in ruleset.basis)}" for ruleset in rulesets]
    yield "三、汇总办法", [text.replace("{links}", str(links)) for text in _METHOD]
