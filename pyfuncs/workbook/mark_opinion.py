"""The sheet 审核意见 that goes into a marked copy: the verdict, then one row per finding (pure)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pyfuncs.checks.finding import SEVERITY_WORDS, Finding, verdict
from pyfuncs.workbook.mark_styles import COLOURS, Styles
from pyfuncs.workbook.mark_xml import DECLARATION, MAIN, attribute, safe_text
from pyfuncs.workbook.text_fit import BODY_SIZE, LINE, PADDING, TALLEST, lines_of

OPINION_SHEET = "审核意见"
HEADERS = ("序号", "级别", "编号", "位置", "问题", "怎么办")
WIDTHS = (6, 10, 22, 24, 60, 40)
FIRST = 4                                             # row of the first finding
_LONGEST = 32_000                                     # letters; a cell holds 32,767


def opinion_sheet(findings: Sequence[Finding], styles: Styles, sheets: Collection[str], first: str) -> bytes:
    """The sheet's XML. Words from workbooks are inline text, never a formula. Links lead to `sheets` only, and one
    back to the `first` of them, "" for none."""
    title = styles.own(bold=True, size=16, centre=True)
    plain, link = styles.own(border=True), styles.own(border=True, link=True)
    rows = [_row(1, [(f"审核意见：{verdict(tuple(findings))}", title)], 30),
            _row(2, [(headline(findings, first), styles.own(centre=True, link=bool(first)))], 20),
            _row(3, [(header, styles.own(bold=True, border=True, centre=True)) for header in HEADERS], 22)]
    links = [f'<hyperlink ref="A2" location={attribute(location(f"{first}!A1"))}/>'] if first else []
    for number, finding in enumerate(findings, 1):
        row = FIRST + number - 1
        colour = styles.own(border=True, colour=COLOURS[finding.severity], centre=True)
        where = link if finding.cells and _sheet_of(finding.cells[0]) in sheets else plain
        rows.append(_row(row, [
            (str(number), plain), (SEVERITY_WORDS[finding.severity], colour), (finding.rule_id, plain),
            (place_words(finding.cells), where), (finding.message, plain), (finding.advice, plain)]))
        if where == link:
            links.append(f'<hyperlink ref="D{row}" location={attribute(location(finding.cells[0]))}/>')
    columns = "".join(f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
                      for number, width in enumerate(WIDTHS, 1))
    hyperlinks = f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
    return (f'{DECLARATION}<worksheet xmlns="{MAIN}"><sheetPr><tabColor rgb="FFC00000"/>'
            '<pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0">'
            f'<pane ySplit="{FIRST - 1}" topLeftCell="A{FIRST}" activePane="bottomLeft" state="frozen"/>'
            f"</sheetView></sheetViews><cols>{columns}</cols><sheetData>{''.join(rows)}</sheetData>"
            '<mergeCells count="2"><mergeCell ref="A1:F1"/><mergeCell ref="A2:F2"/></mergeCells>'
            f'{hyperlinks}<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" '
            'footer="0.3"/>'
            '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>').encode()


def location(cell: str) -> str:
    """基础数据表!C9 as a link inside the workbook: '基础数据表'!C9."""
    sheet, _, address = cell.rpartition("!")
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{address}"


def _sheet_of(cell: str) -> str:
    return cell.rpartition("!")[0]


def headline(findings: Sequence[Finding], first: str) -> str:
    """The line below the verdict; a click on it leads back to the `first` sheet."""
    return summary(findings) + (f"（点这一行回到“{first}”；点“位置”一栏到那一格）" if first else "")


def summary(findings: Sequence[Finding]) -> str:
    """How many there are of each severity."""
    counts = [(word, sum(finding.severity == severity for finding in findings))
              for severity, word in SEVERITY_WORDS.items()]
    return "，".join(f"{word} {count} 条" for word, count in counts if count) or "没有发现问题"


def place_words(cells: Sequence[str]) -> str:
    """The cell the link leads to, and how many more there are; the notes stand on all of them."""
    return cells[0] + (f" 等 {len(cells)} 格" if len(cells) > 1 else "") if cells else ""


def height_of(texts: Sequence[str]) -> float:
    """Points that a row of the sheet needs."""
    return min(TALLEST, PADDING + BODY_SIZE * LINE * max(lines_of(text, width) for text, width in zip(texts, WIDTHS)))


def _row(number: int, cells: list[tuple[str, int]], height: float = 0) -> str:
    height = height or height_of([text for text, _ in cells])
    written = "".join(
        f'<c r="{letter}{number}" s="{style}" t="inlineStr">'
        f'<is><t xml:space="preserve">{safe_text(text[:_LONGEST])}</t></is></c>'
        for letter, (text, style) in zip("ABCDEF", cells))
    return f'<row r="{number}" ht="{height:.2f}" customHeight="1">{written}</row>'
