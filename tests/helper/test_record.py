"""A workbook as bytes and back: nothing is lost, and bytes that are no record are refused."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filed_books import clean_book
from pyfuncs.catalog.arithmetic import arithmetic
from pyfuncs.catalog.figures import Figure
from pyfuncs.catalog.load import load_ruleset, ruleset_ids
from pyfuncs.catalog.submission import Item, State, Submission, Trouble
from pyfuncs.checks.finding import Finding, Place, Remark
from pyfuncs.consolidate.filed import Filed
from pyfuncs.helper.record import decode, encode
from pyfuncs.helper.record_columns import RecordError, packed, unpacked
from pyfuncs.helper.ruleset_dump import dumped, loaded
from pyfuncs.language import CellError
from pyfuncs.workbook.process import process
from sample_units import unit_a, unit_b

texts = st.text(st.characters(), max_size=8)          # halves of characters too
lists = st.lists(texts, max_size=3).map(tuple)
counts = st.integers(0, 2000)
numbers = st.one_of(st.decimals(allow_nan=False, allow_infinity=False), st.sampled_from(
    ["1E+308", "-0", "0.00", "2.2250738585072014E-308", "123456789012345.67"]).map(Decimal))
values = st.one_of(st.none(), st.booleans(), numbers, texts, st.builds(CellError, texts))
severities = st.sampled_from(["error", "warning", "rounding", "note"])
items = st.builds(Item, texts, texts, st.none() | numbers, texts, texts, st.sampled_from(get_args(State)), counts, counts,
                  texts, counts, st.booleans(), lists)
troubles = st.builds(Trouble, st.sampled_from(["file", "structure", "input"]), texts, texts, texts, lists, texts,
                     st.sampled_from(["error", "warning", "note"]))
remarks = st.builds(Remark, st.sampled_from(["explained", "approved"]), texts, texts, texts, texts, st.booleans())
findings = st.builds(Finding, texts, severities, st.sampled_from(["rule", "not-run"]), texts, counts, lists, texts, texts,
                     texts, texts, texts, texts, texts, st.booleans(), lists, st.sampled_from(["", "新增"]),
                     st.none() | remarks, st.lists(st.builds(Place, counts, counts, counts, texts), max_size=2).map(tuple))


@st.composite
def filed_units(draw) -> Filed:
    read = tuple(draw(st.lists(items, max_size=6)))
    own = st.sampled_from(read) if read else st.nothing()
    figures = st.builds(Figure, texts, st.sampled_from(["rate", "total"]), texts, counts, values, lists, lists, texts, texts,
                        st.none() | own, st.lists(own, max_size=2 if read else 0).map(tuple),
                        st.lists(st.tuples(texts, values), max_size=2).map(tuple))
    found = draw(st.lists(figures, max_size=4, unique_by=lambda figure: (figure.key, figure.instance)))
    about = [draw(texts) for _ in range(5)]
    filed = Submission(*about, read, tuple(draw(st.lists(troubles, max_size=2))), draw(texts), draw(texts),
                       read_by=draw(st.sampled_from(["", "names", "labels"])), recognised=draw(texts))
    return Filed(filed, None, {(figure.key, figure.instance): figure for figure in found},
                 tuple(draw(st.lists(findings, max_size=3))), draw(texts), draw(texts))


@given(filed_units())
def test_nothing_is_lost(one: Filed):
    again = decode(encode(one), None)
    assert repr(again) == repr(one) and again == one   # repr tells 0.0 from 0.00 and -0
    assert list(again.figures) == list(one.figures)


@pytest.mark.parametrize("build", [unit_a, unit_b])
def test_a_unit_with_its_figures_and_findings(build):
    one = build()
    again = decode(encode(one), one.ruleset)
    assert again == one and again.must_fix == one.must_fix
    printed = [figure.printed for figure in again.figures.values() if figure.printed]
    assert printed and all(any(item is own for own in again.submission.items) for item in printed)


def test_a_workbook_as_it_was_read_but_for_the_texts_beside_its_items(tmp_path: Path):
    one = process(clean_book(tmp_path / "甲.xlsx", "甲", {"基础数据表!三公经费.本年决算": 99}))
    assert one.submission.texts and one.findings
    assert decode(encode(one), one.ruleset) == replace(one, submission=replace(one.submission, texts=()))


def test_a_file_that_could_not_be_read(tmp_path: Path):
    (tmp_path / "坏.xlsx").write_bytes(b"PK")
    one = process(tmp_path / "坏.xlsx")
    assert one.ruleset is None and decode(encode(one), None) == one


RECORD = encode(unit_a())


@pytest.mark.parametrize("data", [b"", b"x", RECORD[:-5], RECORD[:40], zlib.compress(b"\xff\xfe"), zlib.compress(b"[" * 100_000),
                                  packed("text"), packed({}), packed([]), packed([1]), packed([99, *unpacked(RECORD)[1:]]),
                                  zlib.compress(b"[1e999]"), zlib.compress(b"9" * 10_000)])
def test_what_is_no_record(data: bytes):
    with pytest.raises(RecordError):
        decode(data, None)


@pytest.mark.parametrize("count", [-1, True, 2**40, "1", None])
@pytest.mark.parametrize("place", [(3, 0), (3, 8, 0, 0), (6, 0, 0)])
def test_a_forged_count(place: tuple[int, ...], count: object):
    """Of items, of the row of an item, of the item that prints a figure."""
    data = unpacked(RECORD)
    holder = data
    for at in place[:-1]:
        holder = holder[at]
    holder[place[-1]] = count
    with pytest.raises(RecordError):
        decode(packed(data), None)


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pyfuncs.helper.record_columns._MOST_BYTES", 1000)
    with pytest.raises(RecordError, match="too large"):
        unpacked(zlib.compress(b'"' + b"0" * 5000 + b'"'))


def _places(data: object, path: tuple = ()) -> list[tuple]:
    inside = enumerate(data) if isinstance(data, list) else ()
    return [path, *(place for at, one in inside for place in _places(one, (*path, at)))]


DATA = unpacked(RECORD)
PLACES = _places(DATA)
FORGED = [None, True, -1, 10**9, 1.5, "x", "nNaN", "n1E+99999", "e", [], [[]], ["x", 1], [[2]], {"a": 1}, "\x00"]


@given(st.sampled_from(PLACES), st.sampled_from(FORGED))
def test_a_forged_record_is_refused_or_is_well_formed(place: tuple, forged: object):
    data = json.loads(json.dumps(DATA))
    if place:
        holder = data
        for at in place[:-1]:
            holder = holder[at]
        holder[place[-1]] = forged
    else:
        data = forged
    try:
        one = decode(packed(data), None)
    except RecordError:
        return
    assert decode(encode(one), None) == one            # what it holds is what a workbook may hold


@pytest.mark.parametrize("ruleset_id", ruleset_ids())
def test_a_rule_set_is_dumped_whole_in_its_own_order(ruleset_id: str):
    ruleset = load_ruleset(ruleset_id, unfinished=True)
    alone = arithmetic(ruleset, "2019", ["产出指标(50分)"])
    for one in (ruleset, alone):
        _, dump = dumped(one)
        assert repr(loaded(dump)) == repr(one) and loaded(dump).hash == ruleset.hash
    assert dumped(ruleset)[0] != dumped(alone)[0] and alone.id == ruleset.id
    assert dumped(ruleset) == dumped(loaded(dumped(ruleset)[1]))


@pytest.mark.parametrize("dump", [b"", packed([]), packed({}), packed({"id": "1/2"}), packed({"__class__": "x"})])
def test_what_is_no_rule_set(dump: bytes):
    with pytest.raises(RecordError):
        loaded(dump)
