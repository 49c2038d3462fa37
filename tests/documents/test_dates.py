"""Dates as people write them in résumés."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenroom.documents.dates import find_ranges

WRITTEN = [
    ("Jan 2019 – Present", "2019-01", ""),
    ("03/2017 - 11/2020", "2017-03", "2020-11"),
    ("03.2017–11.2020", "2017-03", "2020-11"),
    ("2015–2018", "2015", "2018"),
    ("2015-18", "2015", "2018"),
    ("since May 2021", "2021-05", ""),
    ("Summer 2023 - Aug 2024", "2023", "2024-08"),
    ("2016-10 – 2022-04", "2016-10", "2022-04"),
    ("Sept '18 → Dec '20", "2018-09", "2020-12"),
    ("from April 2019 until now", "2019-04", ""),
    ("07/2020 to date", "2020-07", ""),
    ("02/2021 - CURRENT", "2021-02", ""),
    ("1 March 2014 to 30 June 2016", "2014-03", "2016-06"),
    ("01/20 - 03/22", "2020-01", "2022-03"),
    ("2018 -", "2018", ""),
]


@pytest.mark.parametrize(("text", "start", "end"), WRITTEN)
def test_a_range_is_read_however_it_is_written(text: str, start: str, end: str) -> None:
    found = find_ranges(f"Engineer, {text}")
    assert [(r.start, r.end, r.current) for r in found] == [(start, end, not end)]


@pytest.mark.parametrize(
    "text", ["Phone 555-0142", "ISO 9001-2015 audits", "+44 7700 900112", "room 12/14", "99.4%"]
)
def test_other_numbers_are_no_dates(text: str) -> None:
    assert find_ranges(text) == []


def test_a_range_that_ends_before_it_starts_is_none() -> None:
    assert find_ranges("2020 - 2016") == []


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error_and_places_lie_inside(text: str) -> None:
    for found in find_ranges(text):
        assert 0 <= found.at < found.stop <= len(text)
