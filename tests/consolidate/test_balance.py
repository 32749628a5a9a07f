"""舍位平衡: printed parts add up to the printed total, and none strays from its exact figure."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfuncs.consolidate.balance import balanced, balanced_tree

D = Decimal
numbers = st.decimals(min_value=-10**13, max_value=10**13, places=6)
parts = st.lists(st.none() | numbers | st.just(D(0)), max_size=12)
places = st.integers(min_value=-2, max_value=6)


def half_up(number: Decimal, places: int) -> Decimal:
    return number.quantize(D(1).scaleb(-places), ROUND_HALF_UP)


def total_of(figures) -> Decimal:
    return sum((one for one in figures if one is not None), D(0))


@pytest.mark.parametrize(("total", "exact", "printed"), [
    ("1.00", ["0.333", "0.333", "0.334"], ["0.33", "0.33", "0.34"]),
    ("0.999", ["0.333", "0.333", "0.333"], ["0.34", "0.33", "0.33"]),                # each alone: 0.33; the total 1.00
    ("1.50", ["0.505", "0.495", "0.50"], ["0.51", "0.49", "0.50"]),                  # each alone: 0.51 + 0.50 + 0.50
    ("-1.008", ["-0.504", "-0.504"], ["-0.50", "-0.51"]),
    ("0.004", ["-0.506", "0", "0.51"], ["-0.51", "0.00", "0.51"]),                   # no part of 0 moves
    ("123456789012345678901234567890.004", ["123456789012345678901234567890.004"], ["123456789012345678901234567890.00"]),
])
def test_parts_are_printed_so_that_they_add_up(total, exact, printed):
    assert list(map(str, balanced(D(total), list(map(D, exact)), 2))) == printed


def test_what_does_not_add_up_is_rounded_by_itself_and_the_difference_stays():
    assert balanced(D("2.00"), [D("0.505"), None, D("0.505")], 2) == [D("0.51"), None, D("0.51")]


def test_nothing_at_all():
    assert balanced(D(0), [], 2) == []
    assert balanced(D(0), [None, None], 2) == [None, None]
    assert balanced_tree([], [], 2) == []


def test_no_minus_stands_before_a_nought():
    assert list(map(str, balanced(D("-0.001"), [D("-0.001")], 2))) == ["0.00"]
    assert list(map(str, balanced_tree([D(7), D("-0.001")], [None, 0], 2))) == ["7.00", "0.00"]


@given(parts, places)
def test_printed_parts_add_up_to_the_total_rounded_half_up(exact, places):
    total, step = total_of(exact), D(1).scaleb(-places)
    printed = balanced(total, exact, places)
    assert total_of(printed) == half_up(total, places)
    for one, shown in zip(exact, printed, strict=True):
        assert (shown is None) == (one is None)
        if one is not None:
            assert abs(shown - one) < step and shown == shown.quantize(step)
            assert shown == one or one != one.quantize(step, ROUND_HALF_UP)          # what needs no rounding stays


@given(parts, places)
def test_no_other_choice_strays_less(exact, places):
    """A part is rounded up only when no part rounded down was nearer to the next step."""
    printed = balanced(total_of(exact), exact, places)
    up, down = (list(_remainders(exact, printed, places, above)) for above in (True, False))
    assert not up or not down or min(up) >= max(down)


def _remainders(exact, printed, places, above):
    """How far above the step below them the figures stand, in steps, of those that were rounded up or down."""
    step = D(1).scaleb(-places)
    for one, shown in zip(exact, printed, strict=True):
        if one is not None and one != shown and (shown > one) == above:
            yield (one - shown) / step + (1 if above else 0)


trees = st.recursive(numbers, lambda inner: st.lists(inner, min_size=1, max_size=4), max_leaves=25)


def flattened(tree, parent=None, values=None, parents=None):
    """Exact figures of a tree of lists, each before its parts, and the index of the figure above each."""
    values, parents = ([], []) if values is None else (values, parents)
    at = len(values)
    values.append(tree)
    parents.append(parent)
    if isinstance(tree, list):
        for inner in tree:
            flattened(inner, at, values, parents)
        values[at] = total_of(value for value, above in zip(values, parents, strict=True) if above == at)
    return values, parents


@given(trees, places)
def test_every_level_of_a_tree_adds_up_and_no_figure_strays_at_any_depth(tree, places):
    values, parents = flattened(tree)
    printed = balanced_tree(values, parents, places)
    assert printed[0] == half_up(values[0], places)
    for at, (exact, shown) in enumerate(zip(values, printed, strict=True)):
        assert abs(shown - exact) < D(1).scaleb(-places)
        if below := [one for one, above in zip(printed, parents, strict=True) if above == at]:
            assert total_of(below) == shown


def test_a_tree_with_gaps_and_parts_that_do_not_add_up():
    values = [D("1.006"), D("0.503"), None, D("0.503"), D("9.999"), D("0.253"), D("0.250")]
    parents = [None, 0, 0, 0, None, 1, 1]
    assert balanced_tree(values, parents, 2) == [D("1.01"), D("0.51"), None, D("0.50"), D("10.00"), D("0.26"), D("0.25")]
    assert balanced_tree([D("5.00"), D("1.005"), None, D("2.005")], [None, 0, None, 2], 2) == [
        D("5.00"), D("1.01"), None, D("2.01")]
