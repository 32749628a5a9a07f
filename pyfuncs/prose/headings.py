"""The structure of a report: headings and their levels, numbering as printed, whose it is and of which year."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pyfuncs.prose.model import Paragraph

_NUMBERINGS = (                                       # the outermost first; what stands at the beginning of a paragraph
    r"第[一二三四五六七八九十]{1,3}(?:部分|章)[、：\s]?",
    r"[一二三四五六七八九十]{1,3}[、．.]",
    r"[（(][一二三四五六七八九十]{1,3}[)）]、?",
    r"\d{1,2}(?:[、．]|\.(?!\d))",
    r"[（(]\d{1,2}[)）]、?",
    r"[①-⑳]",
)
_NUMBERING = re.compile(rf"\s*(?:{'|'.join(f'(?P<n{level}>{one})' for level, one in enumerate(_NUMBERINGS))})")
_LONGEST_TITLE = 40
_FIGURE = re.compile(r"\d\s?(?:[万亿]?元|[万亿]|%|％|名|人|个)")     # an item of a list with its amount is no heading
_SENTENCE_ENDS = "。；;，,！？"
_FRONT = 40                                           # paragraphs in which a report says what it is
_YEAR = re.compile(r"(?<!\d)(20\d\d)\s?年(?!\s?\d{1,2}\s?月)")
_DIGITS = str.maketrans("〇○ＯOo零一二三四五六七八九", "000000123456789")
_YEAR_IN_WORDS = re.compile(r"二[〇○ＯOo0零][〇○ＯOo0零一二三四五六七八九]{2}(?=\s?年)")
_TITLE_YEAR = re.compile(r"(?<!\d)(20\d\d)\s?年?度?.{0,40}?(?:自评|绩效|报告)|[（(]\s?(20\d\d)\s?年度?\s?[)）]")
_BODY_ENDS = "(?:中心|委员会|办公室|管理局|服务局|商务局|财政局|局|委|院|馆|学校|大学|中学|小学|总队|支队|协会|联合会|政府|街道办事处)"
_ENTITY_LINE = re.compile(r"(?:填报单位|单位名称|部门（单位）名称|部门名称|预算单位|报告单位|单位)\s?(?:[（(]盖章[)）])?\s?[:：]\s*(.{0,40}?)\s*")
_TITLE_ENTITY = re.compile(rf"(?:20\d\d年?度?)?\s?([一-鿿]{{4,30}}?{_BODY_ENDS})\s?(?:20\d\d年?度?)?\s?(?:部门|单位|项目)?整体?支出")
_SIGNATURE = re.compile(rf"\s*([一-鿿]{{3,30}}{_BODY_ENDS})\s*")
_DATE_LINE = re.compile(r"\s*(?:20\d\d|二[〇○0OoО零][一二三四五六七八九〇○零]{2})\s?年\s?[\d一二三四五六七八九十]{1,3}\s?月.{0,8}")


def numbering_of(text: str) -> tuple[int, str]:
    """How a paragraph begins: the place of its kind of numbering in a report's order (0 is 第一部分), and the numbering as
    printed; (-1, "") when it has none."""
    match = _NUMBERING.match(text)
    return (next(n for n in range(len(_NUMBERINGS)) if match[f"n{n}"]), match[0].strip()) if match else (-1, "")


def structured(paragraphs: Iterable[Paragraph]) -> tuple[Paragraph, ...]:
    """Paragraphs as they were read, with headings told from running text. A level that a style gives is kept."""
    return tuple(_structured(paragraph) for paragraph in paragraphs)


def _structured(paragraph: Paragraph) -> Paragraph:
    kind, numbering = numbering_of(paragraph.text)
    title = paragraph.text.strip().removeprefix(numbering).strip()
    if paragraph.level:
        return replace(paragraph, numbering=numbering, title=title)
    short = 0 < len(title) <= _LONGEST_TITLE and title[-1] not in _SENTENCE_ENDS and not _FIGURE.search(title)
    heading = kind >= 0 and short and not paragraph.table
    level = max(1, kind) if heading else 0
    return replace(paragraph, numbering=numbering, level=level, title=title if level else "")


def year_of(paragraphs: Sequence[Paragraph]) -> str:
    """The fiscal year: the one its title names, else the one that the text speaks of most; "" when no one does."""
    for paragraph in paragraphs[:_FRONT]:
        text = _YEAR_IN_WORDS.sub(lambda found: found[0].translate(_DIGITS), paragraph.text)
        if len(text) <= 2 * _LONGEST_TITLE and (match := _TITLE_YEAR.search(text)):
            return match[1] or match[2]
    years = Counter(match[1] for paragraph in paragraphs for match in _YEAR.finditer(paragraph.text))
    ranked = years.most_common(2)
    return ranked[0][0] if ranked and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]) else ""


def entity_of(paragraphs: Sequence[Paragraph]) -> str:
    """The unit a report names on its cover, in its title or below its date; "" when it does not say."""
    front = [paragraph.text for paragraph in paragraphs[:_FRONT] if paragraph.text.strip()]
    for line, following in zip(front, [*front[1:], ""]):
        if match := _ENTITY_LINE.fullmatch(line.strip()):
            if name := match[1] or (_SIGNATURE.fullmatch(following) or [None, ""])[1]:
                return str(name)
    for line in front[:10]:
        if len(line) <= 2 * _LONGEST_TITLE and (match := _TITLE_ENTITY.search(line)):
            return match[1]
    written = [paragraph.text for paragraph in paragraphs if paragraph.text.strip()]
    for line, following in zip(written, written[1:]):
        if (match := _SIGNATURE.fullmatch(line)) and (_DATE_LINE.fullmatch(following) or following in front[:10]):
            return match[1]
    return ""
