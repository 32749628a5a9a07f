"""The tree as lines: what stands below what, and printed amounts that add up."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from sample_units import filed
from summary_samples import LIST, consolidated, sample

from pyfuncs.consolidate.result import KeyFigure
from pyfuncs.report.summary_lines import change, compared_figures, printed_figures, row_labels, shown_amounts, tree_lines, units_below

SPENT = KeyFigure("基础数据!公用经费.本年决算", "公用经费", "amount")


def test_a_node_has_its_units_and_nodes_below_it():
    assert [(line.level, line.name, line.last) for line in tree_lines(sample()[0])] == [
        (0, "全部单位", 5), (1, "市局", 3), (2, "甲中心", 2), (2, "乙中心", 3), (1, "县局", 5), (2, "丙中心", 5)]


def test_printed_amounts_add_up_at_every_level():
    units = [filed("430400/2022", name, {"基础数据": {"公用经费.本年决算": "3.3333", "公用经费.本年预算": "4"}})
             for name in ("甲中心", "乙中心", "丁局", "丙中心")]
    lines = tree_lines(consolidated(units, LIST)[0])
    shown = dict(zip([line.name for line in lines], shown_amounts(lines, SPENT), strict=True))
    assert shown == {"全部单位": Decimal("13.33"), "市局": Decimal("10.00"), "甲中心": Decimal("3.34"), "乙中心": Decimal("3.33"),
                     "丁局": Decimal("3.33"), "县局": Decimal("3.33"), "丙中心": Decimal("3.33")}


def test_heads_are_printed_as_they_are_and_none_stays_none():
    lines = tree_lines(sample()[0])
    assert shown_amounts(lines, KeyFigure("基础数据!编制数", "编制数", "count")) == [62, 45, 15, 30, 17, 17]
    assert shown_amounts(lines, KeyFigure("基础数据!三公经费.本年预算", "三公", "amount"))[3] is None


def test_change_counts_the_units_that_have_both_years():
    result, _ = sample()
    lines, key = tree_lines(result), "基础数据!三公经费.本年决算"
    assert compared_figures(result)[0].key == key
    # 10.16 against 14.6 万元, and 33.91783 against 33.73783; 乙中心 left last year blank
    assert change(units_below(lines, 0), key) == (Decimal("44.07783") / Decimal("48.33783") - 1)
    assert change(units_below(lines, 3), key) is None


def test_a_page_takes_the_figures_that_most_units_have():
    figures = printed_figures(sample()[0], rates=False, most=2)
    assert [figure.label for figure in figures] == ["实际在职人数", "编制数"]


def test_rows_that_print_alike_are_told_apart():
    first, second, *_ = sample()[0].root.totals
    alike = [replace(first, label="同名", name="甲.数", column=""), replace(second, label="同名", name="乙.数", column="")]
    assert list(row_labels(alike).values()) == ["同名（甲）", "同名（乙）"]
    both = [replace(first, kind="amount"), replace(first, kind="count")]
    assert list(row_labels(both).values()) == ["编制数（编制数）", "编制数（编制数，个数）"]
