"""One malformed file per kind of mistake: where it is told, and what the message must say."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from pyfuncs.catalog import load
from pyfuncs.catalog.lint import lint_ruleset
from pyfuncs.catalog.marks import load_marked

HERE = Path(__file__).parent
MALFORMED = sorted((HERE / "malformed").glob("*.yaml"))
ID = "990000/2022"
WORD = re.compile(r"[\w!.{}]+|\"[^\"]*\"|[^\w\s]")
NAMED = {"部分不超过整体": {"whole": True, "part": True, "near": False}, "其他具名审核": {}}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the small right rule set, found under the search path."""
    shutil.copytree(HERE / "ruleset", tmp_path, dirs_exist_ok=True)
    monkeypatch.setattr(load, "FOLDERS", (tmp_path,))
    return tmp_path / ID


def test_the_small_rule_set_is_right(folder: Path):
    assert lint_ruleset(ID, NAMED) == []


@pytest.mark.parametrize("path", MALFORMED, ids=[path.stem for path in MALFORMED])
def test_a_mistake_is_told_where_it_is(folder: Path, path: Path):
    kind = load_marked(path.read_text(encoding="utf-8"), path.name)
    spoil(folder / kind["file"], kind.get("old"), kind["new"])
    expected = [(told.get("file", kind["file"]), line_of(folder / told.get("file", kind["file"]), told["at"]))
                for told in kind["told"]]
    problems = lint_ruleset(ID, NAMED)
    assert sorted(places(problems)) == sorted(expected), "\n".join(map(str, problems))
    for told, place in zip(kind["told"], expected):
        messages = [problem.message for problem, found in zip(problems, places(problems)) if found == place]
        assert any(all(words in message for words in told["words"]) for message in messages), messages


@pytest.mark.parametrize("path", MALFORMED, ids=[path.stem for path in MALFORMED])
def test_every_message_is_for_people(folder: Path, path: Path):
    kind = load_marked(path.read_text(encoding="utf-8"), path.name)
    spoil(folder / kind["file"], kind.get("old"), kind["new"])
    for problem in lint_ruleset(ID, NAMED):
        assert any("一" <= char <= "鿿" for char in problem.message)
        for jargon in ("Traceback", "Error", "None", "should be", "Input"):
            assert jargon not in problem.message


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
    assert places(lint_ruleset(ID)) == [("rates.yaml", 3)]


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
    path = data.draw(st.sampled_from(sorted(folder.rglob("*.yaml"))))
    text = path.read_text(encoding="utf-8")
    start, end = data.draw(st.sampled_from([match.span() for match in WORD.finditer(text)]))
    words = WORD.findall("\n".join(other.read_text(encoding="utf-8") for other in folder.rglob("*.yaml")))
    word = data.draw(st.sampled_from([*words, "", "[]", "{}", '"-1"', '"NaN"', "甲", "上年(", "AAA1", "A0"]))
    path.write_text(text[:start] + word + text[end:], encoding="utf-8")
    try:
        assert all(problem.mark.line >= 1 for problem in lint_ruleset(ID, NAMED))
    finally:
        path.write_text(text, encoding="utf-8")


def spoil(path: Path, old: str | None, new: str) -> None:
    """Put the mistake in: a replaced text, or a whole file."""
    text = path.read_text(encoding="utf-8") if old is not None else ""
    assert old is None or text.count(old) >= 1, f"{path.name} has no {old!r}"
    path.write_text(new if old is None else text.replace(old, new, 1), encoding="utf-8")


def line_of(path: Path, text: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def places(problems: list) -> list[tuple[str, int]]:
    return [(problem.mark.file.removeprefix(f"{ID}/"), problem.mark.line) for problem in problems]
