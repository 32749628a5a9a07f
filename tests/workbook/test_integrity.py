"""What was changed in a template of ours is told once per sheet and kind, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from edited_in_libreoffice import edited
from engines import libreoffice_recalc
from filed_books import clean_book

from pyfuncs.catalog.load import load_ruleset, ruleset_ids
from pyfuncs.catalog.submission import Trouble
from pyfuncs.checks.run import trouble_finding
from pyfuncs.helper.demo import UNITS
from pyfuncs.workbook import standing
from pyfuncs.workbook.filling import load_filling
from pyfuncs.workbook.formulas import Edition
from pyfuncs.workbook.integrity import integrity
from pyfuncs.workbook.layout import layout
from pyfuncs.workbook.mark import mark_copy
from pyfuncs.workbook.places import Shape
from pyfuncs.workbook.published import PUBLISHED
from pyfuncs.workbook.read_book import read_book
from pyfuncs.workbook.safe_zip import open_package
from pyfuncs.workbook.standing import identity_of
from pyfuncs.workbook.template import write_workbook
from pyfuncs.workbook.unmark import unmark

HENGYANG = "430400/2022"
FORM, WHOLE = "基础数据表", "整体自评表"


def found(path: Path, ruleset: str = HENGYANG) -> tuple[Trouble, ...]:
    book = read_book(open_package(path))
    return integrity(load_ruleset(ruleset), book, identity_of(book))


def told(path: Path, ruleset: str = HENGYANG) -> list[tuple[str, str, str]]:
    return [(trouble.code, trouble.severity, " ".join(trouble.cells)) for trouble in found(path, ruleset)]


def filled(folder: Path, edition: Edition = "formula", as_filed: bool = False) -> Path:
    """A real unit's figures, its rates and scores left to the formulas where it printed what they give."""
    filling = load_filling(UNITS / "hengyang-2022.yaml")
    write_workbook(path := folder / f"{edition}.xlsx", load_ruleset(HENGYANG), edition, filling=filling, as_filed=as_filed)
    return path


def blank(folder: Path, edition: Edition = "formula", ruleset: str = HENGYANG) -> Path:
    write_workbook(path := folder / f"blank-{edition}.xlsx", load_ruleset(ruleset), edition)
    return path


def changed(path: Path, change: Callable[[openpyxl.Workbook], object]) -> Path:
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(target := path.with_name(f"changed-{path.name}"))
    return target


# -- what is whole ------------------------------------------------------------------------------------


@pytest.mark.parametrize("ruleset", [one for one in ruleset_ids() if not load_ruleset(one).abstract])
def test_a_template_as_it_was_made_is_whole(ruleset: str, tmp_path: Path):
    assert [told(blank(tmp_path, edition, ruleset), ruleset) for edition in ("addin", "formula", "values")] == [[]] * 3


@pytest.mark.parametrize("edition", ["addin", "formula"])
def test_another_program_spells_formulas_its_own_way(edition: Edition, tmp_path: Path):
    assert told(libreoffice_recalc(blank(tmp_path, edition), tmp_path / "lo")) == []


def test_a_unit_that_wrote_all_its_figures_is_whole(tmp_path: Path):
    assert told(clean_book(tmp_path / "甲.xlsx")) == []
    assert told(filled(tmp_path, as_filed=True)) == [] != told(filled(tmp_path))


def test_rows_that_a_table_has_to_spare_are_no_fault(tmp_path: Path):
    assert told(edited(blank(tmp_path), tmp_path / "longer.xlsx", ("insert", FORM, 26, 3))) == []


def test_what_the_template_leaves_open_may_be_typed_over(tmp_path: Path):
    """C8 is the sum of the rows below it; a unit may know better."""
    assert told(changed(blank(tmp_path), lambda book: book[FORM].__setitem__("C8", 5))) == []


@pytest.mark.parametrize("spelling", ["_xll.{}", "'C:\\加载项\\jixiao.xlam'!{}", "[1]!{}", "JIXIAO.FUNCTIONS.{}"])
def test_a_function_of_the_add_in_in_any_spelling(spelling: str, tmp_path: Path):
    def respelt(book: openpyxl.Workbook) -> None:
        cell = book[FORM]["D5"]
        cell.value = cell.value.replace("JX_", spelling.format("JX_")).lower()

    assert told(changed(blank(tmp_path, "addin"), respelt)) == []


# -- what was changed -----------------------------------------------------------------------------------


def test_figures_over_formulas(tmp_path: Path):
    assert told(filled(tmp_path)) == [
        ("typed-over", "warning", "基础数据表!D5"),
        ("typed-over", "note", "整体自评表!G4 整体自评表!G27 整体自评表!H27"),
        ("typed-over", "note", "项目1!G7 项目1!G27 项目1!H27"),
        ("typed-over", "note", "项目2!G7 项目2!G29 项目2!H29")]
    assert found(filled(tmp_path))[0].message == (
        "工作表《基础数据表》有 1 个公式被写成了数（D5），与公式算出的不同：D5 填的是 100.00%，按公式是 80.00%。")


def test_a_formula_that_was_changed(tmp_path: Path):
    def change(book: openpyxl.Workbook) -> None:
        book[FORM]["D5"], book[FORM]["C8"] = "=C5/B5*1.1", "=C9+C10"

    path = changed(blank(tmp_path), change)
    assert sorted(told(path)) == [
        ("changed-formula", "warning", "基础数据表!D5"), ("own-formula", "note", "基础数据表!C8")]
    message = next(trouble.message for trouble in found(path) if trouble.code == "changed-formula")
    assert message.startswith("工作表《基础数据表》有 1 个公式被改过（D5）：D5 现在是 =C5/B5*1.1，表样是 =IF(OR(")


def test_a_label_that_was_changed_and_one_that_moved(tmp_path: Path):
    def change(book: openpyxl.Workbook) -> None:
        page = book[FORM]
        page["A19"], page["A20"] = page["A20"].value, page["A19"].value
        page["B4"], page["A7"] = "人数", None

    path = changed(blank(tmp_path), change)
    assert told(path) == [("changed-label", "warning", "基础数据表!B4 基础数据表!A7")]
    assert found(path)[0].message == "工作表《基础数据表》有 2 处表样上的文字被改动（B4、A7）：B4 现在是“人数”，表样是“编制数”。"


def test_spaces_and_line_ends_in_a_label_change_nothing(tmp_path: Path):
    assert told(changed(blank(tmp_path), lambda book: book[FORM].__setitem__("B4", " 编制\n数"))) == []


def test_rows_where_none_may_be(tmp_path: Path):
    path = edited(blank(tmp_path), tmp_path / "longer.xlsx", ("insert", FORM, 9, 2))
    assert told(path) == [("added-rows", "note", "基础数据表!A9")]
    assert found(path)[0].message == "工作表《基础数据表》第 9 行到第 10 行之间多了 2 行，表样里没有；多出的行没有读取。"


def test_a_helper_sheet_that_was_deleted(tmp_path: Path):
    assert told(changed(blank(tmp_path), lambda book: book.remove(book["计算过程"]))) == [
        ("missing-helper", "warning", "")]


def test_a_form_that_was_deleted_is_the_readers_to_tell(tmp_path: Path):
    assert "missing-helper" not in dict.fromkeys(
        trouble.code for trouble in found(changed(blank(tmp_path), lambda book: book.remove(book[WHOLE]))))


def test_columns_that_were_moved(tmp_path: Path):
    def move(book: openpyxl.Workbook) -> None:
        name = book[FORM].defined_names["编制数"]
        name.attr_text = name.attr_text.replace("$B$", "$C$")

    path = changed(blank(tmp_path), move)
    assert told(path) == [("moved-cells", "warning", "")]
    assert found(path)[0].message == "工作表《基础数据表》里“编制数”的位置对不上（C5），行列被移动过。没有核对这张表的公式和栏目。"


# -- which template it is -------------------------------------------------------------------------------


def identified(path: Path, key: str, value: str) -> Path:
    def change(book: openpyxl.Workbook) -> None:
        row = next(row for row in book["_jixiao"].iter_rows() if row[0].value == key)
        row[1].value = value

    return changed(path, change)


def test_a_template_of_an_older_edition_that_was_given_out(tmp_path: Path):
    known = next(iter(PUBLISHED[HENGYANG]))
    [trouble] = found(identified(blank(tmp_path), "hash", known))
    assert (trouble.code, trouble.severity) == ("other-edition", "note") and "2026 年 11 月发布的" in trouble.message


def test_a_template_that_nobody_gave_out(tmp_path: Path):
    [trouble] = found(identified(blank(tmp_path), "hash", "0" * 64))
    assert (trouble.code, trouble.severity) == ("unknown-edition", "warning")


def test_a_template_of_another_rule_set_is_not_compared(tmp_path: Path):
    assert told(blank(tmp_path), "430181/2021") == []


def test_a_workbook_of_ours_that_lost_its_identity(tmp_path: Path):
    assert told(changed(blank(tmp_path), lambda book: book.remove(book["_jixiao"]))) == [
        ("missing-identity", "warning", "")]


def test_a_workbook_that_is_none_of_ours_has_no_integrity(tmp_path: Path):
    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    assert told(tmp_path / "other.xlsx") == []


# -- repaired in the copy alone ---------------------------------------------------------------------------


def test_the_marked_copy_has_the_templates_formulas_and_labels_back(tmp_path: Path):
    original = changed(filled(tmp_path), lambda book: book[FORM].__setitem__("B4", "人数"))
    before = original.read_bytes()
    mark_copy(original, copy := tmp_path / "copy.xlsx", [trouble_finding(trouble) for trouble in found(original)])
    book, template = openpyxl.load_workbook(copy), openpyxl.load_workbook(blank(tmp_path))
    assert [book[FORM][cell].value for cell in ("B4", "D5")] == [template[FORM][cell].value for cell in ("B4", "D5")]
    assert book[FORM]["D5"].comment.text.endswith("\n本副本这一格已恢复表样的公式；原来是100.00%。")
    assert book[FORM]["B4"].comment.text.endswith("\n本副本这一格已恢复表样的文字；原来是“人数”。")
    assert openpyxl.load_workbook(copy, data_only=True)[FORM]["D5"].value == 0.8
    assert original.read_bytes() == before and told(copy) == []
    unmark(copy, plain := tmp_path / "plain.xlsx")
    assert openpyxl.load_workbook(plain)[FORM]["D5"].value == template[FORM]["D5"].value and told(plain) == []


def test_nothing_is_repaired_that_no_finding_tells_of(tmp_path: Path):
    mark_copy(original := filled(tmp_path), copy := tmp_path / "copy.xlsx", [])
    assert openpyxl.load_workbook(copy)[FORM]["D5"].value == openpyxl.load_workbook(original)[FORM]["D5"].value == 1


def test_what_depends_on_a_repaired_cell_is_worked_out_anew(tmp_path: Path):
    original = filled(tmp_path)
    mark_copy(original, copy := tmp_path / "copy.xlsx", [trouble_finding(trouble) for trouble in found(original)])
    assert openpyxl.load_workbook(copy).calculation.fullCalcOnLoad
    book = openpyxl.load_workbook(libreoffice_recalc(copy, tmp_path / "lo"), data_only=True)
    assert (book[FORM]["D5"].value, book[WHOLE]["G27"].value) == (pytest.approx(0.8), 90)


def test_a_rule_set_that_was_loaded_again_has_the_same_layout():
    """Sheets are kept by what a rule set says: its forms may be other objects by the time another shape is asked for."""
    before, after = (load_ruleset("430400/2022").model_copy(update={"forms": {
        name: form.model_copy() for name, form in load_ruleset("430400/2022").forms.items()}}) for _ in range(2))
    standing._plans.clear()
    standing._sheets.clear()
    standing._plan(before, 1, ())
    assert standing._plan(after, 2, ()).sheets == layout(after, Shape(2)).sheets
