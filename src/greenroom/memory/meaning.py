"""Meaning as vectors, computed on this machine; nothing of it when embeddings are not installed."""

import asyncio
from array import array
from collections.abc import Sequence
from operator import mul

from greenroom.kit.web import Context
from greenroom.providers.embeddings.base import Embeddings
from greenroom.providers.embeddings.download import NAME

NEAR = 0.25
"""The least cosine of an answer that counts as about the same thing. Tried with all-MiniLM-L6-v2 (int8) on four answers
and five queries of two to five words: the right answer came to 0.44, 0.32, 0.28 and 0.17, wrong ones to 0.22 at most, so
one query in four finds nothing by meaning."""


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
    """Places of the unit vectors that are near to the query's, the nearest first, with their cosines."""
    wanted = array("f", query)
    found: list[tuple[int, float]] = []
    for place, vector in enumerate(vectors):
        other = array("f", vector)
        if len(other) == len(wanted):
            cosine = sum(map(mul, wanted, other))
            if cosine >= NEAR:
                found.append((place, cosine))
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))
