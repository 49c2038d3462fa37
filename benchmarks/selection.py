"""How well adaptive selection finds a candidate's ability, against random order, on the packaged bank.

    uv run python benchmarks/selection.py [candidates]

Simulated candidates of ability N(0, 1) answer 8 questions; a level is 3 + a(ability - b) + noise of variance
0.72, rounded and clipped to 1-5. Random order keeps to the same blueprint (a competency not yet asked about, as long
as there is one) and takes any of its items. Prints one JSON line: root mean square error of the ability with
its standard error, the share of floor answers (level 1), and how many items were asked, for both orders.
"""

import json
import sys
from collections import Counter
from random import Random
from statistics import fmean, stdev

from greenroom.interviews.ability import NOISE, Posterior, expected_level, updated
from greenroom.interviews.selection import Situation, choose
from greenroom.library.catalog import load
from greenroom.library.schemas import Item

QUESTIONS = 8


def level_of(ability: float, item: Item, rng: Random) -> float:
    """The level of a simulated answer."""
    raw = expected_level(ability, item.difficulty, item.discrimination) + rng.gauss(0, NOISE**0.5)
    return float(round(min(5.0, max(1.0, raw))))


def run(ability: float, pool: list[Item], rng: Random, *, adaptive: bool) -> tuple[float, int, list[str]]:
    """Squared error after the questions, how many answers were at the floor, and what was asked."""
    belief, last, floor = Posterior(0.0), None, 0
    left = {item.id: item for item in pool}
    covered: set[str] = set()
    for number in range(QUESTIONS):
        open_ones = {item.competency for item in left.values()} - covered
        if adaptive:
            situation = Situation(belief, open_ones, last=last, seed=f"{ability}:{number}")
            choice = choose(list(left.values()), situation)
            item = choice.item if choice else rng.choice(list(left.values()))
        else:
            item = rng.choice(
                [item for item in left.values() if item.competency in open_ones] or list(left.values())
            )
        del left[item.id]
        covered.add(item.competency)
        level = level_of(ability, item, rng)
        floor += level == 1
        belief, last = updated(belief, level, item.difficulty, item.discrimination), item
    asked = [item.id for item in pool if item.id not in left]
    return (belief.mean - ability) ** 2, floor, asked


def measure(pool: list[Item], candidates: int, *, adaptive: bool) -> dict[str, float]:
    """Error and floor share over many candidates; the same candidates for both orders."""
    rng = Random("abilities")
    abilities = [rng.gauss(0, 1) for _ in range(candidates)]
    results = [run(ability, pool, Random(n), adaptive=adaptive) for n, ability in enumerate(abilities)]
    squares = [square for square, _, _ in results]
    error = fmean(squares) ** 0.5
    seen = Counter(key for _, _, asked in results for key in asked)
    return {
        "error": round(error, 3),
        "se": round(stdev(squares) / len(squares) ** 0.5 / (2 * error), 3),
        "floor": round(fmean(floor for _, floor, _ in results) / QUESTIONS, 3),
        "items_asked": len(seen),
        "most_asked_share": round(max(seen.values()) / len(results), 3),
    }


def main() -> None:
    """Measure and print."""
    candidates = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    items = [i for i in load().items.values() if i.type in ("behavioral", "situational")]
    report = {
        "benchmark": "selection",
        "candidates": candidates,
        "questions": QUESTIONS,
        "adaptive": measure(items, candidates, adaptive=True),
        "random": measure(items, candidates, adaptive=False),
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
