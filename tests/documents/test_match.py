"""Job against résumé, what follows for the plan, and answers against the résumé."""

import pytest

from greenroom.documents import vocabulary
from greenroom.documents.contradictions import find_contradictions
from greenroom.documents.job import parse_job
from greenroom.documents.match import find_unsaid, focus_of, match_resume, unused_evidence
from greenroom.documents.resume import parse_resume
from greenroom.documents.schemas import Match, ResumeFacts
from greenroom.library import catalog
from tests.documents import samples

WORDS = vocabulary.load()
LABELLED = samples.contradictions()
CASES = LABELLED["cases"]
RESUMES = {name: ResumeFacts.model_validate(facts) for name, facts in LABELLED["resumes"].items()}


def job_of(name: str):
    return parse_job(next(s for s in samples.jobs() if s.name == name).source["text"], WORDS, catalog.load())


def text_of(prefix: str) -> str:
    return next(s for s in samples.resumes() if s.name.startswith(prefix)).source["text"]


@pytest.fixture(scope="module")
def report() -> dict[str, Match]:
    text = text_of("01")
    matched = match_resume(job_of("software-backend"), parse_resume(text, WORDS), text, WORDS)
    return {match.requirement: match for match in matched.matches}


def test_work_with_the_tools_asked_for_is_covered_by_the_sentence_that_tells_it(
    report: dict[str, Match],
) -> None:
    found = report["Strong Python and PostgreSQL"]
    assert found.coverage == "covered"
    assert "settlement service (Python, FastAPI, PostgreSQL)" in found.evidence


def test_one_of_several_tools_is_enough_where_the_job_says_or(report: dict[str, Match]) -> None:
    found = report["Experience with message queues such as RabbitMQ or Kafka"]
    assert (found.coverage, "RabbitMQ" in found.evidence) == ("covered", True)


def test_a_tool_that_is_only_listed_is_thin(report: dict[str, Match]) -> None:
    found = report["Kubernetes and Terraform"]
    assert (found.coverage, found.reason) == ("thin", "not in the résumé: Terraform")


def test_what_the_resume_does_not_speak_of_is_missing_and_has_no_evidence() -> None:
    text = text_of("13")
    matched = match_resume(job_of("infra-sre"), parse_resume(text, WORDS), text, WORDS)
    assert {(m.coverage, m.evidence) for m in matched.matches if m.skills} == {("missing", "")}


def test_every_evidence_is_a_quote_at_its_span() -> None:
    for prefix in ("01", "02", "04", "11"):
        text = text_of(prefix)
        for job in ("software-backend", "care-nurse", "data-analyst", "commercial-ae"):
            for match in match_resume(job_of(job), parse_resume(text, WORDS), text, WORDS).matches:
                if match.span:
                    assert text[match.span.start : match.span.end] == match.evidence
                else:
                    assert match.evidence == ""


def test_the_focus_holds_all_must_haves_and_separates_thin_from_missing() -> None:
    text = text_of("01")
    job = job_of("software-backend")
    focus = focus_of(job, parse_resume(text, WORDS), text, WORDS)
    assert [point.text for point in focus.must_haves] == [r.text for r in job.must_haves]
    assert {p.text for p in focus.thin} | {p.text for p in focus.missing} <= {r.text for r in job.must_haves}
    assert "accountability" in focus.competencies


def test_the_focus_without_a_resume_is_the_must_haves() -> None:
    focus = focus_of(job_of("care-primary"), None, "", WORDS)
    assert len(focus.must_haves) == 5
    assert (focus.thin, focus.missing) == ([], [])


def test_evidence_that_an_answer_used_is_no_longer_unused() -> None:
    text = text_of("01")
    matched = match_resume(job_of("software-backend"), parse_resume(text, WORDS), text, WORDS)
    before = unused_evidence(matched, [])
    said = "I lead a team of five engineers who own the settlement service in Python with FastAPI and PostgreSQL."
    after = unused_evidence(matched, [said])
    assert "Strong Python and PostgreSQL" in {m.requirement for m in before}
    assert "Strong Python and PostgreSQL" not in {m.requirement for m in after}


def test_a_contradiction_is_asked_about_politely_and_quotes_the_answer() -> None:
    answer = "Well, hello. I joined Quillon Freight in 2012, early on."
    (found,) = find_contradictions(answer, RESUMES["maren"], "2026-11")
    assert answer[found.span.start : found.span.end] == found.said
    assert found.kind == "dates"
    assert found.ask.endswith("?")
    assert not {"lie", "wrong", "false", "incorrect"} & set(found.ask.lower().split())


def test_contradictions_are_found_with_a_precision_of_nine_in_ten() -> None:
    hits = false = 0
    for case in CASES:
        found = {c.kind for c in find_contradictions(case["answer"], RESUMES[case["resume"]], "2026-11")}
        hits += len(found & set(case["expect"]))
        false += len(found - set(case["expect"]))
    assert hits >= 20
    assert hits / (hits + false) >= 0.9


@pytest.mark.parametrize("case", [c for c in CASES if not c["expect"]], ids=lambda c: c["answer"][:40])
def test_an_answer_that_agrees_is_left_alone(case: dict[str, str]) -> None:
    assert find_contradictions(case["answer"], RESUMES[case["resume"]], "2026-11") == []


def test_an_empty_resume_contradicts_nothing() -> None:
    assert (
        find_contradictions("I have never used Python and left Acme in 1999.", ResumeFacts(), "2026-11") == []
    )


UNUSED = {
    "told in other words with its number": ("It used to take 140 minutes at night, and now it is 22.", False),
    "told nearly as written": (
        "I cut the settlement run from 140 minutes to 22 by reading in batches.",
        False,
    ),
    "another story": ("I moved the tracking API to new servers over a weekend.", True),
    "only a word of it": ("We had a settlement team next door.", True),
    "its number about something else": ("My commute is 22 kilometres.", True),
}


@pytest.mark.parametrize("case", UNUSED)
def test_a_story_counts_as_told_when_its_words_or_its_numbers_were_said(case: str) -> None:
    answer, unsaid = UNUSED[case]
    evidence = "Cut the settlement run from 140 minutes to 22"
    assert (find_unsaid([evidence], [answer]) == [evidence]) is unsaid


def test_unused_evidence_names_whole_sentences_of_work_once() -> None:
    for prefix in ("01", "02", "04", "11", "25", "36", "38"):
        text = text_of_any(prefix)
        facts = parse_resume(text, WORDS)
        for job in ("software-backend", "care-nurse", "data-analyst", "f-data-scientist-corporate"):
            unused = unused_evidence(match_resume(job_of(job), facts, text, WORDS), [])
            sentences = [match.evidence for match in unused]
            assert len(sentences) == len(set(sentences))
            assert all(len(sentence.split()) >= 5 for sentence in sentences)
            assert not [match for match in unused if match.coverage == "missing"]


def text_of_any(prefix: str) -> str:
    return next(str(s.source["text"]) for s in samples.resumes() if s.name.startswith(prefix))


def test_a_little_of_a_language_does_not_cover_fluency() -> None:
    text = "Languages\nGerman (basic), English (fluent)"
    ad = "Clerk\nRequirements:\n- Fluent German\n- Fluent English\n- Some German"
    matched = match_resume(parse_job(ad, WORDS, catalog.load()), parse_resume(text, WORDS), text, WORDS)
    assert {m.requirement: m.coverage for m in matched.matches} == {
        "Fluent German": "thin", "Fluent English": "covered", "Some German": "covered",
    }  # fmt: skip
