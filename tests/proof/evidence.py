"""What several programs make of one filling: Decimals, LibreOffice with and without our functions, formualizer.

The values stored in the files that LibreOffice gets are spoilt first, so that one which it did not work out
itself can't look right; and the functions it calls are counted.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from editions import Computed, computed, decimals, typed_over
from libreoffice_office import Office
from method_cases import agree

from pyfuncs.workbook.filling import Filling

SPOILT = "4711"
_FORMULA_CELL = re.compile(r'<c (r="[A-Z]+\d+"(?: s="\d+")?)(?: t="\w+")?>(<f>[^<]*</f>)<v>[^<]*</v></c>')


def disagreements(folder: Path, fillings: Iterable[Filling], calc: Office) -> dict[tuple[int, str], tuple]:
    """By number of the filling and address: both formulas, what every program shows, and the truth, where one differs."""
    wrong = {}
    for number, filling in enumerate(fillings):
        here = folder / str(number)
        here.mkdir()
        for address, told in _differing(here, filling, calc).items():
            wrong[number, address] = told
    return wrong


def _differing(folder: Path, filling: Filling, calc: Office) -> dict[str, tuple]:
    addin = computed(folder / "addin.xlsx", filling, "addin")
    formula = computed(folder / "formula.xlsx", filling, "formula")
    exact = decimals(addin.plan, folder / "formula.xlsx")
    assert addin.formulas.keys() == formula.formulas.keys() >= exact.keys() - typed_over(addin.plan, filling)
    shown = [addin.shown, formula.shown, addin.stored, formula.stored, _in_office(addin, folder / "addin.xlsx", calc),
             _in_office(formula, folder / "formula.xlsx", calc)]
    assert addin.calls >= addin.functions_behind_figures() and not formula.calls
    wrong = {}
    for address in addin.formulas:
        values = [found[address] for found in shown]
        truth = exact.get(address, formula.shown[address])
        if not all(agree(value, truth) for value in values):
            wrong[address] = addin.formulas[address], formula.formulas[address], values, truth
    return wrong


def _in_office(edition: Computed, path: Path, calc: Office) -> dict[str, object]:
    """What LibreOffice shows where there is a formula; asserts that Python worked out every figure of a function."""
    copy, spoilt = _spoilt(path)
    assert spoilt == len(edition.formulas)
    before = len(calc.calls)
    values = calc.values(copy)
    shown = {address: values.get(address, "") for address in edition.formulas}
    assert Counter(call.name for call in calc.calls[before:]) >= edition.functions_behind_figures(shown)
    return shown


def _spoilt(path: Path) -> tuple[Path, int]:
    """A copy beside the workbook in which every value stored with a formula is wrong, and how many are."""
    copy, count = path.with_stem(f"{path.stem}-spoilt"), 0
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name.startswith("xl/worksheets/"):
                text, found = _FORMULA_CELL.subn(rf"<c \1>\2<v>{SPOILT}</v></c>", data.decode("utf-8"))
                data, count = text.encode("utf-8"), count + found
            target.writestr(name, data)
    return copy, count
