"""The Calc add-in as LibreOffice loads it: the JX_ functions, and what binds them in an opened workbook.

LibreOffice's own Python runs this, with nothing installed. It may be older than the functions need, so this
file stays readable for Python 3.6, and tells the log what is wrong.
"""
import functools
import importlib
import importlib.util
import logging
import os
import re
import struct
import sys

import uno
import unohelper
from com.sun.star.lang import XServiceInfo
from com.sun.star.task import XJob

SERVICE = "jixiao.Functions"
JOB = "jixiao.Binding"
INTERFACE = "jixiao.XFunctions"                       # of functions.idl
PACKAGE = "jixiao_pyfuncs"                            # pyfuncs by a name that nothing else of the user's has
CALC = "com.sun.star.sheet.SpreadsheetDocument"
TYPES = "/singletons/com.sun.star.reflection.theTypeDescriptionManager"
FORMULA = 16                                          # com.sun.star.sheet.CellFlags.FORMULA
# Calc's own numbers of the errors that it shows under these names.
ERRORS = {"#NULL!": 521, "#DIV/0!": 532, "#VALUE!": 519, "#REF!": 524, "#NAME?": 525, "#NUM!": 503,
          "#N/A": 32767}

log = logging.getLogger("jixiao.udfs")


class Service(unohelper.Base, XServiceInfo):
    """A component with one service, named alike."""

    service = ""

    def __init__(self, context):
        self.declared = declared(context)

    def getImplementationName(self):
        return self.service

    def supportsService(self, name):
        return name == self.service

    def getSupportedServiceNames(self):
        return (self.service,)


class Functions(Service):
    """Every function of functions.idl, by its name."""

    service = SERVICE

    def getTypes(self):
        # Not a base class: while the extension is being installed the interface is not known yet.
        return super().getTypes() + (uno.getTypeByName(INTERFACE),)

    def __getattr__(self, name):
        if name.startswith("JX_"):
            return functools.partial(answer, name, self.declared[name])
        raise AttributeError(name)


class Binding(Service, XJob):
    """Runs when a workbook has been loaded, before it is shown."""

    service = JOB

    def execute(self, arguments):
        given = {argument.Name: argument.Value for argument in arguments}
        book = next((one.Value for one in given.get("Environment", ()) if one.Name == "Model"), None)
        if book is not None and book.supportsService(CALC):
            bind(book, self.declared)


def declared(context):
    """The names of functions.idl, with True for those that answer in rows of cells."""
    methods = context.getByName(TYPES).getByHierarchicalName(INTERFACE).getMembers()
    return {method.MemberName: method.getReturnType().Name == "[][]any" for method in methods}


# -- a call from a cell -------------------------------------------------------------------------------------

class NotLoaded(Exception):
    """There are no functions to call."""

    code = "#NAME?"


def answer(name, in_rows, *cells):
    """What the cell shows: a number or a text, an error value where there is no answer; `in_rows`: rows of them."""
    try:
        result = call(name, cells)
    except Exception as failure:                      # the function has told the log
        result = failure
    rows = result if isinstance(result, list) else [[result]]
    rows = tuple(tuple(map(shown, row)) for row in rows)
    return rows if in_rows else rows[0][0]


def call(name, cells):
    """The function's own answer; `cells` as Calc passes them, the repeated ones as one tuple at the end."""
    function = functions().get(name)
    if function is None:
        raise NotLoaded(name)
    if function.arguments and function.arguments[-1].repeated:
        cells = cells[:-1] + tuple(cells[-1] or ())
    return function.call(*map(taken, cells))


@functools.lru_cache(maxsize=None)
def functions():
    """The declared functions by name; none when they can't be loaded, which the log tells once."""
    try:
        load_package()
        importlib.import_module(PACKAGE + ".function_log").start()
        return importlib.import_module(PACKAGE + ".udfs").FUNCTIONS
    except Exception:
        log.exception("函数没有装入，单元格会显示 #NAME?。LibreOffice 现用 Python %s，函数需要 3.8 以上。",
                      sys.version.split()[0])
        return {}


def load_package():
    """Load pyfuncs from the folder beside this file, under the name PACKAGE."""
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pyfuncs")
    spec = importlib.util.spec_from_file_location(PACKAGE, os.path.join(folder, "__init__.py"),
                                                  submodule_search_locations=[folder])
    sys.modules[PACKAGE] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[PACKAGE])


def taken(cell):
    """A value as the functions take it, a range as rows. In a range Calc shows a blank cell as an empty text."""
    if isinstance(cell, tuple):
        return [[None if value == "" else value for value in row] for row in cell]
    return cell


def shown(value):
    """A value as Calc takes it: it would show 0 for TRUE, and an error it knows by a number."""
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, (float, str)):
        return value
    return error(getattr(value, "code", "#VALUE!"))


def error(code):
    """The number that is no number (NaN) in which Calc sees an error value of its own."""
    number = ERRORS.get(code, ERRORS["#VALUE!"])
    return struct.unpack("<d", struct.pack("<Q", 0x7FF8000000000000 | number))[0]


# -- an opened workbook ---------------------------------------------------------------------------------------

def bind(book, names):
    """Enter every formula anew that calls a function of ours.

    Up to LibreOffice 24 the functions' names in an Excel file are not recognised, and the cells show what was
    stored, right or wrong; no version knows the paths that Excel puts before them. The workbook counts as
    unchanged afterwards, and there is nothing to undo.
    """
    calls = pattern(names)
    found = [(sheet, row, column, text) for sheet in each(book.getSheets())
             for row, column, text in formulas(sheet) if bound(text, calls)]
    if not found:
        return
    undo, modified = book.getUndoManager(), book.isModified()
    undo.lock()
    try:
        for sheet, row, column, text in found:
            enter(sheet, row, column, bound(text, calls))
    finally:
        undo.unlock()
        book.setModified(modified)


def formulas(sheet):
    """(row, column, formula) of the cells that may call a function of ours, counted from 0."""
    for area in each(sheet.queryContentCells(FORMULA)):
        place = area.getRangeAddress()
        for row, texts in enumerate(area.getFormulaArray(), place.StartRow):
            if "JX_" in "".join(texts).upper():       # once a row: most workbooks are not ours
                for column, text in enumerate(texts, place.StartColumn):
                    yield row, column, text


def enter(sheet, row, column, text):
    """Put a formula into a cell, or into the cells of a matrix that begins there. A lock on the cell stays."""
    cell = sheet.getCellByPosition(column, row)
    if not text.startswith("{"):
        cell.setFormula(text)
        return
    area = sheet.createCursorByRange(cell)
    area.collapseToCurrentArray()
    place = area.getRangeAddress()
    if (place.StartRow, place.StartColumn) == (row, column):
        area.setArrayFormula(text[1:-1])
        if area.getArrayFormula().upper() != text.upper():
            log.warning("“%s”受保护，其中的数组公式没有重新计算：%s", sheet.getName(), area.AbsoluteName)


def pattern(names):
    """A call of one of our functions with whatever stands before its name, or a text or a sheet's name."""
    before = r"(?:'(?:[^']|'')*'!|(?<![\w.])[\w.\[\]#!]*[.!])?"
    return re.compile(r'"(?:[^"]|"")*"|' + before + r"(?<!\w)(" + "|".join(names) + r")(?=\()|'(?:[^']|'')*'",
                      re.IGNORECASE)


def bound(text, calls):
    """The formula with our functions under the names that Calc knows in every language; "" where it calls none."""
    if not any(found.group(1) for found in calls.finditer(text)):
        return ""
    ours = SERVICE.upper() + "."
    return calls.sub(lambda found: ours + found.group(1).upper() if found.group(1) else found.group(), text)


def each(items):
    return (items.getByIndex(number) for number in range(items.getCount()))


g_ImplementationHelper = unohelper.ImplementationHelper()
for component in (Functions, Binding):
    g_ImplementationHelper.addImplementation(component, component.service, (component.service,))
