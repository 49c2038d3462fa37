"""Count word rarity, word order and letter pairs for the answer observer.

Usage: uv run python benchmarks/fit_background.py --saf saf.jsonl --bank src/greenroom/library/bank
Reads the SAF answers (MIT) and our own bank; writes src/greenroom/answers/background.json.
"""

import argparse
import json
import math
from collections import Counter
from itertools import pairwise
from pathlib import Path

import yaml

from greenroom.answers.background import word_class
from greenroom.answers.schemas import AnswerTurn
from greenroom.answers.text import read_turns, split_words

OUT = Path(__file__).parents[1] / "src/greenroom/answers/background.json"


def bank_texts(folder: Path) -> list[str]:
    """Prompts, points, anchors, references and honest samples of every item."""
    texts: list[str] = []
    for path in sorted(folder.rglob("*.yaml")):
        for item in yaml.safe_load(path.read_text(encoding="utf-8")) or []:
            if not isinstance(item, dict) or "prompt" not in item:
                continue
            texts += [item["prompt"], item.get("reference") or "", *(item.get("anchors") or {}).values()]
            texts += [point["text"] for point in item.get("key_points") or []]
            texts += [s["text"] for s in item.get("samples") or [] if s.get("kind") != "keyword_stuffed"]
    return [text for text in texts if text]


def saf_texts(path: Path) -> list[str]:
    """Questions, references and answers, each once."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return sorted({text for row in rows for text in (row["question"], *row["references"], row["answer"])})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--saf", type=Path, required=True)
    parser.add_argument("--bank", type=Path, required=True)
    args = parser.parse_args()
    texts = saf_texts(args.saf) + bank_texts(args.bank)
    stems, classes, pairs, letters = Counter(), Counter(), Counter(), Counter()
    for text in texts:
        tokens = split_words(text)
        stems.update({t.stem for t in tokens})
        for sentence in read_turns([AnswerTurn(seq=0, text=text)]):
            kinds = ["<s>", *(word_class(t.word) for t in sentence.tokens)]
            classes.update(kinds)
            pairs.update(f"{a} {b}" for a, b in pairwise(kinds))
        for word in {t.word for t in tokens if t.word.isascii() and t.word.isalpha()}:
            padded = f"^{word}$"
            letters.update(padded[i : i + 2] for i in range(len(padded) - 1))
    firsts = Counter()
    for pair, count in letters.items():
        firsts[pair[0]] += count
    spelled = {p: round(math.log((c + 0.3) / (firsts[p[0]] + 9)), 2) for p, c in sorted(letters.items())}
    spelled["??"] = round(math.log(0.3 / 2000), 2)
    data = {
        "documents": len(texts),
        "stems": {s: c for s, c in sorted(stems.items()) if len(s) < 24 and s.isascii()},
        "classes": dict(sorted(classes.items())),
        "pairs": {p: c for p, c in sorted(pairs.items()) if c > 1},
        "letters": spelled,
    }
    OUT.write_text(json.dumps(data, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8")
    print(
        json.dumps(
            {
                "texts": len(texts),
                "stems": len(stems),
                "pairs": len(data["pairs"]),
                "bytes": OUT.stat().st_size,
            }
        )
    )


if __name__ == "__main__":
    main()
