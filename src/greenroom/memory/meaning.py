"""Meaning as vectors, computed on this machine; nothing of it when embeddings are not installed."""

import asyncio
from array import array
from collections.abc import Sequence
from math import sqrt

from greenroom.kit.web import Context
from greenroom.providers.embeddings.base import Embeddings
from greenroom.providers.embeddings.download import NAME

NEAR = 0.35
"""The least cosine of an answer that counts as about the same thing (all-MiniLM-L6-v2)."""


class Meaning:
    """The embeddings of this process: loaded on first use, or given by a test."""

    def __init__(self) -> None:
        self._embeddings: Embeddings | None = None
        self._looked = False

    def put(self, embeddings: Embeddings | None) -> None:
        """Use these from now on."""
        self._embeddings, self._looked = embeddings, True

    async def get(self, context: Context) -> Embeddings | None:
        """The installed embeddings (`models/all-MiniLM-L6-v2` in the data folder), or None."""
        if not self._looked:
            self.put(await asyncio.to_thread(_load, context))
        return self._embeddings


def _load(context: Context) -> Embeddings | None:
    folder = context.settings.data_dir / "models" / NAME
    if not folder.is_dir():
        return None
    from greenroom.providers.embeddings.onnx import ModelMissingError, OnnxEmbeddings

    try:
        return OnnxEmbeddings(folder)
    except ModelMissingError:
        return None


async def read_vector(embeddings: Embeddings, text: str) -> bytes:
    """The text's unit vector as 32-bit floats."""
    (vector,) = await asyncio.to_thread(embeddings.embed, [text])
    return array("f", vector).tobytes()


def rank(query: bytes, vectors: Sequence[bytes]) -> list[tuple[int, float]]:
    """Places of the vectors that are near to the query, the nearest first, with their cosines."""
    wanted = array("f", query)
    found: list[tuple[int, float]] = []
    for place, vector in enumerate(vectors):
        other = array("f", vector)
        if len(other) == len(wanted):
            cosine = _cosine(wanted, other)
            if cosine >= NEAR:
                found.append((place, cosine))
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def _cosine(left: "array[float]", right: "array[float]") -> float:
    length = sqrt(sum(x * x for x in left)) * sqrt(sum(x * x for x in right))
    return sum(x * y for x, y in zip(left, right, strict=True)) / length if length else 0.0
