"""What fields of an article hold by themselves, and what they may hold."""

import uuid

from django.core.exceptions import ValidationError

MAX_KEY_POINTS, KEY_POINT_LENGTH = 5, 100


def new_guid() -> str:
    return uuid.uuid4().urn


def validate_key_points(value: str) -> None:
    """Accepts up to MAX_KEY_POINTS lines of up to KEY_POINT_LENGTH characters, and no empty one."""
    lines = value.split("\n")
    if len(lines) > MAX_KEY_POINTS:
        raise ValidationError(f"要点は{MAX_KEY_POINTS}つまでです（いまは{len(lines)}行）。")
    if long := next((line for line in lines if len(line) > KEY_POINT_LENGTH), None):
        raise ValidationError(f"「{long[:20]}…」は長すぎます。要点は1つ{KEY_POINT_LENGTH}字までです。")
    if not all(line.strip() for line in lines):
        raise ValidationError("空の行を取り除いてください。要点は1行に1つです。")
