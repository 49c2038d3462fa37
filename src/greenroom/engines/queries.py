"""Reading engines for the page and the API; no query gives a key."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from greenroom.engines import service
from greenroom.engines.models import EngineRow, EngineUseRow
from greenroom.engines.schemas import EngineList, EngineView, VendorView
from greenroom.kit.web import Context
from greenroom.providers import catalog, prices
from greenroom.providers.llm.base import PURPOSES
from greenroom.providers.llm.engine import Engine


async def read_engines(context: Context, db: AsyncSession) -> EngineList:
    """Every engine that is kept, the order for each purpose, and those the environment names."""
    rows = list(await db.scalars(select(EngineRow).order_by(EngineRow.id)))
    uses = await db.execute(
        select(EngineUseRow.purpose, EngineUseRow.engine_id).order_by(
            EngineUseRow.purpose, EngineUseRow.position
        )
    )
    ordered = list(uses)
    return EngineList(
        engines=[view_of(row) for row in rows],
        uses={purpose: [id_ for used, id_ in ordered if used == purpose] for purpose in PURPOSES},
        environment={
            purpose: [_view(engine) for engine in service.environment_engines(context, purpose)]
            for purpose in PURPOSES
        },
        prices_as_of=prices.load().as_of.isoformat(),
    )


def view_of(row: EngineRow) -> EngineView:
    """An engine without its key."""
    bare = Engine(
        vendor=row.vendor, model=row.model, address=row.address, region=row.region, project=row.project
    )
    return _view(bare).model_copy(
        update={
            "id": row.id,
            "has_key": row.sealed_key is not None,
            "tested_at": row.tested_at,
            "test_problem": row.test_problem,
        }
    )


def _view(engine: Engine) -> EngineView:
    return EngineView(
        id=None, name=engine.name, vendor=engine.vendor, vendor_title=catalog.VENDORS[engine.vendor].title,
        model=engine.model, address=engine.address, has_key=bool(engine.key.get_secret_value()),
        recipient=catalog.recipient_of(engine), price=_price(engine),
    )  # fmt: skip


def _price(engine: Engine) -> str:
    price = catalog.price_of_engine(engine)
    if price is None:
        return "unknown"
    return "free on this machine" if price == prices.FREE else f"{price.input} in, {price.output} out"


def list_vendors() -> list[VendorView]:
    """What can be connected, and what each needs."""
    return [
        VendorView(
            slug=vendor.slug, title=vendor.title, example=vendor.example, key=vendor.key,
            key_optional=vendor.key_optional, needs=list(vendor.needs), extra=vendor.extra,
        )
        for vendor in catalog.VENDORS.values()
    ]  # fmt: skip
