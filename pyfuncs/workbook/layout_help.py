"""The two sheets that are no form: 封面 (what to do) and 计算过程 (what no form prints)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pyfuncs.catalog.compile import score_parameters
from pyfuncs.catalog.fields import STATUS_WORDS
from pyfuncs.catalog.figures import GRADE
from pyfuncs.catalog.model import Form, RuleSet
from pyfuncs.catalog.refs import home_of, only_recognised, resolve
from pyfuncs.catalog.words import tidy
from pyfuncs.language import Ref, parse, plain, to_chinese
from pyfuncs.methods import METHODS, standard_words
from pyfuncs.workbook.places import (
    Box, Place, Placement, Role, Rule, RuleKind, SheetLayout, Slot, words, workbook_title,
)
from pyfuncs.workbook.names import CALCULATION_SHEET, COVER_SHEET, ENTITY, YEAR, defined_name
from pyfuncs.workbook.styles import number_format


STEPS = (
    "1. 先填本页的单位名称，各表会自动带出。",
    "2. 按下面的顺序填表；一个项目填一张项目表。",
    "3. 没有发生的填 0；表上印着“—”的格不用填。金额的计量单位见下面的表。",
    "4. 行不够时，选中这一组末行的下一行（包括末尾的窄行），插入整行；用不完的行留空。",
    "5. 变成红色的格，是数与数对不上；改对后红色自动消失。",
    "6. 文字较多时可以拉高行高。工作表保护没有密码，需要时在“审阅”中撤销。",
)


def cover_sheet(ruleset: RuleSet, forms: list[tuple[Form, list[str]]]) -> SheetLayout:
    """The first sheet. `forms`: each form with the names of its sheets."""
    heights = {1: 30.0, 2: 48.0, 3: 18.0}
    places = [_wide(2, "cover-title", workbook_title(ruleset), "center")]
    names = {}
    for row, label, name, role in ((4, "单位名称", ENTITY, "input"), (5, "年　　度", YEAR, "fixed")):
        box = Box(row, 3, row, 6)
        places += [Place(Box(row, 1, row, 2), "label", label, size=14),
                   Place(box, role, ruleset.year if name == YEAR else "", Slot("", 0, name), type="text",
                         size=14, locked=role == "fixed",
                         prompt="填单位全称，与印章一致；各表的单位名称由此带出" if name == ENTITY else "")]
        names[name] = box.corner
        heights[row] = 30.0
    row = 7
    row = _section(places, heights, row, "一、填报步骤", STEPS)
    row = _form_list(places, heights, row, ruleset, forms)
    row = _legend(places, heights, row)
    basis = [f"{item.title}{f'（{item.number}）' if item.number else ''}。{f'{item.note}。' if item.note else ''}"
             for item in ruleset.basis]
    _section(places, heights, row, "四、本表样的依据", [*basis, "{edition}"])
    widths = {1: 7.0, 2: 8.0, 3: 30.0, 4: 16.0, 5: 14.0, 6: 16.0}
    return SheetLayout(COVER_SHEET, tuple(places), widths, heights, names)


def _wide(row: int, role: Role, text: str, align: Placement = "left") -> Place:
    return Place(Box(row, 1, row, 6), role, text, align=align)


def _section(places: list[Place], heights: dict[int, float], row: int, title: str,
             lines: Iterable[str]) -> int:
    """A heading and lines of text; gives the row after the gap below."""
    places.append(_wide(row, "cover-head", title))
    heights[row] = 24.0
    for line in lines:
        row += 1
        places.append(_wide(row, "cover-text", line))
        heights[row] = 19.0
    heights[row + 1] = 9.0
    return row + 2


def _form_list(places: list[Place], heights: dict[int, float], row: int, ruleset: RuleSet,
               forms: list[tuple[Form, list[str]]]) -> int:
    places.append(_wide(row, "cover-head", "二、要填的表"))
    heights[row] = 24.0
    row += 1
    for box, text in ((Box(row, 1, row, 1), "序号"), (Box(row, 2, row, 4), "表名"), (Box(row, 5, row, 5), "工作表"),
                      (Box(row, 6, row, 6), "计量单位")):
        places.append(Place(box, "label", text))
    heights[row] = 21.0
    number = 0
    for form, sheets in forms:
        for sheet in sheets:
            row, number = row + 1, number + 1
            places += [Place(Box(row, 1, row, 1), "label", str(number)),
                       Place(Box(row, 2, row, 4), "label", words(form.title, ruleset)),
                       Place(Box(row, 5, row, 5), "cover-link", sheet, link=sheet),
                       Place(Box(row, 6, row, 6), "label", form.unit)]
            heights[row] = 21.0
    heights[row + 1] = 9.0
    return row + 2


def _legend(places: list[Place], heights: dict[int, float], row: int) -> int:
    places.append(_wide(row, "cover-head", "三、颜色"))
    heights[row] = 24.0
    for role, text in (("input", "由单位填写"), ("auto", "自动计算；可以改的格，改了以填的数为准"),
                       ("fixed", "表样印好的文字和分值，不要改动")):
        row += 1
        places += [Place(Box(row, 1, row, 2), role),
                   Place(Box(row, 3, row, 6), "cover-text", text, align="left")]
        heights[row] = 19.0
    heights[row + 1] = 9.0
    return row + 2


# ---- 计算过程 --------------------------------------------------------------------------------------

CALCULATION_WIDTHS = {1: 26.0, 2: 14.0, 3: 44.0, 4: 44.0, 5: 14.0}
CALCULATION_HEADS = ("指标", "本表数", "计算公式", "依据", "状态")


def calculation_sheet(ruleset: RuleSet, forms: list[SheetLayout]) -> SheetLayout:
    """Every rate, score, total and the grade; those a form prints are shown again, the others live here."""
    printed = {(place.rule.kind, place.rule.key, sheet.ordinal(place)) for sheet in forms
               for place in sheet.places if place.rule and place.rule.kind in ("rate", "score")}
    places = [Place(Box(1, 1, 1, 5), "title", "计算过程"),
              Place(Box(2, 1, 2, 5), "line", "比率、得分、总分和等级怎样算出来；不用填写，也不必报送。", align="center")]
    places += [Place(Box(3, column, 3, column), "label", text, bold=True)
               for column, text in enumerate(CALCULATION_HEADS, 1)]
    heights, names, row = {1: 36.0, 2: 21.0, 3: 24.0}, {}, 3
    for kind, key, instance in _lines(ruleset, forms):
        row += 1
        copy = (kind, key, instance) in printed
        box = Box(row, 2, row, 2)
        title = _title(ruleset, forms, kind, key, instance)
        places += [Place(Box(row, 1, row, 1), "head", title, align="left"),
                   Place(box, "auto", "", Slot("", instance, key), Rule("copy" if copy else kind, key),
                         "text" if kind == "grade" else kind, _format(ruleset, kind, key))]
        places += [Place(Box(row, column, row, column), "note", text, align="left")
                   for column, text in ((3, _formula(ruleset, kind, key)), (4, _source(ruleset, kind, key)))]
        places.append(Place(Box(row, 5, row, 5), "label", _status(ruleset, kind, key)))
        if not copy:
            names[defined_name(key, *([str(instance)] if instance else []))] = box
        heights[row] = 21.0
    outline = Box(3, 1, row, 5)
    places = [replace(place, heavy=_outer(place.box, outline)) for place in places]
    return SheetLayout(CALCULATION_SHEET, tuple(places), CALCULATION_WIDTHS, heights, names, landscape=True,
                       repeat=(3, 3), freeze=3)


def _outer(box: Box, outline: Box) -> frozenset[str]:
    return frozenset(side for side in ("top", "bottom", "left", "right")
                     if getattr(box, side) == getattr(outline, side))


def _lines(ruleset: RuleSet, forms: list[SheetLayout]) -> Iterator[tuple[RuleKind, str, int]]:
    """What is worked out, sheet by sheet for repeated forms. Rates that only name a mistake are left out."""
    mistakes = only_recognised(ruleset)
    rates = sorted((key for key in ruleset.rates if key not in mistakes), key=lambda key: bool(home_of(ruleset, key)))
    keys: list[tuple[RuleKind, str]] = [("rate", key) for key in rates]
    keys += [("score", key) for key, score in ruleset.scores.items() if score.formula or score.value]
    if ruleset.total and ruleset.grades:
        keys.append(("grade", GRADE))
    for kind, key in keys:
        home = home_of(ruleset, ruleset.total if kind == "grade" else key)
        for instance in [sheet.instance for sheet in forms if sheet.form.form == home] if home else [0]:
            yield kind, key, instance


def _title(ruleset: RuleSet, forms: list[SheetLayout], kind: RuleKind, key: str, instance: int) -> str:
    home = home_of(ruleset, ruleset.total if kind == "grade" else key)
    sheets = [sheet.name for sheet in forms if sheet.form.form == home and sheet.instance == instance]
    behind = f"（{sheets[0]}）" if sheets else ""
    if kind == "grade":
        return GRADE + behind
    item = ruleset.rates[key] if kind == "rate" else ruleset.scores[key]
    # Several rates print the same label: the key tells them apart.
    labels = [other.label for other in (*ruleset.rates.values(), *ruleset.scores.values())]
    return (item.label if labels.count(item.label) == 1 else key) + behind


def _format(ruleset: RuleSet, kind: RuleKind, key: str) -> str:
    return number_format("rate", ruleset.rates[key].decimals) if kind == "rate" else "General"


def _formula(ruleset: RuleSet, kind: RuleKind, key: str) -> str:
    """How it is worked out, over the printed names of its operands."""
    def label(ref: Ref) -> str:
        return operand_label(ruleset, ref)

    if kind == "grade":
        bands = list(ruleset.grades.items())
        return "，".join(f"{plain(least)} 分及以上为{name}" if index < len(bands) - 1 else f"其余为{name}"
                        for index, (name, least) in enumerate(bands))
    if kind == "score":
        score = ruleset.scores[key]
        if score.formula:
            return to_chinese(parse(score.formula), label)
        return _method_words(ruleset, key)
    rate = ruleset.rates[key]
    text = METHODS[rate.method].help.partition("；")[0]
    for argument, arg in zip(METHODS[rate.method].arguments, rate.args):
        # The method's own gloss on the argument goes: here stands the item itself.
        text = re.sub(f"{argument.label}(（[^）]*）)?", operand_label(ruleset, arg), text)
    return text


def _method_words(ruleset: RuleSet, key: str) -> str:
    """A way of scoring with its points and limits: 资金执行率，分值 10 分：分值 × 比率，超过 100% 的按 100% 计。"""
    score = ruleset.scores[key]
    text = score.standard or standard_words(score.method, score_parameters(score)) or METHODS[score.method].help
    return f"{operand_label(ruleset, score.value)}，分值 {plain(score.points)} 分：{text}"


def operand_label(ruleset: RuleSet, ref: Ref | str) -> str:
    """An item as the form prints it: 公用经费 2022年决算数."""
    target = resolve(ruleset, ref)
    if target.sort in ("rate", "score"):
        return (ruleset.rates if target.sort == "rate" else ruleset.scores)[target.name].label
    form, (first, _, column) = ruleset.forms[target.form], target.name.partition(".")
    if target.sort == "grid":
        row = form.all_rows()[first]
        return f"{tidy(row.label)} {words(form.columns[column].label, ruleset)}"
    if target.sort == "cell":
        return words(target.item.label, ruleset)
    group = f"“{target.group}”" if target.group else ""
    return f"各行{group}{target.item.label}"


def _source(ruleset: RuleSet, kind: RuleKind, key: str) -> str:
    if kind == "grade":
        return ruleset.grade_source
    return (ruleset.rates if kind == "rate" else ruleset.scores)[key].source


def _status(ruleset: RuleSet, kind: RuleKind, key: str) -> str:
    if kind == "grade":
        key, kind = ruleset.total, "score"
    return STATUS_WORDS[(ruleset.rates if kind == "rate" else ruleset.scores)[key].status]
