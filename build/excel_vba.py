"""The VBA project of the Excel add-in: the checked-in modules, and the cell functions made from their declarations."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from pyopenvba import ExcelFile, VBAModuleKind

from pyfuncs.udfs import FUNCTIONS, CellFunction

SOURCES = Path(__file__).resolve().parent.parent / "addin" / "excel" / "vba"
FUNCTION_MODULE = "JxFunctions"
NOTE = "' Made by build/excel_addin.py from the declarations in pyfuncs/udfs.py."


def modules() -> dict[str, str]:
    """Name and source of every module, as it stands in the project: ASCII, lines ending in CR LF."""
    found = {path.stem: path.read_bytes().decode("ascii") for path in sorted(SOURCES.iterdir())}
    return found | {FUNCTION_MODULE: function_module(FUNCTIONS.values())}


def function_module(functions: Iterable[CellFunction]) -> str:
    """One VBA function for each cell function, which hands on what Excel gives it.

    Raises ValueError for arguments that VBA can't declare.
    """
    head = [f'Attribute VB_Name = "{FUNCTION_MODULE}"', "Option Explicit", "", NOTE]
    lines = head + [line for function in functions for line in ("", *function_lines(function))]
    return "".join(f"{line}\r\n" for line in lines)


def function_lines(function: CellFunction) -> list[str]:
    if any(argument.optional for argument in function.arguments) and repeated(function):
        raise ValueError(f"{function.name}: VBA knows no optional argument beside repeated ones")
    declared = ", ".join(f"ParamArray {argument.name}() As Variant" if argument.repeated
                         else f"{'Optional ' if argument.optional else ''}ByVal {argument.name} As Variant"
                         for argument in function.arguments)
    given = ", ".join(argument.name for argument in function.arguments if not argument.repeated)
    call = f'Server.CellValue("{function.name}", Array({given})'
    body = [f"{function.name} = {call})"]
    if rest := repeated(function):
        # VBA passes a ParamArray on only as a copy.
        body = ["Dim more As Variant", f"more = {rest}", f"{function.name} = {call}, more)"]
    return [f"Public Function {function.name}({declared}) As Variant", *(f"    {line}" for line in body),
            "End Function"]


def repeated(function: CellFunction) -> str:
    """The name of the argument that takes all further values, "" without one."""
    return "".join(argument.name for argument in function.arguments if argument.repeated)


def project(sources: Mapping[str, str]) -> bytes:
    """An add-in file (.xlam) without anything but these modules, and Excel's own empty sheet."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "blank.xlam"
        with ExcelFile.create_new(path) as book:
            inside = book.vba_project()
            for name in set(book.module_names()) - {"ThisWorkbook", "Sheet1"}:
                inside.delete_module(name)
            for name, source in sources.items():
                if name in book.module_names():
                    book.set_module(name, source)
                else:
                    inside.add_module(name, source, kind=kind(name))
            book.save()
        return path.read_bytes()


def kind(name: str) -> VBAModuleKind:
    return VBAModuleKind.other if (SOURCES / f"{name}.cls").is_file() else VBAModuleKind.standard
