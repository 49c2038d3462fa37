"""The embedding model: fetched over a real socket, checked by hash, and named where it is missing."""

import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from greenroom.cli import cli
from greenroom.providers.embeddings import download

CONTENT = {"onnx/model.onnx": b"not a real model" * 5_000, "tokenizer.json": b"{}"}


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        del args


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An address with stand-ins for the two files, whose hashes are the expected ones."""
    for path, body in CONTENT.items():
        (tmp_path / "mirror" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "mirror" / path).write_bytes(body)
    wanted = {Path(path).name: (path, hashlib.sha256(body).hexdigest()) for path, body in CONTENT.items()}
    monkeypatch.setattr(download, "FILES", wanted)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path / "mirror")) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def fetch(folder: Path, base: str):
    return CliRunner().invoke(cli, ["models", "fetch", "--folder", str(folder), "--from", base])


def test_fetching_puts_both_files_in_place_and_keeps_them_the_next_time(mirror: str, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    first = fetch(folder, mirror)
    assert first.exit_code == 0, first.output
    assert {f.name: f.read_bytes() for f in folder.iterdir()} == {Path(p).name: b for p, b in CONTENT.items()}
    (tmp_path / "mirror" / "tokenizer.json").unlink()
    assert fetch(folder, mirror).exit_code == 0  # nothing is fetched twice


def test_another_file_than_the_expected_one_is_refused_and_leaves_nothing(
    mirror: str, tmp_path: Path
) -> None:
    (tmp_path / "mirror" / "tokenizer.json").write_bytes(b"something else")
    done = fetch(tmp_path / "model", mirror)
    assert done.exit_code == 1
    assert "SHA-256" in done.output
    assert not (tmp_path / "model" / "tokenizer.json").exists()
    assert not list((tmp_path / "model").glob("*.part"))


def test_an_address_without_the_files_is_said_in_words(mirror: str, tmp_path: Path) -> None:
    done = fetch(tmp_path / "model", f"{mirror}/nowhere")
    assert done.exit_code == 1
    assert "could not be fetched" in done.output


def test_a_missing_model_is_named_with_what_to_do(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["models", "list", "--folder", str(tmp_path)])
    assert done.exit_code == 1
    assert "greenroom models fetch" in done.output
