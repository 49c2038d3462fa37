"""Fit the three regressors of bank items (`story`, `plan`, `points`) on the bank's own samples.

Items are held out whole. Each sample is read with all cues that match it taken away, because people will not say
things in the words that the item's author had in mind; the figures are printed for both readings.
"""

from collections.abc import Iterator

import numpy as np
from fitting import fit_knots, fit_linear, fit_widths, folds, search_kernel

from greenroom.answers.lexicon import STOP_STEMS
from greenroom.answers.text import stems_of
from greenroom.grading.builtin.alignment import prepare
from greenroom.grading.builtin.measures import head_of, measure_item
from greenroom.grading.builtin.reference import likeness
from greenroom.grading.builtin.samples import drop_cues, read_evidence
from greenroom.grading.builtin.weights import interpolate
from greenroom.library.schemas import Item
from greenroom.providers.embeddings.onnx import OnnxEmbeddings

PLAIN = {
    "story": ("heard", "soft", "structure", "specificity", "ownership", "result", "reflection", "checkable", "acts",
              "told", "hedged", "general", "hypothetical", "manner"),
    "plan": ("heard", "soft", "must", "specificity", "checkable", "reasoning", "clarity", "hedged", "general",
             "reference", "manner"),
    "points": ("heard", "soft", "must", "reference", "clarity", "reasoning", "specificity", "checkable", "hedged",
               "wrong", "manner"),
}  # fmt: skip
STRENGTH = 25
MEANING = ("near_points", "near_top", "near_reference")


def measure_bank(items: list[Item], embed: OnnxEmbeddings, manner: dict[str, float]) -> list[dict]:
    """One row per sample and variant: item, head, level share, measures, whether cues were taken away.

    `manner` holds the value of each sample by a model that has not seen its item."""
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
                        "measures": measure_item(evidence, embed)
                        | {"manner": manner[f"{item.id}|{sample.text}"]},
                        "relevance": evidence.seen.relevance,
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
    bare = np.array([row["variant"] == "dropped" for row in rows])
    held = np.zeros(len(y))
    for train, test in folds(groups, 10):
        own = train[bare[train]]
        held[test] = fit_linear(x[own], y[own], np.ones(len(own)), names, STRENGTH)(x[test])
    final = fit_linear(x[bare], y[bare], np.ones(bare.sum()), names, STRENGTH)
    knots = fit_knots(held[bare], y[bare], np.ones(bare.sum()))
    share = np.array([interpolate(knots, value) for value in held])
    tasks = [
        (share[ids], y[ids], alike)
        for ids, alike in _left_out(rows, groups, items, embed if tier == "embeddings" else None)
    ]
    kernel = search_kernel(tasks, lambda scores, _: np.arange(1, len(scores)))
    model = {
        "features": list(names),
        "mean": np.round(final.mean, 5).tolist(),
        "scale": np.round(final.scale, 5).tolist(),
        "weights": np.round(final.weights, 5).tolist(),
        "bias": round(final.bias, 5),
        "knots": knots,
        "widths": fit_widths(share[bare], y[bare]),
        "kernel": {name: getattr(kernel, name) for name in ("shift", "likeness", "reach", "noise", "slope")},
    }
    errors = {
        v: round(4 * float(np.abs(share - y)[m].mean()), 3) for v, m in (("full", ~bare), ("dropped", bare))
    }
    return model, {
        "samples": len(y) // 2,
        "mae_levels": errors["full"],
        "mae_levels_cues_dropped": errors["dropped"],
    }


def _left_out(
    rows: list[dict], groups: np.ndarray, items: dict[str, Item], embed: OnnxEmbeddings | None
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Every sample of every second item first, with the other samples of its item, and how alike they are."""
    for name in sorted(set(groups))[::2]:
        ids = np.array([i for i in np.where(groups == name)[0] if rows[i]["variant"] == "dropped"])
        if len(ids) < 3:
            continue
        question = frozenset(stems_of(items[name].prompt)) - STOP_STEMS
        texts = [prepare(read_evidence(items[name], rows[i]["text"]).sentences, question) for i in ids]
        alike = np.array(likeness(texts, embed))
        for left in range(len(ids)):
            order = np.r_[left, np.delete(np.arange(len(ids)), left)]
            yield ids[order], alike[np.ix_(order, order)]


def fit_topic(rows: list[dict], head: str, items: dict[str, Item]) -> tuple[float, float]:
    """Relevance below which an answer is hardly to the question, and from which it surely is: the median of good
    samples set against another question, and what nine in ten good samples reach on their own one."""
    good = [row for row in rows if row["head"] == head and row["variant"] == "dropped" and row["y"] >= 0.5]
    own = np.quantile([row["relevance"] for row in good], 0.1)
    others = sorted({row["item"] for row in good})
    rng = np.random.default_rng(7)
    foreign = [
        read_evidence(
            items[str(rng.choice([o for o in others if o != row["item"]]))], row["text"]
        ).seen.relevance
        for row in good[::2]
    ]
    low = float(np.median(foreign))
    return round(min(low, float(own) - 0.05), 3), round(float(own), 3)
