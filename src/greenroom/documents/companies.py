"""Keeping company profiles: made of the person's notes and pages, made anew after 30 days or on demand."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.accounts.requests import once
from greenroom.accounts.service import Actor
from greenroom.documents import hidden, industries
from greenroom.documents.company import build_profile, company_key, guess_industry, is_stale
from greenroom.documents.findings import Finding, add_findings
from greenroom.documents.models import CompanyRow, ResearchRow
from greenroom.documents.queries import companies_visible_to, find_company
from greenroom.documents.records import CompanyCreate, CompanyUpdate
from greenroom.kit.errors import Invalid, NotFound
from greenroom.kit.web import Context


async def remake(db: AsyncSession, row: CompanyRow, now: datetime) -> None:
    """Make the profile anew out of notes, pages, findings and the industry."""
    with db.no_autoflush:  # a new profile is not whole yet
        found = await db.scalar(select(ResearchRow.findings).where(ResearchRow.company_id == row.id))
    _profile(row, now, [Finding.model_validate(finding) for finding in found or []])


def _profile(row: CompanyRow, now: datetime, findings: Sequence[Finding]) -> None:
    texts: list[str] = []
    for text in (row.notes, row.pages):
        plain, _ = hidden.clean(text)
        texts.append(hidden.mask(plain, hidden.find_commands(plain)))
    known = industries.load()
    row.industry = row.industry or guess_industry(f"{row.name}\n{texts[0]}\n{texts[1]}", known)
    facts = build_profile(texts[0], texts[1], known.get(row.industry))
    row.profile = add_findings(facts, findings).model_dump(mode="json")
    row.built_at = now


def _check_industry(slug: str) -> None:
    if slug and slug not in industries.load():
        raise Invalid("That is not an industry we have a profile of. Nothing was changed.")


async def keep_company(
    context: Context, db: AsyncSession, actor: Actor, company: CompanyCreate, key: str | None = None
) -> CompanyRow:
    """The profile of a company, new or with its notes replaced; the same `key` again replaces nothing.

    Raises:
        KeyReused: the key came with another company.
        Invalid: the industry is none of ours.
    """
    _check_industry(company.industry)
    name_key, now = company_key(company.name), context.clock()
    by_name = companies_visible_to(actor).where(CompanyRow.key == name_key)

    async def make(new_id: UUID) -> None:
        found: CompanyRow | None = await db.scalar(by_name)
        row = found
        if row is None:
            row = CompanyRow(id=new_id, user_id=actor.user_id, key=name_key, created_at=now, industry="")
            db.add(row)
        row.name, row.notes, row.pages = company.name, company.notes, company.pages
        row.industry = company.industry or row.industry
        await remake(db, row, now)
        await db.flush()

    await once(db, actor, key, f"company:{company.model_dump_json()}", now, make)
    kept: CompanyRow | None = await db.scalar(by_name)
    if kept is None:
        raise NotFound("This company profile was deleted since. Use a new key to keep it again.")
    return kept


async def change_company(
    context: Context, db: AsyncSession, actor: Actor, company_id: UUID, change: CompanyUpdate
) -> CompanyRow:
    """Correct the notes or the industry; the profile is made anew.

    Raises:
        Invalid: the industry is none of ours.
    """
    row = await find_company(db, actor, company_id)
    _check_industry(change.industry or "")
    for field in ("industry", "notes", "pages"):
        value = getattr(change, field)
        if value is not None:
            setattr(row, field, value)
    await remake(db, row, context.clock())
    return row


async def refresh_company(
    context: Context, db: AsyncSession, actor: Actor, company_id: UUID, *, force: bool
) -> CompanyRow:
    """The profile, made anew when it is older than 30 days or when `force` says so."""
    row = await find_company(db, actor, company_id)
    if force or is_stale(row.built_at, context.clock()):
        await remake(db, row, context.clock())
    return row


async def delete_company(db: AsyncSession, actor: Actor, company_id: UUID) -> None:
    """Delete the profile and the notes for good."""
    row = await find_company(db, actor, company_id)
    await db.delete(row)
