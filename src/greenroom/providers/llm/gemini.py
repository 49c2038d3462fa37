"""Gemini by API key, through Google's client."""

from google.genai import Client
from google.genai.types import HttpOptions
from pydantic_ai.models.google import GoogleModel
from pydantic_ai.providers.google import GoogleProvider

from greenroom.providers.llm.base import Capabilities
from greenroom.providers.llm.bridge import Connected
from greenroom.providers.llm.engine import Engine

CAPABILITIES = Capabilities(structured="native", images=True)
ADDRESS = "https://generativelanguage.googleapis.com"


def connect(engine: Engine) -> Connected:
    """The engine's model; nothing is sent yet."""
    client = Client(
        vertexai=False,
        api_key=engine.key.get_secret_value(),
        http_options=HttpOptions(base_url=engine.address or ADDRESS),
    )
    return Connected(GoogleModel(engine.model, provider=GoogleProvider(client=client)), client.aio.aclose)
