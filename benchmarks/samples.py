"""The built-in grader on the bank's own samples: order, stuffed, spoken, and stories told to another question.

usage: uv run python benchmarks/samples.py [--tier embeddings --model FOLDER] [--only order,stuffed,spoken,beside]

Samples are by the hand that wrote the cues, so each is read three ways. `shipped`: as the product grades it, the sample
being one of its own anchors. `left_out`: the sample is no anchor and no cue that it holds is known, as though somebody
else had said it; the other samples stay. `alone`: in addition the item has no samples at all. The weights have seen the
bank in all three; `fit_grader.py` prints the errors with whole items held out of the fit too.

- order: triplets of honest samples of one item with rising scores that are graded in rising order; errors in levels.
- stuffed: keyword-stuffed samples at level 2 or below, or without a number.
- spoken: change in points (of 100) of honest samples with fillers, as recognised speech, and both.
- beside: the best sample of a question given to another question of another competency of the same type.

Prints one JSON line.
"""

import argparse
import json
import random
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from statistics import fmean

from greenroom.answers.schemas import AnswerTurn
from greenroom.grading.attacks import add_fillers, as_transcript
from greenroom.grading.builtin import grade
from greenroom.grading.builtin.measures import head_of
from greenroom.grading.builtin.samples import drop_cues
from greenroom.grading.schemas import Grade
from greenroom.library import catalog
from greenroom.library.schemas import Item, Sample
from greenroom.providers.embeddings.base import Embeddings

FREE = ("behavioral", "situational")
TRIES = 3  # other questions that each best sample is given to
PARTS = ("order", "stuffed", "spoken", "beside")


class Bench:
    """The items with samples, and one way to grade them."""

    def __init__(self, tier: str, embed: Embeddings | None) -> None:
        self.tier, self.embed = tier, embed
        found = (i for i in catalog.load().items.values() if i.samples and i.key_points)
        self.items = sorted(found, key=lambda item: item.id)

    def judge(self, item: Item, text: str) -> Grade:
        return grade(item, [AnswerTurn(seq=1, text=text)], tier=self.tier, embed=self.embed)

    def read(self, item: Item, sample: Sample, way: str) -> Grade:
        if way == "shipped":
            return self.judge(item, sample.text)
        others = [] if way == "alone" else [s for s in item.samples if s is not sample]
        bare = drop_cues(item.model_copy(update={"samples": others}), sample.text)
        return self.judge(bare, sample.text)


def honest(item: Item) -> list[Sample]:
    return [s for s in item.samples if s.kind != "keyword_stuffed"]


def measure_order(bench: Bench, way: str, every: int) -> dict[str, object]:
    """Rising triplets and errors, over all and by head; a sample without a number counts as level 1."""
    right: dict[str, list[bool]] = {}
    errors: dict[str, list[float]] = {}
    for item in bench.items[::every]:
        read = [(s.score, bench.read(item, s, way).level or 1.0) for s in honest(item)]
        errors.setdefault(head_of(item), []).extend(abs(level - score) for score, level in read)
        for three in combinations(sorted(read), 3):
            if three[0][0] < three[1][0] < three[2][0]:
                rising = three[0][1] < three[1][1] < three[2][1]
                right.setdefault(head_of(item), []).append(rising)
    every = [one for found in right.values() for one in found]
    return {
        "triplets": len(every),
        "in_order": round(fmean(every), 3),
        "in_order_by_head": {head: round(fmean(found), 3) for head, found in right.items()},
        "mae_levels": round(fmean(e for found in errors.values() for e in found), 3),
        "mae_by_head": {head: round(fmean(found), 3) for head, found in errors.items()},
    }


def measure_stuffed(bench: Bench) -> dict[str, object]:
    found = [
        (item.id, bench.judge(item, s.text).level)
        for item in bench.items
        for s in item.samples
        if s.kind == "keyword_stuffed"
    ]
    above = [name for name, level in found if level is not None and level > 2]
    return {"samples": len(found), "at_most_2": len(found) - len(above), "above": above}


def measure_spoken(bench: Bench, every: int) -> dict[str, object]:
    """Changes of score as shipped."""
    rng = random.Random(4)
    ways = {
        "fillers": lambda text: add_fillers(text, rng),
        "transcript": as_transcript,
        "both": lambda text: as_transcript(add_fillers(text, rng)),
    }
    changes: dict[str, list[int]] = {name: [] for name in ways}
    for item in bench.items[::every]:
        for sample in honest(item):
            before = bench.judge(item, sample.text).score
            if before is None:
                continue
            for name, change in ways.items():
                changes[name].append((bench.judge(item, change(sample.text)).score or 0) - before)
    return {
        name: {
            "answers": len(found),
            "mean": round(fmean(found), 2),
            "mean_either_way": round(fmean(map(abs, found)), 2),
            "within_6": round(fmean(abs(one) <= 6 for one in found), 3),
            "within_3": round(fmean(abs(one) <= 3 for one in found), 3),
        }
        for name, found in changes.items()
    }


def pair_beside(bench: Bench) -> Iterator[tuple[str, Item, str]]:
    """Type, the question asked, and the best answer to another question of the type."""
    rng = random.Random(9)
    for kind in FREE:
        items = [i for i in bench.items if i.type == kind]
        for item in items:
            best = max(honest(item), key=lambda s: s.score)
            others = [o for o in items if o.competency != item.competency]
            for other in rng.sample(others, TRIES):
                yield kind, other, best.text


def measure_beside(bench: Bench) -> dict[str, object]:
    """Levels of good answers to another question; beside them the same answers to their own question."""
    levels: dict[str, list[float]] = {}
    held: dict[str, list[bool]] = {}
    for kind, item, text in pair_beside(bench):
        found = bench.judge(item, text)
        levels.setdefault(kind, []).append(found.level or 1.0)
        held.setdefault(kind, []).append(any("question" in reason for reason in found.reasons))
    return {
        kind: {
            "tries": len(found),
            "mean_level": round(fmean(found), 2),
            "at_most_3": round(fmean(level <= 3 for level in found), 3),
            "from_4": round(fmean(level >= 4 for level in found), 3),
            "said_in_words": round(fmean(held[kind]), 3),
        }
        for kind, found in levels.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tier", choices=("lexical", "embeddings"), default="lexical")
    parser.add_argument("--model", type=Path, help="folder of the embedding model")
    parser.add_argument("--only", default=",".join(PARTS), help="parts to measure, with commas between")
    parser.add_argument("--every", type=int, default=1, help="order and spoken: only every n-th item")
    args = parser.parse_args()
    embed = None
    if args.tier == "embeddings":
        from greenroom.providers.embeddings.onnx import OnnxEmbeddings

        embed = OnnxEmbeddings(args.model)
    bench, parts = Bench(args.tier, embed), args.only.split(",")
    found: dict[str, object] = {"benchmark": "samples", "tier": args.tier, "items": len(bench.items)}
    if "order" in parts:
        found["order"] = {
            way: measure_order(bench, way, args.every) for way in ("shipped", "left_out", "alone")
        }
    if "stuffed" in parts:
        found["stuffed"] = measure_stuffed(bench)
    if "spoken" in parts:
        found["spoken"] = measure_spoken(bench, args.every)
    if "beside" in parts:
        found["beside"] = measure_beside(bench)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
