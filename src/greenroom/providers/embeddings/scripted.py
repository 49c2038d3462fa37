"""Embeddings whose meanings a test wrote down: a text means the fields whose words stand in it."""

from collections.abc import Mapping, Sequence
from math import sqrt


class ScriptedEmbeddings:
    """One dimension a field; a text without any word of a field is orthogonal to all of them."""

    name = "scripted"

    def __init__(self, fields: Mapping[str, Sequence[str]]) -> None:
        self._fields = [tuple(words) for words in fields.values()]

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Unit vectors, the last dimension for everything else."""
        return [self._embed(text.casefold()) for text in texts]

    def _embed(self, text: str) -> list[float]:
        found = [float(any(word in text for word in words)) for words in self._fields]
        length = sqrt(sum(found)) or 1.0
        return [*(one / length for one in found), 0.0 if any(found) else 1.0]

    def compare_texts(self, left: Sequence[str], right: Sequence[str]) -> list[list[float]]:
        """Cosines of whole texts."""
        rows = self.embed(right)
        return [
            [sum(x * y for x, y in zip(one, row, strict=True)) for row in rows] for one in self.embed(left)
        ]

    def compare_words(
        self,
        left: str,
        left_words: Sequence[tuple[int, int]],
        right: str,
        right_words: Sequence[tuple[int, int]],
    ) -> list[list[float]]:
        """Cosines of the words alone."""
        return self.compare_texts([left[a:b] for a, b in left_words], [right[a:b] for a, b in right_words])
