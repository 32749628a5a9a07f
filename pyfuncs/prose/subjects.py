"""What a figure is said of: the words before it, their standard name, and the items of the rule set they fit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from pyfuncs.catalog.forms import Cell, Column, Form
from pyfuncs.catalog.kept import kept
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.words import tidy
from pyfuncs.prose.model import Kind
from pyfuncs.prose.vocabulary import CONNECTIVES, QUALIFIERS, SAME_ITEM, STRIPPED_AFTER, STRIPPED_BEFORE, SUBJECTS

_QUIET = str.maketrans("", "", " 　\t“”\"‘’《》〈〉（）()【】[]：:")
_YEAR_BEFORE = re.compile(r"^(?:截[至止])?(?:20\d\d[-—～至])?(?:20\d\d|\d\d)年(?:度|[底末初])?")
_LEADING = re.compile(r"^(?:[、，；。和及与为的]|其中|以及|本单位|我单位|本部门|我部门|我中心|本中心|我局|本局|我委|我院|我办|核定(?=[^编人数])|"
                      r"[一-鿿]{0,14}(?:中心|部门|单位|局|委员会|办公室)(?:的|(?=20\d\d年|共有|现有|核定|编制控制数)))+")
_CONNECTED = re.compile(rf"(?:{'|'.join(sorted(CONNECTIVES, key=len, reverse=True))})$")
_TYPES: dict[Kind, tuple[str, ...]] = {"amount": ("amount",), "ratio": ("rate",), "count": ("count",),
                                       "points": ("score", "points"), "foreign": ()}
_LONGEST = 40                                         # signs of a subject; more is a whole clause
_CELLS = ("amount", "rate", "count")
_TOTALS = ("总分", "自评总分", "综合得分", "绩效自评综合得分")     # 得分合计 may leave the execution rate's points out
_NO_ITEM = {"增长", "下降", "差额", "占", "追加", "平均", "剩余", "目标", "同比"}


@dataclass(frozen=True)
class _Place:
    """An item that prints a name. `stage`: 年初, 决算, 调整后, "" when its column does not say; `prior`: of last year."""

    item: str
    type: str
    stage: str
    prior: bool


@dataclass(frozen=True)
class Names:
    """`keys`: how a name is written -> its standard name. `places`: standard name -> the items that print it."""

    keys: Mapping[str, str]
    places: Mapping[str, tuple[_Place, ...]] = field(default_factory=dict)

    def key(self, words: str) -> str:
        """The standard name that `words` are, what only tells stage and owner taken off; "" when they are none."""
        name = words.translate(_QUIET)
        if len(name) > _LONGEST:
            return ""
        for core in _cores(name):
            if core in self.keys:
                return self.keys[core]
        return ""

    def items(self, key: str, kind: Kind, stage: str, prior: bool) -> tuple[str, ...]:
        """Ids of the items that print it, of that kind, stage and year."""
        return tuple(place.item for name in (key, SAME_ITEM.get(key, "")) for place in self.places.get(name, ())
                     if place.type in _TYPES[kind] and place.stage == stage and place.prior == prior)


def generic() -> Names:
    """Names that stand in reports everywhere."""
    return Names(_generic_keys())


@kept
def names_of(ruleset: RuleSet) -> Names:
    """The generic names and what the forms of a rule set print."""
    common, keys = generic(), dict(_generic_keys())
    places: dict[str, list[_Place]] = {}
    for names, place in _printed(ruleset):
        key = next((known for name in names if (known := common.key(name))), names[0])
        keys.update({name.translate(_QUIET): key for name in names if name.translate(_QUIET) not in keys})
        places.setdefault(key, []).append(place)
    return Names(keys, {key: tuple(found) for key, found in places.items()})


@lru_cache(maxsize=1)
def _generic_keys() -> Mapping[str, str]:
    return {name: key for key, names in SUBJECTS.items() for name in (key, *names)}


def _printed(ruleset: RuleSet) -> Iterator[tuple[list[str], _Place]]:
    for form in ruleset.forms.values():
        for row in form.all_rows().values():
            names = _spellings(row.label, row.aliases)
            for name, column in form.columns.items():
                if names and name not in row.fixed:
                    yield names, _place(form, f"{row.id}.{name}", column, column.period == "-1")
        for name, cell in form.all_cells().items():
            if (cell.type in _CELLS or _is_total(form, cell)) and (names := _spellings(cell.label, cell.aliases)):
                yield names, _Place(f"{form.form}!{name}", cell.type, "决算", False)
        for table in (table for table in form.tables.items() if not form.columns):
            for name, column in table[1].columns.items():
                if column.type == "amount" and (names := _spellings(column.label, column.aliases)):
                    yield names, _Place(f"{form.form}!{table[0]}.{name}", "amount", "决算", False)


def _is_total(form: Form, cell: Cell) -> bool:
    """Whether it prints the unit's total: not a project's, and not the score of one line or one group."""
    return cell.type == "score" and form.instances == "one" and cell.label in _TOTALS


def _spellings(label: str, aliases: list[str]) -> list[str]:
    return [name for text in (label, *aliases) if len(name := tidy(text.replace("\n", "")).translate(_QUIET)) > 1
            and "{" not in name]


def _place(form: Form, name: str, column: Column, prior: bool) -> _Place:
    stage = column.stage or ("年初" if "年初" in column.label else
                             "决算" if any(word in column.label for word in ("决算", "执行", "实际")) else "")
    return _Place(f"{form.form}!{name}", column.type, stage, prior)


def subject_of(phrase: str) -> str:
    """The words before a figure as a subject: without the year, what joins it to the figure, quotes and blanks."""
    words = phrase.translate(_QUIET).strip("，。；、-—·*#￥¥$")
    words = _LEADING.sub("", _YEAR_BEFORE.sub("", _LEADING.sub("", _YEAR_BEFORE.sub("", words))))
    while match := _CONNECTED.search(words):
        words = words[:match.start()]
    return words


def qualifiers_of(phrase: str) -> frozenset[str]:
    return frozenset(name for name, words in QUALIFIERS.items() if any(word in phrase for word in words))


def stage_of(qualifiers: frozenset[str]) -> str:
    """年初 or 决算, as far as words tell it; "" when they don't, "?" when they tell something no item holds."""
    if qualifiers & _NO_ITEM:
        return "?"
    if "年初" in qualifiers or "预算" in qualifiers:
        return "年初" if not qualifiers & {"决算", "调整"} else "?"
    return "决算" if qualifiers & {"决算", "实际"} else ""


def _cores(name: str) -> Iterator[str]:
    """The name, and what is left when words of stage, owner and year are taken off its ends, the least first."""
    seen, layer = set(), [name]
    while layer:
        yield from layer
        seen.update(layer)
        shorter = dict.fromkeys(core for words in layer for core in _shorter(words))
        layer = [core for core in shorter if core not in seen]


def _shorter(words: str) -> Iterator[str]:
    if (bare := _YEAR_BEFORE.sub("", words)) != words:
        yield bare
    if len(inner := words.partition("中")[2]) > 1:    # 资产中流动资产
        yield inner
    for word in STRIPPED_BEFORE:
        if words.startswith(word) and len(words) > len(word):
            yield words[len(word):]
    for word in STRIPPED_AFTER:
        if words.endswith(word) and len(words) > len(word):
            yield words[:-len(word)]
