"""Checks the whole bank, and new items against it: what the library's lint, the grader and the plan say together."""

from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path

from greenroom.answers.observe import observe
from greenroom.answers.schemas import AnswerTurn
from greenroom.interviews import description, scenes
from greenroom.interviews.plan import Combination, offered
from greenroom.library import bankfile, catalog
from greenroom.library.check import Violation, check_items
from greenroom.library.contents import Library
from greenroom.library.scenes import check_scenes
from greenroom.library.schemas import Item


def satisfied(item: Item, text: str) -> Collection[str]:
    """Ids of the key points a text meets, by the observation the grader starts from."""
    seen = observe(item, [AnswerTurn(seq=1, text=text)])
    return {point.id for point in seen.points if point.state == "met"}


def check_bank(bank: Path = catalog.BANK) -> dict[str, object]:
    """One object: items, violations, counts by type, role, level, competency and samples, offered combinations."""
    items, violations = read_bank(bank)
    rules = catalog.read_rules()
    library = catalog.load()
    violations += check_items(items, rules, roles=library.roles, satisfied=satisfied)
    combinations = offered(library)
    violations += [Violation("coverage", message) for message in gaps(library, combinations)]
    served = scenes.interests(library)
    violations += [
        Violation("scene", message, slug) for slug, message in check_scenes(library.scenes, served)
    ]
    unserved = description.check_rules(library.described, served)
    violations += [
        Violation("scene", f"no question or no words for {name!r}", "described") for name in unserved
    ]
    return {
        "items": len(items),
        "violations": [violation.as_dict() for violation in violations],
        "by_type": dict(Counter(item.type for item in items)),
        "by_role": dict(Counter(role for item in items for role in item.roles)),
        "by_level": dict(Counter(level for item in items for level in item.levels)),
        "by_competency": dict(Counter(item.competency for item in items)),
        "samples": sum(len(item.samples) for item in items),
        "combinations_offered": len(combinations),
        "scenes": len(library.scenes),
    }


def read_bank(bank: Path) -> tuple[list[Item], list[Violation]]:
    """All items below a folder, with the shape errors of its files."""
    items: list[Item] = []
    violations: list[Violation] = []
    for path in catalog.bank_files(bank):
        found, wrong = bankfile.read(path.read_text(encoding="utf-8"), str(path.relative_to(bank)))
        items += found
        violations += wrong
    return items, violations


def gaps(library: Library, combinations: Collection[Combination]) -> list[str]:
    """Roles for which not even one interview can be had; what is offered covers its blueprint by construction."""
    roles = {combination.role for combination in combinations}
    return [f"no interview can be had for {role}" for role in library.roles if role not in roles]


def check_new(items: Sequence[Item], replaced: Collection[str] = ()) -> list[Violation]:
    """What is wrong with items that are to be added to the bank, in place of those with the ids `replaced`."""
    library = catalog.load()
    known = [item for key, item in library.items.items() if key not in replaced]
    wrong = check_items(items, catalog.read_rules(), roles=library.roles, satisfied=satisfied, beside=known)
    named = [
        Violation("id", "ids of own items begin with own.", i.id)
        for i in items
        if not i.id.startswith("own.")
    ]
    return [*named, *wrong]


def add_items(text: str, name: str, own: Path, *, stem: str = "") -> tuple[list[Item], list[Violation]]:
    """Adds a file of own items to the bank, or changes nothing and says what is wrong and where.

    The file is kept as `stem` (requests give each its own), or under its name, in place of the file it had before.
    """
    before = bankfile.kept_as(name, own, stem)
    replaced: set[str] = set()
    if before.is_file():
        items, _ = bankfile.read(before.read_text(encoding="utf-8"), before.name)
        replaced = {item.id for item in items}
    return bankfile.add(text, name, own, lambda new: check_new(new, replaced), stem=stem)
