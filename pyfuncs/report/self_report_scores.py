"""Scores, deductions and the conclusion of a filled workbook as a report states them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pyfuncs.catalog.figures import Figure
from pyfuncs.catalog.forms import Form, Row, Table
from pyfuncs.catalog.model import RuleSet, Score
from pyfuncs.catalog.submission import Item, Submission
from pyfuncs.catalog.words import clean, half_up, plain, tidy
from pyfuncs.checks.entries import presets
from pyfuncs.report.self_report_money import said

LONGEST = 200                                         # characters of a text in a table of the report


@dataclass(frozen=True)
class ScoreLine:
    """One indicator. `points` is None where the form gives it none."""

    group: str
    name: str
    points: Decimal | None
    score: Decimal
    target: str = ""
    actual: str = ""
    reason: str = ""

    @property
    def lost(self) -> Decimal:
        return self.points - self.score if self.points is not None else Decimal(0)


def score_lines(ruleset: RuleSet, submission: Submission, figures: Mapping[tuple[str, int], Figure],
                instance: int) -> list[ScoreLine]:
    """Every indicator with a score, of the unit (0) or of one project, in the order of the forms."""
    many = "many" if instance else "one"
    forms = [form for form in ruleset.forms.values() if form.instances == many]
    lines: list[ScoreLine] = []
    for form in forms:
        reader = _Reader(ruleset, submission, form, instance or 1)
        lines += [*reader.cells(figures, instance), *reader.grid(), *reader.tables()]
    return lines


def conclusion(ruleset: RuleSet, total: Figure, grade: Figure | None, lines: list[ScoreLine], subject: str) -> list[str]:
    """The total, what it is made of and the grade, in sentences."""
    full = ruleset.scores[total.key].points
    words = f"{subject}自评得分{score_words(total.value)}分"
    words += f"（满分{plain(full)}分）" if full is not None else ""
    words += f"，等级为“{grade.value}”" if grade and isinstance(grade.value, str) else ""
    return [f"{words}。", *_made_of(total.value, lines)]


def _made_of(total: Decimal, lines: list[ScoreLine]) -> Iterator[str]:
    groups: dict[str, Decimal] = {}
    for line in lines:
        groups[line.group] = groups.get(line.group, Decimal(0)) + line.score
    if len(groups) > 1 and "" not in groups and sum(groups.values()) == total:
        parts = "、".join(f"{name}得{score_words(score)}分" for name, score in groups.items())
        yield f"其中：{parts}，合计{score_words(total)}分。"


def score_words(value: Decimal) -> str:
    """At most two decimals."""
    return plain(half_up(value, 2))


class _Reader:
    """Reads one sheet, whose scores stand in single cells, in the rows of a grid or in tables."""

    def __init__(self, ruleset: RuleSet, submission: Submission, form: Form, instance: int) -> None:
        self.ruleset, self.submission, self.form, self.instance = ruleset, submission, form, instance

    def cells(self, figures: Mapping[tuple[str, int], Figure], instance: int) -> Iterator[ScoreLine]:
        for (key, number), figure in figures.items():
            printed = figure.printed
            if figure.kind != "score" or number != instance or printed is None or printed.form != self.form.form:
                continue
            score = printed.value if printed.value is not None else figure.value
            if printed.name in self.form.all_cells() and isinstance(score, Decimal):
                model = self.ruleset.scores[key]
                yield ScoreLine(model.group[0] if model.group else "", self._name(model), model.points, score)

    def _name(self, score: Score) -> str:
        rate = self.ruleset.rates.get(score.value)
        return said(rate.label if rate else score.label)

    def grid(self) -> Iterator[ScoreLine]:
        columns = {column.type: name for name, column in reversed(self.form.columns.items())}
        if "score" not in columns or "points" not in columns:
            return
        reason = next((name for name, column in self.form.columns.items() if column.required_if), "")
        for top in self.form.rows:
            for row in _leaves(top):
                score = self._value(f"{row.id}.{columns['score']}")
                if score is not None:
                    group = row.group[0] if row.group else tidy(top.label) if row is not top else ""
                    points = self._value(f"{row.id}.{columns['points']}")
                    yield ScoreLine(self._label(group), tidy(row.label), points, score,
                                    reason=self._text(f"{row.id}.{reason}") if reason else "")

    def _label(self, group: str) -> str:
        return (self.form.indicators.labels.get(group, group) if self.form.indicators else group).replace("\n", "")

    def tables(self) -> Iterator[ScoreLine]:
        for name, table in self.form.tables.items():
            kinds = {item.type: column for column, item in reversed(table.columns.items())}
            if "score" in kinds and "points" in kinds:
                yield from self._table(name, table, kinds)

    def _table(self, name: str, table: Table, kinds: Mapping[str, str]) -> Iterator[ScoreLine]:
        first = next(iter(table.columns))
        reason = next((column for column, item in table.columns.items() if item.required_if), "")
        paths = self.form.leaf_groups(name)
        for item in self.submission.items_of(self.form.form, f"{name}.{kinds['score']}", self.instance):
            if item.value is None:
                continue

            def text(column: str) -> str:
                return self._text(f"{name}.{column}", item.row) if column else ""

            path = paths.get(item.group, ())
            yield ScoreLine(_short(table.groups[path[0]].label or path[0]) if path else "",
                            self._row_name(table, text(first), path), self._value(f"{name}.{kinds['points']}", item.row), item.value,
                            _target(text, table, kinds.get("target", "")), text(kinds.get("actual", "")), text(reason))

    def _row_name(self, table: Table, written: str, path: tuple[str, ...]) -> str:
        """An indicator's own name; that of its 二级指标 where the form's 内容1 or …… was left to stand."""
        if (written and written not in presets(self.form)) or not path:
            return written
        group = table.groups[path[0]]
        for step in path[1:]:
            group = group.groups[step]
        return _short(group.label or path[-1])

    def _value(self, name: str, row: int = 0) -> Decimal | None:
        item = self._item(name, row)
        return item.value if item else None

    def _text(self, name: str, row: int = 0) -> str:
        item = self._item(name, row)
        return clean(item.text, LONGEST) if item else ""

    def _item(self, name: str, row: int) -> Item | None:
        return self.submission.item(self.form.form, name, self.instance, row)


def _leaves(row: Row) -> Iterator[Row]:
    if not row.rows:
        yield row
    for part in row.rows:
        yield from _leaves(part)


def _short(label: str) -> str:
    """产出指标（50分） is called 产出指标."""
    return label.partition("（")[0].replace("\n", "")


def _target(text, table: Table, column: str) -> str:
    """A target, joined from its three cells where a form divides it: sign, number, unit."""
    if not column:
        return ""
    model = table.columns[column]
    return f"{text(model.sign) if model.sign else ''}{text(column)}{text(model.measure) if model.measure else ''}"
