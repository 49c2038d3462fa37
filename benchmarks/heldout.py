"""The built-in grader on answers of another hand.

usage: uv run python benchmarks/heldout.py

`benchmarks/data/heldout.jsonl` holds 220 answers to 55 bank items. One hand wrote them, seeing prompt and anchors
only; another levelled them blind against the anchors. Neither saw key points, cues or samples. No weight is fitted
on them, but the choice of measures was made while looking at them. Prints one JSON line:
mean absolute error in levels, rank correlation, and how often of two answers to the same question the better one is
graded higher.
"""

import json
from itertools import combinations
from pathlib import Path
from statistics import correlation, fmean

from greenroom.answers.schemas import AnswerTurn
from greenroom.grading.builtin import grade
from greenroom.library import catalog

DATA = Path(__file__).parent / "data" / "heldout.jsonl"


def main() -> None:
    items = catalog.load().items
    rows = [json.loads(line) for line in DATA.read_text().splitlines()]
    judged: list[dict] = []
    refused = 0
    for row in rows:
        result = grade(items[row["item"]], [AnswerTurn(seq=1, text=row["answer"])])
        if result.level is None:
            refused += 1
            continue
        judged.append({**row, "graded": result.level, "inside": result.low <= row["level"] <= result.high})
    pairs = [
        (better["graded"] > worse["graded"]) + 0.5 * (better["graded"] == worse["graded"])
        for one, other in combinations(judged, 2)
        if one["item"] == other["item"] and abs(one["level"] - other["level"]) >= 1
        for better, worse in [(one, other) if one["level"] > other["level"] else (other, one)]
    ]
    by_type = {
        kind: round(fmean(abs(r["graded"] - r["level"]) for r in judged if r["item"].startswith(kind)), 2)
        for kind in ("beh", "sit", "tech", "hr")
    }
    print(
        json.dumps(
            {
                "benchmark": "heldout",
                "answers": len(rows),
                "not_enough": refused,
                "mae_levels": round(fmean(abs(r["graded"] - r["level"]) for r in judged), 3),
                "mae_by_type": by_type,
                "mean_error": round(fmean(r["graded"] - r["level"] for r in judged), 3),
                "pearson": round(correlation([r["level"] for r in judged], [r["graded"] for r in judged]), 3),
                "pairs_in_order": round(fmean(pairs), 3),
                "inside_interval": round(fmean(r["inside"] for r in judged), 3),
                "writer_and_leveller_mae": round(fmean(abs(r["intended"] - r["level"]) for r in rows), 3),
            }
        )
    )


if __name__ == "__main__":
    main()
