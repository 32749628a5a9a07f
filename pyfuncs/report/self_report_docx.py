"""A 自评报告 as a Word document, from a template that an office can change in Word (docxtpl, Jinja2).

What comes from a workbook is data: it is escaped and never looked at as a template. A template is its office's own,
but it runs in a sandbox and reaches nothing besides what it is given.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from pyfuncs.catalog.printed_form import PrintedForm
from pyfuncs.consolidate.filed import WRITTEN_REPORT
from pyfuncs.report.self_report import UnknownName
from pyfuncs.report.word_table import Paper, forms_xml

if TYPE_CHECKING:
    from docxtpl import DocxTemplate

ANNEX_STYLE = "JxAnnex"                               # paragraph style of 附件1 in our own templates
A4 = (11906, 16838, 1134, 1134, 1134, 1134)           # twips, for what a template does not say
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TO_FILL = re.compile(r"(【请填写：[^【】]*】)")
# A run with one text, which is what templates and Word have there; its properties in the first group.
_RUN = re.compile(r"<w:r(?: [^>]*)?>(<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?<w:t(?: [^>]*)?>([^<]*【请填写：[^<]*)</w:t></w:r>",
                  re.DOTALL)
# Of a run's properties, those that the schema wants behind its highlight.
_BEHIND = re.compile(r"<w:(?:u|effect|bdr|shd|fitText|vertAlign|rtl|cs|em|lang|eastAsianLayout|specVanish|oMath)[ />]")


class TemplateFault(Exception):
    """A template can't be used: the message says what is wrong and where, for whoever wrote it."""


class _Xml(str):
    """WordprocessingML of our own, which goes in as it is."""

    def __html__(self) -> str:
        return self


def written(template: bytes, values: Mapping[str, Any], forms: Sequence[PrintedForm], day: date) -> bytes:
    """The document. The same template, values and day give the same bytes. Raises TemplateFault."""
    document = _rendered(template, values, forms)
    properties = document.docx.core_properties
    properties.category = WRITTEN_REPORT              # its forms are no second filing
    properties.created = properties.modified = datetime(day.year, day.month, day.day)
    stream = io.BytesIO()
    document.save(stream)
    return repacked(stream)


def _rendered(template: bytes, values: Mapping[str, Any], forms: Sequence[PrintedForm]) -> DocxTemplate:
    from docxtpl import DocxTemplate                  # loads lxml and docx: half a second
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
    document = DocxTemplate(io.BytesIO(template))
    try:
        document.init_docx()
        annexes = _Xml(forms_xml(forms, ANNEX_STYLE, _paper(document)))
        document.render({**values, "附表": annexes, "附表清单": [form.title for form in forms]}, environment, autoescape=True)
        _lay(document, forms)
        return document
    except UnknownName as error:
        raise TemplateFault(f"模板里要的数没有：{error}") from None
    except TemplateError as error:
        raise TemplateFault(_jinja_words(error)) from None
    except (KeyError, ValueError, TypeError, ArithmeticError, SyntaxError, AttributeError, zipfile.BadZipFile) as error:
        raise TemplateFault(f"模板不是完好的 Word 文档（.docx），或里面的写法不对（{type(error).__name__}：{error}）；"
                            "请用 Word 打开核对，或换成自带的模板") from None


def _paper(document: DocxTemplate) -> Paper:
    """The page of a template's last section, on which the annexes are printed."""
    last = document.docx.sections[-1]
    sides = (last.page_width, last.page_height, last.top_margin, last.right_margin, last.bottom_margin, last.left_margin)
    return Paper(*(side.twips if side is not None else usual for side, usual in zip(sides, A4)))


def _lay(document: DocxTemplate, forms: Sequence[PrintedForm]) -> None:
    """The last section lies as the last form does; none is left that holds nothing, which would be an empty page."""
    from docx.enum.section import WD_ORIENT

    ends = [paragraph for paragraph in document.docx.element.body if paragraph.find(f"{_W}pPr/{_W}sectPr") is not None]
    for end in ends:
        if end.getprevious() in ends and not end.findall(f"{_W}r"):
            document.docx.element.body.remove(end)
    last = document.docx.sections[-1]
    if forms and forms[-1].landscape and last.orientation == WD_ORIENT.PORTRAIT:
        margins = last.right_margin, last.bottom_margin, last.left_margin, last.top_margin
        last.orientation, last.page_width, last.page_height = WD_ORIENT.LANDSCAPE, last.page_height, last.page_width
        last.top_margin, last.right_margin, last.bottom_margin, last.left_margin = margins


def _jinja_words(error: Exception) -> str:
    """What Jinja says of a template, in Chinese, with the words around the place."""
    around = " ".join(text.strip() for text in getattr(error, "docx_context", ()) if text.strip())
    where = f"，在这一处附近：“{_excerpt(around)}”" if around else ""
    undefined = re.search(r"'([^']+)' is undefined|no attribute '([^']+)'", str(error))
    if undefined:
        name = undefined[1] or undefined[2]
        return f"模板里写的“{name}”不是能用的名称{where}；能用的名称见使用手册“写自评报告”"
    return (f"模板里的写法不对（{error}）{where}；"
            "每个 {{ 要有 }}，每个 {% for %} 要有 {% endfor %}，每个 {% if %} 要有 {% endif %}")


def _excerpt(text: str) -> str:
    """What matters of a long text: the tags in it."""
    tags = re.findall(r"\{[{%].*?[}%]\}?", text)
    return (" … ".join(tags) if tags else text)[:120]


# -- places to be filled by people ---------------------------------------------------------------------------


def _marked(xml: str) -> str:
    """Every 【请填写：…】 with a yellow ground, whether the template or a missing figure put it there."""
    return _RUN.sub(_split, xml)


def _split(run: re.Match[str]) -> str:
    """A run as several, so that the places to be filled have a ground of their own."""
    plain = run[1] or ""
    return "".join(f'<w:r>{_highlighted(plain) if _TO_FILL.fullmatch(part) else plain}'
                   f'<w:t xml:space="preserve">{part}</w:t></w:r>' for part in _TO_FILL.split(run[2]) if part)


def _highlighted(properties: str) -> str:
    inner = re.sub(r"<w:highlight [^>]*/>", "", properties.removeprefix("<w:rPr>").removesuffix("</w:rPr>"))
    behind = _BEHIND.search(inner)
    at = behind.start() if behind else len(inner)
    return f'<w:rPr>{inner[:at]}<w:highlight w:val="yellow"/>{inner[at:]}</w:rPr>'


def repacked(stream: io.BytesIO) -> bytes:
    """The package with places marked and without the time of day."""
    done = io.BytesIO()
    with zipfile.ZipFile(stream) as made, zipfile.ZipFile(done, "w") as packed:
        for member in made.infolist():
            data = made.read(member)
            if member.filename == "word/document.xml":
                data = _marked(data.decode("utf-8")).encode("utf-8")
            entry = zipfile.ZipInfo(member.filename, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, data)
    return done.getvalue()
