"""The small types a rule set is written in: ids, addresses, numbers as text."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from pyfuncs.methods.wording import STATUS_WORDS as STATUS_WORDS  # cell functions say them too

ID_PATTERN = re.compile(r"[一-鿿A-Za-z_][一-鿿\w]*\Z")
RANGE_PATTERN = re.compile(r"([A-Z]{1,2})(\d+)(?::([A-Z]{1,2})(\d+))?\Z")
COLUMNS_PATTERN = re.compile(r"([A-Z]{1,2})(?::([A-Z]{1,2}))?\Z")

Status = Literal["verified", "observed", "assumed"]
Severity = Literal["error", "warning", "rounding", "note"]
ItemType = Literal["amount", "count", "rate", "points", "score", "text", "target", "actual"]
Consolidate = Literal["sum", "recompute", "list", "none"]

SEVERITY_WORDS: dict[str, str] = {"error": "必须修改", "warning": "请核实", "rounding": "尾差", "note": "提示"}

DEFAULT_CONSOLIDATE: dict[str, Consolidate] = {
    "amount": "sum", "count": "sum", "rate": "recompute", "points": "none", "score": "list",
    "text": "none", "target": "none", "actual": "none",
}


def _identifier(text: str) -> str:
    if not ID_PATTERN.match(text):
        raise ValueError(f"标识“{text}”只能由汉字、字母、数字、下划线组成，且不以数字开头，例如 三公经费")
    return text


def _decimal(value: Any) -> Any:
    if isinstance(value, str):
        if not re.fullmatch(r"-?\d+(\.\d+)?", value, re.ASCII):   # 1e9 and NaN are Decimals too
            raise ValueError(f"“{value}”不是数字，例如 \"0.5\"")
        return Decimal(value)
    return value


def _number(value: Any) -> Any:
    if isinstance(value, str):
        if not re.fullmatch(r"\d+", value):
            raise ValueError(f"“{value}”不是整数，例如 \"2\"")
        return int(value)
    return value


def _boolean(value: Any) -> Any:
    if isinstance(value, str):
        if value not in ("true", "false"):
            raise ValueError(f"“{value}”应写 true 或 false")
        return value == "true"
    return value


def _date(text: str) -> str:
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            raise ValueError
        date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text}”不是日期，应写成年-月-日，例如 \"2024-03-01\"") from None
    return text


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("这里是空的，请写明原因")
    return text


def _range(text: str) -> str:
    if not RANGE_PATTERN.match(text):
        raise ValueError(f"位置“{text}”应写成 C4 或 A1:A2（相对表格第一行）")
    return text


def _columns(text: str) -> str:
    if not COLUMNS_PATTERN.match(text):
        raise ValueError(f"列“{text}”应写成 C 或 A:B")
    return text


Id = Annotated[str, AfterValidator(_identifier)]
Number = Annotated[Decimal, BeforeValidator(_decimal)]
Count = Annotated[int, BeforeValidator(_number)]
Date = Annotated[str, AfterValidator(_date)]          # 2024-03-01
Said = Annotated[str, AfterValidator(_said)]          # words that must not be left out
Flag = Annotated[bool, BeforeValidator(_boolean)]
At = Annotated[str, AfterValidator(_range)]          # a cell or range, row 1 = first row of the grid
Span = Annotated[str, AfterValidator(_columns)]      # one column or a run of columns


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Readings(Model):
    """`{any: [...]}`: the readings a document allows; the first one is shown in the cell."""

    any: list[Number] = Field(min_length=2)
