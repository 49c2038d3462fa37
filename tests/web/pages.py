"""Every page as the product renders it, from the fixtures and with the assets of Vite's manifest."""

import json
from pathlib import Path

from fixtures import (
    GROUPS,
    LATE,
    NOW,
    OFFERED,
    PLANNED,
    ROOMS,
    RUNNING,
    RUNS,
    SCENE,
    SESSION,
    WAITING,
    form,
    plan,
    scene_plan,
    whole_plan,
)
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from report_fixture import COMPARISONS, REPORTS

from greenroom.engines.estimates import estimate
from greenroom.reports.history import Filters

PACKAGE = Path(__file__).parents[2] / "src" / "greenroom"
MANIFEST = PACKAGE / "static" / "dist" / "manifest.json"


def asset(name: str) -> str:
    """The address of a built file; without a build the source name, so that tests need no Node."""
    if not MANIFEST.exists():
        return f"/static/dist/{name}"
    return "/static/dist/" + json.loads(MANIFEST.read_text(encoding="utf-8"))[name]["file"]


def environment() -> Environment:
    folders = [PACKAGE / "templates", *sorted(PACKAGE.glob("*/templates"))]
    env = Environment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    env.globals["asset"] = asset
    return env


def render(name: str, env: Environment | None = None, /, **context: object) -> str:
    return (env or environment()).get_template(name).render(**context)


def pages(env: Environment | None = None) -> dict[str, str]:
    env = env or environment()
    badge = "Built-in interviewer"
    setup = {
        "offered": OFFERED,
        "errors": {},
        "plan": plan(),
        "plan_error": "",
        "badge": badge,
        "key": "k1",
        "recipients": [],
        "resumes": [],
        "agreed": [],
        "zones": ["UTC", "Europe/Lisbon"],
        "estimate": estimate({}, [], questions=5, follow_ups=5, budget_usd=1.0),
        "rounds": [],
        "most_rounds": 4,
        "reads_scene": True,
        "scenes": [],
        "description_limit": 4000,
    }
    wrong = {
        "role": "Say what role you are interviewing for.",
        "job_description": "The description has 50,812 characters; 50,000 fit.",
    }
    made = {
        "setup": render("setup.html", env, form=form(), **setup),
        "setup_wrong": render(
            "setup.html", env, form=form(role="", company=""),
            **setup | {"errors": wrong, "plan": None, "plan_error": "There is no plan without a role."},
        ),
    }  # fmt: skip
    further = [{"number": n, "type": "technical", "minutes": "30", "panel": "2"} for n in (2, 3, 4)]
    made["setup_rounds"] = render(
        "setup.html", env, form=form(), **setup | {"rounds": further, "plan": whole_plan()}
    )
    scenes = {"scenes": [SCENE], "plan": scene_plan()}
    for kind in ("meeting", "presentation", "own"):
        made[f"setup_{kind}"] = render("setup.html", env, form=form(scenario=kind), **setup | scenes)
    empty = {
        "errors": {"description": "Your description: describe it."},
        "plan": None,
        "plan_error": "Describe it.",
    }
    made["setup_own_wrong"] = render("setup.html", env, form=form(scenario="own"), **setup | empty)
    for name, run in RUNS.items():
        made[f"break_{name}"] = render("break.html", env, run=run, session_id=SESSION, key="k1")
        made[f"summary_{name}"] = render("summary.html", env, run=run, session_id=SESSION, key="k1")
    for name, view in ROOMS.items():
        made[name] = render("room.html", env, room=view)
    for name, report in REPORTS.items():
        made[name] = render("report.html", env, report=report, key="k1")
    listed = {
        "groups": GROUPS, "filters": Filters(), "undo": None, "error": None, "key": "k1", "refused": [],
        "roles": [("backend", "Backend engineer")], "picked": None, "older": "",
        "planned": [], "zones": ["UTC", "Europe/Lisbon"], "now": NOW,
    }  # fmt: skip
    undo = {"label": "The session was deleted.", "url": "/sessions/1/restore"}
    made["history"] = render("history.html", env, **listed | {"undo": undo})
    made["history_empty"] = render("history.html", env, **listed | {"groups": {}})
    made["history_no_match"] = render(
        "history.html", env, **listed | {"groups": {}, "filters": Filters(q="x"), "refused": ["from"]}
    )
    made["history_error"] = render("history.html", env, **listed | {"error": "database-busy"})
    made["history_pick"] = render(
        "history.html", env, **listed | {"picked": GROUPS["November 2026"][1], "older": "/history?before=1"}
    )
    kept = {"planned": PLANNED, "zones": ["UTC", "Europe/Lisbon"], "now": NOW, "key": "k1"}
    made["history_planned"] = render("history.html", env, **listed | kept)
    made["home"] = render("home.html", env, **kept, running=[], rounds=[], wrong={}, undo=undo)
    late = {
        "id": PLANNED[0]["row"].id,
        "errors": {"planned_at": "Date and time: it has passed."},
        "form": LATE,
    }
    made["home_wrong"] = render(
        "home.html", env, **kept, running=RUNNING, rounds=WAITING, wrong=late, undo=None
    )
    for name, comparison in COMPARISONS.items():
        made[name] = render("compare.html", env, comparison=comparison, key="k1")
    questions = {
        "items": [], "text": "", "detail": "", "errors": [], "example": "- id: own.a.001", "key": "k1", "unread": [],
        "competencies": {"planning": "Planning"}, "packaged": 420, "undo": None,
    }  # fmt: skip
    own = {
        "id": "own.a.001", "type": "behavioral", "competency": "planning", "levels": ["mid", "senior"],
        "roles": ["backend"], "prompt": "Which plan did you change last?",
    }  # fmt: skip
    fault = {"line": 6, "item": "own.a.001", "rule": "schema", "message": "difficulty: at most 2"}
    made["questions_empty"] = render("questions.html", env, **questions)
    made["questions_wrong"] = render(
        "questions.html", env,
        **questions | {"items": [own], "detail": "One thing is wrong.", "errors": [fault], "unread": ["a.yaml:1: no list"], "undo": undo},
    )  # fmt: skip
    line = {
        "type": "behavioral", "by": "builtin 3, lexical", "judge": "Built-in evaluator (early version), by words", "judged": 6,
        "rated": 4, "difference": 0.62, "own_higher": 2, "own_lower": 0, "inside": 1, "objections": 1, "objections_up": 1,
        "objections_down": 0,
    }  # fmt: skip
    none = line | {"judged": 0, "rated": 0, "difference": None, "objections": 0}
    made["calibration"] = render("calibration.html", env, report={"lines": [line, line], "total": line})
    made["calibration_empty"] = render("calibration.html", env, report={"lines": [], "total": none})
    told = {"id": SESSION, "title": "Ana and Bo", "created_at": NOW, "words": 812, "state": "ready"}
    transcripts = {
        "typed": "",
        "title": "",
        "error": "",
        "recipients": ["OpenAI"],
        "limit": 200000,
        "key": "k1",
    }
    made["analyses"] = render("analyses.html", env, analyses=[told], undo=undo, **transcripts)
    made["analyses_wrong"] = render(
        "analyses.html", env, analyses=[], undo=None, **transcripts | {"error": "long"}
    )
    made["forget"] = render("forget.html", env, memory={"answers": 3})
    made["about"] = render("about.html", env, version="0.1.0")
    made["offline"] = render("offline.html", env)
    for status, title in ((403, "Not allowed"), (404, "Nothing here"), (500, "Something broke on our side")):
        problem = {"status": status, "slug": "slug", "title": title, "detail": "There is no such session."}
        made[f"problem_{status}"] = render("problem.html", env, problem=problem)
    return made
