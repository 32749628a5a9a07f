"""Named checks: what a closed formula can't say. A closed registry; parameters are data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from pyfuncs.catalog.model import Check
from pyfuncs.catalog.submission import Item
from pyfuncs.catalog.words import clean
from pyfuncs.checks.context import Context
from pyfuncs.checks.finding import Finding
from pyfuncs.checks.pairing import likeness
from pyfuncs.methods import parse_actual, parse_target


def parts_within_whole(context: Context, check: Check) -> Iterator[Finding]:
    """An indicator of the whole department is no smaller than the same indicator of one project.

    Parameters: `whole`, `part` (form!table), `near` (0..1). Counts of things only: percentages don't add.
    """
    near = float(check.parameters.get("near", "0.8"))
    wholes, parts = (_indicators(context, check.parameters[side]) for side in ("whole", "part"))
    for whole in wholes:
        for part in parts:
            if likeness(whole["name"].text, part["name"].text) >= near:
                smaller = next((kind for kind in ("actual", "target") if _smaller(whole[kind], part[kind], kind)), "")
                if smaller:
                    yield context.finding(
                        check.id, check.severity,
                        [whole["actual"], whole["target"], part["actual"], part["target"]],
                        f"{check.message}：{context.place(whole['name'])}“{clean(whole['name'].text)}”"
                        f"填 {clean(whole[smaller].text)}，{context.place(part['name'])}“{clean(part['name'].text)}”"
                        f"却是 {clean(part[smaller].text)}。", advice=f"{check.advice}。",
                        expected=f"≥ {clean(part[smaller].text)}", actual=clean(whole[smaller].text),
                        rule_id=f"{context.ruleset.prefix}-{check.id}")


def _indicators(context: Context, place: str) -> list[dict[str, Item]]:
    """Filled rows of an indicator table: name (its first column), target, actual."""
    form, _, table = place.partition("!")
    columns = context.ruleset.forms[form].tables[table].columns
    kinds = {"name": next(iter(columns)), **{column.type: key for key, column in columns.items()
                                             if column.type in ("target", "actual")}}
    found: list[dict[str, Item]] = []
    if not {"target", "actual"} <= set(kinds):
        return found
    for item in context.submission.items_of(form, f"{table}.{kinds['name']}"):
        if item.state == "text":
            row = {kind: context.submission.item(form, f"{table}.{column}", item.instance, item.row)
                   for kind, column in kinds.items()}
            found += [row] if all(row.values()) else []
    return found


def _smaller(whole: Item, part: Item, kind: str) -> bool:
    read = parse_target if kind == "target" else parse_actual
    one, other = read(whole.text), read(part.text)
    return bool(one and other and one.unit == other.unit and "%" not in one.unit and one.value < other.value)


def full_marks_in_words(context: Context, check: Check) -> Iterator[Finding]:
    """Words that claim full marks (满分) beside a score that is not full.

    Parameters: `form` (a score sheet), `note`, `score`, `points` (its columns).
    """
    form = context.ruleset.forms[check.parameters["form"]]
    note, score, points = (check.parameters[name] for name in ("note", "score", "points"))
    for row in form.rows_in():
        said, gained, full = (context.submission.item(form.form, f"{row}.{column}") for column in (note, score, points))
        if not (said and gained and full) or None in (gained.value, full.value) or "满分" not in said.text:
            continue
        if gained.value != full.value:
            yield context.finding(
                check.id, check.severity, [gained, said, full],
                f"{check.message}：{context.place(gained)}填 {context.show(gained)}，分值是 {context.show(full)}，"
                f"{context.place(said)}却写着“满分”。", advice=f"{check.advice}。", expected=context.show(full),
                actual=context.show(gained), rule_id=f"{context.ruleset.prefix}-{check.id}")


def one_figure_in_two_columns(context: Context, check: Check) -> Iterator[Finding]:
    """A figure that a row states in two columns is one figure: where both are filled they are equal, to the cent.

    Parameters: `form`, `first`, `second` (columns of its grid).
    """
    form = context.ruleset.forms[check.parameters["form"]]
    for row in form.all_rows():
        one, other = (context.submission.item(form.form, f"{row}.{check.parameters[side]}") for side in ("first", "second"))
        if one and other and None not in (one.value, other.value) and one.value != other.value:
            delta = one.value - other.value
            yield context.finding(
                check.id, check.severity, [one, other],
                f"{check.message}：{context.place(one)}填 {context.show(one)}，{context.place(other)}填 "
                f"{context.show(other)}，差 {context.show(one, abs(delta))}。", advice=f"{check.advice}。",
                expected=context.show(other), actual=context.show(one), delta=context.show(one, delta),
                rule_id=f"{context.ruleset.prefix}-{check.id}")


@dataclass(frozen=True)
class Named:
    """A named check. `parameters`: name -> must it be written."""

    run: Callable[[Context, Check], Iterator[Finding]]
    parameters: Mapping[str, bool]


NAMED: dict[str, Named] = {
    "部分不超过整体": Named(parts_within_whole, {"whole": True, "part": True, "near": False}),
    "两列一致": Named(one_figure_in_two_columns, {"form": True, "first": True, "second": True}),
    "满分须得满分": Named(full_marks_in_words, {"form": True, "note": True, "score": True, "points": True}),
}
PARAMETERS: dict[str, Mapping[str, bool]] = {name: named.parameters for name, named in NAMED.items()}
