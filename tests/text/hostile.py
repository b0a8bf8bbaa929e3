"""Bodies that no writer means to type: one sign or tag again and again."""

SIZE = 200_000  # characters, for which a bounded cost is promised


def repeated(unit: str, count: int) -> str:
    count = min(count, SIZE // len(unit))
    return "".join(unit.replace("#", str(number)) for number in range(count)) if "#" in unit else unit * count
