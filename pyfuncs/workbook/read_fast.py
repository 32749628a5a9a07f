"""The usual spelling of a workbook's parts, read with regular expressions: several times as fast as a parser
that calls Python for every element, which is what decides how many workbooks can be read.

Legal XML can be spelled in many ways, and a pattern that does not know one loses cells in silence. So a part is
read here only when the pieces that were matched make up the whole of it; else the answer is None, and the
XML parser reads it (`read_walk`). No pattern can go back over more than it has passed once: hostile parts take linear
time. Possessive are single characters and groups without a choice: of others Python before 3.11.5 loses matches.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

from pyfuncs.workbook.grid import RawCell, rulesets_in
from pyfuncs.workbook.places import Box, column_number
from pyfuncs.workbook.sheet_content import SheetContent, unescaped

LARGEST = 32 * 2**20                                  # bytes of a part; a larger one is streamed to the parser
_HEAD = 1000                                          # characters in which a part tells what it is
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_UTF8 = re.compile(r'<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")?(?: standalone="\w+")?\s*\?>\s*')
_NOT_ALLOWED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MOST_PLACES = 100_000
_SECTIONS, _LONG_SECTION = 64, 2**18                  # of names or styles: how many are kept; characters of one that is not
_ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9a-fA-F]{1,6}));")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}

_ATTRIBUTES = r'(?: [\w:]+="[^"<>]*")*'
_CELL = re.compile(r'<c r="([A-Z]{1,3}+[0-9]{1,7}+)"((?: s="[0-9]{1,6}+")?+(?: t="[a-zA-Z]++")?+)>'
                   r"(?:(?:<f>([^<&]++)</f>)?+<v>([0-9][0-9.E+]*+)</v>|([^<]*+(?:<(?!/?c[ >])[^<]*+)*))</c>")
_GROUPS = 5                                           # of a cell; the last is what is more than a plain value
_LOOK = re.compile(r'(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?')
_INSIDE = re.compile(rf"(?:<f({_ATTRIBUTES})(?:/>|>([^<]*)</f>))?"
                     r'(?:<v(?: xml:space="preserve")?>([^<]*)</v>|(<v/>)'
                     r'|<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)?')
_ROWS = re.compile(r"(?:<row(?: [^<>/]*+)?(?:/>|>(?:<c [^<>/]*+/>|\s)*</row>)|\s)*")
_HIDDEN_ROW = re.compile(r'<row(?=[^<>]* hidden="(?:1|true)")[^<>]* r="([0-9]{1,7})"')
_HIDDEN_COLUMN = re.compile(r'<col(?=[^<>]* hidden="(?:1|true)")(?=[^<>]* min="([0-9]{1,5})")'
                            r'[^<>]* max="([0-9]{1,5})"')
_SHOWN = re.compile(r' hidden="(?:0|false)"')
_MERGE = re.compile(r'<mergeCell ref="([A-Z]{1,3}[0-9]{1,7}):([A-Z]{1,3}[0-9]{1,7})"\s*(?:/>|></mergeCell>)')
_SHARE = re.compile(r' si="([0-9]+)"')

_STRING = re.compile(r'<si>(?:<t(?: xml:space="preserve")?>([^<]*+)</t>|(.*?))</si>', re.DOTALL)
_RUN = re.compile(r'<t(?: xml:space="preserve")?>([^<]*)</t>')
_PHONETIC = re.compile(r"<rPh\b[^<]*+(?:<(?!/?rPh\b)[^<]*+)*</rPh>")

_FORMAT = re.compile(rf"<numFmt({_ATTRIBUTES})\s*/>")
_STYLE = re.compile(r'<xf[^<>]*? numFmtId="([0-9]{1,6})"')
_SHEET = re.compile(rf"<sheet({_ATTRIBUTES})\s*/>")
_USUAL_NAME = re.compile(r'<definedName name="([^"<>]*+)"(?: localSheetId="([0-9]{1,6})")?>([^<]*+)</definedName>')
_NAME = re.compile(r'<definedName(?=[^<>]*? name="([^"<>]*)")(?:(?=[^<>]*? localSheetId="([0-9]{1,6})"))?'
                   rf"{_ATTRIBUTES}>([^<]*)</definedName>")
_ATTRIBUTE = re.compile(r'(?:\w+:)?(\w+)="([^"]*)"')


Found = TypeVar("Found")
SheetsAndNames = tuple[list[tuple[str, str, str]], dict[int, dict[str, str]]]


class Unusual(Exception):
    """A spelling that the XML parser must read."""


class _Places(dict[str, tuple[int, int]]):
    """Address of a cell -> (row, column). The same few thousand come again in every workbook."""

    def __missing__(self, address: str) -> tuple[int, int]:
        if len(self) > _MOST_PLACES:
            self.clear()
        letters = address.rstrip("0123456789")
        self[address] = place = int(address[len(letters):]), column_number(letters)
        return place


class _Looks(dict[str, tuple[str, int, str]]):
    """Attributes of a cell as stored -> its type, the number of its style, its number format."""

    def __init__(self, formats: list[str]) -> None:
        self._formats = formats

    def __missing__(self, attributes: str) -> tuple[str, int, str]:
        kind, number = _kind_and_style(attributes)
        shown = self._formats[number] if number < len(self._formats) else "General"
        self[attributes] = look = kind, number, shown
        return look


@lru_cache(4096)                                      # of one template there are some hundred
def _kind_and_style(attributes: str) -> tuple[str, int]:
    style, kind = _LOOK.fullmatch(attributes).groups()
    return kind or "n", int(style or 0)


@lru_cache(4096)                                      # the same in every workbook of a template
def _box(first: str, last: str) -> Box:
    return Box(*_PLACES[first], *_PLACES[last])


_PLACES = _Places()


def _usual(data: bytes, root: str) -> str:
    """A part as text. Raises Unusual where its outside is not spelled as office programs do."""
    if len(data) > LARGEST:
        raise Unusual
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unusual from None
    head = text[:_HEAD]
    opened = _UTF8.match(head)
    if not head.startswith(f"<{root}", opened.end() if opened else 0) or _MAIN not in head or "<!" in text \
            or not text.rstrip().endswith(f"</{root}>"):
        raise Unusual
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


# -- a sheet ------------------------------------------------------------------------------------------


def fast_sheet(data: bytes, content: SheetContent) -> None:
    """Fill `content` from a sheet part. Raises Unusual, with `content` spoiled: the parser must read it."""
    text = _usual(data, "worksheet").replace("<sheetData/>", "<sheetData></sheetData>", 1)
    before, opened, rest = text.partition("<sheetData>")
    body, closed, after = rest.partition("</sheetData>")
    if not (opened and closed):
        raise Unusual
    if body.count("</c>") > content.allowed:
        raise Unusual                                 # too many to cut up at once; the parser counts them
    pieces = _CELL.split(body)
    rows = "".join(pieces[::_GROUPS + 1])
    merges = _MERGE.findall(after)
    if not _ROWS.fullmatch(rows) or after.count("mergeCell ") != len(merges):
        raise Unusual
    _hidden(before, rows, content)
    _cells(pieces, content)
    content.merges += [_box(first, last) for first, last in merges]


def _hidden(before: str, rows: str, content: SheetContent) -> None:
    if "hidden" in rows:
        hidden = _HIDDEN_ROW.findall(rows)
        if len(hidden) + len(_SHOWN.findall(rows)) != rows.count("hidden"):
            raise Unusual
        content.hidden_rows.update(map(int, hidden))
    if "hidden" in before:
        columns = _HIDDEN_COLUMN.findall(before)
        if len(columns) + len(_SHOWN.findall(before)) != before.count("hidden"):
            raise Unusual
        for first, last in columns:
            content.hide_columns(first, last)


def _cells(pieces: list[str], content: SheetContent) -> None:
    cells, strings, looks = content.cells, content.shared.strings, _Looks(content.shared.formats)
    places, new = _PLACES, tuple.__new__
    groups = (pieces[number::_GROUPS + 1] for number in range(1, _GROUPS + 1))
    try:
        for address, attributes, formula, text, inside in zip(*groups):
            kind, style, shown = looks[attributes]
            if text is None:
                _add(content, places[address], style, kind, inside)
                continue
            value = float(text) if kind == "n" else strings[int(text)] if kind == "s" else content.value(kind, text)
            if formula is None:
                cells[places[address]] = new(RawCell, (value, "", style, True, (), shown))
            else:
                formula = plain_text(formula)
                cells[places[address]] = new(RawCell, (value, formula, style, True, rulesets_in(formula), shown))
    except ValueError:                                # 1.2.3, or no whole number of a shared text
        raise Unusual from None


def _add(content: SheetContent, place: tuple[int, int], style: int, kind: str, inside: str) -> None:
    """A cell with more in it than a plain value."""
    found = _INSIDE.fullmatch(inside)
    if not found:
        raise Unusual
    share, formula, text, blank, inline = found.groups()
    text = "" if blank else inline if text is None else text
    shared = _SHARE.search(share) if share and ' t="shared"' in share else None
    content.add(place, style, kind, text and plain_text(text),
                None if share is None else plain_text(formula or ""), shared[1] if shared else "")


def plain_text(text: str) -> str:
    """Text of XML with its entities resolved. Raises Unusual for what no XML may hold."""
    if not text.isprintable() and _NOT_ALLOWED.search(text):
        raise Unusual
    if "&" not in text:
        return text
    found, count = _ENTITY.subn(_meant, text)
    if count != text.count("&"):
        raise Unusual
    return found


def _meant(entity: re.Match[str]) -> str:
    if entity[1]:
        return _ENTITIES[entity[1]]
    code = int(entity[2]) if entity[2] else int(entity[3], 16)
    if code < 32 and code not in (9, 10, 13) or 0xD800 <= code < 0xE000 or code >= 0xFFFE:
        raise Unusual
    return chr(code)


# -- what all sheets share ----------------------------------------------------------------------------


def _kept(read: Callable[..., Found]) -> Callable[..., Found]:
    """What was read of a section of a part is remembered: units that filled in one template have the same names and
    styles. Nobody may change it.
    """
    remembered = lru_cache(_SECTIONS)(read)

    @wraps(read)
    def found(*sections: str) -> Found:
        return (remembered if sum(map(len, sections)) <= _LONG_SECTION else read)(*sections)

    return found


def fast_strings(data: bytes, most: int) -> list[str]:
    """The shared strings. Raises Unusual when the parser must read them, or there are more than `most`."""
    text = _usual(data, "sst")
    if text.count("</si>") > most or text.rfind("<si") > text.rfind("</si>") or ":t>" in text or ":t " in text:
        raise Unusual                                 # each <si> has its end: the pattern never runs on in vain
    first, *pieces = _STRING.split(text)
    if not pieces or len(pieces) != text.count("<si") * 3 or first.count("<") > 2 \
            or "".join(pieces[2:-1:3]).strip():
        raise Unusual
    return [bare if bare and bare.isprintable() and "&" not in bare and "_x" not in bare
            else unescaped(plain_text(_joined(rich) if bare is None else bare))
            for bare, rich in zip(pieces[::3], pieces[1::3])]


def _joined(rich: str) -> str:
    """Runs of rich text joined, phonetic guides left out."""
    text = _PHONETIC.sub("", rich) if "<rPh" in rich else rich
    runs = _RUN.findall(text)
    if len(runs) != text.count("</t>"):
        raise Unusual
    return "".join(runs)


def fast_formats(data: bytes) -> tuple[list[int], dict[int, str]]:
    """Number format ids of the cell formats in order, and the formats the workbook declares. Raises Unusual."""
    text = _usual(data, "styleSheet")
    declared = text.partition("<numFmts")[2].partition("</numFmts>")[0]
    used = text.partition("<cellXfs")[2].partition("</cellXfs>")[0]
    return _formats(declared, used)


@_kept
def _formats(declared: str, used: str) -> tuple[list[int], dict[int, str]]:
    """From between <numFmts>, and between <cellXfs>, and their ends. Raises Unusual."""
    formats = [_attributes(found) for found in _FORMAT.findall(declared)]
    styles = _STYLE.findall(used)
    if not used or len(formats) != declared.count("<numFmt") or len(styles) != used.count("xf ") \
            or ":numFmt" in declared or ":xf" in used:
        raise Unusual
    own = {int(one["numFmtId"]): one.get("formatCode", "General") for one in formats[::-1]
           if one.get("numFmtId", "").isdecimal()}
    return list(map(int, styles)), own


def fast_workbook(data: bytes) -> SheetsAndNames:
    """Sheets as (name, relationship, state), and the names scoped to each sheet. Raises Unusual."""
    text = _usual(data, "workbook")
    before, _, rest = text.partition("<definedNames>")
    section = rest.partition("</definedNames>")[0]
    sheets = [_attributes(found) for found in _SHEET.findall(before)]
    if len(sheets) != text.count("<sheet ") or text.count("<definedName ") != section.count("<definedName ") \
            or "</sheets>" not in before or ":definedName" in text:
        raise Unusual
    return [(one.get("name", ""), one.get("id", ""), one.get("state", "visible")) for one in sheets], _names(section)


@_kept
def _names(section: str) -> dict[int, dict[str, str]]:
    """The names scoped to each sheet, from between <definedNames> and its end. Raises Unusual."""
    found, count, names = _USUAL_NAME.findall(section), section.count("<definedName "), defaultdict(dict)
    if len(found) != count:                           # more is said of some of them
        found = _NAME.findall(section)
    if len(found) != count:
        raise Unusual
    if "&" in section or not section.isprintable():
        found = [(plain_text(name), sheet, plain_text(target)) for name, sheet, target in found]
    for name, sheet, target in found:
        if sheet:
            names[int(sheet)][name] = target
    return dict(names)


def _attributes(text: str) -> dict[str, str]:
    return {name: plain_text(value) for name, value in _ATTRIBUTE.findall(text)}
