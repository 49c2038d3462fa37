"""Secrets at rest: AES-256-GCM under a key file that only this user can read.

What is sealed is bound to the row it belongs to, so that a sealed secret moved to another row does not open.
"""

import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from greenroom.kit.errors import Problem

FILE = "engines.key"
NONCE_BYTES = 12


class KeyUnreadable(Problem):
    status = 409
    slug = "key-unreadable"
    title = "This engine's key cannot be read"


def seal(folder: Path, secret: str, bound_to: str) -> bytes:
    """The secret, encrypted: nonce, then ciphertext and tag."""
    return seal_bytes(folder, secret.encode(), bound_to)


def unseal(folder: Path, sealed: bytes, bound_to: str) -> str:
    """The secret again.

    Raises:
        KeyUnreadable: sealed under another key file, for another row, or damaged.
    """
    try:
        return unseal_bytes(folder, sealed, bound_to).decode()
    except InvalidTag as error:
        raise KeyUnreadable(
            f"It was kept with another {FILE}. Nothing was sent; enter the key again."
        ) from error


def seal_bytes(folder: Path, body: bytes, bound_to: str) -> bytes:
    """The bytes, encrypted: nonce, then ciphertext and tag."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(master_key(folder)).encrypt(nonce, body, bound_to.encode())


def unseal_bytes(folder: Path, sealed: bytes, bound_to: str) -> bytes:
    """The bytes again.

    Raises:
        InvalidTag: sealed under another key file, for another row, damaged or changed.
    """
    nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    return AESGCM(master_key(folder)).decrypt(nonce, rest, bound_to.encode())


def master_key(folder: Path) -> bytes:
    """The 32 bytes of the key file, made on first use with mode 0600. Two processes that start at once agree on one."""
    path = folder / FILE
    folder.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{FILE}.{os.getpid()}.{os.urandom(4).hex()}")
    if not path.exists():
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(os.urandom(32))
        try:
            os.link(fresh, path)  # fails when another process was first: its key stands
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_bytes()
