"""Numbers as sentences print them, and the words for how sure a rule is."""
from __future__ import annotations

from decimal import Decimal

from ..language import Value, plain, round_decimal

STATUS_WORDS: dict[str, str] = {"verified": "有文件依据", "observed": "见于已填表格", "assumed": "推定（没有文件依据）"}


def number(value: Value) -> str:
    """An amount, a count or points: as it is, at most four decimals."""
    return plain(round_decimal(value, 4)) if isinstance(value, Decimal) else "—"


def points(value: Decimal) -> str:
    """A score: at most two decimals."""
    return plain(round_decimal(value, 2))


def percent(ratio: Decimal, decimals: int = 2) -> str:
    """A ratio as a percentage with fixed decimals: 68.54%."""
    return f"{round_decimal(ratio * 100, decimals):.{decimals}f}%"


STEP_ROUNDING = {"ceil": "算一步", "floor": "不算", "linear": "按比例"}   # 不足一步的…
JUDGE_ON = {"exact": "按准确值", "printed": "按印出的百分数"}            # …判断
_READINGS = {**{f"step_rounding={name}": f"不足一步的{words}" for name, words in STEP_ROUNDING.items()},
             **{f"judge_on={name}": f"{words}判断" for name, words in JUDGE_ON.items()},
             "decimals=": "得分取 {} 位小数", "points=": "分值 {} 分", "limit=": "满分界限 {}", "step=": "每步 {}",
             "per_step=": "每步扣 {} 分", "cap=": "比率上限 {}", "bands=": "第 {} 种分档"}


def reading_words(label: str) -> str:
    """A reading of a rule ("step_rounding=floor，decimals=0") as people say it."""
    return "，".join(map(_reading, label.split("，")))


def _reading(choice: str) -> str:
    name, sign, value = choice.partition("=")
    template = _READINGS.get(choice) or _READINGS.get(name + sign)
    return template.format(value) if template else choice


def limit(ratio: str) -> str:
    """A limit as it is written in a rule: 1 -> 100%, 0.125 -> 12.5%."""
    return f"{plain(Decimal(ratio) * 100)}%"
