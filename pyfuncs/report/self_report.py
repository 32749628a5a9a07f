"""What a 自评报告 says of one filled workbook: the names that a Word template can ask for. Pure.

Chinese names, since an office writes them into its own template. The manual lists them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from pyfuncs.catalog.figures import GRADE, Figure
from pyfuncs.catalog.refs import form_items, near
from pyfuncs.catalog.submission import Submission
from pyfuncs.catalog.words import Words, clean, plain
from pyfuncs.consolidate.filed import Filed
from pyfuncs.report.naming import clean_text
from pyfuncs.report.self_report_money import (Statement, change_holds, change_words, comparisons, decimals_for, grid,
                                              heads_words, staff, staged, statements, wan)
from pyfuncs.report.self_report_rates import RateLine, rate_lines
from pyfuncs.report.self_report_scores import ScoreLine, conclusion, score_lines, score_words

TO_FILL = "【请填写：{}】"
NO_REASON = TO_FILL.format("扣分原因")
_SHOWN = 8                                            # names that are offered
_NUMERALS = "一二三四五六七八九"


class UnknownName(LookupError):
    """A template asks for an item, rate or score that the rule set does not have; the message says which."""


def context(filed: Filed, today: date, prior: Submission | None = None) -> dict[str, Any]:
    """By the names of the template. `prior`: last year's workbook of the same unit, where it was given."""
    account = _Account(filed, prior)
    unit = account.part(0)
    return {
        "单位": clean_text(filed.unit), "年度": filed.year, "上年": account.ruleset.prior,
        "日期": f"{today.year}年{today.month}月{today.day}日", "地区": account.ruleset.region_name,
        "规则集": account.ruleset.name, **unit, "项目": account.projects(), "上年对比": account.comparison(),
        "人员情况": account.people(unit["比率"]), "关于": account.told.about, "其余": account.told.rest,
        "数": account.number, "率": account.rate, "算式": account.working, "得分": account.score,
        "须修改": [clean_text(finding.line()) for finding in filed.findings if finding.must_fix],
    }


@dataclass
class _Told:
    """Statements on money, each given out once, so that a template may ask by subject and then for the rest."""

    waiting: list[Statement] = field(default_factory=list)

    def about(self, *words: str) -> list[str]:
        """Those whose subject has one of these words."""
        found = [one for one in self.waiting if any(word in one.about for word in words)]
        self.waiting = [one for one in self.waiting if one not in found]
        return [clean_text(one.text) for one in found]

    def rest(self) -> list[str]:
        found, self.waiting = self.waiting, []
        return [clean_text(one.text) for one in found]


class _Account:
    def __init__(self, filed: Filed, prior: Submission | None) -> None:
        self.filed, self.ruleset, self.submission, self.prior = filed, filed.ruleset, filed.submission, prior
        self.words = Words(self.ruleset, self.submission)
        self.rates = {(line.key, line.instance): line for number in [0, *self._sheets()]
                      for line in rate_lines(self.ruleset, self.submission, filed.figures, number)}
        self.told = _Told([one for form in self.ruleset.forms.values() if form.instances == "one"
                           for one in statements(self.ruleset, self.submission, form, 1)])

    def _sheets(self) -> list[int]:
        return sorted({number for form in self.ruleset.forms.values() if form.instances == "many"
                       for number in self.submission.instances(form.form)})

    def part(self, instance: int) -> dict[str, Any]:
        """Rates, scores, deductions and the conclusion of the unit (0) or of one project."""
        lines = score_lines(self.ruleset, self.submission, self.filed.figures, instance)
        subject = f"{self.filed.year}年度部门整体支出" if instance == 0 else "该项目"
        with_targets = any(line.target for line in lines)
        total = self._total(instance)
        grade = self.filed.figures.get((GRADE, instance)) if total and total.key == self.ruleset.total else None
        return {
            "比率": [_rate(line) for (_, number), line in self.rates.items() if number == instance],
            "得分表": [] if with_targets else [_score(line) for line in lines],
            "指标表": [_score(line) for line in lines] if with_targets else [],
            "扣分": [_score(line) for line in lines if line.lost > 0],
            "评价结论": conclusion(self.ruleset, total, grade, lines, subject) if total else [],
            "总分": score_words(total.value) if total else TO_FILL.format("自评总分"),
            "等级": grade.value if grade and isinstance(grade.value, str) else TO_FILL.format("评价等级"),
        }

    def _total(self, instance: int) -> Figure | None:
        """The total that is known: the rule set's own, else that of the project."""
        found = [figure for (_, number), figure in self.filed.figures.items()
                 if figure.kind == "total" and number == instance and isinstance(figure.value, Decimal)]
        own = next((figure for figure in found if figure.key == self.ruleset.total), None)
        return own or (found[0] if found and instance else None)

    def projects(self) -> list[dict[str, Any]]:
        """One for each sheet of a repeated form."""
        return [self._project(index, number) for index, number in enumerate(self._sheets(), 1)]

    def _project(self, index: int, number: int) -> dict[str, Any]:
        part = self.part(number)
        rates = [rate["算式"] or rate["结果"] for rate in part["比率"]]
        return {"序号": index, "编号": numeral(index), "名称": self._name(number), "资金": self._money(number),
                "资金表": self._funds(number), **part, "得分": part["总分"], "执行率": rates[0] if rates else "—"}

    def _name(self, number: int) -> str:
        for form in self.ruleset.forms.values():
            item = self.submission.item(form.form, form.key, number) if form.instances == "many" and form.key else None
            if item and item.text.strip():
                return clean(clean_text(item.text), 80)
        return f"项目{number}"

    def _money(self, number: int) -> list[str]:
        return [clean_text(one.text) for form in self.ruleset.forms.values() if form.instances == "many"
                for one in statements(self.ruleset, self.submission, form, number)]

    def _funds(self, number: int) -> dict[str, Any]:
        """The amounts of a project as a table, in 万元; no rows where it has no such columns."""
        for form in self.ruleset.forms.values():
            if form.instances == "many" and staged(form):
                titles, rows = grid(form, self.submission, number, self.ruleset.year, self.ruleset.prior)
                return {"栏": titles, "行": [{"名称": clean_text(label), "数": figures} for label, figures in rows]}
        return {"栏": [], "行": []}

    def people(self, rates: Sequence[Mapping[str, str]]) -> list[str]:
        """Posts and people in one sentence, with the rate that is worked out from them."""
        forms = [form for form in self.ruleset.forms.values() if form.instances == "one"]
        heads = next(filter(None, (staff(form, self.submission) for form in forms)), [])
        shown = [f"{rate['名称']}＝{rate['算式']}" for rate in rates if rate["算式"] and "人员" in rate["键"]]
        return ["，".join([heads_words(heads), *shown]) + "。"] if heads else []

    def comparison(self) -> list[dict[str, str]]:
        """Amounts of both years, in 万元, with as many decimals as it takes for the difference to hold."""
        rows = []
        for one in comparisons(self.ruleset, self.submission, self.prior):
            places = decimals_for(lambda places: change_holds(one.current, one.prior, places))
            rows.append({"名称": clean_text(one.label), "上年": wan(one.prior, places), "本年": wan(one.current, places),
                         "变动": change_words(one.current, one.prior, places)})
        return rows

    # -- what a template can ask for by name -----------------------------------------------------------------

    def number(self, name: str, sheet: int = 1) -> str:
        """An item by its name, 基础数据!项目支出.本年决算: an amount in 万元, all others as the form prints them."""
        form, _, item_name = name.partition("!")
        known = dict(form_items(self.ruleset.forms[_known(form, self.ruleset.forms, "表")]))
        model = known[_known(item_name, known, f"《{form}》的项目")]
        item = self.submission.item(form, item_name, sheet)
        if item is None or item.value is None:
            text = clean_text(item.text).strip() if item else ""
            return text or TO_FILL.format(self.words.label(item) if item else model.label or item_name)
        return wan(item.value) if self.words.kind(item) == "amount" else self.words.show(item)

    def rate(self, key: str, sheet: int = 0) -> str:
        """A rate by its key: 80.00%."""
        line = self._rate(key, sheet)
        return line.result if line else TO_FILL.format(self.ruleset.rates[key].label)

    def working(self, key: str, sheet: int = 0) -> str:
        """Its working: （12÷15）×100%＝80.00%."""
        line = self._rate(key, sheet)
        return (line.working or line.result) if line else TO_FILL.format(self.ruleset.rates[key].label)

    def _rate(self, key: str, sheet: int) -> RateLine | None:
        return self.rates.get((_known(key, self.ruleset.rates, "比率"), sheet))

    def score(self, key: str, sheet: int = 0) -> str:
        """A score or total by its key: as filed, else as it was worked out."""
        figure: Figure | None = self.filed.figures.get((_known(key, self.ruleset.scores, "得分"), sheet))
        filed = figure.printed.value if figure and figure.printed else None
        value = filed if filed is not None else figure.value if figure else None
        return score_words(value) if isinstance(value, Decimal) else TO_FILL.format(self.ruleset.scores[key].label)


def _known(name: str, names: Collection[str], what: str) -> str:
    """The name itself. Raises UnknownName, with those it may have meant, when it is none of these."""
    if name in names:
        return name
    meant = near(name, names) or list(names)
    raise UnknownName(f"{what}里没有“{name}”；是不是想写 {'、'.join(meant[:_SHOWN])}")


def numeral(number: int) -> str:
    """1 to 99 as headings count, above that in figures."""
    tens, ones = divmod(number, 10)
    if not 0 < number < 100:
        return str(number)
    head = "" if not tens else "十" if tens == 1 else f"{_NUMERALS[tens - 1]}十"
    return head + (_NUMERALS[ones - 1] if ones else "")


def _rate(line: RateLine) -> dict[str, str]:
    return {"键": line.key, "名称": clean_text(line.label), "算式": line.working, "结果": line.result}


def _score(line: ScoreLine) -> dict[str, str]:
    return {"类别": clean_text(line.group), "名称": clean_text(line.name), "目标": clean_text(line.target),
            "完成": clean_text(line.actual), "分值": "—" if line.points is None else plain(line.points),
            "得分": plain(line.score), "扣分": plain(line.lost),
            "原因": clean_text(line.reason) or (NO_REASON if line.lost > 0 else "")}
