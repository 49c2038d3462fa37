"""A model proposes what to follow up: from a closed list, about words that were said, and only as the conductor decides."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from greenroom.engines.connections import Connections
from greenroom.interviews import log
from greenroom.interviews.proposals import MEANINGS
from greenroom.interviews.queries import read_log
from greenroom.interviews.replay import replay
from greenroom.providers import catalog
from greenroom.providers.llm.base import Prompt, ProviderError
from greenroom.providers.llm.scripted import Script, ScriptedModel
from tests.live import Live, serving, settings_for
from tests.room.test_turns import GOOD, start, turn
from tests.waiting import until

ENGINE = "ollama:words"
NO_WORDS = ProviderError("unavailable")
ANSWER = (
    "In my last job we moved the billing service to a new database. We planned it together and we tested it in "
    "the evenings, and I wrote the script that copied the old invoices. The rest of the team looked after the servers. "
    "It went well and everybody was happy with how the new system worked afterwards."
)
QUOTE = "I wrote the script that copied the old invoices"


@pytest.fixture(scope="module")
def proposing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("proposing")
    with serving(settings_for(folder, "", interviewer_engines=ENGINE, worker="none")) as running:
        yield running


@pytest.fixture
def client(proposing: Live) -> Iterator[httpx.Client]:
    with proposing.client() as client:
        yield client


def script(live: Live, proposal: Script, words: Script = NO_WORDS) -> ScriptedModel:
    """The engine proposes this, and words questions like that (not at all)."""

    def answer(prompt: Prompt) -> Any:
        line = proposal if prompt.version.startswith("follow_up") else words
        return line(prompt) if callable(line) else line

    model = ScriptedModel([answer], name=ENGINE)
    (engine,) = catalog.read_engines(ENGINE)
    live.app.state.context.one(Connections).put(engine, model)
    return model


def entries_of(live: Live, session: str) -> list[log.Entry]:
    async def read() -> list[log.Entry]:
        async with live.app.state.context.database.read() as db:
            return await read_log(db, UUID(session))

    return live.run(read())


def follow_up(live: Live, client: httpx.Client, proposal: Script, words: Script = NO_WORDS) -> Any:
    """The room right after the bank's follow-up, the room once the model was heard, and the log's payloads."""
    script(live, {"trigger": "none"})
    room = start(client, type="behavioral", seed=7)
    room = turn(client, room, text=GOOD).json()
    script(live, proposal, words)
    settle(live, room["session_id"], "wording")
    room = client.get(f"/api/v1/sessions/{room['session_id']}").json()
    asked = turn(client, room, text=ANSWER).json()
    assert asked["question"]["is_follow_up"], asked["question"]
    settle(live, room["session_id"], "wording")
    now = client.get(f"/api/v1/sessions/{room['session_id']}").json()
    return asked, now, [entry.payload for entry in entries_of(live, room["session_id"])]


def settle(live: Live, session: str, what: str) -> None:
    """Until the last thing in the log is what became of the words."""

    def is_it(last: log.AnyPayload) -> bool:
        return isinstance(last, log.WordingReplaced) or (
            isinstance(last, log.Noticed) and last.notice.startswith(what)
        )

    until(lambda: entries_of(live, session)[-1].payload, is_it)


def other(prompt: Prompt) -> str:
    """A trigger that was offered and is not the bank's."""
    offered = [trigger for trigger in MEANINGS if f"- {trigger}:" in prompt.instructions]
    return next(trigger for trigger in ("no_measure", "missing_result", "vague") if trigger in offered)


def test_a_proposal_on_the_list_about_words_that_were_said_is_asked(
    proposing: Live, client: httpx.Client
) -> None:
    asked, now, payloads = follow_up(proposing, client, lambda p: {"trigger": other(p), "quote": QUOTE})
    proposed = next(n for n, p in enumerate(payloads) if isinstance(p, log.FollowUpProposed))
    changed = payloads[proposed + 1]
    assert isinstance(changed, log.FollowUpChanged)
    assert changed.refers_to == QUOTE
    assert QUOTE in now["question"]["lead_in"]
    assert now["question"]["text"] != asked["question"]["text"]
    assert (now["question"]["id"], now["question"]["is_follow_up"]) == (asked["question"]["id"], True)
    assert now["transcript"][-1]["text"] == changed.words
    assert now["counter"] == asked["counter"]


def test_the_log_alone_gives_the_same_state_again(proposing: Live, client: httpx.Client) -> None:
    _, now, payloads = follow_up(proposing, client, lambda p: {"trigger": other(p), "quote": QUOTE})
    state = replay(entries_of(proposing, now["session_id"]))
    changed = next(p for p in payloads if isinstance(p, log.FollowUpChanged))
    assert state.root is not None
    assert state.root.probes == [changed.trigger]
    assert state.probes_used == 1
    assert state.current is not None
    assert state.current.text == changed.text


def test_the_changed_follow_up_is_then_worded_by_the_model(proposing: Live, client: httpx.Client) -> None:
    def words(prompt: Prompt) -> str:
        question = prompt.data.split("<<question ")[1].split("\n", 1)[1].split("\n<<end question", 1)[0]
        return f"You wrote that script yourself. {question}"

    _, now, payloads = follow_up(proposing, client, lambda p: {"trigger": other(p), "quote": QUOTE}, words)
    changed = next(p for p in payloads if isinstance(p, log.FollowUpChanged))
    assert now["question"]["text"] == f"You wrote that script yourself. {changed.text}"
    assert now["transcript"][-1]["source"] == "model"


@pytest.mark.parametrize(
    ("proposal", "reason"),
    [
        ({"trigger": "none", "quote": ""}, "nothing_proposed"),
        ({"trigger": "end_the_interview", "quote": QUOTE}, "not_offered"),
        ({"trigger": "off_topic", "quote": QUOTE}, "not_offered"),
        ({"trigger": "strong", "quote": QUOTE}, "not_offered"),
        (lambda p: {"trigger": other(p), "quote": "I saved two million dollars"}, "quote_not_found"),
        (lambda p: {"trigger": other(p), "quote": ""}, "quote_not_found"),
        (lambda p: {"trigger": other(p), "quote": ANSWER[:300]}, "quote_too_long"),
    ],
)
def test_a_proposal_that_the_conductor_cannot_use_leaves_the_banks_follow_up_and_a_note(
    proposing: Live, client: httpx.Client, proposal: Script, reason: str
) -> None:
    asked, now, payloads = follow_up(proposing, client, proposal)
    assert now["question"] == asked["question"]
    declined = [p.detail for p in payloads if isinstance(p, log.Noticed) and p.notice == "proposal_declined"]
    assert declined == [reason]
    report = client.get(f"/api/v1/sessions/{now['session_id']}/report").json()
    assert any("proposed what 1 follow-up should take up" in note for note in report["judged"]["notes"])


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (ProviderError("unavailable", status=500), "unavailable"),
        (ProviderError("timeout"), "timeout"),
        (ProviderError("refused"), "refused"),
        ("", "invalid_output"),
        ("I'm sorry, I cannot help with that.", "invalid_output"),
        ({"trigger": "vague", "quote": "word " * 10_000}, "invalid_output"),
    ],
)
def test_a_model_that_fails_leaves_the_banks_follow_up_and_log_and_report_say_so(
    proposing: Live, client: httpx.Client, failure: Script, kind: str
) -> None:
    asked, now, payloads = follow_up(proposing, client, failure)
    assert now["question"] == asked["question"]
    failed = [p.detail for p in payloads if isinstance(p, log.Noticed) and p.notice == "proposal_failed"]
    assert failed == [kind]
    report = client.get(f"/api/v1/sessions/{now['session_id']}/report").json()
    assert any("was to propose 1 follow-up and gave none" in note for note in report["judged"]["notes"])


def test_a_model_that_proposes_all_the_time_adds_no_follow_up_and_drops_no_question(
    proposing: Live, client: httpx.Client
) -> None:
    def run(proposal: Script) -> tuple[int, list[str]]:
        script(proposing, proposal)
        room = start(client, type="behavioral", seed=11)
        for _ in range(40):
            if "question" in room["moves"] or room["state"] == "ended":
                break
            room = turn(client, room, text=ANSWER).json()
            if room["question"] and room["question"]["is_follow_up"]:
                settle(proposing, room["session_id"], "wording")
        state = replay(entries_of(proposing, room["session_id"]))
        return state.probes_used, [str(root.competency) for root in state.core]

    without = run({"trigger": "none"})
    greedy = run(lambda p: {"trigger": other(p), "quote": QUOTE})
    assert greedy[0] <= without[0] + 1
    assert greedy[1] == without[1]
