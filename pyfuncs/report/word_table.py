"""A printed form as tables and paragraphs of a Word document: WordprocessingML, every text escaped. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from xml.sax.saxutils import escape

from pyfuncs.catalog.printed_form import Align, PrintedCell, PrintedForm
from pyfuncs.report.naming import clean_text

_MARGIN = 50                                          # left and right within a cell
_TEXT, _TITLE = 18, 28                                # half points
_SPARE = 0.8                                          # of the page: rows grow with their text
_HEADING, _LINE = 1400, 280                           # twips: 附件1 with the title, and a line of the form
_SIDES = ("top", "left", "bottom", "right")


@dataclass(frozen=True)
class Paper:
    """The page that forms are printed on, upright; in twips (1/20 point)."""

    width: int
    height: int
    top: int
    right: int
    bottom: int
    left: int

    def turned(self, landscape: bool) -> Paper:
        return Paper(self.height, self.width, self.right, self.bottom, self.left, self.top) if landscape else self

    @property
    def text_width(self) -> int:
        return self.width - self.left - self.right

    @property
    def text_height(self) -> int:
        return self.height - self.top - self.bottom


def forms_xml(forms: Sequence[PrintedForm], style: str, paper: Paper) -> str:
    """All forms, each on a page of its own: 附件1 in the paragraph style `style`, title, lines, table.

    The section of the last form is left to the document: its page must lie as that form does.
    """
    pieces = []
    for number, form in enumerate(forms, 1):
        before = forms[number - 2] if number > 1 else None
        if (before.landscape if before else False) != form.landscape:
            pieces.append(_section_end(paper, before.landscape if before else False))
        pieces.append(_form(form, f"附件{number}", style, paper.turned(form.landscape)))
    return "".join(pieces)


def _section_end(paper: Paper, landscape: bool) -> str:
    """Ends the pages that lie one way, in a paragraph that takes no room."""
    page = paper.turned(landscape)
    turned = ' w:orient="landscape"' if landscape else ""
    return (f'<w:p><w:pPr>{_no_indent(line=20)}<w:sectPr><w:pgSz w:w="{page.width}" w:h="{page.height}"{turned}/>'
            f'<w:pgMar w:top="{page.top}" w:right="{page.right}" w:bottom="{page.bottom}" w:left="{page.left}" '
            'w:header="600" w:footer="600" w:gutter="0"/></w:sectPr></w:pPr></w:p>')


def _form(form: PrintedForm, heading: str, style: str, page: Paper) -> str:
    title = _paragraph(form.title, "center", size=_TITLE, bold=True)
    lines = len(form.above) + len(form.below)
    room = round((page.text_height - _HEADING - lines * _LINE) * _SPARE)
    return "".join([_heading(heading, style), title, *(_line(texts, page.text_width) for texts in form.above),
                    _table(form, page.text_width, room), *(_line(texts, page.text_width) for texts in form.below)])


def _heading(text: str, style: str) -> str:
    return (f'<w:p><w:pPr><w:pStyle w:val="{style}"/><w:pageBreakBefore/></w:pPr>'
            f"<w:r>{_words(text)}</w:r></w:p>")


def _line(texts: Sequence[tuple[str, Align]], width: int) -> str:
    """A line of the form; several texts on it stand one behind the other, at even distances."""
    if len(texts) == 1:
        return _paragraph(*texts[0])
    stops = "".join(f'<w:tab w:val="left" w:pos="{width * number // len(texts)}"/>'
                    for number in range(1, len(texts)))
    if len(texts) == 2 and texts[1][1] == "right":
        stops = f'<w:tab w:val="right" w:pos="{width}"/>'
    runs = "<w:r><w:tab/></w:r>".join(_run(text) for text, _ in texts)
    return f"<w:p><w:pPr>{_no_indent(f'<w:tabs>{stops}</w:tabs>')}</w:pPr>{runs}</w:p>"


def _table(form: PrintedForm, width: int, room: int) -> str:
    """`room`: the height that the rows should not need more than."""
    widths = _twips(form.widths, width)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    edges = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
                    for side in (*_SIDES, "insideH", "insideV"))
    margins = "".join(f'<w:{side} w:w="{_MARGIN}" w:type="dxa"/>' for side in ("left", "right"))
    head = (f'<w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:jc w:val="center"/><w:tblBorders>{edges}</w:tblBorders>'
            f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>')
    return f"<w:tbl>{head}{''.join(_rows(form, widths, room))}</w:tbl>"


def _twips(widths: Sequence[float], whole: int) -> list[int]:
    """Column widths that fill the page, to the last twip."""
    ends = [round(whole * end / sum(widths)) for end in accumulate(widths)]
    return [end - start for start, end in zip([0, *ends], ends)]


def _rows(form: PrintedForm, widths: Sequence[int], room: int) -> Iterator[str]:
    scale = min(1.0, room / (20 * sum(form.heights) or 1))
    covering = {(row, column): cell for cell in form.cells for row in range(cell.row, cell.row + cell.rows)
                for column in range(cell.column, cell.column + cell.columns)}
    for row, height in enumerate(form.heights):
        cells, column = [], 0
        while column < len(widths):
            cell = covering.get((row, column)) or PrintedCell(row, column, 1, 1, "")
            span = min(cell.columns, len(widths) - column)
            cells.append(_cell(cell, span, sum(widths[column:column + span]), first=cell.row == row))
            column += span
        least = f'<w:trHeight w:val="{round(height * 20 * scale)}" w:hRule="atLeast"/>' if height else ""
        yield f"<w:tr><w:trPr><w:cantSplit/>{least}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(cell: PrintedCell, span: int, width: int, first: bool) -> str:
    spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    merged = ('<w:vMerge w:val="restart"/>' if first else "<w:vMerge/>") if cell.rows > 1 else ""
    without = "".join(f'<w:{side} w:val="nil"/>' for side in _SIDES if side in cell.open)
    borders = f"<w:tcBorders>{without}</w:tcBorders>" if without else ""
    turned = '<w:textDirection w:val="tbRlV"/>' if cell.vertical and cell.rows > 1 else ""
    size, middle = f'<w:tcW w:w="{width}" w:type="dxa"/>', '<w:vAlign w:val="center"/>'
    properties = f"<w:tcPr>{size}{spans}{merged}{borders}{turned}{middle}</w:tcPr>"
    return f"<w:tc>{properties}{_paragraph(cell.text if first else '', cell.align, bold=cell.bold)}</w:tc>"


def _paragraph(text: str, align: Align, size: int = _TEXT, bold: bool = False) -> str:
    return f"<w:p><w:pPr>{_no_indent()}<w:jc w:val=\"{align}\"/></w:pPr>{_run(text, size, bold)}</w:p>"


def _no_indent(tabs: str = "", line: int = 0) -> str:
    """Body text has an indent and wide lines; a form has not. `line`: the exact height of a line, in twips."""
    height = f'w:line="{line}" w:lineRule="exact"' if line else 'w:line="240" w:lineRule="auto"'
    return (f'{tabs}<w:spacing w:before="0" w:after="0" {height}/>'
            '<w:ind w:left="0" w:right="0" w:firstLine="0" w:firstLineChars="0"/>')


def _run(text: str, size: int = _TEXT, bold: bool = False) -> str:
    heavy = "<w:b/>" if bold else ""
    return f'<w:r><w:rPr>{heavy}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>{_words(text)}</w:r>'


def _words(text: str) -> str:
    lines = clean_text(text).split("\n")
    return "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines)
