"""Where a workbook belongs: in the tree of the list, else in that of the folders."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfuncs.consolidate.result import Head, Node
from pyfuncs.consolidate.tree import tree_of
from pyfuncs.consolidate.units_list import parse_units


def head(file: str, unit: str = "") -> Head:
    return Head(file, f"hash of {file}", unit or file.rpartition("/")[2].partition(".")[0], "2022", "430400/2022", False)


def listed(text: str):
    return parse_units([line.split(",") for line in text.split("\n")])


def folders(*files: str):
    """Nodes as (id, name, parent, level), and the node of each file."""
    heads = [head(file) for file in files]
    tree = tree_of(None, heads)
    return ([(node.id, node.name, node.parent, node.level) for node in tree.nodes],
            {one.file: tree.place(one) for one in heads})


LIST = listed("单位代码,单位名称,上级\n1,市民政局,\n11,福利中心,1\n12,救助管理处,1\n121,东区站,12\n122,西区站,12\n2,市财政局,")


def test_units_with_others_below_them_are_nodes_and_their_own_workbooks_parts_of_themselves():
    heads = [head("a.xlsx", "西区站"), head("b.xlsx", "市民政局"), head("c.xlsx", " 救助 管理处"), head("d.xlsx", "福利中心"),
             head("e.xlsx", "市财政局"), head("f.xlsx", "某公司")]
    tree = tree_of(LIST, heads)
    assert tree.nodes == (Node("", "全部单位"), Node("1", "市民政局", "", 1), Node("12", "救助管理处", "1", 2))
    assert [tree.place(one) for one in heads] == [("12", "122"), ("1", "1"), ("12", "12"), ("1", "11"), ("", "2"), ("", "")]


def test_one_unit_above_all_others_is_the_root_itself():
    tree = tree_of(listed("单位名称,上级\n市民政局,\n福利中心,市民政局\n救助处,市民政局\n东区站,救助处"),
                   heads := [head("a", "市民政局"), head("b", "东区站"), head("c", "福利中心")])
    assert tree.nodes == (Node("", "市民政局"), Node("救助处", "救助处", "", 1))
    assert [tree.place(one) for one in heads] == [("", ""), ("救助处", ""), ("", "")]


def test_a_list_of_names_alone_has_one_node_and_so_has_one_unit():
    assert tree_of(listed("单位名称\n甲\n乙"), []).nodes == tree_of(listed("单位名称\n甲"), []).nodes == (Node("", "全部单位"),)


NAMESAKES = listed("单位代码,单位名称,上级\n1,甲县,\n2,乙县,\n11,办公室,甲县\n21,办公室,乙县\n22,教育局,乙县\n221,中心小学,22\n111,中心小学,11")


@pytest.mark.parametrize(("file", "unit", "place"), [
    ("报送/甲县/办公室.xlsx", "办公室", ("11", "11")),                                     # its own node
    ("报送/2/x.xlsx", "办公室", ("2", "21")),                                              # the folder bears the code above
    ("报送/21/x.xlsx", "办公室", ("2", "21")),                                             # or the unit's own
    ("报送/乙县/教育/x.xlsx", "中心小学", ("22", "221")),                                     # of those further above, too
    ("报送/ 甲县 /x.xlsx", "中心小学", ("11", "111")),
])
def test_units_of_one_name_are_told_apart_by_the_folder(file, unit, place):
    one = head(file, unit)
    tree = tree_of(NAMESAKES, [one])
    assert (tree.place(one), tree.where(one).doubt) == (place, "")


@pytest.mark.parametrize("file", ["x.xlsx", "报送/丙县/x.xlsx", "甲县/乙县/x.xlsx"])
def test_units_of_one_name_that_no_folder_tells_apart_are_not_guessed(file):
    one = head(file, "办公室")
    tree = tree_of(NAMESAKES, [one])
    assert tree.place(one) == ("", "")
    assert tree.where(one).doubt == ("名单里有 2 个单位叫“办公室”（11、21），分不清是哪一个，没有计入；"
                                     "请把文件放进以它的上级单位命名的文件夹")


def test_folders_are_nodes_below_the_one_they_have_in_common():
    nodes, places = folders("报送/2022/民政局/福利中心.xlsx", "报送/2022/民政局/救助处/东.xlsx", "报送/2022/民政局/救助处/西.xlsx",
                            "报送/2022/财政局/甲.xlsx", "报送/2022/财政局/乙.xlsx", "报送/2022/丙.xlsx")
    assert nodes == [("", "2022", None, 0), ("民政局", "民政局", "", 1), ("民政局/救助处", "救助处", "民政局", 2),
                     ("财政局", "财政局", "", 1)]
    assert {file.rpartition("/")[2]: node for file, (node, _) in places.items()} == {
        "福利中心.xlsx": "民政局", "东.xlsx": "民政局/救助处", "西.xlsx": "民政局/救助处", "甲.xlsx": "财政局", "乙.xlsx": "财政局",
        "丙.xlsx": ""}


def test_a_folder_with_one_unit_is_no_node():
    nodes, places = folders("x/甲/甲.xlsx", "x/乙/表/乙.xlsx", "x/丙/丙.xlsx")
    assert (nodes, set(places.values())) == ([("", "x", None, 0)], {("", "")})
    twice = [head("x/甲/甲.xlsx"), head("x/甲/旧/甲.xlsx"), head("x/乙.xlsx")]            # one unit, sent twice
    assert len(tree_of(None, twice).nodes) == 1
    nodes, places = folders("x/民政局/本级/民政局.xlsx", "x/民政局/福利中心/福利中心.xlsx", "x/乙.xlsx")
    assert nodes == [("", "x", None, 0), ("民政局", "民政局", "", 1)]
    assert places["x/民政局/本级/民政局.xlsx"] == ("民政局", "")


@pytest.mark.parametrize(("files", "root"), [
    (["甲.xlsx", "乙.xlsx"], "全部单位"), (["./甲.xlsx", "./乙.xlsx"], "全部单位"), (["../甲.xlsx"], "全部单位"), (["/甲.xlsx"], "全部单位"),
    (["/数据/甲.xlsx", "丙/乙.xlsx"], "全部单位"), (["s3://桶/某市/甲.xlsx", "s3://桶/某市/乙.xlsx"], "某市"), ([], "全部单位")])
def test_the_root_bears_the_name_of_the_common_folder(files, root):
    assert folders(*files)[0][0] == ("", root, None, 0)


paths = st.lists(st.lists(st.sampled_from("甲乙丙"), min_size=1, max_size=5).map(lambda parts: "/".join(parts) + ".xlsx"),
                 max_size=12, unique=True)


@given(paths)
def test_nodes_are_depth_first_and_every_folder_node_has_more_than_one_unit_below_it(files):
    heads = [head(file, f"单位{number}") for number, file in enumerate(files)]
    tree = tree_of(None, heads)
    line: list[str] = []                              # the way from the root to the last node
    for node in tree.nodes:
        line = line[:node.level]
        assert node.parent == (line[-1] if line else None)
        line.append(node.id)
    within = {node.id: 0 for node in tree.nodes}
    parents = {node.id: node.parent for node in tree.nodes}
    for one in heads:
        at = tree.place(one)[0]
        while at is not None:
            within[at], at = within[at] + 1, parents[at]
    assert within[""] == len(files)
    assert all(count > 1 for id, count in within.items() if id)
