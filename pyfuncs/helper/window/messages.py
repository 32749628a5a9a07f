"""What the window and its worker tell each other. Plain records: the window starts before the libraries are there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

UnitState = Literal["未审核", "审核中", "可以上报", "须修改", "读不出"]
UNCHECKED, CHECKING, PASSED, FAILED, UNREADABLE = "未审核", "审核中", "可以上报", "须修改", "读不出"


@dataclass(frozen=True)
class Found:
    """A finding as the table shows it. `group`: what it is counted under, `word` and `rank` its name and its place among
    groups. `place`: sheet!C9, the likely culprit, or a line or paragraph of a report, "" for none.
    """

    path: str
    unit: str
    rule_id: str
    group: str
    word: str
    rank: int
    place: str
    message: str
    details: tuple[tuple[str, str], ...] = ()         # heading and text: 应为, 现为, 建议, 依据 …


@dataclass(frozen=True)
class Unit:
    """One file of the list. `about`: what is told of it besides its findings: rule set and why."""

    path: str
    name: str
    state: UnitState = UNCHECKED
    found: tuple[Found, ...] = ()
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sources:
    """What is worked on: files and folders, without those taken off the list. Folders "" where none is set."""

    paths: tuple[str, ...]
    excluded: frozenset[str] = frozenset()
    prior_folder: str = ""
    output_folder: str = ""


@dataclass(frozen=True)
class Ask:
    """A call of one of the worker's tasks, by its name. `number` tells which call an answer belongs to."""

    number: int
    task: str
    arguments: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Cancel:
    number: int


@dataclass(frozen=True)
class Progressed:
    number: int
    doing: str
    done: int
    total: int
    current: str


@dataclass(frozen=True)
class Outcome:
    """What came of a task. `units`: the list as it is now, None where the task says nothing of it.

    `good`: False when something was not done. `folder`: where the results are. `value`: what a dialog asked for.
    """

    said: str
    lines: tuple[str, ...] = ()
    good: bool = True
    units: tuple[Unit, ...] | None = None
    folder: str = ""
    value: Any = None


@dataclass(frozen=True)
class Answered:
    number: int
    outcome: Outcome


@dataclass(frozen=True)
class Stopped:
    """The user broke off; what was written before is there."""

    number: int


@dataclass(frozen=True)
class Died:
    """The worker is gone, with what it was doing."""


Message = Progressed | Answered | Stopped | Died
