"""Two spreadsheet engines to compare with: formualizer in the process, LibreOffice on a file."""
from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import formualizer

from pyfuncs.language import CellError
from pyfuncs.udfs import CellFailure

_ADDRESS = re.compile(r"(?:'?(?P<sheet>[^'!]+)'?!)?\$?(?P<column>[A-Z]+)\$?(?P<row>[0-9]+)")
_CODES = {"Na": "#N/A", "Div": "#DIV/0!", "Value": "#VALUE!", "Num": "#NUM!", "Name": "#NAME?",
          "Ref": "#REF!"}
_KINDS = {code: kind for kind, code in _CODES.items()}

# Without this LibreOffice trusts the values stored in the file and computes nothing.
_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def formualizer_eval(cells: Mapping[str, object], formulas: Mapping[str, str],
                     functions: Mapping[str, Callable] | None = None) -> dict[str, object]:
    """Values of `formulas` (address -> formula without "=") over `cells` (address -> value, None blank).

    Addresses are "B2" or "'表 1'!B2". A number comes back as float, an error as CellError. `functions` are
    functions of our own that a formula may call; a CellFailure shows the error it names.
    """
    workbook = formualizer.Workbook()
    for name, call in (functions or {}).items():
        workbook.register_function(name, _bridged(call))
    for address, value in cells.items():
        sheet, row, column = _place(address)
        workbook.add_sheet(sheet)
        if value is not None:
            workbook.set_value(sheet, row, column, value)
    for address, formula in formulas.items():
        sheet, row, column = _place(address)
        workbook.add_sheet(sheet)
        workbook.set_formula(sheet, row, column, "=" + formula)
    return {address: _plain(workbook.evaluate_cell(*_place(address))) for address in formulas}


def libreoffice_recalc(xlsx: Path | str, out_dir: Path | str) -> Path:
    """A copy of the file with every formula computed anew. For reading values only: it loses formatting."""
    return libreoffice_recalc_all([Path(xlsx)], Path(out_dir))[0]


def libreoffice_recalc_all(paths: list[Path], out_dir: Path) -> list[Path]:
    """Copies of several files, in one run of LibreOffice; their names must differ."""
    paths, out_dir = [path.resolve() for path in paths], out_dir.resolve()
    if any(out_dir == path.parent for path in paths):
        raise ValueError("the recalculated copy would overwrite the original")
    with tempfile.TemporaryDirectory(prefix="recalc_") as profile:
        settings = Path(profile, "user", "registrymodifications.xcu")
        settings.parent.mkdir(parents=True)
        settings.write_text(_ALWAYS_RECALCULATE, encoding="utf-8")
        # Another Python on PATH keeps LibreOffice's own from loading.
        environment = {**os.environ, "PATH": "/usr/local/bin:/usr/bin:/bin"}
        for name in ("PYTHONPATH", "PYTHONHOME"):
            environment.pop(name, None)
        done = subprocess.run(
            ["soffice", "--headless", "--norestore", f"-env:UserInstallation={Path(profile).as_uri()}",
             "--convert-to", "xlsx", "--outdir", str(out_dir), *map(str, paths)],
            env=environment, capture_output=True, text=True, timeout=180 + 20 * len(paths))
    results = [out_dir / path.name for path in paths]
    lost = [path.name for path in results if not path.is_file()]
    if done.returncode or lost:
        raise RuntimeError(f"LibreOffice did not convert {'、'.join(lost)}: {done.stdout}{done.stderr}")
    return results


def cell_value(raw: object) -> object:
    """A value read by openpyxl with data_only: floats for numbers, CellError for error text."""
    if isinstance(raw, str) and raw.startswith("#"):
        return CellError(raw)
    return float(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw


def _place(address: str) -> tuple[str, int, int]:
    match = _ADDRESS.fullmatch(address)
    column = 0
    for letter in match["column"]:
        column = column * 26 + ord(letter) - 64
    return match["sheet"] or "S", int(match["row"]), column


def _bridged(call: Callable) -> Callable:
    """A cell function as the engine calls it: errors go in as text, as xlwings may pass them, and come out."""

    def bridged(*arguments: object) -> object:
        try:
            return call(*map(_passed, arguments))
        except CellFailure as failure:
            return formualizer.LiteralValue.error(_KINDS[failure.code], failure.reason)

    return bridged


def _passed(argument: object) -> object:
    if isinstance(argument, list):
        return [_passed(value) for value in argument]
    value = _plain(argument)
    return value.code if isinstance(value, CellError) else value


def _plain(value: object) -> object:
    if isinstance(value, dict) and value.get("type") == "Error":
        return CellError(_CODES.get(value["kind"], value["kind"]))
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
