"""Workbooks as Excel leaves them: formulas with stored figures, which are wrong on purpose."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import quoteattr

import xlsxwriter

STALE = 999
_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
# What a link to another workbook adds to the parts of a workbook: (before what, what).
_LINKED = {
    "[Content_Types].xml": ("</Types>", '<Override PartName="/xl/externalLinks/externalLink1.xml" ContentType='
                            '"application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"/>'),
    "xl/workbook.xml": ("<calcPr", '<externalReferences><externalReference r:id="addin"/></externalReferences>'),
    "xl/_rels/workbook.xml.rels": ("</Relationships>", f'<Relationship Id="addin" Type="{_TYPE}/externalLink" '
                                   'Target="externalLinks/externalLink1.xml"/>'),
}
_LINK = ('<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
         f'<externalBook xmlns:r="{_TYPE}" r:id="rId1"><sheetNames><sheetName val="Sheet1"/></sheetNames></externalBook>'
         '</externalLink>')
_LINK_RELATIONS = (f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" Type="{_TYPE}/externalLinkPath" '
                   'Target={addin} TargetMode="External"/></Relationships>')


def stale_book(path: Path, cells: Mapping[str, object], formulas: Mapping[str, str], sheet: str = "表 1",
               protected: bool = False) -> Path:
    """One sheet of `cells` and bare `formulas` (without "="), each stored as STALE. {…} fills a range."""
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet(sheet)
        for place, value in cells.items():
            if isinstance(value, str) and value.startswith("="):
                page.write_formula(place, value)
            else:
                page.write(place, value)
        for place, formula in formulas.items():
            if ":" in place:
                page.write_array_formula(place, formula, None, STALE)
            else:
                page.write_formula(place, f"={formula}", None, STALE)
        if protected:
            page.protect(options={"insert_rows": True, "delete_rows": True, "format_columns": True})
    return path


def linked_book(path: Path, cells: Mapping[str, object], formulas: Mapping[str, str], addin: str) -> Path:
    """A workbook that knows the add-in `addin` by its place on another computer; formulas call it as [1]!NAME."""
    blank = stale_book(path.with_suffix(".blank.xlsx"), cells, formulas)
    with zipfile.ZipFile(blank) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name in source.namelist():
            text = source.read(name).decode()
            mark, added = _LINKED.get(name, ("", ""))
            text = text.replace(mark, added + mark) if mark else text
            book.writestr(name, text)
        book.writestr("xl/externalLinks/externalLink1.xml", _LINK)
        book.writestr("xl/externalLinks/_rels/externalLink1.xml.rels", _LINK_RELATIONS.format(addin=quoteattr(addin)))
    return path
