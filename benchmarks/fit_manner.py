"""Learn which everyday words tell concrete from general answers, on the bank's own samples and on `other_voices.yaml`.

Only stems in samples of at least `ITEMS` different items take part. Items are held out whole for the values that the
regressors are fitted on. An answer in another voice counts `VOICE` times: people are not worded like the samples.
"""

from collections import defaultdict

import numpy as np
from sklearn.linear_model import Ridge
from sklearn.model_selection import GroupKFold
from voices import VOICE, Voice

from greenroom.answers.noise import clean_turns
from greenroom.answers.observe import question_texts
from greenroom.answers.schemas import AnswerTurn
from greenroom.answers.text import Stretch
from greenroom.grading.builtin.manner import Manner, measure_manner, read_stems, spread_stems
from greenroom.grading.builtin.measures import head_of
from greenroom.library.schemas import Item

ITEMS = 25
STRENGTH = 0.5
FOLDS = 10


def read_samples(items: list[Item], voices: list[Voice]) -> list[dict]:
    """One row per honest sample or voice: item, head, level share, weight and what the cleaned answer says."""
    said = [(i, s.score, s.text, 1.0) for i in items for s in i.samples if s.kind != "keyword_stuffed"]
    return [
        {
            "item": item.id,
            "head": head_of(item),
            "y": (score - 1) / 4,
            "text": text,
            "weight": weight,
            "kept": clean_turns([AnswerTurn(seq=0, text=text)], question_texts(item)).kept,
        }
        for item, score, text, weight in [*said, *((*voice, VOICE) for voice in voices)]
    ]


def learn(rows: list[dict], vocabulary: list[str]) -> Manner:
    """Ridge regression of the level share on the spread of stems."""
    place = {stem: n for n, stem in enumerate(vocabulary)}
    x = np.zeros((len(rows), len(vocabulary)))
    for n, row in enumerate(rows):
        for stem, share in spread_stems(stems_of_answer(row["kept"])).items():
            if stem in place:
                x[n, place[stem]] = share
    weights = np.array([row["weight"] for row in rows])
    fitted = Ridge(STRENGTH).fit(x, np.array([row["y"] for row in rows]), sample_weight=weights)
    found = {stem: round(float(w), 4) for stem, w in zip(vocabulary, fitted.coef_, strict=True)}
    return Manner(round(float(fitted.intercept_), 5), {s: w for s, w in found.items() if abs(w) >= 0.01})


def stems_of_answer(kept: tuple[Stretch, ...]) -> list[str]:
    return read_stems(token for sentence in kept for token in sentence.tokens)


def fit_manner(
    items: list[Item], voices: list[Voice]
) -> tuple[dict[str, dict], dict[str, float], dict[str, float]]:
    """The file's content, the held-out manner of every answer by its text, and the held-out r of each head."""
    rows = read_samples(items, voices)
    seen: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["weight"] == 1.0:
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
