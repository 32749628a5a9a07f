"""One malformed file per kind of mistake: where it is told, and what the message must say.

A file of malformed/ names the file to spoil (of 990000/2022, or of `ruleset`), the text to replace (none: the
whole file), `also` more of the same, and what is then told: where (the line with `at`), and `words` of it.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from pyfuncs.catalog import load
from pyfuncs.catalog.lint import lint_ruleset
from pyfuncs.catalog.marks import Problem, load_marked

HERE = Path(__file__).parent
MALFORMED = sorted((HERE / "malformed").glob("*.yaml"))
ID = "990000/2022"
WORD = re.compile(r"[\w!.{}]+|\"[^\"]*\"|[^\w\s]")
NAMED = {"部分不超过整体": {"whole": True, "part": True, "near": False},
         "两列一致": {"form": True, "first": True, "second": True}, "其他具名审核": {}}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copies of the small right rule sets, found under the search path."""
    shutil.copytree(HERE / "ruleset", tmp_path, dirs_exist_ok=True)
    monkeypatch.setattr(load, "FOLDERS", (tmp_path,))
    return tmp_path / ID


@pytest.mark.parametrize("ruleset_id", [ID, "990100/2022", "990200/2022"])
def test_the_small_rule_sets_are_right(folder: Path, ruleset_id: str):
    assert lint_ruleset(ruleset_id, NAMED) == []


def spoiled(folder: Path, path: Path) -> tuple[dict, list[Problem]]:
    """The malformed file, and what lint says of the rule set that it was put into."""
    kind = load_marked(path.read_text(encoding="utf-8"), path.name)
    ruleset_id = kind.get("ruleset", ID)
    for change in (kind, *kind.get("also", ())):
        spoil(folder.parent.parent / ruleset_id / change["file"], change.get("old"), change["new"])
    return kind, lint_ruleset(ruleset_id, NAMED)


@pytest.mark.parametrize("path", MALFORMED, ids=[path.stem for path in MALFORMED])
def test_a_mistake_is_told_where_it_is(folder: Path, path: Path):
    kind, problems = spoiled(folder, path)
    root, ruleset_id = folder.parent.parent, kind.get("ruleset", ID)
    expected = []
    for told in kind["told"]:
        name = told.get("file", kind["file"])
        name = name if name.startswith("99") else f"{ruleset_id}/{name}"
        expected.append((name, line_of(root / name, told["at"])))
    assert sorted(places(problems)) == sorted(expected), "\n".join(map(str, problems))
    for told, place in zip(kind["told"], expected):
        messages = [problem.message for problem, found in zip(problems, places(problems)) if found == place]
        assert any(all(words in message for words in told["words"]) for message in messages), messages


@pytest.mark.parametrize("path", MALFORMED, ids=[path.stem for path in MALFORMED])
def test_every_message_is_for_people(folder: Path, path: Path):
    """In Chinese, and saying what to write: an example, a request, or what it should be."""
    _, problems = spoiled(folder, path)
    for problem in problems:
        assert any("一" <= char <= "鿿" for char in problem.message)
        assert any(words in problem.message for words in ("例如", "请", "应")), problem.message
        for jargon in ("Traceback", "Error", "None", "should be", "Input", "function-", "Readings"):
            assert jargon not in problem.message


def test_what_is_known_in_part_needs_no_total_and_no_grades(folder: Path):
    root = folder.parent.parent / "990200/2022"
    spoil(root / "ruleset.yaml", 'total: 总分\ngrades: {优: "90", 差: "0"}\n', "partial: true\n")
    assert lint_ruleset("990200/2022") == []
    spoil(root / "forms/评分.yaml", '投入: "20"', '投入: "30"')       # of which twenty are known
    assert lint_ruleset("990200/2022") == []


def test_named_checks_are_left_alone_when_they_are_not_known(folder: Path):
    spoil(folder / "checks.yaml", "named: 部分不超过整体", "named: 没有的")
    assert lint_ruleset(ID) == []


def test_a_parent_is_looked_at_for_itself_alone(folder: Path):
    """Its rates speak of forms that only its children have; its own methods are looked at."""
    for path in [*folder.glob("forms/*"), *folder.glob("cases/*"), folder / "checks.yaml"]:
        path.unlink()
    spoil(folder / "ruleset.yaml", 'year: "2022"', "abstract: true")
    assert lint_ruleset(ID) == []
    spoil(folder / "rates.yaml", "method: 控制率", "method: 控制绿")
    assert places(lint_ruleset(ID)) == [(f"{ID}/rates.yaml", 3)]


def test_what_is_wrong_in_the_parent_is_told_with_the_parents_file(folder: Path):
    child = folder.parent / "2023"
    child.mkdir()
    (child / "ruleset.yaml").write_text(
        'id: 990000/2023\nname: 下一年\nyear: "2023"\nextends: 990000/2022\nedition: "1"\n', encoding="utf-8")
    assert lint_ruleset("990000/2023", NAMED) == []
    spoil(folder / "rates.yaml", "基础!编制数", "基础!编制书")
    told = lint_ruleset("990000/2023", NAMED)
    assert [str(problem.mark) for problem in told] == ["990000/2022/rates.yaml 第 4 行"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_slip_of_the_pen_breaks_the_reader(folder: Path, data: st.DataObject):
    """Any word of any file replaced by any other: problems are told, nothing is raised."""
    root = folder.parent.parent
    path = data.draw(st.sampled_from(sorted(root.rglob("*.yaml"))))
    text = path.read_text(encoding="utf-8")
    start, end = data.draw(st.sampled_from([match.span() for match in WORD.finditer(text)]))
    words = WORD.findall("\n".join(other.read_text(encoding="utf-8") for other in root.rglob("*.yaml")))
    word = data.draw(st.sampled_from([*words, "", "[]", "{}", '"-1"', '"NaN"', "甲", "上年(", "AAA1", "A0"]))
    path.write_text(text[:start] + word + text[end:], encoding="utf-8")
    try:
        for ruleset_id in {ID, "990100/2022", path.relative_to(root).parts[0] + "/2022"}:
            assert all(problem.mark.line >= 1 for problem in lint_ruleset(ruleset_id, NAMED))
    finally:
        path.write_text(text, encoding="utf-8")


def spoil(path: Path, old: str | None, new: str) -> None:
    """Put the mistake in: a replaced text, or a whole file."""
    text = path.read_text(encoding="utf-8") if old is not None else ""
    assert old is None or text.count(old) >= 1, f"{path.name} has no {old!r}"
    path.parent.mkdir(exist_ok=True)
    path.write_text(new if old is None else text.replace(old, new, 1), encoding="utf-8")


def line_of(path: Path, text: str) -> int:
    if path.is_dir():
        return 1
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def places(problems: list[Problem]) -> list[tuple[str, int]]:
    return [(problem.mark.file, problem.mark.line) for problem in problems]
