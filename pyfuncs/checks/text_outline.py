"""The report as a piece of writing: its sections and their numbers, prompts left in, names, dates, annexes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyfuncs.catalog.words import clean
from pyfuncs.checks.finding import Finding
from pyfuncs.checks.leftovers import PROMPT
from pyfuncs.checks.pairing import NEAR, likeness
from pyfuncs.checks.text_prose import Prose
from pyfuncs.checks.text_scores import grade_told, total_told
from pyfuncs.prose.model import Paragraph, Span

# What every region's outline asks for, and the words its headings say it in.
SECTIONS: dict[str, re.Pattern[str]] = {
    "基本情况": re.compile(r"概况|基本情况|部门职能|机构设置"),
    "收支情况": re.compile(r"支出|收支|资金|预算执行|经费"),
    "绩效情况": re.compile(r"绩效(?:情况|分析|目标|实现|评价|自评)|目标完成|产出|效益|履职"),
    "存在的问题": re.compile(r"问题|不足"),
    "改进措施": re.compile(r"措施|建议|打算|整改|改进"),
}
_LEAST_HEADINGS = 4                                   # a text with fewer headings is no report with an outline
_SAID_IN = 20                                         # signs that a numbered paragraph says its subject in
_NUMERAL = re.compile(r"\s*(?:(?P<outer>[一二三四五六七八九十]{1,3}|[—－-])、|[（(](?P<inner>[一二三四五六七八九十]{1,3})[)）])")
_DIGITS = {sign: value for value, sign in enumerate("一二三四五六七八九", 1)} | {"十": 10}
_DATE = re.compile(r"\s*(?:20\d\d|[二2][〇零○OoＯ0][二2][\d一二三四五六七八九〇零])\s*年")
_LETTER = re.compile(r"二\s*[OoＯｏ]\s*[二一][一二三四五六七八九〇零OoＯｏ]\s*年")
_ENTITY = re.compile(r"[一-鿿（）()]{4,30}(?:局|中心|委员会|委|办公室|办|院|校|学校|站|所|厅|部|会|馆|队|社)$")
_ANNEX = re.compile(r"(?:根据|按照|依据|详见)[^。；]{0,20}《(?P<name>[^》]{2,30}表)》[^。；]{0,60}(?:评分|得分|打分)")


def check_outline(prose: Prose) -> Iterator[Finding]:
    yield from _numbers(prose)
    yield from _sections(prose)
    yield from _prompts(prose)
    yield from _names(prose)
    yield from _dates(prose)
    yield from _annexes(prose)


# -- sections ---------------------------------------------------------------------------------------------


def _numbers(prose: Prose) -> Iterator[Finding]:
    """一、二、三 without a gap. Lists begin again with 一, inside a section too, and the section goes on after them."""
    gaps: list[tuple[Span, str]] = []
    open_lists: list[int] = []
    for paragraph in prose.report.paragraphs:
        found = _NUMERAL.match(paragraph.text)
        if not found or not found["outer"]:
            continue
        number = _value(found["outer"])
        while len(open_lists) > 1 and number != open_lists[-1] + 1 and number > 1 and number - 1 in open_lists[:-1]:
            open_lists.pop()
        if number == 1:
            open_lists.append(1)
        elif open_lists and number == open_lists[-1] + 1:
            open_lists[-1] = number
        else:
            last = open_lists.pop() if open_lists else 0
            missing = "、".join(_sign(value) for value in range(last + 1, number)) if number > last + 1 else ""
            gaps += [] if paragraph.table else [(Span(paragraph.number, found.start(), len(paragraph.text)), missing)]
            open_lists.append(number)
    if gaps:
        missing = "、".join(filter(None, (words for _, words in gaps)))
        yield prose.finding(
            "ZW-14", [span for span, _ in gaps],
            f"{prose.where(gaps[0][0])}：标题的序号不连续{f'，缺 {missing}' if missing else ''}。",
            actual=clean(prose.report.quote(gaps[0][0])), expected=missing, subject="序号")


def _value(numeral: str) -> int:
    if numeral in "—－-":                              # a dash that was typed for 一
        return 1
    tens, ten, ones = numeral.partition("十")
    return (_DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)) if ten else _DIGITS.get(numeral[-1], 0)


def _sign(value: int) -> str:
    signs = "一二三四五六七八九"
    tens, ones = divmod(value, 10)
    return ("" if tens < 2 else signs[tens - 1]) + ("十" if tens else "") + (signs[ones - 1] if ones else "")


def _sections(prose: Prose) -> Iterator[Finding]:
    titles = [paragraph.text for paragraph in prose.report.paragraphs if paragraph.level and not paragraph.table]
    titles += [paragraph.text[:_SAID_IN] for paragraph in prose.report.paragraphs
               if paragraph.numbering and not paragraph.level]
    missing = [words for words, pattern in SECTIONS.items() if not any(map(pattern.search, titles))]
    if len(titles) >= _LEAST_HEADINGS and missing:
        yield prose.finding("ZW-14", [], f"报告的标题中没有找到这几部分：{'、'.join(missing)}。",
                            expected="、".join(missing), subject="缺少的部分", advice="补写缺少的部分；写在别的标题下面的不用改")


# -- words left in ----------------------------------------------------------------------------------------


def _prompts(prose: Prose) -> Iterator[Finding]:
    for paragraph in prose.report.paragraphs:
        if not prose.in_table(_whole(paragraph)):
            for found in PROMPT.finditer(paragraph.text):
                span = Span(paragraph.number, *found.span())
                yield prose.finding("ZW-15", [span], f"{prose.where(span)}：还留着模板的提示语“{clean(found[0])}”。",
                                    actual=clean(found[0]), subject=found[0])


def _names(prose: Prose) -> Iterator[Finding]:
    """The name over the date at the end against the unit's full name."""
    entity = prose.submission.entity if prose.submission is not None and prose.submission.entity else prose.report.entity
    lines = [paragraph for paragraph in prose.report.paragraphs if paragraph.text.strip() and not paragraph.table]
    for line, after in zip(lines, lines[1:]) if entity else ():
        signed = line.text.strip()
        is_signed = _DATE.match(after.text) and _ENTITY.fullmatch(signed)
        if is_signed and signed != entity and likeness(signed, entity) >= NEAR:
            span = _whole(line)
            yield prose.finding(
                "ZW-18", [span], f"{prose.where(span)}：落款与单位名称“{clean(entity)}”不一样。",
                expected=clean(entity), actual=clean(signed), subject="落款")


def _dates(prose: Prose) -> Iterator[Finding]:
    for paragraph in prose.report.paragraphs:
        if found := _LETTER.search(paragraph.text):
            span = Span(paragraph.number, *found.span())
            right = re.sub(r"[OoＯｏ]", "〇", found[0])
            yield prose.finding("ZW-19", [span], f"{prose.where(span)}：“{found[0]}”里用了字母 O，应写“{right}”。",
                                expected=right, actual=found[0], subject="日期")


def _annexes(prose: Prose) -> Iterator[Finding]:
    """Tables that a score is said to rest on, in a report without tables and without a workbook."""
    if prose.submission is not None or prose.report.tables:
        return
    for sentence in prose.facts.sentences:
        if found := _ANNEX.search(sentence.text):
            start = sentence.span.start + found.start("name") - 1
            span = Span(sentence.span.paragraph, start, start + len(found["name"]) + 2)
            yield prose.finding("ZW-21", [span], f"{prose.where(span)}：得分依据的《{clean(found['name'])}》没有附在报告里。",
                                expected=clean(found["name"]), subject=found["name"])
    if total_told(prose) is None and grade_told(prose) is None and len(prose.report.paragraphs) > 20:
        yield prose.finding("ZW-22", [], "报告里没有写自评得分，也没有写等级，又没有附评分表。", subject="得分")


def _whole(paragraph: Paragraph) -> Span:
    return Span(paragraph.number, 0, len(paragraph.text))
