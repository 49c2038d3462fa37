"""Fit what tells an answer to another question, and write src/greenroom/grading/builtin/topic.json.

usage: uv run --group fit --extra embeddings python benchmarks/fit_topic.py --saf saf.jsonl --model FOLDER

Read are the SAF answers (MIT) and benchmarks/data/short_answers.yaml only: each answer with its own question, and as
many with another question of the same set. Prints one JSON line: the area under the curve with whole questions left
out, and the share of honest answers below both bounds.
"""

import argparse
import json
import random
from pathlib import Path

import numpy as np
from fit_grader import Row, read_own, read_saf
from fitting import folds
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from greenroom.answers.lexicon import STOP_STEMS
from greenroom.answers.noise import clean_turns
from greenroom.answers.schemas import AnswerTurn
from greenroom.answers.text import stems_of
from greenroom.grading.builtin.alignment import prepare
from greenroom.grading.builtin.reference import Reference, measure
from greenroom.providers.embeddings.onnx import OnnxEmbeddings

OUT = Path(__file__).parents[1] / "src/greenroom/grading/builtin/topic.json"
FEATURES = {
    "lexical": ("known", "asked", "recall_plain", "any", "hits", "unknown"),
    "embeddings": ("text", "field", "known", "recall_plain", "word", "word_precision", "length"),
}
BOUNDS = {"lexical": (0.53, 0.1), "embeddings": (0.07, 0.01)}  # where an estimate begins to lose; off topic
FOREIGN = 350  # answers of each set given to another question


def signs_of(target: Reference, text: str, embed: OnnxEmbeddings) -> dict[str, float]:
    question = frozenset(stems_of(target.question)) - STOP_STEMS
    cleaned = clean_turns([AnswerTurn(seq=0, text=text)], [target.question], lists=False)
    return measure(target, prepare(cleaned.kept, question), question, embed)[0]


def pair_up(rows: list[Row], rng: random.Random) -> list[tuple[str, int, Row, Reference]]:
    """Group, whether to its own question, answer, question."""
    own = [(row[1], 1, row, row[2]) for row in rows]
    foreign = []
    while len(foreign) < FOREIGN:
        row, other = rng.choice(rows), rng.choice(rows)
        if row[1] != other[1]:
            foreign.append((other[1], 0, row, other[2]))
    return own + foreign


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--saf", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    args = parser.parse_args()
    embed = OnnxEmbeddings(args.model)
    rng = random.Random(11)
    cases = pair_up(read_saf(args.saf), rng) + pair_up(read_own(), rng)
    signs = [signs_of(target, row[4], embed) for _, _, row, target in cases]
    y = np.array([own for _, own, *_ in cases])
    groups = np.array([group for group, *_ in cases])
    cells = np.array([f"{row[0]}{own}" for _, own, row, _ in cases])
    w = np.array([len(cells) / 4 / (cells == cell).sum() for cell in cells])
    content, figures = {}, {}
    for tier, names in FEATURES.items():
        x = np.array([[s[name] for name in names] for s in signs])
        mean, scale = np.average(x, axis=0, weights=w), x.std(axis=0) + 1e-6
        z = (x - mean) / scale
        held = np.zeros(len(y))
        for train, test in folds(groups):
            held[test] = LogisticRegression().fit(z[train], y[train], w[train]).predict_proba(z[test])[:, 1]
        final = LogisticRegression().fit(z, y, w)
        doubt, foreign = BOUNDS[tier]
        content[tier] = {
            "features": list(names),
            "mean": np.round(mean, 5).tolist(),
            "scale": np.round(scale, 5).tolist(),
            "weights": np.round(final.coef_[0], 5).tolist(),
            "bias": round(float(final.intercept_[0]), 5),
            "doubt": doubt,
            "foreign": foreign,
        }
        figures[tier] = {
            "auc": round(float(roc_auc_score(y, held)), 3),
            "honest_below_doubt": round(float((held[y == 1] < doubt).mean()), 4),
            "honest_below_foreign": round(float((held[y == 1] < foreign).mean()), 4),
            "foreign_below_doubt": round(float((held[y == 0] < doubt).mean()), 3),
        }
    OUT.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    print(json.dumps({"benchmark": "fit_topic", **figures}))


if __name__ == "__main__":
    main()
