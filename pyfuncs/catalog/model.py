"""Typed model of one rule set (规则集): forms, rates, scores, checks, grades.

Every number arrives as text and is kept as text or `Decimal`, never as a binary float. Unknown keys
are errors. Ids are the identity of things (`form!row.column`, `form!cell`); labels are what is printed.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from pyfuncs.catalog.fields import (COLUMNS_PATTERN, ID_PATTERN, RANGE_PATTERN, Count, Date, Flag, Id, ItemType,
                                    Model, Number, Readings, Said, Severity, Status)
from pyfuncs.catalog.forms import (Cell, Column, Form, Group, Indicators, Item, Judging, Label, Line, Page, Row,
                                   Table, TableColumn, Tail)

__all__ = ["COLUMNS_PATTERN", "ID_PATTERN", "RANGE_PATTERN", "Basis", "Cell", "Check", "Column", "Diagnosis", "Form",
           "Group", "Indicators", "Item", "ItemType", "Judging", "Label", "Line", "Model", "Page", "Pause", "Rate",
           "Readings", "Row", "RuleSet", "Score", "Table", "TableColumn", "Tail", "Thresholds"]


class Basis(Model):
    """The document a rule set rests on."""

    title: str
    number: str = ""                                  # 文号
    issuer: str = ""
    date: str = ""
    page: str = ""
    note: str = ""


class Rate(Model):
    """A rate (率). Its key is its identity; several rates may print the same label."""

    label: str
    method: str
    args: list[str]
    decimals: Count = 2
    diagnose: list[str] = []                          # other rates, or 截尾 | 反号 | 两次取整
    ask_above: Number | None = None                   # above this ratio, ask about the denominator
    parameters: dict[str, Any] = {}
    status: Status
    source: str = ""


class Score(Model):
    """A score by a method, or a total by a formula. Keys the model does not know are the method's parameters."""

    label: str
    points: Number | None = None
    method: str = ""
    value: str = ""                                   # rate key or item
    formula: str = ""
    group: list[str] = []                             # 一级 / 二级 it belongs to
    standard: str = ""                                # 评价标准 as printed; else the method's own words
    note: str = ""                                    # 指标说明 as printed
    parameters: dict[str, Any] = {}
    status: Status
    source: str = ""

    @model_validator(mode="before")
    @classmethod
    def _collect_parameters(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        known = set(cls.model_fields)
        extra = {k: v for k, v in data.items() if k not in known}
        return {**{k: v for k, v in data.items() if k in known},
                "parameters": {**data.get("parameters", {}), **extra}}

    @model_validator(mode="after")
    def _one_way(self) -> Score:
        if bool(self.method) == bool(self.formula):
            raise ValueError("method 与 formula 必须写一个、只写一个")
        return self


class Diagnosis(Model):
    """A known mistake: if the figure equals this formula, say so."""

    formula: str
    message: str


class Check(Model):
    """A rule that no form, rate or score implies (审核公式)."""

    id: Annotated[str, Field(pattern=r"^[A-Z]{2,4}-\d{2,3}$")]
    severity: Severity
    formula: str = ""
    named: str = ""                                   # a named check of the closed registry
    parameters: dict[str, Any] = {}
    at: list[str] = []                                # likely culprit first; else the operands
    each: Literal["", "columns", "form", "match"] = ""
    columns: list[str] = []                           # for each: columns
    of: list[str] = []                                # for each: match, two tables or forms
    by: list[str] = []                                # and their name columns
    message: str                                      # what is wrong, in the clerk's words
    advice: str                                       # what to do
    basis: str = ""
    diagnose: list[Diagnosis] = []
    status: Literal["active", "beta", "suspended"] = "active"
    reason: str = ""                                  # why it is on trial or suspended
    since: Date | None = None                         # and from which day

    @model_validator(mode="after")
    def _one_way(self) -> Check:
        if bool(self.named) == bool(self.formula):
            raise ValueError("formula 与 named 必须写一个、只写一个")
        return self

    @model_validator(mode="after")
    def _paused_with_a_reason(self) -> Check:
        given = bool(self.reason.strip()), self.since is not None
        if self.status != "active" and not all(given):
            raise ValueError(f"status: {self.status} 要同时写 reason（原因）和 since（从哪一天起），例如 since: \"2024-03-01\"")
        if self.status == "active" and any(given):
            raise ValueError("写了 reason 或 since，却没有写 status；请补上，例如 status: suspended，或删去这两行")
        return self


class Pause(Model):
    """Why, and since which day, a check that forms, rates and scores imply is suspended or on trial."""

    reason: Said
    since: Date


class Thresholds(Model):
    """Where the checks that every rule set has begin to ask: shares, 0.2 is 20%. 1 asks about nothing."""

    unspent: Number = Decimal("0.2")                  # of a budget, without a reason
    inflated: Number = Decimal("0.2")                 # by which the indicators' score rate exceeds the execution rate
    unfilled: Number = Decimal("0.5")                 # of the scores that a form asks for


class RuleSet(Model):
    """Everything known for one region and one fiscal year. `id` is `region/year`."""

    id: str
    name: str
    region: str
    region_name: str
    year: str = ""                                    # empty for an abstract parent
    abstract: Flag = False
    partial: Flag = False                             # only some items are known: no total, no grade
    draft: Flag = False                               # being written: no templates until basis and cases exist
    extends: str = ""
    remove: list[str] = []                            # what of the parent does not hold here: scores/项目总分
    edition: str
    basis: list[Basis]
    total: str = ""                                   # the score that is the unit's total
    grades: dict[str, Number] = {}                    # name -> from (inclusive), best first
    grade_source: str = ""
    order: list[Id] = []                              # forms in the order they are bound and read
    forms: dict[Id, Form] = {}
    rates: dict[Id, Rate] = {}
    scores: dict[Id, Score] = {}
    checks: dict[str, Check] = {}
    thresholds: Thresholds = Thresholds()
    suspended: dict[str, Pause] = {}                  # derived check key -> why it is not executed
    beta: dict[str, Pause] = {}                       # derived check key -> why it is on trial
    codes: dict[str, str] = {}                        # derived check key -> number, for life
    hash: str = ""

    @property
    def prior(self) -> str:
        return str(int(self.year) - 1) if self.year else ""

    @property
    def prefix(self) -> str:
        return self.id.replace("/", "-")
