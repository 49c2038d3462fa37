"""Hugging Face: inference providers, or an own endpoint by address."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from huggingface_hub import AsyncInferenceClient
from huggingface_hub.errors import HfHubHTTPError
from pydantic_ai import exceptions
from pydantic_ai.models import StreamedResponse
from pydantic_ai.models.huggingface import HuggingFaceModel
from pydantic_ai.providers.huggingface import HuggingFaceProvider

from greenroom.providers.llm.base import Capabilities
from greenroom.providers.llm.bridge import Connected
from greenroom.providers.llm.engine import Engine

CAPABILITIES = Capabilities(structured="tool", images=True)
_CATEGORIES = {
    401: exceptions.ModelAuthenticationError,
    402: exceptions.ModelQuotaExceededError,
    403: exceptions.ModelAuthenticationError,
    404: exceptions.ModelNotFoundError,
    429: exceptions.ModelRateLimitError,
    503: exceptions.ModelUnavailableError,
}


class _Model(HuggingFaceModel):
    """The library reads the body of a refused stream that was never received; the status and headers are there."""

    @asynccontextmanager
    async def request_stream(self, *args: Any, **kwargs: Any) -> AsyncGenerator[StreamedResponse]:  # noqa: ANN401 - passed on as they are
        try:
            async with super().request_stream(*args, **kwargs) as stream:
                yield stream
        except httpx.ResponseNotRead as error:
            if not isinstance(error.__context__, HfHubHTTPError):
                raise
            refused = error.__context__.response
            rejected = (
                exceptions.ModelServerError
                if refused.status_code >= 500
                else exceptions.ModelRequestRejectedError
            )
            raise exceptions.ModelHTTPError.for_category(
                _CATEGORIES.get(refused.status_code, rejected),
                status_code=refused.status_code,
                model_name=self.model_name,
                headers=refused.headers,
            ) from error


def connect(engine: Engine) -> Connected:
    """The engine's model; nothing is sent yet."""
    key = engine.key.get_secret_value()
    client = AsyncInferenceClient(api_key=key, base_url=engine.address or None)
    model = _Model(engine.model, provider=HuggingFaceProvider(hf_client=client, api_key=key))
    return Connected(model, client.close)
