"""The Word templates of the written report, made from the outlines in report_outlines/.

    python3 build/setup.py report-templates            write them into pyfuncs/rulesets
    python3 build/setup.py report-templates --check    write nothing; status 1 unless they are what the outlines give

An outline is a tree: a heading with its text, where a text is a sentence, a list of sentences that the program gives
(each, else), a table of `TABLES`, or what is repeated for each project. An office changes the Word file, not this.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pyfuncs.catalog.marks import load_marked  # noqa: E402
from pyfuncs.report.self_report import numeral  # noqa: E402
from pyfuncs.report.self_report_docx import ANNEX_STYLE, repacked  # noqa: E402

OUTLINES = ROOT / "build" / "report_outlines"
RULESETS = ROOT / "pyfuncs" / "rulesets"
NAME = "自评报告模板.docx"
MADE = datetime(2020, 1, 1)                           # an outline has no date; the bytes must not hang on the clock

BODY, BLACK, BRUSH, TITLE = "仿宋", "黑体", "楷体", "宋体"

# A table of the report: what stands before it, the list it shows, and its columns (title, width in cm, cell).
TABLES: dict[str, tuple[str, str, list[tuple[str, float, str]]]] = {
    "比率": ("各项比率及其计算过程如下：", "比率", [
        ("指标", 5.0, "{{ 行.名称 }}"), ("计算过程", 8.2, "{{ 行.算式 or '—' }}"), ("结果", 2.4, "{{ 行.结果 }}")]),
    # A form says of its indicators either what was to be reached, or not; of the two lists one is empty.
    "得分表": ("各项指标得分如下：", "得分表", [
        ("类别", 3.6, "{{ 行.类别 }}"), ("指标", 8.0, "{{ 行.名称 }}"), ("分值", 2.0, "{{ 行.分值 }}"),
        ("得分", 2.0, "{{ 行.得分 }}")]),
    "指标表": ("各项指标完成和得分如下：", "指标表", [
        ("类别", 2.4, "{{ 行.类别 }}"), ("指标", 4.6, "{{ 行.名称 }}"), ("年度指标值", 2.8, "{{ 行.目标 }}"),
        ("实际完成值", 2.8, "{{ 行.完成 }}"), ("分值", 1.5, "{{ 行.分值 }}"), ("得分", 1.5, "{{ 行.得分 }}")]),
    "扣分": ("扣分的指标及原因如下：", "扣分", [
        ("指标", 4.6, "{{ 行.名称 }}"), ("分值", 1.5, "{{ 行.分值 }}"), ("得分", 1.5, "{{ 行.得分 }}"),
        ("扣分", 1.5, "{{ 行.扣分 }}"), ("原因", 6.5, "{{ 行.原因 }}")]),
    "项目": ("各项目的自评情况如下：", "项目", [
        ("项目", 5.9, "{{ 行.名称 }}"), ("执行率", 7.1, "{{ 行.执行率 }}"), ("自评得分", 2.6, "{{ 行.得分 }}")]),
    "上年对比": ("主要支出与上年决算数相比：", "上年对比", [
        ("项目", 4.3, "{{ 行.名称 }}"), ("上年", 2.5, "{{ 行.上年 }}"), ("本年", 2.5, "{{ 行.本年 }}"),
        ("变动", 6.3, "{{ 行.变动 }}")]),
}


def templates() -> Iterator[tuple[Path, bytes]]:
    """Every template with the path it belongs to."""
    for path in sorted(OUTLINES.glob("*.yaml")):
        outline = load_marked(path.read_text(encoding="utf-8"), path.name)
        data = template(outline)
        for ruleset in outline["for"]:
            yield RULESETS / ruleset / NAME, data


def template(outline: Mapping[str, Any]) -> bytes:
    writer = _Writer()
    writer.title(outline["title"])
    writer.warnings()
    for number, section in enumerate(outline["sections"], 1):
        writer.section(section, number)
    writer.end()
    stream = io.BytesIO()
    writer.document.save(stream)
    return repacked(stream)


class _Writer:
    """Writes an outline from top to bottom."""

    def __init__(self) -> None:
        self.document = Document()
        _page(self.document)
        _styles(self.document)
        properties = self.document.core_properties
        properties.title, properties.author, properties.comments = "{{ 年度 }}年度绩效自评报告", "{{ 单位 }}", ""
        properties.created = properties.modified = MADE

    def title(self, lines: Sequence[str]) -> None:
        for line in lines:
            self.paragraph(line, "JxTitle")

    def warnings(self) -> None:
        """What the forms still have to mend, above everything else."""
        self.paragraph("{%p if 须修改 %}")
        self.paragraph("本报告所依据的自评表还有 {{ 须修改|length }} 处必须修改。改正以前请不要报送或公开，改正以后请重新生成：", "JxWarning")
        self.paragraph("{%p for 句 in 须修改 %}")
        self.paragraph("{{ 句 }}", "JxWarning")
        self.paragraph("{%p endfor %}")
        self.paragraph("{%p endif %}")

    def section(self, section: Mapping[str, Any], number: int, level: int = 1) -> None:
        words = f"{numeral(number)}、" if level == 1 else f"（{numeral(number)}）"
        self.paragraph(f"{words}{section['heading']}", f"Heading {level}")
        below = 0
        for node in section["text"]:
            if isinstance(node, Mapping) and "heading" in node:
                below += 1
                self.section(node, below, level + 1)
            else:
                self.node(node)

    def node(self, node: Any) -> None:
        if isinstance(node, str):
            self.paragraph(node)
        elif "table" in node:
            self.table(node["table"], otherwise=node.get("else", ""))
        elif "projects" in node:
            self.projects(node["projects"])
        else:
            self.each(node["each"], node.get("else", ""))

    def each(self, sentences: str, otherwise: str) -> None:
        self.paragraph(f"{{%p for 句 in {sentences} %}}")
        self.paragraph("{{ 句 }}")
        if otherwise:
            self.paragraph("{%p else %}")
            self.paragraph(otherwise)
        self.paragraph("{%p endfor %}")

    def projects(self, nodes: Sequence[Any]) -> None:
        """One passage for each project, its tables those of the project."""
        self.paragraph("{%p for 项 in 项目 %}")
        self.paragraph("（{{ 项.编号 }}）{{ 项.名称 }}", "Heading 2")
        for node in nodes:
            if isinstance(node, Mapping) and node.get("table") == "资金":
                self.funds()
            elif isinstance(node, Mapping) and "table" in node:
                self.table(node["table"], "项.")
            else:
                self.node(node)
        self.paragraph("{%p endfor %}")

    def table(self, name: str, owner: str = "", otherwise: str = "") -> None:
        lead, rows, columns = TABLES[name]
        self.paragraph(f"{{%p if {owner}{rows} %}}")
        self.document.add_paragraph(lead).paragraph_format.keep_with_next = True
        table = self._grid(4, columns)
        _cells(table.rows[0], [title for title, _, _ in columns], columns)
        _cells(table.rows[1], [f"{{%tr for 行 in {owner}{rows} %}}"], columns)
        _cells(table.rows[2], [cell for _, _, cell in columns], columns)
        _cells(table.rows[3], ["{%tr endfor %}"], columns)
        _repeated(table.rows[0])
        if otherwise:
            self.paragraph("{%p else %}")
            self.paragraph(otherwise)
        self.paragraph("{%p endif %}")

    def funds(self) -> None:
        """A project's amounts, with as many columns as its form has."""
        self.paragraph("{%p if 项.资金表.行 %}")
        self.document.add_paragraph("项目资金的预算和执行（万元）：").paragraph_format.keep_with_next = True
        columns = [("资金", 5.1, ""), *[("", 3.5, "")] * 3]
        table = self._grid(4, columns)
        _cells(table.rows[0], ["资金", "{%tc for 栏 in 项.资金表.栏 %}", "{{ 栏 }}", "{%tc endfor %}"], columns)
        _cells(table.rows[1], ["{%tr for 行 in 项.资金表.行 %}"], columns)
        _cells(table.rows[2], ["{{ 行.名称 }}", "{%tc for 数 in 行.数 %}", "{{ 数 }}", "{%tc endfor %}"], columns)
        _cells(table.rows[3], ["{%tr endfor %}"], columns)
        self.paragraph("{%p else %}")
        self.paragraph("【请填写：项目的预算数和执行数】")
        self.paragraph("{%p endif %}")

    def _grid(self, rows: int, columns: Sequence[tuple[str, float, str]]) -> Any:
        """An empty table of these columns."""
        table = self.document.add_table(rows=rows, cols=len(columns), style="Table Grid")
        table.autofit = False
        _padding(table)
        for column, (_, width, _) in zip(table.columns, columns):
            column.width = Cm(width)
        return table

    def end(self) -> None:
        """Date and unit, then the annexes."""
        self.document.add_paragraph("{{ 单位 }}", "JxSignature").paragraph_format.keep_with_next = True
        self.paragraph("{{ 日期 }}", "JxSignature")
        annexes = self.document.add_section(WD_SECTION.NEW_PAGE)
        annexes.top_margin = annexes.bottom_margin = annexes.left_margin = annexes.right_margin = Cm(2)
        self.paragraph("{{p 附表 }}")

    def paragraph(self, text: str, style: str = "Normal") -> None:
        self.document.add_paragraph(text, style)


def _cells(row: Any, texts: Sequence[str], columns: Sequence[tuple[str, float, str]]) -> None:
    for cell, (_, width, _) in zip(row.cells, columns):
        cell.width = Cm(width)
        cell.paragraphs[0].style = "JxTable"
    for cell, text in zip(row.cells, texts):
        cell.paragraphs[0].text = text


def _repeated(row: Any) -> None:
    """The head of a table on every page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _padding(table: Any) -> None:
    """Some room above and below the text of each cell."""
    margins = OxmlElement("w:tblCellMar")
    for side, twips in (("top", 40), ("left", 80), ("bottom", 40), ("right", 80)):
        element = OxmlElement(f"w:{side}")
        element.set(qn("w:w"), str(twips))
        element.set(qn("w:type"), "dxa")
        margins.append(element)
    properties = table._tbl.tblPr
    properties.insert_element_before(margins, "w:tblLook", "w:tblCaption", "w:tblDescription")


# -- page and styles, as official documents have them ----------------------------------------------------------


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    footer.paragraph_format.first_line_indent = Pt(0)
    _field(footer, "PAGE")


def _field(paragraph: Any, code: str) -> None:
    element = OxmlElement("w:fldSimple")
    element.set(qn("w:instr"), code)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    element.append(run)
    paragraph._p.append(element)


def _styles(document: Any) -> None:
    language = document.styles.element.find(".//" + qn("w:lang"))
    language.set(qn("w:eastAsia"), "zh-CN")
    normal = document.styles["Normal"]
    _font(normal, BODY, 16)
    normal.paragraph_format.line_spacing_rule, normal.paragraph_format.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(28)
    normal.paragraph_format.space_after = Pt(0)
    _indent(normal, 200)
    for level, font in ((1, BLACK), (2, BRUSH), (3, BODY)):
        heading = document.styles[f"Heading {level}"]
        _font(heading, font, 16, bold=level == 3)
        heading.paragraph_format.space_before = heading.paragraph_format.space_after = Pt(0)
    _own(document, "JxTitle", TITLE, 22, align=WD_ALIGN_PARAGRAPH.CENTER, bold=True, line=Pt(36))
    _own(document, "JxWarning", BLACK, 12, line=Pt(20), colour=RGBColor(0xC0, 0x00, 0x00))
    _own(document, "JxTable", TITLE, 10.5, align=WD_ALIGN_PARAGRAPH.CENTER, line=None)
    _own(document, "JxSignature", BODY, 16, align=WD_ALIGN_PARAGRAPH.RIGHT, line=Pt(28))
    _own(document, ANNEX_STYLE, BLACK, 16, line=Pt(28))
    _own(document, "footer", TITLE, 10.5, align=WD_ALIGN_PARAGRAPH.CENTER, line=None)


def _own(document: Any, name: str, font: str, size: float, *, line: Pt | None, bold: bool = False,
         align: Any = WD_ALIGN_PARAGRAPH.LEFT, colour: RGBColor = RGBColor(0, 0, 0)) -> None:
    style = document.styles[name] if name in document.styles else document.styles.add_style(name, 1)
    style.base_style = document.styles["Normal"]
    _font(style, font, size, bold, colour)
    style.paragraph_format.alignment = align
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY if line else WD_LINE_SPACING.SINGLE
    if line:
        style.paragraph_format.line_spacing = line
    _indent(style, 0)


def _font(style: Any, name: str, size: float, bold: bool = False, colour: RGBColor = RGBColor(0, 0, 0)) -> None:
    """One font for Chinese and Latin letters; the theme's would win over it."""
    style.font.name, style.font.size, style.font.bold, style.font.italic = name, Pt(size), bold, False
    style.font.color.rgb = colour
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in [one for one in fonts.attrib if "heme" in one]:
        del fonts.attrib[attribute]
    for attribute in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(attribute), name)


def _indent(style: Any, characters: int) -> None:
    """First line, in hundredths of a character."""
    indent = style.element.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLine"), "0" if not characters else "640")
    indent.set(qn("w:firstLineChars"), str(characters))


def main(arguments: Sequence[str]) -> int:
    stale = []
    for path, data in templates():
        if path.is_file() and path.read_bytes() == data:
            continue
        stale.append(path.relative_to(ROOT).as_posix())
        if "--check" not in arguments:
            path.write_bytes(data)
    for name in stale:
        print(f"与提纲不一致：{name}" if "--check" in arguments else f"已写出 {name}")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
