"""Only this machine's own pages may use the server; every answer carries the security headers."""

import socket
from collections.abc import Iterator

import httpx
import pytest

from tests.live import Live
from tests.waiting import PATIENCE_S


@pytest.mark.parametrize(
    "host", ["evil.example", "greenroom.evil.example:8460", "127.0.0.1.evil.example", ""]
)
def test_a_foreign_host_name_is_refused(api: httpx.Client, host: str) -> None:
    reply = api.get("/api/v1/roles", headers={"Host": host})
    assert reply.status_code == 403
    assert reply.headers["content-type"] == "application/problem+json"


def test_a_browser_at_a_foreign_host_name_sees_a_page(api: httpx.Client) -> None:
    reply = api.get("/new", headers={"Host": "evil.example", "Accept": "text/html,*/*;q=0.8"})
    assert reply.status_code == 403
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1" in reply.text
    assert "GREENROOM_ALLOWED_HOSTS" in reply.text
    assert "<script" not in reply.text
    assert "default-src 'self'" in reply.headers["content-security-policy"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_write_from_another_site_is_refused_and_changes_nothing(
    api: httpx.Client, headers: dict[str, str]
) -> None:
    before = len(api.get("/api/v1/interviews", params={"limit": 100}).json())
    reply = api.post("/interviews/defaults", headers=headers)
    assert reply.status_code == 403
    assert len(api.get("/api/v1/interviews", params={"limit": 100}).json()) == before


def test_own_pages_may_write(api: httpx.Client, live: Live) -> None:
    reply = api.post(
        "/interviews/defaults", headers={"Origin": live.address, "Sec-Fetch-Site": "same-origin"}
    )
    assert reply.status_code == 303


@pytest.mark.parametrize("path", ["/new", "/api/v1/roles", "/nowhere", "/api/v1/nowhere"])
def test_every_answer_carries_the_security_headers(api: httpx.Client, path: str) -> None:
    headers = api.get(path).headers
    assert "script-src 'self'" in headers["content-security-policy"]
    assert "'unsafe-inline'" not in headers["content-security-policy"].replace(
        "style-src-attr 'unsafe-inline'", ""
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"


def test_an_oversize_body_is_refused_before_it_is_read(live: Live) -> None:
    host, port = live.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=PATIENCE_S) as connection:
        connection.sendall(
            f"POST /api/v1/interviews HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"
            "Content-Length: 900000000\r\n\r\n".encode()
        )
        assert b" 413 " in connection.recv(4096).split(b"\r\n")[0]


def test_an_endless_body_is_cut_off(api: httpx.Client) -> None:
    def chunks() -> Iterator[bytes]:
        yield b'{"job_description": "'
        for _ in range(40):
            yield b"x" * 100_000
        yield b'"}'

    reply = api.post("/api/v1/plans", content=chunks(), headers={"Content-Type": "application/json"})
    assert reply.status_code in (413, 422)
    assert reply.headers["content-type"] == "application/problem+json"


def test_a_form_that_is_no_text_is_a_clear_error(api: httpx.Client) -> None:
    for body in (b"role=%ff%fe&minutes=15", b"\xff\xfe\x00", b"a" * 500_000):
        reply = api.post(
            "/interviews", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"}
        )
        assert reply.status_code < 500


@pytest.mark.parametrize("length", ["many", "-5", "1e3"])
def test_a_senseless_length_does_not_break_the_server(live: Live, length: str) -> None:
    host, port = live.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=PATIENCE_S) as connection:
        connection.sendall(
            f"POST /api/v1/plans HTTP/1.1\r\nHost: {host}\r\nContent-Length: {length}\r\n\r\n".encode()
        )
        assert b" 400 " in connection.recv(4096).split(b"\r\n")[0]


def test_a_method_that_an_address_does_not_take_is_refused_with_those_it_takes(api: httpx.Client) -> None:
    refused = api.post("/api/v1/roles")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET")
    assert refused.json()["detail"] == "This address takes GET only; nothing was changed."


def test_what_is_no_json_and_what_breaks_a_rule_are_said_in_our_words(api: httpx.Client) -> None:
    headers = {"Content-Type": "application/json"}
    (broken,) = api.post("/api/v1/interviews", content="{bad", headers=headers).json()["errors"]
    assert broken["field"] == ""
    assert broken["message"].startswith("This is no JSON: ")
    planned = {"at": "2027-01-01T10:00", "zone": "Mars/Base"}
    (wrong,) = api.post("/api/v1/interviews", json={"planned": planned}).json()["errors"]
    assert wrong["message"].startswith("“Mars/Base” is no time zone")


@pytest.mark.parametrize(
    ("method", "path", "body", "told"),
    [
        ("POST", "/interviews", None, {"": "A JSON object is needed here, sent with the header Content-Type: application/json."}),
        ("POST", "/interviews", [1], {"": "A JSON object is needed here, sent with the header Content-Type: application/json."}),
        (
            "POST",
            "/interviews",
            {"minutes": 17, "panel": "all", "role": " ", "colour": "red", "then": [{"panel": 9}]},
            {
                "minutes": "This must be one of 15, 30, 45, 60.",
                "panel": "This must be a whole number.",
                "role": "Something is needed here.",
                "colour": "There is no field of this name.",
                "then.0.panel": "This must be 4 or less.",
            },
        ),
        ("POST", "/interviews", {"scene": "Food bank!"}, {"scene": "This must be written as GET /scenes names it: food_bank."}),
        ("POST", "/interviews", {"job_id": "mine"}, {"job_id": "This must be an id, as this server gives them."}),
        ("GET", "/sessions?limit=all&order=random", None, {"limit": "This must be a whole number.", "order": "This must be one of newest, oldest, role, score."}),
        ("POST", "/engines", {"vendor": "openai", "model": "two words"}, {"model": "This must be written as plain letters, digits and signs without a space."}),
        ("POST", "/analyses", {"text": "a" * 500_000}, {"text": "At most 200,000 characters fit here."}),
    ],
)  # fmt: skip
def test_every_field_that_does_not_fit_is_named_with_what_it_must_be(
    api: httpx.Client, method: str, path: str, body: object, told: dict[str, str]
) -> None:
    reply = api.request(method, f"/api/v1{path}", json=body)
    assert reply.status_code == 422
    assert {error["field"]: error["message"] for error in reply.json()["errors"]} == told
