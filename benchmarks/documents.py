"""How well résumés, job advertisements and contradictions are read, on the labelled samples of tests/documents/data.

usage: uv run python benchmarks/documents.py [--misses]

Every résumé is rendered to the file people upload (PDF with one or two columns, DOCX with paragraphs or tables, TXT,
MD) and read through the limited process. Figures are field F1 (micro, over all facts of the field). Samples marked
`dev` were tuned on; `held_out` were written before the rules by the same hand and left out of tuning; `late` and the
`fresh` ones were written after the rules and served once as an unseen test; all but `fresh_h` were learned from since.
Prints one JSON line.
"""

import argparse
import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.documents import samples
from tests.documents.scoring import Tally, score_job, score_resume, sum_up

from greenroom.documents import vocabulary
from greenroom.documents.contradictions import find_contradictions
from greenroom.documents.hidden import clean
from greenroom.documents.job import parse_job
from greenroom.documents.reading import read_document
from greenroom.documents.schemas import ResumeFacts
from greenroom.library import catalog

SPLITS = ("dev", "held_out", "late", "fresh_f", "fresh_g", "fresh_h")
TODAY = "2026-11"


def show(totals: dict[str, Tally]) -> dict[str, float]:
    """F1 of each field and their mean."""
    figures = {field: round(tally.f1, 3) for field, tally in totals.items()}
    return {**figures, "mean": round(sum(figures.values()) / len(figures), 3)} if figures else {}


async def read_resumes(misses: bool) -> dict[str, Any]:
    """F1 by split, and seconds a document took."""
    scores: dict[str, list[dict[str, Tally]]] = {split: [] for split in SPLITS}
    seconds: list[float] = []
    for sample in samples.resumes():
        started = time.perf_counter()
        read = await read_document(sample.upload(), sample.upload_name, "resume")
        facts = ResumeFacts.model_validate(read.facts)
        seconds.append(time.perf_counter() - started)
        score = score_resume(facts, sample.facts)
        scores[sample.split].append(score)
        if misses and any(tally.f1 < 1 for tally in score.values()):
            bad = {field: round(tally.f1, 2) for field, tally in score.items() if tally.f1 < 1}
            print(sample.name, bad, facts.model_dump_json(exclude={"results"}), file=sys.stderr)
    found = {split: {"documents": len(part), **show(sum_up(part))} for split, part in scores.items() if part}
    return {**found, "seconds_a_document": round(sum(seconds) / len(seconds), 2)}


def read_jobs(misses: bool) -> dict[str, Any]:
    """F1 by split."""
    words, library = vocabulary.load(), catalog.load()
    scores: dict[str, list[dict[str, Tally]]] = {split: [] for split in SPLITS}
    for sample in samples.jobs():
        facts = parse_job(clean(sample.source["text"])[0], words, library)
        score = score_job(facts, sample.facts)
        scores[sample.split].append(score)
        if misses and any(tally.f1 < 1 for tally in score.values()):
            bad = {field: round(tally.f1, 2) for field, tally in score.items() if tally.f1 < 1}
            print(sample.name, bad, facts.model_dump_json(exclude={"duties"}), file=sys.stderr)
    return {split: {"documents": len(part), **show(sum_up(part))} for split, part in scores.items() if part}


def find_conflicts(misses: bool) -> dict[str, Any]:
    """Precision and recall by split; a find counts when its kind was labelled for that answer."""
    labelled = samples.contradictions()
    resumes = {name: ResumeFacts.model_validate(facts) for name, facts in labelled["resumes"].items()}
    tallies = {split: Tally() for split in SPLITS}
    for case in labelled["cases"]:
        found = {c.kind for c in find_contradictions(case["answer"], resumes[case["resume"]], TODAY)}
        wanted = set(case["expect"])
        tallies[case["split"]].add(Tally(len(found & wanted), len(found - wanted), len(wanted - found)))
        if misses and found != wanted:
            print(case["answer"], "wanted", sorted(wanted), "found", sorted(found), file=sys.stderr)
    return {
        split: {"precision": round(t.precision, 3), "recall": round(t.recall, 3), "finds": t.hits + t.extra}
        for split, t in tallies.items()
        if t.hits + t.extra + t.missed
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--misses", action="store_true", help="list what was read wrongly on standard error")
    misses = parser.parse_args().misses
    figures = {
        "resumes": asyncio.run(read_resumes(misses)),
        "jobs": read_jobs(misses),
        "contradictions": find_conflicts(misses),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
