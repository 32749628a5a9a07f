"""Each figure of 汇总.xlsx for the five real units, traced to the cell of the unit's own workbook that it came from."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from summary_samples import EVERYONE, consolidated, table

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.helper.demo import UNITS
from pyfuncs.report.summary import write_summary
from pyfuncs.report.summary_lines import figure_labels, printed_figures, row_labels
from pyfuncs.workbook.filling import load_filling
from pyfuncs.workbook.process import process
from pyfuncs.workbook.template import write_workbook


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory):
    """The folder with the five workbooks and 汇总.xlsx; the consolidation; which form is in 元 or 万元, by unit."""
    folder = tmp_path_factory.mktemp("trace")
    paths = []
    for source in sorted(UNITS.glob("*.yaml")):
        filling = load_filling(source)
        paths.append(folder / f"{filling.entity}.xlsx")
        with paths[-1].open("wb") as file:
            write_workbook(file, load_ruleset(filling.ruleset), "formula", filling=filling, as_filed=True)
    filed = [process(path) for path in paths]
    result, held = consolidated(filed, None, EVERYONE)
    write_summary(folder / "汇总.xlsx", result, held, date(2023, 3, 1))
    return folder, result, {one.unit: one for one in filed}


@cache
def unit_book(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path, data_only=True)


def in_cell(folder: Path, file: str, place: str) -> object:
    sheet, _, cell = place.rpartition("!")
    return unit_book(folder / file)[sheet][cell].value


def origins(folder: Path) -> list[tuple]:
    return table(folder / "汇总.xlsx", "来源")[1:]


def as_number(value: object) -> Decimal | None:
    """What is typed in the unit's cell: a number, or a number with a mark or unit beside it."""
    text = str(value).rstrip("√✓ 万元元人%.")
    try:
        return Decimal(text)
    except ArithmeticError:
        return None


def test_every_origin_is_what_stands_in_the_unit_s_cell(traced):
    folder, result, filed = traced
    compared, wrong = 0, []
    for what, unit, value, place, _, file in origins(folder):
        if value is None:
            continue
        amount = what.endswith("（万元）")
        form = next(item.form for item in filed[unit].submission.items if item.cell == place)
        scale = filed[unit].ruleset.forms[form].scale / 10000 if amount else 1
        there = as_number(in_cell(folder, file, place))
        compared += 1
        if there is None or abs(Decimal(str(value)) - there * scale) > Decimal("1e-9"):
            wrong.append((what, unit, value, place, in_cell(folder, file, place)))
    assert wrong == [] and compared > 150


def test_each_detail_is_the_sum_of_its_origins_and_each_total_of_its_details(traced):
    folder, result, _ = traced
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for what, unit, value, *_ in origins(folder):
        if value is not None:
            sums[what, unit] += Decimal(str(value))
    labels = row_labels(result.root.totals)
    assert len({row[0] for row in origins(folder)}) == len(result.root.totals)     # no two totals under one name
    book, compared = openpyxl.load_workbook(folder / "汇总.xlsx", data_only=True), 0
    for form in dict.fromkeys(total.form for total in result.root.totals):
        totals = [total for total in result.root.totals if total.form == form]
        rows = list(book[f"明细-{form}"[:31]].iter_rows(min_row=5, values_only=True))
        for column, total in enumerate(totals, start=2):
            label = labels[total.form, total.name, total.kind]
            what = "·".join(filter(None, (total.title, label, total.column))) + ("（万元）" if total.kind == "amount" else "")
            numbers = [(row[0], row[column]) for row in rows[1:] if isinstance(row[column], (int, float))]
            compared += len(numbers)
            for unit, value in numbers:
                assert Decimal(str(value)) == pytest.approx(sums[what, unit], abs=Decimal("1e-9")), (what, unit)
            assert (rows[0][column] == "—") if not numbers else rows[0][column] == pytest.approx(sum(n for _, n in numbers)), what
    assert compared > 120


def test_the_first_sheet_prints_what_the_details_say(traced):
    folder, result, filed = traced
    rows = table(folder / "汇总.xlsx", "汇总")
    head = next(row for row in rows if row[0] == "单位")
    exact = {row[0].strip(): row for row in table(folder / "汇总.xlsx", "汇总精确数")}
    amounts = printed_figures(result, rates=False, most=6)
    columns = [*amounts, *printed_figures(result, rates=True, most=4)]
    labels = dict(zip(figure_labels(columns), columns, strict=True))
    compared = 0
    for row in rows[rows.index(head) + 1:]:
        if row[0] not in filed:
            continue
        line = next(unit for unit in result.units if unit.unit == row[0])
        for column, label in enumerate(head):
            if label not in labels or not isinstance(row[column], (int, float)):
                continue
            figure = labels[label]
            if figure.kind == "rate":
                assert Decimal(str(row[column])) == pytest.approx(line.rates[figure.key], abs=Decimal("1e-12"))
                printed = filed[row[0]].figures[figure.key, 0]
                assert Decimal(str(row[column])) == pytest.approx(printed.value, abs=Decimal("1e-12"))
            else:
                there = float(line.amounts[figure.key]) / (10000 if figure.kind == "amount" else 1)
                assert there in [value for value in exact[row[0]][1:] if isinstance(value, (int, float))]
                assert abs(row[column] - there) < 0.01, (row[0], label)       # 舍位平衡: one in the last place at most
            compared += 1
    assert compared > 20
