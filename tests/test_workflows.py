"""The workflows of .github, which nobody has run: at least all that they name is there."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "build"))

import setup  # noqa: E402

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
RUNNERS = {"ubuntu-22.04", "ubuntu-24.04", "windows-latest"}
CALL = re.compile(r"python build/setup\.py\s+(\S+)((?:[^\S\n]+[^\s|>]+)*)")
WITH_ARGUMENTS = {"bundle": {"--windows"}, "release": {"compare", "files", "notes"}, "run": {"--version"}}


def loaded(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def steps(workflow: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for job in workflow["jobs"].values():
        for step in job["steps"]:
            yield job, step


def unknown(text: str) -> list[str]:
    """What a step calls that build/setup.py does not have."""
    found = []
    for verb, arguments in CALL.findall(text):
        first = arguments.split()[:1]
        if verb not in setup.VERBS or not set(first) <= WITH_ARGUMENTS.get(verb, set()):
            found.append(" ".join([verb, *first]))
    return found


def test_both_are_there():
    assert [path.name for path in WORKFLOWS] == ["ci.yml", "release.yml"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_jobs_run_on_known_machines_and_wait_for_jobs_that_exist(path: Path):
    workflow = loaded(path)
    for job in workflow["jobs"].values():
        assert job["runs-on"] in RUNNERS
        needs = job.get("needs", [])
        assert set([needs] if isinstance(needs, str) else needs) <= set(workflow["jobs"])


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_call_of_the_project_exists(path: Path):
    called = 0
    for _, step in steps(loaded(path)):
        assert unknown(step.get("run", "")) == []
        assert all((ROOT / name).exists() for name in re.findall(r"\bbuild/\w+\.py", step.get("run", "")))
        called += len(CALL.findall(step.get("run", "")))
    assert called == (path.read_text(encoding="utf-8").count("build/setup.py"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_step_is_an_action_of_one_version_or_a_script_that_can_be_read(path: Path):
    for job, step in steps(loaded(path)):
        assert ("uses" in step) != ("run" in step)
        if "uses" in step:
            assert re.fullmatch(r"actions/[a-z-]+@v\d+", step["uses"])
        elif step.get("shell") == "python":
            compile(step["run"], path.name, "exec")
        elif step.get("shell") == "bash" or job["runs-on"].startswith("ubuntu"):
            plain = re.sub(r"\$\{\{.*?\}\}", "x", step["run"])
            assert subprocess.run(["bash", "-n", "-c", plain], capture_output=True, text=True).stderr == ""


def test_secrets_reach_only_the_steps_that_sign():
    for path in WORKFLOWS:
        for _, step in steps(loaded(path)):
            if "secrets." in str(step):
                assert path.name == "release.yml" and step["name"] in (
                    "A certificate, where there is one", "setup.exe and the portable zip")
                assert "secrets." not in step["run"], "only by way of the environment"


@pytest.mark.parametrize(("text", "told"), [
    ("python build/setup.py tset", ["tset"]), ("python build/setup.py bundle --windos", ["bundle --windos"]),
    ("python build/setup.py release nots > a", ["release nots"]), ("python build/setup.py test", [])])
def test_a_call_that_does_not_exist_is_told(text: str, told: list[str]):
    assert unknown(text) == told


def test_what_is_tested_without_other_programs_is_there():
    assert all((ROOT / path.removeprefix("--ignore=")).exists() for path in setup.NATIVE)
