from __future__ import annotations

import pytest

from pyfuncs.workbook.places import Box, Place, SheetLayout
from pyfuncs.workbook.text_fit import broken, fitted_heights, lines_of


@pytest.mark.parametrize(("text", "width", "lines"), [
    ("", 10, 1),
    ("数量指标", 8.1, 1),
    ("数量指标", 7.9, 2),
    ("数量\n指标", 20, 2),
    ("abcdefgh", 9, 1),
    ("一" * 50, 91, 1),
    ("一" * 99, 92, 2),
    ("一" * 100, 92, 3),                               # the ends of lines stay ragged
])
def test_lines_of_a_text(text: str, width: float, lines: int):
    assert lines_of(text, width) == lines


@pytest.mark.parametrize(("label", "width", "shown"), [
    ("产出指标（50分）", 20, "产出指标（50分）"),
    ("产出指标（50分）", 11, "产出指标\n（50分）"),
    ("投入管理指标", 10, "投入管理\n指标"),
    ("可持续影响指标（8）", 10, "可持续影响\n指标\n（8）"),
    ("服务对象满意度指标", 11, "服务对象满意度指标"),
    ("部门（单位）名称", 8, "部门（单位）名称"),
    ("年度\n目标", 4, "年度\n目标"),
])
def test_labels_break_where_people_break_them(label: str, width: float, shown: str):
    assert broken(label, width) == shown


def test_rows_grow_with_their_texts():
    """Each row for its own cells; what a merged cell lacks is shared, the narrow row left as it is."""
    heights = {1: 21.0, 2: 30.0, 3: 30.0, 4: 3.75}
    sheet = SheetLayout("甲", (Place(Box(1, 1, 4, 2), "blank"),), {1: 10.0, 2: 10.0}, heights)
    assert fitted_heights(sheet, [(Box(1, 1, 1, 1), "短", 10.5, 0)]) == heights
    grown = fitted_heights(sheet, [(Box(2, 1, 4, 1), "一" * 50, 10.5, 0), (Box(1, 1, 1, 2), "一" * 30, 10.5, 0)])
    wanted = 12 * 10.5 * 1.38 + 5
    assert grown == {1: pytest.approx(4 * 10.5 * 1.38 + 5, abs=0.01), 2: pytest.approx(wanted / 2, abs=0.01),
                     3: pytest.approx(wanted / 2, abs=0.01), 4: 3.75}


def test_no_row_is_taller_than_a_program_can_show():
    sheet = SheetLayout("甲", (), {1: 2.0}, {1: 21.0})
    assert fitted_heights(sheet, [(Box(1, 1, 1, 1), "一" * 500, 10.5, 0)]) == {1: 409.0}
