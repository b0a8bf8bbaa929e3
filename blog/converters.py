"""Converters for parts of a URL. No control character passes them to a look-up: PostgreSQL refuses NUL."""

from blog.addresses import root_files


class YearConverter:
    digits, regex = 4, "[0-9]{4}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int | str) -> str:
        return str(value).zfill(self.digits)


class TwoDigitConverter(YearConverter):
    """A month or a day; the view refuses `13` and `00`."""

    digits, regex = 2, "[0-9]{2}"


class SegmentConverter:
    """One segment of a path in any script; Django's `slug` matches no Japanese."""

    regex = r"[^/\x00-\x1f\x7f]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class SegmentsConverter(SegmentConverter):
    """One or more segments, with single slashes between them and none at the ends."""

    regex = r"[^/\x00-\x1f\x7f]+(?:/[^/\x00-\x1f\x7f]+)*"


class RootFileConverter(SegmentConverter):
    """The name of a file that settings put at the root. The route matches no other name."""

    regex = r"[A-Za-z0-9_-][A-Za-z0-9._-]*"

    def to_python(self, value: str) -> str:
        if value not in root_files():
            raise ValueError("no such file")
        return value
