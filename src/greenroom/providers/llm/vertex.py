"""Gemini on Vertex AI: a project, a region, and a service account or the machine's own credentials."""

import json

from google.auth.credentials import Credentials
from google.genai import Client
from google.genai.types import HttpOptions
from google.oauth2 import service_account
from pydantic_ai.models.google import GoogleModel
from pydantic_ai.providers.google_cloud import GoogleCloudProvider

from greenroom.providers.llm.base import Capabilities, ProviderError
from greenroom.providers.llm.bridge import Connected
from greenroom.providers.llm.engine import Engine

CAPABILITIES = Capabilities(structured="native", images=True)
SCOPE = "https://www.googleapis.com/auth/cloud-platform"


def connect(engine: Engine) -> Connected:
    """The engine's model; nothing is sent yet. The key is the JSON of a service account; empty: the machine's own."""
    client = Client(
        vertexai=True,
        project=engine.project,
        location=engine.region or "us-central1",
        credentials=read_account(engine),
        http_options=HttpOptions(base_url=engine.address or None),
    )
    return Connected(
        GoogleModel(engine.model, provider=GoogleCloudProvider(client=client)), client.aio.aclose
    )


def read_account(engine: Engine) -> Credentials | None:
    """The credentials of the pasted service account.

    Raises:
        ProviderError: what was pasted is not the JSON of one.
    """
    text = engine.key.get_secret_value()
    if not text:
        return None
    try:
        account = service_account.Credentials.from_service_account_info(  # pyright: ignore[reportUnknownVariableType]
            json.loads(text), scopes=[SCOPE]
        )
    except ValueError as error:
        raise ProviderError("credentials", engine=engine.name) from error
    return account
