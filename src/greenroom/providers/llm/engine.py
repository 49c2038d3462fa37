"""What an operator says about one engine: vendor, model, key, address."""

import ipaddress
import json
from typing import Annotated, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, field_validator

from greenroom.kit.faults import Form

Structured = Literal["native", "tool", "prompted"]
Word = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=200),
    Form(r"^[\x21-\x7e]*$", "plain letters, digits and signs without a space"),
]


class Engine(BaseModel):
    """One model at one vendor. `address` replaces the vendor's own; `region` and `project` are for clouds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    vendor: Word = Field(min_length=1)
    model: Word = Field(min_length=1)
    key: SecretStr = SecretStr("")
    address: Word = ""
    region: Word = ""
    project: Word = ""
    structured: Structured | None = Field(
        default=None, description="how a schema is enforced; none: the vendor's way"
    )

    @field_validator("address")
    @classmethod
    def _reachable(cls, address: str) -> str:
        """http or https; plain http only where the words do not cross the open network."""
        if not address:
            return address
        parts = urlsplit(address)
        odd = parts.username or parts.query or parts.fragment or "\\" in address
        if parts.scheme not in ("http", "https") or not parts.hostname or odd or not _has_port(parts):
            raise ValueError("an address looks like https://host/v1")
        if parts.scheme == "http" and not is_near(parts.hostname):
            raise ValueError("http is for this machine and its own network; use https")
        return address.rstrip("/")

    @field_validator("key")
    @classmethod
    def _one_line(cls, key: SecretStr) -> SecretStr:
        value = key.get_secret_value().strip()
        if value.startswith("{"):
            return SecretStr(_on_one_line(value))
        if not (value.isascii() and value.isprintable() and " " not in value):
            raise ValueError("a key is one line of letters, digits and signs")
        return SecretStr(value)

    @property
    def name(self) -> str:
        """`vendor:model`."""
        return f"{self.vendor}:{self.model}"

    @property
    def is_local(self) -> bool:
        """Whether its address is this machine, so that no words leave it."""
        host = urlsplit(self.address).hostname or ""
        return host == "localhost" or _address_of(host).is_loopback if host else False


def _has_port(parts: SplitResult) -> bool:
    """Whether the port is a number that can be one, or none is named."""
    try:
        return parts.port is None or parts.port > 0
    except ValueError:
        return False


def _on_one_line(account: str) -> str:
    try:
        return json.dumps(json.loads(account))
    except ValueError:
        raise ValueError("what begins with { is the whole JSON of a service account") from None


def is_near(host: str) -> bool:
    """Whether a host is this machine or on its own network: a private address or a name without dots."""
    if ("." not in host and ":" not in host) or host.endswith((".local", ".internal", ".lan")):
        return True
    return _address_of(host).is_private


def _address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The IP address a host is written as; a name gives a public one."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return ipaddress.ip_address("1.1.1.1")
