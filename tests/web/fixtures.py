"""One invented candidate, told the same way in set-up, room, report and history."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

from greenroom.interviews import scenes
from greenroom.interviews.schemas import (
    Appointment,
    InterviewCreate,
    Material,
    PersonaCard,
    Plan,
    PlanBlock,
    RibbonQuestion,
    RibbonSegment,
    SessionSummary,
)
from greenroom.library.catalog import load
from greenroom.reports.rounds import RoundLine, RunSummary
from greenroom.reports.schemas import Advice, Interval, Overall, Strip
from greenroom.room.protocol import ClockView, Counter, CurrentQuestion, Line, RoomView

SESSION = UUID("01937f00-0000-7000-8000-000000000001")
INTERVIEW = UUID("01937f00-0000-7000-8000-0000000000aa")

RUTA = PersonaCard(slug="hiring_manager", name="Ruta Halloran", role="hiring manager", portrait="ruta")
SAMIR = PersonaCard(slug="tech_lead", name="Samir Voss", role="tech lead", portrait="samir")
ODILE = PersonaCard(slug="peer", name="Odile Tan", role="peer engineer", portrait="odile")
MAREK = PersonaCard(slug="bar_raiser", name="Marek Olsen", role="bar raiser", portrait="marek")
INES = PersonaCard(slug="hr", name="Ines Caldera", role="people partner", portrait="ines")

OFFERED = {
    "roles": [
        {"slug": "backend", "title": "Backend engineer", "family": "software"},
        {"slug": "registered_nurse", "title": "Registered nurse", "family": "care"},
    ],
    "levels": ["entry", "mid", "senior", "lead"],
    "types": ["mixed", "behavioral", "technical", "situational"],
    "minutes": [15, 30],
    "panels": [1, 2, 3, 4],
    "tones": ["friendly", "neutral", "tough"],
    "timings": ["on", "x1.5", "x2", "off"],
}

JOB = (
    "You will own the services that turn 1.9 million meter readings a day into bills and leak alarms. "
    "You know SQL and Python well, and can explain data problems to colleagues who don’t write code."
)


def form(**changed: object) -> dict[str, object]:
    values = InterviewCreate(
        role="backend engineer", company="Saltmarsh Water", level="senior", panel=3, job_description=JOB
    ).model_dump()
    return values | {"planned_date": "", "planned_time": "", "planned_zone": ""} | changed


def plan(panel: list[PersonaCard] | None = None) -> Plan:
    rows = [
        ("opening", 120, "hiring_manager", None, "Opening"),
        ("warm_up", 180, "hiring_manager", None, "Warm-up"),
        ("core", 230, "hiring_manager", "planning", "Planning"),
        ("core", 230, "peer", "conflict", "Conflict"),
        ("core", 230, "tech_lead", "role_knowledge", "Role knowledge"),
        ("core", 230, "tech_lead", "problem_solving", "Problem solving"),
        ("core", 220, "hiring_manager", "customer_focus", "Customer focus"),
        ("candidate_questions", 240, "hiring_manager", None, "Your questions"),
        ("close", 120, "hiring_manager", None, "Close"),
    ]
    blocks: list[PlanBlock] = []
    for kind, seconds, persona, competency, title in rows:
        start = blocks[-1].start_s + blocks[-1].seconds if blocks else 0
        why = "The job asks to explain data problems to others." if competency == "customer_focus" else ""
        blocks.append(
            PlanBlock(
                kind=kind,
                start_s=start,
                seconds=seconds,
                persona=persona,
                competency=competency,
                title=title,
                why=why,
            )
        )
    return Plan(
        seed=7,
        minutes=30,
        type="mixed",
        level="senior",
        role="backend",
        role_title="Backend engineer",
        blocks=blocks,
        panel=panel or [RUTA, SAMIR, ODILE],
        probes_max=5,
        pool={},
        notes=[],
    )


def _question(label: str, number: int | None, marks: str) -> RibbonQuestion:
    """`marks` is a line such as `ask 17, gap 4, you 148 .16met .4part`: kind, seconds, evidence."""
    segments: list[RibbonSegment] = []
    for piece in marks.split(","):
        kind, seconds, *evidence = piece.split()
        hung = [(float(e.rstrip("metparis")), e.lstrip("0123456789.")) for e in evidence]
        segments.append(RibbonSegment(kind=kind, seconds=int(seconds), marks=hung))
    return RibbonQuestion(
        label=label, number=number, seconds=sum(s.seconds for s in segments), segments=segments
    )


WARM_UP = _question("Warm-up", None, "ask 40, gap 3, you 30, gap 2, ask 34, gap 4, you 132")
PLANNING = _question(
    "Planning", 1, "ask 17, gap 4, you 148 .16met .4met .58met .84met, gap 2, probe 11, gap 3, you 77 .5met"
)
CONFLICT = _question(
    "Conflict", 2, "ask 15, think 16, you 172 .1met .3part .52met .94part, gap 3, probe 11, gap 4, you 71"
)
KNOWLEDGE = _question(
    "Role knowledge",
    3,
    "ask 24, gap 5, you 96 .2met .8met, think 31, you 89 .5part, gap 2, probe 14, gap 5, you 52 .4part",
)
SOLVING = _question(
    "Problem solving",
    4,
    "ask 16, gap 6, you 64, gap 2, probe 10, think 22, you 41 .5part, gap 4, probe 12, gap 3, you 25",
)
CUSTOMER = _question("Customer focus", 5, "ask 16, gap 4, you 244")
OWN = _question("Your questions", None, "you 12, ask 50, gap 3, you 10, ask 62, gap 3, you 8, ask 60, you 12")

WHOLE = [WARM_UP, PLANNING, CONFLICT, KNOWLEDGE, SOLVING, CUSTOMER, OWN]
SO_FAR = [
    WARM_UP,
    PLANNING,
    CONFLICT,
    _question("Role knowledge", 3, "ask 24, gap 5, you 32, now 0, rest 169"),
    _question("Problem solving", 4, "rest 230"),
    _question("Customer focus", 5, "rest 220"),
    _question("Your questions", None, "rest 360"),
]

QUESTION = CurrentQuestion(
    id="tech.reading.004",
    persona="tech_lead",
    competency="role_knowledge",
    competency_title="Role knowledge",
    text=(
        "You told Ruta you cut over early for the 40 largest sites. "
        "How would you let a late reading change a bill that has already been sent?"
    ),
    is_follow_up=False,
)

TRANSCRIPT = [
    Line(
        seq=21,
        who="panel",
        name="Odile Tan",
        persona="peer",
        kind="follow_up",
        offset_s=713,
        text="You said that everybody was happy with it. How did you know?",
    ),
    Line(
        seq=23,
        who="you",
        name="You",
        kind="answer",
        offset_s=728,
        source="candidate",
        text="Well, nobody complained, and it’s still running.\n\n<script>alert(1)</script>",
    ),
    Line(
        seq=25,
        who="panel",
        name="Samir Voss",
        persona="tech_lead",
        kind="question",
        offset_s=799,
        text=QUESTION.text,
    ),
]

GREETING = Line(
    seq=2,
    who="panel",
    name="Ruta Halloran",
    persona="hiring_manager",
    kind="greeting",
    offset_s=0,
    text=(
        "Hello, good to meet you. I’m Ruta Halloran, a hiring manager at Saltmarsh Water. With me are Samir Voss, "
        "tech lead, and Odile Tan, peer engineer. We have about thirty minutes; ask whenever something is unclear."
    ),
)
REPLY = Line(
    seq=41,
    who="panel",
    name="Ruta Halloran",
    persona="hiring_manager",
    kind="answer_to_candidate",
    offset_s=1500,
    text="In the first three months I look for one thing finished from start to end. Anything else?",
)

DRAFT = (
    "I’d never edit a bill that went out. The late reading arrives as a new event with two times, "
    "when it was measured and when we learned of it, and"
)


def room(**changed: object) -> RoomView:
    view = RoomView(
        session_id=SESSION,
        interview_id=INTERVIEW,
        title="Senior backend engineer, Saltmarsh Water",
        mode="practice",
        state="listening",
        seq=25,
        block="core",
        clock=ClockView(total_s=1800, used_s=860, running=True, timing="on"),
        counter=Counter(number=3, of=5),
        panel=[RUTA, SAMIR, ODILE],
        floor="tech_lead",
        question=QUESTION,
        moves=["answer", "repeat", "clarify", "think", "skip", "hint", "pause", "end"],
        draft=DRAFT,
        ribbon=SO_FAR,
        transcript=TRANSCRIPT,
    )
    return view.model_copy(update=changed)


ROOMS: dict[str, RoomView] = {
    "room": room(),
    "room_one": room(
        panel=[RUTA],
        floor="hiring_manager",
        draft="",
        question=QUESTION.model_copy(update={"persona": "hiring_manager"}),
    ),
    "room_four": room(panel=[RUTA, SAMIR, ODILE, MAREK]),
    "room_two_hint": room(
        panel=[INES, MAREK],
        floor="hr",
        hint=[
            ("Claim", "met"),
            ("Reason", "part"),
            ("Trade-off", "miss"),
            ("How you would check it", "miss"),
        ],
        question=QUESTION.model_copy(
            update={
                "persona": "hr",
                "is_follow_up": True,
                "lead_in": "Thank you, that helps me see the start.",
            }
        ),
    ),
    "room_material": room(
        question=QUESTION.model_copy(
            update={
                "text": "Should the shop buy its own van? Use what you see.",
                "material": [
                    Material(
                        title="Cost per month",
                        body="Courier | 7.20 per delivery\nOwn van | 3,200 fixed + 2.40 per delivery; at most 1,000 deliveries",
                        wraps=False,
                    ),
                    Material(title="Requirements", body="- Every order leaves on the day it is placed."),
                ],
            }
        )
    ),
    "room_thinking": room(state="thinking", draft="", moves=["end"]),
    "room_paused": room(state="paused", moves=["resume", "end"]),
    "room_own_question": room(
        question=QUESTION.model_copy(
            update={"competency": None, "competency_title": "", "text": "What would you like to ask us?"}
        ),
        block="candidate_questions",
        moves=["question", "repeat", "skip", "pause", "end"],
        draft="",
        notice=REPLY.text,
        transcript=[*TRANSCRIPT, REPLY],
    ),
    "room_first": room(
        question=QUESTION.model_copy(
            update={
                "persona": "hiring_manager",
                "competency": None,
                "competency_title": "",
                "text": "To begin: what have you been working on lately, and what did you like about it?",
            }
        ),
        floor="hiring_manager",
        block="warm_up",
        seq=3,
        draft="",
        transcript=[GREETING],
        ribbon=[_question("Warm-up", None, "ask 20, now 0, rest 280"), *SO_FAR[4:]],
        clock=ClockView(total_s=1800, used_s=3, running=True, timing="on"),
    ),
    "room_no_clock": room(clock=ClockView(total_s=1800, used_s=860, running=False, timing="off")),
    "room_ended": room(state="ended", question=None, floor=None, moves=[], draft="", notice=""),
}


def _summary(number: int, **changed: object) -> SessionSummary:
    row = SessionSummary(
        id=UUID(int=SESSION.int + number),
        interview_id=UUID(int=INTERVIEW.int + number),
        name="Backend engineer, Saltmarsh Water",
        role_title="Backend engineer",
        company="Saltmarsh Water",
        type="mixed",
        level="senior",
        mode="practice",
        state="ended",
        started_at=datetime(2026, 11, 18, 9, 30, tzinfo=UTC),
        ended_at=datetime(2026, 11, 18, 10, 0, tzinfo=UTC),
        used_s=1800,
        total_s=1800,
        questions_asked=5,
        questions_planned=5,
        overall=54,
        at_target=1,
        assessed=4,
        ribbon=WHOLE,
    )
    return row.model_copy(update=changed)


NOVEMBER = datetime(2026, 11, 21, 18, 5, tzinfo=UTC)
GROUPS: dict[str, list[SessionSummary]] = {
    "November 2026": [
        _summary(
            1, state="paused", started_at=NOVEMBER, ended_at=None, used_s=860, questions_asked=3,
            overall=None, at_target=None, assessed=0, ribbon=SO_FAR,
        ),
        _summary(2),
        _summary(
            3, name="Night shift lead", role_title="Registered nurse", company="", type="behavioral",
            level="lead",
            started_at=NOVEMBER - timedelta(days=10), used_s=892, total_s=900, questions_asked=3,
            questions_planned=3, at_target=2, assessed=3, ribbon=[PLANNING, CONFLICT, KNOWLEDGE],
        ),
    ],
    "October 2026": [
        _summary(
            4, kind="sample", name="Three-minute sample", company="", started_at=NOVEMBER - timedelta(days=23), used_s=304,
            total_s=180, questions_asked=1, questions_planned=1, overall=None, at_target=None, assessed=0,
            ribbon=[_question("Planning", 1, "ask 14, think 21, you 186, gap 3, probe 11, gap 3, you 66")],
        ),
    ],
}  # fmt: skip

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
LATE = {"planned_date": "2026-11-01", "planned_time": "09:00", "planned_zone": "Europe/Lisbon"}
PLANNED = [
    {
        "row": SimpleNamespace(
            id=UUID(int=n), name=name, minutes=30, type="mixed", scenario=("interview", "meeting")[n - 1]
        ),
        "when": Appointment(at=at, zone="Europe/Lisbon", local=at.replace(tzinfo=None), twice=n == 2),
    }
    for n, (name, at) in enumerate(
        [("Senior backend engineer", NOW - timedelta(hours=2)), ("Data analyst", NOW + timedelta(days=3))], 1
    )
]
RUNNING = [
    SimpleNamespace(
        id=SESSION, name="Senior backend engineer", questions_asked=2, questions_planned=5, clock_at=NOW
    )
]
WAITING = [(SimpleNamespace(id=SESSION, name="Senior backend engineer", rounds=3, clock_at=NOW), 2)]


def whole_plan() -> Plan:
    """A plan with two rounds after the first."""
    later = [plan().model_copy(update={"round": n, "rounds": 3, "type": "technical"}) for n in (2, 3)]
    return plan().model_copy(update={"rounds": 3, "later": later})


def _run(mode: str, **states: str) -> RunSummary:
    judged = Interval(
        level=3.4, low=2.9, high=3.9, target=3.5, score=60, score_low=48, score_high=72, confidence="medium"
    )
    overall = Overall(state="assessed", judged=judged, stand="maybe", assessed=4, asked=5)
    lines = [
        RoundLine(
            number=n, state=state, type="technical", minutes=30, panel=["Ruta Halloran", "Samir Voss"],
            session_id=None if state == "missing" else UUID(int=n) if n > 1 else SESSION,
            overall=None if state == "missing" else overall, rated=n != 2 or mode != "unrated",
        )
        for n, state in enumerate(states.values(), 1)
    ]  # fmt: skip
    strip = Strip(competency="conflict", title="Conflict", answers=2, judged=judged, stand="maybe")
    unseen = Strip(competency="learning", title="Learning", answers=0, stand="not_observed")
    return RunSummary(
        run_id=SESSION, interview_id=INTERVIEW, title="Senior backend engineer", role_title="Backend engineer",
        company="Saltmarsh Water", level="senior", mode="practice" if mode == "practice" else "graded", rounds=lines,
        overall=overall, strips=[strip, unseen], missing=["Round 3 of 3 is missing."] if "missing" in states.values() else [],
        advice=Advice(keep="Keep the numbers.", change="Say what you decided.", next="Result line, 3 minutes."),
    )  # fmt: skip


RUNS = {
    "between": _run("graded", one="held", two="open", three="missing"),
    "graded": _run("graded", one="held", two="held", three="missing"),
    "practice": _run("practice", one="held", two="held", three="held"),
    "unrated": _run("unrated", one="held", two="held", three="held"),
}

SCENE = load().scenes["late_release"]


def scene_plan() -> Plan:
    """The plan of a meeting."""
    spec = InterviewCreate(scenario="meeting", scene="late_release")
    return scenes.build(spec, SCENE, load(), seed=1)
