"""Written reports of every kind of file: their paragraphs as they stand, or a sentence on why they can't be read."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

import docx
import pytest
from docx.shared import Cm

from pyfuncs.prose.facts import read_facts
from pyfuncs.prose.model import Report, Table
from pyfuncs.workbook import read_prose, soffice
from pyfuncs.workbook.docx_text import paragraphs
from pyfuncs.workbook.mark_xml import parse
from pyfuncs.workbook.pdf_lines import Frame
from pyfuncs.workbook.pdf_lines import paragraphs as lines_of
from pyfuncs.workbook.read_report import is_report, read_report
from pyfuncs.workbook.soffice import converted
from pyfuncs.workbook.watch import Unreadable

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TEXT = "2022年度部门整体支出绩效自评报告\n一、支出\n基本支出１２．５万元。"


def written(path: Path, body: str, styles: str = "") -> Path:
    """A document with that body."""
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        if styles:
            archive.writestr("word/styles.xml", f"<w:styles {W}>{styles}</w:styles>")
            archive.writestr("word/_rels/document.xml.rels",
                             f'<Relationships><Relationship Id="r1" Type="{relations}/styles" Target="styles.xml"/></Relationships>')
    return path


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def texts(report: Report) -> list[str]:
    return [paragraph.text for paragraph in report.paragraphs]


# -- plain text ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_a_text_in_any_usual_encoding(tmp_path: Path, encoding: str):
    path = tmp_path / "报告.txt"
    path.write_bytes(TEXT.replace("\n", "\r\n").encode(encoding))
    report = read_report(path)
    assert (report.kind, report.year, texts(report)) == ("txt", "2022", TEXT.split("\n"))
    assert [paragraph.number for paragraph in report.paragraphs] == [1, 2, 3]


def test_lines_with_tabs_are_rows_of_a_table(tmp_path: Path):
    path = tmp_path / "报告.txt"
    path.write_text("附表\n项目\t金额\n基本支出\t12.5\n\n说明", encoding="utf-8")
    report = read_report(path)
    assert report.tables == (Table(2, (("项目", "金额"), ("基本支出", "12.5"))),)
    assert [paragraph.table for paragraph in report.paragraphs] == [False, True, True, False, False]


@pytest.mark.parametrize(("data", "code"), [(b"\x00\x01\x02", "not-text"), (b"\xff\xfe\x00", "not-text"), (b"\x81", "not-text"),
                                            (b"", "empty-file"), (b"1" * 1_000_001, "long-text")])
def test_what_is_no_text_is_told(tmp_path: Path, data: bytes, code: str):
    path = tmp_path / "报告.txt"
    path.write_bytes(data)
    with pytest.raises(Unreadable) as error:
        read_report(path)
    assert error.value.trouble.code == code


# -- Word ---------------------------------------------------------------------------------------------


def test_paragraphs_headings_and_tables_of_a_document(tmp_path: Path):
    document = docx.Document()
    document.add_paragraph("2022年度部门整体支出绩效自评报告")
    document.add_heading("基本情况", 1)
    document.add_paragraph("编制15名。")
    table = document.add_table(2, 2)
    for row, column, text in ((0, 0, "项目"), (0, 1, "金额"), (1, 0, "支出"), (1, 1, "12.5")):
        table.cell(row, column).text = text
    document.add_paragraph("招商3次", style="List Number")
    document.save(tmp_path / "a.docx")
    report = read_report(tmp_path / "a.docx")
    assert [(one.number, one.text, one.level, one.title, one.table) for one in report.paragraphs] == [
        (1, "2022年度部门整体支出绩效自评报告", 0, "", False), (2, "基本情况", 1, "基本情况", False), (3, "编制15名。", 0, "", False),
        (4, "项目", 0, "", True), (5, "金额", 0, "", True), (6, "支出", 0, "", True), (7, "12.5", 0, "", True),
        (8, "招商3次", 0, "", False)]
    assert report.tables == (Table(4, (("项目", "金额"), ("支出", "12.5"))),)


ODD = {
    "split runs": (f"<w:p>{run('支出12')}{run('.5万')}{run('元')}</w:p>", ["支出12.5万元"]),
    "tracked": (f"<w:p>{run('支')}<w:ins>{run('出')}</w:ins><w:del><w:r><w:delText>入</w:delText></w:r></w:del>"
                f"<w:moveFrom>{run('走')}</w:moveFrom><w:moveTo>{run('来')}</w:moveTo></w:p>", ["支出来"]),
    "control": (f"<w:sdt><w:sdtContent><w:p><w:sdt><w:sdtContent>{run('控件')}</w:sdtContent></w:sdt></w:p></w:sdtContent></w:sdt>",
                ["控件"]),
    "box": (f"<w:p>{run('前')}<w:r><w:pict><w:txbxContent><w:p>{run('框')}</w:p></w:txbxContent></w:pict></w:r>{run('后')}</w:p>",
            ["框", "前后"]),
    "breaks": ("<w:p><w:r><w:t>上</w:t><w:br/><w:t>下</w:t><w:tab/><w:t>右</w:t></w:r></w:p>", ["上\n下\t右"]),
    "inner table": (f"<w:tbl><w:tr><w:tc><w:p>{run('外')}</w:p><w:tbl><w:tr><w:tc><w:p>{run('内')}</w:p></w:tc></w:tr></w:tbl>"
                    f"<w:p/></w:tc></w:tr></w:tbl><w:p>{run('末')}</w:p>", ["外", "内", "", "末"]),
    "twice": (f"<w:p><w:r><mc:AlternateContent xmlns:mc='x'><mc:Choice><w:p>{run('一')}</w:p></mc:Choice>"
              f"<mc:Fallback><w:p>{run('二')}</w:p></mc:Fallback></mc:AlternateContent></w:r></w:p>", ["一", ""]),
}


@pytest.mark.parametrize("case", ODD)
def test_what_counts_as_text_and_in_which_order(tmp_path: Path, case: str):
    body, expected = ODD[case]
    path = written(tmp_path / "a.docx", body)
    assert texts(read_report(path)) == expected
    data = f"<w:document {W}><w:body>{body}</w:body></w:document>".encode()
    marked = {one.number: one.text for one in paragraphs(data, parse(data))}      # where comments are put
    assert [marked[number] for number in range(1, len(expected) + 1)] == expected


def test_levels_come_from_styles_or_from_the_paragraph(tmp_path: Path):
    styles = ('<w:style w:styleId="a5"><w:name w:val="heading 2"/></w:style><w:style w:styleId="a6"><w:name w:val="标题 3"/></w:style>'
              '<w:style w:styleId="a7"><w:name w:val="Normal"/></w:style>')
    body = "".join(f"<w:p><w:pPr>{properties}</w:pPr>{run(text)}</w:p>" for properties, text in [
        ('<w:pStyle w:val="a5"/>', "二"), ('<w:pStyle w:val="a6"/><w:numPr/>', "三"), ('<w:outlineLvl w:val="0"/>', "一"),
        ('<w:pStyle w:val="a7"/><w:pPrChange><w:pPr><w:pStyle w:val="a5"/></w:pPr></w:pPrChange>', "正文"), ('<w:pStyle w:val="无"/>', "无")])
    report = read_report(written(tmp_path / "a.docx", body, styles))
    assert [(one.level, one.automatic) for one in report.paragraphs] == [(2, False), (3, True), (1, False), (0, False), (0, False)]


def picture() -> io.BytesIO:
    """A white PNG of 8 by 8."""
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = (8).to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    pixels = zlib.compress((b"\0" + b"\xff" * 8) * 8)
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b""))


def test_pictures_are_told(tmp_path: Path):
    document = docx.Document()
    document.add_paragraph("附图")
    document.add_picture(picture(), Cm(1))
    document.add_picture(picture(), Cm(1))
    document.save(tmp_path / "a.docx")
    assert read_report(tmp_path / "a.docx").notes == ("有 2 张图片，图片里的文字和数没有核对",)


def test_a_document_of_pictures_alone_is_told(tmp_path: Path):
    document = docx.Document()
    document.add_picture(picture(), Cm(1))
    document.save(tmp_path / "a.docx")
    with pytest.raises(Unreadable, match="只有图片") as error:
        read_report(tmp_path / "a.docx")
    assert error.value.trouble.code == "no-text"


def test_a_document_that_is_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = written(tmp_path / "a.docx", f"<w:p>{run('字' * 300)}</w:p>" * 10)
    monkeypatch.setattr(read_prose, "MOST_CHARACTERS", 2_999)
    with pytest.raises(Unreadable) as error:
        read_report(path)
    assert error.value.trouble.code == "long-text"


@pytest.mark.parametrize(("text", "expected"), [
    ("绩效自评" + "字" * 200 + "。", True), ("字" * 200 + "。", False), ("绩效自评。", False), ("绩效自评\t" + "字" * 200 + "。", False),
    ("绩效自评表\n" * 40, False), ("绩效自评表\n说明：" + "字" * 200 + "。", False)])
def test_what_is_a_report(tmp_path: Path, text: str, expected: bool):
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    assert is_report(read_report(path)) == expected


# -- what only LibreOffice opens ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of some lines, as Word document."""
    path = tmp_path_factory.mktemp("报告") / "自评 报告.docx"
    made = docx.Document()
    made.add_heading("2022年度部门整体支出绩效自评报告", 0)
    made.add_heading("一、支出情况", 1)
    made.add_paragraph("本单位2022年基本支出264.74万元，其中：人员经费254.77万元，公用经费9.97万元。" + "各项支出严格按照年初预算执行。" * 8)
    made.save(path)
    return path


def as_kind(document: Path, ending: str, folder: Path) -> Path:
    path = folder / f"报告.{ending}"
    path.write_bytes(converted(document, document.read_bytes(), ".docx", ending))
    return path


@pytest.mark.parametrize("ending", ["doc", "pdf"])
def test_old_documents_and_pdfs_are_converted(document: Path, tmp_path: Path, ending: str):
    before = read_facts(read_report(document)).figures
    path = as_kind(document, ending, tmp_path)
    report = read_report(path)
    assert (report.kind, report.year, report.path, is_report(report)) == ("docx", "2022", str(path), True)
    assert [(one.subject, one.text) for one in read_facts(report).figures] == [(one.subject, one.text) for one in before]
    assert [one.text for one in report.paragraphs[:2]] == ["2022年度部门整体支出绩效自评报告", "一、支出情况"]
    assert sorted(tmp_path.iterdir()) == [path]


def test_a_scanned_pdf_is_told(tmp_path: Path):
    scan = tmp_path / "扫描.docx"
    made = docx.Document()
    made.add_picture(picture(), Cm(10))
    made.save(scan)
    with pytest.raises(Unreadable, match="扫描件") as error:
        read_report(as_kind(scan, "pdf", tmp_path))
    assert error.value.trouble.code == "no-text"


@pytest.mark.parametrize(("name", "data"), [("a.pdf", b"%PDF-1.4 rubbish"), ("b.pdf", b"%PDF")])
def test_what_libreoffice_can_not_convert_is_told(tmp_path: Path, name: str, data: bytes):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(Unreadable) as error:
        read_report(tmp_path / name)
    assert error.value.trouble.code in ("not-converted", "no-text")


def test_without_libreoffice_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(soffice, "_folders", lambda: iter(()))
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
    with pytest.raises(Unreadable, match="没有找到 LibreOffice") as error:
        read_report(tmp_path / "a.pdf")
    assert (error.value.trouble.code, "Word" in error.value.trouble.advice) == ("no-libreoffice", True)


def test_lines_of_a_page_are_put_together():
    frames = [Frame(1, 1.0, 2.0, 1.0, 0.2, "到本行末尾还"), Frame(1, 3.0, 1.01, 3.0, 0.2, "名称，共"), Frame(1, 1.0, 1.0, 2.0, 0.22, "一、"),
              Frame(1, 2.0, 2.02, 4.0, 0.2, "没有完，接着写"), Frame(1, 1.0, 3.0, 1.0, 0.2, "下一行。"), Frame(2, 1.0, 0.5, 1.0, 0.2, "第二页"),
              Frame(2, 4.0, 0.5, 1.0, 0.2, "右边")]
    assert lines_of(frames) == ["一、名称，共到本行末尾还没有完，接着写下一行。", "第二页\t右边"]
