"""Claude and other models on Amazon Bedrock: the Converse API through boto3."""

from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.tokens import FrozenAuthToken
from pydantic_ai.models.bedrock import BedrockConverseModel
from pydantic_ai.providers.bedrock import BedrockProvider

from greenroom.providers.llm.base import Capabilities
from greenroom.providers.llm.bridge import Connected
from greenroom.providers.llm.engine import Engine

CAPABILITIES = Capabilities(structured="tool", images=True)
REGION = "us-east-1"
# A read that hangs holds a thread of the client: it must end not long after the wrapper gave up.
READ_TIMEOUT_S = 60


class _KeySession(botocore.session.Session):
    """A session that signs with a Bedrock API key and knows no other credentials."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key

    def get_auth_token(self, **_: Any) -> FrozenAuthToken:  # noqa: ANN401 - the library's own signature
        return FrozenAuthToken(self._key)

    def get_credentials(self) -> None:
        return None


def connect(engine: Engine) -> Connected:
    """The engine's model; nothing is sent yet. The key is a Bedrock API key; empty: AWS's own credential chain."""
    key = engine.key.get_secret_value()
    config: dict[str, Any] = {"read_timeout": READ_TIMEOUT_S, "retries": {"total_max_attempts": 1}}
    if key:
        config["signature_version"] = "bearer"
    session: Any = boto3.Session(
        botocore_session=_KeySession(key) if key else None, region_name=engine.region or REGION
    )
    client = session.client("bedrock-runtime", config=Config(**config), endpoint_url=engine.address or None)
    model = BedrockConverseModel(engine.model, provider=BedrockProvider(bedrock_client=client))

    async def close() -> None:
        client.close()

    return Connected(model, close)
