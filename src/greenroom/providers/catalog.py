"""Every vendor of language models, and the engine's description made into a model. Only this file names vendors."""

import os
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING

from pydantic import SecretStr, ValidationError

from greenroom.kit.faults import explain
from greenroom.providers.llm.base import LanguageModel, ProviderError
from greenroom.providers.llm.engine import Engine
from greenroom.providers.prices import FREE, Price, price_of

if TYPE_CHECKING:
    from greenroom.providers.llm.base import Capabilities
    from greenroom.providers.web.base import WebSearch


@dataclass(frozen=True)
class Vendor:
    """How one vendor is set up. `extra` is what to install; `keys` are the environment variables a key is read from.

    `key` says in words what the key is; empty: none is needed. `needs` are further fields of the engine.
    """

    slug: str
    title: str
    extra: str
    key: str
    keys: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    key_optional: bool = False
    example: str = ""
    fields: tuple[str, ...] = field(default=())


VENDORS: dict[str, Vendor] = {
    vendor.slug: vendor
    for vendor in (
        Vendor("openai", "OpenAI", "openai", "API key", ("OPENAI_API_KEY",), example="gpt-5.4-mini"),
        Vendor("anthropic", "Anthropic", "anthropic", "API key", ("ANTHROPIC_API_KEY",), example="claude-sonnet-5"),
        Vendor(
            "gemini", "Google Gemini", "google", "API key", ("GEMINI_API_KEY", "GOOGLE_API_KEY"),
            example="gemini-3.8-flash",
        ),
        Vendor(
            "vertex", "Google Vertex AI", "google", "service account (JSON)", ("GOOGLE_VERTEX_CREDENTIALS",),
            needs=("project",), key_optional=True, fields=("region", "project"), example="gemini-3.8-flash",
        ),
        Vendor("groq", "Groq", "groq", "API key", ("GROQ_API_KEY",), example="openai/gpt-oss-120b"),
        Vendor("cerebras", "Cerebras", "openai", "API key", ("CEREBRAS_API_KEY",), example="gpt-oss-120b"),
        Vendor("mistral", "Mistral", "mistral", "API key", ("MISTRAL_API_KEY",), example="mistral-small-latest"),
        Vendor(
            "bedrock", "Amazon Bedrock", "bedrock", "Bedrock API key", ("AWS_BEARER_TOKEN_BEDROCK",),
            key_optional=True, fields=("region",), example="us.anthropic.claude-sonnet-5-5",
        ),
        Vendor("huggingface", "Hugging Face", "huggingface", "access token", ("HF_TOKEN",), example="openai/gpt-oss-20b"),
        Vendor("ollama", "Ollama", "openai", "API key", ("OLLAMA_API_KEY",), key_optional=True, example="qwen3:8b"),
        Vendor(
            "compatible", "OpenAI-compatible server", "openai", "API key", ("GREENROOM_COMPATIBLE_KEY",),
            needs=("address",), key_optional=True, example="my-model",
        ),
    )
}  # fmt: skip
LOCAL_BY_DEFAULT = "ollama"


def connect_search(provider: str, key: str, address: str) -> "WebSearch | None":
    """The search provider of the settings; None when it is none of ours or has no key."""
    from greenroom.providers.web.brave import BraveSearch
    from greenroom.providers.web.tavily import TavilySearch

    made = {"brave": BraveSearch, "tavily": TavilySearch}.get(provider)
    return made(key, address.rstrip("/")) if made and key else None


def connect(engine: Engine) -> LanguageModel:
    """The engine's model, one attempt at a time. Imports the vendor's package, which can take two seconds: call it
    in a thread.

    Raises:
        ProviderError: kind not_installed, credentials that cannot be read, or an address or region that cannot be one.
    """
    if engine.vendor not in VENDORS:
        raise ProviderError("not_found", engine=engine.name)
    try:
        from greenroom.providers.llm.bridge import BridgedModel, is_theirs

        module = import_module(f"greenroom.providers.llm.{engine.vendor}")
    except ImportError as error:
        raise ProviderError("not_installed", engine=engine.name, code=VENDORS[engine.vendor].extra) from error
    capabilities: Capabilities = module.CAPABILITIES
    if engine.structured:
        from dataclasses import replace

        capabilities = replace(capabilities, structured=engine.structured)
    try:
        return BridgedModel(engine.name, module.connect(engine), capabilities)
    except ProviderError:
        raise
    except Exception as error:
        if not is_theirs(error):
            raise
        raise ProviderError("rejected", engine=engine.name, code=type(error).__name__) from error


def is_local(engine: Engine) -> bool:
    """Whether nothing leaves this machine when the engine is used."""
    return engine.is_local or (engine.vendor == LOCAL_BY_DEFAULT and not engine.address)


def recipient_of(engine: Engine) -> str:
    """Who gets the words, as the consent names them: the vendor's title, or the host of an own address; "" for nobody."""
    if is_local(engine):
        return ""
    if engine.address:
        from urllib.parse import urlsplit

        return urlsplit(engine.address).hostname or ""
    return VENDORS[engine.vendor].title


def price_of_engine(engine: Engine) -> Price | None:
    """The list price; free on this machine; None for an own address or a model that is not in the table."""
    if is_local(engine):
        return FREE
    return None if engine.address else price_of(engine.vendor, engine.model)


def missing_of(engine: Engine) -> list[str]:
    """Fields the vendor needs that are empty."""
    vendor = VENDORS[engine.vendor]
    missing = [name for name in vendor.needs if not getattr(engine, name)]
    if vendor.key and not vendor.key_optional and not engine.key.get_secret_value():
        missing.append("key")
    return missing


def read_engines(text: str) -> list[Engine]:
    """Engines of a setting: `vendor:model[@address]`, separated by commas, best first. Keys come from the vendor's
    usual environment variables, region and project from AWS's and Google's.

    Raises:
        ValueError: what is wrong, in words.
    """
    return [_read_engine(part.strip()) for part in text.split(",") if part.strip()]


def _read_engine(text: str) -> Engine:
    slug, _, rest = text.partition(":")
    if slug not in VENDORS or not rest:
        raise ValueError(f"{text!r} is not vendor:model; vendors are {', '.join(VENDORS)}")
    vendor = VENDORS[slug]
    model, _, address = rest.partition("@http")
    region = {"bedrock": "AWS_REGION", "vertex": "GOOGLE_CLOUD_LOCATION"}.get(slug)
    try:
        engine = Engine(
            vendor=slug,
            model=model,
            address=f"http{address}" if address else "",
            key=SecretStr(next((os.environ[name] for name in vendor.keys if os.environ.get(name)), "")),
            region=os.environ.get(region, "") if region else "",
            project=os.environ.get("GOOGLE_CLOUD_PROJECT", "") if slug == "vertex" else "",
        )
    except ValidationError as error:
        raise ValueError(f"{text!r}: {explain(error.errors()[0])}") from error
    if missing := missing_of(engine):
        wanted = f"; set {vendor.keys[0]}" if "key" in missing else ""
        raise ValueError(f"{text!r} lacks {', '.join(missing)}{wanted}")
    return engine
