"""What a score sheet (评分表) can have wrong: its columns, its groups and their points, its rows."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pyfuncs.catalog.indicators import row_id
from pyfuncs.catalog.lint_formulas import unknown
from pyfuncs.catalog.marks import MarkedDict
from pyfuncs.catalog.model import Form, Indicators, RuleSet, Score
from pyfuncs.catalog.refs import placements
from pyfuncs.catalog.words import plain

Path = tuple[str | int, ...]
Found = Iterator[tuple[Path, str]]

COLUMN_TYPES = {"points": "points", "score": "score", "standard": "text", "note": "text", "value": "rate"}


def handwritten_rows(raw: MarkedDict) -> Found:
    """Rows written by hand on a score sheet: the rows made from the scores would replace them unseen."""
    forms = raw.get("forms")
    for name, form in forms.items() if isinstance(forms, MarkedDict) else ():
        if isinstance(form, MarkedDict) and "indicators" in form and "rows" in form:
            yield ("forms", name, "rows"), (f"评分表“{name}”的行由 scoring.yaml 里的得分生成，不写 rows；"
                                            "请删去 rows，要加的行写成 scoring.yaml 里的得分")


def indicator_problems(ruleset: RuleSet) -> Found:
    sheets = [(form, form.indicators) for form in ruleset.forms.values() if form.indicators is not None]
    for form, sheet in sheets:
        path: Path = ("forms", form.form, "indicators")
        yield from _columns(form, sheet, path)
        yield from _groups(ruleset, form, sheet, path)
        yield from _same_rows(ruleset, form, sheet)
    if sheets:
        yield from _sheets_of_groups(ruleset, sheets)


def _columns(form: Form, sheet: Indicators, path: Path) -> Found:
    if form.start is None:
        yield path, f"评分表“{form.form}”没有写 start（第一行的行号），例如 start: \"4\""
    for key, wanted in COLUMN_TYPES.items():
        name = getattr(sheet, key)
        if not name:
            continue
        if name not in form.columns:
            yield (*path, key), unknown("列", name, form.columns)
        elif form.columns[name].type != wanted:
            yield (*path, key), (f"列“{name}”的 type 是 {form.columns[name].type}，{key} 要的是 {wanted}；"
                                 f"请改用别的列，或把这一列写成 type: {wanted}")
    if sheet.points_at and len(sheet.points_at) > len(sheet.levels):
        yield (*path, "points_at"), (f"points_at 有 {len(sheet.points_at)} 列，levels 只有 {len(sheet.levels)} 列；"
                                     "每一级指标最多一列分值，例如 levels: [A, B]，points_at: [C, D]；请改正")


def _groups(ruleset: RuleSet, form: Form, sheet: Indicators, path: Path) -> Found:
    """Points of a 一级指标 are those of its scores together; of a partial rule set no more than known ones."""
    for group, points in sheet.groups.items():
        where, scores = (*path, "groups", group), _scores_in(ruleset, group)
        if not scores:
            yield where, (f"没有一个得分写着 group: [{group}, …]，评分表“{form.form}”的这一组是空的；"
                          f"请在 scoring.yaml 的得分里写 group，例如 group: [{group}, 预算配置]，或删去这一组")
            continue
        for key, score in scores.items():
            if score.points is None:
                yield ("scores", key), f"“{key}”印在评分表“{form.form}”上，没有写分值；例如 points: \"5\""
            if len(score.group) > len(sheet.levels):
                yield ("scores", key, "group"), (f"group 有 {len(score.group)} 级，评分表“{form.form}”的 levels 只有 "
                                                 f"{len(sheet.levels)} 列；请一级写一列，例如 levels: [A, B]")
        total = sum((score.points or Decimal(0) for score in scores.values()), Decimal(0))
        if ruleset.partial and total > points:
            yield where, (f"“{group}”的分值 {plain(points)} 分，已写的各项合计 {plain(total)} 分；"
                          "合计不应超过这一组的分值，请改正其中一个")
        elif not ruleset.partial and total != points:
            yield where, (f"“{group}”的分值 {plain(points)} 分，下面各项合计 {plain(total)} 分；两者应相等，请改正其中一个，"
                          "只知道一部分项目的，请在 ruleset.yaml 里写 partial: true")


def _same_rows(ruleset: RuleSet, form: Form, sheet: Indicators) -> Found:
    """The row of a score is called like the score without 得分, so two scores can come to one row."""
    seen: dict[str, str] = {}
    for group in sheet.groups:
        for key in _scores_in(ruleset, group):
            first = seen.setdefault(row_id(key), key)
            if first != key:
                yield ("scores", key), (f"得分“{first}”和“{key}”在评分表“{form.form}”里都是“{row_id(key)}”这一行"
                                        f"（行名是去掉“得分”两字的键）；请改其中一个的键，例如 {row_id(key)}二得分")


def _sheets_of_groups(ruleset: RuleSet, sheets: list[tuple[Form, Indicators]]) -> Found:
    """A score of a 一级指标 stands on one score sheet, unless a cell prints it."""
    holders: dict[str, str] = {}
    for form, sheet in sheets:
        for group in sheet.groups:
            if group in holders:
                yield ("forms", form.form, "indicators", "groups", group), (
                    f"“{group}”已经在评分表“{holders[group]}”上；一个指标只能印在一张评分表上，请删去其中一处")
            holders[group] = form.form
    printed = placements(ruleset)
    for key, score in ruleset.scores.items():
        if score.group and score.group[0] not in holders and key not in printed:
            yield ("scores", key, "group"), (f"没有一张评分表有“{score.group[0]}”这一组，得分“{key}”不会印出来；"
                                             f"请写已有的：{'、'.join(holders)}，或在评分表的 indicators 里补上 groups")


def _scores_in(ruleset: RuleSet, group: str) -> dict[str, Score]:
    return {key: score for key, score in ruleset.scores.items() if score.group[:1] == [group]}
