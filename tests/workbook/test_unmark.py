"""Marks come off again: to the byte where nobody saved the copy, and without a trace where a program did."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from edited_in_libreoffice import edited
from engines import libreoffice_recalc
from openpyxl.comments import Comment

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.checks.finding import Finding
from pyfuncs.helper.demo import UNITS
from pyfuncs.live import COMMANDS
from pyfuncs.workbook.filling import load_filling
from pyfuncs.workbook.mark import mark_copy
from pyfuncs.workbook.process import process
from pyfuncs.workbook.read import read_submission
from pyfuncs.workbook.template import write_workbook
from pyfuncs.workbook.unmark import unmark
from pyfuncs.workbook.watch import Unreadable
from xlwings_engine import open_book

FORM = "基础数据表"


def finding(*cells: str) -> Finding:
    return Finding("甲-01", "error", "rule", "基础数据", 1, cells, "多 3.00 万元。", advice="请核对。")


def template(folder: Path) -> Path:
    """What a real unit filed."""
    filling = load_filling(UNITS / "hengyang-2022.yaml")
    write_workbook(path := folder / "template.xlsx", load_ruleset(filling.ruleset), "formula", filling=filling, as_filed=True)
    return path


def saved_by_libreoffice(folder: Path) -> Path:
    return libreoffice_recalc(template(folder), folder / "lo")


def saved_by_openpyxl(folder: Path) -> Path:
    book = openpyxl.load_workbook(template(folder))
    book[FORM]["D5"].comment = Comment("财务科：已核", "财务科")
    book[FORM]["A1"].comment = Comment("别处", "财务科")
    book.save(path := folder / "openpyxl.xlsx")
    return path


def with_everything(folder: Path) -> Path:
    """Pictures, a chart, a text box, macros, notes, a button, conditional formats, a footer with a picture."""
    (folder / "dot.png").write_bytes(_png())
    (folder / "vbaProject.bin").write_bytes(b"macros")
    with xlsxwriter.Workbook(path := folder / "everything.xlsm") as book:
        book.add_vba_project(folder / "vbaProject.bin", is_stream=False)
        page = book.add_worksheet(FORM)
        page.write_column("B1", [1, 2, 3])
        page.conditional_format("B1:B3", {"type": "cell", "criteria": ">", "value": 2, "format": book.add_format({"bold": 1})})
        page.insert_image("D2", folder / "dot.png")
        page.insert_textbox("F2", "文本框")
        page.insert_button("F9", {"caption": "按钮"})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": f"={FORM}!$B$1:$B$3"})
        page.insert_chart("D9", chart)
        page.write_comment("B5", "原来的批注")
        page.set_footer("&L&G", {"image_left": str(folder / "dot.png")})
        book.define_name("别人的", f"={FORM}!$B$1")
        book.add_worksheet("整体自评表").set_first_sheet()
    return path


def _png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)) \
        + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


BOOKS: list[Callable[[Path], Path]] = [template, saved_by_libreoffice, saved_by_openpyxl, with_everything]
FINDINGS = (finding(f"{FORM}!B5", f"{FORM}!D5", "整体自评表!Z99"), finding(f"{FORM}!B5"))


def parts(path: Path) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def changed(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """A copy in which one part alone was rewritten."""
    with zipfile.ZipFile(target := path.with_name(f"changed-{path.name}"), "w") as archive:
        for name, data in parts(path):
            assert name != part or change(data) != data
            archive.writestr(name, change(data) if name == part else data)
    return target


def marked(original: Path, *findings: Finding) -> Path:
    mark_copy(original, target := original.with_name(f"marked-{original.name}"), findings or FINDINGS)
    return target


def unmarked(path: Path) -> Path:
    unmark(path, target := path.with_name(f"un{path.name}"))
    return target


def traces(path: Path) -> list[str]:
    """What of our marks is left in a workbook."""
    book = openpyxl.load_workbook(path)
    left = [name for name in book.sheetnames if "审核意见" in name or "_marks" in name]
    left += [name for name in book.defined_names if "_jixiao" in name]
    for sheet in book:
        left += [f"{sheet.title} {formats.cells}" for formats in sheet.conditional_formatting for rule in formats.rules
                 if "jixiao" in str(rule.formula)]
        left += [f"{sheet.title} {cell.coordinate}" for row in sheet.iter_rows() for cell in row
                 if cell.comment and "多 3.00 万元" in cell.comment.text]
    return left


# -- a copy that nobody saved ---------------------------------------------------------------------------


@pytest.mark.parametrize("written", BOOKS)
def test_marked_and_unmarked_is_the_original_part_by_part(written: Callable[[Path], Path], tmp_path: Path):
    original = written(tmp_path)
    copy = marked(original)
    assert parts(copy) != parts(original) and traces(copy)
    assert parts(unmarked(copy)) == parts(original)


def test_the_findings_of_a_real_unit_come_off(tmp_path: Path):
    original = template(tmp_path)
    findings = process(original).findings
    assert len(findings) > 10
    assert parts(unmarked(marked(original, *findings))) == parts(original)


def test_what_was_typed_into_one_sheet_stays_and_the_rest_is_the_original(tmp_path: Path):
    original = with_everything(tmp_path)

    def typed(sheet: bytes) -> bytes:
        return sheet.replace(b"<v>3</v>", b"<v>4</v>")

    name = "xl/worksheets/sheet1.xml"
    assert parts(unmarked(changed(marked(original), name, typed))) == [
        (part, typed(data) if part == name else data) for part, data in parts(original)]


# -- a copy that a program saved --------------------------------------------------------------------------


def test_a_copy_edited_in_libreoffice_loses_the_marks_and_keeps_the_edits(tmp_path: Path):
    original = template(tmp_path)
    copy = edited(marked(original, finding(f"{FORM}!D5", f"{FORM}!C23")), tmp_path / "edited.xlsx",
                  ("insert", FORM, 9, 2), ("type", FORM, "B5", 12))
    assert len(traces(copy)) >= 6
    clean = unmarked(copy)
    assert traces(clean) == []
    book = openpyxl.load_workbook(clean)
    assert (book[FORM]["B5"].value, book[FORM]["C25"].value) == (12, 25.5)
    assert [sheet.title for sheet in book if sheet.sheet_state == "visible"] == [
        sheet.title for sheet in openpyxl.load_workbook(original) if sheet.sheet_state == "visible"]
    assert read_submission(clean).item("基础数据", "编制数").value == 12
    assert libreoffice_recalc(clean, tmp_path / "opens").is_file()


def test_notes_of_others_stay_where_the_copy_was_saved(tmp_path: Path):
    copy = marked(saved_by_openpyxl(tmp_path), finding(f"{FORM}!D5"), finding(f"{FORM}!B5"))
    book = openpyxl.load_workbook(copy)
    book[FORM]["B5"].comment.text += "\n已请示。"
    book.save(again := tmp_path / "again.xlsx")
    page = openpyxl.load_workbook(unmarked(again))[FORM]
    assert {cell.coordinate: cell.comment.text for row in page.iter_rows() for cell in row if cell.comment} == {
        "A1": "别处", "D5": "财务科：已核", "B5": "\n已请示。"}


def test_names_keep_to_their_sheets_where_ours_stood_in_front(tmp_path: Path):
    """审核本表 puts its sheets in front; a file that was marked that way comes off without a program too."""
    original = template(tmp_path)
    book = open_book(original)
    COMMANDS["audit_book"](book)
    book.api.SaveCopyAs(str(copy := tmp_path / "live.xlsx"))
    clean = unmarked(copy)
    assert traces(copy) and traces(clean) == []
    assert openpyxl.load_workbook(clean).active.title == "封面"
    assert read_submission(clean).items == read_submission(original).items


def test_the_button_takes_the_marks_of_a_copy_off(tmp_path: Path):
    book = open_book(marked(template(tmp_path), finding(f"{FORM}!D5", f"{FORM}!C23")))
    assert COMMANDS["next_finding"](book).startswith(f"第 1 处，共 1 处：《{FORM}》D5\n（1）甲-01〔必须修改〕")
    assert COMMANDS["clear_audit"](book) == "标注和审核意见都清除了，单元格原来的颜色和批注没有变。"
    book.api.SaveCopyAs(str(cleared := tmp_path / "cleared.xlsx"))
    assert traces(cleared) == []


# -- what is no marked copy -----------------------------------------------------------------------------


def test_a_workbook_without_marks_is_refused(tmp_path: Path):
    with pytest.raises(Unreadable) as refusal:
        unmarked(template(tmp_path))
    assert refusal.value.trouble.code == "no-marks"
    assert not (tmp_path / "untemplate.xlsx").exists()


def test_nothing_is_overwritten(tmp_path: Path):
    copy = marked(template(tmp_path))
    (tmp_path / "there.xlsx").write_text("别人的")
    with pytest.raises(FileExistsError):
        unmark(copy, tmp_path / "there.xlsx")
    assert (tmp_path / "there.xlsx").read_text() == "别人的"


@pytest.mark.parametrize("memory", [b"0 0 x", b"-1 99999999 ", b""])
def test_a_memory_that_was_tampered_with_is_not_believed(tmp_path: Path, memory: bytes):
    original = template(tmp_path)
    copy = marked(original)
    state = next(name for name, data in reversed(parts(copy)) if b">undo<" in data)

    def tampered(data: bytes) -> bytes:
        head, mark, tail = data.partition(b">undo<")
        place = tail.index(b'<c r="D')
        text = tail.index(b">", tail.index(b"<t", place)) + 1
        return head + mark + tail[:text] + memory + tail[tail.index(b"</t>", text):]

    clean = unmarked(changed(copy, state, tampered))
    assert traces(clean) == []
    assert read_submission(clean).items == read_submission(original).items
