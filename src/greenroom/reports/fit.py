"""What the job asks beside what the answers and the résumé show, and evidence of the résumé left unused. Pure.

The words of the answers are matched with the same rules as a résumé, so both columns mean the same. Nothing here enters
a score: somebody who did not speak of a thing was perhaps not asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from greenroom.documents.match import count_shared, find_unsaid, match_resume, unused_evidence
from greenroom.documents.schemas import JobFacts, Match, ResumeFacts
from greenroom.documents.vocabulary import Vocabulary
from greenroom.reports.schemas import FitLine, QuestionCard, RoleFit, UnusedEvidence

MOST_MUSTS, MOST_NICE = 15, 6  # lines of the table; an advertisement with more repeats itself
MOST_UNUSED = 6
SERVES = 2  # content words that evidence and question share, at least


@dataclass(frozen=True)
class Papers:
    """What the session was given to read: a job, a résumé with its text, or one of them."""

    job: JobFacts | None
    job_name: str
    resume: ResumeFacts | None
    resume_text: str
    vocabulary: Vocabulary


def fit_role(papers: Papers | None, cards: Sequence[QuestionCard]) -> RoleFit | None:
    """Every requirement of the job with the sentences that show it; None without a job that asks for something."""
    if papers is None or papers.job is None:
        return None
    job = papers.job.model_copy(
        update={
            "must_haves": papers.job.must_haves[:MOST_MUSTS],
            "nice_to_haves": papers.job.nice_to_haves[:MOST_NICE],
        }
    )
    text, ends = join_answers(cards)
    heard = match_resume(job, ResumeFacts(), text, papers.vocabulary).matches
    if not heard:
        return None
    written: Sequence[Match | None] = [None] * len(heard)
    if papers.resume is not None:
        written = match_resume(job, papers.resume, papers.resume_text, papers.vocabulary).matches
    lines = [_line(said, paper, ends) for said, paper in zip(heard, written, strict=True)]
    musts = [line for line in lines if line.must]
    shown = sum(line.answers == "covered" for line in musts)
    return RoleFit(job=papers.job_name, lines=lines, musts=len(musts), musts_shown=shown)


def _line(said: Match, paper: Match | None, ends: Sequence[tuple[int, int]]) -> FitLine:
    shown = said.coverage if said.evidence and _is_told(said) else "missing"
    return FitLine(
        requirement=said.requirement,
        must=said.must,
        resume=paper.coverage if paper else None,
        resume_words=paper.evidence if paper else "",
        resume_note=paper.reason if paper and paper.coverage != "covered" else "",
        answers=shown,
        answer_words=said.evidence if shown != "missing" else "",
        question=next((number for end, number in ends if said.span and said.span.start < end), None)
        if shown != "missing"
        else None,
    )


def _is_told(said: Match) -> bool:
    """Whether an answer speaks of the requirement: it names a skill, or shares more than one word by chance."""
    return bool(said.skills) or count_shared(said.requirement, said.evidence) >= SERVES


def join_answers(cards: Sequence[QuestionCard]) -> tuple[str, list[tuple[int, int]]]:
    """All answers, one a line, and where each card's words end with the card's number."""
    text, ends = "", list[tuple[int, int]]()
    for card in cards:
        text += f"{answer_of(card)}\n"
        ends.append((len(text), card.number))
    return text, ends


def answer_of(card: QuestionCard) -> str:
    """The candidate's words of a card, follow-ups included."""
    said = ("".join(piece.text for piece in turn.pieces) for turn in card.turns if turn.who == "you")
    return "\n".join(said)


def list_unused(papers: Papers | None, cards: Sequence[QuestionCard]) -> list[UnusedEvidence]:
    """Evidence the candidate has and did not use, what would have served a question first; nothing without answers."""
    answers = [answer_of(card) for card in cards]
    if papers is None or papers.resume is None or not any(answers):
        return []
    found: dict[str, UnusedEvidence] = {}
    if papers.job:
        report = match_resume(papers.job, papers.resume, papers.resume_text, papers.vocabulary)
        for match in unused_evidence(report, answers):
            if match.coverage == "covered":
                serves = [card.number for card in cards if _serves(match, card)]
                found.setdefault(
                    match.evidence,
                    UnusedEvidence(words=match.evidence, asked_by=match.requirement, questions=serves),
                )
    results = [result.text for result in papers.resume.results]
    for sentence in find_unsaid(results, answers):
        serves = [card.number for card in cards if count_shared(sentence, _asked(card)) >= SERVES]
        found.setdefault(sentence, UnusedEvidence(words=sentence, questions=serves))
    ranked = sorted(found.values(), key=lambda unused: (not unused.questions, not unused.asked_by))
    return ranked[:MOST_UNUSED]


def _serves(match: Match, card: QuestionCard) -> bool:
    """Whether evidence for a requirement would have helped with a question: same competency, or the same words."""
    if match.competency and match.competency == card.competency:
        return True
    return count_shared(f"{match.evidence} {match.requirement}", _asked(card)) >= SERVES


def _asked(card: QuestionCard) -> str:
    """The question, and the key points that the answer lacks."""
    return " ".join([card.question, *(point.text for point in card.points if point.state != "met")])
