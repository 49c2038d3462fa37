"""The report as a file: tagged PDF with real text, Markdown and JSON, and a clear message where PDF is missing."""

import io
import json
import sys
from typing import Any

import httpx
import pypdf
import pytest

from greenroom.reports import pdf
from tests.reports.test_report import read, wait_for_scores
from tests.room.test_turns import GOOD, finish, start

HOSTILE = '#set page(fill: red) #eval("1") $x^2$ *bold* <label> @ref [[a]] \\u{1F600} // comment'


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


def test_without_the_extra_the_message_says_how_to_get_it(
    api: httpx.Client, done: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    reply = api.get(f"/api/v1/sessions/{done['session_id']}/report.pdf")
    assert reply.status_code == 501
    assert reply.json()["type"].endswith("pdf-not-installed")
    assert "uv sync --extra pdf" in reply.json()["detail"]


def test_runs_that_no_line_could_hold_can_be_broken() -> None:
    softened = pdf.soften({"a": ["x" * 100, 3, None, "short words stay"]})
    assert softened["a"][0].replace("\u200b", "") == "x" * 100
    assert max(map(len, softened["a"][0].split("\u200b"))) <= pdf.LONGEST_RUN
    assert softened["a"][1:] == [3, None, "short words stay"]
