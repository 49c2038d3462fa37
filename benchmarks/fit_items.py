"""Fit the three regressors of bank items (`story`, `plan`, `points`) on the bank's own samples and on other voices.

Items are held out whole. Each sample is read with all cues that match it taken away, because people will not say
things in the words that the item's author had in mind. Answers of other people come out nearer to the middle than they
are, so the scale is stretched by a line through other voices and one half of the held-out answers (`stretch`).
"""

from collections.abc import Iterator

import numpy as np
from fitting import fit_knots, fit_linear, fit_widths, folds, search_kernel
from voices import VOICE, Voice

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


def measure_bank(
    items: list[Item], voices: list[Voice], half: list[Voice], embed: OnnxEmbeddings, manner: dict[str, float]
) -> list[dict]:
    """One row per answer: item, head, level share, measures, variant (`dropped` for a sample without the cues that
    match it, `voice`, or `half` for what only sets the scale) and weight.

    `manner` holds the value of each answer of the fits by a model that has not seen its item."""
    rows = []
    for item in items:
        for sample in item.samples:
            if sample.kind != "keyword_stuffed":
                bare = item.model_copy(update={"samples": [s for s in item.samples if s is not sample]})
                told = (item, sample.score, sample.text)
                rows.append(_row(told, drop_cues(bare, sample.text), "dropped", 1.0, embed))
    rows += [_row(told, told[0], "voice", VOICE, embed) for told in voices]
    rows += [_row(told, told[0], "half", 0.0, embed) for told in half]
    for row in rows:
        if row["variant"] != "half":
            row["measures"]["manner"] = manner[f"{row['item']}|{row['text']}"]
    return rows


def _row(told: Voice, version: Item, variant: str, weight: float, embed: OnnxEmbeddings) -> dict:
    item, level, text = told
    evidence = read_evidence(version, text)
    return {
        "item": item.id, "type": item.type, "head": head_of(item), "y": (level - 1) / 4, "variant": variant,
        "weight": weight, "text": text, "measures": measure_item(evidence, embed),
        "relevance": evidence.seen.relevance,
    }  # fmt: skip


def fit_head(
    rows: list[dict], head: str, tier: str, items: dict[str, Item], embed: OnnxEmbeddings
) -> tuple[dict, dict]:
    """The fitted numbers of one head and tier, and the held-out figures in levels."""
    rows = [row for row in rows if row["head"] == head]
    names = PLAIN[head] + (MEANING if tier == "embeddings" else ())
    x = np.array([[row["measures"][name] for name in names] for row in rows])
    y = np.array([row["y"] for row in rows])
    w = np.array([row["weight"] for row in rows])
    groups = np.array([row["item"] for row in rows])
    kind = np.array([row["variant"] for row in rows])
    own = np.where(kind != "half")[0]
    held = np.zeros(len(y))
    for train, test in folds(groups[own], 10):
        a, b = own[train], own[test]
        held[b] = fit_linear(x[a], y[a], w[a], names, STRENGTH)(x[b])
    final = fit_linear(x[own], y[own], w[own], names, STRENGTH)
    held[kind == "half"] = final(x[kind == "half"])
    plain = fit_knots(held[own], y[own], w[own])
    knots = stretch(plain, held[kind != "dropped"], y[kind != "dropped"], kind[kind != "dropped"])
    share = np.array([interpolate(knots, value) for value in held])
    tasks = [
        (share[ids], y[ids], alike)
        for ids, alike in _left_out(rows, groups, items, embed if tier == "embeddings" else None)
    ]
    kernel = search_kernel(tasks, lambda scores, _: np.arange(1, len(scores)))
    bare = kind == "dropped"
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
    unstretched = np.array([interpolate(plain, value) for value in held])
    return model, {
        "samples": int(bare.sum()),
        "mae_levels": {
            v: round(4 * float(np.abs(unstretched - y)[kind == v].mean()), 3) for v in sorted(set(kind))
        },
        "mae_levels_stretched": {
            v: round(4 * float(np.abs(share - y)[kind == v].mean()), 3) for v in sorted(set(kind))
        },
    }


def stretch(
    knots: list[tuple[float, float]], raw: np.ndarray, y: np.ndarray, kind: np.ndarray
) -> list[tuple[float, float]]:
    """The calibration with its values moved by the line that fits answers of other people best; a voice, which the
    regressor knows, counts half."""
    share = np.array([interpolate(knots, value) for value in raw])
    slope, shift = np.polyfit(share, y, 1, w=np.sqrt(np.where(kind == "voice", 0.5, 1.0)))
    return [(at, round(float(np.clip(shift + slope * value, 0, 1)), 4)) for at, value in knots]


def _left_out(
    rows: list[dict], groups: np.ndarray, items: dict[str, Item], embed: OnnxEmbeddings | None
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Every sample of every second item first, and every other voice, with the other samples of the item, and how
    alike they are."""
    told = {row["item"] for row in rows if row["variant"] == "voice"}
    for n, name in enumerate(sorted(set(groups))):
        here = np.where(groups == name)[0]
        ids = np.array([i for i in here if rows[i]["variant"] == "dropped"])
        if len(ids) < 3 or (n % 2 and name not in told):
            continue
        ids = np.r_[ids, [i for i in here if rows[i]["variant"] == "voice"]].astype(int)
        question = frozenset(stems_of(items[name].prompt)) - STOP_STEMS
        texts = [prepare(read_evidence(items[name], rows[i]["text"]).sentences, question) for i in ids]
        alike = np.array(likeness(texts, embed))
        samples = np.array([n for n, i in enumerate(ids) if rows[i]["variant"] == "dropped"])
        for left in range(len(ids)):
            order = np.r_[left, samples[samples != left]]
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
