"""What the grader asks of an embedding model, whoever computes it."""

from collections.abc import Sequence
from typing import Protocol


class Embeddings(Protocol):
    """Cosines (-1 to 1) between texts and between words in their context. Same input, same output."""

    @property
    def name(self) -> str:
        """The model and its weights, as stored with a score."""
        ...

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One unit vector a text, to be kept and compared later with vectors of the same `name`."""
        ...

    def compare_texts(self, left: Sequence[str], right: Sequence[str]) -> list[list[float]]:
        """One row per left text, one column per right text."""
        ...

    def compare_words(
        self,
        left: str,
        left_words: Sequence[tuple[int, int]],
        right: str,
        right_words: Sequence[tuple[int, int]],
    ) -> list[list[float]]:
        """The same for words, given as code-point ranges of each text. Words beyond the model's length
        limit are compared as the text that was read."""
        ...
