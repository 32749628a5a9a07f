"""Near names: what is meant is found among many, and looking does not take longer the more there are."""

from __future__ import annotations

from time import process_time

from pyfuncs.consolidate.near_names import NearNames


def test_near_names_come_best_first_and_strange_ones_not_at_all():
    names = NearNames(["衡阳市投资促进事务中心", "衡阳市投资促进中心（本级）", "市财政局", "市民政局"])
    assert names.of("衡阳市 投资促进中心") == ("衡阳市投资促进事务中心", "衡阳市投资促进中心（本级）")
    assert names.of("衡阳市投资促进中心", count=1) == ("衡阳市投资促进事务中心",)
    assert (names.of("某公司"), names.of(""), NearNames([]).of("甲")) == ((), (), ())


def test_a_name_of_one_letter_is_found():
    assert NearNames(["甲", "乙"]).of("甲") == ("甲",)


def test_what_is_compared_can_be_told():
    assert NearNames(["附：福利中心"], lambda name: name.removeprefix("附：")).of("福利中心") == ("附：福利中心",)


def test_rare_letters_say_where_to_look_among_thousands_of_like_names():
    names = NearNames([*(f"某某县第{number}中心小学" for number in range(5000)), "某某县浯溪镇中心小学"])
    assert names.of("某某县浯溪中心小学", count=1) == ("某某县浯溪镇中心小学",)


def test_looking_among_ten_times_as_many_names_takes_no_ten_times_as_long():
    few, many = (NearNames(f"某某县第{number}中心小学" for number in range(count)) for count in (2_000, 20_000))
    assert _seconds(many) < 4 * _seconds(few)


def _seconds(names: NearNames) -> float:
    start = process_time()
    for number in range(200):
        names.of(f"某某县{number}中心")
    return process_time() - start
