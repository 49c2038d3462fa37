"""Fit the three regressors of bank items (`story`, `plan`, `points`) on the bank's own samples.

Items are held out whole. Each sample is used twice: as it is, and with all cues that match it taken
away, because people will not say things in the words that the item's author had in mind.
"""

import numpy as np
from fitting import fit_knots, fit_linear, fit_widths, folds, search_kernel

from greenroom.answers.lexicon import STOP_STEMS
from greenroom.answers.noise import clean_turns
from greenroom.answers.observe import question_texts, read_observation
from greenroom.answers.parts import read_story
from greenroom.answers.schemas import AnswerTurn
from greenroom.answers.text import stems_of
from greenroom.grading.builtin.alignment import prepare
from greenroom.grading.builtin.criteria import Evidence
from greenroom.grading.builtin.measures import head_of, measure_item
from greenroom.grading.builtin.reference import likeness
from greenroom.grading.builtin.weights import interpolate
from greenroom.library.schemas import Item
from greenroom.providers.embeddings.onnx import OnnxEmbeddings

PLAIN = {
    "story": ("heard", "soft", "structure", "specificity", "ownership", "result", "reflection", "checkable", "acts",
              "told", "hedged", "general", "hypothetical"),
    "plan": ("heard", "soft", "must", "specificity", "checkable", "reasoning", "clarity", "hedged", "general",
             "reference"),
    "points": ("heard", "soft", "must", "reference", "clarity", "reasoning", "specificity", "checkable", "hedged",
               "wrong"),
}  # fmt: skip
STRENGTH = 25
MEANING = ("near_points", "near_top", "near_reference")


def drop_cues(item: Item, text: str) -> Item:
    """The item without the cues whose words all stand in the text."""
    said = set(stems_of(text))
    points = []
    for point in item.key_points:
        kept = [c for c in point.cues if not set(stems_of(c)) <= said]
        points.append(point.model_copy(update={"cues": kept or ["zzqx"]}))
    return item.model_copy(update={"key_points": points})


def read_evidence(item: Item, text: str) -> Evidence:
    turns = [AnswerTurn(seq=0, text=text)]
    cleaned = clean_turns(turns, question_texts(item))
    return Evidence(item, read_observation(item, turns, cleaned, ()), read_story(cleaned.kept), cleaned.kept)


def measure_bank(items: list[Item], embed: OnnxEmbeddings) -> list[dict]:
    """One row per sample and variant: item, head, level share, measures, whether cues were taken away."""
    rows = []
    for item in items:
        for sample in item.samples:
            if sample.kind == "keyword_stuffed":
                continue
            bare = item.model_copy(update={"samples": [s for s in item.samples if s is not sample]})
            for variant, version in (("full", bare), ("dropped", drop_cues(bare, sample.text))):
                evidence = read_evidence(version, sample.text)
                rows.append(
                    {
                        "item": item.id,
                        "type": item.type,
                        "head": head_of(item),
                        "y": (sample.score - 1) / 4,
                        "variant": variant,
                        "text": sample.text,
                        "measures": measure_item(evidence, embed),
                    }
                )
    return rows


def fit_head(
    rows: list[dict], head: str, tier: str, items: dict[str, Item], embed: OnnxEmbeddings
) -> tuple[dict, dict]:
    """The fitted numbers of one head and tier, and the held-out figures in levels."""
    rows = [row for row in rows if row["head"] == head]
    names = PLAIN[head] + (MEANING if tier == "embeddings" else ())
    x = np.array([[row["measures"][name] for name in names] for row in rows])
    y = np.array([row["y"] for row in rows])
    groups = np.array([row["item"] for row in rows])
    w = np.ones(len(y))
    held = np.zeros(len(y))
    for train, test in folds(groups, 10):
        held[test] = fit_linear(x[train], y[train], w[train], names, STRENGTH)(x[test])
    final = fit_linear(x, y, w, names, STRENGTH)
    knots = fit_knots(held, y, w)
    share = np.array([interpolate(knots, value) for value in held])
    tasks = []
    for name in sorted(set(groups))[::2]:
        ids = np.array([i for i in np.where(groups == name)[0] if rows[i]["variant"] == "dropped"])
        if len(ids) < 3:
            continue
        question = frozenset(stems_of(items[name].prompt)) - STOP_STEMS
        texts = [prepare(read_evidence(items[name], rows[i]["text"]).sentences, question) for i in ids]
        alike = np.array(likeness(texts, embed if tier == "embeddings" else None))
        for left in range(len(ids)):
            order = np.r_[left, np.delete(np.arange(len(ids)), left)]
            tasks.append((share[ids][order], y[ids][order], alike[np.ix_(order, order)]))
    kernel = search_kernel(tasks, lambda scores, _: np.arange(1, len(scores)))
    model = {
        "features": list(names),
        "mean": np.round(final.mean, 5).tolist(),
        "scale": np.round(final.scale, 5).tolist(),
        "weights": np.round(final.weights, 5).tolist(),
        "bias": round(final.bias, 5),
        "knots": knots,
        "widths": fit_widths(share, y),
        "kernel": {name: getattr(kernel, name) for name in ("shift", "likeness", "reach", "noise", "slope")},
    }
    variant = np.array([row["variant"] for row in rows])
    errors = {v: round(4 * float(np.abs(share - y)[variant == v].mean()), 3) for v in ("full", "dropped")}
    return model, {
        "samples": len(y) // 2,
        "mae_levels": errors["full"],
        "mae_levels_cues_dropped": errors["dropped"],
    }
