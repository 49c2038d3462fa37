"""Settings: every one has a default that works on a laptop; `GREENROOM_<NAME>` in the environment overrides it."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read once at start. Every field is listed in docs/operations.md; a test compares the two."""

    model_config = SettingsConfigDict(env_prefix="GREENROOM_", env_file=".env", extra="ignore")

    data_dir: Path = Field(
        default=Path("var"), description="folder of the database file and everything kept on disk"
    )
    database_url: str = Field(
        default="",
        description="empty: SQLite in data_dir; postgresql://user:password@host/name for PostgreSQL",
    )
    host: str = Field(default="127.0.0.1", description="address the server listens on")
    port: int = Field(
        default=8460, ge=0, le=65535, description="port the server listens on; 0 picks a free one"
    )
    allowed_hosts: list[str] = Field(
        default=["127.0.0.1", "localhost", "[::1]"],
        description="names this server answers to; anything else is refused (DNS rebinding)",
    )
    worker: Literal["in-process", "none"] = Field(
        default="in-process",
        description="'in-process' runs background jobs beside the pages; 'none' leaves them to `greenroom worker`",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="least level logged"
    )
    log_format: Literal["console", "json"] = Field(default="console", description="how log lines are written")
    open_browser: bool = Field(default=True, description="open the address when a browser is there")
    language: Literal["en", "en-XA"] = Field(
        default="en",
        description="language of the pages; en-XA is a pseudo-language that shows untranslated text",
    )

    interviewer_engines: str = Field(
        default="",
        description="models that word the panel's questions, vendor:model[@address], best first; empty: built in",
    )
    evaluator_engines: str = Field(default="", description="models that judge answers; empty: built in")
    evaluator_tier: Literal["lexical", "embeddings"] = Field(
        default="lexical",
        description="how the built-in evaluator reads: by words, or also by meaning, which needs the embedding model",
    )
    embeddings_folder: Path | None = Field(
        default=None,
        description="folder of the embedding model; empty: where `greenroom models fetch` puts it, in data_dir",
    )
    coach_engines: str = Field(
        default="", description="models that rephrase and sum up what was said; empty: built in"
    )
    research_engines: str = Field(
        default="", description="models that write questions and company profiles; empty: built in"
    )
    vision_engines: str = Field(
        default="", description="models that look at pictures; no page shows them any yet"
    )
    research_web: Literal["off", "pages", "brave", "tavily"] = Field(
        default="off",
        description="'off': research reads what was pasted; 'pages': it also fetches the addresses a person gives; "
        "'brave', 'tavily': it also searches there",
    )
    research_web_key: SecretStr = Field(default=SecretStr(""), description="key of the search provider")
    research_web_address: str = Field(default="", description="instead of the search provider's own address")
    session_budget_usd: float = Field(
        default=1.0,
        ge=0,
        description="US dollars that models may cost in one session; then the built-in goes on",
    )

    @property
    def model_folder(self) -> Path:
        """Where the embedding model is looked for."""
        return self.embeddings_folder or self.data_dir / "models" / "all-MiniLM-L6-v2"

    @property
    def database(self) -> str:
        """The SQLAlchemy URL with the async driver spelled out."""
        if not self.database_url:
            return f"sqlite+aiosqlite:///{(self.data_dir / 'greenroom.db').absolute()}"
        for prefix in ("postgresql+asyncpg://", "sqlite+aiosqlite://"):
            if self.database_url.startswith(prefix):
                return self.database_url
        scheme, _, rest = self.database_url.partition("://")
        drivers = {
            "postgresql": "postgresql+asyncpg",
            "postgres": "postgresql+asyncpg",
            "sqlite": "sqlite+aiosqlite",
        }
        if scheme not in drivers or not rest:
            raise ValueError("GREENROOM_DATABASE_URL must start with postgresql:// or sqlite:///")
        return f"{drivers[scheme]}://{rest}"


@lru_cache(maxsize=1)
def load() -> Settings:
    """The settings of this process."""
    return Settings()
