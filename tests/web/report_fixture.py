"""The report of the invented candidate: a strong answer, a middling one, a weak one, and every state without a number."""

import re
from datetime import UTC, datetime

from fixtures import INTERVIEW, SESSION, WHOLE

from greenroom.reports.compare import compare
from greenroom.reports.schemas import (
    Advice,
    Again,
    CriterionLine,
    DimensionStrip,
    DrillLine,
    FitLine,
    Interval,
    Judged,
    Overall,
    OwnRating,
    OwnRow,
    PartLength,
    Piece,
    PlanStep,
    PointLine,
    QuestionCard,
    Report,
    RibbonFacts,
    RoleFit,
    Scorecard,
    Spoken,
    Spread,
    Strip,
    TranscriptLine,
    UnusedEvidence,
    Version,
)

SOURCE = "Built-in evaluator, early version"


def cut(text: str) -> list[Piece]:
    """Pieces of a text such as "I saw it. {a met:I closed the valve}, and [your number] leaks stopped."."""
    pieces: list[Piece] = []
    for part in re.split(r"(\{\w (?:met|part):[^}]*\}|\[[^\]]*\])", text):
        if part.startswith("{"):
            head, words = part[1:-1].split(":", 1)
            letter, mark = head.split()
            pieces.append(Piece.model_validate({"text": words, "mark": mark, "letters": [letter]}))
        elif part.startswith("["):
            pieces.append(Piece(text=part[1:-1], blank=True))
        elif part:
            pieces.append(Piece(text=part))
    return pieces


def _interval(level: float, low: float, high: float, confidence: str = "medium") -> Interval:
    return Interval.model_validate(
        {
            "level": level, "low": low, "high": high, "target": 4, "confidence": confidence,
            "score": round((level - 1) * 25), "score_low": round((low - 1) * 25),
            "score_high": round((high - 1) * 25),
        }
    )  # fmt: skip


def _said(seq: int, who: str, name: str, text: str) -> Spoken:
    return Spoken.model_validate(
        {"seq": seq, "who": who, "name": name, "offset_s": seq * 20, "pieces": cut(text)}
    )


STRONG = QuestionCard(
    id="q2",
    number=1,
    state="assessed",
    persona="Ruta Halloran",
    competency="planning",
    competency_title="Planning",
    offset_s=245,
    question="Tell me about a plan you had to change late, because of something nobody had foreseen.",
    words=168,
    spoken_s=225,
    turns=[
        _said(
            7, "you", "You",
            "Three weeks before the billing run our supplier announced that the old export would be switched off. "
            "{a met:I was responsible for the run, so I stopped the report work the same day} and "
            "{b met:laid out three options on a page: buy more time, run both exports, or move early}. I chose to "
            "move early, for the largest customers only. {c met:I asked the service desk which lists they could "
            "do without for ten days, and they named four}. {d met:The run went out on the day, and loading took "
            "6 hours instead of 30}.",
        ),
        _said(9, "panel", "Ruta Halloran", "Six hours instead of thirty: what would you do differently next time?"),
        _said(
            11, "you", "You",
            "{e met:I now ask for the end date of every contract a plan depends on, before I plan}.",
        ),
    ],
    judged=_interval(4.4, 4.1, 4.7, "high"),
    parts=[
        PartLength(part="situation", words=32),
        PartLength(part="action", words=82),
        PartLength(part="result", words=38),
    ],
    points=[
        PointLine(letter="a", text="Own decision", state="met"),
        PointLine(letter="b", text="Options weighed", state="met"),
        PointLine(letter="c", text="People affected were asked", state="met"),
        PointLine(letter="d", text="Outcome with a measure", state="met"),
        PointLine(letter="e", text="What changed afterwards", state="met", probed=True),
        PointLine(text="What the change cost", state="miss"),
    ],
    criteria=[
        CriterionLine(id="ownership", title="Own part", state="met", level=4.6, why="Four decisions in the first person."),
        CriterionLine(id="result", title="Result", state="met", level=4.2, why="An outcome with two numbers."),
        CriterionLine(id="reflection", title="Reflection", state="not_observed", why="Nothing was said about it."),
    ],
    why_from=4,
    why_to=5,
    why_not_higher="Level 5 also names the price. The reports stopped for ten days; who waited for them is not said.",
    keep="Naming the options you had.",
    change="After “I chose to move early” add one clause: what you gave up, and who agreed.",
    model_answer="Two days before the stocktake the scanner firm withdrew. I had three ways …",
    source=SOURCE,
)  # fmt: skip

WEAK = QuestionCard(
    id="q3",
    number=2,
    state="assessed",
    persona="Odile Tan",
    competency="conflict",
    competency_title="Conflict",
    offset_s=507,
    question="Describe a disagreement with a colleague about how something should be built.",
    words=61,
    spoken_s=243,
    turns=[
        _said(
            15, "you", "You",
            "I would talk to everybody first, because communication matters a lot. "
            "{a part:We had different opinions about the alarms once} and we found a good solution together.\n\n"
            "<script>alert('text, not markup')</script>",
        ),
        _said(17, "panel", "Odile Tan", "Which part of that solution was yours?"),
        _said(19, "you", "You", "We shared it, mostly."),
    ],
    judged=_interval(1.6, 1.2, 2.4),
    flags=["Part of the answer says what would be done: it is held at level 2."],
    parts=[
        PartLength(part="situation", words=9),
        PartLength(part="action", words=0),
        PartLength(part="result", words=0),
    ],
    points=[
        PointLine(letter="a", text="Both positions, fairly put", state="part", note="named, not described"),
        PointLine(text="Own action to settle it", state="miss"),
        PointLine(text="Outcome with a measure", state="miss"),
    ],
    why_from=2,
    why_to=3,
    why_not_higher="The question asks what was done; most of the answer says what would be done.",
    change="Begin with the day it happened: “The alarms were [what], and I thought [what].”",
    restructured=cut(
        "We had different opinions about the alarms once. Mine was [your view], because [your reason]. "
        "I [what you did]. Since then [your number]."
    ),
    model_answer="A colleague wanted one shared test database; I wanted one for each of us …",
    source=SOURCE,
    disputes=["I said later that I wrote the proposal."],
)  # fmt: skip

PENDING = WEAK.model_copy(
    update={"id": "q4", "number": 3, "state": "pending", "judged": None, "disputes": []}
)
FAILED = WEAK.model_copy(
    update={
        "id": "q5", "number": 4, "state": "failed", "judged": None, "parts": [], "disputes": [],
        "reasons": ["The evaluator stopped after 20 s."],
        "turns": [_said(33, "you", "You", "I looked at the log of the last week first.")],
    }
)  # fmt: skip
NOT_ENOUGH = FAILED.model_copy(
    update={
        "id": "q6", "number": 5, "state": "not_enough",
        "reasons": ["The answer is in a language this evaluator does not judge."],
    }
)  # fmt: skip
SKIPPED = FAILED.model_copy(
    update={"id": "q7", "number": 6, "state": "not_observed", "reasons": [], "turns": []}
)

RESULT_LINE = DrillLine(
    id="drill.result_line",
    title="Result line",
    minutes=3,
    goal="End an answer with what changed, for whom, and by how much.",
    steps=["Choose an answer that ended without a result.", "Write one sentence: what was different, for whom, how you know."],
    example="Complaints about late parcels fell from nine a week to two.",
)  # fmt: skip
NOT_WE = RESULT_LINE.model_copy(
    update={"id": "drill.i_not_we", "title": "I, not we", "steps": [], "example": ""}
)

ROWS = [
    OwnRow(
        question_id=card.id,
        number=card.number,
        title=card.question,
        own=own,
        level=card.judged and card.judged.level,
    )
    for card, own in ((STRONG, 3), (WEAK, 4), (FAILED, None), (NOT_ENOUGH, 2), (SKIPPED, None))
]


def report(**changed: object) -> Report:
    whole = Report(
        session_id=SESSION,
        interview_id=INTERVIEW,
        title="Senior backend engineer, Saltmarsh Water",
        role_title="Backend engineer",
        company="Saltmarsh Water",
        level="senior",
        type="mixed",
        mode="practice",
        minutes=30,
        used_s=1788,
        started_at=datetime(2026, 11, 18, 9, 30, tzinfo=UTC),
        ended_at=datetime(2026, 11, 18, 10, 0, tzinfo=UTC),
        panel=["Ruta Halloran", "Samir Voss", "Odile Tan"],
        badges=["Built-in evaluator", "early version"],
        pending=0,
        own=OwnRating(state="given", rows=ROWS),
        overall=Overall(
            state="assessed", judged=_interval(3.0, 2.4, 3.6), stand="below", assessed=2, asked=6
        ),
        advice=Advice(
            keep="naming the options you had: in the answer on the billing run a listener can follow every choice.",
            change="the endings: one of two stories stops before the outcome has a number.",
            next="the result-line drill, three minutes.",
        ),
        ribbon=WHOLE,
        ribbon_facts=RibbonFacts(
            questions=6, follow_ups=5, spoken_s=1260, longest_pause_s=31, most_evidence=1, least_evidence=4
        ),
        strips=[
            Strip(competency="planning", title="Planning", answers=1, judged=_interval(4.4, 4.1, 4.7, "high"), stand="above"),
            Strip(competency="role_knowledge", title="Role knowledge", answers=2, judged=_interval(3.6, 3.1, 4.1), stand="maybe"),
            Strip(competency="conflict", title="Conflict", answers=1, judged=_interval(1.6, 1.2, 2.4), stand="below"),
            Strip(competency="customer_focus", title="Customer focus", answers=0, stand="not_observed"),
        ],
        dimensions=[
            DimensionStrip(dimension="content", title="Content", answers=2, judged=_interval(3.1, 2.4, 3.8), stand="below"),
            DimensionStrip(dimension="depth", title="Depth", answers=1, stand="few"),
            DimensionStrip(dimension="timing", title="Timing", answers=0, stand="not_observed", note="Part of no score."),
        ],
        cards=[STRONG, WEAK, FAILED, NOT_ENOUGH, SKIPPED],
        fit=RoleFit(
            job="Backend engineer, Saltmarsh Water",
            musts=2,
            musts_shown=1,
            lines=[
                FitLine(
                    requirement="Strong Python and PostgreSQL", must=True, resume="covered",
                    resume_words="Lead a team of five who own the settlement service (Python, PostgreSQL).",
                    answers="covered", answer_words="I rewrote the query in PostgreSQL so that it works in batches.", question=1,
                ),
                FitLine(
                    requirement="Explain data problems to colleagues who don’t write code", must=True, resume="missing",
                    resume_note="nothing in the résumé speaks of it", answers="missing",
                ),
                FitLine(
                    requirement="Kubernetes and Terraform", must=False, resume="thin",
                    resume_words="Docker, Kubernetes, AWS, Git", resume_note="not in the résumé: Terraform",
                    answers="thin", answer_words="We ran it on Kubernetes.", question=2,
                ),
            ],
        ),
        unused=[
            UnusedEvidence(words="Cut the nightly settlement run from 140 minutes to 22.", asked_by="Own a batch system", questions=[1, 2]),
            UnusedEvidence(words="Introduced contract tests between seven services; failed releases fell by 60%."),
        ],
        plan=[
            PlanStep(day=0, drill=RESULT_LINE, because="Question 2 ends without a result."),
            PlanStep(day=2, drill=NOT_WE, because="Question 2 tells the story as “we”."),
        ],
        judged=Judged(
            engine=SOURCE,
            paragraph="Each key point is looked for on its own and must be backed by your words; the arithmetic is code.",
            formative=True,
            rubric_version="2026.1-4f2a",
            versions=[Version(name="Evaluator", version="0.1.0"), Version(name="Bank", version="b7c1")],
            weights=[("Own part", 2), ("Result", 3), ("Reflection", 1)],
            notes=["Customer focus was dropped, because the time ran short."],
        ),
        transcript=[
            TranscriptLine(who="panel", name="Ruta Halloran", offset_s=0, text="Hello, good to meet you."),
            TranscriptLine(who="you", name="You", offset_s=12, text="Thank you."),
        ],
    )  # fmt: skip
    return whole.model_copy(update=changed)


REPORTS: dict[str, Report] = {
    "report": report(),
    "report_gate": report(own=OwnRating(state="open", rows=ROWS)),
    "report_pending": report(
        pending=1,
        own=OwnRating(state="skipped", rows=ROWS),
        overall=Overall(state="pending", stand="pending", assessed=1, asked=2),
        advice=Advice(),
        cards=[STRONG, PENDING],
        plan=[],
        fit=None,
        unused=[],
    ),
    "report_nothing": report(
        own=OwnRating(state="skipped", rows=[]),
        overall=Overall(
            state="not_enough",
            assessed=0,
            asked=1,
            reason="None of the answers could be judged; the reasons stand with each.",
        ),
        advice=Advice(),
        cards=[NOT_ENOUGH],
        plan=[],
        fit=None,
        unused=[],
        strips=[Strip(competency="planning", title="Planning", answers=0, stand="not_observed")],
    ),
}

AGAIN = Again(
    session_id=SESSION, question_id="q1", at=datetime(2026, 11, 12, 9, 30, tzinfo=UTC),
    judged=_interval(2.2, 1.8, 2.6), change="higher", difference=2.2,
)  # fmt: skip
REPORTS["report_retry"] = report(
    kind="retry", of_session_id=SESSION, cards=[STRONG.model_copy(update={"first": AGAIN})]
)
REPORTS["report_retried"] = report(
    cards=[
        STRONG.model_copy(
            update={
                "retries": [
                    AGAIN.model_copy(update={"change": "lower"}),
                    AGAIN.model_copy(update={"change": "unclear"}),
                ]
            }
        )
    ]
)
REPORTS["report_sample"] = report(kind="sample")

EARLIER = report(
    session_id=INTERVIEW,
    started_at=datetime(2026, 10, 2, 9, 0, tzinfo=UTC),
    title="First try",
    strips=[
        Strip(competency="planning", title="Planning", answers=1, judged=_interval(2.4, 2.0, 2.8), stand="below"),
        Strip(competency="conflict", title="Conflict", answers=1, judged=_interval(3.9, 3.5, 4.3), stand="maybe"),
        Strip(competency="role_knowledge", title="Role knowledge", answers=1, judged=_interval(3.4, 3.0, 3.9), stand="below"),
        Strip(competency="learning", title="Learning", answers=1, judged=_interval(3.4, 3.0, 3.9), stand="below"),
    ],
)  # fmt: skip
COMPARISONS = {
    "compare": compare(report(), EARLIER),
    "compare_versions": compare(
        report(),
        EARLIER.model_copy(
            update={
                "kind": "sample",
                "pending": 1,
                "judged": EARLIER.judged.model_copy(update={"versions": []}),
            }
        ),
    ),
}

CARDS = [
    Scorecard(persona="hiring_manager", name="Ruta Halloran", role="hiring manager", questions=[1], competencies=["Planning"],
              assessed=1, judged=_interval(4.4, 4.1, 4.7, "high"), stand="above", keep="Naming the options you had."),
    Scorecard(persona="peer", name="Odile Tan", role="peer engineer", questions=[2, 3], competencies=["Conflict"],
              assessed=1, judged=_interval(1.6, 1.2, 2.4), stand="below", change="Begin with the day it happened."),
    Scorecard(persona="tech_lead", name="Samir Voss", role="tech lead", questions=[4], competencies=[], assessed=0, stand="not_observed"),
]  # fmt: skip
REPORTS["report_graded"] = report(
    mode="graded", scorecards=CARDS,
    spread=Spread(highest="Ruta Halloran", lowest="Odile Tan", levels=2.8, apart=True, sentence="They are 2.8 levels apart."),
)  # fmt: skip
REPORTS["report"] = report(scorecards=CARDS)
