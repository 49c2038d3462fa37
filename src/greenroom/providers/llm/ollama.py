"""Ollama, usually on this machine: OpenAI's protocol, schemas enforced by grammar."""

from pydantic_ai.models.ollama import OllamaModel
from pydantic_ai.providers.ollama import OllamaProvider

from greenroom.providers.llm.base import Capabilities
from greenroom.providers.llm.bridge import Connected
from greenroom.providers.llm.engine import Engine
from greenroom.providers.llm.openai import open_client

CAPABILITIES = Capabilities(structured="native", images=True)
ADDRESS = "http://127.0.0.1:11434/v1"


def connect(engine: Engine) -> Connected:
    """The engine's model; nothing is sent yet."""
    client = open_client(engine, ADDRESS)
    return Connected(OllamaModel(engine.model, provider=OllamaProvider(openai_client=client)), client.close)
