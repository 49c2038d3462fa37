"""`greenroom bank`: the packaged bank is sound, and own files are added whole or not at all."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from greenroom.interviews.bank import add_items, check_bank, check_new
from greenroom.interviews.brief import Brief
from greenroom.interviews.commands import bank
from greenroom.interviews.plan import build
from greenroom.interviews.schemas import InterviewCreate
from greenroom.interviews.templates import requirements
from greenroom.library import bankfile, catalog
from greenroom.library.catalog import load

OWN = """\
- id: own.forklift.001
  type: behavioral
  roles: ["*"]
  levels: [entry, mid, senior, lead]
  competency: planning
  difficulty: 0
  discrimination: 0.8
  duration_s: {target: 120, min: 45, max: 210}
  prompt: "Describe a day at {company} or elsewhere when the loading plan fell apart. What did you do as a {role}?"
  variants: {simple: "When did a plan for a day go wrong?", deeper: "What would have kept the plan alive?"}
  clarify: {scope: "Any day with a fixed plan will do."}
  structure: star
  key_points:
  - {id: plan, text: "Says what was planned", weight: 1, cues: [planned, the plan, scheduled]}
  - {id: cause, text: "Names what went wrong", weight: 2, cues: [broke down, was late, did not come]}
  - {id: action, text: "Describes the own action", weight: 3, must: true, cues: [i called, i moved, i split]}
  - {id: outcome, text: "Gives the outcome", weight: 3, must: true, cues: [on time, in the end, only two]}
  criteria: [relevance, structure, specificity, ownership, result]
  anchors: {1: "Complains about plans.", 3: "Tells the day without the effect.", 5: "Tells plan, cause, action and effect."}
  followups:
  - {when: missing.action, ask: "What did you do yourself that morning?"}
"""


def test_the_packaged_bank_has_no_violation() -> None:
    report = check_bank()
    assert report["violations"] == []
    assert isinstance(report["items"], int)
    assert report["items"] >= 400


def test_the_check_prints_one_json_object(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GREENROOM_DATA_DIR", str(tmp_path))
    result = CliRunner().invoke(bank, ["check", "--json"])
    assert result.exit_code == 0
    assert {"items", "violations", "by_type", "by_role", "by_level", "by_competency", "samples"} <= set(
        json.loads(result.output)
    )


def test_own_questions_are_added_and_their_blanks_filled(tmp_path: Path) -> None:
    before = catalog.own_bank()
    catalog.keep_own_in(tmp_path / "bank")
    try:
        items, violations = add_items(OWN, "yard.yaml", tmp_path / "bank")
        assert violations == []
        library = load()
        assert items[0].id in library.items
        spec = InterviewCreate(role="logistician", company="Saltmarsh Yard", type="behavioral", minutes=60)
        plan = build(spec, library, seed=1)
        brief = Brief(plan, spec, {key: library.items[key] for key in plan.pool}, library)
        prompt = brief.questions["own.forklift.001"].prompt
        assert "Saltmarsh Yard" in prompt
        nameless = Brief(plan, spec.model_copy(update={"company": ""}), brief.items, library)
        assert "own.forklift.001" not in nameless.questions
    finally:
        catalog.keep_own_in(before)


@pytest.mark.parametrize(
    ("change", "line", "rule", "words"),
    [
        (("difficulty: 0", "difficulty: 9"), 6, "schema", "this must be 2 or less"),
        (("weight: 2", "weight: 7"), 15, "schema", "weight"),
        (("structure: star", "structure: stars"), 12, "schema", "structure"),
        (("id: own.forklift.001", "id: tech.forklift.001"), 1, "id", "own."),
        (('"When did a plan', '"Are you married? When did a plan'), 1, "protected", "family"),
        (('roles: ["*"]', 'roles: ["astronaut"]'), 1, "role", "astronaut"),
        (("competency: planning", "competency: [planning"), 6, "yaml", ""),
    ],
)
def test_a_broken_file_changes_nothing_and_names_its_line(
    tmp_path: Path, change: tuple[str, str], line: int, rule: str, words: str
) -> None:
    items, violations = add_items(OWN.replace(*change), "yard.yaml", tmp_path / "bank")
    assert items == []
    assert not (tmp_path / "bank").exists()
    first = next(v for v in violations if v.rule == rule)
    assert words in first.message
    assert first.line == line


def test_a_copy_of_a_known_question_is_a_duplicate() -> None:
    known = load().items["beh.communication.001"]
    copy = known.model_copy(update={"id": "own.copy.001"})
    assert [v.rule for v in check_new([copy])] == ["duplicate"]


def test_a_file_that_is_no_list_is_refused() -> None:
    assert bankfile.read("id: own.a.001", "a.yaml")[1][0].rule == "yaml"


def test_requirements_are_read_in_the_words_of_the_job_description() -> None:
    text = "You will plan routes for 40 vans. Must have experience with warehouse systems; knowledge of customs rules."
    assert requirements(text) == [
        "plan routes for 40 vans",
        "experience with warehouse systems",
        "customs rules",
    ]
