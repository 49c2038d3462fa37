"""Learn which everyday words tell concrete from general answers, on the bank's own samples.

Only stems in samples of at least `ITEMS` different items take part. Items are held out whole for the values that the
regressors are fitted on.
"""

from collections import defaultdict

import numpy as np
from sklearn.linear_model import Ridge
from sklearn.model_selection import GroupKFold

from greenroom.answers.noise import clean_turns
from greenroom.answers.observe import question_texts
from greenroom.answers.schemas import AnswerTurn
from greenroom.answers.text import Stretch
from greenroom.grading.builtin.manner import Manner, measure_manner, read_stems, spread_stems
from greenroom.grading.builtin.measures import head_of
from greenroom.library.schemas import Item

ITEMS = 25
STRENGTH = 1.0
FOLDS = 10


def read_samples(items: list[Item]) -> list[dict]:
    """One row per honest sample: item, head, level share and what the cleaned answer says."""
    return [
        {
            "item": item.id,
            "head": head_of(item),
            "y": (sample.score - 1) / 4,
            "text": sample.text,
            "kept": kept,
        }
        for item in items
        for sample in item.samples
        if sample.kind != "keyword_stuffed"
        for kept in [clean_turns([AnswerTurn(seq=0, text=sample.text)], question_texts(item)).kept]
    ]


def learn(rows: list[dict], vocabulary: list[str]) -> Manner:
    """Ridge regression of the level share on the spread of stems."""
    place = {stem: n for n, stem in enumerate(vocabulary)}
    x = np.zeros((len(rows), len(vocabulary)))
    for n, row in enumerate(rows):
        for stem, share in spread_stems(stems_of_answer(row["kept"])).items():
            if stem in place:
                x[n, place[stem]] = share
    fitted = Ridge(STRENGTH).fit(x, np.array([row["y"] for row in rows]))
    weights = {stem: round(float(w), 4) for stem, w in zip(vocabulary, fitted.coef_, strict=True)}
    return Manner(round(float(fitted.intercept_), 5), {s: w for s, w in weights.items() if abs(w) >= 0.01})


def stems_of_answer(kept: tuple[Stretch, ...]) -> list[str]:
    return read_stems(token for sentence in kept for token in sentence.tokens)


def fit_manner(items: list[Item]) -> tuple[dict[str, dict], dict[str, float], dict[str, float]]:
    """The file's content, the held-out manner of every sample by its text, and the held-out r of each head."""
    rows = read_samples(items)
    seen: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for stem in set(stems_of_answer(row["kept"])):
            seen[stem].add(row["item"])
    vocabulary = sorted(stem for stem, at in seen.items() if len(at) >= ITEMS)
    content, held, figures = {}, {}, {}
    for head in ("story", "plan", "points"):
        own = [row for row in rows if row["head"] == head]
        groups = [row["item"] for row in own]
        for train, test in GroupKFold(FOLDS).split(own, groups=groups):
            manner = learn([own[n] for n in train], vocabulary)
            held |= {
                f"{own[n]['item']}|{own[n]['text']}": measure_manner(own[n]["kept"], manner) for n in test
            }
        manner = learn(own, vocabulary)
        content[head] = {"bias": manner.bias, "weights": dict(manner.weights)}
        given = [held[f"{row['item']}|{row['text']}"] for row in own]
        figures[head] = round(float(np.corrcoef(given, [row["y"] for row in own])[0, 1]), 3)
    return content, held, figures
