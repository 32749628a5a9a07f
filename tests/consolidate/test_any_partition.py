"""However units are parted into departments, and in whatever order they come, the whole is the same to the last digit."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from pyfuncs.catalog.figures import figures
from pyfuncs.catalog.load import load_ruleset
from pyfuncs.catalog.model import Form
from pyfuncs.catalog.refs import form_items
from pyfuncs.catalog.submission import Item, Submission
from pyfuncs.consolidate.consolidation import consolidate
from pyfuncs.consolidate.filed import Filed
from pyfuncs.consolidate.held import Held
from pyfuncs.consolidate.node import node_result
from pyfuncs.consolidate.result import Node, NodeResult
from pyfuncs.consolidate.share_of import share_of
from pyfuncs.consolidate.sums import Sums
from pyfuncs.consolidate.unit_line import operands_of

RULESETS = [load_ruleset(name) for name in ("430400/2022", "430181/2021", "430600/2018")]
EMPTY = ("blank", "not_applicable", "placeholder", "text", "error")

# Cents of every size, and what an odd workbook may hold: the largest amount that is read, a text of endless decimals.
cents = st.integers(-10**15, 10**15).map(lambda number: Decimal(number).scaleb(-2))
numbers = cents | st.sampled_from([Decimal(0), Decimal("9.99999999999999E+18"), Decimal("1E-301"), Decimal("-1E-3000")])


@st.composite
def filed_units(draw, amounts=numbers) -> list[Filed]:
    return [_unit(draw, number, amounts) for number in range(draw(st.integers(1, 5)))]


def _unit(draw, number: int, amounts) -> Filed:
    """The cells that rates are worked out from, some of them, with few values in turn."""
    cells = st.tuples(st.none() | amounts, st.sampled_from(EMPTY))
    ruleset, typed = draw(st.sampled_from(RULESETS)), draw(st.lists(cells, min_size=1, max_size=7))
    sheets = {form: draw(st.integers(0, 3)) if model.instances == "many" else 1 for form, model in ruleset.forms.items()}
    places = [(line.form, line.name, instance) for line in operands_of(ruleset).values()
              for instance in range(1, 1 + sheets[line.form.form])][draw(st.integers(0, 3)):]
    items = [_item(*place, *typed[at % len(typed)]) for at, place in enumerate(places)]
    year = draw(st.sampled_from([ruleset.year, "2023"]))
    one = Submission("", f"{number:064}", ruleset.id, f"单位{number}", year, tuple(items))
    return Filed(one, ruleset, figures(ruleset, one))


def _item(form: Form, name: str, instance: int, value: Decimal | None, empty: str) -> Item:
    return Item(form.form, name, value, "" if value is None else str(value), f"{form.sheet}!{name}",
                empty if value is None else "number", instance)


def placed(units: list[Filed], folders: list[str]) -> Held:
    """The units as workbooks in these folders."""
    return Held([replace(one, submission=replace(one.submission, path=f"{folder}/{one.unit}.xlsx"))
                 for one, folder in zip(units, folders, strict=True)])


def whole(node: NodeResult) -> tuple:
    """All figures of a node, in an order of their own."""
    return (
        node.units,
        {(total.key, total.kind): (total.value, total.filed, total.unfilled) for total in node.totals},
        {(rate.key, rate.args, rate.kinds): (rate.sums, rate.value, rate.units, frozenset(rate.left_out), frozenset(rate.rulesets))
         for rate in node.rates},
    )


def scored(node: NodeResult) -> tuple:
    return node.ruleset and node.ruleset.id, node.scores, node.total, node.grade


folder_names = st.lists(st.sampled_from(["甲局", "乙局", "丙局"]), max_size=3).map("/".join)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_the_whole_is_the_same_however_units_are_parted_and_ordered(data):
    units = data.draw(filed_units())
    together = consolidate(placed(units, ["全部"] * len(units))).root
    folders = data.draw(st.lists(folder_names.map(lambda name: f"全部/{name}"), min_size=len(units), max_size=len(units)))
    shuffled = data.draw(st.permutations(list(zip(units, folders))))
    parted = consolidate(placed(*map(list, zip(*shuffled)))).root
    assert whole(parted) == whole(together)
    assert scored(parted) == scored(together)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_sums_can_be_put_together_in_any_way(data):
    units = data.draw(filed_units())
    cuts = sorted(data.draw(st.lists(st.integers(0, len(units)), min_size=2, max_size=2)))
    a, b, c = (summed(units[start:end]) for start, end in zip([0, *cuts], [*cuts, len(units)]))
    assert as_node(merged(merged(a, b), c)) == as_node(merged(a, merged(b, c))) == as_node(merged(c, merged(b, a)))
    assert as_node(merged(a, merged(b, c))) == as_node(summed(units))


def summed(units: list[Filed]) -> Sums:
    sums = Sums()
    for one in units:
        sums.add(share_of(one))
    return sums


def merged(*parts: Sums) -> Sums:
    sums = Sums()
    for part in parts:
        sums.merge(part)
    return sums


def as_node(sums: Sums) -> tuple:
    node = node_result(Node("", ""), sums)
    return whole(node), scored(node)


@settings(max_examples=30, deadline=None)
@given(filed_units())
def test_every_total_is_the_exact_sum_of_the_cells(units):
    """Fractions never round; so neither may the totals."""
    found: dict[tuple[str, str, str], list[Fraction]] = {}
    for one in units:
        kinds = {(form.form, name): item.type for form in one.ruleset.forms.values() for name, item in form_items(form)}
        for item in one.submission.items:
            if item.value is not None:
                found.setdefault((item.form, item.name, kinds[item.form, item.name]), []).append(Fraction(item.value))
    totals = node_result(Node("", ""), summed(units)).totals
    assert {(total.form, total.name, total.kind): Fraction(total.value) for total in totals if total.value is not None} == {
        key: sum(values) for key, values in found.items()}
