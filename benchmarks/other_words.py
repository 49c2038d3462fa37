"""Whether the grader tells right from wrong where neither uses the reference's words.

usage: uv run --extra embeddings python benchmarks/other_words.py [--model FOLDER]

`benchmarks/data/other_words.yaml` has for each question the right answer in other words and a wrong one of the same
field, equally fluent. Prints one JSON line a tier: mean scores, how often the right answer of a question is above the
wrong one (a tie is half), and the same for single measures, over all pairs (area under the curve).
"""

import argparse
import json
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from statistics import fmean

import yaml

from greenroom.answers.schemas import AnswerTurn
from greenroom.grading.builtin.reference import Reference, judge

DATA = Path(__file__).parent / "data/other_words.yaml"
MEASURES = ("recall", "text", "word", "word_sharp")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--model", type=Path, help="folder of the embedding model; left out: lexical tier only"
    )
    args = parser.parse_args()
    embed = None
    if args.model:
        from greenroom.providers.embeddings.onnx import OnnxEmbeddings

        embed = OnnxEmbeddings(args.model)
    rows = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    for tier in ("lexical", "embeddings") if embed else ("lexical",):
        judged = {
            kind: [
                judge(
                    Reference(row["question"], (row["reference"],)),
                    [AnswerTurn(seq=1, text=row[kind])],
                    tier=tier,
                    embed=embed,
                )
                for row in rows
            ]
            for kind in ("right", "wrong")
        }
        shares = {kind: [found.share or 0.0 for found in judged[kind]] for kind in judged}
        apart = {
            name: count_above(*([found.measures[name] for found in judged[kind]] for kind in judged))
            for name in MEASURES
            if name in judged["right"][0].measures
        }
        print(
            json.dumps(
                {
                    "benchmark": "other_words",
                    "tier": tier,
                    "questions": len(rows),
                    "mean_right": round(100 * fmean(shares["right"]), 1),
                    "mean_wrong": round(100 * fmean(shares["wrong"]), 1),
                    "right_above_wrong": round(
                        fmean(place(r, w) for r, w in zip(shares["right"], shares["wrong"], strict=True)), 3
                    ),
                    "auc": count_above(shares["right"], shares["wrong"]),
                    "auc_of_measures": apart,
                }
            )
        )


def place(right: float, wrong: float) -> float:
    """1 when the right one is higher, a half when they tie."""
    return (right > wrong) + 0.5 * (right == wrong)


def count_above(right: Sequence[float], wrong: Sequence[float]) -> float:
    """Of all pairs of a right and a wrong answer, the share in which the right one is higher."""
    return round(fmean(place(r, w) for r, w in product(right, wrong)), 3)


if __name__ == "__main__":
    main()
