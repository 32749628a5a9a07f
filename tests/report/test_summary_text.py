"""What `consolidate` prints: the verdict first, short, and no text that moves the cursor."""

from __future__ import annotations

import re
from dataclasses import replace

from sample_units import unit_a
from summary_samples import LIST, consolidated, sample

from pyfuncs.report.summary_text import consolidation_text


def test_the_console_tells_the_verdict_first_and_stays_short():
    lines = consolidation_text(sample()[0]).split("\n")
    assert lines[:4] == [
        "结论：须修改", "2021年度、2022年度　已汇总 3 个单位，其中 3 个须修改；未报送 1 个，没有计入 1 个文件",
        "  未报送：丁局", next(line for line in lines if line.startswith("  没有计入：又一份.xlsx（"))]
    base = unit_a()
    many = [replace(base, submission=replace(base.submission, entity=f"单位{number}", path=f"{number}.xlsx", sha256=str(number)))
            for number in range(300)]
    text = consolidation_text(replace(consolidated(many)[0], partial="还有 5 个文件没有读"))
    assert text.startswith("结论：须修改（未完成）\n未完成：还有 5 个文件没有读\n")
    assert len(text.split("\n")) < 90 and "……共 300 个单位" in text


def test_units_without_a_fault_may_be_handed_in():
    text = consolidation_text(consolidated([replace(unit_a(), findings=())])[0])
    assert text.startswith("结论：可以上报\n2022年度　已汇总 1 个单位，其中 0 个须修改；未报送 0 个，没有计入 0 个文件\n")


def test_no_text_moves_the_cursor_or_turns_the_writing_of_a_console():
    base = unit_a()
    hostile = [replace(base, submission=replace(base.submission, entity="甲\x1b[2J\n乙\u202e", path=path, sha256=path))
               for path in ("a\x1b", "b\x1b")]
    result, _ = consolidated(hostile, LIST)
    text = consolidation_text(replace(result, partial="还有 a\x1b 没有读"))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", text) and "甲[2J 乙" in text
