"""Every line of shell in docs/api.md does what the page says, against a live server."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.live import Live
from tests.waiting import PATIENCE_S

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
TEXT = PAGE.read_text()
BLOCKS = re.findall(r"^```sh\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


@pytest.mark.slow
def test_the_shell_of_the_page_runs_from_top_to_bottom(live: Live, tmp_path: Path) -> None:
    assert shutil.which("curl"), "curl is not installed: apt-get install -y curl"
    script = tmp_path / "page.sh"
    script.write_text("set -eu\n" + "\n".join(BLOCKS))
    done = subprocess.run(
        ["bash", str(script)], capture_output=True, text=True, timeout=2 * PATIENCE_S, check=False,
        env={**os.environ, "GREENROOM": live.address, "no_proxy": "127.0.0.1", "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "event: room" in done.stdout
    assert "ended" in done.stdout.split()


def test_every_address_of_the_page_is_one_of_the_api(api: httpx.Client) -> None:
    known = {
        re.sub(r"{[^}]*}", "{}", path.removeprefix("/api/v1"))
        for path in api.get("/api/v1/openapi.json").json()["paths"]
    }
    named = re.findall(r"(?:GET|POST|PUT|PATCH|DELETE) (/[\w/.{}-]*)", TEXT)
    assert len(named) > 10
    unknown = {path for path in named if re.sub(r"{[^}]*}", "{}", path.removeprefix("/api/v1")) not in known}
    assert unknown == {"/api/v1/openapi.json"}


def test_every_link_of_the_page_leads_to_a_heading_of_it() -> None:
    headings = {
        re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^## (.*)$", TEXT, re.MULTILINE)
    }
    assert set(re.findall(r"\(#([^)]*)\)", TEXT)) <= headings
