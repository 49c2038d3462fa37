"""Every page as the product renders it, from the fixtures and with the assets of Vite's manifest."""

import json
from pathlib import Path

from fixtures import OFFERED, ROOMS, form, plan
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

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
    setup = {"offered": OFFERED, "errors": {}, "plan": plan(), "plan_error": "", "badge": badge, "key": "k1"}
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
    for name, view in ROOMS.items():
        made[name] = render("room.html", env, room=view)
    return made
