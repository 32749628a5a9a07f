"""The rows of a score sheet (评分表), made from the scores: an indicator is written once, in scoring.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyfuncs.catalog.marks import Mark, MarkedDict, MarkedList
from pyfuncs.methods import standard_words

NOTHING = "——"                                        # printed where an indicator has no rate of its own


def place_indicators(raw: MarkedDict) -> None:
    """Give every form with `indicators` its rows, each marked with the line of its score.

    What is malformed is left alone: the model and lint tell it better.
    """
    forms, scores, rates = (raw.get(name) for name in ("forms", "scores", "rates"))
    if not isinstance(forms, MarkedDict) or not isinstance(scores, MarkedDict):
        return
    for form in forms.values():
        sheet = form.get("indicators") if isinstance(form, MarkedDict) else None
        groups = sheet.get("groups") if isinstance(sheet, MarkedDict) else None
        if isinstance(groups, MarkedDict):
            form["rows"] = _rows(sheet, groups, scores, rates if isinstance(rates, dict) else {})
            form.marks["rows"] = form.marks["indicators"]


def row_id(score: str) -> str:
    """The row of a score: 在职人员控制率得分 stands in the row 在职人员控制率."""
    return score.removesuffix("得分") or score


def _rows(sheet: MarkedDict, groups: MarkedDict, scores: MarkedDict, rates: dict[str, Any]) -> MarkedList:
    rows = MarkedList(sheet.mark)
    for name, score in _in_order(groups, scores):
        mark = scores.marks[name]
        fixed = {_text(sheet, "points"): score.get("points", ""),
                 _text(sheet, "standard"): score.get("standard") or _standard(score),
                 _text(sheet, "note"): score.get("note", "")}
        rated, shown = _text(score, "value") in rates, _text(sheet, "value")
        if shown and not rated:
            fixed[shown] = NOTHING
        rows.append(_marked(mark, {
            "id": row_id(name), "label": score.get("label", name), "group": score["group"],
            "fixed": _marked(mark, {column: text for column, text in fixed.items() if column and text}),
            "scores": _marked(mark, {_text(sheet, "score"): name}),
            "rates": _marked(mark, {shown: score["value"]} if shown and rated else {}),
        }))
        rows.marks.append(mark)
    return rows


def _text(data: MarkedDict, key: str) -> str:
    """A name, "" where something else is written: the model tells that."""
    return data[key] if isinstance(data.get(key), str) else ""


def _in_order(groups: MarkedDict, scores: MarkedDict) -> Iterator[tuple[str, MarkedDict]]:
    """The scores of a score sheet: by 一级指标, then by 二级指标 as first met, then as written."""
    for top in groups:
        found = [(name, score) for name, score in scores.items() if _groups_of(score)[:1] == [top]]
        seconds = list(dict.fromkeys(tuple(_groups_of(score)) for _, score in found))
        yield from sorted(found, key=lambda entry: seconds.index(tuple(_groups_of(entry[1]))))


def _groups_of(score: Any) -> list:
    group = score.get("group") if isinstance(score, MarkedDict) else None
    return list(group) if isinstance(group, list) else []


def _standard(score: MarkedDict) -> str:
    """评价标准 in the method's own words, where the rule set prints none."""
    known = ("label", "method", "value", "formula", "group", "standard", "note", "status", "source")
    parameters = {name: value for name, value in score.items() if name not in known}
    return standard_words(score.get("method", ""), parameters)


def _marked(mark: Mark, data: dict[str, Any]) -> MarkedDict:
    made = MarkedDict(mark)
    made.update(data)
    made.marks = {name: mark for name in data}
    return made
