"""Measure everything that docs/grading.md says about answers with references, and write benchmarks/proof.json.

usage: uv run --group fit --extra embeddings python benchmarks/proof.py --data FOLDER --model FOLDER
           [--only PART ...] [--keep FOLDER]

FOLDER of --data holds mohler.jsonl, saf.jsonl, os.jsonl and scientsbank.jsonl (docs/grading.md says where they come
from); their SHA-256 is checked. The run is cut into parts (a set, a tier, five graded answers or none; attacks; the
gate; unrelated words; time and memory). A finished part is kept in --keep and not measured again as long as engine and
data stay the same, so a run that was broken off goes on where it was. `--only mohler lexical` measures the parts whose
names have all these words. The tables of docs/grading.md are made from the file by benchmarks/proof_tables.py.
"""

import argparse
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from proof_parts import (
    fit_held_out,
    measure_attacks,
    measure_foreign,
    measure_set,
    measure_speed,
    measure_unrelated_words,
)

from greenroom.grading.builtin.weights import load_model
from greenroom.grading.dataset import Line, read_line

ROOT = Path(__file__).parents[1]
OUT = ROOT / "benchmarks/proof.json"
NUMBERS = ROOT / "src/greenroom/grading/builtin"
TIERS = ("lexical", "embeddings")
FILES = {
    "mohler": "db1d86a6dd2444eaa103680f296bd7c2185dab6a03e45b5f7f4fafe0e1b97401",
    "saf": "df2a59d5b1aae7fd32608ed1d1d3e67b1d17a9b2e55626cc75651e65bce3780a",
    "os": "a4ee8e6f2452b7140c29027fee94f2205a4ff710792d37428ffc91f9435e2a88",
    "scientsbank": "a92e4d96fed62521866d4b39ccbebe475d73865bd7feeb51ad132f58d221f71a",
}
ENGINE = ("src/greenroom/answers", "src/greenroom/grading/builtin", "src/greenroom/providers/embeddings")
BESIDE = ("attacks.py", "evaluation.py", "agreement.py", "dataset.py")


@dataclass(frozen=True)
class Part:
    """One thing to measure; the name says what and is its place in the file, with slashes between."""

    name: str
    measure: Callable[[], Any]


def list_parts(data: Path, model: Path | None, keep: Path) -> Iterator[Part]:
    """All parts, the quick ones first."""
    sets = {name: read_lines(data / f"{name}.jsonl", name) for name in FILES}
    everything = [line for lines in sets.values() for line in lines]
    for tier in TIERS if model else TIERS[:1]:
        folder = model if tier == "embeddings" else None
        yield Part(f"unrelated words/{tier}", partial(measure_unrelated_words, tier, folder))
        yield Part(f"attacks/{tier}", partial(measure_attacks, tier, folder, everything))
        yield Part(f"foreign/{tier}", partial(measure_foreign, tier, folder, sets))
        for name in ("mohler", "os", "scientsbank"):
            yield Part(f"sets/{tier}/{name}", partial(measure_set, tier, folder, name, sets[name], {}))
        yield Part(f"speed/{tier}", partial(measure_speed, tier, folder, data))
    for tier in TIERS if model else ():
        yield Part(
            f"sets/{tier}/saf",
            partial(
                measure_saf, tier, model if tier == "embeddings" else None, sets["saf"], data, model, keep
            ),
        )


def measure_saf(
    tier: str, folder: Path | None, lines: list[Line], data: Path, model: Path, keep: Path
) -> Any:
    """The set that the weights are fitted on, measured with and without the question at hand in the fit."""
    held = fit_held_out(data / "saf.jsonl", model, keep / f"measures-{read_engine()}.json")
    return measure_set(tier, folder, "saf", lines, held)


def read_lines(path: Path, name: str) -> list[Line]:
    """The lines of a set; stops when the file is not the one that the document speaks of."""
    found = digest(path.read_bytes())
    if found != FILES[name]:
        raise SystemExit(f"{path} has SHA-256 {found}; the figures are of {FILES[name]}")
    return [
        read_line(text).model_copy(update={"dataset": name})
        for text in path.read_text(encoding="utf-8").split("\n")
        if text.strip()
    ]


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def read_numbers() -> str:
    """What stands for the fitted numbers of answers with references; a test compares it with what ships."""
    weights = json.loads((NUMBERS / "weights.json").read_text(encoding="utf-8"))["reference"]
    topic = json.loads((NUMBERS / "topic.json").read_text(encoding="utf-8"))
    return digest(json.dumps([weights, topic], sort_keys=True).encode())


def read_engine() -> str:
    """What stands for the engine's state: its code, its numbers and what measures it."""
    here = [path for folder in ENGINE for path in sorted((ROOT / folder).rglob("*.*")) if path.is_file()]
    here += [ROOT / "src/greenroom/grading" / name for name in BESIDE]
    return digest(b"".join(path.read_bytes() for path in here if path.suffix in (".py", ".json")))[:16]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument(
        "--model", type=Path, help="folder of the embedding model; left out: lexical tier only"
    )
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "greenroom-proof")
    parser.add_argument(
        "--only", nargs="+", default=[], metavar="WORD", help="parts with all these words only"
    )
    args = parser.parse_args()
    engine = read_engine()
    content: dict[str, Any] = {
        "version": load_model("reference", "lexical").version,
        "engine": engine,
        "files": FILES,
        "numbers": read_numbers(),
        "model": digest((args.model / "model.onnx").read_bytes()) if args.model else None,
        "parts": {},
    }
    if OUT.is_file() and (old := json.loads(OUT.read_text(encoding="utf-8")))["engine"] == engine:
        content["parts"] = old["parts"]
    args.keep.mkdir(parents=True, exist_ok=True)
    wanted = [
        part
        for part in list_parts(args.data, args.model, args.keep)
        if all(w in part.name for w in args.only)
    ]
    for number, part in enumerate(wanted, 1):
        kept = args.keep / f"{engine}-{part.name.replace('/', '-')}.json"
        print(f"{number} of {len(wanted)}: {part.name}{' (kept)' if kept.is_file() else ''}", flush=True)
        if not kept.is_file():
            kept.write_text(json.dumps(part.measure()), encoding="utf-8")
        content["parts"][part.name] = json.loads(kept.read_text(encoding="utf-8"))
        content["parts"] = dict(sorted(content["parts"].items()))
        OUT.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(content['parts'])} parts in {OUT}; now: uv run python benchmarks/proof_tables.py")


if __name__ == "__main__":
    main()
