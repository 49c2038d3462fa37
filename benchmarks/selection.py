"""How well adaptive selection finds a candidate's ability, against random order, on the packaged bank.

    uv run python benchmarks/selection.py [candidates]

Simulated candidates of ability N(0, 1) answer 8 questions; a level is 3 + a(ability - b) + noise of variance
0.72, rounded and clipped to 1-5. Prints one JSON line: root mean square error of the ability and the share of
floor answers (level 1), for both orders.
"""

import json
import sys
from random import Random
from statistics import fmean

from greenroom.interviews.ability import NOISE, Posterior, expected_level, updated
from greenroom.interviews.selection import Situation, choose
from greenroom.library.catalog import load
from greenroom.library.schemas import Item

QUESTIONS = 8


def level_of(ability: float, item: Item, rng: Random) -> float:
    """The level of a simulated answer."""
    raw = expected_level(ability, item.difficulty, item.discrimination) + rng.gauss(0, NOISE**0.5)
    return float(round(min(5.0, max(1.0, raw))))


def run(ability: float, pool: list[Item], rng: Random, *, adaptive: bool) -> tuple[float, int]:
    """Squared error after the questions, and how many answers were at the floor."""
    belief, last, left, floor = Posterior(0.0), None, list(pool), 0
    for number in range(QUESTIONS):
        covered = {item.competency for item in pool if item not in left}
        open_ones = {item.competency for item in left} - covered
        choice = choose(left, Situation(belief, open_ones, last=last, seed=f"{ability}:{number}"))
        item = choice.item if adaptive and choice else rng.choice(left)
        left.remove(item)
        level = level_of(ability, item, rng)
        floor += level == 1
        belief, last = updated(belief, level, item.difficulty, item.discrimination), item
    return (belief.mean - ability) ** 2, floor


def measure(pool: list[Item], candidates: int, *, adaptive: bool) -> dict[str, float]:
    """Error and floor share over many candidates; the same candidates for both orders."""
    rng = Random("abilities")
    abilities = [rng.gauss(0, 1) for _ in range(candidates)]
    results = [run(ability, pool, Random(n), adaptive=adaptive) for n, ability in enumerate(abilities)]
    error = fmean(square for square, _ in results) ** 0.5
    return {"error": round(error, 3), "floor": round(fmean(floor for _, floor in results) / QUESTIONS, 3)}


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
