"""Open connections to engines, one per engine and process, and the words that are being written just now."""

import asyncio

from greenroom.providers import catalog
from greenroom.providers.llm.base import LanguageModel
from greenroom.providers.llm.engine import Engine


class Connections:
    """Models by engine. A changed engine is another engine and gets another connection."""

    def __init__(self) -> None:
        self._models: dict[tuple[str, ...], LanguageModel] = {}
        self._lock = asyncio.Lock()

    async def get(self, engine: Engine) -> LanguageModel:
        """The engine's model. The first use imports the vendor's package in a thread.

        Raises:
            ProviderError: not installed, or credentials that cannot be read.
        """
        key = (
            engine.vendor, engine.model, engine.address, engine.region, engine.project, engine.structured or "",
            engine.key.get_secret_value(),
        )  # fmt: skip
        async with self._lock:
            if key not in self._models:
                made = await asyncio.to_thread(catalog.connect, engine)
                self._models.setdefault(key, made)  # one that was put meanwhile stays
            return self._models[key]

    def put(self, engine: Engine, model: LanguageModel) -> None:
        """Use `model` for `engine`, as tests and simulations do."""
        self._models[
            engine.vendor, engine.model, engine.address, engine.region, engine.project, engine.structured or "",
            engine.key.get_secret_value(),
        ] = model  # fmt: skip

    async def close(self) -> None:
        """Return all connections."""
        models, self._models = list(self._models.values()), {}
        for model in models:
            close = getattr(model, "close", None)
            if close is not None:
                await close()
