"""What the documents promise is what the program has."""

from pathlib import Path

from greenroom.settings import Settings

ROOT = Path(__file__).parents[2]


def test_every_setting_is_documented_and_no_other() -> None:
    text = (ROOT / "docs" / "operations.md").read_text()
    names = {f"GREENROOM_{name.upper()}" for name in Settings.model_fields}
    documented = {
        word.strip("`|")
        for line in text.splitlines()
        if line.startswith("| `GREENROOM_")
        for word in line.split()[1:2]
    }
    assert documented == names


def test_every_setting_says_what_it_does() -> None:
    assert not [name for name, field in Settings.model_fields.items() if not field.description]
