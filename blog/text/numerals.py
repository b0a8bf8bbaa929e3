"""Numbers as a Japanese newspaper writes them: 1.2億, 3,400万, 78."""

_SCALES = ((1e12, "兆"), (1e8, "億"), (1e4, "万"))


def in_japanese(number: float, unit: str = "") -> str:
    """Writes a number in 万, 億 or 兆 with three digits or more, where the unit itself names none of them.

    A number below 10,000 keeps up to two decimals. A unit % stands behind the number.
    """
    sign, size = ("−" if number < 0 else ""), abs(number)
    suffix = "%" if unit.startswith("%") else ""
    if not unit.startswith(("万", "億", "兆")):
        for scale, name in _SCALES:
            if size >= scale:
                scaled = size / scale
                return f"{sign}{_without_zeros(scaled, 2 if scaled < 10 else 1 if scaled < 100 else 0)}{name}{suffix}"
    written = _without_zeros(size, 2 if size >= 0.1 else 5)
    return f"{sign if written != '0' else ''}{written}{suffix}"


def _without_zeros(number: float, decimals: int) -> str:
    written = f"{number:,.{decimals}f}"
    return written.rstrip("0").rstrip(".") if "." in written else written
