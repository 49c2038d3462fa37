"""Fixtures shared by all tests: both databases, and a live server on each."""

import warnings
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from hypothesis import HealthCheck, settings

from tests import postgres
from tests.live import Live, serving, settings_for

# What hypothesis draws is the same in every run, and no example fails for the speed of the machine; new examples are
# for the search: pytest --hypothesis-profile=search
settings.register_profile(
    "steady", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("search", deadline=None, derandomize=False, database=None, print_blob=True)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    binaries = postgres.find_binaries()
    if binaries is None:
        warnings.warn(
            "PostgreSQL is not installed (apt-get install postgresql): its tests are skipped", stacklevel=1
        )
        pytest.skip("PostgreSQL is not installed: apt-get install -y postgresql")
    with postgres.running(binaries) as prefix:
        yield prefix


_made = 0


def new_postgres_database(prefix: str) -> str:
    """The URL of a fresh, empty database."""
    global _made
    _made += 1
    with psycopg.connect(f"{prefix}/postgres", autocommit=True) as connection:
        connection.execute(f"create database test_{_made}")
    return f"{prefix}/test_{_made}"


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_database(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The URL of an empty database of each kind in turn."""
    if database_kind == "sqlite":
        return f"sqlite:///{tmp_path / 'test.db'}"
    return new_postgres_database(request.getfixturevalue("postgres_server"))


@pytest.fixture(scope="session")
def live(
    database_kind: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Live]:
    """One server per database kind for the whole run; tests make their own interviews in it."""
    folder = tmp_path_factory.mktemp("live")
    url = (
        "" if database_kind == "sqlite" else new_postgres_database(request.getfixturevalue("postgres_server"))
    )
    with serving(settings_for(folder, url)) as running:
        yield running


@pytest.fixture
def api(live: Live) -> Iterator[httpx.Client]:
    with live.client() as client:
        yield client
