"""Rates and ways of scoring: a closed list, each with evaluate, emit (native formula) and sentence."""
from __future__ import annotations

from .grades import emit_grade, grade, grade_sentence
from .method import ABSENT_WORDS, Argument, Method
from .parameters import Parameter, default, readings
from .registry import METHODS
from .standards import standard_words
from .targets import Quantity, Target, indicator_score, parse_actual, parse_target
from .wording import reading_words

__all__ = [
    "ABSENT_WORDS", "Argument", "METHODS", "Method", "Parameter", "Quantity", "Target", "default", "emit_grade",
    "grade", "grade_sentence", "indicator_score", "parse_actual", "parse_target", "reading_words",
    "readings", "standard_words",
]
