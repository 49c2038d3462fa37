"""A date and a time somewhere in the world, as the instant it means. Pure."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

REGIONS: Final = (
    "Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/",
    "Pacific/",
)  # fmt: skip
FURTHEST: Final = timedelta(days=2 * 366)


@lru_cache(maxsize=1)
def list_zones() -> list[str]:
    """Names of time zones as people know them, UTC first."""
    return ["UTC", *sorted(name for name in available_timezones() if name.startswith(REGIONS))]


def find_zone(name: str) -> ZoneInfo:
    """The time zone of this name.

    Raises:
        ValueError: there is none.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(
            f"“{name[:60]}” is no time zone we know. Write it as Europe/Lisbon, or UTC."
        ) from error


def resolve(at: datetime, zone: str) -> datetime:
    """The instant in UTC of a time on the clocks of a zone; a time with its own offset is that instant.

    A time that comes twice, in the night the clocks go back, is the first of the two.

    Raises:
        ValueError: there is no such zone, or the time does not exist there, because the clocks go forward.
    """
    place = find_zone(zone)
    if at.tzinfo is not None:
        return at.astimezone(UTC)
    instant = at.replace(tzinfo=place, fold=0).astimezone(UTC)
    if instant.astimezone(place).replace(tzinfo=None, fold=0) != at:
        raise ValueError(
            f"{at:%H:%M} does not exist on that day in {zone}: the clocks go forward. Take an hour later."
        )
    return instant


def comes_twice(at: datetime, zone: str) -> bool:
    """Whether this local time comes twice, because the clocks go back."""
    place = find_zone(zone)
    return at.tzinfo is None and (
        at.replace(tzinfo=place, fold=0).utcoffset() != at.replace(tzinfo=place, fold=1).utcoffset()
    )


def refuse_time(instant: datetime, now: datetime) -> str:
    """Why nothing can be planned for this instant; empty when it can."""
    if instant <= now:
        return "This time has passed. Choose a later one, or begin now."
    if instant > now + FURTHEST:
        return "That is more than two years away. Choose an earlier day."
    return ""
