"""Precision and recall of the candidate's moves on the labelled messages of events.json.

    uv run python benchmarks/events.py [--show]

Prints one JSON line: per event precision, recall and count, and the same over all. `--show` lists the misses.
"""

import json
import sys
from collections import Counter
from pathlib import Path

from greenroom.answers.observe import observe
from greenroom.answers.schemas import AnswerTurn
from greenroom.interviews.intents import read
from greenroom.library.catalog import load

MESSAGES = Path(__file__).parent / "events.json"


def labelled(path: Path = MESSAGES) -> list[tuple[str, str]]:
    """(event, message) of every labelled message. The rules were written without them: keep it so."""
    raw: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8"))
    return [(event, text) for event, texts in raw.items() for text in texts]


def recognise(text: str) -> str:
    """The event the product takes a message for, as an answer to a behavioral question."""
    library = load()
    item = library.items["beh.communication.001"]
    seen = observe(item, [AnswerTurn(seq=1, text=text)])
    return read(text, library.intents, observation=seen).kind


def rates(pairs: list[tuple[str, str]]) -> dict[str, dict[str, float]]:
    """Precision, recall and count per event from (expected, recognised) pairs."""
    hits, expected, recognised = (
        Counter(e for e, r in pairs if e == r),
        Counter(e for e, _ in pairs),
        Counter(r for _, r in pairs),
    )
    return {
        event: {
            "precision": round(hits[event] / recognised[event], 3) if recognised[event] else 0.0,
            "recall": round(hits[event] / count, 3),
            "n": count,
        }
        for event, count in sorted(expected.items())
    }  # fmt: skip


def main() -> None:
    """Measure and print."""
    rows = [(event, text, recognise(text)) for event, text in labelled()]
    if "--show" in sys.argv:
        for event, text, found in rows:
            if event != found:
                print(f"{event:14} -> {found:14} {text}", file=sys.stderr)
    table = rates([(event, found) for event, _, found in rows])
    moves = [(e, r) for e, _, r in rows]
    right = sum(e == r for e, r in moves if e != "answer")
    taken = sum(r != "answer" for _, r in moves)
    wanted = sum(e != "answer" for e, _ in moves)
    overall = {"precision": round(right / taken, 3), "recall": round(right / wanted, 3), "n": wanted}
    print(json.dumps({"benchmark": "events", "overall": overall, "events": table}))


if __name__ == "__main__":
    main()
