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
        row = {kind: context.submission.item(form, f"{table}.{column}", item.instance, item.row) for kind, column in kinds.items()}
        if item.state == "text" and all(row.values()):
            found.append(row)
    return found


def _smaller(whole: Item, part: Item, kind: str) -> bool:
    read = parse_target if kind == "target" else parse_actual
    one, other = read(whole.text), read(part.text)
    return bool(one and other and one.unit == other.unit and "%" not in one.unit and one.value < other.value)


@dataclass(frozen=True)
class Named:
    """A named check. `parameters`: name -> must it be written."""

    run: Callable[[Context, Check], Iterator[Finding]]
    parameters: Mapping[str, bool]


NAMED: dict[str, Named] = {
    "部分不超过整体": Named(parts_within_whole, {"whole": True, "part": True, "near": False}),
}
PARAMETERS: dict[str, Mapping[str, bool]] = {name: named.parameters for name, named in NAMED.items()}
