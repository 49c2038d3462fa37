"""Mistral, through its own client."""

import httpx2
from mistralai.client import Mistral
from pydantic_ai.models.mistral import MistralModel
from pydantic_ai.providers.mistral import MistralProvider

from greenroom.providers.llm.base import Capabilities
from greenroom.providers.llm.bridge import Connected
from greenroom.providers.llm.engine import Engine

CAPABILITIES = Capabilities(structured="tool", images=True)
ADDRESS = "https://api.mistral.ai"
TIMEOUT_S = 120


def connect(engine: Engine) -> Connected:
    """The engine's model; nothing is sent yet."""
    http = httpx2.AsyncClient(timeout=TIMEOUT_S)
    client = Mistral(
        api_key=engine.key.get_secret_value(), server_url=engine.address or ADDRESS, async_client=http
    )
    return Connected(MistralModel(engine.model, provider=MistralProvider(mistral_client=client)), http.aclose)
