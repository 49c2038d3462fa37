"""The options of `greenroom practise`, before anything is started."""

from pathlib import Path

import pytest
import typer

from greenroom.settings import Settings
from greenroom.terminal import commands


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"then": [commands.read_round("gardening", 15, 1)]}, "--round: this must be one of behavioral"),
        (
            {"then": [commands.read_round("technical:17", 15, 1)]},
            "--round: this must be one of 15, 30, 45, 60",
        ),
        ({"minutes": 17}, "--minutes: "),
        ({"scenario": "own"}, "--describe: describe what you want to practise"),
        ({"scene": "food_bank", "scenario": "interview"}, "--scene goes with --scenario meeting"),
        (
            {"description": "I ask for a raise", "scenario": "interview"},
            "--describe goes with --scenario own",
        ),
    ],
)
def test_an_option_that_cannot_be_used_is_named(given: dict[str, object], said: str) -> None:
    with pytest.raises(typer.BadParameter) as refused:
        commands.read_spec(given)
    assert refused.value.message.startswith(said)


def test_a_report_without_a_place_is_refused_before_the_interview(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "none" / "report.md"
    assert commands.run(Settings(data_dir=tmp_path), commands.read_spec({}), out=out) == 1
    assert "There is no folder" in capsys.readouterr().err
