"""Any server that speaks OpenAI's chat completions: vLLM, llama.cpp, LM Studio, gateways."""

from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.profiles.openai import OpenAIModelProfile
from pydantic_ai.providers.openai import OpenAIProvider

from greenroom.providers.llm.base import Capabilities
from greenroom.providers.llm.bridge import Connected
from greenroom.providers.llm.engine import Engine
from greenroom.providers.llm.openai import open_client

# Tool calls are the one kind of schema output that nearly all of these servers have.
CAPABILITIES = Capabilities(structured="tool", images=True)


def connect(engine: Engine) -> Connected:
    """The engine's model; nothing is sent yet."""
    profile = OpenAIModelProfile(
        supports_json_schema_output=engine.structured == "native",
        openai_supports_strict_tool_definition=False,
    )
    client = open_client(engine, engine.address)
    model = OpenAIChatModel(engine.model, provider=OpenAIProvider(openai_client=client), profile=profile)
    return Connected(model, client.close)
