"""Anthropic: the messages API."""

from anthropic import AsyncAnthropic
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.providers.anthropic import AnthropicProvider

from greenroom.providers.llm.base import Capabilities
from greenroom.providers.llm.bridge import Connected
from greenroom.providers.llm.engine import Engine

CAPABILITIES = Capabilities(structured="tool", images=True)
ADDRESS = "https://api.anthropic.com"


def connect(engine: Engine) -> Connected:
    """The engine's model; nothing is sent yet."""
    client = AsyncAnthropic(
        base_url=engine.address or ADDRESS,
        api_key=engine.key.get_secret_value(),
        auth_token=None,
        max_retries=0,
    )
    model = AnthropicModel(engine.model, provider=AnthropicProvider(anthropic_client=client))
    return Connected(model, client.close)
