"""The packaged data: complete, consistent, and found by what people type."""

import re
from collections import Counter

import pytest

from greenroom.library.catalog import content_hash, load
from greenroom.library.taxonomy import Tone

LIBRARY = load()
TONES: tuple[Tone, ...] = ("friendly", "neutral", "tough")


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("SWE", "backend"),
        ("Senior Backend Engineer", "backend"),
        ("full stack dev", "fullstack"),
        ("Full-Stack Developer (React/Node)", "fullstack"),
        ("RN", "registered_nurse"),
        ("ICU nurse", "registered_nurse"),
        ("Jr. Data Analyst", "data_analyst"),
        ("SRE", "devops"),
        ("Sr Site Reliability Engineer II", "devops"),
        ("PM", "product_manager"),
        ("Product Owner", "product_manager"),
        ("Scrum Master", "it_project_manager"),
        ("ux ui designer", "ux_designer"),
        ("HRBP", "hr_recruiter"),
        ("customer_success", "customer_success"),
        ("call center agent", "service_representative"),
        ("Store Manager", "retail_supervisor"),
        ("maths teacher", "secondary_teacher"),
        ("elementary school teacher", "primary_teacher"),
        ("bakend enginer", "backend"),
        ("registerd nurse", "registered_nurse"),
        ("Head of Engineering", "engineering_manager"),
    ],
)
def test_a_title_finds_its_role(typed: str, slug: str) -> None:
    match = LIBRARY.find_role(typed)
    assert match.role.slug == slug
    assert match.known
    assert match.note == ""


@pytest.mark.parametrize(
    ("typed", "family"),
    [
        ("Paramedic", "care"),
        ("Midwife", "care"),
        ("Cloud wrangler", "infrastructure"),
        ("Tax advisor", "business"),
        ("Illustration lead for product", "product"),
        ("Barista", "commercial"),
        ("Electrical technician", "engineering"),
    ],
)
def test_an_unknown_title_is_taken_for_its_family_and_says_so(typed: str, family: str) -> None:
    match = LIBRARY.find_role(typed)
    assert not match.known
    assert match.role.family == family
    assert typed in match.note
    assert match.title == typed


def test_a_title_without_any_known_word_gets_questions_for_any_role_and_says_so() -> None:
    match = LIBRARY.find_role("Lion tamer")
    assert not match.known
    assert "any role" in match.note


def test_no_alias_means_two_roles() -> None:
    aliases = Counter(
        alias.lower() for role in LIBRARY.roles.values() for alias in {a.lower() for a in role.aliases}
    )
    assert not [alias for alias, count in aliases.items() if count > 1]


def test_there_are_44_roles_with_codes_and_the_attribution() -> None:
    assert len(LIBRARY.roles) == 44
    assert Counter(role.family for role in LIBRARY.roles.values()) == {
        "software": 6, "infrastructure": 5, "data": 5, "product": 7, "business": 9, "commercial": 6, "care": 4,
        "engineering": 2,
    }  # fmt: skip
    assert LIBRARY.roles["registered_nurse"].onet == "29-1141.00"
    assert LIBRARY.roles["devops"].nearest
    assert "CC BY 4.0" in LIBRARY.attribution


def test_every_slot_has_twelve_variants_in_every_tone() -> None:
    for slot, variants in LIBRARY.lines.items():
        keys = [key for key in variants if key not in LIBRARY.personas]
        for key in keys:
            assert len(set(variants[key])) >= 12, (slot, key)


def test_lines_hold_only_blanks_that_are_filled() -> None:
    known = {
        "name", "title", "at", "others", "minutes", "topic", "next", "previous", "who", "ref", "question", "fact",
        "resume", "said", "number", "of",
    }  # fmt: skip
    for variants in LIBRARY.lines.values():
        for texts in variants.values():
            for text in texts:
                assert set(re.findall(r"\{(\w+)\}", text)) <= known, text


def test_acknowledgements_never_tell_what_an_answer_was_worth() -> None:
    praise = re.compile(
        r"\b(great|excellent|perfect|good answer|well done|impressive|wrong|poor|weak|strong|interesting)\b"
    )
    for tone in TONES:
        for text in LIBRARY.lines["acknowledgement"][tone]:
            assert not praise.search(text.lower()), text


def test_personas_cover_every_competency() -> None:
    owned = {competency for persona in LIBRARY.personas.values() for competency in persona.owns}
    assert owned == set(LIBRARY.competencies)


def test_every_drill_of_an_item_exists() -> None:
    used = {drill for item in LIBRARY.items.values() for drill in item.drills}
    assert used <= set(LIBRARY.drills)


def test_a_content_hash_changes_with_any_word_and_with_nothing_else() -> None:
    item = LIBRARY.items["beh.communication.001"]
    assert content_hash(item) == content_hash(item.model_copy())
    assert content_hash(item) != content_hash(item.model_copy(update={"prompt": item.prompt + "?"}))
