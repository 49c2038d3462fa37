"""The installation's own questions: added as a file with every check of `greenroom bank add`, listed and removed.

They are kept as YAML files beside the packaged bank; sessions keep the questions they were planned with.
"""

import asyncio
import hashlib
from datetime import datetime
from pathlib import Path
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.requests import once
from greenroom.accounts.service import Actor
from greenroom.interviews import bank
from greenroom.kit.deletion import OVER, WINDOW, NothingToRestore, is_open
from greenroom.kit.errors import Invalid, NotFound
from greenroom.kit.texts import Clean
from greenroom.kit.web import Context
from greenroom.library import bankfile, catalog
from greenroom.library.check import Violation
from greenroom.library.schemas import Competency, Item, ItemType, Level

LONGEST = 400_000
"""Characters of a file: about two hundred questions with sample answers."""
EXAMPLE = """\
- id: own.returns.001
  type: behavioral
  roles: ["*"]
  levels: [entry, mid, senior, lead]
  competency: customer_focus
  difficulty: 0
  discrimination: 0.8
  duration_s: {target: 120, min: 45, max: 210}
  prompt: "Think of a time when someone brought something back to you. What did you do as a {role}?"
  variants:
    simple: "When did a customer bring something back?"
    deeper: "What changed so that fewer things came back?"
  clarify: {scope: "Goods, documents or work of any kind will do."}
  structure: star
  key_points:
  - {id: reason, text: "Finds out why it came back", weight: 2, cues: [asked why, the reason, found out]}
  - {id: action, text: "Describes the own action", weight: 3, must: true, cues: [i offered, i called, i replaced]}
  - {id: customer, text: "Says how the customer took it", weight: 2, cues: [was satisfied, came back, thanked]}
  - {id: outcome, text: "Gives the outcome", weight: 3, must: true, cues: [in the end, since then, fewer]}
  criteria: [relevance, structure, specificity, ownership, result]
  anchors:
    1: "Complains about people who bring things back."
    3: "Tells one case without what came of it."
    5: "Tells reason, own action and what changed afterwards."
  followups:
  - {when: missing.result, ask: "How did it end, for them and for you?"}
"""
"""A whole question, for the page and the API's documentation."""


class OwnItem(BaseModel):
    """A question of the installation's own; `id` is the one its file gave it."""

    id: str = Field(examples=["own.returns.001"])
    type: ItemType
    competency: Competency
    levels: list[Level]
    roles: list[str]
    prompt: str


class OwnItemsCreate(BaseModel):
    """A YAML list of questions. `name` is what errors call the file."""

    model_config = ConfigDict(extra="forbid")

    text: Clean = Field(min_length=1, max_length=LONGEST, examples=[EXAMPLE])
    name: Clean = Field(default="questions.yaml", min_length=1, max_length=120)


def list_items() -> list[OwnItem]:
    """All own questions by id; files that cannot be read any more are left out."""
    items = [
        item for _, found, wrong in bankfile.list_files(catalog.own_bank()) if not wrong for item in found
    ]
    return sorted((present(item) for item in items), key=lambda item: item.id)


def find_item(item_id: str) -> Item:
    """An own question as it was added.

    Raises:
        NotFound: there is none with this id.
    """
    item = catalog.load().items.get(item_id)
    if item is None or not item_id.startswith("own."):
        raise NotFound("There is no own question with this id.")
    return item


def present(item: Item) -> OwnItem:
    """The question as lists show it."""
    return OwnItem.model_validate(item.model_dump(include=set(OwnItem.model_fields)))


async def add_items(
    context: Context, db: AsyncSession, actor: Actor, new: OwnItemsCreate, key: str | None = None
) -> list[OwnItem]:
    """Keeps the questions of a file and gives them; the same key and file again give them again.

    Raises:
        Invalid: something in the file is wrong; `errors` says what and on which line, and nothing was kept.
        KeyReused: the key came with another file before.
    """
    digest = hashlib.sha256(f"{actor.user_id}:{key}".encode()).hexdigest() if key else ""

    async def make(new_id: UUID) -> None:
        own = catalog.own_bank()
        _, violations = await asyncio.to_thread(
            bank.add_items, new.text, new.name, own, stem=digest or new_id.hex
        )
        if violations:
            raise refusal(violations)

    made = await once(db, actor, key, f"items:{new.model_dump_json()}", context.clock(), make)
    return _kept(catalog.own_bank() / f"{digest or made.hex}.yaml")


def _kept(path: Path) -> list[OwnItem]:
    """The questions of a file; none when all of them were removed meanwhile."""
    if not path.is_file():
        return []
    return [present(item) for item in bankfile.read(path.read_text(encoding="utf-8"), path.name)[0]]


def refusal(violations: list[Violation]) -> Invalid:
    """The problem that names every violation with its line."""
    count = len(violations)
    things = "One thing is" if count == 1 else f"{count} things are"
    errors = [
        {
            "field": "text",
            "line": found.line,
            "item": found.item,
            "rule": found.rule,
            "message": found.message,
        }
        for found in sorted(violations, key=lambda found: found.line)
    ]
    return Invalid(f"{things} wrong in this file; nothing was added.", errors=errors)


async def remove_item(context: Context, db: AsyncSession, item_id: str) -> None:
    """Takes an own question out at once; ten seconds later it is really gone. Sessions that have it keep it.

    Raises:
        NotFound: there is none with this id.
    """
    moment = context.clock().isoformat()
    if not await asyncio.to_thread(bankfile.remove, item_id, catalog.own_bank(), moment):
        raise NotFound("There is no own question with this id.")
    await context.queue.enqueue(
        db, "purge_item", key=f"{item_id}:{moment}", delay_s=WINDOW.total_seconds(), id=item_id, removed_at=moment
    )  # fmt: skip


async def restore_item(context: Context, item_id: str) -> None:
    """Undo a removal within its ten seconds; a question that is there stays as it is.

    Raises:
        NothingToRestore: it is gone, or never was.
    """
    if any(item.id == item_id for item in list_items()):
        return
    moment = await asyncio.to_thread(bankfile.removed_at, item_id, catalog.own_bank())
    if not moment or not is_open(datetime.fromisoformat(moment), context.clock()):
        raise NothingToRestore(OVER)
    await asyncio.to_thread(bankfile.put_back, item_id, catalog.own_bank())


async def purge_item(item_id: str, removed_at: str) -> None:
    """Delete for good what is still removed since that moment; what was put back stays."""
    own = catalog.own_bank()
    if await asyncio.to_thread(bankfile.removed_at, item_id, own) == removed_at:
        await asyncio.to_thread(bankfile.purge, item_id, own)
