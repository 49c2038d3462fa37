"""Write the fields of the bank's free questions, and how they tell an answer to this question from one to another.

usage: uv run --group fit python benchmarks/fit_standing.py

Positives are the best sample of each question (every second one without the cues that match it) and the answers of
`other_voices.yaml` from level 3 on; negatives are the same answers laid beside questions of other competencies. One
logistic line for both types. Writes src/greenroom/answers/standing.json; prints one JSON line with what two bounds lose
of honest answers and catch of stray ones in the half of `heldout.jsonl` that is read (`voices.py`).
"""

import json
import math
import random
from collections import Counter
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from voices import VOICE, Voice, read_half, read_voices

from greenroom.answers import standing
from greenroom.answers.standing import Fields, field_counts, share_of_nearest, soft_heard, weigh_counts
from greenroom.grading.builtin.samples import drop_cues, read_evidence
from greenroom.library import catalog
from greenroom.library.schemas import Item

OUT = Path(__file__).parents[1] / "src/greenroom/answers/standing.json"
FREE = ("behavioral", "situational")
GOOD = 3  # levels from which an answer is surely about its question
Row = tuple[str, bool, tuple[float, float]]  # set, own question, measures


def read_fields(items: list[Item]) -> tuple[dict[str, float], dict[str, dict[str, int]]]:
    counts = {item.id: field_counts(item) for item in items}
    seen = Counter(stem for field in counts.values() for stem in field)
    rarity = {stem: round(math.log((len(items) + 1) / (n + 0.5)), 4) for stem, n in sorted(seen.items())}
    return rarity, {name: dict(sorted(field.items())) for name, field in counts.items()}


def measure(item: Item, text: str, fields: Fields) -> tuple[float, float]:
    evidence = read_evidence(item, text)
    own = standing.weigh_field(item, fields.rarity)
    return soft_heard(item, evidence.seen.points), share_of_nearest(item.id, own, evidence.sentences, fields)


def lay_beside(name: str, told: list[Voice], items: list[Item], fields: Fields, tries: int) -> list[Row]:
    rng, rows = random.Random(8), []
    for n, (item, level, text) in enumerate(told):
        if item not in items or level < GOOD:
            continue
        own = item
        if name == "bank":
            own = item.model_copy(update={"samples": [s for s in item.samples if s.text != text]})
            own = drop_cues(own, text) if n % 2 else own
        rows.append((name, True, measure(own, text, fields)))
        others = rng.sample([i for i in items if i.competency != item.competency], tries)
        rows += [(name, False, measure(other, text, fields)) for other in others]
    return rows


def main() -> None:
    bank = catalog.load().items
    content, rows = {}, []
    for kind in FREE:
        items = sorted((i for i in bank.values() if i.type == kind and i.key_points), key=lambda i: i.id)
        rarity, counts = read_fields(items)
        fields = Fields(
            rarity, {name: weigh_counts(field, rarity) for name, field in counts.items()}, 0, 0, 0
        )
        best = [(i, s.score, s.text) for i in items for s in i.samples if s.score == 5]
        rows += lay_beside("bank", best, items, fields, 2)
        rows += lay_beside("voice", read_voices(bank), items, fields, 6)
        rows += lay_beside("half", read_half(bank), items, fields, 6)
        content[kind] = {"rarity": rarity, "items": counts}
    known = [row for row in rows if row[0] != "half"]
    x, y = np.array([m for *_, m in known]), np.array([own for _, own, _ in known])
    weights = [VOICE if name == "voice" else 1.0 for name, *_ in known]
    line = LogisticRegression(C=1.0, class_weight="balanced").fit(x, y, sample_weight=weights)
    (heard, nearest), bias = line.coef_[0], line.intercept_[0]
    for one in content.values():
        one["line"] = {"bias": round(bias, 4), "heard": round(heard, 4), "nearest": round(nearest, 4)}
    OUT.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")
    half = [row for row in rows if row[0] == "half"]
    odds = line.predict_proba(np.array([m for *_, m in half]))[:, 1]
    own = np.array([row[1] for row in half])
    bounds = {
        str(b): {
            "honest_lost": round(float((odds[own] < b).mean()), 3),
            "stray_caught": round(float((odds[~own] < b).mean()), 3),
        }
        for b in (0.1, 0.15, 0.2, 0.25, 0.3)
    }
    print(json.dumps({"benchmark": "fit_standing", "line": content[FREE[0]]["line"], "bounds": bounds}))


if __name__ == "__main__":
    main()
