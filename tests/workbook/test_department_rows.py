"""Rows of many units: kept one by one, by unit or together, and whichever it is, nothing of their amounts is lost."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from pyfuncs.workbook.department_rows import Entries, Entry, Key, added

AMOUNT, WORDS = Key("明细.本年决算"), Key("明细.备注")
AMOUNTS = st.decimals(-(10**9), 10**9, places=2)
UNITS = st.lists(st.lists(AMOUNTS, max_size=4), max_size=12)


def entries(units: list[list[Decimal]], limit: int, first: int = -1) -> Entries:
    kept = Entries(limit, lambda key: key == AMOUNT)
    for number, amounts in enumerate(units):
        name = f"单位{number}"
        kept.add(name, [Entry(name, f"项目{row}", {AMOUNT: amount, WORDS: "字"}) for row, amount in enumerate(amounts)],
                 number == first)
    return kept


@given(UNITS, st.integers(2, 8), st.integers(-1, 11))
def test_the_amounts_are_there_whatever_the_limit(units: list[list[Decimal]], limit: int, first: int):
    kept = entries(units, limit, first)
    amounts = [amount for one in units for amount in one]
    assert added(one.values.get(AMOUNT) for one in kept.kept) == (sum(amounts, Decimal(0)) if amounts else None)
    assert sum(one.of for one in kept.kept) == len(amounts)
    assert len(kept.kept) <= limit
    if 0 <= first < len(units) and units[first]:
        assert kept.kept[0].unit == f"单位{first}"


def test_one_by_one_then_by_unit_then_together():
    two, one = [Decimal(1), Decimal(2)], [Decimal(4)]
    shown = [[(each.unit, each.name, each.values) for each in entries(units, 3).kept]
             for units in ([two, one], [two, one, two], [two, one, two, one])]
    assert shown == [
        [("单位0", "项目0", {AMOUNT: 1, WORDS: "字"}), ("单位0", "项目1", {AMOUNT: 2, WORDS: "字"}),
         ("单位1", "项目0", {AMOUNT: 4, WORDS: "字"})],
        [("单位0", "", {AMOUNT: 3}), ("单位1", "项目0", {AMOUNT: 4, WORDS: "字"}), ("单位2", "", {AMOUNT: 3})],
        [("单位0", "", {AMOUNT: 3}), ("单位1", "项目0", {AMOUNT: 4, WORDS: "字"}), ("", "", {AMOUNT: 7})]]
    assert [entries(units, 3).others for units in ([two, one], [two, one, two], [two, one, two, one])] == [0, 0, 2]
