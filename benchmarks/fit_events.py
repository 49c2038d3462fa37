"""Fits the recogniser of the candidate's moves (src/greenroom/interviews/recogniser.json).

    uv run --group fit python benchmarks/fit_events.py [--without d ...] [--out FILE]

Rows are the labelled messages of the tests and of benchmarks/events (`--without` leaves sets out, to measure on
them), and sentences of the bank's written answers as `answer`. Multinomial logistic regression; weights below
0.08 are dropped. Prints one JSON line.
"""

import argparse
import json
import re
from pathlib import Path
from random import Random

import yaml
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from greenroom.interviews import recogniser
from greenroom.interviews.intents import folded, smooth
from greenroom.library.catalog import load

HERE = Path(__file__).parent
TESTS = HERE.parent / "tests" / "interviews"
SENTENCES = 3000
LEAST = 0.08
BY_LANGUAGE = "other_language"
Rows = list[tuple[str, str]]


def messages(without: list[str]) -> Rows:
    """(move, text) of all labelled messages but the sets left out."""
    raw = yaml.safe_load((TESTS / "phrasings.yaml").read_text(encoding="utf-8"))
    other = {row["question"]: row["texts"] for row in raw.pop("other")}
    sources = [raw, other, json.loads((TESTS / "phrasings_more.json").read_text(encoding="utf-8"))]
    sources.append(json.loads((HERE / "events.json").read_text(encoding="utf-8")))
    kept = [path for path in sorted((HERE / "events").glob("*.yaml")) if path.stem not in without]
    sources += [yaml.safe_load(path.read_text(encoding="utf-8")) for path in kept]
    rows = [(move, text) for source in sources for move, texts in source.items() for text in texts]
    return [(move, text) for move, text in rows if move != BY_LANGUAGE]


def sentences() -> Rows:
    """Short stretches of written answers, so that answers stay answers."""
    found: list[str] = []
    for item in load().items.values():
        for sample in item.samples:
            parts = re.split(r"(?<=[.!?])\s+", sample.text) if sample.kind == "plain" else []
            found += [*parts, " ".join(parts[:2])]
    short = sorted({text for text in found if 0 < len(text.split()) <= recogniser.LONGEST})
    return [("answer", text) for text in Random(1).sample(short, min(SENTENCES, len(short)))]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--without", nargs="*", default=["g"])
    options.add_argument("--out", type=Path, default=Path(recogniser.__file__).with_name(recogniser.WEIGHTS))
    given = options.parse_args()
    rows = [*messages(given.without), *sentences()]
    vectors = DictVectorizer()
    x = vectors.fit_transform([recogniser.features(smooth(folded(text))) for _, text in rows])
    model = LogisticRegression(C=10, max_iter=500).fit(x, [move for move, _ in rows])
    weights: dict[str, dict[str, float]] = {}
    for at, row in enumerate(model.coef_):
        for name, value in zip(vectors.feature_names_, row, strict=True):
            if abs(value) >= LEAST:
                weights.setdefault(name, {})[str(at)] = round(float(value), 2)
    body = {
        "moves": list(model.classes_),
        "bias": [round(float(b), 3) for b in model.intercept_],
        "features": dict(sorted(weights.items())),
    }
    given.out.write_text(json.dumps(body, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    print(json.dumps({"rows": len(rows), "features": len(weights), "bytes": given.out.stat().st_size}))


if __name__ == "__main__":
    main()
