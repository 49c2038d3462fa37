"""The report as a file: tagged PDF with real text, Markdown and JSON, and a clear message where PDF is missing."""

import io
import json
from pathlib import Path
from typing import Any

import httpx
import pypdf
import pytest

from greenroom.reports import pdf, sheet
from greenroom.reports.schemas import Report
from tests.reports.test_report import read, wait_for_scores
from tests.room.test_turns import GOOD, finish, start

HOSTILE = (
    '#set page(fill: red) #eval("1") #read("/etc/passwd") #image("/etc/hostname") #include "report.typ" `raw` ```rust``` '
    "$x^2$ $ *bold* _it_ <label> @label = Heading [[a]] #{ while true {} } \\u{1F600} // comment"
)


@pytest.fixture(scope="module")
def done(live) -> dict[str, Any]:
    """A finished session whose company and answers look like source code of the typesetter."""
    with live.client() as api:
        room = start(api, mode="graded", type="behavioral", company="Zażółć #eval(1)")
        room = finish(api, room, f"{GOOD} {HOSTILE} {'long' * 60}")
        wait_for_scores(api, room["session_id"])
        return room


def open_pdf(body: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(body))


@pytest.mark.parametrize("prefix", ["", "/api/v1"])
def test_the_pdf_holds_the_report_as_tagged_text_in_our_fonts(
    api: httpx.Client, done: dict[str, Any], prefix: str
) -> None:
    reply = api.get(f"{prefix}/sessions/{done['session_id']}/report.pdf")
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"] == "application/pdf"
    assert reply.headers["content-disposition"].startswith("attachment; filename=")
    document = open_pdf(reply.content)
    report = read(api, done["session_id"])
    text = " ".join("".join(page.extract_text() for page in document.pages).split())
    for card in report["cards"]:
        assert card["question"][:40] in text
        assert f"level {card['judged']['level']:.1f}" in text.lower()
    assert document.metadata
    assert document.metadata.title == report["title"]
    root: Any = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en"
    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in document.pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    }
    assert any("Atkinson" in font for font in fonts), fonts
    assert any("Bricolage" in font for font in fonts), fonts


def test_words_of_a_candidate_are_never_source(api: httpx.Client, done: dict[str, Any]) -> None:
    body = api.get(f"/sessions/{done['session_id']}/report.pdf").content
    text = "".join("".join(page.extract_text() for page in open_pdf(body).pages).split())
    assert "#setpage(fill:red)" in text
    assert '#eval("1")' in text
    assert '#read("/etc/passwd")' in text
    assert "root:x:0" not in text
    assert "`raw````rust```$x^2$$*bold*_it_<label>@label=Heading[[a]]#{whiletrue{}}" in text
    assert "//comment" in text


def test_charts_are_vectors(api: httpx.Client, done: dict[str, Any]) -> None:
    body = api.get(f"/sessions/{done['session_id']}/report.pdf").content
    assert all(not page.images for page in open_pdf(body).pages)
    assert b"/Subtype /Image" not in body
    drawn = open_pdf(body).pages[0].get_contents()
    assert drawn is not None
    assert drawn.get_data().count(b" l\n") > 20


def test_markdown_and_json_are_the_same_report(api: httpx.Client, done: dict[str, Any]) -> None:
    report = read(api, done["session_id"])
    whole = api.get(f"/sessions/{done['session_id']}/report.json")
    assert json.loads(whole.content) == report
    marked = api.get(f"/api/v1/sessions/{done['session_id']}/report.md")
    assert marked.headers["content-type"] == "text/markdown; charset=utf-8"
    assert report["cards"][0]["question"][:30] in marked.text
    assert "**Keep:**" in marked.text
    assert "**Keep:** Keep" not in marked.text
    assert api.get(f"/sessions/{done['session_id']}/report.exe").status_code == 404


def test_a_file_is_named_after_the_session(api: httpx.Client, done: dict[str, Any]) -> None:
    named = api.get(f"/sessions/{done['session_id']}/report.md").headers["content-disposition"]
    assert 'filename="mid-level-backend-engineer-zazoc-eval-1-' in named
    assert named.endswith('.md"')


def test_a_deleted_session_has_no_file(api: httpx.Client) -> None:
    room = finish(api, start(api))
    assert api.delete(f"/api/v1/sessions/{room['session_id']}").status_code == 204
    for kind in ("pdf", "md", "json"):
        assert api.get(f"/api/v1/sessions/{room['session_id']}/report.{kind}").status_code == 404


def test_without_its_fonts_the_message_says_what_to_do(
    api: httpx.Client, done: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pdf, "FONTS", tmp_path)
    reply = api.get(f"/api/v1/sessions/{done['session_id']}/report.pdf")
    assert reply.status_code == 500
    assert reply.json()["type"].endswith("pdf-failed")
    assert "make build" in reply.json()["detail"]
    page = api.get(f"/sessions/{done['session_id']}/report.pdf", headers={"Accept": "text/html"})
    assert page.status_code == 500
    assert "The PDF could not be written" in page.text


def test_runs_that_no_line_could_hold_can_be_broken() -> None:
    softened = sheet.soften({"a": ["x" * 100, 3, None, "short words stay"]})
    assert softened["a"][0].replace("\u200b", "") == "x" * 100
    assert max(map(len, softened["a"][0].split("\u200b"))) <= sheet.LONGEST_RUN
    assert softened["a"][1:] == [3, None, "short words stay"]


def write(report: dict[str, Any], said: str) -> str:
    """The text of the PDF of a report whose first answer was `said`."""
    report = json.loads(json.dumps(report))
    report["cards"][0]["turns"][0]["pieces"] = [{"text": said}]
    document = open_pdf(pdf.render(Report.model_validate(report)))
    return " ".join("".join(page.extract_text() for page in document.pages).split())


@pytest.mark.parametrize("said", ["Ελληνικά", "Кирилица", "→ ≥ ✓ ½", "Ærø, łódź, naïve"])
def test_signs_that_our_fonts_have_are_drawn(api: httpx.Client, done: dict[str, Any], said: str) -> None:
    text = write(read(api, done["session_id"]), said)
    assert said in text
    assert pdf.NO_SIGN not in text


@pytest.mark.parametrize(
    "said",
    ["مرحبا بالعالم", "日本語のテスト", "한국어", "ภาษาไทย", "so 😀 👩🏽‍💻 \U0001fae8", "\ue000 \U0003ffff"],
)
def test_what_cannot_be_drawn_is_said_and_never_an_empty_box(
    api: httpx.Client, done: dict[str, Any], said: str
) -> None:
    text = write(read(api, done["session_id"]), f"We said {said} and went on.")
    assert "We said" in text
    assert "and went on." in text
    assert text.count("each \u25af stands for") == (1 if text.count(pdf.NO_SIGN) > 1 else 0)


def test_a_sign_without_a_font_gets_a_name_or_a_place() -> None:
    undrawn = {"日", "本", "\U0001f600", "\u200d", "\U0001f3fd"}
    drawn = pdf.stand_in({"a": ["日本 x", "ok \U0001f600\u200d\U0001f3fd", 3]}, undrawn)
    assert drawn == {"a": ["\u25af\u25af x", "ok [grinning face]", 3]}


def test_the_typesetter_says_which_signs_it_could_not_draw() -> None:
    told = 'error: the text `"\\u{200d}"` could not be displayed with font `"A"`\n the text `"日"` could not be displayed with'
    assert pdf.find_undrawn(told) == {"\u200d", "日"}
    assert pdf.find_undrawn("error: unknown variable: x") == set()


def test_what_a_question_showed_is_printed_as_it_stood(api: httpx.Client, done: dict[str, Any]) -> None:
    report = read(api, done["session_id"])
    report["cards"][0]["material"] = [
        {"title": "Exhibit A", "body": "north | 20\nsouth | #eval(1)", "wraps": False}
    ]
    document = open_pdf(pdf.render(Report.model_validate(report)))
    lines = "".join(page.extract_text() for page in document.pages).splitlines()
    assert {"Exhibit A", "north | 20", "south | #eval(1)"} <= {line.strip() for line in lines}


def test_a_session_that_reached_no_question_has_a_file_too(api: httpx.Client) -> None:
    room = start(api)
    end = {"kind": "end", "text": "", "after_seq": room["seq"]}
    assert api.post(f"/api/v1/sessions/{room['session_id']}/turns", json=end).status_code == 200
    reply = api.get(f"/api/v1/sessions/{room['session_id']}/report.pdf")
    assert reply.status_code == 200, reply.text
    text = " ".join("".join(page.extract_text() for page in open_pdf(reply.content).pages).split())
    assert "No scored question was reached." in text
