"""The built-in grader on answers of another hand.

usage: uv run python benchmarks/heldout.py [--data fresh.jsonl] [--tier embeddings --model FOLDER]

`benchmarks/data/README.md` says how the answers came about and what they were looked at for: `heldout.jsonl` while
measures were chosen, `fresh.jsonl` and `voices.jsonl` for nothing but the final figure. Prints one JSON line:
mean absolute error in levels, rank correlation, and how often of two answers to the same question the better one is
graded higher. `by_half` is of `heldout.jsonl` alone: the items whose answers were read and set the scale, and the rest,
of which no text was looked at since version 3.
"""

import argparse
import json
from itertools import combinations
from pathlib import Path
from statistics import correlation, fmean

from voices import list_half

from greenroom.answers.schemas import AnswerTurn
from greenroom.grading.builtin import grade
from greenroom.library import catalog

FOLDER = Path(__file__).parent / "data"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="heldout.jsonl", help="file of benchmarks/data")
    parser.add_argument("--tier", choices=("lexical", "embeddings"), default="lexical")
    parser.add_argument("--model", type=Path, help="folder of the embedding model")
    args = parser.parse_args()
    embed = None
    if args.tier == "embeddings":
        from greenroom.providers.embeddings.onnx import OnnxEmbeddings

        embed = OnnxEmbeddings(args.model)
    items = catalog.load().items
    rows = [json.loads(line) for line in (FOLDER / args.data).read_text(encoding="utf-8").splitlines()]
    judged: list[dict] = []
    refused = 0
    for row in rows:
        result = grade(
            items[row["item"]], [AnswerTurn(seq=1, text=row["answer"])], tier=args.tier, embed=embed
        )
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
    by_type = mae_by_type(judged)
    half = list_half(rows) if args.data == "heldout.jsonl" else set()
    print(
        json.dumps(
            {
                "benchmark": "heldout",
                "data": args.data,
                "tier": args.tier,
                "answers": len(rows),
                "not_enough": refused,
                "mae_levels": round(fmean(abs(r["graded"] - r["level"]) for r in judged), 3),
                "mae_by_type": by_type,
                "by_half": {
                    name: mae_by_type([r for r in judged if (r["item"] in half) == read])
                    for name, read in (("read", True), ("not_read", False))
                    if half
                },
                "mean_error": round(fmean(r["graded"] - r["level"] for r in judged), 3),
                "pearson": round(correlation([r["level"] for r in judged], [r["graded"] for r in judged]), 3),
                "pairs_in_order": round(fmean(pairs), 3),
                "inside_interval": round(fmean(r["inside"] for r in judged), 3),
                "writer_and_leveller_mae": round(
                    fmean(abs(r.get("intended", r["level"]) - r["level"]) for r in rows), 3
                ),
            }
        )
    )


def mae_by_type(judged: list[dict]) -> dict[str, float]:
    """Mean absolute error over all and by type of question, where there are answers."""
    found = {"all": [abs(r["graded"] - r["level"]) for r in judged]}
    for row, error in zip(judged, found["all"], strict=True):
        found.setdefault(row["item"].split(".")[0], []).append(error)
    return {kind: round(fmean(errors), 3) for kind, errors in found.items()}


if __name__ == "__main__":
    main()
