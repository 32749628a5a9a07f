"""A marked copy of a Word report: a comment at every place, wherever its words stand in the XML; else the original."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from report_samples import unit_filed
from validator import xml_errors

from pyfuncs.checks.finding import Finding, Place
from pyfuncs.live.copies import marked_copies
from pyfuncs.live.self_report import self_report
from pyfuncs.workbook.mark_docx import AUTHOR, mark_report
from pyfuncs.workbook.read_prose import read_prose
from pyfuncs.workbook.safe_zip import file_bytes, package_of
from pyfuncs.workbook.watch import Unreadable

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = ('xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
      'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml"')


def document(path: Path, body: str) -> Path:
    """A document with that body, in an ordinary package."""
    docx.Document().save(path)
    with zipfile.ZipFile(path) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    parts["word/document.xml"] = f"<w:document {W} {MC}><w:body>{body}</w:body></w:document>".encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def run(text: str, properties: str = "") -> str:
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}<w:t>{text}</w:t></w:r>"


def paragraphs(path: Path) -> list[str]:
    """As the checks number them."""
    return [paragraph.text for paragraph in read_prose(package_of(path, file_bytes(path))).paragraphs]


def about(path: Path, quote: str, message: str = "写错了。", severity: str = "error") -> Finding:
    """A finding at the first place with these words."""
    number, text = next((number, text) for number, text in enumerate(paragraphs(path), 1) if quote in text)
    place = Place(number, text.index(quote), text.index(quote) + len(quote), quote)
    return Finding("ZW-01", severity, "text", "", 0, (), message, subject=quote, places=(place,))


def commented(path: Path) -> dict[int, str]:
    """The visible words between the ends of each comment, by its number."""
    found: dict[int, str] = {}
    open_now: set[int] = set()

    def walk(element) -> None:
        name = element.tag.rpartition("}")[2]
        if name in ("Fallback", "del"):
            return
        number = int(element.get(qn("w:id")) or 0)
        if name == "commentRangeStart":
            open_now.add(number)
            found[number] = ""
        elif name == "commentRangeEnd":
            open_now.remove(number)
        for one in open_now:
            found[one] += {"t": element.text or "", "tab": "\t", "br": "\n"}.get(name, "")
        for child in element:
            walk(child)

    walk(docx.Document(path).element.body)
    assert open_now == set()
    return found


def marked(path: Path, *findings: Finding) -> Path:
    target = path.with_name(f"marked-{path.name}")
    mark_report(path, target, findings)
    assert paragraphs(target) == paragraphs(path)     # whatever was taken apart, the words are the same
    return target


BODIES = {
    "within a run": (f"<w:p>{run('全年支出22.50万元，增长5%。')}</w:p>", "22.50万元"),
    "a whole run": (f"<w:p>{run('全年支出')}{run('22.50万元')}{run('。')}</w:p>", "22.50万元"),
    "over several runs": (f"<w:p>{run('支出2', '<w:b/>')}{run('2.')}{run('50万')}{run('元。', '<w:i/>')}</w:p>", "22.50万元"),
    "entities": (f"<w:p>{run('甲&amp;乙&lt;丙 支出&#50;2.50万元')}</w:p>", "22.50万元"),
    "blanks at the cut": (f"<w:p>{run('支出 22.50 万元')}</w:p>", " 22.50 "),
    "tabs and breaks": ("<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>支出</w:t><w:tab/><w:t>22.50</w:t><w:br/><w:t>万元</w:t></w:r></w:p>",
                        "\t22.50\n"),
    "from a break": ("<w:p><w:r><w:t>支出</w:t><w:br/><w:t>22.50万元</w:t></w:r></w:p>", "22.50"),
    "inserted and deleted": (f'<w:p>{run("支出")}<w:del w:id="1" w:author="甲"><w:r><w:delText>9</w:delText></w:r></w:del>'
                             f'<w:ins w:id="2" w:author="甲">{run("22.5")}</w:ins>{run("0万元")}</w:p>', "22.50万"),
    "a content control": (f"<w:p><w:sdt><w:sdtContent>{run('支出22.50万元')}</w:sdtContent></w:sdt></w:p>", "22.50"),
    "a link": (f'<w:p><w:hyperlink w:anchor="a">{run("支出22.50万元")}</w:hyperlink></w:p>', "22.50"),
    "a table": (f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc><w:p>{run('支出22.50万元')}</w:p></w:tc></w:tr></w:tbl>"
                f"<w:p>{run('后')}</w:p>", "22.50"),
    "cdata": ("<w:p><w:r><w:t><![CDATA[支出22.50万元]]></w:t></w:r></w:p>", "支出22.50万元"),
}


@pytest.mark.parametrize("name", BODIES)
def test_the_comment_is_on_the_words(name: str, tmp_path: Path):
    body, quote = BODIES[name]
    path = document(tmp_path / "a.docx", body)
    assert quote in "".join(paragraphs(path))
    copy = marked(path, about(path, quote))
    assert commented(copy)[1] == quote
    assert [(comment.author, comment.text.split("\n")[0]) for comment in docx.Document(copy).comments] == [
        (AUTHOR, "审核意见：须修改"), (AUTHOR, "ZW-01〔必须修改〕写错了。")]


def test_word_takes_what_was_marked(tmp_path: Path):
    """All of these in one document, and the Open XML SDK finds nothing wrong with it."""
    bodies = [body for name, (body, _) in BODIES.items() if name != "a table"]
    path = document(tmp_path / "a.docx", "".join([*bodies, BODIES["a table"][0]]))
    assert xml_errors(path) == []
    findings = [Finding("ZW-01", "error", "text", "", 0, (), "写错了。", subject=str(number), places=(Place(number, 1, 3, ""),))
                for number, text in enumerate(paragraphs(path), 1) if len(text) > 3]
    assert len(findings) > 10 and xml_errors(marked(path, *findings)) == []


def test_a_run_that_is_taken_apart_keeps_its_properties(tmp_path: Path):
    path = document(tmp_path / "a.docx", f"<w:p>{run('支出22.50万元。', '<w:b/><w:color w:val=&quot;FF0000&quot;/>'.replace('&quot;', chr(34)))}</w:p>")
    copy = marked(path, about(path, "22.50"))
    assert [(one.text, one.bold, str(one.font.color.rgb)) for one in docx.Document(copy).paragraphs[0].runs if one.text] == [
        ("支出", True, "FF0000"), ("22.50", True, "FF0000"), ("万元。", True, "FF0000")]


def test_words_in_a_text_box_are_commented_where_the_box_is(tmp_path: Path):
    box = "<w:txbxContent><w:p><w:r><w:t>支出22.50万元</w:t></w:r></w:p></w:txbxContent>"
    shape = (f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><wps:txbx>{box}</wps:txbx></mc:Choice>'
             f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>")
    path = document(tmp_path / "a.docx", f"<w:p>{run('前')}{shape}{run('后')}</w:p>")
    target = tmp_path / "b.docx"
    mark_report(path, target, [about(path, "22.50")])
    assert commented(target)[1] == "支出22.50万元" and paragraphs(target) == paragraphs(path) == ["支出22.50万元", "前后"]


def test_places_that_touch_or_lie_in_one_another(tmp_path: Path):
    path = document(tmp_path / "a.docx", f"<w:p>{run('支出22.50万元增长5%')}</w:p>")
    copy = marked(path, *(about(path, quote) for quote in ("22.50万元增长", "22.50", "万元", "增长5%", "支出", "5%", "支出22.50万元增长5%")))
    assert commented(copy) == {
        0: "支出22.50万元增长5%", 1: "22.50万元增长", 2: "22.50", 3: "万元", 4: "增长5%", 5: "支出", 6: "5%", 7: "支出22.50万元增长5%"}


def test_a_comment_ends_before_the_next_begins(tmp_path: Path):
    path = document(tmp_path / "a.docx", f"<w:p>{run('支出22.50')}{run('万元')}</w:p>")
    body = docx.Document(marked(path, about(path, "22.50"), about(path, "万元"))).element.body
    marks = [(element.tag.rpartition("}")[2], int(element.get(qn("w:id")))) for element in body.iter()
             if element.tag.rpartition("}")[2].startswith("commentRange")]
    assert marks.index(("commentRangeEnd", 1)) < marks.index(("commentRangeStart", 2))


def test_a_finding_of_several_places_is_told_at_the_first(tmp_path: Path):
    path = document(tmp_path / "a.docx", f"<w:p>{run('前面支出22.50万元')}</w:p><w:p>{run('后面支出25.50万元')}</w:p>")
    one, other = (about(path, quote).places[0] for quote in ("25.50", "22.50"))
    copy = marked(path, Finding("ZW-09", "error", "text", "", 0, (), "两处不一致。", subject="a", places=(one, other)), about(path, "后面"))
    assert [comment.text for comment in docx.Document(copy).comments][1:] == [
        "ZW-09〔必须修改〕两处不一致。", "ZW-09：与“25.50”对照的一处，意见写在那里。", "ZW-01〔必须修改〕写错了。"]
    assert commented(copy) == {0: "前面支出22.50万元", 1: "25.50", 2: "22.50", 3: "后面"}


def test_what_has_no_place_is_told_in_the_first_comment(tmp_path: Path):
    path = document(tmp_path / "a.docx", f"<w:p>{run('报告')}</w:p>")
    gone = Place(99, 0, 2, "没有")
    copy = marked(path, Finding("ZW-14", "warning", "text", "", 0, (), "没有“存在的问题”。", subject="a"),
                  Finding("ZW-01", "error", "text", "", 0, (), "在别处。", subject="b", places=(gone,)))
    assert docx.Document(copy).comments.get(0).text == (
        "审核意见：须修改\n必须修改 1 条，请核实 1 条。\n下面各条在正文里没有对应的位置：\n（1）ZW-14〔请核实〕没有“存在的问题”。\n"
        "（2）ZW-01〔必须修改〕在别处。")


def test_comments_that_are_there_stay_and_the_rest_keeps_its_bytes(tmp_path: Path):
    path = tmp_path / "a.docx"
    made = docx.Document()
    paragraph = made.add_paragraph("支出22.50万元，增长5%。")
    made.add_comment(paragraph.runs, text="请看这里", author="甲")
    made.save(path)
    before = path.read_bytes()
    copy = marked(path, about(path, "22.50"), about(path, "5%", 'a<b>&"c"\x07'))
    assert [(comment.comment_id, comment.author, comment.text) for comment in docx.Document(copy).comments] == [
        (0, "甲", "请看这里"), (1, AUTHOR, "审核意见：须修改\n必须修改 2 条。"), (2, AUTHOR, "ZW-01〔必须修改〕写错了。"),
        (3, AUTHOR, 'ZW-01〔必须修改〕a<b>&"c"')]
    assert path.read_bytes() == before
    with zipfile.ZipFile(path) as one, zipfile.ZipFile(copy) as other:
        changed = {name for name in one.namelist() if one.read(name) != other.read(name)}
    assert changed == {"word/document.xml", "word/comments.xml"}


def test_a_report_of_our_own_is_marked_anywhere(tmp_path: Path):
    path = tmp_path / "a.docx"
    filed = unit_filed("hengyang-2022")
    path.write_bytes(self_report(filed, date(2023, 3, 22)))
    quotes = ("323.67万元", "（69.72÷303.01）", "基础数据表", "68.54%", "【请填写：主要职责】", "联络湖南异地商会工作")
    copy = marked(path, *(about(path, quote) for quote in quotes))
    assert [commented(copy)[number] for number in range(1, len(quotes) + 1)] == list(quotes)
    assert xml_errors(copy) == []


@pytest.mark.parametrize("body", ["", "<w:p/>"])
def test_a_document_without_words_can_not_be_marked(body: str, tmp_path: Path):
    path = document(tmp_path / "a.docx", body)
    with pytest.raises(Unreadable, match="不能在副本上标注"):
        mark_report(path, tmp_path / "b.docx", [])
    assert not (tmp_path / "b.docx").exists()


def test_nothing_is_overwritten(tmp_path: Path):
    path = document(tmp_path / "a.docx", f"<w:p>{run('报告')}</w:p>")
    (tmp_path / "b.docx").write_text("别人的", encoding="utf-8")
    with pytest.raises(FileExistsError):
        mark_report(path, tmp_path / "b.docx", [])
    assert (tmp_path / "b.docx").read_text(encoding="utf-8") == "别人的"


def test_an_audit_writes_the_document_with_comments_beside_the_marked_workbooks(tmp_path: Path):
    path = document(tmp_path / "报告.docx", f"<w:p>{run('支出22.50万元')}</w:p>")
    filed = unit_filed("hengyang-2022")
    one = replace(filed, submission=replace(filed.submission, path=str(path)), ruleset=None, findings=(about(path, "22.50"),))
    silent = replace(one, findings=())
    text = replace(one, submission=replace(filed.submission, path=str(tmp_path / "报告.txt")))
    written, problems = marked_copies([one, silent, text], tmp_path / "标注")
    assert ([path.name for path in written], problems) == (["报告（审核意见）.docx"], [])
    assert commented(written[0])[1] == "22.50"
