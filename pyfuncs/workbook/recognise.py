"""Which rule set a workbook belongs to, by its own words: titles, headings, row labels, region, year.

For workbooks without our identity sheet. A rule set answers for its own year only, so the same form of another
year, or one that fits two rule sets alike, is judged by its arithmetic alone, and the reason says so.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pyfuncs.catalog.arithmetic import arithmetic
from pyfuncs.catalog.forms import Form
from pyfuncs.catalog.load import built_in, load_ruleset, ruleset_ids, search_path
from pyfuncs.catalog.marks import RuleSetError
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.refs import form_items
from pyfuncs.workbook.grid import Grid
from pyfuncs.workbook.layout import layout
from pyfuncs.workbook.places import SheetLayout
from pyfuncs.workbook.recognise_words import LONGEST, entity_of, label_keys, short_texts, titles, year_of

__all__ = ["Recognition", "entity_of", "recognise", "year_of"]

LEAST = 0.35                                          # of the labels' weight: below it a foreign workbook
FITS = 0.6                                            # from here on the rule set's own form, with rows changed
PRESENT = 0.3                                         # a form that is there at all, whole or in part
NEAR = 0.9                                            # of the best: too near to be told apart by labels
CLEARLY = 0.97                                        # below this share of the best, the second best is out
NATION = "全国"
_LABELS = {"title", "label", "head", "line"}
_TITLE_WEIGHT = 2                                     # a title is chosen, a heading shared
_SHOWN = 2                                            # labels quoted in the reason


@dataclass(frozen=True)
class Recognition:
    """`exact`: the rule set answers for this workbook. If not, `ruleset` is its nearest with the arithmetic alone
    (see catalog.arithmetic), for the year of the workbook, "" when unknown. `reason`: why, for the clerk."""

    ruleset: RuleSet
    reason: str
    exact: bool


@dataclass(frozen=True)
class _Label:
    """One printed text of a form. `keys`: what it may be found by, its aliases too."""

    text: str
    keys: frozenset[str]
    weight: float


@dataclass(frozen=True)
class _Candidate:
    ruleset: RuleSet
    forms: Mapping[str, tuple[_Label, ...]]


@dataclass(frozen=True)
class _Match:
    """How a rule set fits. `found`, `wanted`: labels of the forms that are there; `score`: found weight × cover."""

    ruleset: RuleSet
    found: tuple[_Label, ...]
    wanted: int
    cover: float

    @property
    def score(self) -> float:
        return sum(label.weight for label in self.found) * self.cover


def recognise(grids: Sequence[Grid], stated_year: str = "") -> Recognition | None:
    """The rule set of a workbook; None for a foreign one. `stated_year`: known otherwise, outdoes what stands in it.

    Hidden sheets don't count where there are visible ones: last year's copy often lies there.
    """
    grids = [grid for grid in grids if grid.visible] or list(grids)
    keys = [_keys(grid) for grid in grids]
    matches = sorted((_match(one, keys) for one in _candidates(_stamp())), key=lambda match: -match.score)
    if not matches or matches[0].cover < LEAST:
        return None
    year, regions = stated_year or year_of(grids), _regions(grids, matches)
    near = [match for match in matches if match.score >= NEAR * matches[0].score]
    near = _of_region(near, regions) or near
    chosen = _of_year(near, year)
    if len(chosen) == 1 and chosen[0].cover >= FITS and not _elsewhere(chosen[0].ruleset, regions):
        return Recognition(chosen[0].ruleset, _because(chosen[0], year), True)
    return _arithmetic_only(chosen or near, year, grids)


def _arithmetic_only(near: Sequence[_Match], year: str, grids: Sequence[Grid]) -> Recognition:
    best = [match for match in near if match.score >= CLEARLY * near[0].score]
    nearest = min(best, key=lambda match: (_years_apart(match.ruleset, year), -match.score))
    printed = (text for grid in grids for text in short_texts(grid))
    return Recognition(arithmetic(nearest.ruleset, year, printed), _doubt(nearest, near, year), False)


def _years_apart(ruleset: RuleSet, year: str) -> int:
    return abs(int(ruleset.year) - int(year)) if year else 0


# -- how well a rule set fits -----------------------------------------------------------------------------


def _keys(grid: Grid) -> frozenset[str]:
    return frozenset(key for text in short_texts(grid) for key in label_keys(text))


def _match(candidate: _Candidate, grids: Sequence[frozenset[str]]) -> _Match:
    """Each sheet is that form which it has most of, and any other it has nearly all of."""
    keys: dict[str, set[str]] = {}
    for grid in grids:
        covers = {name: _weight(labels, grid) for name, labels in candidate.forms.items()}
        best = max(covers, key=covers.__getitem__)
        for name, weight in covers.items():
            if weight and (name == best or weight >= FITS * _weight(candidate.forms[name])):
                keys.setdefault(name, set()).update(grid)
    there = [name for name, found in keys.items()
             if _weight(candidate.forms[name], found) >= PRESENT * _weight(candidate.forms[name])]
    wanted = {label.text: label for name in there for label in candidate.forms[name]}
    met = {label.text for name in there for label in candidate.forms[name] if label.keys & keys[name]}
    found = tuple(label for text, label in wanted.items() if text in met)
    return _Match(candidate.ruleset, found, len(wanted), _weight(found) / (_weight(wanted.values()) or 1))


def _weight(labels: Iterable[_Label], keys: Iterable[str] | None = None) -> float:
    if keys is None:
        return sum(label.weight for label in labels)
    return sum(label.weight for label in labels if not label.keys.isdisjoint(keys))


def _stamp() -> tuple:
    """Changes when there are other rule sets, or one of the user's own was changed."""
    own = [folder for folder in search_path() if not built_in(folder)]
    files = [path for folder in own for pattern in ("*/*/*.yaml", "*/*/*/*.yaml") for path in folder.glob(pattern)]
    return (*ruleset_ids(), *(sorted((str(path.resolve()), path.lstat().st_mtime_ns) for path in files)))


@lru_cache(maxsize=4)
def _candidates(_stamp: tuple) -> tuple[_Candidate, ...]:
    """The labels of every rule set that can be used, made once; a rare label weighs more."""
    rulesets = [ruleset for one in ruleset_ids() if (ruleset := _usable(one))]
    labels = {ruleset.id: {sheet.form.form: _labels(ruleset, sheet) for sheet in layout(ruleset).sheets if sheet.form}
              for ruleset in rulesets}
    used = Counter(key for forms in labels.values() for key in {key for form in forms.values() for key, _, _ in form})
    return tuple(_Candidate(ruleset, {
        name: tuple(_Label(text, keys | {key}, _rarity(used[key], len(rulesets)) * (_TITLE_WEIGHT if title else 1))
                    for (key, text, title), keys in form.items()) for name, form in labels[ruleset.id].items()})
        for ruleset in rulesets)


def _usable(ruleset_id: str) -> RuleSet | None:
    try:
        ruleset = load_ruleset(ruleset_id)
    except RuleSetError:                              # told where somebody asks for it by name
        return None
    return None if ruleset.abstract or not ruleset.forms else ruleset


def _rarity(used: int, all_of_them: int) -> float:
    return math.log((all_of_them + 1) / used) + 0.1


def _labels(ruleset: RuleSet, sheet: SheetLayout) -> dict[tuple[str, str, bool], frozenset[str]]:
    """(key, printed text, is it the title) -> keys of its aliases, for every short text a form prints."""
    aliases = _aliases(sheet.form)
    return {(key, text, place.role == "title"): aliases.get(key, frozenset())
            for place in sheet.places if place.role in _LABELS and len(place.text) <= LONGEST
            for text in [re.sub(r"\s+", "", place.text)] for key in label_keys(place.text)}


def _aliases(form: Form) -> dict[str, frozenset[str]]:
    models = [*(item for _, item in form_items(form)), *form.all_rows().values()]
    return {key: frozenset(also for alias in model.aliases for also in label_keys(alias))
            for model in models if model.aliases for key in label_keys(model.label)}


# -- region and year --------------------------------------------------------------------------------------


def _regions(grids: Sequence[Grid], matches: Iterable[_Match]) -> frozenset[str]:
    """Codes of the regions that the unit's name or a title names; of a province and its city, the city."""
    said = "".join([entity_of(grids), *titles(grids)])
    known = {match.ruleset.region: _short(match.ruleset.region_name) for match in matches}
    named = {code for code, name in known.items() if name and name in said}
    return frozenset(code for code in named if not any(_within(other, code) for other in named - {code}))


def _short(name: str) -> str:
    """长沙市雨花区: 雨花; 湘西土家族苗族自治州: 湘西; "" for the nation."""
    last = re.sub(r"^.*?(?:省|市)(?=.)", "", name)
    return "" if name == NATION else last[:2]


def _within(code: str, outer: str) -> bool:
    """Whether a region lies in another, by GB/T 2260: 430111 in 430100 in 430000."""
    return code.startswith(re.sub(r"(?:00){1,2}$", "", outer)) or outer == "100000"


def _of_region(near: Iterable[_Match], regions: frozenset[str]) -> list[_Match]:
    return [match for match in near if match.ruleset.region in regions]


def _elsewhere(ruleset: RuleSet, regions: frozenset[str]) -> bool:
    """Whether the workbook names regions, and none that the rule set is for."""
    return bool(regions) and not any(_within(region, ruleset.region) for region in regions)


def _of_year(near: Sequence[_Match], year: str) -> list[_Match]:
    """Those of the year; of several, those that the labels do not leave behind."""
    fitting = [match for match in near if not year or match.ruleset.year == year]
    return [match for match in fitting if match.score >= CLEARLY * fitting[0].score]


# -- the reason -------------------------------------------------------------------------------------------


def _because(match: _Match, year: str) -> str:
    return f"{_likeness(match)}，{f'年度 {year}' if year else f'表上没有写年度，按 {match.ruleset.year} 年度'}"


def _likeness(match: _Match) -> str:
    rarest = sorted(match.found, key=lambda label: (-label.weight, len(label.text)))[:_SHOWN]
    quoted = "、".join(f"“{_quoted(label.text)}”" for label in rarest)
    return (f"表头{quoted}等与{match.ruleset.region_name} {match.ruleset.year} 年度的表样相符"
            f"（{match.wanted} 处中 {len(match.found)} 处）")


def _quoted(label: str) -> str:
    """Without its year, which is the rule set's, and what is filled in behind it."""
    return re.sub(r"20\d\d年度?|[:：].*$", "", label)


def _doubt(nearest: _Match, near: Sequence[_Match], year: str) -> str:
    own, others = nearest.ruleset, [match.ruleset for match in near if match.ruleset.id != nearest.ruleset.id]
    alike = [other.id for other in others if not year or other.year == year]
    if year and own.year != year:
        why = f"这是 {year} 年度的表，没有这一年度的规则集"
    elif alike:
        why = f"也同样像 {'、'.join(alike)}，分不出是哪一个"
    elif nearest.cover < FITS:
        why = "相符的不多，没有完全对得上的规则集"
    else:
        why = f"单位名称或标题里不是{own.region_name}"
    return f"{_likeness(nearest)}，但{why}，只核对加总、比率等算术关系"
