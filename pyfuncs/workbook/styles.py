"""How each role of a cell looks: fonts of official documents, thin lines, tints too light to print."""

from __future__ import annotations

from typing import Any

from pyfuncs.workbook.places import Place, Role

SONG, HEI, FANG = "宋体", "黑体", "仿宋"
BODY = 10.5                                           # points: 五号

INPUT_TINT = "#FFFCF0"                                # to be filled in
AUTO_TINT = "#F1F6FA"                                 # worked out
ERROR_TINT = "#FFC7CE"                                # a check that is broken
INK, LINE, QUIET = "#000000", "#404040", "#595959"
TAB_FORM, TAB_HELP = "#8FAADC", "#BFBFBF"

_PERCENT = {0: "0%", 1: "0.0%", 2: "0.00%", 3: "0.000%", 4: "0.0000%"}

_ROLES: dict[Role, dict[str, Any]] = {
    "annex": {"font_name": HEI, "font_size": 12},
    "title": {"font_name": SONG, "font_size": 18, "bold": True},
    "line": {},
    "label": {},
    "head": {},
    "input": {"bg_color": INPUT_TINT},
    "auto": {"bg_color": AUTO_TINT},
    "fixed": {},
    "note": {},
    "spacer": {"bg_color": INPUT_TINT, "font_size": 1},
    "blank": {},
    "cover-title": {"font_name": FANG, "font_size": 22, "bold": True},
    "cover-line": {"font_name": FANG, "font_size": 14},
    "cover-head": {"font_name": HEI, "font_size": 12},
    "cover-text": {"font_name": FANG, "font_size": 12},
    "cover-link": {"font_color": "#1F4E79", "underline": 1},
}
_PADDED = {"head", "input", "auto", "fixed", "note", "cover-text"}
_BORDERED = {"label", "head", "input", "auto", "fixed", "note", "spacer", "blank", "cover-link"}


def number_format(kind: str, decimals: int, suffix: str = "") -> str:
    """Excel number format of an item. `decimals`: those of the amount, or of a rate's percent."""
    behind = f'"{suffix}"' if suffix else ""
    if kind == "rate":
        return _PERCENT[decimals]
    if kind == "amount":
        return "#,##0" + ("." + "0" * decimals if decimals else "") + behind
    if kind == "count":
        return "0" + behind
    if kind in ("target", "actual"):
        return "@"                                    # else =100% becomes a formula and 3-5 a date
    return "General"


def cell_format(place: Place) -> dict[str, Any]:
    """XlsxWriter's properties of one place."""
    style: dict[str, Any] = {"font_name": SONG, "font_size": BODY, "font_color": INK, "valign": "vcenter",
                             "text_wrap": True, "align": place.align or "center", "locked": place.locked}
    style |= _ROLES[place.role]
    if place.size:
        style["font_size"] = place.size
    if place.bold:
        style["bold"] = True
    if place.align == "left" and place.role in _PADDED:
        style["indent"] = place.indent + 1
    if place.vertical:
        style["rotation"], style["text_wrap"] = 270, False   # XlsxWriter's figure for upright characters
    if place.number_format != "General":
        style["num_format"] = place.number_format
    if place.role == "input" and place.type in ("amount", "count", "rate", "points", "score"):
        style["shrink"], style["text_wrap"] = True, False   # never #### for a long amount
    if place.role in ("auto", "line"):
        style["text_wrap"] = False
    return style | (_border(place) if place.role in _BORDERED else {})


def _border(place: Place) -> dict[str, Any]:
    sides = {side: 2 if side in place.heavy else 1 for side in ("top", "bottom", "left", "right")}
    for side in place.open | ({"top"} if place.role == "spacer" else set()):
        sides[side] = 0
    style: dict[str, Any] = {}
    for side, weight in sides.items():
        style[side] = weight
        if weight:
            style[f"{side}_color"] = LINE
    return style
