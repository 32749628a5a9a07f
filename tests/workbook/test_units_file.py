"""The list of units as people keep it: any program's CSV, workbooks old and new, and a sentence for all else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import docx
import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from test_read_xls import saved_as_xls

from pyfuncs.consolidate.units_list import MOST_ROWS, ListedUnit, UnitsListError
from pyfuncs.workbook.units_file import read_units

ROWS = [["单位代码", "单位名称", "上级", "应报", "报送期限", "备注"], ["001", "市民政局", None, "否", None, "x"],
        ["0011", "福利中心", "001", "是", date(2023, 3, 31), None]]
UNITS = (ListedUnit("001", "市民政局", "", False), ListedUnit("0011", "福利中心", "001", True, "2023-03-31"))
TEXT = "单位代码,单位名称,上级,应报,报送期限,备注\n001,市民政局,,否,,x\n0011,福利中心,001,是,2023/3/31,"


def csv_file(folder: Path, data: bytes | str, name: str = "名单.csv") -> Path:
    (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    return folder / name


def workbook(path: Path, **sheets: list[list]) -> Path:
    """Sheets of rows; with dates as dates."""
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(UnitsListError) as caught:
        read_units(path)
    return str(caught.value)


@pytest.mark.parametrize("data", [
    TEXT.encode(), TEXT.encode("utf-8-sig"), TEXT.encode("gbk"), TEXT.encode("utf-16"), TEXT.replace("\n", "\r\n").encode("gb18030"),
    TEXT.replace(",", "\t").encode("utf-16"), TEXT.replace(",", ";").encode(), TEXT.replace("001", '="001"', 1).encode(),
    TEXT.replace("福利中心", '"福利中心"').encode()])
def test_a_csv_is_read_whatever_program_saved_it(tmp_path: Path, data: bytes):
    units = read_units(csv_file(tmp_path, data))
    assert (units.listed, units.notes) == (UNITS, ())


def test_names_alone_have_no_delimiter(tmp_path: Path):
    assert read_units(csv_file(tmp_path, "单位名称\n甲\n乙")).listed == (ListedUnit("", "甲"), ListedUnit("", "乙"))


def test_a_workbook_is_read_by_content_with_dates_and_noughts(tmp_path: Path):
    assert read_units(workbook(tmp_path / "名单.xlsx", 名单=ROWS)).listed == UNITS
    assert read_units(workbook(tmp_path / "名单.csv", 名单=ROWS)).listed == UNITS        # a wrong ending does not matter


def test_an_old_workbook_and_a_word_table_are_read_too(tmp_path: Path):
    path = saved_as_xls(workbook(tmp_path / "名单.xlsx", 名单=ROWS), tmp_path)
    assert read_units(path).listed == UNITS
    document = docx.Document()
    table = document.add_table(rows=0, cols=5)
    for row in ROWS:
        for cell, value in zip(table.add_row().cells, row[:5], strict=True):
            cell.text = str(value or "")
    document.save(tmp_path / "名单.docx")
    assert read_units(tmp_path / "名单.docx").listed == UNITS


def test_numbers_are_the_codes_that_are_shown(tmp_path: Path):
    with xlsxwriter.Workbook(tmp_path / "名单.xlsx") as book:
        sheet = book.add_worksheet()
        padded, grouped, exact = (book.add_format({"num_format": look}) for look in ("000000", "#,##0", "0.00"))
        sheet.write_row(0, 0, ["单位代码", "单位名称", "应报"])
        for row, (code, look) in enumerate([(101, padded), (430400001001, None), (101.5, None), (2020, grouped), (303, exact)], 1):
            sheet.write_number(row, 0, code, look)
            sheet.write(row, 1, f"甲{row}")
        sheet.write_boolean(1, 2, False)
    units = read_units(tmp_path / "名单.xlsx").listed
    assert [(one.code, one.expected) for one in units] == [("000101", False), ("430400001001", True), ("101.5", True), ("2020", True),
                                                      ("303", True)]


def test_the_first_visible_sheet_with_the_headings_is_taken_and_told(tmp_path: Path):
    path = workbook(tmp_path / "名单.xlsx", 说明=[["填表说明"]], 名单=ROWS, 旧名单=[["单位名称"], ["丙"]])
    units = read_units(path)
    assert (units.listed, units.notes) == (UNITS, ("“名单.xlsx”有 3 张表，单位名单用的是《名单》",))
    book = openpyxl.load_workbook(path)
    book["名单"].sheet_state = "hidden"
    book.save(path)
    assert read_units(path).listed == (ListedUnit("", "丙"),)


def test_a_merged_cell_stands_for_all_its_rows(tmp_path: Path):
    with xlsxwriter.Workbook(tmp_path / "名单.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:B1", "报送单位名单")
        sheet.write_row(1, 0, ["上级", "单位名称"])
        sheet.write(2, 1, "市民政局")
        sheet.merge_range("A4:A6", "市民政局")
        sheet.write_column(3, 1, ["甲", "乙", "丙"])
    assert [(one.name, one.parent) for one in read_units(tmp_path / "名单.xlsx").listed] == [
        ("市民政局", ""), ("甲", "市民政局"), ("乙", "市民政局"), ("丙", "市民政局")]


def test_a_formula_counts_as_shown_and_one_never_worked_out_is_refused_where_it_matters(tmp_path: Path):
    with xlsxwriter.Workbook(tmp_path / "名单.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["单位名称", "备注"])
        sheet.write_formula(1, 0, '="甲"&"中心"', None, "甲中心")
    assert read_units(tmp_path / "名单.xlsx").listed == (ListedUnit("", "甲中心"),)
    book = openpyxl.Workbook()
    book.active.append(["单位名称", "备注"])
    book.active.append(["乙", "=1+1"])
    book.save(tmp_path / "备注.xlsx")
    assert read_units(tmp_path / "备注.xlsx").listed == (ListedUnit("", "乙"),)
    book.active.append(["=A2", ""])
    book.save(tmp_path / "没算过.xlsx")
    assert refusal(tmp_path / "没算过.xlsx").endswith("第 3 行“单位名称”写的是公式“=A2”，程序不计算公式；请改成文字")


def test_rows_are_counted_as_the_spreadsheet_counts_them(tmp_path: Path):
    path = workbook(tmp_path / "名单.xlsx", 名单=[["名单"], [], ["单位名称", "应报"], ["甲", ""], [], ["乙", "也许"]])
    assert refusal(path).endswith("第 6 行“应报”写的是“也许”；请写 是 或 否，空着就是 是")
    assert refusal(csv_file(tmp_path, "名单\n\n单位名称,应报\n甲,\n\n乙,也许")).endswith("第 6 行“应报”写的是“也许”；请写 是 或 否，空着就是 是")


def test_what_is_no_list_is_refused_with_words(tmp_path: Path):
    (tmp_path / "夹.csv").mkdir()
    wanted = "；请在第一行写上列名，例如：单位代码,单位名称,上级,应报"
    assert [refusal(path) for path in (
        csv_file(tmp_path, b"\xff\xff\xff"), csv_file(tmp_path, b"", "空.csv"), tmp_path / "没有.csv", tmp_path / "夹.csv",
        csv_file(tmp_path, "名称,电话\n甲,1", "a.csv"), workbook(tmp_path / "b.xlsx", 表=[["名称", "电话"]]),
        csv_file(tmp_path, b"PK\3\4 not a package", "c.xlsx"))] == [
        "单位名单读不出来：既不是 UTF-8 也不是 GBK 编码；请在表格软件中另存为 CSV，或直接用 .xlsx",
        "文件“空.csv”是空的（0 字节）。请向填报单位重新要一份，或从备份中找回。", "没有找到文件“没有.csv”。请核对文件名和所在的文件夹。",
        "“夹.csv”是文件夹，不是表格文件。请指定其中的 .xlsx 文件。",
        f"单位名单的第一行应有一列叫“单位名称”，现为“名称,电话”{wanted}", f"单位名单的第一行应有一列叫“单位名称”，现为“名称,电话”{wanted}",
        "文件“c.xlsx”已损坏，打不开。请向填报单位重新要一份，或从备份中找回。"]


def test_an_open_quote_and_a_stray_cell_far_below_are_told(tmp_path: Path):
    endless = '单位名称\n甲\n"' + "乙\n" * 100_000
    assert refusal(csv_file(tmp_path, endless)).endswith("可能少了半个引号；请在表格软件中打开核对，另存为 CSV，或直接用 .xlsx")
    with xlsxwriter.Workbook(tmp_path / "远.xlsx") as book:
        sheet = book.add_worksheet("名单")
        sheet.write(0, 0, "单位名称")
        sheet.write(1_048_575, 0, "甲")
    assert refusal(tmp_path / "远.xlsx") == (f"《名单》第 1048576 行还有内容，单位名单最多 {MOST_ROWS} 行；"
                                            "请核对是不是选错了文件，或删去多余的内容")


def test_merges_that_stand_for_endless_cells_are_refused(tmp_path: Path):
    with xlsxwriter.Workbook(tmp_path / "名单.xlsx") as book:
        sheet = book.add_worksheet("名单")
        sheet.write(0, 0, "单位名称")
        sheet.write(150_000, 0, "甲")
        for column in range(1, 4):
            sheet.merge_range(0, column, 150_000, column, "乙")
    assert refusal(tmp_path / "名单.xlsx") == "《名单》合并单元格太多；请取消合并，每格各填各的"


def test_a_list_of_a_province_is_read(tmp_path: Path):
    rows = [["单位代码", "单位名称", "上级", "应报", "报送期限", "类型"], ["0", "省", "", "", "", ""],
            *([str(number), f"单位{number}", "0", "是", "2023-03-31", "本级"] for number in range(1, 90_001))]
    with xlsxwriter.Workbook(tmp_path / "名单.xlsx", {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    units = read_units(tmp_path / "名单.xlsx").listed                # 540,000 cells: more than a form may have
    assert (len(units), units[-1]) == (90_001, ListedUnit("90000", "单位90000", "0", True, "2023-03-31"))


@given(st.binary(max_size=200) | st.text(max_size=60).map(str.encode) | st.binary(max_size=60).map(lambda data: b"PK\3\4" + data))
def test_whatever_the_file_is_the_answer_is_a_list_or_a_sentence(tmp_path_factory, data: bytes):
    path = csv_file(tmp_path_factory.getbasetemp(), data, "任何.csv")
    try:
        assert read_units(path).listed
    except UnitsListError as error:
        assert str(error)
