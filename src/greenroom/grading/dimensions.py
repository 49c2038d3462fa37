"""The scheme of dimensions and weights that ships with Greenroom, from `dimensions.yaml`."""

from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, Field

from greenroom.grading.folds import Dimension, Scheme
from greenroom.library.schemas import CriterionId


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    dimensions: dict[Dimension, dict[CriterionId, float]]
    weights: dict[str, dict[Dimension, float]] = Field(default_factory=dict[str, dict[Dimension, float]])
    families: dict[str, dict[Dimension, float]] = Field(default_factory=dict[str, dict[Dimension, float]])


@lru_cache(maxsize=1)
def load_scheme() -> Scheme:
    """Criteria of each dimension, and weights by type of question and family of role. Read once."""
    text = files("greenroom.grading").joinpath("dimensions.yaml").read_text(encoding="utf-8")
    read = _File.model_validate(yaml.safe_load(text))
    return Scheme(read.dimensions, read.weights, read.families)
