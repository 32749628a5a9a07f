"""Worked cases as rows of the registry workbook, a figure in each row, and those rows as cases again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyfuncs.catalog.marks import Mark, MarkedDict, Problem
from pyfuncs.catalog.registry_fields import short
from pyfuncs.catalog.registry_shapes import Entries, Shape, marked_list, put

_CASE, _SECTION, _FORM, _NUMBER, _NAME, _VALUE, _REST = "案例", "内容", "表单", "第几张", "名称", "值", "其他"
_NEEDED = {"inputs": (_FORM, _NAME), "rates": (_NAME,), "scores": (_NAME,)}


def cases() -> Shape:
    """Worked cases by name."""
    return Shape(_unfold_cases, _fold_cases)


def _unfold_cases(value: Any) -> Entries | None:
    if not isinstance(value, dict) or not value or not all(map(_is_filled, value.values())):
        return None
    return [{_CASE: name, _SECTION: section, **row} for name, case in value.items()
            for key, content in case.items() for section, row in _figures(key, content)]


def _figures(key: str, content: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Section and cells of the rows of one key of a case; what has another shape stands in one cell."""
    if key in ("about", "grade") and isinstance(content, str):
        yield key, _valued({}, content)
    elif key in ("rates", "scores") and isinstance(content, dict) and content:
        for name, value in content.items():
            yield key, _valued({_NAME: name}, value)
    elif key == "inputs" and isinstance(content, dict) and content and _are_sheets(content):
        for form, sheets in content.items():
            for number, sheet in enumerate(sheets, 1) if isinstance(sheets, list) else [(0, sheets)]:
                place = {_FORM: form, _NUMBER: str(number)} if number else {_FORM: form}
                for name, value in sheet.items():
                    yield key, _valued({**place, _NAME: name}, value)
    else:
        yield _REST, {_VALUE: {key: content}}


def _is_filled(value: Any) -> bool:
    return isinstance(value, dict) and bool(value)


def _are_sheets(content: dict[str, Any]) -> bool:
    """A sheet for each form, or a list of them."""
    return all(_is_filled(sheets) or isinstance(sheets, list) and sheets and all(map(_is_filled, sheets))
               for sheets in content.values())


def _valued(row: dict[str, Any], value: Any) -> dict[str, Any]:
    return {**row, _VALUE: value} if value != "" else row          # a blank cell: not filled in


def _fold_cases(entries: list[MarkedDict], problems: list[Problem]) -> MarkedDict:
    found = MarkedDict(entries[0].mark)
    for entry in sorted(entries, key=lambda entry: entry[_SECTION] == _REST):
        missing = [name for name in _NEEDED.get(entry[_SECTION], ()) if name not in entry]
        if missing:
            problems.append(Problem(entry.mark, f"没有填“{'”“'.join(missing)}”；请补上"))
            continue
        case = _inner(found, entry[_CASE], entry.marks[_CASE])
        value, mark = entry.get(_VALUE, ""), entry.marks.get(_VALUE, entry.mark)
        if entry[_SECTION] == _REST:
            if isinstance(value, dict):
                for key, content in value.items():
                    _place(case, key, content, mark, problems)
            else:
                problems.append(Problem(mark, "“其他”的值应写成 {键: 值}"))
            continue
        _place(*_spot(case, entry, problems), value, mark, problems)
    return found


def _spot(case: MarkedDict, entry: MarkedDict, problems: list[Problem]) -> tuple[MarkedDict, str]:
    """The mapping that a figure belongs to, and its name there."""
    section = entry[_SECTION]
    if section in ("about", "grade"):
        return case, section
    if section != "inputs":
        return _inner(case, section, entry.mark), entry[_NAME]
    forms, form, mark = _inner(case, section, entry.mark), entry[_FORM], entry.marks[_FORM]
    if _NUMBER not in entry:
        if not isinstance(forms.get(form, {}), list):
            return _inner(forms, form, mark), entry[_NAME]
        problems.append(Problem(entry.mark, f"“{form}”的别的行写了第几张，这一行没有写；请补上"))
        return MarkedDict(entry.mark), entry[_NAME]
    if form not in forms:
        put(forms, form, marked_list([]), mark)
    sheets, number = forms[form], entry[_NUMBER]
    if isinstance(sheets, list) and number == str(len(sheets) + 1):
        sheets.append(MarkedDict(entry.mark))
        sheets.marks.append(entry.mark)
    if isinstance(sheets, list) and number in map(str, range(1, len(sheets) + 1)):
        return sheets[int(number) - 1], entry[_NAME]
    wanted = f"应从 1 起接着写，这里可以写 {len(sheets) + 1}" if isinstance(sheets, list) else "这张表单的别的行没有写第几张"
    problems.append(Problem(entry.marks[_NUMBER], f"第几张写的是“{short(number)}”；{wanted}"))
    return MarkedDict(entry.mark), entry[_NAME]


def _inner(mapping: MarkedDict, key: str, mark: Mark) -> MarkedDict:
    if not isinstance(mapping.get(key), MarkedDict):
        put(mapping, key, MarkedDict(mark), mark)
    return mapping[key]


def _place(mapping: MarkedDict, key: str, value: Any, mark: Mark, problems: list[Problem]) -> None:
    if key in mapping:
        problems.append(Problem(mark, f"“{short(key)}”写了两次，第一次在 {mapping.marks[key]}；请删去一个"))
    else:
        put(mapping, key, value, mark)
