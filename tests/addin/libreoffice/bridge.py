"""LibreOffice's side of tests/libreoffice_office.py, run by the system's Python, which has `uno`.

One JSON request a line on stdin, [operation, arguments], and one answer a line on stdout.
"""

from __future__ import annotations

import json
import sys
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

ERROR_CELLS = 4                                       # com.sun.star.sheet.FormulaResult.ERROR
FILTERS = {"xlsx": "Calc MS Excel 2007 XML", "ods": "calc8"}
PATIENCE = 45


class Bridge:
    def __init__(self, pipe: str) -> None:
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        self.context = connected(resolver, f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        self.desktop = self.create("com.sun.star.frame.Desktop")

    def create(self, service: str):
        return self.context.ServiceManager.createInstanceWithContext(service, self.context)

    # -- operations --------------------------------------------------------------------------------------

    def values(self, path: str) -> dict:
        book = self.load(path)
        try:
            return of_sheets(book, cells)
        finally:
            book.close(True)

    def save_as(self, path: str, target: str) -> None:
        book = self.load(path)
        try:
            book.storeToURL(uno.systemPathToFileUrl(target), properties(FilterName=FILTERS[target.rpartition(".")[2]]))
        finally:
            book.close(True)

    def enter(self, formulas: dict) -> dict:
        """What new formulas show that are typed into one sheet, in Calc's own notation with ";"."""
        book = self.desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, properties(Hidden=True))
        try:
            sheet = book.Sheets.getByIndex(0)
            for name, formula in formulas.items():
                area = sheet.getCellRangeByName(name)
                area.setArrayFormula(formula[1:-1]) if formula.startswith("{") else area.setFormula(formula)
            return dict(cells(sheet))
        finally:
            book.close(True)

    def opened(self) -> list:
        """Every open workbook: what it is called, its cells, formulas, and state."""
        books = [one for one in iterate(self.desktop.Components) if hasattr(one, "Sheets")]
        return [self.described(book) for book in books]

    def state(self, path: str) -> dict:
        book = self.load(path)
        try:
            return self.described(book)
        finally:
            book.close(True)

    def wizard(self) -> list:
        """The functions that the wizard offers: [name, category, description, [[argument, its description]]]."""
        offered = self.create("com.sun.star.sheet.FunctionDescriptions")
        found = ({item.Name: item.Value for item in one} for one in each(offered))
        return [[one["Name"], one["Category"], one["Description"],
                 [[argument.Name, argument.Description] for argument in one["Arguments"] or ()]] for one in found]

    def described(self, book) -> dict:
        return {"url": book.URL, "visible": book.CurrentController.Frame.ContainerWindow.isVisible(),
                "selected": selected(book), "modified": book.isModified(), "undo": list(book.UndoManager.getAllUndoActionTitles()),
                "protected": [sheet.isProtected() for sheet in each(book.Sheets)],
                "formulas": of_sheets(book, local_formulas), "values": of_sheets(book, cells)}

    def terminate(self) -> None:
        self.desktop.terminate()

    def load(self, path: str):
        book = self.desktop.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, properties(Hidden=True))
        if book is None:
            raise RuntimeError(f"LibreOffice can't open {path}")
        return book


def connected(resolver, address: str):
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return resolver.resolve(address)
        except NoConnectException:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def of_sheets(book, found) -> dict:
    """What `found` yields of each sheet, by "'sheet'!A1"."""
    named = ((sheet.Name, sheet) for sheet in each(book.Sheets))        # once a sheet: each question crosses over
    return {f"'{name}'!{place}": what for name, sheet in named for place, what in found(sheet)}


def selected(book) -> str:
    """The cells that are chosen in the window: $表.$C$9, "" where that is no range."""
    return getattr(book.CurrentSelection, "AbsoluteName", "")


def cells(sheet):
    """(address, value) of every cell that holds something: float, text, or an error as [its name]."""
    area = used(sheet)
    errors = {}
    for block in area.queryFormulaCells(ERROR_CELLS).RangeAddresses:
        for row in range(block.StartRow, block.EndRow + 1):
            for column in range(block.StartColumn, block.EndColumn + 1):
                errors[row, column] = [sheet.getCellByPosition(column, row).String]
    for row, values in enumerate(area.getDataArray()):
        for column, value in enumerate(values):
            value = errors.get((row, column), value)
            if value != "":
                yield address(row, column), value


def local_formulas(sheet):
    """(address, formula as the formula bar shows it)."""
    for block in each(sheet.queryContentCells(16)):
        place = block.RangeAddress
        for row in range(place.StartRow, place.EndRow + 1):
            for column in range(place.StartColumn, place.EndColumn + 1):
                yield address(row, column), sheet.getCellByPosition(column, row).FormulaLocal


def used(sheet):
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    end = cursor.RangeAddress
    return sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow)


def address(row: int, column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def properties(**values):
    return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())


def each(items):
    return (items.getByIndex(number) for number in range(items.Count))


def iterate(items):
    enumeration = items.createEnumeration()
    while enumeration.hasMoreElements():
        yield enumeration.nextElement()


def main() -> None:
    bridge = Bridge(sys.argv[1])
    print("connected", flush=True)
    for line in sys.stdin:
        operation, arguments = json.loads(line)
        try:
            answer = {"result": getattr(bridge, operation)(*arguments)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
