"""The packaged industry profiles."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from greenroom.documents.company import Industry


@cache
def load() -> dict[str, Industry]:
    """The profiles by slug, read once per process."""
    path = Path(__file__).parent / "data" / "industries.yaml"
    rows = TypeAdapter(list[Industry]).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    return {industry.slug: industry for industry in rows}
