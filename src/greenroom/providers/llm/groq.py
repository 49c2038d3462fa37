"""Groq, through its own client."""

from groq import AsyncGroq
from pydantic_ai.models.groq import GroqModel
from pydantic_ai.providers.groq import GroqProvider

from greenroom.providers.llm.base import Capabilities
from greenroom.providers.llm.bridge import Connected
from greenroom.providers.llm.engine import Engine

CAPABILITIES = Capabilities(structured="tool", images=True)
ADDRESS = "https://api.groq.com"


def connect(engine: Engine) -> Connected:
    """The engine's model; nothing is sent yet."""
    client = AsyncGroq(
        base_url=engine.address or ADDRESS, api_key=engine.key.get_secret_value(), max_retries=0
    )
    return Connected(GroqModel(engine.model, provider=GroqProvider(groq_client=client)), client.close)
