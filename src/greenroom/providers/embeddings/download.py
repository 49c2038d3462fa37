"""The official all-MiniLM-L6-v2 files, fetched on request and checked by hash (Apache-2.0, 91 MB)."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import httpx

NAME = "all-MiniLM-L6-v2"
_REVISION = "1110a243fdf4706b3f48f1d95db1a4f5529b4d41"
BASE = f"https://huggingface.co/sentence-transformers/{NAME}/resolve/{_REVISION}"
FILES = {
    "model.onnx": ("onnx/model.onnx", "6fd5d72fe4589f189f8ebc006442dbb529bb7ce38f8082112682524616046452"),
    "tokenizer.json": ("tokenizer.json", "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"),
}


class DownloadError(Exception):
    """A file could not be fetched, or is not the one that was expected."""


def download_model(folder: Path, *, base: str = BASE, tell: Callable[[str, int], None] | None = None) -> Path:
    """The folder with both files. Files that are there with the right hash are kept; a broken download
    leaves nothing behind. `tell` hears the file's name and the bytes just received. DownloadError otherwise.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, (path, digest) in FILES.items():
        target = folder / name
        if target.is_file() and _digest(target) == digest:
            continue
        part = target.with_suffix(".part")
        try:
            _fetch(f"{base}/{path}", part, (lambda n, f=name: tell(f, n)) if tell else None)
            if _digest(part) != digest:
                raise DownloadError(f"{name} from {base} is not the expected file (its SHA-256 differs)")
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    return folder


def _fetch(url: str, target: Path, tell: Callable[[int], None] | None) -> None:
    try:
        with (
            httpx.stream("GET", url, follow_redirects=True, timeout=60) as response,
            target.open("wb") as out,
        ):
            response.raise_for_status()
            for chunk in response.iter_bytes(1 << 16):
                out.write(chunk)
                if tell:
                    tell(len(chunk))
    except httpx.HTTPError as error:
        raise DownloadError(f"{url}: {error}") from error


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
