from __future__ import annotations

import pytest

from engines import libreoffice_recalc
from pyfuncs.workbook.names import defined_name, item_name
from workbook_samples import RULESETS, opened, written


@pytest.mark.parametrize(("path", "name"), [
    (("编制数",), "编制数"),
    (("公用经费", "本年决算"), "公用经费.本年决算"),
    (("财政拨款", "H:I"), "财政拨款.H_I"),
    (("项目执行率", "1"), "项目执行率.1"),
    (("AB12",), "_AB12"),                             # else a cell
    (("xfd",), "xfd"),
    (("R1C1",), "_R1C1"),
    (("r",), "_r"),
    (("c",), "_c"),
    (("R2",), "_R2"),
    (("TRUE",), "_TRUE"),
    (("A1", "得分"), "A1.得分"),
    (("_form",), "_form"),
    (("１月",), "_１月"),
])
def test_the_name_of_an_item(path: tuple[str, ...], name: str):
    assert defined_name(*path) == name


def test_an_item_is_named_as_the_rule_set_writes_it():
    assert item_name("财政拨款.H:I") == "财政拨款.H_I"


@pytest.mark.parametrize("ruleset_id", RULESETS)
def test_names_survive_another_program(tmp_path, ruleset_id: str):
    """Names with dots, constants among them, come back from LibreOffice as they went in."""
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "template.xlsx"
    path.write_bytes(written(ruleset_id, "formula"))
    back = opened(libreoffice_recalc(path, tmp_path / "out").read_bytes())
    assert names(back) == names(opened(path.read_bytes()))


def names(book) -> dict[str, dict[str, str]]:
    own = {sheet.title: {name: defined.attr_text.replace("'", "") for name, defined in sheet.defined_names.items()
                         if not name.startswith(("_xlnm", "Print_"))} for sheet in book}
    return {sheet: found for sheet, found in own.items() if found}
