"""Columns of the registry workbook (规则登记表): how a value of a rule set stands in a cell, and is read back.

A value is shown in its column only when reading the cell gives the same value again; whatever else there is
goes, as YAML, into the column 其他. So nothing is ever lost.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pyfuncs.catalog.fields import ID_PATTERN
from pyfuncs.catalog.lint_formulas import unknown
from pyfuncs.catalog.marks import RuleSetError, load_marked
from pyfuncs.catalog.yaml_text import flow

OR = " 或 "                                            # between the readings a document allows
EMPTY = "（空）"                                        # nothing, written out: not what the parent says
FLAGS = {"true": "是", "false": "否"}
LONGEST_QUOTE = 30
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SPACE = " \t\n\r\u00a0"                              # 　 is kept: forms are spaced with it


class Wrong(ValueError):
    """A cell that can't be read; the message says what is wanted."""


@dataclass(frozen=True)
class Kind:
    """`show` gives a cell's text or "" when the value has another shape; `read` raises Wrong."""

    show: Callable[[Any], str]
    read: Callable[[str], Any]
    words: Mapping[str, str] = field(default_factory=dict)     # value -> word, for a list to choose from


@dataclass(frozen=True)
class Field:
    """A column: its heading, the path of keys it fills (none: all that have no column), what to write."""

    header: str
    path: tuple[str, ...]
    help: str
    kind: Kind
    width: float = 12
    key: bool = False                                 # tells the row from others, and must be filled
    optional: bool = False                            # … or may be blank all the same

    @property
    def required(self) -> bool:
        return self.key and not self.optional

    def show(self, value: Any) -> str:
        """The text of a cell, "" when it would not be read as the same value."""
        text = self.kind.show(value)
        if is_blank(text) or "\r" in text or UNPRINTABLE.search(text):
            return ""
        try:
            return text if self.kind.read(text) == value else ""
        except Wrong:
            return ""


def is_blank(text: str) -> bool:
    return not text.strip(_SPACE + "\u3000")


def narrow(text: str) -> str:
    """Full-width letters, digits and signs as half-width ones: for addresses and numbers, never for prose."""
    return unicodedata.normalize("NFKC", text).strip()


def short(text: str) -> str:
    """A text as messages quote it."""
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"


def plain(value: Any) -> Any:
    """Mappings and lists without their marks."""
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    return [plain(entry) for entry in value] if isinstance(value, list) else value


def yaml_of(text: str, wanted: type, form: str) -> Any:
    """A cell's text as YAML of one shape. Raises Wrong, saying the `form` it should have."""
    try:
        value = plain(load_marked(text, ""))
    except RuleSetError as error:
        raise Wrong("；".join(problem.message for problem in error.problems)) from None
    if not isinstance(value, wanted):
        raise Wrong(f"“{short(text)}”应写成{form}")
    return value


def _text(value: Any) -> str:
    return (value or EMPTY) if isinstance(value, str) else ""


def _prose(text: str) -> str:
    return "" if narrow(text) == narrow(EMPTY) else text.strip(_SPACE)


def _word(text: str) -> str:
    return narrow(_prose(text))


def _identifier(text: str) -> str:
    name = narrow(text)
    if not ID_PATTERN.match(name):
        raise Wrong(f"“{short(text)}”不能用作标识；只能由汉字、字母、数字、下划线组成，且不以数字开头，例如 三公经费")
    return name


def _formula(text: str) -> str:
    return _prose(text).removeprefix("=").removeprefix("＝").strip(_SPACE)


def _several(value: Any) -> str:
    return "\n".join(value) if isinstance(value, list) and all(isinstance(one, str) for one in value) else ""


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _readings(value: Any) -> str:
    """One value, or all those that a document allows: 30 或 40."""
    match value:
        case {"any": [*options]} if len(value) == 1 and all(isinstance(one, str) for one in options):
            return OR.join(options)
    return _text(value)


def _reading(text: str) -> str | dict[str, list[str]]:
    options = [_word(option) for option in re.split(r"\s或\s", text.strip())]
    return {"any": options} if len(options) > 1 else options[0]


def _value(value: Any) -> str:
    """A text as it is, readings with 或 between them, a list or mapping as YAML in brackets."""
    said = _readings(value)
    if said:
        return "" if said[0] in "[{" or "\n" in said else said
    return flow(value) if isinstance(value, (list, dict)) and value else ""


def _valued(text: str) -> Any:
    text = text.strip()
    if text[:1] in ("[", "{"):
        return yaml_of(text, list if text[0] == "[" else dict, "一列，例如 [6, 4, 5]")
    return _reading(text) if re.search(r"\s或\s", text) else _prose(text)


def _pairs(value: Any) -> str:
    """A mapping as lines `name=value`; keys and values that such a line can't hold make it unshowable."""
    if not isinstance(value, dict):
        return ""
    lines = [(name, _value(one)) for name, one in value.items()]
    return "\n".join(f"{name}={text}" for name, text in lines) if all(text for _, text in lines) else ""


def _paired(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for line in _lines(text):
        name, sign, value = line.partition("=" if "=" in line else "＝")
        if not sign or not name.strip() or not value.strip():
            raise Wrong(f"“{short(line)}”应写成“名称=值”，一行一个，例如 limit=1")
        if narrow(name) in found:
            raise Wrong(f"“{short(narrow(name))}”写了两次；请删去一个")
        found[narrow(name)] = _valued(value)
    return found


def _other(value: Any) -> str:
    if not isinstance(value, dict):
        return ""
    return "\n".join(flow({key: entry})[1:-1] for key, entry in value.items())


def _others(text: str) -> dict[str, Any]:
    return yaml_of(text, dict, "“键: 值”，一行一个，冒号用半角、后面空一格")


TEXT = Kind(_text, _prose)                            # kept as it is
WORD = Kind(_text, _word)                             # addresses, numbers, references
IDENTIFIER = Kind(_text, _identifier)
FORMULA = Kind(_text, _formula)
TEXTS = Kind(_several, _lines)                        # one per line
SLOTS = Kind(_several, lambda text: [line.strip() for line in text.rstrip().split("\n")])   # a blank one too
WORDS = Kind(_several, lambda text: _lines(narrow(text)))
READINGS = Kind(_readings, _reading)
PAIRS = Kind(_pairs, _paired)
VALUE = Kind(_value, _valued)
OTHER = Kind(_other, _others)


def choice(what: str, words: Mapping[str, str]) -> Kind:
    """One of a closed list, shown in Chinese; the word of the YAML file is understood too."""
    values = {narrow(word): value for value, word in words.items()}

    def read(text: str) -> str:
        name = narrow(text)
        if name not in values and name not in words:
            raise Wrong(unknown(what, short(text.strip()), words.values()))
        return values.get(name, name)

    return Kind(lambda value: words.get(value, "") if isinstance(value, str) else "", read, words)


FLAG = choice("这种写法", FLAGS)
