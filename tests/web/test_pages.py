import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import pytest
from fixtures import ROOMS, room
from pages import environment, pages, render

from greenroom.interviews.pages import parse_spec
from greenroom.providers.llm.base import PURPOSES, ErrorKind

ROOT = Path(__file__).parents[2]
PAGES = pages()
VOID = {"input", "meta", "link", "br", "img", "hr", "path", "circle", "ellipse", "rect", "use"}


class Reader(HTMLParser):
    """Collects what a strict Content-Security-Policy or a screen reader would trip over."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.pointed_at: list[str] = []
        self.scripts: list[dict[str, str | None]] = []
        self.handlers: list[str] = []
        self.tags: list[str] = []
        self.open: list[str] = []
        self.unbalanced: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        if tag == "script":
            self.scripts.append(found)
        self.handlers += [name for name in found if name.startswith("on") or "hx-on" in name]
        if found.get("id"):
            self.ids.append(str(found["id"]))
        for name in ("for", "aria-labelledby", "aria-describedby", "popovertarget", "form", "list"):
            self.pointed_at += (found.get(name) or "").split()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_inline_script_style_or_handler(name: str):
    reader = read(PAGES[name])
    assert all(script.get("src") for script in reader.scripts)
    assert "style" not in reader.tags
    assert reader.handlers == []


@pytest.mark.parametrize("name", PAGES)
def test_ids_are_unique_and_every_reference_finds_one(name: str):
    reader = read(PAGES[name])
    assert len(reader.ids) == len(set(reader.ids))
    assert set(reader.pointed_at) <= set(reader.ids)
    assert reader.unbalanced == []
    assert reader.open == []


TEMPLATES = sorted((ROOT / "src" / "greenroom").glob("**/templates/**/*.html"))
NAMES = {
    "Greenroom", "Ctrl Enter", "Apache-2.0", "htmx", "0BSD", "SIL OFL 1.1",
    "Bricolage Grotesque, Atkinson Hyperlegible Next, Commit Mono",
}  # fmt: skip


# Written by a command for developers, in English, and opened as a file: not a page of the product.
MEASUREMENTS = {"grade_report.html"}


@pytest.mark.parametrize(
    "path", [path for path in TEMPLATES if path.name not in MEASUREMENTS], ids=lambda path: path.name
)
def test_every_sentence_goes_through_translation(path: Path):
    source = path.read_text(encoding="utf-8")
    source = re.sub(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", "", source, flags=re.DOTALL)
    source = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", source, flags=re.DOTALL)
    spoken = set(re.findall(r'\b(?:aria-label|placeholder|title|alt)="([^"]*)"', source))
    source = re.sub(r'[\w:-]+="[^"]*"', "", source)
    texts = {text.strip(" ·") for text in re.sub(r"<[^>]*>", "\n", source).splitlines()}
    assert {text for text in texts | spoken if re.search(r"[^\W\d_]{2}", text)} <= NAMES


def test_words_of_a_candidate_are_shown_as_text():
    html = render("room.html", room=room(draft="</textarea><script>alert(1)</script>"))
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_the_room_shows_only_the_moves_it_allows():
    html = render("room.html", room=room(moves=["answer", "end"]))
    hidden = set(re.findall(r'data-move="(\w+)" hidden', html))
    assert {"repeat", "think", "clarify", "hint", "skip", "pause"} <= hidden


def test_the_set_up_sends_what_the_service_takes():
    values = {}
    for tag in re.findall(r"<(?:select|input|textarea)[^>]*\bname=[^>]*>", PAGES["setup"].split("h-plan")[0]):
        values[re.findall(r'name="([^"]+)"', tag)[0]] = (re.findall(r'value="([^"]*)"', tag) or [""])[0]
    for name, body in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', PAGES["setup"]):
        for value in re.findall(r'value="([^"]+)"', body):
            spec, errors = parse_spec(values | {"seed": ""} | FIRST | {name: value})
            assert errors == {}
            assert spec is not None
            assert str(getattr(spec, name)) == value


FIRST = {
    "level": "mid", "minutes": "30", "type": "mixed", "panel": "2", "tone": "neutral",
    "mode": "practice", "difficulty": "standard", "timing": "on",
}  # fmt: skip


def test_the_figures_of_the_evaluator_are_told_in_words_first_and_its_versions_only_on_request():
    before, _, folded = PAGES["calibration"].partition("<details")
    assert "You rate yourself about 0.6 levels higher than we do." in before
    assert "builtin 3" not in before
    assert "/api/" not in before
    assert "builtin 3, lexical" in folded


def test_every_fault_and_every_use_of_a_model_has_words_of_its_own():
    words = environment().get_template("components/money.html").module
    for kind in get_args(ErrorKind):
        assert words.fault_word(kind) != kind.replace("_", " ")
    assert len({words.purpose_noun(purpose) for purpose in PURPOSES} - set(PURPOSES)) == len(PURPOSES)


def test_a_paused_room_covers_its_question():
    html = render("room.html", room=room(state="paused", moves=["resume", "end"]))
    seen = re.sub(r"<template.*?</template>|<aside.*?</aside>", "", html, flags=re.DOTALL)
    assert "late reading" not in seen.split('id="dock"')[0]


def test_the_material_of_a_question_stands_under_it_and_is_covered_in_a_pause():
    asked = ROOMS["room_material"]
    figures = re.findall(r'<figure class="([^"]*)"><figcaption>([^<]*)<', render("room.html", room=asked))
    assert figures == [("material is-aligned", "Cost per month"), ("material", "Requirements")]
    paused = render("room.html", room=asked.model_copy(update={"state": "paused"}))
    assert '<figure class="material' not in paused


def test_typescript_types_follow_the_room_protocol():
    done = subprocess.run(
        [sys.executable, ROOT / "web" / "generate_types.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
