"""The document says what was measured, and what was measured is what ships."""

import hashlib
import json
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROOF = json.loads((ROOT / "benchmarks/proof.json").read_text(encoding="utf-8"))


def test_the_tables_of_the_document_are_made_from_the_measured_figures(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(ROOT / "benchmarks"), *sys.path])
    page = (ROOT / "docs/grading.md").read_text(encoding="utf-8")
    tables = import_module("proof_tables")
    assert page.count("<!-- proof: ") == len(tables.TABLES) + 2
    assert tables.fill(page, PROOF) == page


def test_the_figures_were_measured_with_the_numbers_that_ship():
    folder = ROOT / "src/greenroom/grading/builtin"
    weights = json.loads((folder / "weights.json").read_text(encoding="utf-8"))
    topic = json.loads((folder / "topic.json").read_text(encoding="utf-8"))
    shipped = json.dumps([weights["reference"], topic], sort_keys=True).encode()
    assert PROOF["numbers"] == hashlib.sha256(shipped).hexdigest()
    assert PROOF["version"] == weights["version"]


@pytest.mark.parametrize("tier", ["lexical", "embeddings"])
def test_no_attack_paid_and_few_honest_terse_answers_were_stopped(tier):
    paid = [attack["name"] for attack in PROOF["parts"][f"attacks/{tier}"] if not attack["holds"]]
    assert not paid
    sets = [PROOF["parts"][f"sets/{tier}/{name}"]["terse"] for name in ("mohler", "saf", "os", "scientsbank")]
    stopped = sum(sum(one["stopped"].values()) for one in sets)
    assert stopped <= 0.02 * sum(one["answers"] for one in sets)
