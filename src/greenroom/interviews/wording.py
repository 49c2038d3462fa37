"""Chooses the panel's sentences: seeded, by tone, none from the last six turns, and new ones while there are any."""

from collections.abc import Collection
from dataclasses import dataclass
from random import Random

from greenroom.library.taxonomy import Lines


@dataclass(frozen=True)
class Phrase:
    """A sentence and the id of its template (`slot.number`), which the log keeps; the same words are
    the same template in every tone."""

    line: str
    text: str


class Wording:
    """Sentences for one move. Two calls for the same slot in one move never give the same template."""

    def __init__(
        self, lines: Lines, tone: str, seed: str, recent: Collection[str], before: Collection[str] = (),
        kind: str = "interview",
    ) -> None:  # fmt: skip
        self._lines, self._tone, self._seed = lines, tone, seed
        self._kind = kind
        self._recent, self._before = set(recent), set(before)
        self.used: list[str] = []

    def say(self, slot: str, key: str | None = None, **values: str) -> str:
        """A sentence of `slot` with its placeholders filled. `key` asks for a variant list other than the tone's."""
        phrase = self._pick(slot, key)
        self.used.append(phrase.line)
        self._recent.add(phrase.line)
        return phrase.text.format(**values)

    def chance(self, what: str, share: float) -> bool:
        """True in about `share` of the moves, the same each time this move is worded."""
        return Random(f"{self._seed}:{what}").random() < share

    def _pick(self, slot: str, key: str | None) -> Phrase:
        slot = own if (own := f"{self._kind}_{slot}") in self._lines else slot
        variants = self._lines[slot]
        tone = key if key in variants else self._tone if self._tone in variants else "any"
        every = list(dict.fromkeys(text for texts in variants.values() for text in texts))
        phrases = [Phrase(f"{slot}.{every.index(text)}", text) for text in variants[tone]]
        if self._kind != "interview":  # where people meet for something else, nobody says "interview"
            phrases = [phrase for phrase in phrases if "interview" not in phrase.text.lower()] or phrases
        rested = [phrase for phrase in phrases if phrase.line not in self._recent]
        fresh = [phrase for phrase in rested if phrase.line not in self._before] or rested or phrases
        return Random(f"{self._seed}:{slot}:{len(self.used)}").choice(fresh)
