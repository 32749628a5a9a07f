"""What a department's forms need from its units' workbooks beyond the sums, taken from one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal

from pyfuncs.catalog.environment import Scope
from pyfuncs.catalog.figures import formula_value, parts_of
from pyfuncs.catalog.model import Form, Row, RuleSet, Table
from pyfuncs.catalog.model import Item as Model
from pyfuncs.catalog.submission import Item, Submission
from pyfuncs.checks.entries import presets
from pyfuncs.consolidate.filed import Filed, same_name
from pyfuncs.workbook.department_rows import Entries, Entry, Held, Key, added, together
from pyfuncs.workbook.layout import layout
from pyfuncs.workbook.places import Place, covered_columns, words

PROJECTS, ROWS, RESULTS = 60, 60, 60                  # sheets of projects, rows of a table, indicators: one by one
TEXT = 1000                                           # characters of words joined in one cell
NAMED = 50                                            # units named in a sentence or list
NUMERIC = frozenset({"amount", "count", "points", "score", "rate"})
SUMMED = frozenset({"amount", "count"})
_WORDS = frozenset({"text", "target", "actual"})
_ANSWERS = _WORDS | {"points"}
UNDIVIDED = "未列明细"


@dataclass
class Words:
    """What the units wrote in one cell. `said` holds it as long as it is short enough to be joined."""

    said: list[tuple[str, str]] = field(default_factory=list)
    first: str = ""
    own: str = ""
    alike: bool = True
    count: int = 0
    length: int = 0

    def add(self, unit: str, text: str, own: bool) -> None:
        self.first = self.first or text
        self.alike = self.alike and text == self.first
        self.own = text if own else self.own
        self.count += 1
        self.length += len(unit) + len(text) + 2
        if self.length <= TEXT:
            self.said.append((unit, text))

    def joined(self, units: int) -> str:
        """One text for all: theirs where it is the same, else unit by unit while that is short enough."""
        if self.alike and self.count == units:
            return self.first
        if self.length > TEXT:
            return f"{self.count} 个单位已填写，文字较长，见各单位自评表。"
        return "\n".join(f"{unit}：{text}" for unit, text in self.said)

    def shared(self, units: int) -> str:
        """The department's own answer, else the one that all units gave; "" where they differ."""
        return self.own or (self.first if self.alike and self.count == units else "")


@dataclass
class Gathered:
    """`words`, by form and cell; `money`, `results`, by form and table; `sheets`, by repeated form.

    `more`: amounts in 元 that units filed in the parts of a total they left blank; `undivided`: units that filed a
    total without its parts, by the total's cell. `lost`: what no cell of these forms can hold, with its units.
    """

    units: list[str] = field(default_factory=list)
    must_fix: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)  # units with another rule set
    words: dict[tuple[str, Key], Words] = field(default_factory=dict)
    money: dict[tuple[str, str], Entries] = field(default_factory=dict)
    results: dict[tuple[str, str], Entries] = field(default_factory=dict)
    sheets: dict[str, Entries] = field(default_factory=dict)
    more: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    undivided: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    lost: dict[str, list[str]] = field(default_factory=dict)


def gather(ruleset: RuleSet, filed: Iterator[Filed], own: Set[str]) -> Gathered:
    """From all workbooks of a node; `own`: names (as `same_name`) of the department, whose own may be among them."""
    gatherer = _Gatherer(ruleset, own)
    for one in filed:
        gatherer.add(one)
    return gatherer.found


def is_of_organisations(table: Table) -> bool:
    """Whether each row is an organisation, not a project or an item of spending."""
    label = next(iter(table.columns.values())).label
    return any(column.type == "amount" for column in table.columns.values()) and ("机构" in label or "单位" in label)


def is_of_money(table: Table) -> bool:
    return any(column.type in SUMMED for column in table.columns.values())


def is_of_results(table: Table) -> bool:
    return any(column.type == "target" for column in table.columns.values())


@dataclass(frozen=True)
class _Line:
    """A row of a table as a unit filled it. `values`: by column, without the first, which names it."""

    leaf: str
    index: int                                        # 1.. within its 二级指标, or the table
    name: str
    values: dict[str, Held]


class _Gatherer:
    def __init__(self, ruleset: RuleSet, own: Set[str]) -> None:
        self.ruleset, self.own, self.found = ruleset, own, Gathered()
        plan = layout(ruleset)
        self.places: dict[str, dict[str, Place]] = {
            sheet.form.form: {place.slot.name: place for place in sheet.places if place.slot and not place.slot.row}
            for sheet in plan.sheets if sheet.form}
        self.totals = {name: [item for item, place in places.items() if _is_total(ruleset.forms[name], item, place)]
                       for name, places in self.places.items()}
        self.presets = {name: presets(form) for name, form in ruleset.forms.items()}

    def add(self, one: Filed) -> None:
        found = self.found
        found.units.append(one.unit)
        if one.must_fix:
            found.must_fix.append(one.unit)
        same = one.ruleset.id == self.ruleset.id
        if not same:
            found.foreign.append(f"{one.unit}（{one.ruleset.id}）")
        for form_name, items in _by_form(one.submission).items():
            form, theirs = self.ruleset.forms.get(form_name), one.ruleset.forms[form_name]
            if form is None:
                self._lose(f"《{_title(theirs, one.ruleset)}》整张表", one.unit)
                continue
            if not same:
                items = [item for item in items if self._meets(form, theirs, item, one)]
            if form.instances == "many":
                self._projects(one, form, items)
            else:
                self._sheet(one, form, items)

    # -- a form there is once --------------------------------------------------------------------------

    def _sheet(self, one: Filed, form: Form, items: list[Item]) -> None:
        places, own = self.places[form.form], same_name(one.unit) in self.own
        for item in items:
            place = places.get(item.name) if not item.row else None
            if place and place.type in _ANSWERS and not (place.rule or place.locked or _is_reason(form, item.name)):
                self._say(one.unit, form, Key(item.name), self._held(form, item, place.type), own)
        lacking = self._gaps(one, form)
        for name, table in form.tables.items():
            lines = self._lines(form, name, items, one.unit)
            if is_of_organisations(table):
                self._organisation(one, form, name, lines, own)
            elif is_of_money(table):
                extra = [_entry(one.unit, name, UNDIVIDED, values)
                         for values in (lacking.get(name), self._beside(one, form, name, lines)) if values]
                self._entries(self.found.money, form, name, ROWS).add(one.unit, [
                    *(_entry(one.unit, name, line.name, line.values, line.leaf) for line in lines), *extra], own)
            elif is_of_results(table):
                self._results(one, form, name, lines, own)
            else:
                self._alike(one, form, name, lines, own)

    def _organisation(self, one: Filed, form: Form, name: str, lines: list[_Line], own: bool) -> None:
        """All organisations of a unit are one row of the department's table."""
        rows = [_entry(one.unit, name, line.name, line.values) for line in lines]
        beside = _entry(one.unit, name, "", self._beside(one, form, name, lines))
        whole = together(one.unit, [*rows, beside], lambda key: _summed(form, key)) if rows or beside.values else None
        if whole:
            self._entries(self.found.money, form, name, ROWS).add(one.unit, [whole], own)

    def _results(self, one: Filed, form: Form, name: str, lines: list[_Line], own: bool) -> None:
        """Indicators with targets and results; what was scored is the unit's own, not the department's."""
        table, entries = form.tables[name], []
        first = next(iter(table.columns))
        for line in lines:
            values = {column: value for column, value in line.values.items()
                      if table.columns[column].type in _WORDS and not table.columns[column].required_if}
            if first in _covered(form, name, line.leaf):
                for column, value in values.items():
                    self._say(one.unit, form, Key(f"{name}.{column}", line.index, line.leaf), value, own)
            elif values:
                entries.append(_entry(one.unit, name, line.name, values, line.leaf))
        self._entries(self.found.results, form, name, RESULTS).add(one.unit, entries, own)

    def _alike(self, one: Filed, form: Form, name: str, lines: list[_Line], own: bool) -> None:
        """A table of words and weights: only what all units have alike goes on."""
        columns = form.tables[name].columns
        for line in lines:
            for column, value in {next(iter(columns)): line.name, **line.values}.items():
                if columns[column].type in _ANSWERS and value:
                    self._say(one.unit, form, Key(f"{name}.{column}", line.index, line.leaf), value, own)

    def _say(self, unit: str, form: Form, key: Key, value: Held | None, own: bool) -> None:
        if value is not None and value != "":
            text = value if isinstance(value, str) else f"{value.normalize():f}"
            self.found.words.setdefault((form.form, key), Words()).add(unit, text, own)

    # -- totals against their parts --------------------------------------------------------------------

    def _gaps(self, one: Filed, form: Form) -> dict[str, dict[str, Held]]:
        """Notes totals without parts, and parts without totals; gives what tables of details lack, by column."""
        lacking: dict[str, dict[str, Held]] = {}
        for name in self.totals[form.form]:
            item, (first, _, column) = one.submission.item(form.form, name), name.partition(".")
            given, row = item.value if item else None, form.all_rows().get(first)
            if row:
                sums = added(part.value for part in parts_of(one.submission, form.form, row, column, 1))
            else:
                sums = formula_value(self.ruleset, one.submission, form.all_cells()[name].formula, Scope(form.form, 1))
            if given is None and isinstance(sums, Decimal):
                self.found.more[form.form, name] = self.found.more.get((form.form, name), Decimal(0)) + sums
            elif given and (sums is None or given != sums and not self._demands(one.ruleset, form.form, row)):
                if row and row.detail and given > (sums or 0):
                    lacking.setdefault(row.detail, {})[column] = given - (sums or 0)
                else:
                    self.found.undivided.setdefault((form.form, name), []).append(one.unit)
        return lacking

    def _demands(self, theirs: RuleSet, form: str, row: Row | None) -> bool:
        """Whether the unit's own rule set wants these parts to make up the total: then a difference is its fault."""
        if theirs.id == self.ruleset.id or row is None:
            return theirs.id == self.ruleset.id
        other = theirs.forms[form].all_rows().get(row.id)
        return (other is not None and other.parts == "exact"
                and [part.id for part in other.rows] == [part.id for part in row.rows])

    def _beside(self, one: Filed, form: Form, name: str, lines: list[_Line]) -> dict[str, Held]:
        """Totals of a table whose column the unit left blank altogether."""
        found: dict[str, Held] = {}
        for column in form.tables[name].columns:
            cell = next((key for key, cell in form.all_cells().items() if cell.type in SUMMED and cell.formula.replace(
                " ", "") == f"SUM({form.form}!{name}.{column})"), "")
            item = one.submission.item(form.form, cell) if cell else None
            if item and item.value and not any(isinstance(line.values.get(column), Decimal) for line in lines):
                found[column] = item.value
        return found

    # -- repeated forms --------------------------------------------------------------------------------

    def _projects(self, one: Filed, form: Form, items: list[Item]) -> None:
        sheets: dict[int, list[Item]] = {}
        for item in items:
            sheets.setdefault(item.instance, []).append(item)
        entries = [entry for sheet in sheets.values() if (entry := self._project(one, form, sheet))]
        kept = self.found.sheets.setdefault(
            form.form, Entries(PROJECTS, lambda key: _summed(form, key) and not key.row))
        kept.add(one.unit, entries, same_name(one.unit) in self.own)

    def _project(self, one: Filed, form: Form, items: list[Item]) -> Entry | None:
        """A sheet as it was filled, without what a template works out but amounts; None for one left as it was."""
        values: dict[Key, Held] = {}
        for item in items:
            place = self.places[form.form].get(item.name) if not item.row else None
            value = self._held(form, item, place.type) if place and not _is_worked_out(place) else None
            if value is not None and value != "":
                values[Key(item.name)] = value
        for name, table in form.tables.items():
            first = next(iter(table.columns))
            for line in self._lines(form, name, items, one.unit):
                cells = {first: line.name, **line.values}
                values |= {Key(f"{name}.{column}", line.index, line.leaf): value
                           for column, value in cells.items() if value != ""}
        if not values:
            return None
        name = values.get(Key(form.key), "")
        return Entry(one.unit, name if isinstance(name, str) else "", values)

    # -- rows and cells --------------------------------------------------------------------------------

    def _lines(self, form: Form, name: str, items: Sequence[Item], unit: str) -> list[_Line]:
        """Rows of a table in which anything was filled, in printed order."""
        table, rows = form.tables[name], {}
        first, leaves = next(iter(table.columns)), form.leaf_groups(name)
        for item in items:
            if item.row and item.name.startswith(f"{name}."):
                rows.setdefault((item.group, item.row), {})[item.name.partition(".")[2]] = item
        lines, before = [], {}
        for (leaf, _), cells in sorted(rows.items(), key=lambda row: row[0][1]):
            before[leaf] = before.get(leaf, 0) + 1
            values = {column: value for column, item in cells.items()
                      if (model := table.columns.get(column)) and model.at and column != first
                      and (value := self._held(form, item, model.type)) is not None}
            named = cells[first].text.strip() if first in cells and cells[first].state != "placeholder" else ""
            if not values and (not named or named in self.presets[form.form]):
                continue
            if table.groups and leaf not in leaves:
                self._lose(f"《{_title(form, self.ruleset)}》二级指标“{leaf or '（没有写）'}”的行", unit)
                continue
            lines.append(_Line(leaf, before[leaf], named, values))
        return lines

    def _held(self, form: Form, item: Item, kind: str) -> Held | None:
        """A cell's number, or its words; None for one that nobody filled."""
        if kind in NUMERIC and item.value is not None:
            return item.value
        text = item.text.strip()
        return None if not text or item.state == "placeholder" or text in self.presets[form.form] else text

    def _entries(self, kept: dict[tuple[str, str], Entries], form: Form, name: str, limit: int) -> Entries:
        return kept.setdefault((form.form, name), Entries(limit, lambda key: _summed(form, key)))

    def _meets(self, form: Form, theirs: Form, item: Item, one: Filed) -> bool:
        """Whether an item of another rule set has a cell here, of the same type; sums are told with their amounts."""
        model, other = _model(form, item.name), _model(theirs, item.name)
        if model is not None and other is not None and model.type == other.type:
            return True
        first = item.name.partition(".")[0]
        if first in theirs.tables and item.text.strip():
            self._lose(f"《{_title(theirs, one.ruleset)}》的表“{first}”里没有对应栏的数和文字", one.unit)
        return False

    def _lose(self, what: str, unit: str) -> None:
        units = self.found.lost.setdefault(what, [])
        if unit not in units:
            units.append(unit)


def _by_form(submission: Submission) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for item in submission.items:
        found.setdefault(item.form, []).append(item)
    return found


def _title(form: Form, ruleset: RuleSet) -> str:
    return words(form.title, ruleset)


def _entry(unit: str, table: str, name: str, values: dict[str, Held], leaf: str = "") -> Entry:
    return Entry(unit, name, {Key(f"{table}.{column}"): value for column, value in values.items()}, leaf)


def _covered(form: Form, table: str, leaf: str) -> frozenset[str]:
    path = form.leaf_groups(table).get(leaf, ())
    return covered_columns(form.tables[table], form.tables[table].groups[path[0]]) if path else frozenset()


def _model(form: Form, name: str) -> Model | None:
    first, _, column = name.partition(".")
    if first in form.tables:
        return form.tables[first].columns.get(column)
    return form.columns.get(column) if first in form.all_rows() else form.all_cells().get(first)


def _summed(form: Form, key: Key) -> bool:
    model = _model(form, key.name)
    return model is not None and model.type in SUMMED


def _is_total(form: Form, name: str, place: Place) -> bool:
    """Whether a cell states the sum of others and is consolidated itself."""
    return (place.type in SUMMED and place.rule is not None and place.rule.kind in ("sum", "formula")
            and _model(form, name).consolidation == "sum")


def _is_worked_out(place: Place) -> bool:
    """Whether a cell is left to the template; amounts are compared with what it gives."""
    return place.locked or (place.rule is not None and place.type not in SUMMED and place.rule.kind != "entity")


def _is_reason(form: Form, name: str) -> bool:
    model = _model(form, name)
    return bool(getattr(model, "required_if", ""))
