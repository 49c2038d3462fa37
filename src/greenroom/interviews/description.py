"""Reads an own description into a scene by fixed rules: what it is about, who is there, what they want to know. Pure.

No model takes part, and the plan says so. What a model reads (`staging`) becomes a scene by the same `set_scene`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from greenroom.interviews.references import noun_phrases
from greenroom.library.scenes import AgendaItem, Reading, Scene, Stakeholder
from greenroom.library.taxonomy import Nouns

CAST: Final = ("hiring_manager", "peer", "bar_raiser", "hr")
"""Who of our personas plays the people at the table."""
TOPICS: Final = 5
TOPIC_WORDS: Final = 9
TITLE_CHARS: Final = 70
OWN: Final = "own"
YOURS: Final = {
    "my": "your",
    "our": "your",
    "me": "you",
    "us": "you",
    "i": "you",
    "mine": "yours",
    "ours": "yours",
}
_BULLET: Final = re.compile(r"^\s*(?:[-*•·]|\d{1,2}[.)])\s+(.+)$", re.MULTILINE)


def read(text: str, rules: Reading, nouns: Nouns) -> Scene:
    """The scene of a description. The same text gives the same scene."""
    topics = find_topics(text, rules, nouns)
    people = find_people(text, rules)
    presents = bool(_first(text, rules.presents))
    agenda = [
        AgendaItem(title=_capital(topic), topic=topic, interests=_interests(topic, _around(text, topic), rules, nth))
        for nth, topic in enumerate(topics)
    ]  # fmt: skip
    seats = [*people, *(other for other in rules.others if other not in people)][: len(CAST)]
    return set_scene(text, agenda, _cast(seats, rules), _explain(topics, people, presents), presents=presents)


def set_scene(
    text: str, agenda: list[AgendaItem], cast: list[Stakeholder], note: str, *, presents: bool
) -> Scene:
    """The scene of a description with this agenda and these people, whoever read them out of it."""
    topics = [entry.topic for entry in agenda]
    return Scene(
        slug=OWN, scenario=OWN, title=_title(text), field="own description", you="yourself, in the situation you described",
        subject=topics[0], situation=text.strip(), presents=presents, opening=_opening(presents, topics),
        invitation="The floor is yours." if presents else "Please begin: what is this about, and what do you want from us?",
        facts=[], cast=cast, agenda=agenda, notes=[note],
    )  # fmt: skip


def find_topics(text: str, rules: Reading, nouns: Nouns) -> list[str]:
    """What it is about, in the description's words turned to the listener: listed points, else what follows words such
    as "about", else the things it names most tellingly."""
    listed = [_trim(match.group(1), ()) for match in _BULLET.finditer(text)]
    if len(listed) >= 2:
        return _distinct(listed)
    flat = " ".join(text.split())
    cues = "|".join(sorted(rules.cues, key=len, reverse=True))
    named = [
        _trim(match.group(1), rules.ends)
        for match in re.finditer(rf"\b(?:{cues})\s+([^.,;:!?()]{{3,120}})", flat, re.IGNORECASE)
    ]
    things = [thing for thing in noun_phrases(flat, nouns) if thing.split()[-1].lower() not in rules.people]
    found = _distinct([*named, *things] if len(_distinct(named)) < 2 else named)
    return found or ["what you described"]


def _trim(phrase: str, ends: Iterable[str]) -> str:
    """The phrase up to the first word that ends a topic, at most nine words, spoken to the person who wrote it."""
    for end in ends:
        phrase = re.split(rf"\s+{re.escape(end)}\s+", f"{phrase} ", maxsplit=1, flags=re.IGNORECASE)[0]
    return address(phrase.strip(" .,:;-–").split()[:TOPIC_WORDS])


def address(words: Iterable[str]) -> str:
    """The words spoken to the person who wrote them: "my team" becomes "your team"."""
    return " ".join(YOURS.get(word.lower(), word) for word in words)


def _distinct(phrases: Iterable[str]) -> list[str]:
    """The first few that say something and do not say it again."""
    kept: list[str] = []
    for phrase in phrases:
        last = phrase.rsplit(maxsplit=1)[-1].lower() if phrase else ""
        if len(last) > 2 and not any(last == other.rsplit(maxsplit=1)[-1].lower() for other in kept):
            kept.append(phrase)
    return kept[:TOPICS]


def find_people(text: str, rules: Reading) -> list[str]:
    """Who is there, as they are called at the table, in the order they are named."""
    places = {title: at for word, title in rules.people.items() if (at := _place(text, word)) is not None}
    titles: list[str] = []
    for title in sorted(places, key=lambda name: places[name]):
        if not any(title.split()[-1].rstrip("s") == other.split()[-1].rstrip("s") for other in titles):
            titles.append(title)
    return titles[: len(CAST)]


def _place(text: str, word: str) -> int | None:
    match = re.search(rf"\b{re.escape(word)}\b", text.lower())
    return match.start() if match else None


def _first(text: str, words: Sequence[str]) -> str:
    return next((word for word in words if _place(text, word) is not None), "")


def _around(text: str, topic: str) -> str:
    """The sentence in which a topic stands."""
    key = topic.rsplit(maxsplit=1)[-1].lower()
    return next((part for part in re.split(r"(?<=[.!?])\s+|\n+", text) if key in part.lower()), topic)


def _interests(topic: str, sentence: str, rules: Reading, nth: int) -> list[str]:
    """Interests that the topic's own words call up, then those of its sentence, then the usual ones in turn."""
    called = [
        interest
        for place in (topic, sentence)
        for interest, words in rules.interests.items()
        if _first(place, words)
    ]
    usual = [*rules.order[nth:], *rules.order[:nth]]
    return list(dict.fromkeys([*called, *usual]))


def _cast(titles: Sequence[str], rules: Reading) -> list[Stakeholder]:
    """One persona for each; the interests go round the table in their usual order."""
    every = list(dict.fromkeys([*rules.order, *rules.interests]))
    return [
        Stakeholder.model_validate(
            {"persona": CAST[at], "title": title, "interests": every[at :: len(titles)]}
        )
        for at, title in enumerate(titles)
    ]


def _title(text: str) -> str:
    first = re.split(r"(?<=[.!?])\s+|\n", text.strip())[0].rstrip(".!?:")
    return first if len(first) <= TITLE_CHARS else f"{first[:TITLE_CHARS].rsplit(' ', 1)[0]} …"


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _opening(presents: bool, topics: Sequence[str]) -> str:
    listed = ", then ".join(topics)
    if presents:
        return f"You present, and we ask afterwards. We'd like to hear about {listed}."
    return f"We have this on the agenda: {listed}."


def _explain(topics: Sequence[str], people: Sequence[str], presents: bool) -> str:
    kind = "a presentation" if presents else "a meeting"
    who = (
        f" At the table: {', '.join(people)}."
        if people
        else " Nobody in particular is named, so the table is made up."
    )
    return (
        f"Read out of your description by fixed rules, without a model: {kind} about {'; '.join(topics)}.{who} "
        "Change the words, and this changes."
    )


def check_rules(rules: Reading, interests: Mapping[str, object]) -> list[str]:
    """Interests the rules name that no question serves, or that they have no words for."""
    return sorted(({*rules.order, *rules.interests} - set(interests)) | (set(interests) - set(rules.sides)))
