"""An installation served by a process of its own: the job library is one per process, and `live` has it here."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from greenroom.settings import Settings
from tests.waiting import PATIENCE_S

SERVER = """
import sys
from greenroom.loopback import serving
from greenroom.settings import Settings
with serving(Settings(_env_file=None)) as address:
    print(address, flush=True)
    sys.stdin.read()
"""


@contextmanager
def serving_apart(settings: Settings) -> Iterator[str]:
    """The address of the API of these settings, until the block ends."""
    own = {"GREENROOM_DATA_DIR": str(settings.data_dir), "GREENROOM_DATABASE_URL": settings.database_url}
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, **own},
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address, "the server did not start"
        try:
            yield address
        finally:
            process.stdin.close()
            process.wait(timeout=PATIENCE_S)
