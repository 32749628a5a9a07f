"""The registry workbook: every rule set comes back from it as it was, and it is fit for a clerk's hands."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from engines import libreoffice_recalc
from registry_books import SMALL

from pyfuncs.catalog.load import ruleset_folder, ruleset_ids
from pyfuncs.catalog.marks import RuleSetError
from pyfuncs.catalog.registry import from_lines
from pyfuncs.catalog.registry_fields import plain
from pyfuncs.catalog.registry_sheets import GUIDE, SHEETS
from pyfuncs.methods import METHODS
from pyfuncs.workbook.registry_files import draft_of, read_root, store
from pyfuncs.workbook.registry_read import read_registry
from pyfuncs.workbook.registry_write import write_registry

BY_ID = ("cells", "labels", "columns", "tables", "groups", "rates", "scores", "checks", "grades", "codes",
         "cases", "inputs", "widths", "heights")


def in_order(data: Any, key: str = "") -> Any:
    """Mappings by id as lists of pairs, so that their order is compared too."""
    if isinstance(data, dict):
        entries = {name: in_order(entry, name) for name, entry in data.items()}
        return list(entries.items()) if key in BY_ID else entries
    return [in_order(entry, key) for entry in data] if isinstance(data, list) else data


@pytest.mark.parametrize("ruleset_id", ruleset_ids())
def test_every_rule_set_comes_back_as_it_was(tmp_path: Path, ruleset_id: str):
    """From the workbook, and from the YAML files that the workbook becomes."""
    root = read_root(ruleset_folder(ruleset_id))
    write_registry(str(tmp_path / "登记表.xlsx"), root)
    reading = read_registry(tmp_path / "登记表.xlsx")
    back, problems = from_lines(reading.lines)
    assert (reading.problems, reading.notes, problems) == ([], [], [])
    assert in_order(plain(back)) == in_order(plain(root))
    again = read_root(store(draft_of(back), tmp_path / "规则集"))
    assert in_order(plain(again)) == in_order(plain(root))


def test_the_same_data_give_the_same_bytes():
    first, second = io.BytesIO(), io.BytesIO()
    write_registry(first, read_root(SMALL))
    write_registry(second, read_root(SMALL))
    assert first.getvalue() == second.getvalue()


def test_a_workbook_that_another_program_saved_says_the_same(tmp_path: Path):
    root = plain(read_root(SMALL))
    root["rates"]["执行率"]["source"] = "=1+1"
    root["rates"]["控制率"]["source"] = "　见“表一”\n0.10"
    root["scores"]["执行得分"]["note"] = "2022-03"
    write_registry(str(tmp_path / "登记表.xlsx"), root)
    saved = libreoffice_recalc(tmp_path / "登记表.xlsx", tmp_path / "另存")
    reading = read_registry(saved)
    assert (reading.problems, reading.notes, from_lines(reading.lines)) == ([], [], (root, []))


@pytest.fixture(scope="module")
def book() -> openpyxl.Workbook:
    buffer = io.BytesIO()
    write_registry(buffer, read_root(SMALL))
    return openpyxl.load_workbook(buffer)


def test_every_cell_is_a_text_and_stays_one(book: openpyxl.Workbook):
    assert book.sheetnames == [GUIDE, *SHEETS]
    for name in SHEETS:
        found = [cell for row in book[name].iter_rows() for cell in row if cell.value is not None]
        assert {(cell.data_type, cell.number_format) for cell in found} == {("s", "@")}, name
        columns = book[name].column_dimensions.values()
        assert {column.number_format for column in columns} == {"@"}          # what is typed below, too


def test_a_text_that_looks_like_a_formula_is_a_text(tmp_path: Path):
    root = plain(read_root(SMALL))
    root["forms"]["基础"]["title"] = "=1+1"
    write_registry(str(tmp_path / "登记表.xlsx"), root)
    assert openpyxl.load_workbook(tmp_path / "登记表.xlsx")["表单"]["C2"].data_type == "s"
    assert from_lines(read_registry(tmp_path / "登记表.xlsx").lines) == (root, [])


def test_headings_stay_in_sight_and_filter(book: openpyxl.Workbook):
    look = {name: (book[name].freeze_panes, book[name].auto_filter.ref) for name in ("单元格", "行", "比率", "依据")}
    assert look == {"单元格": ("D2", "A1:X13"), "行": ("D2", "A1:O4"), "比率": ("B2", "A1:K4"),
                    "依据": ("A2", "A1:G2")}


def test_closed_lists_are_chosen_from(book: openpyxl.Workbook):
    found = {}
    for name, sheet in SHEETS.items():
        for rule in book[name].data_validations.dataValidation if not sheet.upright else []:
            if rule.type == "list":
                [at] = rule.sqref.ranges
                heading = book[name].cell(1, at.min_col).value
                found[name, heading] = (rule.formula1.strip('"'), at.max_row > 500)
    wanted = {(name, column.header): (",".join(column.kind.words.values()), True)
              for name, sheet in SHEETS.items() for column in sheet.columns
              if column.kind.words and not sheet.upright}
    forms = {(name, "表单") for name, sheet in SHEETS.items() if "表单" in sheet.place} | {("案例", "表单")}
    assert {key: value for key, value in found.items() if key not in forms} == wanted
    assert {found[key] for key in forms} == {("表单!$A$2:$A$502", True)}


def test_each_column_says_what_to_write(book: openpyxl.Workbook):
    rules = book["比率"].data_validations.dataValidation
    prompts = {rule.promptTitle: rule.prompt for rule in rules if rule.prompt}
    assert prompts == {column.header: column.help for column in SHEETS["比率"].columns if column.help}


def test_the_guide_explains_comments_and_parameters(book: openpyxl.Workbook):
    texts = [str(cell.value) for row in book[GUIDE].iter_rows() for cell in row if cell.value]
    assert any("注释" in text and "不在本表里" in text for text in texts)
    scores = [method for method in METHODS.values() if method.kind == "score"]
    parameters = {parameter.name for method in scores for parameter in method.parameters}
    assert parameters - {"points", "na", "decimals"} <= set(texts)
    headings = {column.header for sheet in SHEETS.values() for column in sheet.fields if column.help}
    assert headings - {"其他"} <= set(texts)


def test_a_text_that_no_cell_can_hold_is_told():
    root = plain(read_root(SMALL))
    root["rates"]["执行率"]["source"] = "长" * 32768
    with pytest.raises(RuleSetError) as told:
        write_registry(io.BytesIO(), root)
    assert str(told.value) == "《比率》 第 3 行：“来源”有 32768 个字，一格最多 32767 个；请改短"
