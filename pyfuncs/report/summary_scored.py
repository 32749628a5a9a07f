"""Sheets 排名 (units by rank), 得分 (scores of nodes) and 各单位得分 (every score of every unit)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from pyfuncs.catalog.fields import STATUS_WORDS
from pyfuncs.catalog.figures import Figure
from pyfuncs.checks.finding import VERDICT_FAIL, VERDICT_PASS
from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.result import Consolidation, NodeResult, NodeScore, UnitLine
from pyfuncs.language import Value
from pyfuncs.report.excel import file_link
from pyfuncs.report.naming import shown_path
from pyfuncs.report.summary_book import Rows, SummaryBook
from pyfuncs.report.summary_cells import Cell, Link
from pyfuncs.report.wording import other_text

RANKING, NODE_SCORES, UNIT_SCORES = "排名", "得分", "各单位得分"
RANKED = ["名次", "单位", "所属", "年度", "规则集", "自评总分", "表上总分", "上年总分", "等级", "审核结论", "说明", "文件"]
RANKED_WIDTHS = [7, 34, 24, 8, 14, 10, 10, 10, 8, 10, 30, 34]
SCORED = ["部门", "得分项", "分值", "重评得分", "为什么不重评", "几个单位有分", "最低", "最高", "平均（仅供参考）", "怎么算的", "依据"]
SCORED_WIDTHS = [26, 26, 8, 10, 24, 9, 9, 9, 13, 44, 22]
LISTED = ["单位", "得分项", "第几个项目", "按规则计算", "表上得分", "依据", "怎么算的"]
LISTED_WIDTHS = [34, 30, 10, 11, 11, 22, 60]


def scored(figures: Iterable[Figure]) -> Iterator[Figure]:
    """Scores and totals among the figures of a unit."""
    return (figure for figure in figures if figure.kind in ("score", "total"))


def ranking(result: Consolidation) -> list[UnitLine]:
    """Units by rank, those without a rank last; equal ones in the order of the tree."""
    return sorted(result.units, key=lambda unit: (unit.rank is None, unit.rank or 0))


def ranking_sheet(book: SummaryBook, result: Consolidation) -> None:
    nodes = {one.node.id: one.node.name for one in result.nodes}
    rows = Rows(book, RANKING, RANKED_WIDTHS, lambda rows: _head(rows, "各单位自评得分与排名", RANKED))
    for unit in ranking(result):
        verdict, colour = (VERDICT_FAIL, "error") if unit.must_fix else (VERDICT_PASS, "center")
        note = "；".join(filter(None, ("逾期报送" if unit.late else "", unit.note)))
        file = Link(file_link(unit.file, book.folder), shown_path(unit.file, book.folder))
        rows.grown([(unit.rank or "—", "number"), (unit.unit, "text"), (nodes.get(unit.node, ""), "text"),
                    (unit.year, "center"), (unit.ruleset, "center"), _score(unit.total), _score(unit.printed, "—"),
                    _score(unit.prior_total, "—"), (unit.grade or "—", "center"), (verdict, colour), (note, "text"),
                    (file, "text")])
    rows.close(nothing="没有单位")


def node_scores_sheet(book: SummaryBook, result: Consolidation) -> None:
    """Scores by the rule from a node's own sums; what a person judged is only listed."""
    rows = Rows(book, NODE_SCORES, SCORED_WIDTHS, _scores_head)
    for node in result.nodes:
        for score in node.scores:
            rows.grown(_node_score(node, score))
        if node.scores:
            total, style = _score(node.total)
            rows.grown([(_name(node), "band"), ("总分", "band"), ("", "band"), (total, "total" if style == "score" else style),
                        ("", "band"), (node.units, "number"), *[("", "band")] * 3,
                        (f"等级：{node.grade}" if node.grade else "", "band"), ("", "band")])
    rows.close(nothing="没有可以重评的得分")


def _scores_head(rows: Rows) -> None:
    rows.wide("部门得分：按合计数重新评分", "title")
    rows.wide("用合计数和按合计重算的比率，照部门多数单位所用规则集重新评分，不取平均；由人评判的得分不重评，只列出各单位的情况", "line")
    rows.headings(SCORED)


def _node_score(node: NodeResult, score: NodeScore) -> list[tuple[float | str | None, str]]:
    return [(_name(node), "text"), (score.key, "text"), _score(score.points, ""),
            ("—", "muted") if score.why_listed else _score(score.value), (score.why_listed, "text"),
            (score.count or "", "number"), *(_score(value, "") for value in (score.lowest, score.highest, score.mean)),
            (score.sentence, "text"), (STATUS_WORDS[score.status], "center")]


def _name(node: NodeResult) -> str:
    return node.node.name or "合计"


def _score(value: Value, nothing: str | None = None) -> tuple[float | str, str]:
    """A score and its style; `nothing`: what stands where there is none."""
    if isinstance(value, Decimal):
        return float(value), "score"
    return (other_text(value) if nothing is None else nothing), "center"


class UnitScores:
    """Sheet 各单位得分, written as the units come."""

    def __init__(self, book: SummaryBook) -> None:
        self._rows = Rows(book, UNIT_SCORES, LISTED_WIDTHS, lambda rows: _head(rows, "各单位各项得分", LISTED))
        self._styles = {name: book.style(name) for name in ("center", "score", "muted")}
        self._plain = book.style("text", text_wrap=False)

    def add(self, unit: UnitLine, one: Filed) -> None:
        for figure in scored(one.figures.values()):
            value, style = _score(figure.value)
            printed = figure.printed.value if figure.printed else None
            there: Cell = ("—", self._styles["muted"]) if printed is None else (float(printed), self._styles["score"])
            self._rows.row([(unit.unit, self._plain), (figure.key, self._plain),
                            (figure.instance or "—", self._styles["center"]), (value, self._styles[style]), there,
                            (STATUS_WORDS[figure.status], self._styles["center"]), (figure.sentence, self._plain)])

    def close(self) -> None:
        self._rows.close(nothing="没有得分")


def _head(rows: Rows, title: str, headings: list[str]) -> None:
    rows.wide(title, "title")
    rows.headings(headings)
