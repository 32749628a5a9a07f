"""New formats appended to a workbook's styles; those that are there keep their numbers and bytes (pure)."""

from __future__ import annotations

from pyfuncs.workbook.mark_xml import Patch, append, parse, patched
from pyfuncs.workbook.text_fit import BODY_SIZE

# Pale enough to be read through, distinct when printed in grey.
COLOURS = {"error": "FFFFC7CE", "warning": "FFFFEB9C", "rounding": "FFD6DCE4", "note": "FFD6DCE4"}
# For the cells a finding only compares with: the eye goes to the culprit.
PALE = {"error": "FFFDF0F0", "warning": "FFFFFAE8", "rounding": "FFF1F3F6", "note": "FFF1F3F6"}
_BEHIND_TINTS = {"tableStyles", "colors", "extLst"}    # in the order of the schema


class Styles:
    """Collects new formats; `data()` gives the patched part."""

    def __init__(self, data: bytes) -> None:
        self._data, self._root = data, parse(data)
        self._new: dict[str, list[str]] = {}
        self._known: dict[tuple[str, str], int] = {}
        self._prefix = self._root.prefix

    def tint(self, colour: str) -> int:
        """The differential format that fills a cell with `colour` (ARGB), whatever its own fill is."""
        p = self._prefix
        return self._add("dxfs", f'<{p}dxf><{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="{colour}"/>'
                                 f'<{p}bgColor rgb="{colour}"/></{p}patternFill></{p}fill></{p}dxf>')

    def own(self, *, bold: bool = False, size: float = BODY_SIZE, colour: str = "", link: bool = False,
            border: bool = False, centre: bool = False) -> int:
        """A format for a sheet of our own, its text wrapped."""
        p = self._prefix
        look = (f"<{p}b/>" if bold else "") + (f"<{p}u/>" if link else "")
        ink = f'<{p}color rgb="FF0563C1"/>' if link else ""
        font = self._add("fonts", f'<{p}font>{look}<{p}sz val="{size}"/>{ink}<{p}name val="宋体"/></{p}font>')
        fill = self._fill(colour) if colour else 0
        place = ('horizontal="center" ' if centre else "") + 'vertical="center"'
        edge = self._border() if border else 0
        applied = 'applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"'
        return self._add("cellXfs", f'<{p}xf numFmtId="0" fontId="{font}" fillId="{fill}" borderId="{edge}" '
                                    f'xfId="0" {applied}><{p}alignment {place} wrapText="1"/></{p}xf>')

    def data(self) -> bytes:
        patches = []
        for name, new in self._new.items():
            target = self._root.first(name)
            if target is None:
                patches.append(self._new_tints("".join(new), len(new)))
            else:
                patches += append(target, "".join(new), {"count": str(len(target.children) + len(new))})
        return patched(self._data, patches)

    def _new_tints(self, text: str, count: int) -> Patch:
        """A list of differential formats for a workbook that has none."""
        p = self._prefix
        at = next((child.start for child in self._root.children if child.local in _BEHIND_TINTS), self._root.inner_end)
        return Patch(at, at, f'<{p}dxfs count="{count}">{text}</{p}dxfs>')

    def _fill(self, colour: str) -> int:
        p = self._prefix
        return self._add("fills", f'<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="{colour}"/>'
                                  f'<{p}bgColor indexed="64"/></{p}patternFill></{p}fill>')

    def _border(self) -> int:
        p = self._prefix
        sides = "".join(f'<{p}{side} style="thin"><{p}color indexed="64"/></{p}{side}>'
                        for side in ("left", "right", "top", "bottom"))
        return self._add("borders", f"<{p}border>{sides}<{p}diagonal/></{p}border>")

    def _add(self, name: str, xml: str) -> int:
        """Index of a format in its list; the same one is never added twice."""
        if (name, xml) not in self._known:
            new = self._new.setdefault(name, [])
            new.append(xml)
            self._known[name, xml] = self._length(name) + len(new) - 1
        return self._known[name, xml]

    def _length(self, name: str) -> int:
        found = self._root.first(name)
        if found is None and name != "dxfs":
            raise ValueError(f"styles without {name}")
        return len(found.children) if found else 0
