"""Roles and personas over REST."""

from fastapi import APIRouter
from pydantic import BaseModel

from greenroom.library import catalog

router = APIRouter(prefix="/api/v1", tags=["library"])


class RoleView(BaseModel):
    """A role that can be interviewed for; `onet` is its O*NET-SOC 2019 code, `nearest` says it is the nearest fit."""

    slug: str
    title: str
    family: str
    onet: str
    nearest: bool
    aliases: list[str]


class PersonaView(BaseModel):
    """An interviewer. All personas grade alike."""

    slug: str
    name: str
    title: str
    tone: str
    style: str
    portrait: str
    owns: list[str]


class SceneView(BaseModel):
    """A meeting or a presentation to practise. `cast` are the people at the table, `agenda` the points."""

    slug: str
    scenario: str
    title: str
    field: str
    you: str
    situation: str
    cast: list[str]
    agenda: list[str]


@router.get("/scenes", summary="List the meetings and presentations")
async def list_scenes() -> list[SceneView]:
    """What can be practised beside interviews; an own description makes another."""
    return [
        SceneView(
            slug=scene.slug, scenario=scene.scenario, title=scene.title, field=scene.field, you=scene.you,
            situation=scene.situation, cast=[one.title for one in scene.cast],
            agenda=[entry.title for entry in scene.agenda],
        )
        for scene in catalog.load().scenes.values()
    ]  # fmt: skip


@router.get("/roles", summary="List the roles")
async def list_roles() -> list[RoleView]:
    """All roles the library knows; other titles are taken for the nearest family."""
    return [RoleView.model_validate(role.model_dump()) for role in catalog.load().roles.values()]


@router.get("/personas", summary="List the personas")
async def list_personas() -> list[PersonaView]:
    """The interviewers a panel is made of."""
    return [PersonaView.model_validate(persona.model_dump()) for persona in catalog.load().personas.values()]
