"""What was left in from last year or from the blank form: years that do not fit, prompts nobody deleted.

A year is asked about only where it stands for the year that is reported on: in a title, in a heading that prints
it, in a project's name, in a target. 2020—2022, 〔2021〕10号, 2021年结转 and 比2021年 are what they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache

from pyfuncs.catalog.codes import COVER, WHOLE
from pyfuncs.catalog.kept import kept, kept_by_word
from pyfuncs.catalog.model import Form
from pyfuncs.catalog.submission import Item, Text
from pyfuncs.catalog.words import clean, kind_on
from pyfuncs.checks.context import Context
from pyfuncs.checks.entries import presets
from pyfuncs.checks.finding import Finding

_YEAR = r"(?<![\d/.\-—–~～至到〔\[(])(20\d\d)年(?!\d*\s*[-—–~～至到])"
_TITLE = re.compile(r"自评|绩效评价|绩效目标|基础数据|评分表|支出绩效")
_DATED = re.compile(r"[（(]?(20\d\d)年度?[)）]?\Z")
_OF_ANOTHER_YEAR = re.compile(r"结转|结余|续建|跨年|遗留|尾款|上年|以前年度|往年")
_DOCUMENT = re.compile(r"办法|通知|文件|规定|制度|号")     # 按2021年绩效评价办法 names a document, not the year reported on
_COMPARED = re.compile(r"(?:较|比|同|自|从|高于|低于|超过|与|以)\Z")
_BASE = re.compile(r"(?:底|末|初)?(?:的?基础|基数|水平|实绩|同期|以来|起|的\d|增|减|相比|持平)"
                   r"|\d(?!\d?月(?:\d+日)?[底末]?(?:之?前|内|完成))")
_OWN_YEAR = re.compile(_YEAR + r"(?=度?(?:全年|部门整体支出|整体支出绩效))")
_OWN_SENTENCE = re.compile(r"本(?:单位|部门|中心|局|年度)(20\d\d)年度?(?=预算|决算|收入|支出|整体)")
PROMPT = re.compile(r"[（(](?:查[^）)]{1,12}|(?:限|不超过)?\d{2,4}字(?:以内|左右|内)?|一个(?:项目|专项)一行|请[^）)]{2,20}|单位自填|如有)[）)]"
                     r"|此处填写|在此(?:填写|输入)|点击(?:此处)?输入|[XxＸ]{3,}|×{2,}|[＊*]{3,}|[Xx]{2}(?=单位|项目|局|中心|年|万元)")
_ORDER = re.compile(r"\s*(?:简述|请简要|请填写|请说明|请描述|填写说明|一个(?:项目|专项)一行)")


def check_leftovers(context: Context) -> Iterator[Finding]:
    texts: dict[str, dict[str, list[Text]]] = defaultdict(lambda: defaultdict(list))     # by form and sheet
    for text in context.submission.texts:
        texts[text.form][text.cell.rpartition("!")[0]].append(text)
    for form in context.ruleset.forms.values():
        for instance in context.submission.instances(form.form):
            items = list(_written(context, form, instance))
            yield from _stale(context, form, instance, items, texts[form.form])
            yield from _prompts(context, form, items)
    yield from _cover(context)


def _written(context: Context, form: Form, instance: int) -> Iterator[Item]:
    """Words that the unit wrote; numbers with words behind them are told where they are read."""
    shown, wordy = presets(form), _are_wordy(form)
    for item in context.submission.items_on(form.form, instance):
        if item.text and item.cell and wordy[item.name]:
            if item.text.strip() and item.state != "placeholder" and item.text not in shown:
                yield item


@kept_by_word
def _are_wordy(form: Form, name: str) -> bool:
    """Whether a unit writes words here, and the form prints none."""
    return kind_on(form, name) in ("text", "target", "actual") and not form.printed_text(name)


# -- years ------------------------------------------------------------------------------------------


def _stale(context: Context, form: Form, instance: int, items: list[Item],
           texts: Mapping[str, list[Text]]) -> Iterator[Finding]:
    """`texts`: those printed on the form, by sheet."""
    sheets = {item.cell.rpartition("!")[0] for item in items}
    patterns = _patterns(form)
    printed = [(text.cell, text.text) for sheet, here in texts.items() if not sheets or sheet in sheets
               for text in here if _is_stale(context, patterns, text)]
    written = [(item, found) for item in items if (found := _item_year(context, form, item))]
    if not printed and not written:
        return
    cells = tuple(dict.fromkeys([*(cell for cell, _ in printed), *(item.cell for item, _ in written)]))
    words = [f"《{cell.rpartition('!')[0]}》{cell.rpartition('!')[2]}“{clean(found, 30)}”" for cell, found in printed]
    words += [f"{context.place(item)}“{clean(found, 30)}”" for item, found in written]
    yield _told(context, f"year:{form.form}!{WHOLE}", form.form, instance, cells, words)


def _cover(context: Context) -> Iterator[Finding]:
    found = [(text.cell, text.text) for text in context.submission.texts
             if not text.form and _title_year(text.text, context.ruleset.year)]
    if found:
        words = [f"《{cell.rpartition('!')[0]}》{cell.rpartition('!')[2]}“{clean(text, 30)}”" for cell, text in found]
        yield _told(context, f"year:{COVER}", "", 0, tuple(cell for cell, _ in found), words)


def _told(context: Context, key: str, form: str, instance: int, cells: tuple[str, ...], words: list[str]) -> Finding:
    year = context.ruleset.year
    more = f"等 {len(words)} 处" if len(words) > 3 else ""
    return context.about_texts(
        key, "warning", form, instance, cells,
        f"{'、'.join(words[:3])}{more}写的年度与填报年度（{year} 年）不符，可能沿用了上年的文字。",
        advice=f"请核对，应是 {year} 年的请改正；确是以前年度的事项不用改。", expected=f"{year}年")


def _is_stale(context: Context, patterns: list[re.Pattern[str]], text: Text) -> bool:
    """Whether a heading or title of the form prints a year that does not fit."""
    written, year = _bare(text.text), context.ruleset.year
    if not year or "20" not in written:
        return False
    right = {"year": year, "prior": context.ruleset.prior}
    printed = [found.groupdict() for pattern in patterns if (found := pattern.fullmatch(written))]
    if printed:
        return not any(all(right[name] == found for name, found in one.items()) for one in printed)
    return _title_year(text.text, year)


def _title_year(text: str, year: str) -> bool:
    """A title, or a line （2020年度） of its own, that names another year."""
    written = _bare(text)
    if len(written) > 60 or not year:
        return False
    dated = _DATED.match(written)
    years = [dated[1]] if dated else re.findall(_YEAR, written) if _TITLE.search(written) else []
    return bool(years) and year not in years and not _OF_ANOTHER_YEAR.search(written) and not _DOCUMENT.search(written)


@kept
def _patterns(form: Form) -> list[re.Pattern[str]]:
    """What the form prints with a year in it, as patterns over bare text."""
    labels = [form.title, *(line.text for line in (*form.head, *form.foot)),
              *(label.text for label in (*form.labels.values(), *form.tail.labels.values())),
              *(thing.label for thing in (*form.columns.values(), *form.all_cells().values(), *form.all_rows().values()))]
    dated = dict.fromkeys(_bare(label) for label in labels if "{year}" in label or "{prior}" in label)
    return [re.compile(re.escape(label).replace(r"\{year\}", r"(?P<year>20\d\d)", 1)
                       .replace(r"\{prior\}", r"(?P<prior>20\d\d)", 1).replace(r"\{entity\}", ".*")) for label in dated]


@lru_cache(maxsize=1024)  # most headings are those of the form, the same in every workbook
def _bare(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def _item_year(context: Context, form: Form, item: Item) -> str:
    """The words of a cell in which an earlier year stands for the year reported on; else ""."""
    text, year = unicodedata.normalize("NFKC", item.text), context.ruleset.year
    if not year or "20" not in text or _OF_ANOTHER_YEAR.search(text):
        return ""
    if _names_a_project(form, item):
        found = re.match(_YEAR, text)
        return text if found and found[1] < year else ""
    patterns = (re.compile(_YEAR),) if context.kind(item) == "target" else (_OWN_YEAR, _OWN_SENTENCE)
    for match in (match for pattern in patterns for match in pattern.finditer(text)):
        compared = _COMPARED.search(text[max(0, match.start(1) - 4):match.start(1)]) or _BASE.match(
            text[match.end():match.end() + 12])
        if match[1] < year and not (compared and match.re is not _OWN_SENTENCE):
            return text[max(0, match.start() - 6):match.end() + 12]
    return ""


def _names_a_project(form: Form, item: Item) -> bool:
    """The cell that names a sheet, or the first column of a table of projects below a row."""
    table, _, column = item.name.partition(".")
    detail = form.tables.get(table)
    return item.name == form.key or (detail is not None and detail.start is None and column == next(iter(detail.columns)))


# -- prompts ----------------------------------------------------------------------------------------


def _prompts(context: Context, form: Form, items: list[Item]) -> Iterator[Finding]:
    left = [(item, found[0]) for item in items if (found := PROMPT.search(item.text) or _ORDER.match(item.text))]
    if left:
        first, words = left[0]
        others = f"等 {len(left)} 格" if len(left) > 1 else ""
        yield context.finding(
            f"prompt:{form.form}!{WHOLE}", "warning", [item for item, _ in left],
            f"{context.place(first)}{others}还留着填表提示“{clean(words.strip())}”：“{clean(first.text, 30)}”。", kind="text",
            advice="请删去提示语，填上实际内容。", actual=clean(words.strip()), alike=True)
