"""Excel's place taken by openpyxl, behind xlwings' own objects: what a ribbon button does runs on real files here.

It refuses what Excel refuses: cells of a protected sheet, new sheets in a protected structure, selecting on a sheet
that is not shown, a password that is left out. It enters values as Excel does ("=1+1" becomes a formula, "'=1+1" a
text). Only the parts of xlwings under the BSD licence are used.

    book = open_book(path)            an xlwings.Book; book.api.SaveCopyAs(path) writes what Excel would
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import openpyxl
import xlwings_values
from openpyxl.utils import range_boundaries
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.hyperlink import Hyperlink
from xlwings_range import ComError, Range

from pyfuncs.udfs_excel import xw

VISIBLE, HIDDEN, VERY_HIDDEN = -1, 0, 2
_STATES = {"visible": VISIBLE, "hidden": HIDDEN, "veryHidden": VERY_HIDDEN}
# What a protected sheet allows, as Excel calls it in the order of Protect; openpyxl stores what is forbidden.
_ALLOWED = {"AllowFormattingCells": "formatCells", "AllowFormattingColumns": "formatColumns",
            "AllowFormattingRows": "formatRows", "AllowInsertingColumns": "insertColumns",
            "AllowInsertingRows": "insertRows", "AllowInsertingHyperlinks": "insertHyperlinks",
            "AllowDeletingColumns": "deleteColumns", "AllowDeletingRows": "deleteRows", "AllowSorting": "sort",
            "AllowFiltering": "autoFilter", "AllowUsingPivotTables": "pivotTables"}


def open_book(path: Path) -> xw.Book:
    """Open a file in a program of its own, the one that runs from now on."""
    ENGINE.apps.running = [App()]
    xw.engines.active = xw.Engine(impl=ENGINE)
    return xw.Book(impl=ENGINE.apps.running[0].books.open(str(path)))


class Engine:
    """The conversions of values that xlwings leaves to an engine."""

    name, type = "openpyxl", "desktop"

    def __init__(self) -> None:
        self.apps = Apps()

    @staticmethod
    def prepare_xl_data_element(value, options):
        return "" if value is None else value

    @staticmethod
    def clean_value_data(data, datetime_builder, empty_as, number_builder, err_to_str):
        return [[empty_as if value in ("", None) else value for value in row] for row in data]


class Apps:
    running: list[App] = []

    def __iter__(self):
        return iter(self.running)

    def __len__(self):
        return len(self.running)


ENGINE = Engine()


class App:
    engine, version, pid, screen_updating, display_alerts, in_front = ENGINE, "16.0", 1, True, True, False

    def __init__(self) -> None:
        self.books, self.selection = Books(self), None

    def activate(self, steal_focus):
        self.in_front = steal_focus

    @property
    def api(self):
        return SimpleNamespace(Workbooks=SimpleNamespace(Open=self.books.open))


class Books:
    def __init__(self, app: App) -> None:
        self.app, self.opened = app, []

    def __call__(self, name):
        found = [book for book in self.opened if book.name == name]
        if not found:
            raise KeyError(name)
        return found[0]

    def open(self, fullname, *_, **__):
        self.opened.append(Book(Path(fullname), self.app))
        return self.opened[-1]

    def __len__(self):
        return len(self.opened)

    def __iter__(self):
        return iter(self.opened)


class Book:
    def __init__(self, path: Path, app: App) -> None:
        self.path, self.app, self.book = path, app, openpyxl.load_workbook(path)

    @property
    def name(self):
        return self.path.name

    @property
    def fullname(self):
        return str(self.path)

    @property
    def sheets(self):
        return Sheets(self)

    @property
    def names(self):
        return Names(self)

    @property
    def api(self):
        return SimpleNamespace(SaveCopyAs=lambda path: xlwings_values.save(self.book, Path(path)), FullName=str(self.path),
                               ProtectStructure=bool(self.book.security and self.book.security.lockStructure))


class Sheets:
    def __init__(self, parent: Book) -> None:
        self.parent = parent

    def __call__(self, name_or_index):
        book = self.parent.book
        return Sheet(self.parent, book.worksheets[name_or_index - 1] if isinstance(name_or_index, int) else book[name_or_index])

    def __len__(self):
        return len(self.parent.book.worksheets)

    def __iter__(self):
        return (Sheet(self.parent, sheet) for sheet in list(self.parent.book.worksheets))

    @property
    def active(self):
        return Sheet(self.parent, self.parent.book.active)

    def add(self, before=None, after=None, name=None):
        if self.parent.api.ProtectStructure:
            raise ComError("the structure is protected")
        sheet = self.parent.book.create_sheet(name, before.index - 1)
        self.parent.book.active = sheet
        return Sheet(self.parent, sheet)


class Sheet:
    def __init__(self, book: Book, sheet) -> None:
        self.book, self.sheet = book, sheet

    @property
    def name(self):
        return self.sheet.title

    @property
    def index(self):
        return self.book.book.index(self.sheet) + 1

    @property
    def visible(self):
        return _STATES[self.sheet.sheet_state]

    @property
    def api(self):
        return SheetApi(self)

    @property
    def cells(self):
        return Range(self, 1, 1, self.sheet.max_row, self.sheet.max_column)

    used_range = cells

    def range(self, first, last=None):
        if isinstance(first, str):
            left, top, right, bottom = range_boundaries(first)
        else:
            (top, left), (bottom, right) = _corner(first), _corner(last or first)
        return Range(self, top, left, bottom - top + 1, right - left + 1)

    def delete(self):
        if sum(sheet.sheet_state == "visible" for sheet in self.book.book) == 1 and self.visible == VISIBLE:
            raise ComError("the last sheet that is shown can't be deleted")
        if self.visible == VERY_HIDDEN:
            raise ComError("a very hidden sheet can't be deleted")
        for name in _all_names(self.book.book):
            name.attr_text = name.attr_text.replace(f"'{self.name}'!", "#REF!")
        active = self.book.book.active
        self.book.book.remove(self.sheet)
        shown = [sheet for sheet in self.book.book if sheet.sheet_state == "visible"]
        self.book.book.active = active if active in shown else shown[0]


def _corner(place: Range | tuple[int, int]) -> tuple[int, int]:
    return (place.row, place.column) if isinstance(place, Range) else place


class SheetApi:
    """The members of Excel's Worksheet that live asks for."""

    def __init__(self, owner: Sheet) -> None:
        self.__dict__.update(owner=owner, sheet=owner.sheet, protection=owner.sheet.protection)

    def __getattr__(self, name):
        protection = self.protection
        members = {"ProtectContents": protection.sheet, "ProtectDrawingObjects": protection.sheet and protection.objects,
                   "ProtectScenarios": protection.sheet and protection.scenarios, "ProtectionMode": False,
                   "EnableSelection": self._selection()}
        if name in members:
            return members[name]
        raise AttributeError(name)

    @property
    def Protection(self):
        return SimpleNamespace(**{name: not getattr(self.protection, flag) for name, flag in _ALLOWED.items()})

    @property
    def PageSetup(self):
        return PageSetup(self.sheet)

    @property
    def Hyperlinks(self):
        return SimpleNamespace(Add=self._link)

    def __setattr__(self, name, value):
        if name == "Visible":
            self.sheet.sheet_state = next(state for state, number in _STATES.items() if number == value)
            if self.owner.book.book.active is self.sheet:
                self.owner.book.book.active = next(sheet for sheet in self.owner.book.book if sheet.sheet_state == "visible")
        elif name == "EnableSelection":
            self.protection.selectLockedCells, self.protection.selectUnlockedCells = value != 0, value not in (0, 1)
        else:
            raise AttributeError(name)

    def _selection(self) -> int:
        return -4142 if self.protection.selectUnlockedCells else int(self.protection.selectLockedCells)

    def Activate(self):
        if self.owner.visible != VISIBLE:
            raise ComError("a sheet that is not shown can't be activated")
        self.owner.book.book.active = self.sheet

    def Unprotect(self, *password):
        if not password:
            raise AssertionError("Excel would ask the user for the password")
        if self.protection.password or self.protection.hashValue:
            raise ComError("wrong password")
        self.protection.sheet = False

    def Protect(self, password, objects, contents, scenarios, interface_only, *allowed):
        assert password == "" and len(allowed) == len(_ALLOWED), "arguments are given by position"
        self.protection.sheet, self.protection.objects, self.protection.scenarios = contents, objects, scenarios
        for flag, value in zip(_ALLOWED.values(), allowed):
            setattr(self.protection, flag, not value)
        self.EnableSelection = 0                      # Excel forgets it

    def _link(self, anchor, address, location):
        assert address == ""
        anchor.cell.hyperlink = Hyperlink(ref=anchor.cell.coordinate, location=location)


class PageSetup:
    def __init__(self, sheet) -> None:
        self.__dict__["sheet"] = sheet

    def __setattr__(self, name, value):
        page = self.sheet.page_setup
        if name == "Orientation":
            page.orientation = {1: "portrait", 2: "landscape"}[value]
        elif name == "Zoom":
            self.sheet.sheet_properties.pageSetUpPr.fitToPage = value is False
        else:
            setattr(page, {"FitToPagesWide": "fitToWidth", "FitToPagesTall": "fitToHeight"}[name], value or 0)


# -- names --------------------------------------------------------------------------------------------------


def _all_names(book: openpyxl.Workbook) -> list[DefinedName]:
    return [name for owner in (book, *book.worksheets) for name in owner.defined_names.values()]


class Names:
    def __init__(self, book: Book) -> None:
        self.book = book

    def snapshot(self):
        """Those of the sheets too, with their sheet's name, as Excel lists them."""
        listed = [(name.name, Name(self.book, self.book.book, name)) for name in self.book.book.defined_names.values()]
        for sheet in self.book.book.worksheets:
            listed += [(f"'{sheet.title}'!{name.name}", Name(self.book, sheet, name)) for name in sheet.defined_names.values()]
        return listed

    def add(self, name, refers_to):
        made = DefinedName(name, attr_text=refers_to.removeprefix("="))
        self.book.book.defined_names[name] = made
        return Name(self.book, self.book.book, made)


class Name:
    def __init__(self, book: Book, owner, made: DefinedName) -> None:
        self.book, self.owner, self.made = book, owner, made

    @property
    def name(self):
        scope = "" if self.owner is self.book.book else f"'{self.owner.title}'!"
        return scope + self.made.name

    @property
    def refers_to(self):
        return f"={self.made.attr_text}"

    @property
    def refers_to_range(self):
        sheet, _, cell = self.made.attr_text.rpartition("!")
        name = sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet
        return Sheet(self.book, self.book.book[name]).range(cell.replace("$", ""))

    @property
    def api(self):
        return NameApi(self.made)

    def delete(self):
        del self.owner.defined_names[self.made.name]


class NameApi:
    def __init__(self, made: DefinedName) -> None:
        self.__dict__["made"] = made

    def __setattr__(self, name, value):
        assert name == "Visible"
        self.made.hidden = not value
