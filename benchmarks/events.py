"""Precision and recall of the candidate's moves on labelled messages.

    uv run python benchmarks/events.py [--show] [set ...]

Sets are those of benchmarks/events (d, e, f, g) and `a` for events.json. Rules and recogniser have seen all but g,
so g, the default, is the figure for words they were not written for; see benchmarks/README.md for first runs.
Prints one JSON line: per event precision, recall and count, and the same over all moves. `--show` lists the misses.
"""

import json
import sys
from collections import Counter
from pathlib import Path

import yaml

from greenroom.answers.observe import observe
from greenroom.answers.schemas import AnswerTurn
from greenroom.interviews.intents import read
from greenroom.library.catalog import load

HERE = Path(__file__).parent


def labelled(name: str) -> list[tuple[str, str]]:
    """(event, message) of every labelled message of a set."""
    path = HERE / "events.json" if name == "a" else HERE / "events" / f"{name}.yaml"
    raw: dict[str, list[str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
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
    names = [name for name in sys.argv[1:] if name != "--show"] or ["g"]
    rows = [(event, text, recognise(text)) for name in names for event, text in labelled(name)]
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
    print(json.dumps({"benchmark": "events", "sets": names, "overall": overall, "events": table}))


if __name__ == "__main__":
    main()
