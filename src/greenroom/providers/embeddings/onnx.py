"""all-MiniLM-L6-v2 through onnxruntime, from a folder with `model.onnx` and `tokenizer.json`.

Needs the extra `embeddings` (onnxruntime, tokenizers, numpy); imported on first use. Token vectors are
the last hidden state; a text is their mean, normalised (the model card's recipe). Texts longer than the
model reads are read in overlapping windows.
"""

from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

_WINDOW = 240
_STRIDE = 200


class ModelMissingError(Exception):
    """The embeddings cannot be used; the text says what to install or download."""


class OnnxEmbeddings:
    """Embeddings of one model folder. Thread-safe; one text is computed once for the last 512 texts."""

    def __init__(self, folder: Path) -> None:
        """Loads the model; ModelMissingError when the extra or a file is not there."""
        try:
            np, ort, tokenizers = map(import_module, ("numpy", "onnxruntime", "tokenizers"))
        except ImportError as error:
            raise ModelMissingError(
                "the embeddings tier needs: pip install 'greenroom[embeddings]'"
            ) from error
        for file in ("model.onnx", "tokenizer.json"):
            if not (folder / file).is_file():
                raise ModelMissingError(f"{folder / file} is not there")
        options: Any = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._np: Any = np
        self._session: Any = ort.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer: Any = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._inputs: list[str] = [entry.name for entry in self._session.get_inputs()]
        self._read = lru_cache(maxsize=512)(self._read_text)
        self.name = f"{folder.resolve().name}"

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """The texts' unit vectors."""
        return [self._read(text)[0].tolist() for text in texts]

    def compare_texts(self, left: Sequence[str], right: Sequence[str]) -> list[list[float]]:
        """Cosines of whole texts."""
        np = self._np
        return (
            np.stack([self._read(t)[0] for t in left]) @ np.stack([self._read(t)[0] for t in right]).T
        ).tolist()

    def compare_words(
        self,
        left: str,
        left_words: Sequence[tuple[int, int]],
        right: str,
        right_words: Sequence[tuple[int, int]],
    ) -> list[list[float]]:
        """Cosines of words in context."""
        return (self._words(left, left_words) @ self._words(right, right_words).T).tolist()

    def _words(self, text: str, words: Sequence[tuple[int, int]]) -> Any:  # noqa: ANN401 - a numpy array; numpy is an extra
        np = self._np
        whole, states, offsets = self._read(text)
        rows: list[Any] = []
        for start, end in words:
            inside = (offsets[:, 0] < end) & (offsets[:, 1] > start)
            vector = states[inside].mean(0) if inside.any() else whole
            rows.append(vector / (np.linalg.norm(vector) or 1.0))
        return np.stack(rows)

    def _read_text(self, text: str) -> tuple[Any, Any, Any]:
        """The text's unit vector, its token states and their code-point ranges."""
        np = self._np
        encoded = self._tokenizer.encode(text.strip() or ".", add_special_tokens=False)
        ids, offsets = list(encoded.ids), list(encoded.offsets)
        first, last = self._frame()
        states: list[Any] = []
        places: list[tuple[int, int]] = []
        total: Any = 0.0
        count = 0
        for begin in range(0, max(1, len(ids)), _STRIDE):
            window = [first, *ids[begin : begin + _WINDOW], last]
            hidden = self._run(window)
            total = total + hidden.sum(0)
            count += len(window)
            fresh = 0 if begin == 0 else _WINDOW - _STRIDE
            states.extend(hidden[1 + fresh : -1])
            places += offsets[begin + fresh : begin + _WINDOW]
            if begin + _WINDOW >= len(ids):
                break
        mean = total / count
        shape = (len(places), 2)
        return (
            mean / np.linalg.norm(mean),
            np.array(states).reshape(len(places), -1),
            np.array(places).reshape(shape),
        )

    def _frame(self) -> tuple[int, int]:
        return self._tokenizer.token_to_id("[CLS]"), self._tokenizer.token_to_id("[SEP]")

    def _run(self, ids: list[int]) -> Any:  # noqa: ANN401 - the same
        np = self._np
        row = np.array([ids], dtype=np.int64)
        ones, zeros = np.ones_like(row), np.zeros_like(row)
        feed = {name: zeros if "type" in name else ones if "mask" in name else row for name in self._inputs}
        return self._session.run(None, feed)[0][0]
