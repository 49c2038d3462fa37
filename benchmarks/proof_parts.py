"""What benchmarks/proof.py measures, part by part. Every part returns plain JSON."""

import json
import random
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from statistics import fmean
from typing import Any

from greenroom.answers.schemas import AnswerTurn
from greenroom.grading.builtin import grade
from greenroom.grading.builtin.reference import Judgement, judge
from greenroom.grading.builtin.weights import Model, Tier, load_model, read_model
from greenroom.grading.commands import track
from greenroom.grading.dataset import Line, read_line
from greenroom.grading.evaluation import add_anchors, agree, attack_all, make_judge, question_of
from greenroom.library import catalog
from greenroom.providers.embeddings.base import Embeddings

PARAPHRASES = Path(__file__).parent / "data/paraphrases.jsonl"
TERSE = 15  # words
FIVE = ("mohler", "saf")  # sets with enough answers to each question for five of them to be given
FOREIGN = 200  # answers to another question of the same set
Fold = Mapping[Tier, Model]


def open_embeddings(folder: Path | None) -> Embeddings | None:
    """The model of a folder; None for the lexical tier."""
    if folder is None:
        return None
    from greenroom.providers.embeddings.onnx import OnnxEmbeddings

    return OnnxEmbeddings(folder)


def measure_set(
    tier: Tier, folder: Path | None, name: str, lines: Sequence[Line], held: Mapping[str, Fold]
) -> Any:
    """Agreement on a set, with five graded answers where it has enough, and what the gate did to honest terse
    answers. `held` are numbers fitted without the question of a line, by question; with them both are measured again.
    """
    embed = open_embeddings(folder)
    five = {id_of(line): line for line in add_anchors(lines, 5)} if name in FIVE else {}
    judged: dict[str, dict[str, Judgement]] = defaultdict(dict)
    for line in track(list(lines), f"{name}, {tier}"):  # all at once: a text is read by the model once
        key, again = id_of(line), five.get(id_of(line))
        models = held.get(question_of(line))
        judged["plain"][key] = run(line, tier, embed)
        if models:
            judged["held out"][key] = run(line, tier, embed, models)
        if again:
            judged["five"][key] = run(again, tier, embed)
        if again and models:
            judged["held out, five"][key] = run(again, tier, embed, models)
    return {
        **{kind: describe(name, lines, found) for kind, found in judged.items()},
        "terse": count_refused(lines, judged["plain"]),
    }


def run(line: Line, tier: Tier, embed: Embeddings | None, models: Fold | None = None) -> Judgement:
    return judge(line.target(), [AnswerTurn(seq=1, text=line.answer)], tier=tier, embed=embed, models=models)


def id_of(line: Line) -> str:
    return f"{line.id}|{line.question_id}|{line.answer}"


def describe(name: str, lines: Sequence[Line], judged: Mapping[str, Judgement]) -> Any:
    """Agreement of judgements with people."""

    def look_up(line: Line, _: str) -> tuple[float | None, float, float, bool]:
        found = judged[id_of(line)]
        return found.share, found.low or 0.0, found.high or 0.0, bool(found.flags)

    rows = [line for line in lines if id_of(line) in judged]
    return agree(name, rows, look_up).model_dump(mode="json")


def count_refused(lines: Sequence[Line], judged: Mapping[str, Judgement]) -> Any:
    """Of short answers that people gave at least half the points: how many the gate stopped, and by what; how many
    bear a flag; of how many doubts left less than nine tenths."""
    honest = [
        judged[id_of(line)]
        for line in lines
        if len(line.answer.split()) <= TERSE and line.human is not None and line.human >= 0.5
    ]
    stopped = Counter(found.verdict.validity for found in honest if found.verdict.validity != "ok")
    flags = Counter(flag for found in honest for flag in found.flags if flag != "verbatim_anchor")
    lowered = sum(found.verdict.validity == "ok" and found.left < 0.9 for found in honest)
    return {"answers": len(honest), "stopped": dict(stopped), "flags": dict(flags), "lowered": lowered}


def measure_attacks(tier: Tier, folder: Path | None, lines: Sequence[Line]) -> Any:
    """The attack table on all sets together."""
    found = attack_all(
        lines, make_judge(tier, open_embeddings(folder)), lambda x, label: list(track(x, label))
    )
    return [result.model_dump(mode="json") for result in found]


def measure_foreign(tier: Tier, folder: Path | None, sets: Mapping[str, Sequence[Line]]) -> Any:
    """Mean score of answers given to another question of the same set: harder than the attack on all sets together,
    because the field is the same."""
    judge_text, found = make_judge(tier, open_embeddings(folder)), {}
    for name in ("mohler", "saf", "scientsbank"):
        rng = random.Random(3)
        long = [line for line in sets[name] if len(line.answer.split()) >= 5]
        scores: list[float] = []
        while len(scores) < FOREIGN:
            line, other = rng.choice(long), rng.choice(long)
            if question_of(line) != question_of(other):
                scores.append(100 * (judge_text(line, other.answer)[0] or 0.0))
        found[name] = {"tries": FOREIGN, "mean": round(fmean(scores), 1)}
    return found


def measure_unrelated_words(tier: Tier, folder: Path | None) -> Any:
    """Good answers and the same said in quite other words: how far the score falls and what the interval does."""
    judge_text = make_judge(tier, open_embeddings(folder))
    rows = [json.loads(text) for text in PARAPHRASES.read_text(encoding="utf-8").splitlines()]
    falls, wider, reach, none = [], 0, 0, 0
    for row in rows:
        line = Line.model_validate(row)
        share, low, high, _ = judge_text(line, row["answer"])
        other, least, most, _ = judge_text(line, row["same"])
        if other is None or share is None:
            none += 1
            continue
        falls.append(100 * (share - other))
        wider += most - least > high - low
        reach += most >= share
    return {
        "answers": len(rows),
        "no number": none,
        "mean fall": round(fmean(falls), 1),
        "fall at most 6": sum(fall <= 6 for fall in falls),
        "wider interval": wider,
        "interval reaches the good answer": reach,
    }


def measure_speed(tier: Tier, folder: Path | None, data: Path) -> Any:
    """Milliseconds of processor time an answer and memory, in a process of its own."""
    told = [sys.executable, __file__, tier, str(folder or ""), str(data)]
    return json.loads(
        subprocess.run(told, check=True, capture_output=True, text=True).stdout.splitlines()[-1]
    )


def time_answers(tier: Tier, folder: Path | None, data: Path) -> dict[str, float]:
    embed = open_embeddings(folder)
    lines = [
        read_line(text)
        for name in ("mohler", "saf", "os", "scientsbank")
        for text in (data / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()[:60]
    ]
    items = [item for item in catalog.load().items.values() if item.samples and item.key_points][::12][:30]
    samples = [(item, sample.text) for item in items for sample in item.samples]
    for line in lines[:5]:
        run(line, tier, embed)
    start = time.process_time()
    for line in lines:
        run(line, tier, embed)
    references = time.process_time() - start
    start = time.process_time()
    for item, text in samples:
        grade(item, [AnswerTurn(seq=1, text=text)], tier=tier, embed=embed)
    return {
        "ms an answer with references": round(1000 * references / len(lines), 1),
        "ms an answer to a bank item": round(1000 * (time.process_time() - start) / len(samples), 1),
        "MB at most": read_peak(),
    }


def read_peak() -> int:
    """The most memory that this process held, in MB (Linux: a child's resource usage begins with its parent's)."""
    (line,) = (
        text for text in Path("/proc/self/status").read_text().splitlines() if text.startswith("VmHWM")
    )
    return round(int(line.split()[1]) / 1024)


@lru_cache(maxsize=1)
def fit_held_out(saf: Path, model: Path, cache: Path) -> dict[str, Fold]:
    """For every SAF question the regressors fitted without it, on everything else that the shipped ones
    saw. Widths, and the five numbers that say how graded answers move an estimate, stay the
    shipped ones."""
    import fit_grader
    import numpy as np
    from fitting import folds

    embed = fit_grader.OnnxEmbeddings(model)
    items = fit_grader.read_items(fit_grader.ROOT / "src/greenroom/library/bank")
    rows = fit_grader.read_saf(saf) + fit_grader.read_own() + fit_grader.read_bank(items)
    measures = fit_grader.read_measures(rows, embed, cache)
    groups = np.array([row[1] for row in rows])
    saf_rows = np.array([n for n, row in enumerate(rows) if row[0] == "saf"])
    found: dict[str, Fold] = {}
    for _, test in folds(groups[saf_rows]):
        left_out = set(groups[saf_rows][test])
        kept = [n for n, row in enumerate(rows) if row[1] not in left_out]
        some = [rows[n] for n in kept]
        fold: dict[Tier, Model] = {}
        for tier in ("lexical", "embeddings"):
            numbers, _ = fit_grader.fit_regressor(some, tier, [measures[n] for n in kept])
            ours = load_model("reference", tier)
            rest = {"kernel": asdict(ours.kernel), "widths": ours.widths}
            fold[tier] = read_model(numbers | rest, "held out")
        found |= dict.fromkeys(left_out, fold)
    return found


if __name__ == "__main__":
    print(
        json.dumps(time_answers(sys.argv[1], Path(sys.argv[2]) if sys.argv[2] else None, Path(sys.argv[3])))
    )
