"""Widen or narrow the intervals of bank items until they hold what they say, on answers of another hand.

usage: uv run --extra embeddings python benchmarks/fit_intervals.py [--model FOLDER]

Split conformal by type of question: the half-width is the 80% quantile (with the correction for few answers) of the
whole grader's errors on `benchmarks/data/heldout.jsonl`. What the intervals hold is reported on other answers:
`benchmarks/heldout.py --data fresh.jsonl`. Writes src/greenroom/grading/builtin/intervals.json; prints one JSON line
with the coverage when one half of the items sets the width for the other half.
"""

import argparse
import json
import math
import random
from collections import defaultdict
from pathlib import Path
from statistics import fmean

from greenroom.answers.schemas import AnswerTurn
from greenroom.grading.builtin import grade
from greenroom.library import catalog

ROOT = Path(__file__).parents[1]
OUT = ROOT / "src/greenroom/grading/builtin/intervals.json"
DATA = ROOT / "benchmarks/data/heldout.jsonl"
LEVEL = 0.8
Error = tuple[str, str, float]  # item, type, levels


def read_errors(tier: str, embed: object) -> list[Error]:
    items = catalog.load().items
    found = []
    for line in DATA.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        item = items[row["item"]]
        result = grade(item, [AnswerTurn(seq=1, text=row["answer"])], tier=tier, embed=embed)
        if result.level is not None and result.observation and result.observation.validity == "ok":
            found.append((item.id, item.type, abs(result.level - row["level"])))
    return found


def widths_of(errors: list[Error]) -> dict[str, float]:
    """The half-width by type, and for all together under ""."""
    by_type: dict[str, list[float]] = defaultdict(list)
    for _, kind, error in errors:
        by_type[kind].append(error)
        by_type[""].append(error)
    return {kind: quantile(values) for kind, values in by_type.items()}


def quantile(errors: list[float]) -> float:
    rank = min(len(errors), math.ceil((len(errors) + 1) * LEVEL))
    return round(sorted(errors)[rank - 1], 3)


def cross_check(errors: list[Error], rounds: int = 40) -> float:
    """What the widths of one half of the items hold on the other half, on average."""
    names = sorted({item for item, *_ in errors})
    rng = random.Random(3)
    held = []
    for _ in range(rounds):
        half = set(rng.sample(names, len(names) // 2))
        widths = widths_of([e for e in errors if e[0] in half])
        held += [error <= widths.get(kind, widths[""]) for item, kind, error in errors if item not in half]
    return round(fmean(held), 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--model", type=Path, help="folder of the embedding model; left out: lexical tier only"
    )
    args = parser.parse_args()
    content = json.loads(OUT.read_text(encoding="utf-8")) if OUT.is_file() else {}
    figures = {}
    for tier in ("lexical", "embeddings") if args.model else ("lexical",):
        embed = None
        if tier == "embeddings":
            from greenroom.providers.embeddings.onnx import OnnxEmbeddings

            embed = OnnxEmbeddings(args.model)
        errors = read_errors(tier, embed)
        widths = widths_of(errors)
        other = max(widths.values())  # no answers of another hand to a type: the widest of the known ones
        del widths[""]
        content[tier] = {"widths": dict(sorted(widths.items())), "other": other, "answers": len(errors)}
        figures[tier] = {"widths": content[tier]["widths"], "half_on_half": cross_check(errors)}
    OUT.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    print(json.dumps({"benchmark": "fit_intervals", **figures}))


if __name__ == "__main__":
    main()
