"""What follows from a rule set alone, worked out once and not again for every workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import ParamSpec, TypeVar

MOST = 64                                             # rule sets or forms that one function remembers

Given, Model, Answer = ParamSpec("Given"), TypeVar("Model"), TypeVar("Answer")


def kept(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """`function(model, *words)`, remembered for each model and words; what it raises is not.

    A model (rule set, form) is known by identity, not by value: models never change, a changed file is loaded as
    another one, and comparing two would cost more than the answer. It is held for as long as it is remembered, so
    that no other can take its place. All callers share an answer: nobody may change it.
    """
    memory: dict[int, tuple[object, dict[tuple, Answer]]] = {}

    @wraps(function)
    def remembered(model: object, *words: object) -> Answer:
        try:
            return memory[id(model)][1][words]
        except KeyError:
            return learned(model, words)

    def learned(model: object, words: tuple) -> Answer:
        entry = memory.get(id(model))
        if entry is None:
            while len(memory) >= MOST:
                memory.pop(list(memory)[0], None)     # the one that came first
            entry = memory[id(model)] = (model, {})
        answer = entry[1][words] = function(model, *words)
        return answer

    return remembered


def kept_by_word(function: Callable[[Model, str], Answer]) -> Callable[[Model], Mapping[str, Answer]]:
    """`function(model, word)` as a mapping for each model, `answers(model)[word]`: for loops over hundreds of words."""
    return kept(lambda model: _Answers(function, model))


class _Answers(dict[str, Answer]):
    """Filled as it is asked. Ask only for words of the model: all of them stay."""

    def __init__(self, function: Callable[[Model, str], Answer], model: Model) -> None:
        super().__init__()
        self._function, self._model = function, model

    def __missing__(self, word: str) -> Answer:
        self[word] = answer = self._function(self._model, word)
        return answer
