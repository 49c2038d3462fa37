"""Every vendor through its own client, over a socket, against a stub that speaks its published protocol."""

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

import pytest
from pydantic import BaseModel, Field, SecretStr

from greenroom.engines.trial import PICTURE
from greenroom.providers import catalog
from greenroom.providers.llm.base import Picture, Prompt, ProviderError
from greenroom.providers.llm.bridge import BridgedModel
from greenroom.providers.llm.engine import Engine
from greenroom.providers.llm.guarded import Call, Guarded, Limits
from greenroom.providers.prices import Price
from tests.contracts.dialects import DIALECTS, KEY, WRONG_KEY_WORDS, Dialect, Vertex
from tests.contracts.wire import Answer, Request, Stub, own_certificate

pytestmark = pytest.mark.xdist_group(
    "vendors"
)  # the vendors' packages take seconds to import: once is enough

PROMPT = Prompt("Judge the answer.", "<answer>We shipped on time.</answer>", "test.v1")
GOOD = json.dumps({"level": 4, "quote": "We shipped on time."})
Got = TypeVar("Got")
_tls: ssl.SSLContext | None = None


@pytest.fixture(scope="module", autouse=True)
def trusted_certificate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    global _tls
    _tls, public = own_certificate(tmp_path_factory.mktemp("tls"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_CA_BUNDLE", str(public))
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        yield


class Verdict(BaseModel):
    level: int = Field(ge=1, le=5)
    quote: str


class Book:
    """Keeps calls in a list."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    async def allow(self, engine: str, *, paid: bool) -> None:
        pass

    async def note(self, call: Call) -> None:
        self.calls.append(call)


def each_vendor() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("dialect", DIALECTS, ids=lambda d: d.vendor)


def talk(
    dialect: Dialect,
    answer: Callable[[Request], Answer],
    what: Callable[[BridgedModel], Awaitable[Got]],
    structured: str | None = None,
) -> tuple[Got, Stub]:
    """What `what` gives with a model connected to a stub."""

    def reply(request: Request) -> Answer:
        if isinstance(dialect, Vertex) and request.path == "/token":
            return dialect.token()
        return answer(request)

    async def scenario() -> tuple[Got, Stub]:
        async with Stub(reply, _tls if dialect.tls else None).running() as stub:
            engine = Engine(
                vendor=dialect.vendor,
                model=dialect.model,
                key=SecretStr(dialect.key(stub.address)),
                address=dialect.address(stub.address),
                project="project-1" if dialect.vendor == "vertex" else "",
                structured=structured,  # type: ignore[arg-type]
            )
            model = catalog.connect(engine)
            assert isinstance(model, BridgedModel)
            try:
                got = await what(model)
            finally:
                await model.close()
            stub.requests = [request for request in stub.requests if dialect.is_call(request)]
            return got, stub

    return asyncio.run(scenario())


def fail(
    dialect: Dialect,
    answer: Callable[[Request], Answer],
    verb: str = "ask",
    structured: str | None = None,
) -> tuple[ProviderError, Stub]:
    """The error that comes out."""

    async def what(model: BridgedModel) -> ProviderError:
        request = model.ask(PROMPT, Verdict) if verb == "ask" else model.speak(PROMPT, lambda _: None)
        with pytest.raises(ProviderError) as caught:
            await request
        return caught.value

    return talk(dialect, answer, what, structured)


@each_vendor()
def test_text_is_streamed_piece_by_piece_and_its_tokens_are_counted(dialect: Dialect) -> None:
    heard: list[str] = []
    pieces = ["What ", "did ", "you ", "do, «exactly»?"]

    reply, stub = talk(
        dialect, lambda _: dialect.text(pieces), lambda model: model.speak(PROMPT, heard.append)
    )

    assert heard == pieces
    assert reply.output == "".join(pieces)
    assert reply.engine == f"{dialect.vendor}:test-model"
    assert (reply.usage.input_tokens, reply.usage.output_tokens) == (40, 7)
    assert dialect.key_of(stub.requests[0]) == KEY
    assert "We shipped on time." in stub.requests[0].body.decode()


@pytest.mark.parametrize(
    ("dialect", "mode"),
    [(d, mode) for d in DIALECTS for mode in d.modes],
    ids=[f"{d.vendor}-{mode}" for d in DIALECTS for mode in d.modes],
)
def test_an_object_comes_back_in_the_schema_that_was_sent(dialect: Dialect, mode: str) -> None:
    reply, stub = talk(
        dialect, lambda request: dialect.object(request, GOOD), lambda model: model.ask(PROMPT, Verdict), mode
    )

    assert reply.output == Verdict(level=4, quote="We shipped on time.")
    assert set(dialect.schema_of(stub.requests[0])["properties"]) == {"level", "quote"}
    assert (reply.usage.input_tokens, reply.usage.output_tokens) == (40, 7)


@each_vendor()
def test_where_nothing_enforces_a_schema_it_stands_in_the_prompt_and_is_checked(dialect: Dialect) -> None:
    answers = iter(["I would say four.", GOOD])

    reply, stub = talk(
        dialect,
        lambda request: dialect.object(request, next(answers)),
        lambda model: model.ask(PROMPT, Verdict),
        "prompted",
    )

    assert reply.output == Verdict(level=4, quote="We shipped on time.")
    assert len(stub.requests) == 2
    assert "quote" in stub.requests[0].body.decode().replace("We shipped", "")


@pytest.mark.parametrize("dialect", [d for d in DIALECTS if "native" not in d.modes], ids=lambda d: d.vendor)
def test_a_way_of_enforcing_a_schema_that_a_model_does_not_have_is_an_error_of_ours(dialect: Dialect) -> None:
    error, stub = fail(dialect, lambda request: dialect.object(request, GOOD), structured="native")

    assert (error.kind, error.retryable) == ("rejected", False)
    assert stub.requests == []


@pytest.mark.parametrize("verb", ["ask", "speak"])
@pytest.mark.parametrize("dialect", [d for d in DIALECTS if d.images], ids=lambda d: d.vendor)
def test_a_picture_arrives_whole_and_beside_the_words(dialect: Dialect, verb: str) -> None:
    picture = Picture(PICTURE.read_bytes(), "image/png")
    prompt = replace(PROMPT, pictures=(picture,))

    async def what(model: BridgedModel) -> object:
        if verb == "ask":
            return (await model.ask(prompt, Verdict)).output.level
        return (await model.speak(prompt, lambda _: None)).output

    def answer(request: Request) -> Answer:
        return dialect.object(request, GOOD) if verb == "ask" else dialect.text(["Red", "."])

    got, stub = talk(dialect, answer, what)

    assert got in (4, "Red.")
    assert dialect.picture_of(stub.requests[0]) == (picture.media_type, picture.content)
    assert "We shipped on time." in stub.requests[0].body.decode()


@pytest.mark.parametrize("dialect", [d for d in DIALECTS if not d.images], ids=lambda d: d.vendor)
def test_a_picture_for_an_interface_without_pictures_is_not_sent(dialect: Dialect) -> None:
    prompt = replace(PROMPT, pictures=(Picture(PICTURE.read_bytes(), "image/png"),))

    async def what(model: BridgedModel) -> ProviderError:
        with pytest.raises(ProviderError) as caught:
            await model.ask(prompt, Verdict)
        return caught.value

    error, stub = talk(dialect, lambda request: dialect.object(request, GOOD), what)

    assert (error.kind, error.retryable) == ("no_images", False)
    assert stub.requests == []


@each_vendor()
@pytest.mark.parametrize("verb", ["ask", "speak"])
def test_a_refused_key_is_named_and_not_tried_again_and_nothing_of_the_body_is_shown(
    dialect: Dialect, verb: str
) -> None:
    error, stub = fail(dialect, lambda _: dialect.error(401), verb)

    assert (error.kind, error.status, error.retryable) == ("credentials", 401, False)
    assert len(stub.requests) == 1
    assert KEY not in str(error)
    assert WRONG_KEY_WORDS not in str(error)


@each_vendor()
@pytest.mark.parametrize("verb", ["ask", "speak"])
def test_a_rate_limit_says_how_long_to_wait_and_the_client_does_not_retry(
    dialect: Dialect, verb: str
) -> None:
    error, stub = fail(dialect, lambda _: dialect.error(429, retry_after="2"), verb)

    assert (error.kind, error.status, error.retryable) == ("rate_limited", 429, True)
    assert error.retry_after_s == 2
    assert len(stub.requests) == 1


@each_vendor()
@pytest.mark.parametrize("verb", ["ask", "speak"])
def test_a_server_error_can_be_retried_and_the_client_does_not_do_it(dialect: Dialect, verb: str) -> None:
    error, stub = fail(dialect, lambda _: dialect.error(500), verb)

    assert (error.kind, error.status, error.retryable) == ("unavailable", 500, True)
    assert len(stub.requests) == 1


@each_vendor()
def test_a_stream_that_breaks_off_is_an_error_and_no_short_text(dialect: Dialect) -> None:
    def answer(_: Request) -> Answer:
        whole = dialect.text(["What ", "did ", "you ", "do?"])
        return Answer(whole.status, whole.headers, whole.chunks[:3], cut=True)

    error, _ = fail(dialect, answer, "speak")

    assert error.kind in ("network", "invalid_output", "unavailable")


@each_vendor()
def test_an_object_that_breaks_off_on_the_way_is_an_error(dialect: Dialect) -> None:
    def answer(request: Request) -> Answer:
        whole = dialect.object(request, GOOD)
        return Answer(whole.status, whole.headers, [whole.chunks[0][:60]], cut=True)

    error, _ = fail(dialect, answer)

    assert error.kind in ("network", "invalid_output", "unavailable")


@each_vendor()
def test_a_slow_drip_ends_at_the_deadline(dialect: Dialect) -> None:
    book, drips = Book(), list[Answer]()

    def answer(_: Request) -> Answer:
        whole = dialect.text([f"word{n} " for n in range(60)])
        drips.append(Answer(whole.status, whole.headers, whole.chunks, pace_s=0.05))
        return drips[-1]

    async def what(model: BridgedModel) -> None:
        guarded = Guarded(model, "interviewer", Limits(deadline_s=0.6), book, None)
        with pytest.raises(ProviderError, match="timeout"):
            await guarded.speak(PROMPT, lambda _: None)

    talk(dialect, answer, what)

    assert all(len(drip.sent) < len(drip.chunks) for drip in drips)  # all of it takes three seconds
    assert [call.problem for call in book.calls] == ["timeout"]


@each_vendor()
def test_an_invalid_object_is_asked_for_once_more(dialect: Dialect) -> None:
    answers = iter(['{"level": 9, "quote": ', GOOD])

    reply, stub = talk(
        dialect,
        lambda request: dialect.object(request, next(answers)),
        lambda model: model.ask(PROMPT, Verdict),
        dialect.modes[0],
    )

    assert reply.output.level == 4
    assert len(stub.requests) == 2


@each_vendor()
def test_an_object_that_is_invalid_twice_is_an_error(dialect: Dialect) -> None:
    error, stub = fail(dialect, lambda request: dialect.object(request, '{"level": 9, "quote": '))

    assert (error.kind, error.retryable) == ("invalid_output", False)
    assert len(stub.requests) == 2


@each_vendor()
def test_a_body_that_is_no_json_is_an_error_of_ours(dialect: Dialect) -> None:
    error, _ = fail(
        dialect, lambda _: Answer(200, {"content-type": "application/json"}, [b"<html>gateway</html>"])
    )

    assert error.kind in ("invalid_output", "network", "unavailable")


SHAPELESS = (
    b"", b"null", b"[]", b"7", b"{}", b'{"choices": [{}]}', b'{"content": [{}]}', b'{"candidates": [{}]}', b'{"error": "x"}',
    b'{"error": {"message": "x"}}', b'{"output": {}}', b"\xff\xfe", b"data: null\n\n", b"data: []\n\n",
    b'data: {"error": {"message": "x"}}\n\n', b'data: {"choices": [{"delta": null}]}\n\n', b"data: [DONE]\n\n",
)  # fmt: skip


@each_vendor()
def test_an_answer_of_any_other_shape_is_no_object_and_no_fault_of_another_kind(dialect: Dialect) -> None:
    sent = [SHAPELESS[0]]

    def answer(_: Request) -> Answer:
        kind = "text/event-stream" if sent[-1].startswith(b"data") else "application/json"
        return Answer(200, {"content-type": kind}, [sent[-1]] if sent[-1] else [])

    async def what(model: BridgedModel) -> None:
        for body in SHAPELESS:
            sent.append(body)
            with pytest.raises(ProviderError):
                await model.ask(PROMPT, Verdict)
            with suppress(ProviderError):
                assert (await model.speak(PROMPT, lambda _: None)).output == ""

    talk(dialect, answer, what)


@each_vendor()
def test_the_wrapper_waits_as_long_as_the_vendor_asks_and_books_both_attempts(dialect: Dialect) -> None:
    answers = iter([dialect.error(429, retry_after="1"), dialect.text(["Tell ", "me ", "more?"])])
    book, waits = Book(), list[float]()

    async def pause(seconds: float) -> None:
        waits.append(seconds)

    async def what(model: BridgedModel) -> str:
        guarded = Guarded(model, "interviewer", Limits(), book, Price(2, 10), pause=pause)  # type: ignore[arg-type]
        return (await guarded.speak(PROMPT, lambda _: None)).output

    text, stub = talk(dialect, lambda _: next(answers), what)

    assert text == "Tell me more?"
    assert waits == [1]
    assert len(stub.requests) == 2
    assert [(call.problem, call.cost) for call in book.calls] == [("rate_limited", None), ("", 150)]
