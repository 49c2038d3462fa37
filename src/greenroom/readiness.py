"""What must be true before a process can start, each failure in one plain sentence."""

import os
from pathlib import Path


class CannotStart(Exception):  # noqa: N818 - reads as what it is
    """What is wrong and what to do, for the terminal."""


def check_folder(folder: Path) -> None:
    """Make sure the data folder exists and can be written, and that what this process makes is its owner's alone.

    A folder that is there already keeps its permissions: whoever shares it on purpose may go on doing so.
    """
    os.umask(os.umask(0o077) | 0o077)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".write-test-{os.getpid()}"
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        raise CannotStart(
            f"The folder {folder.absolute()} cannot be written ({error.strerror}). "
            "Choose another with GREENROOM_DATA_DIR=/path/to/folder."
        ) from error
