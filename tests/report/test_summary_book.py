"""汇总.xlsx at its edges: texts that want to be more than text, full sheets, links, a target that can't be written."""

from __future__ import annotations

import os
import resource
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.escape import unescape
from sample_units import filed, unit_a
from summary_samples import consolidated, sample, table
from validator import xml_errors

from pyfuncs.report.output import TargetExists, write_reason
from pyfuncs.report.summary import write_summary
from pyfuncs.report.summary_book import Limits

MADE = date(2023, 3, 1)
EVIL = ['=HYPERLINK("http://x","甲")\x07', "@SUM(A1)", "+1+1", "<r><t>甲</t></r>", "</t></is></c>", "_x0041_", " 前后空 ", "甲&乙<丙>"]


def many(count: int):
    base = unit_a()
    return [replace(base, submission=replace(base.submission, entity=f"单位{number:02}", path=f"单位{number:02}.xlsx",
                                             sha256=str(number))) for number in range(count)]


@pytest.mark.parametrize("text", EVIL)
def test_texts_from_workbooks_stay_text(tmp_path: Path, text: str):
    one = filed("430400/2022", text, {"基础数据": {"编制数": "5", "厉行节约": text}, "整体自评": {"指标.得分#1": "50"}}, path="甲.xlsx")
    write_summary(tmp_path / "汇总.xlsx", *consolidated([one]), MADE)
    assert xml_errors(tmp_path / "汇总.xlsx") == []
    book = openpyxl.load_workbook(tmp_path / "汇总.xlsx")
    shown = text.replace("\x07", "").strip()
    for sheet, cell in (("汇总", "A7"), ("排名", "B3"), ("明细-基础数据", "A6"), ("来源", "B2"), ("各单位所填", "D2")):
        found = book[sheet][cell]
        assert (unescape(found.value).strip(), found.data_type) == (shown, "s"), (sheet, cell)
    assert shown in {unescape(str(row[5])).strip() for row in table(tmp_path / "汇总.xlsx", "各单位所填")}
    formulas = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas and not [formula for formula in formulas if "HYPERLINK" in formula or "1+1" in formula]


def test_a_full_sheet_goes_on_on_another(tmp_path: Path):
    result, source = consolidated(many(50))
    write_summary(tmp_path / "汇总.xlsx", result, source, MADE, Limits(rows=40))
    assert xml_errors(tmp_path / "汇总.xlsx") == []
    book = openpyxl.load_workbook(tmp_path / "汇总.xlsx", data_only=True)
    assert max(sheet.max_row for sheet in book) == 40
    details = [list(sheet.values) for sheet in book if sheet.title.startswith("明细-基础数据")]
    names = [[row[0] for row in rows[4:]] for rows in details]
    assert names == [["合计", *(f"单位{number:02}" for number in range(35))], ["合计", *(f"单位{number:02}" for number in range(35, 50))]]
    assert [rows[4][2] for rows in details] == [750, 750] and details[0][5][2] == 15     # over all units, on each sheet
    sources = [row for sheet in book if sheet.title.startswith("来源") for row in list(sheet.values)[1:]]
    assert len(sources) == sum(1 for total in result.root.totals
                               for _ in source.parts(result.files, total.form, total.name, total.kind))


def test_a_sheet_full_of_links_goes_on_on_another_until_the_book_has_enough_and_the_address_stays(tmp_path: Path):
    result, source = consolidated(many(3))
    write_summary(tmp_path / "汇总.xlsx", result, source, MADE, Limits(links=20, all_links=90))
    assert xml_errors(tmp_path / "汇总.xlsx") == []
    book = openpyxl.load_workbook(tmp_path / "汇总.xlsx")
    linked = {sheet.title: sum(cell.hyperlink is not None for row in sheet.iter_rows() for cell in row) for sheet in book}
    assert {name: count for name, count in linked.items() if count} == {
        "排名": 3, "问题清单": 20, "问题清单 (2)": 20, "问题清单 (3)": 20, "问题清单 (4)": 6, "来源": 20, "来源 (2)": 1}
    origins = [row for sheet in book if sheet.title.startswith("来源") for row in list(sheet.values)[1:]]
    assert all(row[3] for row in origins if row[2] is not None)
    assert len(origins) == sum(1 for total in result.root.totals
                               for _ in source.parts(result.files, total.form, total.name, total.kind))
    write_summary(tmp_path / "少.xlsx", result, source, MADE, Limits(all_links=5))
    assert sum(cell.hyperlink is not None for sheet in openpyxl.load_workbook(tmp_path / "少.xlsx")
               for row in sheet.iter_rows() for cell in row) == 5


def test_more_columns_than_a_sheet_takes_go_on_on_another(tmp_path: Path):
    result, source = consolidated(many(2))
    write_summary(tmp_path / "汇总.xlsx", result, source, MADE, Limits(columns=30))
    book = openpyxl.load_workbook(tmp_path / "汇总.xlsx")
    details = [sheet for sheet in book if sheet.title.startswith("明细-基础数据")]
    assert len(details) > 1 and max(sheet.max_column for sheet in details) == 30
    assert sum(sheet.max_column - 2 for sheet in details) == sum(total.form == "基础数据" for total in result.root.totals)


def test_charts_show_the_first_thirty(tmp_path: Path):
    result, source = consolidated(many(33))
    write_summary(tmp_path / "汇总.xlsx", result, source, MADE)
    charts = openpyxl.load_workbook(tmp_path / "汇总.xlsx")["图表"]._charts
    titles = {chart.title.tx.rich.p[0].r[0].t: len(chart.series[0].cat.strRef.strCache.pt) for chart in charts}
    assert titles["各单位自评总分（名次前 30 个单位，共 33 个）"] == 30


def test_nothing_is_overwritten_and_nothing_half_written_stays(tmp_path: Path):
    result, source = sample()
    (tmp_path / "汇总.xlsx").write_text("别人的", encoding="utf-8")
    with pytest.raises(TargetExists):
        write_summary(tmp_path / "汇总.xlsx", result, source, MADE)
    broken = replace(result, units=(*result.units, replace(result.units[0], file="没有.xlsx")))
    with pytest.raises(KeyError):
        write_summary(tmp_path / "坏.xlsx", broken, source, MADE)
    assert sorted(os.listdir(tmp_path)) == ["汇总.xlsx"]
    assert (tmp_path / "汇总.xlsx").read_text(encoding="utf-8") == "别人的"


@pytest.mark.parametrize("room", [3_000, 30_000])     # full while rows are written, full while they are packed
def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path, room: int):
    result, source = sample()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
    try:
        with pytest.raises(OSError) as caught:
            write_summary(tmp_path / "汇总.xlsx", result, source, MADE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert write_reason(caught.value).startswith(f"写不了 {tmp_path / '汇总.xlsx'}：") and os.listdir(tmp_path) == []


def test_nobody_filed(tmp_path: Path):
    write_summary(tmp_path / "汇总.xlsx", *consolidated([]), MADE)
    assert xml_errors(tmp_path / "汇总.xlsx") == []
    assert ("没有可以重新计算的比率",) == tuple(value for value in table(tmp_path / "汇总.xlsx", "比率")[-1] if value)


def test_a_label_of_a_rule_set_is_no_xml_either(tmp_path: Path):
    result, source = sample()
    first, *rest = result.root.totals
    root = replace(result.root, totals=(replace(first, label="<r><t>甲</r>"), *rest))
    write_summary(tmp_path / "汇总.xlsx", replace(result, nodes=(root,)), source, MADE)
    assert xml_errors(tmp_path / "汇总.xlsx") == []
