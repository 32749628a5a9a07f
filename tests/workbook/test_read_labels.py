"""Forms found by their own words: a template without its names reads as with them, however it was disturbed."""

from __future__ import annotations

import re
import time
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from random import Random

import openpyxl
import pytest
from fillings import EVERY_RULESET, UNITS, cases, random_filling
from openpyxl.worksheet.worksheet import Worksheet

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.catalog.submission import Item, Submission
from pyfuncs.helper import demo
from pyfuncs.workbook.filling import Filling, load_filling
from pyfuncs.workbook.read import read_filed, read_submission
from pyfuncs.workbook.template import write_workbook

HENGYANG, LIUYANG, NATIONAL = "430400/2022", "430181/2021", "100000/2022"
FOREIGN = ("read-by-labels", "recognised")            # told of every file that is not ours


def template(path: Path, filling: Filling) -> Path:
    write_workbook(path, load_ruleset(filling.ruleset), "formula", filling=filling, as_filed=True, entity="某单位")
    return path


def unnamed(path: Path) -> Path:
    """A copy without defined names and without the identity sheet: what is left are the printed forms."""
    target = path.with_name(f"unnamed-{path.name}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/workbook.xml":
                text = re.sub(r"<definedNames>.*?</definedNames>", "", data.decode(), flags=re.S)
                data = re.sub(r'<sheet name="_jixiao"[^>]*/>', "", text).encode()
            new.writestr(name, data)
    return target


def codes(submission: Submission) -> list[tuple[str, str]]:
    return [(trouble.code, trouble.severity) for trouble in submission.troubles if trouble.code not in FOREIGN]


# -- as printed ---------------------------------------------------------------------------------------


def fillings(ruleset_id: str) -> list[Filling]:
    real = [filling for unit in UNITS if (filling := load_filling(demo.UNITS / f"{unit}.yaml")).ruleset == ruleset_id]
    return [Filling(ruleset_id), *real, *(case.filling for case in cases(ruleset_id)),
            *(random_filling(ruleset_id, Random(seed)) for seed in range(2))]


@pytest.mark.parametrize("ruleset_id", EVERY_RULESET)
def test_every_form_reads_by_its_labels_as_by_its_names(tmp_path: Path, ruleset_id: str):
    for number, filling in enumerate(fillings(ruleset_id)):
        path = template(tmp_path / f"{number}.xlsx", filling)
        named, labelled = read_submission(path), read_submission(unnamed(path), ruleset_id)
        assert labelled.items == named.items, number
        assert (named.read_by, labelled.read_by) == ("names", "labels")
        assert {code for code, _ in codes(labelled)} <= {code for code, _ in codes(named)}, number


# -- disturbed ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("units")
    return {unit: template(folder / f"{unit}.xlsx", load_filling(demo.UNITS / f"{unit}.yaml"))
            for unit in ("hengyang-2022", "liuyang-2021", "xiangxi-2021")}


def changed(path: Path, folder: Path, *changes: Callable[[openpyxl.Workbook], None]) -> Path:
    """The unnamed book, edited; values instead of formulas, as after pasting values."""
    book = openpyxl.load_workbook(unnamed(path), data_only=True)
    for change in changes:
        change(book)
    for cell in (cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
        cell.data_type = "s"                          # =100% is a text
    target = folder / "changed.xlsx"
    book.save(target)
    return target


def told(items: tuple[Item, ...]) -> list[tuple]:
    """Every item that says something, wherever it stands; rows of tables in their order."""
    return [(item.form, item.instance, item.name, item.group, item.value, item.text, item.state)
            for item in sorted(items, key=lambda one: (one.form, one.instance, one.name)) if item.state != "blank"]


def cut(sheet: Worksheet, first: int, last: int) -> list[list[object]]:
    """Rows taken out of a sheet, merges dissolved."""
    for merge in [merge for merge in sheet.merged_cells.ranges if merge.max_row >= first]:
        sheet.unmerge_cells(str(merge))
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(first, last)]
    sheet.delete_rows(first, last - first + 1)
    return rows


def page_break(book: openpyxl.Workbook) -> None:
    """The second page of a project's table begins one column further left, without a header; then a page number."""
    sheet = book["项目1"]
    first = next(row for row in range(1, 40) if str(sheet.cell(row, 2).value).startswith("效益指标"))
    rows = cut(sheet, first, sheet.max_row)
    sheet.append([None, None, None, None, "6"])
    for row in rows:
        total = row[0] == "分值"
        sheet.append(row if total or row[0] is not None else row[1:])


def on_two_sheets(book: openpyxl.Workbook) -> None:
    """整体自评 goes on on a sheet of its own, from its table on."""
    sheet = book["整体自评表"]
    first = next(row for row in range(1, 40) if sheet.cell(row, 2).value == "一级指标")
    rows = cut(sheet, first, sheet.max_row)
    rest = book.create_sheet("续表", book.index(sheet) + 1)
    for row in rows:
        rest.append(row)


def two_row_header(book: openpyxl.Workbook) -> None:
    """全年 over 预算数 and 执行数."""
    sheet = book["项目1"]
    merges = [(merge.min_row, merge.min_col, merge.max_row, merge.max_col) for merge in sheet.merged_cells.ranges]
    for merge in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merge))
    sheet.insert_rows(7)
    for top, left, bottom, right in merges:
        down = int(top > 6), int(bottom >= 6)
        sheet.merge_cells(start_row=top + down[0], start_column=left, end_row=bottom + down[1], end_column=right)
    sheet["D6"], sheet["E6"], sheet["D7"], sheet["E7"] = "全年", None, "预算数", "执行数"
    sheet.merge_cells("D6:E6")


def relabelled(sheet: str, labels: dict[str, str]) -> Callable[[openpyxl.Workbook], None]:
    def change(book: openpyxl.Workbook) -> None:
        for cell, text in labels.items():
            assert isinstance(book[sheet][cell].value, str)
            book[sheet][cell] = text
    return change


def below_each_other(book: openpyxl.Workbook) -> None:
    """Both projects on the sheet of the first, the second at another place."""
    second = book["项目2"]
    start = book["项目1"].max_row + 3
    for row in second.iter_rows():
        for cell in row:
            if cell.value is not None:
                book["项目1"].cell(start + cell.row, cell.column + 2, cell.value).number_format = cell.number_format
    for merge in second.merged_cells.ranges:
        book["项目1"].merge_cells(start_row=start + merge.min_row, start_column=merge.min_col + 2,
                                end_row=start + merge.max_row, end_column=merge.max_col + 2)
    del book["项目2"]


DISTURBED = {
    "page break, labels shifted": (page_break, [("unread-figures", "note")]),
    "one form on two sheets": (on_two_sheets, []),
    "header of two rows": (two_row_header, []),
    "two forms on one sheet": (below_each_other, []),
    "labels of other spelling": (relabelled("基础数据表", {
        "A2": "衡阳市2022年部门整体支出绩效自评基础数据表", "C4": "2022年实际\n在职\u3000人数", "A6": "经费\n控制情况（万元）",
        "A8": "其中﹕公用经费", "A18": "⑴公务用车购置和维护经费", "A23": "（二）项目支出", "A24": "1.业务工作专项（一个项目一行）"}), []),
    "headings of two years ago": (relabelled("基础数据表", {"B6": "2019年决算数", "C6": "2020年预算数", "D6": "2020年决算数"}), []),
    "OCR": (relabelled("项目1", {"A5": "主管部分", "B8": "其中：当年财玫拨款", "C14": "数里指标"}), [("near-label", "note")] * 2),
}


@pytest.mark.parametrize("case", DISTURBED)
def test_a_disturbed_form_reads_the_same(tmp_path: Path, books: dict[str, Path], case: str):
    change, expected = DISTURBED[case]
    as_it_was = changed(books["hengyang-2022"], tmp_path)
    wanted = read_submission(as_it_was, HENGYANG)
    found = read_submission(changed(books["hengyang-2022"], tmp_path, change), HENGYANG)
    assert told(found.items) == told(wanted.items)
    assert codes(found) == expected


def test_rows_of_the_units_own_shift_nothing_and_their_figures_are_told(tmp_path: Path, books: dict[str, Path]):
    def with_row(book: openpyxl.Workbook) -> None:
        sheet = book["基础数据表"]
        for merge in [merge for merge in sheet.merged_cells.ranges if merge.min_row > 12]:
            sheet.unmerge_cells(str(merge))
        sheet.insert_rows(12)
        sheet["A12"], sheet["C12"] = "差旅补助", 3.5

    wanted = read_submission(changed(books["hengyang-2022"], tmp_path), HENGYANG)
    found = read_submission(changed(books["hengyang-2022"], tmp_path, with_row), HENGYANG)
    assert told(found.items) == told(wanted.items)
    [trouble] = [trouble for trouble in found.troubles if trouble.code not in FOREIGN]
    assert (trouble.code, trouble.severity, trouble.cells) == ("unread-figures", "note", ("基础数据表!C12",))


@pytest.mark.parametrize("hidden", [True, False])
def test_last_years_copy_is_told_and_not_read(tmp_path: Path, books: dict[str, Path], hidden: bool):
    """Hidden or not, and though it stands first."""
    def with_copy(book: openpyxl.Workbook) -> None:
        copy = book.copy_worksheet(book["基础数据表"])
        copy.title, copy["D9"], copy.sheet_state = "上年", 999, "hidden" if hidden else "visible"
        if not hidden:
            for cell, text in {"C4": "2021年实际在职人数", "B6": "2020年决算数", "C6": "2021年预算数", "D6": "2021年决算数"}.items():
                copy[cell] = text
        book.move_sheet(copy, -len(book.sheetnames) + 1)

    wanted = read_submission(changed(books["hengyang-2022"], tmp_path), HENGYANG)
    found = read_submission(changed(books["hengyang-2022"], tmp_path, with_copy), HENGYANG)
    assert told(found.items) == told(wanted.items)
    assert codes(found) == [("repeated-form", "warning")]


def test_what_is_not_there_is_told_and_the_rest_is_read(tmp_path: Path, books: dict[str, Path]):
    def without(book: openpyxl.Workbook) -> None:
        cut(book["基础数据表"], 9, 9)
        book["项目1"]["E6"] = "备注"

    submission = read_submission(changed(books["hengyang-2022"], tmp_path, without), HENGYANG)
    told_of = {trouble.code: trouble.message for trouble in submission.troubles if trouble.form == "基础数据"}
    assert told_of == {"missing-label": "《部门整体支出绩效评价基础数据表》（基础数据表）里没有找到这些栏目：“其中:办公经费2021年决算数”、"
                       "“其中:办公经费2022年预算数”、“其中:办公经费2022年决算数”；其余的照常读取。"}
    assert submission.item("基础数据", "办公经费.本年决算") is None
    assert submission.item("基础数据", "水电差旅.本年决算").value == Decimal("122500")
    assert submission.item("项目", "资金.全年执行", 1) is None
    assert submission.item("项目", "资金.全年预算", 1).value == Decimal("45000")


def test_a_slip_that_may_mean_two_labels_is_not_taken(tmp_path: Path, books: dict[str, Path]):
    change = relabelled("基础数据表", {"B6": "202年决算数", "D6": "202年决算数"})
    submission = read_submission(changed(books["hengyang-2022"], tmp_path, change), HENGYANG)
    assert [code for code, _ in codes(submission)].count("near-label") == 0
    assert submission.item("基础数据", "公用经费.本年决算") is None
    assert submission.item("基础数据", "公用经费.本年预算").value == Decimal("3030100")


def test_texts_that_are_no_items_are_kept(tmp_path: Path, books: dict[str, Path]):
    """Titles, headings and lines, for both ways of reading; what became an item is not among them."""
    for path in (books["liuyang-2021"], unnamed(books["liuyang-2021"])):
        submission = read_submission(path, LIUYANG)
        texts = {(text.form, text.cell): text.text for text in submission.texts}
        assert texts["基础数据", "基础数据表!A2"] == "部门整体支出绩效自评基础数据表"
        assert texts["项目", "项目1!A3"] == "项目支出名称"
        assert any(form == "" and cell.startswith("封面!") for form, cell in texts)
        assert not {cell for _, cell in texts} & {item.cell for item in submission.items}


def test_a_form_of_a_year_without_rules_is_read_for_its_arithmetic_alone(tmp_path: Path, books: dict[str, Path]):
    def next_year(book: openpyxl.Workbook) -> None:
        del book["封面"]
        for sheet in book:
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str):
                        cell.value = cell.value.replace("2022", "2023").replace("2021", "2022")

    submission, ruleset = read_filed(changed(books["hengyang-2022"], tmp_path, next_year))
    assert ("no-ruleset", "warning") in codes(submission)
    assert (submission.year, submission.recognised != "", ruleset.id, ruleset.grades) == ("2023", True, HENGYANG, {})
    assert submission.item("基础数据", "公用经费.上年决算").value == Decimal("1567500")
    recognised, whole = read_filed(changed(books["hengyang-2022"], tmp_path))
    assert ("recognised", "note") in [(trouble.code, trouble.severity) for trouble in recognised.troubles]
    assert whole.grades


# -- 元 or 万元 ---------------------------------------------------------------------------------------------


def unitless(book: openpyxl.Workbook) -> None:
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    cell.value = re.sub(r"[（(]万?元[)）]|单位[:：]\s*万?元", " ", cell.value)


def in_yuan(sheet: str, cells: str) -> Callable[[openpyxl.Workbook], None]:
    def change(book: openpyxl.Workbook) -> None:
        for row in book[sheet][cells]:
            for cell in row:
                if match := re.fullmatch(r"(\d+(?:\.\d+)?)( ✓)?", str(cell.value)):
                    yuan = Decimal(match[1]) * 10_000
                    cell.value = f"{yuan:f}{match[2]}" if match[2] else float(yuan)
    return change


@pytest.mark.parametrize(("changes", "expected"), [
    ((unitless,), {"unit-inferred"}),
    ((in_yuan("基础数据表", "B7:D38"), unitless), {"unit-inferred"}),
    ((in_yuan("基础数据表", "B7:D38"), relabelled("基础数据表", {"C3": "金额单位：元"})), {"other-unit"}),
])
def test_the_unit_is_read_or_told_by_the_figures(tmp_path: Path, books: dict[str, Path], changes, expected: set[str]):
    wanted = read_submission(changed(books["hengyang-2022"], tmp_path), HENGYANG)
    found = read_submission(changed(books["hengyang-2022"], tmp_path, *changes), HENGYANG)
    assert [(item.name, item.value) for item in found.items] == [(item.name, item.value) for item in wanted.items]
    assert {code for code, _ in codes(found)} == expected


# -- no false reading ---------------------------------------------------------------------------------


def payroll(sheet: Worksheet) -> None:
    sheet.append(["2022年12月工资表"])
    sheet.append(["姓名", "部门", "基本工资", "津贴", "公积金", "实发合计", "备注"])
    for row in range(40):
        sheet.append([f"职工{row}", "办公室", 4200 + row, 800, 500, 4500 + row, ""])
    sheet.append(["合计", "", 168780, 32000, 20000, 180780, ""])


def timetable(sheet: Worksheet) -> None:
    sheet.append(["绩效培训日程安排"])
    sheet.append(["时间", "内容", "地点", "主讲人"])
    sheet.append(["9:00", "项目支出绩效自评怎么填", "三楼会议室", "某某"])
    sheet.append(["14:00", "部门整体支出绩效自评表讲解", "三楼会议室", "某某"])


def budget(sheet: Worksheet) -> None:
    sheet.append(["2022年部门收支总表", None, None, "单位：万元"])
    sheet.append(["收入", None, "支出", None])
    sheet.append(["项目", "2022年预算数", "项目", "2022年预算数"])
    for left, right in (("公共财政拨款", "基本支出"), ("政府性基金拨款", "项目支出"), ("其他资金", "三公经费")):
        sheet.append([left, 100.5, right, 90])
    sheet.append(["合计", 301.5, "合计", 270])


@pytest.mark.parametrize("fill", [payroll, timetable, budget, lambda sheet: None])
def test_a_workbook_of_another_kind_is_refused(tmp_path: Path, fill: Callable[[Worksheet], None]):
    book = openpyxl.Workbook()
    fill(book.active)
    book.save(tmp_path / "b.xlsx")
    submission = read_submission(tmp_path / "b.xlsx")
    assert (codes(submission), submission.items) == ([("not-our-template", "error")], ())
    forced = read_submission(tmp_path / "b.xlsx", HENGYANG)
    assert (codes(forced), forced.items, forced.read_by) == ([("missing-form", "error")] * 3, (), "")


def test_a_form_not_found_is_told_with_what_was_looked_for_and_the_nearest(tmp_path: Path, books: dict[str, Path]):
    def hardly(book: openpyxl.Workbook) -> None:
        cut(book["基础数据表"], 9, 60)

    submission = read_submission(changed(books["hengyang-2022"], tmp_path, hardly), HENGYANG)
    [trouble] = [trouble for trouble in submission.troubles if trouble.code == "missing-form"]
    assert trouble.message == ("没有找到《部门整体支出绩效评价基础数据表》：要找的是写有“财政供养人员情况”、“编制数”、“2022年实际在职人数”、"
                               "“控制率”等栏目的表；最像的是“基础数据表”，34 个栏目名里只对上 13 个。")


# -- time ---------------------------------------------------------------------------------------------


def test_labels_without_end_cost_bounded_time(tmp_path: Path):
    """Ten thousand rows of headings, and rows that hold nothing but labels."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("表")
    for _ in range(5_000):
        sheet.append(["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"])
        sheet.append(["项目支出绩效自评表", "数量指标", "分值"])
    sheet.append(["分值"] * 16_000)
    book.save(tmp_path / "b.xlsx")
    begin = time.process_time()
    read_submission(tmp_path / "b.xlsx", NATIONAL)
    assert time.process_time() - begin < 10


def test_a_hundred_projects_on_one_sheet(tmp_path: Path):
    path = template(tmp_path / "a.xlsx", Filling(NATIONAL))
    book = openpyxl.load_workbook(unnamed(path), data_only=True)
    source, sheet = book["项目1"], book.create_sheet("全部")
    rows = [[cell.value for cell in row] for row in source.iter_rows()]
    for number in range(100):
        for index, row in enumerate(rows):
            name = ["项目名称", None, f"项目{number}"] if str(row[0]).startswith("项目名称") else None
            sheet.append(name or row)
    del book["项目1"]
    book.save(tmp_path / "b.xlsx")
    begin = time.process_time()
    submission = read_submission(tmp_path / "b.xlsx", NATIONAL)
    assert time.process_time() - begin < 10
    assert [item.text for item in submission.items_of("项目", "项目名称")] == [f"项目{number}" for number in range(100)]
