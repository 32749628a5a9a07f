"""What a unit filed, on the forms as they are printed: whatever the workbook itself looked like. Pure.

Rows of a table that nobody filled are left out; the rows that only help a spreadsheet are too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from pyfuncs.catalog.printed_form import Align, PrintedCell, PrintedForm
from pyfuncs.catalog.model import RuleSet
from pyfuncs.catalog.submission import Item, Submission
from pyfuncs.catalog.words import half_up, kind_on, percent, plain
from pyfuncs.workbook.layout import layout
from pyfuncs.workbook.places import Place, Shape, SheetLayout, Slot

_TABLE_ROW = tuple[str, int, str, str, int]           # form, instance, table, leaf group, 0.. within it
_PLACED: dict[str, Align] = {"left": "left", "right": "right"}


def printed_forms(ruleset: RuleSet, submission: Submission) -> tuple[PrintedForm, ...]:
    """The forms that were filed, in the rule set's order, one for each sheet of a repeated form."""
    rows = _filled_rows(submission)
    plan = layout(ruleset, _shape(submission, rows))
    items = {(item.form, item.instance, item.name, item.row): item for item in submission.items}
    return tuple(_Printer(sheet, submission.entity, rows, items).form() for sheet in plan.sheets
                 if sheet.form and sheet.instance in submission.instances(sheet.form.form))


def _filled_rows(submission: Submission) -> dict[tuple[str, int, str, str], list[int]]:
    """The ordinals of the rows of each table or leaf group in which something was filled."""
    found: dict[tuple[str, int, str, str], set[int]] = defaultdict(set)
    for item in submission.items:
        if item.row and item.cell and item.state != "blank":
            found[item.form, item.instance, item.name.partition(".")[0], item.group].add(item.row)
    return {place: sorted(rows) for place, rows in found.items()}


def _shape(submission: Submission, rows: Mapping[tuple[str, int, str, str], list[int]]) -> Shape:
    counts = {(form, instance, leaf or table): len(filled) for (form, instance, table, leaf), filled in rows.items()}
    return Shape(max((item.instance for item in submission.items), default=1), counts)


class _Printer:
    def __init__(self, sheet: SheetLayout, entity: str, rows: Mapping[tuple[str, int, str, str], list[int]],
                 items: Mapping[tuple[str, int, str, int], Item]) -> None:
        self.sheet, self.entity, self.items = sheet, entity, items
        self.ordinals = self._ordinals(rows)
        self.places = [place for place in sheet.places if place.role != "annex"]
        self.left_out = self._left_out()

    def form(self) -> PrintedForm:
        title = next((place.text for place in self.places if place.role == "title"), "")
        lines = [place for place in self.places if place.role == "line"]
        grid = [place for place in self.places if place.role not in ("title", "line", "spacer")]
        top, bottom = min(place.box.top for place in grid), max(place.box.bottom for place in grid)
        kept = [row for row in range(top, bottom + 1) if row not in self.left_out]
        at = {row: index for index, row in enumerate(kept)}
        width = max(place.box.right for place in grid)
        return PrintedForm(
            title, self._lines(place for place in lines if place.box.bottom < top),
            tuple(self.sheet.widths.get(column, 8.0) for column in range(1, width + 1)),
            tuple(self.sheet.heights.get(row, 0.0) for row in kept),
            tuple(cell for place in grid if (cell := self._cell(place, at))),
            self._lines(place for place in lines if place.box.top > bottom), self.sheet.landscape)

    def _ordinals(self, rows: Mapping[tuple[str, int, str, str], list[int]]) -> dict[Slot, int]:
        """The ordinal that a filed row has, for each cell of a table of the layout; 0 where none was filed."""
        positions: dict[tuple[str, int, str, str], list[int]] = defaultdict(list)
        slots = [place.slot for place in self.sheet.places if place.slot and place.slot.row]
        for slot in slots:
            known = positions[slot.form, slot.instance, slot.name.partition(".")[0], slot.group]
            if slot.row not in known:
                known.append(slot.row)
        filed = {place: dict(zip(sorted(known), rows.get(place, ()))) for place, known in positions.items()}
        return {slot: filed[slot.form, slot.instance, slot.name.partition(".")[0], slot.group].get(slot.row, 0)
                for slot in slots}

    def _left_out(self) -> set[int]:
        """Rows of the sheet without a line of the form: narrow ones, and those of a table that were not filled."""
        found = {place.box.top for place in self.places if place.role == "spacer"}
        used: dict[tuple[str, str], bool] = defaultdict(bool)
        empty: dict[tuple[str, str], set[int]] = defaultdict(set)
        for place in self.places:
            if place.slot and place.slot.row and place.box.top == place.box.bottom:
                table = place.slot.name.partition(".")[0], place.slot.group
                used[table] |= bool(self.ordinals[place.slot])
                if not self.ordinals[place.slot]:
                    empty[table].add(place.box.top)
        for table, rows in empty.items():
            grouped = bool(table[1])
            found |= rows if used[table] or not grouped else set(sorted(rows)[1:])
        return found

    def _lines(self, places: Iterable[Place]) -> tuple[tuple[tuple[str, Align], ...], ...]:
        by_row: dict[int, list[Place]] = defaultdict(list)
        for place in places:
            by_row[place.box.top].append(place)
        return tuple(tuple((self._text(place), _PLACED.get(place.align, "center")) for place in by_row[row])
                     for row in sorted(by_row))

    def _cell(self, place: Place, at: Mapping[int, int]) -> PrintedCell | None:
        rows = [at[row] for row in range(place.box.top, place.box.bottom + 1) if row in at]
        if not rows:
            return None
        box = place.box
        return PrintedCell(rows[0], box.left - 1, len(rows), box.right - box.left + 1, self._text(place),
                           _PLACED.get(place.align, "center"), place.bold, place.vertical, place.open)

    def _text(self, place: Place) -> str:
        if place.slot is None:
            words = place.rule.key if place.rule and place.rule.kind == "entity" else place.text
            return words.replace("{entity}", self.entity)
        item = self._item(place.slot)
        if item is None:
            return "" if place.role != "fixed" else place.text
        cell = self.sheet.form.all_cells().get(item.name)
        shown = self._shown(item) or (place.text if place.role == "fixed" else "")
        return f"{shown}{cell.suffix}" if cell and shown and item.value is not None else shown

    def _item(self, slot: Slot) -> Item | None:
        row = self.ordinals[slot] if slot.row else 0
        if slot.row and not row:
            return None
        return self.items.get((slot.form, slot.instance, slot.name, row))

    def _shown(self, item: Item) -> str:
        """A value as the form prints it; words as they stand."""
        if item.value is None:
            return item.text.strip()
        kind = kind_on(self.sheet.form, item.name)
        if kind == "amount":
            return f"{half_up(item.value / self.sheet.form.scale, item.places):,f}"
        if kind == "rate":
            return percent(item.value, item.places)
        return plain(item.value) if kind in ("count", "points", "score") else item.text.strip()
