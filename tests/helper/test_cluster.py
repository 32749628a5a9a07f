"""Beyond one machine: a Dask cluster and an object store give what this machine gives alone."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest
from benchmarks.unit_books import unit_books
from dask.distributed import LocalCluster
from object_store import object_store

from pyfuncs.helper import cluster
from pyfuncs.helper.archive import Archive
from pyfuncs.helper.cli import main

FILES = 60                                            # more than twice of what is kept at a time


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("集群") / "各单位"
    for path in unit_books(folder, FILES)[::10]:      # some without a word of ours
        path.write_bytes(path.read_bytes()[:1000])
    return folder


@pytest.fixture(scope="module")
def alone(units: Path) -> bytes:
    """The JSON of this machine alone."""
    return consolidated(units, units.parent / "单机")


@pytest.fixture(scope="module")
def dask() -> Iterator[LocalCluster]:
    """A scheduler with two worker processes."""
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as found:
        yield found


def consolidated(units: Path | str, target: Path, *options: str) -> bytes:
    assert main(["consolidate", str(units), "-o", f"{target}.xlsx", "--json", f"{target}.json", *options]) == 1
    assert Path(f"{target}.xlsx").stat().st_size > 10_000
    return Path(f"{target}.json").read_bytes()


def test_a_cluster_gives_the_same_to_the_byte(units: Path, alone: bytes, dask: LocalCluster, tmp_path: Path):
    assert len(json.loads(alone)["units"]) > FILES / 2
    assert consolidated(units, tmp_path / "集群", "--cluster", dask.scheduler_address) == alone


def test_a_cluster_on_this_machine_can_be_started_by_its_name(units: Path, alone: bytes, tmp_path: Path):
    assert consolidated(units, tmp_path / "本机", "--cluster", "local", "--jobs", "2") == alone


def test_a_worker_that_is_killed_in_the_middle_changes_nothing(units: Path, alone: bytes, dask: LocalCluster, tmp_path: Path,
                                                              monkeypatch: pytest.MonkeyPatch):
    add, killed, after = Archive.add, [], []

    def adding(self, results, rulesets):
        add(self, results, rulesets)
        if killed:
            after.append(len(results))
        else:
            killed.append(next(iter(dask.workers.values())).pid)
            os.kill(killed[0], signal.SIGKILL)

    monkeypatch.setattr(Archive, "add", adding)
    assert consolidated(units, tmp_path / "死了一个", "--cluster", dask.scheduler_address) == alone
    assert len(killed) == 1 and sum(after) > FILES / 2


def test_workbooks_and_results_lie_in_an_object_store(units: Path, alone: bytes, tmp_path: Path, capsys: pytest.CaptureFixture):
    with object_store() as bucket:
        fsspec.filesystem("s3").put(f"{units}/", f"{bucket}/各单位/", recursive=True)
        code = main(["consolidate", f"{bucket}/各单位", "-o", f"{bucket}/结果/汇总.xlsx", "--json", f"{bucket}/结果/汇总.json",
                     "--cluster", "local", "--jobs", "2"])
        assert code == 1, capsys.readouterr().err
        with fsspec.open(f"{bucket}/结果/汇总.json", "rb") as file:
            there = file.read()
        with fsspec.open(f"{bucket}/结果/汇总.xlsx", "rb") as file:
            assert file.read(2) == b"PK"
        assert there.decode() == alone.decode().replace(str(units), f"{bucket}/各单位")
        capsys.readouterr()
        assert main(["consolidate", f"{bucket}/各单位", "-o", f"{bucket}/结果/汇总.xlsx"]) == 2
        assert "已经存在，没有覆盖" in capsys.readouterr().err


def test_a_cluster_that_is_not_there_is_told(units: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture):
    monkeypatch.setattr(cluster, "_WAIT", 1)
    assert main(["consolidate", str(units), "-o", str(tmp_path / "汇总.xlsx"), "--cluster", "tcp://127.0.0.1:1"]) == 2
    assert "连不上集群 tcp://127.0.0.1:1" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
