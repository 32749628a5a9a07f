"""Workbooks whose XML is hostile: entities, sheets that lie, absurd values, endless names."""

from __future__ import annotations

import re
from collections.abc import Callable

from hostile_case import (BASIC, CLEAN, COVER, ERROR, IDENTITY, STRINGS, STYLES, TOLD, WORKBOOK, Hostile, Wanted, clean_parts,
                          edited, package, replaced, told, typed, unpacked)

DTD = told("DQ-forbidden-xml")
BROKEN = told("DQ-broken-xml")
LOST = told("DQ-foreign-name", "DQ-broken-name", severity="warning")     # and found by its label
DAMAGED = told("DQ-damaged-part")
LIMIT = told("DQ-too-many-cells", "DQ-too-many-merges", "DQ-long-text", "DQ-too-slow", "DQ-too-large", "DQ-bomb")
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 10}">' for n in range(12))
ENTITIES = {
    "billion laughs": (LAUGHS, "&l11;"),
    "external entity": ('<!ENTITY l SYSTEM "file:///etc/passwd">', "&l;"),
    "parameter entity from afar": ('<!ENTITY % l SYSTEM "http://127.0.0.1:9/a.dtd"> %l;', ""),
    "long entity a thousand times": (f'<!ENTITY l "{"x" * 100_000}">', "&l;" * 1000),
    "empty list of definitions": ("", ""),
}
PARTS = {"workbook": WORKBOOK, "sheet": BASIC, "strings": STRINGS, "formats": STYLES, "relations": "_rels/.rels"}


def with_entities(part: str, declared: str, used: str) -> Callable[[], bytes]:
    def make() -> bytes:
        parts = clean_parts()
        text = parts[part].decode()
        start = re.search(r"<(\w+)[\s>]", text)
        behind = text.index(">", start.end() - 1) + 1
        text = f"{text[:start.start()]}<!DOCTYPE {start[1]} [{declared}]>{text[start.start():behind]}{used}{text[behind:]}"
        return package(parts | {part: text.encode()})
    return make


def rows(part: str, content: Callable[[], str], before: bool = False) -> Callable[[], bytes]:
    """The honest workbook with rows more in a sheet, behind its own or before."""
    mark = "<sheetData>" if before else "</sheetData>"
    return lambda: edited(part, (mark, mark + content() if before else content() + mark))()


def shuffled() -> bytes:
    """The rows of a sheet from the last to the first, the cells of each row too."""
    parts = clean_parts()
    text = parts[BASIC].decode()
    found = re.findall(r"<row .*?</row>", text)
    turned = [re.match(r"<row [^>]*>", row)[0] + "".join(reversed(re.findall(r"<c [^>]*/>|<c .*?</c>", row))) + "</row>"
              for row in reversed(found)]
    return package(parts | {BASIC: text.replace("".join(found), "".join(turned)).encode()})


def utf16() -> bytes:
    parts = clean_parts()
    text = parts[BASIC].decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    return package(parts | {BASIC: text.encode("utf-16")})


def without_addresses() -> bytes:
    """Cells and rows that say their place only by their order: they may."""
    parts = clean_parts()
    return package(parts | {BASIC: re.sub(r'(<row|<c) r="[A-Z]*\d+"', r"\1", parts[BASIC].decode()).encode()})


def names(text: str) -> Callable[[], bytes]:
    return edited(WORKBOOK, ("</definedNames>", text + "</definedNames>"))


def headcount_name(target: str) -> Callable[[], bytes]:
    return edited(WORKBOOK, ("'基础数据表'!$B$5<", target + "<"))


def spelled_oddly(make: Callable[[], bytes], part: str) -> Callable[[], bytes]:
    """The same with a comment in a part, as no program writes it: what reads the usual spelling only gives up."""
    def made() -> bytes:
        parts = unpacked(make())
        return package(parts | {part: parts[part].replace(b"?>", b"?><!-- -->", 1)})
    return made


def headcount_reads(content: str, kind: str = "", wanted=ERROR) -> Hostile:
    return Hostile(typed(content, kind), wanted)


ENTITY_CASES = {f"{name} in the {where}": Hostile(with_entities(part, *entities), DTD)
                for name, entities in ENTITIES.items() for where, part in PARTS.items()}

ATTRIBUTES = " ".join(f'a{n}=""' for n in range(300_000))
XML_CASES = {
    "UTF-16": Hostile(utf16, CLEAN),
    **{f"encoding {name} of the {where}": Hostile(edited(part, ('encoding="UTF-8"', f'encoding="{name}"')),
                                                           Wanted(BROKEN.codes, "error", True))
       for name in ("x-martian", "GBK", "UTF-7", "idna")
       for where, part in {"workbook": WORKBOOK, "sheet": BASIC, "strings": STRINGS}.items()},
    "bytes that are no UTF-8": Hostile(
        lambda: package((parts := clean_parts()) | {BASIC: parts[BASIC].replace(b"<v>15</v>", b"<v>\xff\xfe</v>")}), BROKEN),
    "control characters": Hostile(typed("<v>1\x1b[31m5</v>"), BROKEN),
    "NUL": Hostile(typed("<v>1\x005</v>"), BROKEN),
    "surrogate written as such": Hostile(typed("<is><t>\ud800</t></is>", "inlineStr"), BROKEN),
    "surrogate as reference": Hostile(typed("<is><t>&#xD800;</t></is>", "inlineStr"), BROKEN),
    "hundred thousand elements within each other": Hostile(
        edited(BASIC, ("</worksheet>", "<extLst>" * 100_000 + "</extLst>" * 100_000 + "</worksheet>")), CLEAN),
    "three hundred thousand attributes": Hostile(
        edited(BASIC, ("<sheetData>", f"<x {ATTRIBUTES}/><sheetData>")), CLEAN),
    "element name of a megabyte": Hostile(edited(BASIC, ("<sheetData>", f"<{'x' * 2**20}/><sheetData>")), CLEAN),
    "comment of ten megabytes": Hostile(edited(BASIC, ("<sheetData>", f"<!--{'甲乙' * 1_700_000}--><sheetData>")), CLEAN),
    "value in pieces": headcount_reads("<v><![CDATA[1]]><!-- 9 -->&#53;</v>", wanted=CLEAN),
    "cut in the middle": Hostile(
        lambda: package((parts := clean_parts()) | {BASIC: parts[BASIC][:9000]}), BROKEN),
    "no sheets": Hostile(replaced(WORKBOOK, b"<workbook/>"), told("DQ-no-sheets")),
    "no root": Hostile(replaced(BASIC, b""), BROKEN),
    "another root": Hostile(replaced(BASIC, b"<html><table><tr><td>15</td></tr></table></html>"), ERROR),
}

FORMATTED_ROWS = 1_048_576
TWENTY = '<c t="s"><v>1</v></c>' * 20
SHEET_CASES = {
    "text in the last cell of all": Hostile(
        rows(BASIC, lambda: '<row r="1048576"><c r="XFD1048576" t="str"><v>.</v></c></row>'), CLEAN),
    "text far away": Hostile(rows(BASIC, lambda: '<row r="60000"><c r="Z60000" t="str"><v>.</v></c></row>'), CLEAN),
    "text beyond the last cell": Hostile(
        rows(BASIC, lambda: '<row r="9999999"><c r="ZZZ9999999" t="str"><v>.</v></c></row>'), CLEAN),
    "million empty rows with a format": Hostile(
        rows(BASIC, lambda: "".join(f'<row r="{n}" s="1" customFormat="1"/>' for n in range(41, FORMATTED_ROWS))), CLEAN),
    "two hundred thousand rows of empty cells": Hostile(
        rows(BASIC, lambda: "".join(f'<row r="{n}"><c r="A{n}" s="5"/><c r="B{n}" s="5"/><c r="C{n}" s="5"/></row>'
                                    for n in range(41, 200_000))), CLEAN),
    "million cells with texts, spelled oddly": Hostile(spelled_oddly(
        rows(BASIC, lambda: "".join(f'<row r="{n}">{TWENTY}</row>' for n in range(41, 50_041))), BASIC), LIMIT),
    "million cells with texts": Hostile(
        rows(BASIC, lambda: "".join(f'<row r="{n}">{TWENTY}</row>' for n in range(41, 50_041))),
        LIMIT),
    "dimension of one cell": Hostile(edited(BASIC, ('ref="A1:D40"', 'ref="A1"')), CLEAN),
    "dimension of all cells": Hostile(edited(BASIC, ('ref="A1:D40"', 'ref="A1:XFD1048576"')), CLEAN),
    "dimension of nonsense": Hostile(edited(BASIC, ('ref="A1:D40"', 'ref="D40:A1:%%$$"')), CLEAN),
    "rows and cells from last to first": Hostile(shuffled, CLEAN),
    "a far row before all others": Hostile(
        rows(BASIC, lambda: '<row r="1048576"><c r="A1048576" t="str"><v>.</v></c></row>', before=True), CLEAN),
    "cells without addresses": Hostile(without_addresses, CLEAN),
    "same cell twice": Hostile(edited(BASIC, ('<c r="C5"', '<c r="B5"><v>16</v></c><c r="C5"')), ERROR),
    "same row twice": Hostile(rows(BASIC, lambda: '<row r="5"><c r="B5"><v>16</v></c></row>'), ERROR),
    "row numbers without end": Hostile(rows(BASIC, lambda: f'<row r="{"9" * 5000}"><c><v>1</v></c></row>'),
                                       told("DQ-damaged-part")),
    "row numbers of nonsense": Hostile(
        rows(BASIC, lambda: "".join(f'<row r="{r}"><c r="A1"/></row>' for r in ("-5", "0", "1e9", "x", "9" * 30))), CLEAN),
    "merged over the whole sheet": Hostile(
        edited(BASIC, ("</mergeCells>", '<mergeCell ref="A1:XFD1048576"/></mergeCells>')), CLEAN),
    "twenty thousand merges": Hostile(
        edited(BASIC, ("</mergeCells>", "".join(f'<mergeCell ref="F{n}:G{n}"/>' for n in range(1, 20_001))
                       + "</mergeCells>")), LIMIT),
    "ten thousand large merges": Hostile(
        edited(BASIC, ("</mergeCells>", "".join(f'<mergeCell ref="F{n}:XFD1048576"/>' for n in range(1, 10_001))
                       + "</mergeCells>")), Wanted(LIMIT.codes, "error", True)),
    "merge from right to left": Hostile(
        edited(BASIC, ("</mergeCells>", '<mergeCell ref="G90:F80"/></mergeCells>')), CLEAN),
    "two thousand million hidden columns": Hostile(
        edited(BASIC, ("<cols>", '<cols><col min="20" max="2000000000" hidden="1"/>')), CLEAN),
    "hidden columns of nonsense": Hostile(
        edited(BASIC, ("<cols>", '<cols><col min="x" max="-3" hidden="1"/>')), told("DQ-damaged-part")),
    "link with a script": Hostile(
        edited(BASIC, ("<pageMargins", '<hyperlinks><hyperlink ref="A5" location="javascript:alert(1)"/></hyperlinks>'
                                       "<pageMargins")), CLEAN),
    "formula shared by nobody": headcount_reads('<f t="shared" si="99"/><v>15</v>', wanted=CLEAN),
    "formula over all cells": headcount_reads('<f t="array" ref="A1:XFD1048576">1</f><v>15</v>', wanted=CLEAN),
    "formula of a megabyte": headcount_reads(f"<f>{'1+' * 500_000}1</f><v>15</v>", wanted=CLEAN),
    "hundred thousand brackets": headcount_reads(f"<f>{'(' * 100_000}1{')' * 100_000}</f><v>15</v>", wanted=CLEAN),
}

VALUE_CASES = {
    **{f"number {text}": headcount_reads(f"<v>{text}</v>", wanted=TOLD) for text in ("1e-400", "-0", "=15")},
    **{f"number {text}": headcount_reads(f"<v>{text}</v>") for text in (
        "NaN", "INF", "-INF", "1e400", "1e308", "-1e308", "99999999999999999", "1_5", "0x0F", "1e5",
        "9" * 5000, "1e99999999999", "--15", "")},
    **{f"text {text}": headcount_reads(f"<is><t>{text}</t></is>", "inlineStr") for text in (
        "1e5", "1,2,3", "1.5.3", "NaN", "1e308", "=1+14", "=HYPERLINK(\"http://127.0.0.1:9\",\"15\")",
        "+cmd|' /C calc'!A0", "@SUM(1)", "⁡15", "٣٤٥٦", "15\u202e", "&lt;script&gt;alert(1)&lt;/script&gt;")},
    "value of an unknown kind": headcount_reads("<v>15</v>", "zzz", CLEAN),
    "truth value of nonsense": headcount_reads("<v>maybe</v>", "b"),
    **{f"string number {text}": headcount_reads(f"<v>{text}</v>", "s", DAMAGED) for text in (
        "-1", "99999", "9" * 5000, "1.5", "x", "٣")},
    "text of ten thousand characters": Hostile(typed(f"<is><t>{'履职' * 5000}</t></is>", "inlineStr", "A40"), CLEAN),
    "text of a million characters": headcount_reads(f"<is><t>{'履职尽责' * 250_000}</t></is>", "inlineStr",
                                                    told("DQ-bomb", "DQ-long-text")),
    "digits without end": headcount_reads(f"<is><t>{'123456789' * 3000}</t></is>", "inlineStr"),
    "blanks without end": headcount_reads(f"<is><t>{'　 ' * 15000}x</t></is>", "inlineStr"),
    "escaped NUL": headcount_reads("<is><t>1_x0000_5_x001B_[31m</t></is>", "inlineStr"),
    "escaped surrogate": headcount_reads("<is><t>_xD800__xDFFF_</t></is>", "inlineStr"),
    "formula that calls a program": headcount_reads("<f>cmd|' /C calc'!A0</f><v>15</v>", wanted=CLEAN),
    "formula that calls the web": headcount_reads("<f>WEBSERVICE(\"http://127.0.0.1:9\")</f><v>15</v>", wanted=CLEAN),
    "formula into another workbook": headcount_reads("<f>[1]Sheet1!$A$1</f><v>15</v>", wanted=CLEAN),
    "string of a hundred thousand runs": Hostile(
        edited(STRINGS, ("</sst>", f"<si>{'<r><t>甲</t></r>' * 100_000}</si></sst>")), told("DQ-long-text")),
    "half a million strings": Hostile(edited(STRINGS, ("</sst>", "<si><t>a</t></si>" * 500_000 + "</sst>")), LIMIT),
}

CIRCLES = '<definedName name="甲" localSheetId="1">乙</definedName><definedName name="乙" localSheetId="1">甲</definedName>'
NAME_CASES = {
    "names in a circle": Hostile(names(CIRCLES), CLEAN),
    "needed name in a circle": Hostile(headcount_name("编制数"), LOST),
    "name that points nowhere": Hostile(headcount_name("#REF!"), LOST),
    "name into another workbook": Hostile(headcount_name("[1]Sheet1!$A$1"), LOST),
    "name of a file": Hostile(headcount_name("'file:///etc/[passwd]a'!$A$1"), LOST),
    "name that calls a program": Hostile(headcount_name("cmd|' /C calc'!$A$1"), LOST),
    "name of row 0": Hostile(headcount_name("'基础数据表'!$B$0"), ERROR),
    "name beyond the sheet": Hostile(headcount_name("'基础数据表'!$ZZZ$9999999"), ERROR),
    "name of the whole sheet": Hostile(headcount_name("'基础数据表'!$A$1:$XFD$1048576"), ERROR),
    "name from right to left": Hostile(headcount_name("'基础数据表'!$B$5:$A$1"), CLEAN),
    "table of all rows": Hostile(
        edited(WORKBOOK, ("'基础数据表'!$B$25:$B$29", "'基础数据表'!$B$1:$B$1048576")), told("DQ-too-many-rows")),
    "twenty thousand names": Hostile(
        names("".join(f'<definedName name="n{n}">#REF!</definedName>' for n in range(20_000))), CLEAN),
    "name of a megabyte": Hostile(names(f'<definedName name="n" localSheetId="1">{"A" * 2**20}</definedName>'), CLEAN),
    "name of a sheet that is not there": Hostile(
        names(f'<definedName name="n" localSheetId="{"9" * 5000}">1</definedName>'), CLEAN),
    "the same, spelled oddly": Hostile(
        spelled_oddly(names(f'<definedName name="n" localSheetId="{"9" * 5000}">1</definedName>'), WORKBOOK), CLEAN),
    "two sheets of one name": Hostile(edited(WORKBOOK, ('name="整体自评表"', 'name="基础数据表"')), ERROR),
    "sheet without a name": Hostile(edited(WORKBOOK, ('name="计算过程"', 'name=""')), CLEAN),
    "sheet name of ten thousand characters": Hostile(
        edited(WORKBOOK, ('name="计算过程"', f'name="{"甲" * 10_000}"')), CLEAN),
    "all sheets in one part": Hostile(
        edited("xl/_rels/workbook.xml.rels", *((f"worksheets/sheet{n}.xml", "worksheets/sheet2.xml") for n in (1, 3, 4, 5))),
        ERROR),
    "six hundred sheets": Hostile(
        edited(WORKBOOK, ("</sheets>", "".join(f'<sheet name="s{n}" sheetId="{n + 9}" r:id="rId5"/>' for n in range(600))
                          + "</sheets>")), told("DQ-too-many-sheets")),
    "link to another workbook": Hostile(
        lambda: package(clean_parts() | {
            "xl/externalLinks/externalLink1.xml": b'<externalLink xmlns="x"><externalBook r:id="rId1"/></externalLink>',
            "xl/externalLinks/_rels/externalLink1.xml.rels": b'<Relationships><Relationship Id="rId1" Type="x" '
                                                             b'Target="file://127.0.0.1/x" TargetMode="External"/>'
                                                             b"</Relationships>"}), CLEAN),
    "link to a program": Hostile(
        lambda: package(clean_parts() | {
            "xl/externalLinks/externalLink1.xml": b'<externalLink xmlns="x"><ddeLink ddeService="cmd" '
                                                  b'ddeTopic="/C calc"/></externalLink>'}), CLEAN),
    "macro sheet": Hostile(
        edited(WORKBOOK, ("</sheets>", '<sheet name="Macro1" sheetId="99" state="veryHidden" r:id="rId5"/></sheets>')), CLEAN),
    "format number without end": Hostile(
        spelled_oddly(edited(STYLES, ("</cellXfs>", f'<xf numFmtId="{"9" * 5000}"/></cellXfs>')), STYLES),
        Wanted(("DQ-damaged-part",), "error", True)),
    "twenty thousand formats": Hostile(
        edited(STYLES, ("</cellXfs>", '<xf numFmtId="4"/>' * 20_000 + "</cellXfs>")), CLEAN),
    "formats that are not there": Hostile(
        edited(BASIC, ('<c r="B5" s="16">', '<c r="B5" s="99999">'), ('<c r="C5" s="16">', '<c r="C5" s="-1">')), CLEAN),
    "number format of a megabyte": Hostile(
        edited(STYLES, ("</numFmts>", f'<numFmt numFmtId="200" formatCode="{"0" * 2**20}"/></numFmts>')), CLEAN),
}


def identity(ruleset: str) -> Callable[[], bytes]:
    return typed(f"<is><t>{ruleset}</t></is>", "inlineStr", "B1", IDENTITY)


IDENTITY_CASES = {
    **{f"rule set {text[:20]!r}": Hostile(identity(text), told("DQ-unknown-ruleset")) for text in (
        "../../../etc/passwd", "/etc/passwd", "430400/../430400/2022", "430400\\2022", "=430400/2022",
        "430400/2022_x0000_", "４３０４００/２０２２", "9" * 10_000, "&lt;script&gt;", "%s%s%n", "{0.__class__}")},
    "hash of nonsense": Hostile(typed("<is><t>=1+1</t></is>", "inlineStr", "B3", IDENTITY), TOLD),
    "unit named by a formula": Hostile(typed("<is><t>=HYPERLINK(\"http://127.0.0.1:9\")</t></is>", "inlineStr", "C4", COVER),
                                       CLEAN),
}

CASES: dict[str, Hostile] = {**ENTITY_CASES, **XML_CASES, **SHEET_CASES, **VALUE_CASES, **NAME_CASES, **IDENTITY_CASES}
