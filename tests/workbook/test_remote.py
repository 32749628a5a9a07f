"""Workbooks at addresses: listed, fetched and written as on a disk, and told when they can't be."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest
from filed_books import clean_book
from object_store import object_store

from pyfuncs.workbook.limits import Limits, limited
from pyfuncs.workbook.process import process
from pyfuncs.workbook.remote import RemoteError, fetched, is_address, put_new, saved_at, workbooks_at


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    with object_store() as address:
        yield address


@pytest.fixture
def put():
    def write(address: str, data: bytes) -> str:
        with fsspec.open(address, "wb") as file:
            file.write(data)
        return address
    return write


def test_what_is_an_address():
    assert [is_address(text) for text in ("s3://danwei/2022", "memory://x", "C:\\各单位", "c:/x", "/data/x", "各单位", Path("x"))] == [
        True, True, False, False, False, False, False]


def test_the_workbooks_of_a_bucket_are_listed_in_order_without_what_is_no_workbook(bucket, put):
    for name in ("二局/乙.xlsx", "一局/甲.xls", "一局/说明.txt", "一局/~$甲.xlsx", "一局/.x/丙.xlsx", "三局.docx"):
        put(f"{bucket}/列表/{name}", b"x")
    assert workbooks_at(f"{bucket}/列表") == [
        f"{bucket}/列表/{name}" for name in sorted(("二局/乙.xlsx", "一局/甲.xls", "三局.docx"))]
    assert workbooks_at(f"{bucket}/列表/三局.docx") == [f"{bucket}/列表/三局.docx"]


def test_a_workbook_of_a_bucket_is_read_as_one_on_the_disk(bucket, put, tmp_path):
    book = clean_book(tmp_path / "示例中心.xlsx")
    address = put(f"{bucket}/示例中心.xlsx", book.read_bytes())
    with fetched(address) as local:
        assert local.name == "示例中心.xlsx"
        there, here = process(local), process(book)
    assert not local.exists()
    assert (there.submission.items, there.findings) == (here.submission.items, here.findings)
    assert there.submission.items
    assert saved_at(address).startswith("20")


def test_what_is_written_is_there_and_never_overwrites(bucket, tmp_path):
    local = tmp_path / "汇总.xlsx"
    local.write_bytes(b"1")
    put_new(local, f"{bucket}/结果/汇总.xlsx")
    local.write_bytes(b"2")
    with pytest.raises(RemoteError, match="已经存在，没有覆盖"):
        put_new(local, f"{bucket}/结果/汇总.xlsx")
    with fsspec.open(f"{bucket}/结果/汇总.xlsx", "rb") as file:
        assert file.read() == b"1"


def test_a_file_beyond_the_limit_is_not_fetched_whole(bucket, put):
    address = put(f"{bucket}/大.xlsx", b"0" * 3 * 2**20)
    with limited(Limits(file=2**20)), pytest.raises(RemoteError, match="文件超过 1 MB，没有读"), fetched(address):
        pass


@pytest.mark.parametrize(("name", "wanted"), [
    ("..%2F..%2Fx.xlsx", "..%2F..%2Fx.xlsx".lstrip(".")), ("a\\b:c.xlsx", "a_b_c.xlsx"), ("甲\n.xlsx", "甲_.xlsx")])
def test_the_name_of_an_address_stays_in_its_folder(put, name, wanted):
    with fetched(put(f"memory://folder/{name}", b"x")) as local:
        assert local.name == wanted
        assert local.read_bytes() == b"x"


def test_what_is_not_there_and_what_no_driver_reads_are_told(bucket):
    with pytest.raises(RemoteError, match="没有这个文件或文件夹"), fetched(f"{bucket}/没有.xlsx"):
        pass
    with pytest.raises(RemoteError, match="读写不了|没有这个文件或文件夹"):
        workbooks_at("s3://meiyou-de-tong/x")
    with pytest.raises(RemoteError, match="打不开.*请先安装"):
        workbooks_at("nosuch://x")


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(RemoteError, match=r"请先安装 jixiao\[cluster\]"):
        workbooks_at("s3://danwei/x")
