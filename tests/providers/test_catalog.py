"""Engines as an operator writes them down, and what they cost."""

import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest
from pydantic import SecretStr, ValidationError

from greenroom.providers import catalog, prices
from greenroom.providers.llm.base import ProviderError, Usage
from greenroom.providers.llm.engine import Engine
from greenroom.providers.prices import Price


def engine(vendor: str = "openai", model: str = "gpt-5.4-mini", **more: object) -> Engine:
    return Engine.model_validate({"vendor": vendor, "model": model, "key": "key-1", **more})


def test_a_setting_names_engines_in_order_with_keys_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "key-a")
    first, second = catalog.read_engines(
        "anthropic:claude-sonnet-5, ollama:qwen3:8b@http://127.0.0.1:11434/v1"
    )
    assert (first.name, first.key.get_secret_value()) == ("anthropic:claude-sonnet-5", "key-a")
    assert (second.name, second.address) == ("ollama:qwen3:8b", "http://127.0.0.1:11434/v1")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("gpt-5", "vendor:model"),
        ("nobody:gpt-5", "vendors are"),
        ("compatible:mine", "lacks address"),
        ("groq:llama", "set GROQ_API_KEY"),
        ("compatible:mine@http://models.example.com/v1", "use https"),
    ],
)
def test_a_setting_that_cannot_work_says_why(text: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GROQ_API_KEY", raising=False)
    with pytest.raises(ValueError, match=says):
        catalog.read_engines(text)


@pytest.mark.parametrize(
    ("address", "fits"),
    [
        ("https://models.example.com/v1", True),
        ("http://127.0.0.1:8000/v1", True),
        ("http://10.0.0.7:8000/v1", True),
        ("http://ollama:11434/v1", True),
        ("http://[::1]:8000/v1", True),
        ("http://8.8.8.8/v1", False),
        ("http://models.example.com/v1", False),
        ("ftp://127.0.0.1/", False),
        ("file:///etc/passwd", False),
        ("https://user:password@models.example.com/v1", False),
        ("https://models.example.com/v1?key=1", False),
    ],
)
def test_words_cross_the_open_network_encrypted_only(address: str, fits: bool) -> None:
    if fits:
        assert engine("compatible", address=address).address == address
    else:
        with pytest.raises(ValidationError):
            engine("compatible", address=address)


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "kéy"])
def test_a_key_that_cannot_be_one_is_refused(key: str) -> None:
    with pytest.raises(ValidationError):
        engine(key=key)


def test_a_key_is_in_no_representation_of_an_engine() -> None:
    made = engine(key="key-secret-1")
    assert "key-secret-1" not in f"{made!r} {made} {made.model_dump()} {made.model_dump_json()}"


@pytest.mark.parametrize(
    ("made", "recipient"),
    [
        (engine(), "OpenAI"),
        (engine("openai", address="https://gateway.example.com/v1"), "gateway.example.com"),
        (engine("ollama", "qwen3"), ""),
        (engine("ollama", "qwen3", address="http://10.0.0.7:11434/v1"), "10.0.0.7"),
        (engine("compatible", "mine", address="http://localhost:8000/v1"), ""),
        (engine("bedrock", "us.anthropic.claude-sonnet-5-5"), "Amazon Bedrock"),
    ],
)
def test_it_is_known_who_gets_the_words(made: Engine, recipient: str) -> None:
    assert catalog.recipient_of(made) == recipient
    assert catalog.is_local(made) is (not recipient)


@pytest.mark.parametrize(
    ("made", "price"),
    [
        (engine(model="gpt-5.4-mini"), Price(Decimal("0.75"), Decimal("4.5"))),
        (engine(model="gpt-5.4-mini-2026-03-17"), Price(Decimal("0.75"), Decimal("4.5"))),
        (engine(model="gpt-999"), None),
        (engine(model="gpt-5.4-mini", address="https://gateway.example.com/v1"), None),
        (engine("ollama", "qwen3"), prices.FREE),
        (engine("vertex", "gemini-3.8-flash"), Price(Decimal("0.75"), Decimal("3.75"))),
    ],
)
def test_a_price_is_known_or_unknown_and_never_guessed(made: Engine, price: Price | None) -> None:
    assert catalog.price_of_engine(made) == price


def test_a_million_tokens_cost_the_listed_dollars() -> None:
    assert Price(Decimal("0.75"), Decimal("4.5")).of(Usage(1_000_000, 1_000_000)) == 5_250_000
    assert Price(Decimal("0.75"), Decimal("4.5")).of(Usage()) is None


def test_the_price_table_is_dated_and_names_known_vendors_only() -> None:
    table = prices.load()
    assert table.as_of > date(2026, 1, 1)
    assert set(table.vendors) <= set(catalog.VENDORS)
    assert all(into > 0 and out > 0 for models in table.vendors.values() for into, out in models.values())


def test_a_vendor_without_its_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "groq", None)
    monkeypatch.delitem(sys.modules, "greenroom.providers.llm.groq", raising=False)
    with pytest.raises(ProviderError) as caught:
        catalog.connect(engine("groq", "llama"))
    assert (caught.value.kind, caught.value.code) == ("not_installed", "groq")


def test_a_service_account_that_cannot_be_read_is_a_matter_of_credentials() -> None:
    with pytest.raises(ProviderError, match="credentials"):
        catalog.connect(engine("vertex", "gemini-3.8-flash", key='{"type": "service_account"}', project="p"))


def test_the_base_imports_no_vendor() -> None:
    script = (
        "import sys, greenroom.app, greenroom.routes, greenroom.providers.catalog, greenroom.providers.llm.scripted;"
        "heavy = {'pydantic_ai', 'openai', 'anthropic', 'google.genai', 'boto3', 'groq', 'mistralai', 'huggingface_hub'};"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_every_vendor_has_what_the_settings_page_needs() -> None:
    for vendor in catalog.VENDORS.values():
        made = Engine(
            vendor=vendor.slug, model=vendor.example, key=SecretStr("{}" if vendor.slug == "vertex" else "k")
        )
        assert vendor.title
        assert vendor.example
        assert made.name == f"{vendor.slug}:{vendor.example}"
