"""Find the system packages some tests need; as root on Debian install them, otherwise say which command does.

Tests that need a missing one are skipped loudly.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NEEDED = {
    "chromium": lambda: bool(shutil.which("chromium") or shutil.which("google-chrome")),
    "postgresql": lambda: (
        any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or bool(shutil.which("initdb"))
    ),
}


def main() -> None:
    missing = [name for name, is_there in NEEDED.items() if not is_there()]
    if not missing:
        return
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {', '.join(missing)} for the tests …", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], env=environment, check=False, stdout=subprocess.DEVNULL)
        subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL)
        missing = [name for name in missing if not NEEDED[name]()]
    if missing:
        print(
            f"NOT INSTALLED: {', '.join(missing)}. The tests that need it are skipped. "
            f"On Debian or Ubuntu: sudo {' '.join(command)}",
            file=sys.stderr,
        )


if __name__ == "__main__":
    main()
