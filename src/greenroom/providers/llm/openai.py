"""OpenAI: the chat completions API."""

from openai import AsyncOpenAI
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

from greenroom.providers.llm.base import Capabilities
from greenroom.providers.llm.bridge import Connected
from greenroom.providers.llm.engine import Engine

CAPABILITIES = Capabilities(structured="native", images=True)
ADDRESS = "https://api.openai.com/v1"


def connect(engine: Engine) -> Connected:
    """The engine's model; nothing is sent yet."""
    client = open_client(engine, ADDRESS)
    return Connected(
        OpenAIChatModel(engine.model, provider=OpenAIProvider(openai_client=client)), client.close
    )


def open_client(engine: Engine, address: str) -> AsyncOpenAI:
    """OpenAI's client for the engine's address or `address`; servers without keys get a placeholder."""
    return AsyncOpenAI(
        base_url=engine.address or address,
        api_key=engine.key.get_secret_value() or "none",
        organization="",
        project="",
        max_retries=0,
    )
