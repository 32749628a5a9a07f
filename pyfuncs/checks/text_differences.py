"""Differences that a report works out in words: A 比 B 少, 净值, 剔除以后, 年初加增加等于年末."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from pyfuncs.checks.finding import Finding
from pyfuncs.checks.text_prose import Prose, exact, figures, measure, name, printed_as, same_measure, scale, show, tail
from pyfuncs.checks.text_ratios import NEAREST, last_year_before
from pyfuncs.prose.model import Fact

_LESS = re.compile(r"(?P<one>[^，。；,;]{0,12}?)[比较](?P<other>[^，。；,;]{1,12}?)(?P<way>少|减少|低|节约|结余|多|增加|超出?|高)了?\s*$")
_DOWN = {"少", "减少", "低", "节约", "结余"}
_STAGES = ("预算", "决算", "实际", "支出", "收入", "计划", "任务", "完成", "上年", "年初")
_WORN = re.compile(r"(?:累计折旧|折旧累计|已提折旧)(?:额|为)?\s*$")
_NET = re.compile(r"净(?:资产|值|额)(?:为)?\s*$")
_LEFT = re.compile(r"(?:剔除|扣除|减去)[^。；]*[，,](?:后|实际)?[^，,。；]*$")
_SAVED = re.compile(r"(?:节约|节省|结余|节余)(?:资金|经费|支出|财政资金)?(?:为|了|共)?\s*$")
_PLANNED, _SPENT = re.compile(r"预算|计划|控制价|概算"), re.compile(r"实际|支出|决算|采购金额|中标|合同")
_ABOVE = re.compile(r"超过|高于|超出|低于|少于|未达到")
_EACH = re.compile(r"每(?:[台套人生户家个名件亩年月次批张份辆]|人每[年月天]|生每[年期]|[^，。；]{1,6}每[年月])[^，。；]{0,6}$")
_PER_HEAD = re.compile(r"(?:人均|户均|平均每[人户])[^，。；]{0,4}$")
_IN_ALL = re.compile(r"(?:合计|共计|总计|共|全年|总额|总投入)[^，。；]{0,6}$")
_OPENING, _CLOSING = re.compile(r"年初"), re.compile(r"(?:年末|年底|期末)[^，。；]*(?:资产|合计|总额|共有)|共有(?:固定)?资产")
_WHOLE, _GROWN = re.compile(r"(?:合计|共计|总额|总计)(?:为)?\s*$"), re.compile(r"(?:合计|共|共计)(?:增加|新增|购置)[^，。；]{0,6}$")
_OUT = re.compile(r"处置|报废|减少|核销|划出|调出")


def check_differences(prose: Prose) -> Iterator[Finding]:
    for facts in prose.by_sentence.values():
        for position, fact in enumerate(facts):
            if fact.kind != "ratio" and fact.exact and not prose.worked(fact.span):
                earlier = facts[max(0, position - NEAREST):position]
                yield from _compared_with(prose, earlier, fact)
                yield from _left_over(prose, earlier, fact)
                yield from _saved(prose, earlier, fact)
                yield from _since_last_year(prose, earlier, fact)
                yield from _multiplied(prose, earlier, fact)
                yield from _per_head(prose, earlier, fact)
            elif fact.unit == "个百分点" and fact.exact:
                yield from _points(prose, facts[max(0, position - NEAREST):position], fact)
    for facts in prose.by_paragraph.values():
        yield from _net(prose, facts)
        yield from _carried_on(prose, facts)


def _compared_with(prose: Prose, earlier: Sequence[Fact], fact: Fact) -> Iterator[Finding]:
    """预算 102.88 万元，决算 91.45 万元，决算数比预算数少 11.43 万元."""
    found = _LESS.search(prose.lead(fact))
    two = [one for one in earlier if one.depth == fact.depth and one.measure == fact.measure][-2:]
    if not found or len(two) != 2 or not exact(two):
        return
    others = [one for one in two if _stage(found["other"], prose.clause(one))]
    bare = not found["one"].strip("，, ")
    ones = [one for one in two if one not in others and (bare or _stage(found["one"], prose.clause(one)))]
    if len(others) != 1 or len(ones) != 1:
        return
    one, other = ones[0], others[0]
    value = (one.value - other.value) * (-1 if found["way"] in _DOWN else 1)
    yield from _verdict(prose, fact, [one, other], value, f"与{found['other'].strip()}之差")


def _stage(words: str, clause: str) -> bool:
    """Whether a side of the comparison is what a figure was said of: 决算数 and 决算数为."""
    return any(stage in words and stage in clause and not any(
        other in clause and other not in words for other in _STAGES[:2]) for stage in _STAGES)


def _since_last_year(prose: Prose, earlier: Sequence[Fact], fact: Fact) -> Iterator[Finding]:
    """总收入 560 万元，比2021年的 531 万元增加 29 万元: this year's figure is one of those told before."""
    told = [*earlier, fact]
    if not last_year_before(prose, told) or not exact(told[-2:]) or measure(fact) != measure(earlier[-1]):
        return
    last, this = earlier[-1], [one for one in earlier[:-1] if measure(one) == measure(fact) and one.exact]
    down = -1 if re.search(r"[降减低压少]", prose.before(fact, last)) else 1
    if this and all((one.value - last.value) * down != fact.value for one in this):
        one = this[0] if len(this) == 1 else min(this, key=lambda one: abs((one.value - last.value) * down - fact.value))
        yield from _verdict(prose, fact, [one, last], (one.value - last.value) * down, "与上年之差",
                            "error" if len(this) == 1 else "warning")


def _multiplied(prose: Prose, earlier: Sequence[Fact], fact: Fact) -> Iterator[Finding]:
    """购置电脑 200 台，每台 5000 元，合计 100 万元."""
    two = [one for one in earlier if one.kind in ("amount", "count")][-2:]
    prices = [one for one in two if _EACH.search(prose.clause(one)) and one.kind == "amount"]
    if len(two) == 2 and len(prices) == 1 and fact.kind == "amount" and exact(two) and _IN_ALL.search(prose.clause(fact)):
        price, count = prices[0], two[0] if prices[0] is two[1] else two[1]
        value = price.value * count.value
        if count.kind == "count" and abs(value - fact.value) > fact.step / 2:
            yield from _verdict(prose, fact, [count, price], value, "数量乘以标准", "warning")


def _per_head(prose: Prose, earlier: Sequence[Fact], fact: Fact) -> Iterator[Finding]:
    """救助 28 人，发放 56 万元，人均 2 万元."""
    two = [one for one in earlier if one.kind in ("amount", "count") and one.depth == fact.depth][-2:]
    if len(two) != 2 or fact.kind != "amount" or not exact(two) or not _PER_HEAD.search(prose.clause(fact)):
        return
    money, heads = (two[0], two[1]) if two[1].kind == "count" else (two[1], two[0])
    if money.kind == "amount" and heads.kind == "count" and measure(heads) in ("人", "户", "人次", "户次") and heads.value:
        if not printed_as(money.value / heads.value, fact):
            yield from _verdict(prose, fact, [money, heads], money.value / heads.value, "人均（户均）数", "warning")


def _saved(prose: Prose, earlier: Sequence[Fact], fact: Fact) -> Iterator[Finding]:
    """采购预算 320 万元，实际采购 298.5 万元，节约资金 21.5 万元."""
    two = [one for one in earlier if one.depth == fact.depth and one.measure == fact.measure][-2:]
    if len(two) == 2 and exact(two) and _SAVED.search(prose.clause(fact)) and "比" not in prose.clause(fact):
        planned, spent = two
        if _PLANNED.search(prose.clause(planned)) and _SPENT.search(prose.clause(spent)):
            yield from _verdict(prose, fact, two, planned.value - spent.value, "节约（或结余）数")


def _points(prose: Prose, earlier: Sequence[Fact], fact: Fact) -> Iterator[Finding]:
    """达 98.5%，超过目标值（95%）3.5 个百分点."""
    two = [one for one in earlier if one.kind == "ratio" and one.unit != fact.unit][-2:]
    if fact.unit == "个百分点" and len(two) == 2 and exact(two) and two[1].depth > two[0].depth == fact.depth:
        way = _ABOVE.search(prose.before(two[1], two[0]))
        if way and not prose.lead(fact).strip("）) "):
            value = (two[0].value - two[1].value) * (-1 if way[0] in ("低于", "少于", "未达到") else 1)
            yield from _verdict(prose, fact, two, value, "与目标之差")


def _left_over(prose: Prose, earlier: Sequence[Fact], fact: Fact) -> Iterator[Finding]:
    """追加 30.95 万元，其中政策性追加 30.17 万元应当剔除，实际追加 0.78 万元."""
    two = list(earlier[-2:])
    if len(two) == 2 and _LEFT.search(prose.lead(fact)) and same_measure([*two, fact]) and exact(two):
        if "其中" in prose.lead(two[1]):
            yield from _verdict(prose, fact, two, two[0].value - two[1].value, "剔除以后的数")


def _net(prose: Prose, facts: Sequence[Fact]) -> Iterator[Finding]:
    """原值 27.22 万元，累计折旧 13.78 万元，净值 13.44 万元. The worth is what is told just before."""
    money = [fact for fact in facts if fact.kind == "amount"]
    for worth, worn, net in zip(money, money[1:], money[2:]):
        if _WORN.search(prose.clause(worn)) and _NET.search(prose.clause(net)) and exact([worth, worn, net]):
            unit = scale(worn) if worth.value < worn.value else scale(worth)     # 29.41元 for 29.41万元 is told as such
            whole = worth.value / scale(worth) * unit
            yield from _verdict(prose, net, [worth, worn], whole - worn.value, "净值（资产减去累计折旧）")


def _carried_on(prose: Prose, facts: Sequence[Fact]) -> Iterator[Finding]:
    """年初合计 29.41 万元，增加 10.59 万元，年末共有 39.99 万元. Not where something was also disposed of."""
    money = [fact for fact in facts if fact.kind == "amount" and fact.exact]
    grown = [fact for fact in money if _GROWN.search(prose.clause(fact))]
    closing = [fact for fact in money if _CLOSING.search(prose.clause(fact))]
    opening = [fact for fact in money if _WHOLE.search(prose.clause(fact))
               and _OPENING.search(prose.before(fact)) and fact not in grown]
    if not len(grown) == len(closing) == len(opening) == 1:
        return
    if opening[0].span.start < grown[0].span.start < closing[0].span.start:
        text = prose.report.paragraph(closing[0].span.paragraph).text
        if _OUT.search(text, opening[0].span.start, closing[0].span.start):
            return
        unit = max(scale(opening[0]), scale(grown[0]))
        whole = opening[0].value / scale(opening[0]) * unit
        yield from _verdict(prose, closing[0], [opening[0], grown[0]], whole + grown[0].value, "年末数（年初加本年增加）",
                            "warning")


def _verdict(prose: Prose, fact: Fact, from_: Sequence[Fact], value: Decimal, what: str,
             severity: str = "error") -> Iterator[Finding]:
    if value == fact.value:
        return
    if abs(value - fact.value) <= tail([fact, *from_]):
        severity, words, advice = "rounding", "只差在尾数。", "可以不改；能用更细的数请改成一致"
    elif -value == fact.value:
        words, advice = "增减的方向写反了。", ""
    else:
        words, advice = "", ""
    shown = "、".join(f"{name(one)} {show(one)}" for one in from_)
    yield prose.finding(
        "ZW-06", [fact.span, *(one.span for one in from_)],
        f"{prose.where(fact.span)}：{what}写 {show(fact)}，按前面的数（{shown}）应为 {show(fact, value)}。{words}",
        severity=severity, advice=advice, expected=show(fact, value), actual=show(fact),
        delta=show(fact, fact.value - value), subject=f"{what}|{name(from_[0])}", values=figures([fact, *from_]))
