"""The JSON that scripts rely on. Numbers are decimal strings: amounts in 元, rates as ratio; null for none."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from pyfuncs.catalog.submission import Item
from pyfuncs.checks.finding import GROUP_WORDS, LINES, VERDICT_FAIL, VERDICT_PASS, Finding, Remark
from pyfuncs.consolidate.filed import Filed
from pyfuncs.language import CellError, Value, plain
from pyfuncs.report.audit import Run, ruleset_reason
from pyfuncs.report.counts import counts


def dump(data: dict[str, Any]) -> bytes:
    """UTF-8, keys in the order of the contract."""
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode("utf-8", errors="replace")


def validation(filed: Sequence[Filed], run: Run = Run()) -> dict[str, Any]:
    """What `jixiao validate --json` writes."""
    found = counts(filed)
    failing = sum(one.must_fix for one in filed)
    return {
        "verdict": VERDICT_FAIL if failing else VERDICT_PASS,
        "summary": {"files": len(filed), "pass": len(filed) - failing, "fail": failing,
                    **{group.replace("-", "_"): found[group] for group in GROUP_WORDS}},
        "files": [_file(one, run) for one in filed],
    }


def _file(one: Filed, run: Run) -> dict[str, Any]:
    submission, ruleset = one.submission, one.ruleset
    round_ = run.rounds.get(submission.path)
    return {
        "path": submission.path, "sha256": submission.sha256, "ruleset": submission.ruleset,
        "unit": submission.entity, "year": submission.year,
        "forms": list(dict.fromkeys(item.form for item in submission.items)),
        "items": [_item(item) for item in submission.items],
        "findings": [_finding(finding, submission.path) for finding in one.findings],
        "verdict": VERDICT_FAIL if one.must_fix else VERDICT_PASS,
        "sha256_after": run.after.get(submission.path), "unchanged": run.unchanged(one),
        "ruleset_hash": ruleset.hash if ruleset else "", "recognised": ruleset_reason(one),
        "read_by": submission.read_by, "assumed": list(one.assumed),
        "round": round_ and {"number": round_.number, "previous": round_.previous or None,
                             "resolved": [_finding(finding, submission.path) for finding in round_.resolved],
                             "unread": [_finding(finding, submission.path) for finding in round_.unread]},
    }


def _item(item: Item) -> dict[str, Any]:
    return {"form": item.form, "instance": item.instance, "row": row_of(item.name, item.row),
            "item": item.name, "value": number(item.value), "text": item.text, "cell": item.cell}


def row_of(name: str, ordinal: int = 0) -> str:
    """Which row: its ordinal in a table, its id in a grid, "" for a cell that stands alone."""
    if ordinal:
        return str(ordinal)
    row, _, column = name.partition(".")
    return row if column else ""


def _finding(finding: Finding, path: str) -> dict[str, Any]:
    names = ("rule_id", "severity", "kind", "form", "instance", "cells", "message", "expected", "actual",
             "delta", "advice", "basis", "fingerprint", "identity", "state")
    data = {name: getattr(finding, name) for name in names}
    unit = "line" if path.lower().endswith(LINES) else "paragraph"
    places = [{unit: place.number, "start": place.start, "end": place.end, "quote": place.quote} for place in finding.places]
    return {**data, "cells": list(finding.cells), "remark": finding.remark and _remark(finding.remark), "places": places}


def _remark(remark: Remark) -> dict[str, str]:
    return {"standing": remark.standing, "reason": remark.reason, "by": remark.by, "at": remark.at, "value": remark.value}


def number(found: Decimal | None) -> str | None:
    return None if found is None else plain(found)


def value(found: Value) -> str | None:
    """A figure: a decimal string, 不适用, or null when it can't be worked out."""
    if found is None or isinstance(found, CellError):
        return None
    return plain(found) if isinstance(found, Decimal) else str(found)
