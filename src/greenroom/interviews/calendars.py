"""An interview that is kept for later, as a file for the person's own calendar."""

from datetime import UTC, datetime, timedelta

from fastapi import Response

from greenroom.interviews.models import InterviewRow

MEDIA_TYPE = "text/calendar; charset=utf-8"


def write_calendar(row: InterviewRow, address: str, now: datetime) -> bytes:
    """An iCalendar file (RFC 5545) with one event. `address` opens the application; `now` is aware.

    The same interview keeps its uid, so that a later file moves the event instead of adding one.

    Raises:
        ValueError: the interview is not planned.
    """
    import icalendar

    if row.planned_at is None:
        raise ValueError("an interview without a time has no calendar entry")
    event = icalendar.Event()
    event.add("uid", f"{row.id}@greenroom")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("sequence", int(now.timestamp()) % 2**31)
    event.add("dtstart", row.planned_at.astimezone(UTC))
    event.add("duration", timedelta(minutes=row.minutes))
    event.add("summary", row.name)
    event.add("description", f"Practice in Greenroom, {row.minutes} minutes.\n{address}")
    event.add("url", address)
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Greenroom//Practice//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return calendar.to_ical()


def respond(row: InterviewRow, address: str, now: datetime) -> Response:
    """The file as a download."""
    headers = {"Content-Disposition": 'attachment; filename="greenroom.ics"'}
    return Response(write_calendar(row, address, now), media_type=MEDIA_TYPE, headers=headers)
