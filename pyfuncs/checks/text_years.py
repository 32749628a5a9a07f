"""Years and periods: sentences kept from last year's report, a goal and its outcome over two periods."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from pyfuncs.catalog.words import clean
from pyfuncs.checks.finding import Finding
from pyfuncs.checks.text_prose import Prose
from pyfuncs.prose.model import Sentence, Span

_QUOTED = re.compile(r"《[^》]*》|〔[^〕]*〕|[“\"][^”\"]*[”\"]")
_OWN = re.compile(r"(?<![\d\-—–~～至到])(?P<year>20\d\d)年(?:度)?(?:全年)?(?:本?(?:单位|部门|中心|局))?的?"
                  r"(?:年初)?(?=预算(?:追加|调整|安排|数|支出|执行)|追加|决算|实际|收入|支出|基本支出|项目支出|整体支出|部门整体|政府采购)")
_EVENT = re.compile(r"(?:举办|开展|组织|承办|印发)了?\s*(?P<year>20\d\d)年(?:度)?(?!.{0,8}(?:组织生活|考核|决算|总结))")
_COMPARED = re.compile(r"上年|去年|上一年|同比|相比|变动率|增长|下降|基数|结转|结余|尾款|遗留|历年|以前年度|[比较与]\s*20\d\d年")
_PERIOD = re.compile(r"(?P<from>20\d\d)\s*[-—–~～至到]{1,2}\s*(?P<to>20\d\d)年(?:度)?(?P<what>[^，。；、\d%]{2,24}?率)")
_AROUND = 400                                         # signs about a sentence in which years may be compared
_CLAUSE = 60                                          # signs before a period in which a goal is told as one
_AIM = re.compile(r"目标|任务|预期|计划|力争|以上|完成20")


def check_years(prose: Prose) -> Iterator[Finding]:
    year = prose.report.year or (prose.submission.year if prose.submission is not None else "")
    if year:
        for number, sentence in enumerate(prose.facts.sentences):
            yield from _stale(prose, sentence, year, number in prose.by_sentence)
    yield from _periods(prose)


def _stale(prose: Prose, sentence: Sentence, year: str, counted: bool) -> Iterator[Finding]:
    """2020年实际政府采购金额 in the report on 2021. Where the paragraph compares years, it may well name last year."""
    if sentence.table or "20" not in sentence.text:
        return
    around = prose.report.paragraph(sentence.span.paragraph).text[max(0, sentence.span.start - _AROUND):
                                                                   sentence.span.end + _AROUND]
    text = _QUOTED.sub(lambda quoted: "·" * len(quoted[0]), sentence.text)
    pattern, severity = (_OWN, "warning") if counted else (_EVENT, "note")
    found = [match for match in pattern.finditer(text) if match["year"] < year]
    if not found and counted:
        found, severity = [match for match in _EVENT.finditer(text) if match["year"] < year], "note"
    if not found or _COMPARED.search(around if severity == "warning" else sentence.text):
        return
    for match in found:
        if not _both_years(sentence.text, match, year):
            start = sentence.span.start + match.start("year")
            span = Span(sentence.span.paragraph, start, start + len("2020年"))
            yield prose.finding(
                "ZW-10", [span], f"{prose.where(span)}：写的是 {match['year']} 年，报告的年度是 {year} 年，"
                "可能沿用了上年的文字。", severity=severity, expected=f"{year}年", actual=f"{match['year']}年",
                subject=clean(text[match.start():match.end() + 8]))


def _both_years(text: str, match: re.Match[str], year: str) -> bool:
    """2020年基本支出…，2021年基本支出…: the same thing of two years."""
    following = re.sub(r"^[年度]+", "", text[match.end("year"):match.end("year") + 8])[:4]
    return bool(re.search(rf"{year}年度?{re.escape(following)}", text))


def _periods(prose: Prose) -> Iterator[Finding]:
    """The same rate over 2020—2021 as a goal and over 2019—2021 as an outcome."""
    told: dict[str, dict[bool, tuple[str, Span]]] = defaultdict(dict)
    for sentence in prose.facts.sentences:
        for match in _PERIOD.finditer(sentence.text):
            near = max(0, match.start() - _CLAUSE)
            own = max(near, *(sentence.text.rfind(stop, near, match.start()) + 1 for stop in "；;，"))
            aim = bool(_AIM.search(sentence.text[own:match.end() + 10]))
            told[_bare(match["what"])].setdefault(aim, (f"{match['from']}—{match['to']}年", _span(sentence, match)))
    for what, sides in told.items():
        if len(sides) == 2 and sides[True][0] != sides[False][0]:
            (wanted, here), (actual, there) = sides[True], sides[False]
            yield prose.finding(
                "ZW-25", [there, here], f"{prose.where(there)}说的是 {actual}，目标（{prose.where(here)}）说的是 {wanted}，"
                "同一个指标的期间不同。", expected=wanted, actual=actual, subject=what)


def _span(sentence: Sentence, match: re.Match[str]) -> Span:
    return Span(sentence.span.paragraph, sentence.span.start + match.start(), sentence.span.start + match.end())


def _bare(words: str) -> str:
    return re.sub(r"招商|的|项目", "", words)
