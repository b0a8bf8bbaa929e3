"""Dates in the form of the archive, such as `2026-04-01 09:30:00 +0900`."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

YEARS = range(1900, 9999)  # dates of these years exist in every time zone, with four digits
_MOMENT = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:[Tt\s]\s*([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6})[0-9]*)?)?)?"
    r"\s*(Z|z|UTC|GMT|JST|[+-][0-9]{1,2}(?::?[0-9]{2})?)?"
)


def parse_moment(text: str, zone: tzinfo) -> datetime:
    """Parses a date in the form of the archive into UTC. A date without a zone is in `zone`. Raises ValueError."""
    match = _MOMENT.fullmatch(text.strip())
    if match is None or int(match[1]) not in YEARS:
        raise ValueError(f"{text!r} is not a date such as 2026-04-01 09:30:00 +0900")
    year, month, day, hour, minute, second = (int(number or 0) for number in match.groups()[:6])
    microsecond = int((match[7] or "").ljust(6, "0"))
    offset = _offset(match[8]) if match[8] else zone
    return datetime(year, month, day, hour, minute, second, microsecond, offset).astimezone(UTC)


def _offset(text: str) -> timezone:
    if text in ("Z", "z", "UTC", "GMT"):
        return UTC
    if text == "JST":
        return timezone(timedelta(hours=9))
    digits = text[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, 0)
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if text[0] == "-" else offset)


def moment_text(moment: datetime) -> str:
    """A moment in the form of the archive. A fraction of a second is written only if it is not zero."""
    fraction = f".{moment:%f}" if moment.microsecond else ""
    return f"{moment:%Y-%m-%d %H:%M:%S}{fraction} {moment:%z}"
