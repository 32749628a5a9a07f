"""审核本表 marks the open workbook, and one click takes every trace of it back."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from edited_in_libreoffice import edited
from live_books import colours, notes, parts, protections, real_book, saved, select
from openpyxl.comments import Comment
from openpyxl.workbook.protection import WorkbookProtection
from validator import xml_errors
from xlwings_engine import open_book

from pyfuncs.checks.finding import Finding
from pyfuncs.live import COMMANDS, audit, excel, marks, opinion
from pyfuncs.workbook.mark import mark_copy
from pyfuncs.workbook.process import process

RED, PALE_RED, YELLOW = "FFFFC7CE", "FFFDF0F0", "FFFFEB9C"
FORM = "基础数据表"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return real_book(tmp_path_factory.mktemp("原表"))


@pytest.fixture(scope="module")
def marked(original: Path) -> Path:
    book = open_book(original)
    COMMANDS["audit_book"](book)
    return saved(book, original.with_name("marked.xlsx"))


def changed(source: Path, target: Path, change) -> Path:
    book = openpyxl.load_workbook(source)
    change(book)
    book.save(target)
    return target


def shown(sheet) -> list[list[object]]:
    return [[cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows()]


# -- what the clerk sees ------------------------------------------------------------------------------------


def test_the_verdict_and_what_to_do_next(original: Path):
    assert COMMANDS["audit_book"](open_book(original)) == (
        "结论：须修改。必须修改 3 条，请核实 7 条，尾差 1 条，提示 7 条。\n"
        "表上标了 37 格，全部意见列在“审核意见”表里；点“清除标注”可以一次撤销。")


def test_cells_are_coloured_and_carry_what_is_wrong(original: Path, marked: Path):
    found = {cell: notes(marked)[f"{FORM}!{cell}"].partition("〔")[0] for cell in ("D5", "B5", "C23", "C24")}
    assert found == {"D5": "（1）430400-2022-JCSJ-006", "B5": "（1）430400-2022-JCSJ-006",
                     "C23": "（2）430400-2022-JCSJ-018", "C24": "（2）430400-2022-JCSJ-018"}
    tints = colours(openpyxl.load_workbook(marked)[FORM])
    assert {cell: tints.get(cell) for cell in ("D5", "B5", "C22", "A5")} == {
        "D5": RED, "B5": PALE_RED, "C22": YELLOW, "A5": None}
    book, before = openpyxl.load_workbook(marked), openpyxl.load_workbook(original)
    assert [book[FORM][cell].fill.fgColor.rgb for cell in ("D5", "B5", "C22")] == [
        before[FORM][cell].fill.fgColor.rgb for cell in ("D5", "B5", "C22")], "their own fill is left alone"


def test_the_list_is_that_of_a_marked_copy(original: Path, marked: Path, tmp_path: Path):
    mark_copy(original, tmp_path / "copy.xlsx", process(original).findings)
    live, filed = openpyxl.load_workbook(marked)["审核意见"], openpyxl.load_workbook(tmp_path / "copy.xlsx")["审核意见"]
    assert shown(live) == shown(filed) and len(shown(live)) == 21
    links = {cell.coordinate: cell.hyperlink.location for cell in live["D"] if cell.hyperlink}
    assert links == {cell.coordinate: cell.hyperlink.location for cell in filed["D"] if cell.hyperlink} and len(links) == 18
    assert live["A2"].hyperlink.location == filed["A2"].hyperlink.location == "'封面'!A1"
    assert [live.row_dimensions[row].height for row in (1, 4, 6)] == [
        pytest.approx(filed.row_dimensions[row].height, abs=0.01) for row in (1, 4, 6)]
    assert (live["B4"].fill.fgColor.rgb, live["A1"].font.b, live.page_setup.orientation) == (RED, True, "landscape")
    assert {cell.data_type for row in live.iter_rows() for cell in row if cell.value} == {"s"}
    assert openpyxl.load_workbook(marked).active.title == "审核意见"


def test_only_the_clerks_sheets_and_the_list_are_seen(original: Path, marked: Path):
    def sheets(path: Path, *states: str) -> list[str]:
        return [sheet.title for sheet in openpyxl.load_workbook(path) if sheet.sheet_state in states]

    assert sheets(marked, "visible") == ["审核意见", *sheets(original, "visible")]
    assert sheets(marked, "veryHidden") == ["_jixiao_marks", "_jixiao"]
    assert all(name.hidden for name in openpyxl.load_workbook(marked).defined_names.values())


def test_protection_is_as_it_was(original: Path, marked: Path):
    before, after = protections(original), protections(marked)
    assert {sheet: after[sheet] for sheet in before} == before and 'insertRows="0"' in before[FORM]


def test_protection_of_ones_own_is_as_it_was(original: Path, tmp_path: Path):
    def loosen(book: openpyxl.Workbook) -> None:
        protection = book[FORM].protection
        protection.selectLockedCells, protection.sort, protection.insertRows, protection.objects = True, False, True, False

    source = changed(original, tmp_path / "a.xlsx", loosen)
    book = open_book(source)
    COMMANDS["audit_book"](book)
    assert protections(saved(book, tmp_path / "marked.xlsx"))[FORM] == protections(source)[FORM] != protections(original)[FORM]


def test_it_is_valid_for_excel(original: Path, marked: Path):
    openpyxls_own = xml_errors(original)
    assert [error for error in xml_errors(marked) if error not in openpyxls_own] == []


def test_a_marked_workbook_is_judged_as_before(original: Path, marked: Path):
    before, after = process(original), process(marked)
    assert after.findings == before.findings and len(after.findings) == 18
    assert after.submission.items == before.submission.items


def test_text_from_the_workbook_is_never_a_formula(original: Path, tmp_path: Path):
    book = open_book(original)
    evil = Finding("甲-01", "error", "rule", "基础数据", 1, (f"{FORM}!D5",), '=HYPERLINK("http://x","y")', advice="+1", alike=True)
    marks.put(book, [evil])
    opinion.add(book, [evil], book.sheets[0])
    page = openpyxl.load_workbook(saved(book, tmp_path / "a.xlsx"))["审核意见"]
    assert [(cell.value, cell.data_type) for cell in (page["E4"], page["F4"])] == [
        ('=HYPERLINK("http://x","y")', "s"), ("+1", "s")]


# -- taken back ---------------------------------------------------------------------------------------------


def test_one_click_takes_everything_back(original: Path, tmp_path: Path):
    book = open_book(original)
    untouched = parts(saved(book, tmp_path / "untouched.xlsx"))
    COMMANDS["audit_book"](book)
    assert parts(saved(book, tmp_path / "marked.xlsx")) != untouched
    select(book, "封面", "C4")
    assert COMMANDS["clear_audit"](book) == "标注和审核意见都清除了，单元格原来的颜色和批注没有变。"
    assert parts(saved(book, tmp_path / "cleared.xlsx")) == untouched
    assert COMMANDS["clear_audit"](book) == "这个工作簿里没有标注。"


def test_it_is_taken_back_after_saving_and_opening_again(original: Path, marked: Path, tmp_path: Path):
    book = open_book(marked)
    COMMANDS["clear_audit"](book)
    select(book, "封面", "C4")
    again = parts(saved(book, tmp_path / "cleared.xlsx"))
    plain = open_book(original)
    assert again == parts(saved(plain, tmp_path / "plain.xlsx"))


def test_marking_again_replaces_what_was_marked(marked: Path, tmp_path: Path):
    book = open_book(marked)
    book.sheets[FORM].range("B5").value = 12          # 控制率 100% is right now
    COMMANDS["audit_book"](book)
    path = saved(book, tmp_path / "again.xlsx")
    after = openpyxl.load_workbook(path)
    assert [name for name in after.sheetnames if "审核意见" in name or "marks" in name] == ["_jixiao_marks", "审核意见"]
    assert f"{FORM}!D5" not in notes(path) and "D5" not in colours(after[FORM])
    assert notes(path)[f"{FORM}!C23"].startswith("（1）430400-2022-JCSJ-018") and notes(path)[f"{FORM}!C23"].count("JCSJ-018") == 1


def test_marks_follow_rows_that_are_inserted_in_a_program(marked: Path, tmp_path: Path):
    moved = edited(marked, tmp_path / "moved.xlsx", ("insert", FORM, 9, 2), ("insert", "整体自评表", 3, 1))
    book = open_book(moved)
    select(book, FORM, "D5")
    assert COMMANDS["next_finding"](book).startswith(f"第 2 处，共 24 处：《{FORM}》C25\n（2）430400-2022-JCSJ-018")
    assert COMMANDS["clear_audit"](book).startswith("标注和审核意见都清除了")
    path = saved(book, tmp_path / "cleared.xlsx")
    assert notes(path) == {} and all(colours(sheet) == {} for sheet in openpyxl.load_workbook(path))
    assert not [name for name in openpyxl.load_workbook(path).sheetnames if "审核意见" in name or "marks" in name]
    assert openpyxl.load_workbook(path)[FORM]["C25"].value == 25.5


def test_a_deleted_row_is_no_hindrance(marked: Path, tmp_path: Path):
    book = open_book(edited(marked, tmp_path / "shorter.xlsx", ("delete", FORM, 25, 1)))
    assert COMMANDS["clear_audit"](book).startswith("标注和审核意见都清除了")
    assert notes(saved(book, tmp_path / "cleared.xlsx")) == {}


def test_what_others_write_into_notes_stays(original: Path, tmp_path: Path):
    def with_note(book: openpyxl.Workbook) -> None:
        book[FORM]["D5"].comment = Comment("财务科：已核", "财务科", 90, 210)

    book = open_book(changed(original, tmp_path / "a.xlsx", with_note))
    COMMANDS["audit_book"](book)
    noted = notes(saved(book, tmp_path / "marked.xlsx"))
    assert noted[f"{FORM}!D5"].startswith("财务科：已核\n（1）430400-2022-JCSJ-006")
    with excel.unlocked(book.sheets[FORM]):
        excel.add_to_note(book.sheets[FORM].range("D5").note, "\n再核。")
        excel.add_to_note(book.sheets[FORM].range("C23").note, "\n已请示。")
    COMMANDS["clear_audit"](book)
    cleared = saved(book, tmp_path / "cleared.xlsx")
    assert notes(cleared) == {f"{FORM}!D5": "财务科：已核\n再核。", f"{FORM}!C23": "\n已请示。"}
    assert openpyxl.load_workbook(cleared)[FORM]["D5"].comment.author == "财务科"


def test_a_sheet_of_the_clerks_own_is_left_alone(original: Path, tmp_path: Path):
    book = open_book(changed(original, tmp_path / "a.xlsx", lambda book: book.create_sheet("审核意见")))
    assert "全部意见列在“审核意见2”表里" in COMMANDS["audit_book"](book)
    COMMANDS["clear_audit"](book)
    assert "审核意见" in [sheet.name for sheet in book.sheets] and "审核意见2" not in [sheet.name for sheet in book.sheets]


# -- where it can not, or not wholly, be done ---------------------------------------------------------------


def test_a_sheet_with_a_password_is_listed_and_not_touched(original: Path, tmp_path: Path):
    def lock(book: openpyxl.Workbook) -> None:
        book[FORM].protection.set_password("1")

    source = changed(original, tmp_path / "a.xlsx", lock)
    before, book = protections(source), open_book(source)
    said = COMMANDS["audit_book"](book)
    assert said.endswith(f"\n工作表“{FORM}”设了密码，没有在上面标注。")
    path = saved(book, tmp_path / "marked.xlsx")
    after = openpyxl.load_workbook(path)
    assert colours(after[FORM]) == {} and colours(after["整体自评表"]) != {}
    assert not [cell for cell in notes(path) if cell.startswith(FORM)]
    assert f"{FORM}!D5" in after["审核意见"]["D4"].value and protections(path)[FORM] == before[FORM]
    COMMANDS["clear_audit"](book)
    assert notes(saved(book, tmp_path / "cleared.xlsx")) == {}


def test_a_password_set_after_marking_keeps_the_marks_until_it_is_gone(marked: Path, tmp_path: Path):
    book = open_book(marked)
    book.sheets[FORM].impl.sheet.protection.set_password("1")
    assert COMMANDS["clear_audit"](book) == f"工作表“{FORM}”设了密码，上面的标注没有清除；请先在“审阅”中取消保护，再点一次。"
    assert COMMANDS["audit_book"](book).startswith(f"工作表“{FORM}”设了密码，上次的标注去不掉，没有重新标注")
    book.sheets[FORM].impl.sheet.protection._password = None
    assert COMMANDS["clear_audit"](book).startswith("标注和审核意见都清除了")
    assert notes(saved(book, tmp_path / "cleared.xlsx")) == {}


def test_a_protected_structure_gets_the_findings_in_words(original: Path, tmp_path: Path):
    def lock(book: openpyxl.Workbook) -> None:
        book.security = WorkbookProtection(lockStructure=True)

    book = open_book(changed(original, tmp_path / "a.xlsx", lock))
    before = parts(saved(book, tmp_path / "before.xlsx"))
    lines = COMMANDS["audit_book"](book).split("\n")
    assert lines[:2] == ["结论：须修改。必须修改 3 条，请核实 7 条，尾差 1 条，提示 7 条。", "工作簿的结构有保护，没有在表上标注。"]
    assert lines[2].startswith("（1）430400-2022-JCSJ-006〔必须修改〕") and lines[-1] == "还有 6 条。"
    assert parts(saved(book, tmp_path / "after.xlsx")) == before


def test_a_workbook_that_is_none_of_ours_is_not_touched(tmp_path: Path):
    other = openpyxl.Workbook()
    other.active["A1"] = "别的表"
    other.save(tmp_path / "a.xlsx")
    book = open_book(tmp_path / "a.xlsx")
    before = parts(saved(book, tmp_path / "before.xlsx"))
    assert COMMANDS["audit_book"](book).startswith("没有找到标识页“_jixiao”，表上的栏目名称也与任何规则集的表样都不相符")
    assert parts(saved(book, tmp_path / "after.xlsx")) == before


@pytest.mark.parametrize("step", ["_paint", "_remember"])
def test_what_fails_on_the_way_leaves_nothing_behind(original: Path, tmp_path: Path, step: str, monkeypatch, caplog):
    book = open_book(original)
    before, real, calls = parts(saved(book, tmp_path / "before.xlsx")), getattr(marks, step), []

    def failing(*arguments):
        real(*arguments)
        calls.append(arguments)
        if len(calls) == 3 or step == "_remember":
            raise RuntimeError("the program was busy")

    monkeypatch.setattr(marks, step, failing)
    assert COMMANDS["audit_book"](book) == "没有完成：程序出了错，不一定是表的问题；请点“关于/诊断”，把日志交给维护人员。"
    assert "the program was busy" in caplog.text
    select(book, "封面", "C4")
    assert parts(saved(book, tmp_path / "after.xlsx")) == before


# -- from one to the next -----------------------------------------------------------------------------------


def test_from_one_finding_to_the_next_and_round(marked: Path):
    book = open_book(marked)
    said = [COMMANDS["next_finding"](book).split("\n")[0] for _ in range(25)]
    assert said[:3] == [f"第 1 处，共 24 处：《{FORM}》D5", f"第 2 处，共 24 处：《{FORM}》C23", "第 3 处，共 24 处：《整体自评表》F17"]
    assert said[24] == said[0] and len(set(said)) == 24
    assert (book.app.selection.sheet.name, book.app.selection.address) == (FORM, "$D$5")


def test_before_anything_was_marked_there_is_no_next_one(original: Path):
    assert COMMANDS["next_finding"](open_book(original)).startswith("表上没有标出的问题。请先点“审核本表”")


def test_a_finding_on_a_hidden_sheet_is_not_jumped_to(marked: Path):
    book = open_book(marked)
    book.sheets[FORM].impl.sheet.sheet_state = "hidden"
    assert COMMANDS["next_finding"](book) == f"下一处在工作表“{FORM}”，它是隐藏的；请先取消隐藏。"


def test_a_workbook_without_faults_says_so(tmp_path: Path):
    from filed_books import clean_book

    book = open_book(clean_book(tmp_path / "甲.xlsx", "甲中心"))
    said = COMMANDS["audit_book"](book)
    assert said.startswith("结论：可以上报。") and audit.audit_book is COMMANDS["audit_book"]
