"""One workbook in many spellings that are all legal: each says the same, and must be read as the same."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
SHEET, STRINGS = r"xl/worksheets/\w+\.xml", r"xl/sharedStrings\.xml"
BOOK, STYLES, RELS = r"xl/workbook\.xml", r"xl/styles\.xml", r"(?:.*/)?_rels/.*\.rels"
Change = Callable[[str], str | bytes]


def respelled(source: Path, target: Path, changes: Mapping[str, Change]) -> Path:
    """A copy with every part changed whose name matches a pattern."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text: str | bytes = old.read(name)
            for pattern, change in changes.items():
                if re.fullmatch(pattern, name):
                    text = change(text.decode())
            new.writestr(name, text)
    return target


def _within(tag: str, change: Callable[[re.Match[str]], str]) -> Change:
    """A change of every start of that element."""
    return lambda text: re.sub(rf"<{tag}(?: [^<>]*)?>", change, text)


def _prefixed(text: str) -> str:
    text = re.sub(r"<(/?)(?![?!])([A-Za-z])", r"<\1x:\2", text)
    return text.replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"', 1)


def _strict(text: str) -> str:
    return text.replace(MAIN, STRICT).replace(RELATIONS, STRICT_RELATIONS)


def _utf16(text: str) -> bytes:
    return re.sub(r"<\?xml[^>]*\?>", '<?xml version="1.0" encoding="UTF-16"?>', text).encode("utf-16")


def _ascii(text: str) -> bytes:
    text = re.sub(r"<\?xml[^>]*\?>", '<?xml version="1.0" encoding="US-ASCII"?>', text)
    return text.encode("ascii", "xmlcharrefreplace")


def _single_quotes(text: str) -> str:
    return re.sub(r'="([^"<>\']*)"', r"='\1'", text)


def _type_first(text: str) -> str:
    return re.sub(r'<c r="(\w+)" s="(\d+)" t="(\w+)"', r'<c t="\3" r="\1" s="\2"', text)


def _without_addresses(text: str) -> str:
    """Only where rows and cells stand without gaps may their numbers be left out: so gaps are filled."""
    return re.sub(r"<sheetData>.*</sheetData>", lambda data: _gapless(data[0]), text, flags=re.DOTALL)


def _gapless(data: str) -> str:
    rows, last = [], 0
    for row in re.finditer(r'<row r="(\d+)"([^<>]*?)(?:/>|>(.*?)</row>)', data, re.DOTALL):
        rows += ["<row/>"] * (int(row[1]) - last - 1)
        rows.append(f"<row{row[2]}>{_gapless_cells(row[3] or '')}</row>")
        last = int(row[1])
    return f"<sheetData>{''.join(rows)}</sheetData>"


def _gapless_cells(row: str) -> str:
    cells, last = [], 0
    for cell in re.finditer(r'<c r="([A-Z]+)\d+"([^<>]*?)(?:/>|>(.*?)</c>)', row, re.DOTALL):
        column = 0
        for letter in cell[1]:
            column = column * 26 + ord(letter) - 64
        cells += ["<c/>"] * (column - last - 1)
        cells.append(f"<c{cell[2]}>{cell[3] or ''}</c>")
        last = column
    return "".join(cells)


def _charref(text: str) -> str:
    """Every Chinese character of the texts as a number."""
    def numbers(found: re.Match[str]) -> str:
        return re.sub("[一-鿿]", lambda one: f"&#x{ord(one[0]):x};", found[0])

    return re.sub(r"(?<=>)[^<]+", numbers, text)


def _cdata(text: str) -> str:
    return re.sub(r"<(t|v|f)>([^<&]+)</\1>", r"<\1><![CDATA[\2]]></\1>", text)


SPELLINGS: dict[str, dict[str, Change]] = {
    "as it is": {},
    "single quotes": {SHEET: _single_quotes},
    "single quotes everywhere": {f"{STRINGS}|{BOOK}|{STYLES}|{RELS}": _single_quotes},
    "without addresses": {SHEET: _without_addresses},
    "attributes in another order": {SHEET: _type_first},
    "attributes we don't know": {SHEET: _within("c", lambda tag: tag[0].replace("<c", '<c cm="1" ph="1"', 1))},
    "spaces around =": {SHEET: _within("c", lambda tag: tag[0].replace("=", " = "))},
    "line ends inside a tag": {SHEET: _within("row", lambda tag: tag[0].replace(" ", "\n"))},
    "spaces around = of hidden rows": {SHEET: lambda text: re.sub('(<row [^<>]*) hidden="1"', r'\1 hidden = "1"', text)},
    "spaces around = of hidden columns": {SHEET: lambda text: re.sub('(<col [^<>]*) hidden="1"', r'\1 hidden = "1"',
                                                                     text)},
    "two spaces in the strings": {STRINGS: lambda text: text.replace("<t ", "<t  ")},
    "two spaces in the workbook": {BOOK: lambda text: text.replace("<sheet ", "<sheet  ")},
    "two spaces in the names": {BOOK: lambda text: text.replace("<definedName ", "<definedName  ")},
    "attributes of all names": {BOOK: lambda text: text.replace("<definedNames>", '<definedNames xml:space="preserve">')},
    "names before the sheets": {BOOK: lambda text: re.sub("(<sheets>.*?</sheets>)(<definedNames>.*?</definedNames>)", r"\2\1",
                                                         text, flags=re.S)},
    "spaces around = in the styles": {STYLES: lambda text: text.replace('<xf numFmtId="', '<xf numFmtId = "')},
    "a second prefix for texts": {STRINGS: lambda text: re.sub("<(/?)t(?=[ >])", r"<\1x:t", text).replace(
        "<sst", f'<sst xmlns:x="{MAIN}"')},
    "prefix in a sheet": {SHEET: _prefixed},
    "prefix in the strings": {STRINGS: _prefixed},
    "prefix in the workbook": {BOOK: _prefixed},
    "prefix in the styles": {STYLES: _prefixed},
    "a second prefix for merges": {SHEET: lambda text: re.sub(
        "<(/?)mergeCell(s?)", r"<\1x:mergeCell\2", text).replace("<worksheet", f'<worksheet xmlns:x="{MAIN}"')},
    "namespace said again": {SHEET: lambda text: text.replace("<row ", f'<row xmlns="{MAIN}" ')},
    "strict": {rf"{SHEET}|{STRINGS}|{BOOK}|{STYLES}|{RELS}": _strict},
    "UTF-16": {rf"{SHEET}|{STRINGS}|{BOOK}": _utf16},
    "ASCII": {rf"{SHEET}|{STRINGS}|{BOOK}|{STYLES}": _ascii},
    "mark of byte order": {rf"{SHEET}|{STRINGS}|{BOOK}|{STYLES}": lambda text: text.encode("utf-8-sig")},
    "without a declaration": {SHEET: lambda text: re.sub(r"<\?xml[^>]*\?>\s*", "", text)},
    "CDATA": {rf"{SHEET}|{STRINGS}": _cdata},
    "characters as numbers": {rf"{SHEET}|{STRINGS}": _charref},
    "a comment with a cell in it": {SHEET: lambda text: text.replace(
        "<sheetData>", '<sheetData><!-- <row r="1"><c r="A1"><v>9</v></c></row> -->')},
    "comments with merges, columns, sheets, texts and styles in them": {
        SHEET: lambda text: text.replace("</sheetData>", '</sheetData><!-- <mergeCell ref="A1:B2"/> -->').replace(
            "<sheetData>", '<!-- <col min="1" max="9" hidden="1"/> --><sheetData>'),
        BOOK: lambda text: text.replace("<sheets>", '<sheets><!-- <sheet name="丙" sheetId="9" r:id="rId9"/> -->'),
        STRINGS: lambda text: text.replace("<si>", "<!-- <si><t>假</t></si> --><si>", 1),
        STYLES: lambda text: re.sub("<cellXfs[^>]*>", r'\g<0><!-- <xf numFmtId="9"/> -->', text)},
    "a comment in a value": {SHEET: lambda text: text.replace("<v>", "<v><!-- 9 -->")},
    "an instruction": {SHEET: lambda text: text.replace("<sheetData>", "<sheetData><?print A1?>")},
    "pretty": {rf"{SHEET}|{BOOK}|{STYLES}": lambda text: re.sub(r"><(?!/[vtf]>)", ">\n  <", text)},
    "lines of Windows": {rf"{SHEET}|{STRINGS}|{BOOK}": lambda text: text.replace("><row", ">\r\n<row").replace(
        "?>", "?>\r\n", 1)},
    "blanks written out": {SHEET: lambda text: re.sub(r"(<c [^<>]*)/>", r"\1></c>", text)},
    "empty values": {SHEET: lambda text: re.sub(r"(<c r=\"\w+\" s=\"\d+\")/>", r"\1><v/></c>", text)},
    "spaces kept in values": {SHEET: lambda text: text.replace("<v>", '<v xml:space="preserve">')},
    "extensions in cells": {SHEET: lambda text: text.replace("</c>", "<extLst><ext/></extLst></c>")},
    "type of numbers said": {SHEET: lambda text: re.sub(r'(<c r="\w+" s="\d+")>', r'\1 t="n">', text)},
    "merges with an attribute": {SHEET: lambda text: text.replace("<mergeCell ", '<mergeCell x="1" ')},
    "merges written out": {SHEET: lambda text: re.sub(r"(<mergeCell [^<>]*)/>", r"\1></mergeCell>", text)},
    "true and false as words": {SHEET: lambda text: text.replace('hidden="1"', 'hidden="true"')},
    "shown said too": {SHEET: lambda text: re.sub(r"<(row|col) (?![^<>]*hidden)", r'<\1 hidden="0" ', text)},
    "no dimension": {SHEET: lambda text: re.sub(r"<dimension[^<>]*/>", "", text)},
    "a dimension too small": {SHEET: lambda text: re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1"', text)},
    "a dimension too large": {SHEET: lambda text: re.sub(r'<dimension ref="[^"]*"',
                                                         '<dimension ref="A1:XFD1048576"', text)},
    "relations from the root": {r"xl/_rels/workbook\.xml\.rels": lambda text: text.replace(
        'Target="', 'Target="/xl/')},
}
