"""One rule set as the plain JSON that cell functions read. Copies and selects; decides nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from pyfuncs.catalog.item_words import basis_words, called
from pyfuncs.catalog.model import Rate, RuleSet, Score
from pyfuncs.language import FormulaError, Ref, operands, parse

SCHEMA = 1


def compile_ruleset(ruleset: RuleSet, codes: Mapping[str, str]) -> dict[str, Any]:
    """The compiled rule set: rates, scores, grades and checks, every number as text.

    `content` is the digest of everything a rule set says, forms and codes included; `hash` is that of this
    mapping without itself, so that it changes with any of it.
    """
    everything = {**ruleset.model_dump(mode="json", exclude={"hash", "codes"}, exclude_defaults=True), "codes": dict(codes)}
    compiled = {
        "schema": SCHEMA,
        "id": ruleset.id,
        "name": ruleset.name,
        "region": ruleset.region,
        "year": ruleset.year,
        "edition": ruleset.edition,
        "basis": [basis_words(basis) for basis in ruleset.basis],
        "content": digest(everything),
        "rates": {key: _rate(rate, ruleset) for key, rate in ruleset.rates.items()},
        "scores": {key: _score(score, ruleset) for key, score in ruleset.scores.items()},
        "total": ruleset.total,
        "grades": [[name, str(bound)] for name, bound in ruleset.grades.items()],
        "checks": {check.id: {"formula": check.formula, "severity": check.severity, "message": check.message}
                   for check in ruleset.checks.values() if check.formula},
    }
    return {**compiled, "hash": digest(compiled)}


def rate_parameters(rate: Rate) -> dict[str, Any]:
    """A rate's parameters as its method takes them."""
    return {"decimals": str(rate.decimals), **plain(rate.parameters)}


def score_parameters(score: Score) -> dict[str, Any]:
    """A score's parameters as its method takes them."""
    points = {} if score.points is None else {"points": str(score.points)}
    return {**points, **plain(score.parameters)}


def canonical(data: Any) -> str:
    """The one way to write data as JSON: keys sorted, no blanks."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(data: Any) -> str:
    return hashlib.sha256(canonical(data).encode("utf-8")).hexdigest()


def plain(data: Any) -> Any:
    """Marked YAML data as ordinary mappings and lists."""
    if isinstance(data, Mapping):
        return {key: plain(value) for key, value in data.items()}
    return [plain(value) for value in data] if isinstance(data, list) else data


def _rate(rate: Rate, ruleset: RuleSet) -> dict[str, Any]:
    return {"label": rate.label, "method": rate.method, "parameters": rate_parameters(rate),
            "decimals": rate.decimals, "args": list(rate.args),
            "labels": [called(ruleset, arg) for arg in rate.args],
            "status": rate.status, "source": rate.source}


def _score(score: Score, ruleset: RuleSet) -> dict[str, Any]:
    return {"label": score.label, "method": score.method, "parameters": score_parameters(score),
            "value": score.value, "value_label": _value_label(score, ruleset), "formula": score.formula,
            "labels": [called(ruleset, ref) for ref in _operands(score.formula)], "status": score.status,
            "source": score.source}


def _value_label(score: Score, ruleset: RuleSet) -> str:
    rate = ruleset.rates.get(score.value)
    return rate.label if rate else called(ruleset, score.value) if score.value else ""


def _operands(formula: str) -> tuple[Ref, ...]:
    """None of a formula that can't be read: lint tells that."""
    try:
        return operands(parse(formula)) if formula else ()
    except FormulaError:
        return ()
