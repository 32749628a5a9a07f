"""Scores: by rule, within their points, with a reason for a deduction and a result behind full marks."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pyfuncs.catalog.environment import Scope, worked_out
from pyfuncs.catalog.figures import GRADE, Figure, score_by, total_by
from pyfuncs.catalog.model import Form, Table
from pyfuncs.catalog.refs import all_groups
from pyfuncs.catalog.submission import Item
from pyfuncs.catalog.words import clean, half_up, plain
from pyfuncs.checks.context import Context
from pyfuncs.checks.finding import Finding
from pyfuncs.language import NOT_APPLICABLE
from pyfuncs.methods import grade, reading_words


def check_scores(context: Context) -> Iterator[Finding]:
    yield from _by_rule(context)
    yield from _out_of_reach(context)
    yield from _grade(context)
    for form in context.ruleset.forms.values():
        for instance in context.submission.instances(form.form):
            yield from _cells_within(context, form, instance)
            yield from _sheet_within(context, form, instance)
            for name, table in form.tables.items():
                yield from _table_within(context, form, name, table, instance)
                yield from _reasons(context, form, name, table, instance)
                yield from _groups(context, form, name, instance)


def _by_rule(context: Context) -> Iterator[Finding]:
    for figure in context.figures.values():
        item = figure.printed
        if figure.kind not in ("score", "total") or item is None:
            continue
        if figure.value == NOT_APPLICABLE and item.value is not None:
            yield context.finding(f"score:{item.form}!{item.name}", "warning", [item],
                                  f"{context.place(item)}填 {context.show(item)}，但{figure.sentence}，得分由人判断。",
                                  advice="请在报告中写明这一项怎样计分、为什么。", actual=context.show(item))
        if not isinstance(figure.value, Decimal):
            continue
        if item.value is None:
            if item.left_blank:
                yield context.finding(f"score:{item.form}!{item.name}", "warning", [item],
                                      f"{context.place(item)}没有填，应为 {plain(figure.value)} 分（{figure.sentence}）。",
                                      advice="请填上得分。", expected=f"{plain(figure.value)} 分")
        elif item.value != figure.value:
            follows = _follows(context, figure, item)
            yield _waits(context, figure, item, follows) if follows else _differs(context, figure, item)
        elif others := _other_readings(figure):
            yield context.finding(
                f"score:{item.form}!{item.name}", "note", [item],
                f"{context.place(item)}填 {context.show(item)}：{figure.sentence}。规定有几种理解，本表按第一种；{others}。",
                advice="请在报告中写明采用的算法。", actual=context.show(item))


def _follows(context: Context, figure: Figure, item: Item) -> Item | None:
    """The printed rate, or a printed score, that is itself wrong and from which this score follows rightly."""
    score = context.ruleset.scores[figure.key]
    if not score.formula:
        rate = context.figures.get((score.value, figure.instance)) if score.value in context.ruleset.rates else None
        wrong = rate.printed if rate and differs(rate, rate.printed) else None
        return wrong if wrong and score_by(context.ruleset, figure.key, wrong.value) == item.value else None
    printed = {key: one.printed.value if one.printed and one.printed.value is not None else one.value
               for key, one in context.figures.items()}
    if total_by(context.ruleset, context.submission, figure.key, figure.instance, printed) != item.value:
        return None
    return next((one.printed for one in context.figures.values() if one.kind == "score" and one.printed
                 and one.printed.value not in (None, one.value) and one.instance in (0, figure.instance)), None)


def differs(rate: Figure, printed: Item | None) -> bool:
    """Whether a printed rate is another than the computed one, at its printed places."""
    if printed is None or printed.value is None or not isinstance(rate.value, Decimal):
        return False
    return half_up(rate.value * 100, printed.places) != half_up(printed.value * 100, printed.places)


def _waits(context: Context, figure: Figure, item: Item, wrong: Item) -> Finding:
    return context.finding(
        f"score:{item.form}!{item.name}", "note", [item, wrong],
        f"{context.place(item)}填 {context.show(item)}，按{context.place(wrong)}所填的 {context.show(wrong)} 算是对的；"
        f"那一格改正以后，这里随着改成 {plain(figure.value)} 分。", kind="not-run", advice="请先改正那一格。",
        expected=f"{plain(figure.value)} 分", actual=context.show(item))


def _other_readings(figure: Figure) -> str:
    """What the readings of a rule give where they do not give the same; rounding alone is no matter."""
    values = {label: value for label, value in figure.readings if "decimals" not in label}
    if all(value == figure.value for value in values.values()):
        return ""
    return "；".join(f"{reading_words(label)}得 {plain(value)} 分" for label, value in values.items()
                    if isinstance(value, Decimal))


def _out_of_reach(context: Context) -> Iterator[Finding]:
    """A total that was printed without its scores, above what the rates alone still allow."""
    total = context.figures.get((context.ruleset.total, 0))
    item = total.printed if total else None
    if item is None or item.value is None or isinstance(total.value, Decimal):
        return
    keys = [key for form in context.ruleset.forms.values() if form.indicators
            for row in form.rows for key in row.scores.values()]
    lost = {key: context.ruleset.scores[key].points - context.figures[key, 0].value for key in keys
            if isinstance(context.figures[key, 0].value, Decimal)}
    most = sum((context.ruleset.scores[key].points for key in keys), -sum(lost.values()))
    if keys and item.value > most:
        why = "；".join(context.figures[key, 0].sentence for key, points in lost.items() if points)
        yield context.finding(
            f"score:{item.form}!{item.name}", "warning", [item],
            f"{context.place(item)}填 {context.show(item)}，各项得分没有填；按表内的数最多 {plain(most)} 分：{why}。",
            advice="请填写各项得分，核对总分和等级。", expected=f"≤ {plain(most)} 分", actual=context.show(item))


def _grade(context: Context) -> Iterator[Finding]:
    """The printed grade against that of the total."""
    grades = [figure for (key, _), figure in context.figures.items() if key == GRADE and isinstance(figure.value, str)]
    for figure, item in ((figure, item) for figure in grades for item in (figure.printed, *figure.again)):
        said = item.text.strip(" 　“”\"") if item else ""
        if said in ("", figure.value):
            continue
        operands = [part for part in context.submission.items if part.cell in figure.cells]
        total = context.figures[context.ruleset.total, figure.instance]
        if total.printed and total.printed.value not in (None, total.value) and said == grade(
                total.printed.value, list(context.ruleset.grades.items())):
            yield context.finding(
                f"grade:{item.form}!{item.name}", "note", [item, total.printed],
                f"{context.place(item)}填“{clean(item.text)}”，按{context.place(total.printed)}所填的 "
                f"{context.show(total.printed)} 是对的；总分改正以后，等级随着改成“{figure.value}”。", kind="not-run",
                advice="请先改正总分。", expected=figure.value, actual=clean(item.text))
            continue
        yield context.finding(
            f"grade:{item.form}!{item.name}", "error", [item, *operands],
            f"{context.place(item)}填“{clean(item.text)}”，应为“{figure.value}”：{figure.sentence}。",
            advice="请按总分改正等级；总分没填对的请先改总分。", expected=figure.value, actual=clean(item.text))


def _differs(context: Context, figure: Figure, item: Item) -> Finding:
    """A printed score that is not the computed one: another rounding, another reading, or wrong."""
    key = f"score:{item.form}!{item.name}"
    operands = [part for part in context.submission.items if part.cell in figure.cells]
    expected, delta = f"{plain(figure.value)} 分", item.value - figure.value
    words = f"{context.place(item)}填 {context.show(item)}，应为 {expected}：{figure.sentence}"
    fits = [label for label, value in figure.readings if value == item.value]
    common = {"expected": expected, "actual": context.show(item), "delta": f"{plain(delta)} 分"}
    if half_up(figure.value, item.places) == item.value or (fits and all("decimals" in label for label in fits)):
        return context.finding(key, "rounding", [item, *operands], f"{words}。所填的数是取整后的得分。",
                               advice="取整办法没有文件规定时，建议按两位小数填写。", **common)
    if fits:
        return context.finding(key, "note", [item, *operands], f"{words}。所填的数符合规则的另一种理解（{'、'.join(map(reading_words, fits))}）。",
                               advice="请在报告中写明采用的算法。", **common)
    if figure.kind == "total":
        return context.finding(key, "error", [item, *operands], f"{words}，{'多' if delta > 0 else '少'} {plain(abs(delta))} 分。",
                               advice="请核对各项得分与总分，改正填错的一处。", **common)
    assumed = figure.status == "assumed"
    return context.finding(key, "warning" if assumed else "error", [item, *operands],
                           f"{words}。" + ("这条评分规则没有见到文件，系推定。" if assumed else ""),
                           advice="请按规则改正得分，或写明得分的依据。", **common)


def _cells_within(context: Context, form: Form, instance: int) -> Iterator[Finding]:
    for name, cell in form.all_cells().items():
        if cell.type == "score" and cell.max:
            score = context.submission.item(form.form, name, instance)
            points = context.submission.item(form.form, cell.max, instance)
            if score and points:
                yield from _within(context, f"range:{form.form}!{name}", score, points)


def _sheet_within(context: Context, form: Form, instance: int) -> Iterator[Finding]:
    """A score sheet: each score within its row's points, and a reason where the column asks for one."""
    for name, column in form.columns.items():
        for row in form.all_rows().values() if column.max or column.required_if else ():
            item = context.submission.item(form.form, f"{row.id}.{name}", instance)
            points = context.submission.item(form.form, f"{row.id}.{column.max}", instance)
            if item and points:
                yield from _within(context, f"range:{form.form}!{name}", item, points)
            if item and column.required_if and item.state in ("blank", "placeholder"):
                scope = Scope(form=form.form, instance=instance, grid_row=row.id)
                if worked_out(context.ruleset, context.submission, column.required_if, scope) is True:
                    score = next((context.submission.item(form.form, f"{row.id}.{place}", instance) for place in row.scores), None)
                    yield _no_reason(context, f"reason:{form.form}!{name}", item, score)


def _table_within(context: Context, form: Form, name: str, table: Table, instance: int) -> Iterator[Finding]:
    for column, model in table.columns.items():
        if model.max:
            for score in context.submission.items_of(form.form, f"{name}.{column}", instance):
                points = context.submission.item(form.form, f"{name}.{model.max}", instance, score.row)
                if points:
                    yield from _within(context, f"range:{form.form}!{name}.{column}", score, points)


def _within(context: Context, key: str, score: Item, points: Item) -> Iterator[Finding]:
    if score.value is None:
        return
    if points.value is None:
        yield context.finding(key, "warning", [points, score] if points.cell else [score],
                              f"{context.place(score)}填 {context.show(score)}，但没有填分值。", advice="请填上分值。")
    elif not 0 <= score.value <= points.value:
        yield context.finding(key, "error", [score, points],
                              f"{context.place(score)}填 {context.show(score)}，应在 0 到 {plain(points.value)} 分之间。",
                              advice="得分不能超过分值，也不能小于 0，请改正。", expected=f"0–{plain(points.value)} 分",
                              actual=context.show(score))


def _reasons(context: Context, form: Form, name: str, table: Table, instance: int) -> Iterator[Finding]:
    for column, model in table.columns.items():
        if not model.required_if:
            continue
        for reason in context.submission.items_of(form.form, f"{name}.{column}", instance):
            if reason.state not in ("blank", "placeholder"):
                continue
            scope = Scope(form=form.form, instance=instance, table=name, row=reason.row)
            if worked_out(context.ruleset, context.submission, model.required_if, scope) is True:
                score = context.submission.item(form.form, f"{name}.得分", instance, reason.row)
                yield _no_reason(context, f"reason:{form.form}!{name}.{column}", reason, score)


def _no_reason(context: Context, key: str, reason: Item, score: Item | None) -> Finding:
    gained = f"（得 {plain(score.value)} 分）" if score and score.value is not None else ""
    return context.finding(
        key, "error", [reason, score] if score else [reason], f"{context.place(reason)}没有填，但这一项扣了分{gained}。",
        advice="得分低于分值的，请写明扣分原因和改进措施。", expected="扣分原因", actual="空")


def _groups(context: Context, form: Form, table: str, instance: int) -> Iterator[Finding]:
    column = next((key for key, model in form.tables[table].columns.items() if model.type == "points"), "")
    if not column or form.tables[table].columns[column].at is None:
        return
    filled = [item for item in context.submission.items_of(form.form, f"{table}.{column}", instance) if item.value is not None]
    if any(not item.group for item in filled):        # the reader has told a 二级指标 it does not know
        return
    paths = form.leaf_groups(table)
    for name, group in all_groups(form, table).items():
        items = [item for item in filled if name in paths.get(item.group, ())]
        total = sum((item.value for item in items), Decimal(0))
        if items and group.readings and total != group.readings[0]:
            fits = total in group.readings
            yield context.finding(
                f"group:{form.form}!{name}", "note" if fits else "error", items,
                f"《{items[0].cell.rpartition('!')[0]}》「{name}」各行分值合计 {plain(total)} 分，应为 {plain(group.readings[0])} 分。"
                + ("见过的表也有这样分的。" if fits else ""),
                advice="请核对分值的分配；上级另有规定的可以不改。" if fits else f"请调整各行分值，使合计等于 {plain(group.readings[0])} 分。",
                expected=f"{plain(group.readings[0])} 分", actual=f"{plain(total)} 分",
                delta=f"{plain(total - group.readings[0])} 分", alike=True)
