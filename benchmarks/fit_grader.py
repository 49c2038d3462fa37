"""Fit the built-in grader's numbers and write src/greenroom/grading/builtin/weights.json.

Usage: uv run --group fit --extra embeddings python benchmarks/fit_grader.py --saf saf.jsonl --model FOLDER
Only what may ship is read: the SAF answers (MIT), our own answers in benchmarks/data and the bank's samples.
Prints one JSON line with the cross-validated figures of every head and tier.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import yaml
from fit_items import fit_head, fit_topic, measure_bank
from fit_manner import fit_manner
from fitting import fit_knots, fit_linear, fit_widths, folds, search_kernel
from voices import read_half, read_voices

from greenroom.answers.language import detect_language
from greenroom.answers.lexicon import STOP_STEMS
from greenroom.answers.noise import clean_turns
from greenroom.answers.schemas import AnswerTurn
from greenroom.answers.text import stems_of
from greenroom.grading.builtin.alignment import prepare
from greenroom.grading.builtin.manner import load_manner
from greenroom.grading.builtin.reference import Reference, measure
from greenroom.grading.builtin.weights import Tier, interpolate
from greenroom.library.schemas import Item
from greenroom.providers.embeddings.onnx import OnnxEmbeddings

ROOT = Path(__file__).parents[1]
OUT = ROOT / "src/greenroom/grading/builtin/weights.json"
MANNER = OUT.with_name("manner.json")
VERSION = "4"
LEXICAL = (
    "recall",
    "recall_plain",
    "precision",
    "cosine",
    "clause",
    "opposed",
    "grams",
    "numbers",
    "developed",
)
MEANING = ("text", "sentence", "word", "word_plain", "word_precision", "word_sharp")
Row = tuple[str, str, Reference, float, str]  # set, group, question, score, answer


def read_saf(path: Path) -> list[Row]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        ("saf", r["group"], Reference(r["question"], tuple(r["references"])), float(r["score"]), r["answer"])
        for r in rows
        if detect_language(r["answer"]) in ("en", None)
    ]


def read_own() -> list[Row]:
    data = yaml.safe_load((ROOT / "benchmarks/data/short_answers.yaml").read_text(encoding="utf-8"))
    return [
        ("own", f"own{n}", Reference(q["question"], (q["reference"],)), float(score), text)
        for n, q in enumerate(data)
        for score, text in q["answers"]
    ]


def read_items(folder: Path) -> list[Item]:
    found = [
        Item.model_validate(raw)
        for path in sorted(folder.rglob("*.yaml"))
        for raw in yaml.safe_load(path.read_text(encoding="utf-8")) or []
        if isinstance(raw, dict) and "prompt" in raw
    ]
    return [
        item for item in found if item.key_points and item.samples and item.type not in ("opening", "closing")
    ]


def read_bank(items: list[Item]) -> list[Row]:
    return [
        ("bank", item.id, Reference(item.prompt, (item.reference,)), (sample.score - 1) / 4, sample.text)
        for item in items
        if item.reference
        for sample in item.samples
        if sample.kind != "keyword_stuffed"
    ]


def measures_of(target: Reference, text: str, embed: OnnxEmbeddings) -> dict[str, float]:
    question = frozenset(stems_of(target.question)) - STOP_STEMS
    cleaned = clean_turns([AnswerTurn(seq=0, text=text)], [target.question], lists=False)
    return measure(target, prepare(cleaned.kept, question), question, embed)[0]


def read_measures(rows: list[Row], embed: OnnxEmbeddings, cache: Path | None) -> list[dict[str, float]]:
    """The measures of all rows, from the cache where it has them."""
    known = json.loads(cache.read_text(encoding="utf-8")) if cache and cache.is_file() else {}
    found = []
    for row in rows:
        key = f"{row[2].question}|{row[2].statements[0]}|{row[4]}"
        if key not in known:
            known[key] = measures_of(row[2], row[4], embed)
        found.append(known[key])
    if cache:
        cache.write_text(json.dumps(known), encoding="utf-8")
    return found


def likeness(rows: list[Row], tier: Tier, embed: OnnxEmbeddings) -> np.ndarray:
    question = frozenset(stems_of(rows[0][2].question)) - STOP_STEMS
    texts = [row[4] for row in rows]
    weights = [
        prepare(clean_turns([AnswerTurn(seq=0, text=t)], (), lists=False).kept, question).weights
        for t in texts
    ]
    places = {s: n for n, s in enumerate({s for w in weights for s in w})}
    matrix = np.zeros((len(texts), len(places) + 1))
    for n, row in enumerate(weights):
        for stem, weight in row.items():
            matrix[n, places[stem]] = weight
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True) + 1e-9
    words = matrix @ matrix.T
    if tier == "lexical":
        return words
    return (words + np.clip(np.array(embed.compare_texts(texts, texts)), 0, 1)) / 2


def spread_anchors(y: np.ndarray, n: int) -> np.ndarray:
    """Five answers over the range of scores."""
    order = np.argsort(y + np.random.default_rng(n).normal(0, 1e-3, len(y)))
    return order[np.round(np.linspace(0, len(y) - 1, 5)).astype(int)]


def judge_apart(
    x: np.ndarray, y: np.ndarray, w: np.ndarray, sets: np.ndarray, groups: np.ndarray, names: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Estimates and scores of answers whose whole set was left out: an interval has to hold for graders, questions
    and a scale that the fit does not know. Every set gets the same number of answers."""
    estimates, scores = [], []
    least = min(int((sets == s).sum()) for s in set(sets))
    for left_out in sorted(set(sets)):
        test, train = np.where(sets == left_out)[0], np.where(sets != left_out)[0]
        held = np.zeros(len(train))
        for a, b in folds(groups[train]):
            held[b] = fit_linear(x[train][a], y[train][a], w[train][a], names, 300)(x[train][b])
        knots = fit_knots(held, y[train], w[train])
        raw = fit_linear(x[train], y[train], w[train], names, 300)(x[test])
        some = np.random.default_rng(4).permutation(len(test))[:least]
        estimates += [interpolate(knots, value) for value in raw[some]]
        scores += y[test][some].tolist()
    return np.array(estimates), np.array(scores)


def features_of(tier: Tier) -> tuple[str, ...]:
    return LEXICAL if tier == "lexical" else LEXICAL + MEANING


def read_arrays(rows: list[Row], tier: Tier, cache: list[dict[str, float]]) -> tuple[np.ndarray, ...]:
    """Measures, scores, weights, sets and groups."""
    x = np.array([[m[name] for name in features_of(tier)] for m in cache])
    sets = np.array([row[0] for row in rows])
    share = {"saf": 1.0, "own": 2.0, "bank": 0.7}  # of the weight of all answers of a set
    w = np.array([share[s] / max(1, (sets == s).sum()) for s in sets])
    return x, np.array([row[3] for row in rows]), w, sets, np.array([row[1] for row in rows])


def fit_regressor(rows: list[Row], tier: Tier, cache: list[dict[str, float]]) -> tuple[dict, np.ndarray]:
    """The numbers of a tier without widths and kernel, and calibrated estimates of all rows with their question held out."""
    names = features_of(tier)
    x, y, w, sets, groups = read_arrays(rows, tier, cache)
    held = np.zeros(len(y))
    for train, test in folds(groups):
        held[test] = fit_linear(x[train], y[train], w[train], names, 300)(x[test])
    final = fit_linear(x, y, w, names, 300)
    calibration = np.array([{"saf": 1.0, "own": 1.0, "bank": 0.0}[s] for s in sets])
    inside = calibration > 0
    knots = fit_knots(held[inside], y[inside], calibration[inside])
    numbers = {
        "features": list(names),
        "mean": np.round(final.mean, 5).tolist(),
        "scale": np.round(final.scale, 5).tolist(),
        "weights": np.round(final.weights, 5).tolist(),
        "bias": round(final.bias, 5),
        "knots": knots,
    }
    return numbers, np.array([interpolate(knots, value) for value in held])


def fit_reference(
    rows: list[Row], embed: OnnxEmbeddings, tier: Tier, cache: list[dict[str, float]]
) -> tuple[dict, dict]:
    numbers, estimates = fit_regressor(rows, tier, cache)
    x, y, w, sets, groups = read_arrays(rows, tier, cache)
    tasks = []
    for group in sorted({g for g, s in zip(groups, sets, strict=True) if s == "saf"}):
        ids = np.where((groups == group) & (sets == "saf"))[0][:90]
        tasks.append((estimates[ids], y[ids], likeness([rows[i] for i in ids], tier, embed)))
    kernel = search_kernel(tasks, spread_anchors)
    model = numbers | {
        "widths": fit_widths(*judge_apart(x, y, w, sets, groups, features_of(tier))),
        "kernel": {name: getattr(kernel, name) for name in ("shift", "likeness", "reach", "noise", "slope")},
    }
    figures = {
        s: round(float(np.corrcoef(estimates[sets == s], y[sets == s])[0, 1]), 3)
        for s in ("saf", "own", "bank")
    }
    return model, figures


def fit_bank(items: list[Item], embed: OnnxEmbeddings) -> tuple[dict, dict]:
    """The heads of bank items and their figures; writes the manner, which the heads read."""
    known = {item.id: item for item in items}
    voices, half = read_voices(known), read_half(known)
    content, held, manner = fit_manner(items, voices)
    MANNER.write_text(json.dumps(content, indent=0) + "\n", encoding="utf-8")
    load_manner.cache_clear()
    measured = measure_bank(items, voices, half, embed, held)
    heads, figures = {}, {"manner": manner}
    for head in ("story", "plan", "points"):
        heads[head] = {"topic": fit_topic(measured, head, known)}
        for tier in ("lexical", "embeddings"):
            heads[head][tier], figures[f"{head}/{tier}"] = fit_head(measured, head, tier, known, embed)
    return heads, figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--saf", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument(
        "--cache", type=Path, help="keep measures here between runs; delete when features change"
    )
    parser.add_argument("--bank", type=Path, default=ROOT / "src/greenroom/library/bank")
    parser.add_argument(
        "--only-reference", action="store_true", help="leave the heads of bank items as they are"
    )
    parser.add_argument("--only-items", action="store_true", help="leave the head of references as it is")
    args = parser.parse_args()
    embed = OnnxEmbeddings(args.model)
    items = read_items(args.bank)
    if args.only_items:
        old = json.loads(OUT.read_text(encoding="utf-8"))
        heads, figures = fit_bank(items, embed)
        OUT.write_text(json.dumps(old | heads | {"version": VERSION}, indent=1) + "\n", encoding="utf-8")
        print(json.dumps(figures))
        return
    rows = read_saf(args.saf) + read_own() + read_bank(items)
    cache = read_measures(rows, embed, args.cache)
    weights, figures = {"version": VERSION, "reference": {}}, {}
    for tier in ("lexical", "embeddings"):
        weights["reference"][tier], figures[f"reference/{tier}"] = fit_reference(rows, embed, tier, cache)
    if args.only_reference:
        old = json.loads(OUT.read_text(encoding="utf-8"))
        OUT.write_text(json.dumps(old | weights, indent=1) + "\n", encoding="utf-8")
        print(json.dumps(figures))
        return
    heads, own = fit_bank(items, embed)
    OUT.write_text(json.dumps(weights | heads, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures | own))


if __name__ == "__main__":
    main()
