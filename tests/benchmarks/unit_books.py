"""Workbooks as thousands of units would file them, made quickly: two regions' forms, one to four projects, figures of
every size, a slip in every fifth; each file with its own unit, so that no two have the same content.

A few dozen workbooks are written through the templates; a unit's file is one of them with its name put in.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random

from filed_books import CLEAN
from own_clean import corrected

from pyfuncs.catalog.load import load_ruleset
from pyfuncs.catalog.refs import form_items
from pyfuncs.helper.demo import UNITS
from pyfuncs.workbook.filling import Filling, load_filling
from pyfuncs.workbook.places import Shape, Slot
from pyfuncs.workbook.template import write_workbook

BASES = 24
PER_FOLDER = 500                                      # a department's share: folders are nodes
_NAME = "示例单位000000"                              # of a base; as long as the name of any unit
_SLIP_EVERY = 5
_NUMBER = re.compile(r"\d+(\.\d+)?")


def unit_books(folder: Path, count: int, seed: int = 2022) -> list[Path]:
    """That many workbooks below `folder`, the same ones for the same seed."""
    bases = list(_bases(Random(seed)))
    paths = []
    for number in range(1, count + 1):
        path = folder / f"部门{(number - 1) // PER_FOLDER + 1:03}" / f"{unit_name(number)}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_named(bases[number % len(bases)], unit_name(number)))
        paths.append(path)
    return paths


def unit_name(number: int) -> str:
    return f"{_NAME[:4]}{number:06}"


def _bases(random: Random) -> Iterator[dict[str, bytes]]:
    """The parts of each base."""
    sources = [load_filling(CLEAN), corrected("liuyang", load_filling(UNITS / "liuyang-2021.yaml"))]
    for number in range(BASES):
        filling = _scaled(sources[number % 4 == 3], random.choice((1, 2, 5, 12, 37, 110)))
        filling = _with_projects(filling, 1 + number % 4)
        if number % _SLIP_EVERY == 0:
            filling = _with_slip(filling, random)
        buffer = io.BytesIO()
        write_workbook(buffer, load_ruleset(filling.ruleset), "formula", filling=filling, entity=_NAME, as_filed=True)
        with zipfile.ZipFile(buffer) as package:
            yield {name: package.read(name) for name in package.namelist()}


def _scaled(filling: Filling, factor: int) -> Filling:
    """Every amount that many times as large: what adds up still does."""
    amounts = _amounts(filling)
    return replace(filling, typed={slot: _times(text, factor) if slot in amounts else text
                                   for slot, text in filling.typed.items()})


def _times(text: str, factor: int) -> str:
    """490.76 and 505.05万元 alike."""
    return _NUMBER.sub(lambda found: str(Decimal(found[0]) * factor), text, count=1)


def _with_projects(filling: Filling, projects: int) -> Filling:
    """The first project again on further sheets, under other names and without money of its own."""
    if projects <= filling.shape.projects:
        return filling
    amounts, typed, rows = _amounts(filling), dict(filling.typed), dict(filling.shape.rows)
    for instance in range(filling.shape.projects + 1, projects + 1):
        typed.update({replace(slot, instance=instance): "0" if slot in amounts and _is_number(text) else text
                      for slot, text in filling.typed.items() if slot.form == "项目" and slot.instance == 1})
        rows.update({(form, instance, leaf): count for (form, first, leaf), count in filling.shape.rows.items()
                     if form == "项目" and first == 1})
        typed[Slot("项目", instance, "项目名称")] = f"第 {instance} 个项目"
    return replace(filling, typed=typed, shape=Shape(projects, rows))


def _with_slip(filling: Filling, random: Random) -> Filling:
    """One amount typed wrong."""
    slot = random.choice([slot for slot in sorted(_amounts(filling), key=repr) if _is_number(filling.typed.get(slot, ""))])
    return replace(filling, typed={**filling.typed, slot: str(Decimal(filling.typed[slot]) + Decimal("0.5"))})


def _amounts(filling: Filling) -> set[Slot]:
    kinds = {(form.form, name): item.type for form in load_ruleset(filling.ruleset).forms.values()
             for name, item in form_items(form)}
    return {slot for slot in filling.typed if kinds.get((slot.form, slot.name)) == "amount"}


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


def _named(parts: dict[str, bytes], name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for part, data in parts.items():
            package.writestr(part, data.replace(_NAME.encode(), name.encode()))
    return buffer.getvalue()
