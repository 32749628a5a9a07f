"""A unit's share as bytes and back: nothing is lost, and bytes that are no share of its rule set are refused."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfuncs.catalog.arithmetic import arithmetic
from pyfuncs.consolidate.share import Share
from pyfuncs.consolidate.share_of import share_of
from pyfuncs.consolidate.sums import Sums
from pyfuncs.consolidate.unit_line import unit_line
from pyfuncs.helper.record_columns import RecordError, packed, unpacked
from pyfuncs.helper.ruleset_dump import dumped, loaded
from pyfuncs.helper.share_record import decode_share, encode_share
from sample_units import unit_a, unit_b

SHARE = share_of(unit_a())
DATA = unpacked(encode_share(SHARE))
FORGED = [None, True, -1, 2, 10**9, 1.5, "x", "nNaN", "NaN", "1E+99999", [], [[]], ["x", 1], {"a": 1}]


def again(data: bytes, one: Share = SHARE) -> Share:
    return decode_share(data, one.file, one.sha256, one.ruleset)


@pytest.mark.parametrize("build", [unit_a, unit_b])
def test_nothing_is_lost(build):
    one = share_of(build())
    assert repr(again(encode_share(one), one)) == repr(one) and one.points and one.counts and one.rates


def test_odd_values_come_back_as_they_were():
    sums = ((Decimal("1E-301"), 1, 1), (Decimal("-0.00"), 1, 0), (None, 0, 1), *SHARE.given[3:])
    one = replace(SHARE, given=sums, unit="=甲\udcff", total=None, printed=Decimal("99.50"), named=False)
    assert repr(again(encode_share(one))) == repr(one)


def test_the_rule_set_of_a_dump_reads_it():
    """The order of its items is that of the rule set the workbook was judged by."""
    ruleset = loaded(dumped(SHARE.ruleset)[1])
    one = decode_share(encode_share(SHARE), SHARE.file, SHARE.sha256, ruleset)
    assert replace(unit_line(one), counts={}) == replace(unit_line(SHARE), counts={})
    sums, own = Sums(), Sums()
    sums.add(one)
    own.add(SHARE)
    assert {key: amount.value for key, amount in sums.amounts.items()} == {key: amount.value for key, amount in own.amounts.items()}


def test_a_share_of_another_rule_set_is_refused():
    alone = arithmetic(SHARE.ruleset, "2019")
    with pytest.raises(RecordError):
        decode_share(encode_share(SHARE), SHARE.file, SHARE.sha256, alone)


@pytest.mark.parametrize("data", [b"", b"x", encode_share(SHARE)[:-5], packed("text"), packed({}), packed([]), packed(DATA[:-1])])
def test_what_is_no_share(data: bytes):
    with pytest.raises(RecordError):
        again(data)


@pytest.mark.parametrize("at", range(2, 7))
def test_a_column_that_is_too_short_or_too_long(at: int):
    """Sums, numbers, blanks, gaps, answers."""
    for column in (DATA[at][:-1], DATA[at] + DATA[at][-1:]):
        with pytest.raises(RecordError):
            again(packed([*DATA[:at], column, *DATA[at + 1:]]))


def test_all_sums_short_alike():
    with pytest.raises(RecordError):
        again(packed([*DATA[:2], *(column[:-1] for column in DATA[2:5]), *DATA[5:]]))


@pytest.mark.parametrize("at", [8, 10, 12, 14])
def test_a_key_that_the_rule_set_does_not_have(at: int):
    """Of a score, a rate, a group of findings, a deduction."""
    with pytest.raises(RecordError):
        again(packed([*DATA[:at], ["没有这一项", *DATA[at][1:]], *DATA[at + 1:]]))


def _places(data: object, path: tuple = ()) -> list[tuple]:
    inside = enumerate(data) if isinstance(data, list) else ()
    return [path, *(place for at, one in inside for place in _places(one, (*path, at)))][bool(not path):]


@given(st.sampled_from(_places(DATA)), st.sampled_from(FORGED))
def test_a_forged_share_is_refused_or_is_well_formed(place: tuple, forged: object):
    holder = data = json.loads(json.dumps(DATA))
    for at in place[:-1]:
        holder = holder[at]
    holder[place[-1]] = forged
    try:
        one = again(packed(data))
    except RecordError:
        return
    assert repr(again(encode_share(one))) == repr(one)
    Sums().add(one)
    unit_line(one)
