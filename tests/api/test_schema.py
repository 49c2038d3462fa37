"""The API against its own description: no input, however odd, is a fault of the server."""

from contextlib import suppress
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from tests.live import Live
from tests.room.test_turns import GOOD, start, turn
from tests.waiting import PATIENCE_S

EXAMPLES = 15
known: dict[str, str] = {}
"""Ids of things that exist, by the name of the path parameter: random ids alone would only find 404."""


@pytest.fixture
def operations(live: Live, api: httpx.Client) -> list[Any]:
    """Every operation of the API but the event stream, which never ends; tests/client reads that one."""
    room = turn(api, start(api, timing="off"), text=GOOD).json()
    room = turn(api, room, text=GOOD).json()
    job = api.post("/api/v1/jobs", json={"title": "Baker", "text": "We bake bread at night."})
    company = api.post("/api/v1/companies", json={"name": "Saltmarsh Water"})
    resume = api.post("/api/v1/resumes", json={"name": "Mine", "text": "Baker, 2019 to 2024, night shift."})
    known.update(
        session_id=room["session_id"], interview_id=room["interview_id"], question_id="q2",
        job_id=job.json()["id"], company_id=company.json()["id"], resume_id=resume.json()["id"],
    )  # fmt: skip
    schema = schemathesis.openapi.from_url(f"{live.address}/api/v1/openapi.json")
    found = [result.ok() for result in schema.exclude(path_regex="/events$").get_all_operations()]
    assert len(found) > 50
    return found


# The server runs in another thread of this process and draws numbers meanwhile; the strategies do not.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies")
@pytest.mark.slow
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_no_request_is_a_fault_of_the_server(operations: list[Any], mode: GenerationMode) -> None:
    faults: list[str] = []
    for operation in operations:
        try_operation(operation, mode, faults)
    assert not faults


def try_operation(operation: Any, mode: GenerationMode, faults: list[str]) -> None:
    """Send a few requests that fit the description, or that break it in one place."""

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def send(case: schemathesis.Case) -> None:
        if case.method != "DELETE" and len(str(case.body)) % 3:
            for name in case.path_parameters or {}:
                case.path_parameters[name] = known.get(name, case.path_parameters[name])
        response = case.call(timeout=PATIENCE_S)
        if response.status_code >= 500:
            faults.append(
                f"{response.status_code} {case.method} {case.formatted_path} {case.query} {case.body!r}"
            )

    with suppress(Unsatisfiable):  # an operation without parameters cannot be asked wrongly
        send()


def test_every_body_has_an_example_that_is_taken(api: httpx.Client) -> None:
    document = api.get("/api/v1/openapi.json").json()
    shapes = document["components"]["schemas"]
    missing: list[str] = []
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for kind, content in operation.get("requestBody", {}).get("content", {}).items():
                shape = {
                    **content["schema"],
                    **{key: content[key] for key in ("examples", "example") if key in content},
                }
                if "$ref" in shape:
                    shape = shapes[shape["$ref"].rpartition("/")[2]]
                if kind == "application/json" and not has_example(shape):
                    missing.append(f"{method.upper()} {path}")
    assert not missing


def has_example(shape: dict[str, Any]) -> bool:
    """On the whole, or on every field that must be given (on all, when none must)."""
    if shape.get("examples") or shape.get("example"):
        return True
    fields = shape.get("properties", {})
    needed = shape.get("required", []) or list(fields)
    return bool(needed) and all(fields[name].get("examples") for name in needed)
