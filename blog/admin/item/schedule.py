"""Validates the times of scheduled publications."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone

PAST = "過ぎた日時には予約できません。すぐに公開するなら「公開する」を使います。"


def clean_schedule_time(at: datetime | None, past: str = PAST) -> datetime:
    """Returns the time of a scheduled publication. Raises ValidationError if it is missing, past or after 2099.

    `past` is the message for a past time. It names the button that acts at once.
    """
    if at is None:
        raise ValidationError("予約する日時を入れてください。")
    if at <= timezone.now():
        raise ValidationError(past)
    if at.year >= 2100:
        raise ValidationError("公開日時の年を確かめてください。")
    return at
