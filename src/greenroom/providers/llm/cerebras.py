"""Cerebras: OpenAI's protocol at its own address."""

from pydantic_ai.models.cerebras import CerebrasModel
from pydantic_ai.providers.cerebras import CerebrasProvider

from greenroom.providers.llm.base import Capabilities
from greenroom.providers.llm.bridge import Connected
from greenroom.providers.llm.engine import Engine
from greenroom.providers.llm.openai import open_client

CAPABILITIES = Capabilities(structured="tool")  # its interface takes text only
ADDRESS = "https://api.cerebras.ai/v1"


def connect(engine: Engine) -> Connected:
    """The engine's model; nothing is sent yet."""
    client = open_client(engine, ADDRESS)
    return Connected(
        CerebrasModel(engine.model, provider=CerebrasProvider(openai_client=client)), client.close
    )
