"""The tiers of the built-in evaluator as the settings have them; the embedding model is loaded once a process."""

from functools import lru_cache
from pathlib import Path

from greenroom.grading.builtin.weights import Tier
from greenroom.kit.errors import Problem
from greenroom.providers.embeddings.base import Embeddings
from greenroom.settings import Settings


class TierMissing(Problem):
    status = 409
    slug = "tier-missing"
    title = "The embedding model is not there"


def open_embeddings(settings: Settings) -> Embeddings:
    """The embedding model of the settings. Blocking on first use (about a second).

    Raises:
        TierMissing: the extra is not installed or a file is missing; says what to do.
    """
    from greenroom.providers.embeddings.onnx import ModelMissingError

    try:
        return _load(settings.model_folder)
    except ModelMissingError as error:
        raise TierMissing(
            f"{error}. Install the extra `embeddings` and run `greenroom models fetch`, or judge by words alone."
        ) from error


@lru_cache(maxsize=2)
def _load(folder: Path) -> Embeddings:
    from greenroom.providers.embeddings.onnx import OnnxEmbeddings

    return OnnxEmbeddings(folder)


def open_tier(settings: Settings, wanted: Tier | None) -> tuple[Tier, Embeddings | None, str]:
    """The tier to judge with, its model, and what to tell where it is not the one of the settings.

    A tier that is `wanted` by name is needed; that of the settings gives way to words alone, and says so.

    Raises:
        TierMissing: the tier asked for by name cannot be had.
    """
    tier = wanted or settings.evaluator_tier
    if tier == "lexical":
        return "lexical", None, ""
    try:
        return "embeddings", open_embeddings(settings), ""
    except TierMissing as error:
        if wanted:
            raise
        return (
            "lexical",
            None,
            f"Judged by words alone, though the settings ask for meaning too: {error.detail}",
        )
