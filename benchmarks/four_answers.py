"""Four answers to one behavioral question through the built-in grader, out of 25 as the peer's scale has it.

Usage: uv run python benchmarks/four_answers.py
The good answer is one of benchmarks/data/heldout.jsonl, so no fitting has seen it. Prints one JSON line.
"""

import json
from pathlib import Path

from greenroom.answers.schemas import AnswerTurn
from greenroom.grading.builtin import grade
from greenroom.library import catalog

HELD = Path(__file__).parent / "data" / "heldout.jsonl"
PEER = {"gibberish": 11, "do_not_know": 11, "good_structured": 17, "keyword_stuffed": 18}


def main() -> None:
    rows = [json.loads(line) for line in HELD.read_text(encoding="utf-8").splitlines()]
    good = next(r for r in rows if r["item"].startswith("beh.") and r["level"] == 5)
    item = catalog.load().items[good["item"]]
    stuffed = ", ".join(cue for point in item.key_points for cue in point.cues)
    answers = {
        "gibberish": "asdkj qwlke zxmnc poiqwe lkajsd mnbzx qowieu",
        "do_not_know": "I don't know.",
        "good_structured": good["answer"],
        "keyword_stuffed": stuffed,
    }
    ours = {}
    for name, text in answers.items():
        result = grade(item, [AnswerTurn(seq=1, text=text)])
        ours[name] = "no number" if result.score is None else round(result.score / 4, 1)
    print(json.dumps({"benchmark": "four_answers", "item": item.id, "ours_of_25": ours, "peer_of_25": PEER}))


if __name__ == "__main__":
    main()
