"""What counts as said: numbers with their units, names, tools."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenroom.advice.grounding import find_inventions, find_new_words, find_numbers, gather
from greenroom.advice.persons import speaks_of_person

# A server of other tests may run in another thread of this process and draw numbers meanwhile.
pytestmark = pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies")

SAID = (
    "Our nightly export failed at Saltmarsh Water. I read the logs with Priya, found one query in Postgres that held a "
    "lock for nine minutes, and rewrote it in batches. Since then it takes forty seconds, and complaints fell from "
    "thirty a week to two. We saved 1,200 euros a month and halved the alerts."
)
KNOWN = gather([SAID])


@pytest.mark.parametrize(
    "sentence",
    [
        "I rewrote the query in batches, and it now takes 40 seconds.",
        "Complaints fell from 30 to 2 a week.",
        "The lock was held for 9 minutes.",
        "With Priya I read the logs of the nightly export at Saltmarsh Water.",
        "PostgreSQL held the lock.",
        "That saved €1,200 a month.",
        "The alerts were halved.",
        "Then I read the logs.",
        "I'd found one query.",
    ],
)
def test_what_was_said_in_other_words_brings_nothing_in(sentence: str) -> None:
    assert find_inventions(sentence, KNOWN) == []


@pytest.mark.parametrize(
    ("sentence", "invented"),
    [
        ("It now takes 40 percent less time.", "40 percent"),
        ("It takes thirty seconds now.", "30 second"),
        ("Complaints fell by 93%.", "93 percent"),
        ("I led a team of five people.", "5 people"),
        ("We saved 12,000 euros.", "12000 euro"),
        ("I used Kafka for the batches.", "Kafka"),
        ("I moved it to kubernetes.", "Kubernetes"),
        ("Maria helped me to read the logs.", "Maria"),
        ("I told Martin about the query.", "Martin"),
        ("We did it at Amazon.", "Amazon"),
        ("On Monday it failed.", "Monday"),
        ("The AWS export failed.", "AWS"),
        ("It failed three times.", "3 times"),
        ("A hundred and twenty alerts came.", "120"),
        ("Two hundred thousand rows were read.", "200000"),
    ],
)
def test_a_number_a_name_or_a_tool_that_was_not_said_is_found(sentence: str, invented: str) -> None:
    assert invented in find_inventions(sentence, KNOWN)


def test_a_sentence_of_new_words_tells_something_else() -> None:
    assert find_new_words("My manager praised the stakeholder alignment and promoted me.", KNOWN)
    assert not find_new_words("I read the logs, found the query and rewrote it carefully.", KNOWN)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("forty-two seconds", [(42, "second")]),
        ("two hundred and five people", [(205, "people")]),
        ("twenty thousand", [(20_000, "")]),
        ("40k", [(40_000, "")]),
        ("3.5 hours", [(3.5, "hour")]),
        ("60 per cent", [(60, "percent")]),
        ("one of them", []),
        ("a dozen days", [(12, "day")]),
        ("thirty to two", [(30, ""), (2, "")]),
        ("nine-minute lock", [(9, "minute")]),
        ("$5", [(5, "dollar")]),
    ],
)
def test_numbers_are_read_with_their_unit(text: str, numbers: list[tuple[float, str]]) -> None:
    assert find_numbers(text) == numbers


@given(st.integers(0, 999_999), st.sampled_from(["seconds", "people", "percent", "days", ""]))
def test_a_number_that_stands_in_the_text_is_never_new_and_another_always_is(n: int, unit: str) -> None:
    known = gather([f"We had {n} {unit}."])
    assert find_inventions(f"It was {n:,} {unit} then.", known) == []
    assert find_inventions(f"It was {n + 1} {unit} then.", known)


@given(st.text(max_size=300))
def test_a_text_never_brings_in_more_than_it_has(text: str) -> None:
    known = gather([text])
    assert [n for n in find_numbers(text) if n not in known.numbers] == []
    assert find_new_words(text, known) == []


@pytest.mark.parametrize(
    "text",
    ["You seemed nervous.", "She is a strong candidate.", "He has an accent.", "You are not honest here."],
)
def test_sentences_about_a_person_are_told_apart(text: str) -> None:
    assert speaks_of_person(text)
    assert not speaks_of_person("You told how the export failed and what you changed.")
