"""Scores told in prose: an indicator against its points, groups and totals against indicators, the grade."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from pyfuncs.catalog.words import clean, plain
from pyfuncs.checks.finding import Finding
from pyfuncs.checks.text_prose import Prose, figures, name
from pyfuncs.prose.model import Fact, Span

_INDICATOR = re.compile(
    r"\s*(?:[①-⑳]|[（(]?\d{1,2}[)）、.．])?\s*(?P<name>[^（(：:，。；]{2,30})"
    r"[（(](?:满分|分值)?(?P<points>\d{1,3}(?:\.\d{1,2})?)分[)）]\s*[：:]")
_GAINED = re.compile(r"得(?:分为?)?(?P<full>满分)?\s*(?P<score>\d{1,3}(?:\.\d{1,2})?)\s*分(?!别|之|钟)")
_TOTAL = re.compile(r"总(?:分|得分|绩效|评)|综合|自评得分|评价得分|绩效得分|^[，,]?得分|自评总?分(?:为)?$")
_WORTH, _GOT = re.compile(r"(?:分值|满分|权重)(?:为)?\s*$"), re.compile(r"(?:得分?|自评)(?:为)?\s*$")
_BEHIND = re.compile(r"[）)]\s*(?:自评)?得分?")
_GRADE = re.compile(r"(?:等级|等次|评级|结果)[^，。；“”\"]{0,6}(?:为|是|：|:)?[“\"]?"
                    r"(?P<grade>优秀|良好|优|良|中等|中|较差|合格|不合格|差)[”\"。，；]")
_USUAL: Mapping[str, Decimal] = {"优": Decimal(90), "良": Decimal(80), "中": Decimal(60), "差": Decimal(0)}
_LEAST_ITEMS = 8                                      # fewer indicators than these are examples, no score sheet
_MOST_GROUPS = 60                                     # more headings with scores are no score sheet
_FULL = Decimal(100)


@dataclass(frozen=True)
class Scored:
    """An indicator as the report tells it. `group`: titles it stands under. `gained`: the place of its score."""

    name: str
    points: Decimal
    score: Decimal | None
    full: bool
    groups: tuple[str, ...]
    span: Span
    gained: Span | None


def check_scores_told(prose: Prose) -> Iterator[Finding]:
    scored = scored_indicators(prose)
    for one in scored:
        yield from _within_points(prose, one)
    yield from _beside_points(prose)
    yield from _declared(prose)
    yield from _sums(prose, scored)
    yield from _all_points(prose, scored)
    yield from _grade(prose)


def scored_indicators(prose: Prose) -> list[Scored]:
    """Indicators with their points, in order; a score belongs to the indicator opened last."""
    found: list[Scored] = []
    titles: dict[int, str] = {}
    for paragraph in prose.report.paragraphs:
        opened = _INDICATOR.match(paragraph.text)
        if paragraph.level and not opened:
            titles = {level: title for level, title in titles.items() if level < paragraph.level}
            titles[paragraph.level] = paragraph.title or paragraph.text.strip()
        if opened:
            found.append(Scored(opened["name"].strip(), Decimal(opened["points"]), None, False, tuple(titles.values()),
                                Span(paragraph.number, *opened.span()), None))
        if found and found[-1].score is None:
            told = list(_GAINED.finditer(paragraph.text, opened.end() if opened else 0))
            if told and (opened or not paragraph.level):
                last = found.pop()
                found.append(Scored(last.name, last.points, Decimal(told[-1]["score"]), bool(told[-1]["full"]),
                                    last.groups, last.span, Span(paragraph.number, *told[-1].span())))
    return found


def _within_points(prose: Prose, one: Scored) -> Iterator[Finding]:
    if one.score is None or one.gained is None:
        return
    if one.score > one.points:
        words = f"得 {plain(one.score)} 分，超过了分值 {plain(one.points)} 分。"
    elif one.full and one.score != one.points:
        words = f"写着“满分”，得分却是 {plain(one.score)} 分，分值是 {plain(one.points)} 分。"
    else:
        return
    yield prose.finding(
        "ZW-11", [one.gained, one.span], f"{prose.where(one.gained)}：“{clean(one.name, 24)}”{words}",
        expected=f"{plain(one.points)} 分", actual=f"{plain(one.score)} 分", subject=one.name,
        values=(plain(one.points), plain(one.score)))


def _beside_points(prose: Prose) -> Iterator[Finding]:
    """该项指标分值 10 分，自评得分 9 分."""
    for facts in prose.by_sentence.values():
        told = [fact for fact in facts if fact.kind == "points" and fact.exact]
        for one, other in zip(told, told[1:]):        # 分值 10 分，得分 9 分; 得分 9 分（满分 10 分）; （10 分）得 9 分
            score, points = (one, other) if other.depth > one.depth else (other, one)
            if score.value <= points.value:
                continue
            behind = other.depth < one.depth and _BEHIND.fullmatch(prose.before(other, one).strip())
            if behind or (other.depth >= one.depth and _is_pair(prose, points, score)):
                yield prose.finding(
                    "ZW-11", [score.span, points.span],
                    f"{prose.where(score.span)}：得 {plain(score.value)} 分，超过了分值 {plain(points.value)} 分。",
                    expected=f"{plain(points.value)} 分", actual=f"{plain(score.value)} 分", subject=name(points),
                    values=figures([points, score]))


# -- sums -------------------------------------------------------------------------------------------------


def _sums(prose: Prose, scored: Sequence[Scored]) -> Iterator[Finding]:
    """投入 13 分，过程 55 分，产出及效率 26 分，总分 94 分: among themselves, and each against its indicators."""
    known = _group_sums(scored)
    for facts in prose.by_sentence.values():
        told = [fact for fact in facts if fact.kind == "points" and fact.exact and fact.depth == 0
                and "满分" not in prose.clause(fact)]
        totals = [fact for fact in told if _TOTAL.search(prose.clause(fact))]
        if len(totals) != 1:
            continue
        total, groups = totals[0], [fact for fact in told if fact is not totals[0]]
        if len(groups) > 1 and all(fact.span.end <= total.span.start for fact in groups):
            value, scores = sum(fact.value for fact in groups), [fact.value for fact in reversed(groups)]
            if total.value not in accumulate(scores):  # before the scores their points may be told
                yield _differs(prose, total, groups, value, "各部分得分之和")
        for fact in groups:
            yield from _group_told(prose, fact, known)
        if len(scored) >= _LEAST_ITEMS and all(one.score is not None for one in scored) and _points(scored) == _FULL:
            value = sum(one.score for one in scored if one.score is not None)
            if value != total.value:
                yield _differs(prose, total, (), value, f"前面 {len(scored)} 项得分之和")


def _is_pair(prose: Prose, points: Fact, score: Fact) -> bool:
    return bool(_WORTH.search(prose.clause(points)) and _GOT.search(prose.clause(score)))


def _declared(prose: Prose) -> Iterator[Finding]:
    """投入情况，满分 15 分，自评得分 15 分; 过程情况，满分 35 分，…: the scores of parts that are worth 100 make the total."""
    pairs = [(points, score) for facts in prose.by_sentence.values() for points, score in zip(facts, facts[1:])
             if points.kind == score.kind == "points" and points.depth == score.depth == 0 and _is_pair(prose, points, score)]
    total = total_told(prose)
    if total is not None and len(pairs) > 2 and sum(points.value for points, _ in pairs) == _FULL:
        scores = [score for _, score in pairs]
        value = sum(score.value for score in scores)
        if value != total.value and total not in scores:
            yield _differs(prose, total, scores, value, "各部分得分之和")


def _group_sums(scored: Sequence[Scored]) -> dict[str, Decimal]:
    """Title of a group -> the scores in it; only of groups whose indicators all have one."""
    found: dict[str, list[Decimal | None]] = defaultdict(list)
    for one in scored:
        for title in one.groups:
            found[title].append(one.score)
    sums = {title: sum(filter(None, scores), Decimal(0)) for title, scores in found.items() if None not in scores}
    return sums if len(sums) <= _MOST_GROUPS else {}


def _group_told(prose: Prose, fact: Fact, known: Mapping[str, Decimal]) -> Iterator[Finding]:
    clause = prose.clause(fact)
    titles = [title for title in known if len(title) > 1 and title in clause]
    if len(titles) == 1 and known[titles[0]] != fact.value:
        yield _differs(prose, fact, (), known[titles[0]], f"“{clean(titles[0], 20)}”各项得分之和")


def _differs(prose: Prose, fact: Fact, parts: Sequence[Fact], value: Decimal, what: str) -> Finding:
    shown = "＋".join(plain(part.value) for part in parts)
    return prose.finding(
        "ZW-12", [fact.span, *(part.span for part in parts)],
        f"{prose.where(fact.span)}：写 {plain(fact.value)} 分，{what}是 {f'{shown}＝' if shown else ''}{plain(value)} 分。",
        expected=f"{plain(value)} 分", actual=f"{plain(fact.value)} 分", delta=f"{plain(fact.value - value)} 分",
        subject=f"{name(fact)}|{what}", values=figures([fact, *parts]))


def _points(scored: Sequence[Scored]) -> Decimal:
    return sum((one.points for one in scored), Decimal(0))


def _all_points(prose: Prose, scored: Sequence[Scored]) -> Iterator[Finding]:
    points = _points(scored)
    if len(scored) >= _LEAST_ITEMS and points != _FULL:
        yield prose.finding(
            "ZW-12", [one.span for one in scored[:1]],
            f"{prose.where(scored[0].span)}起 {len(scored)} 项指标的分值合计是 {plain(points)} 分，不是 100 分。",
            severity="warning", advice="核对各项分值；有的指标没有写进正文的不用改", expected="100 分",
            actual=f"{plain(points)} 分", subject="分值合计", values=(plain(points),))


# -- the grade --------------------------------------------------------------------------------------------


def total_told(prose: Prose) -> Fact | None:
    """The report's own total score: the last one it tells outside a table."""
    found = None
    for facts in prose.by_sentence.values():
        for fact in facts:
            if fact.kind == "points" and fact.exact and not prose.sentence(fact).table and fact.value <= 120:
                clause, before = prose.clause(fact), prose.previous(fact)
                of_one = before is not None and before.kind == "points" and _WORTH.search(prose.clause(before))
                if _TOTAL.search(clause) and not of_one and "满分" not in clause and "分值" not in clause:
                    found = fact
    return found


def grade_told(prose: Prose) -> tuple[str, Span] | None:
    """The grade and its place: the last one told in running text."""
    found = None
    for sentence in prose.facts.sentences:
        text = prose.report.paragraph(sentence.span.paragraph).text
        for match in _GRADE.finditer(text, sentence.span.start, min(sentence.span.end + 1, len(text))):
            if not sentence.table:
                found = match["grade"], Span(sentence.span.paragraph, *match.span("grade"))
    return found


def _grade(prose: Prose) -> Iterator[Finding]:
    total, told = total_told(prose), grade_told(prose)
    if total is None or told is None or abs(told[1].paragraph - total.span.paragraph) > 3:
        return
    own = prose.ruleset.grades if prose.ruleset is not None else {}
    scale = {key: Decimal(str(start)) for key, start in own.items()} or _USUAL
    word = next((key for key in sorted(scale, key=len, reverse=True) if told[0].startswith(key)), None)
    wanted = next((key for key, start in scale.items() if total.value >= start), None)
    if word and wanted and word != wanted:
        yield prose.finding(
            "ZW-13", [told[1], total.span],
            f"{prose.where(told[1])}：得分 {plain(total.value)} 分，按等级划分应为“{wanted}”，写的是“{told[0]}”。",
            severity="error" if own else "warning", expected=wanted, actual=told[0], subject="等级",
            values=(plain(total.value), told[0]))
