"""Draws the paths of our own SVG files with Pillow: the commands M H V L C S Z, absolute, filled by even-odd."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings
from PIL import Image as PILImage
from PIL import ImageChops, ImageDraw

WORDMARK = Path(settings.BASE_DIR) / "templates" / "includes" / "wordmark.html"

STEP = re.compile(r"([A-Za-z])([^A-Za-z]*)")
NUMBER = re.compile(r"-?[0-9]*\.?[0-9]+")
ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Z": 0}
CURVE_POINTS = 12
SUPERSAMPLING = 4

Point = tuple[float, float]


@cache
def wordmark_path() -> str:
    """The path of the letters of the name. Raises OSError if the drawing is missing."""
    (path,) = re.findall(r' d="([^"]+)"', WORDMARK.read_text())
    return str(path)


def polygons(path: str) -> Iterator[list[Point]]:
    """Yields the closed outlines of a path, with curves as short lines. Raises ValueError for any other command."""
    points: list[Point] = []
    control: Point = (0, 0)
    for letter, text in STEP.findall(path):
        numbers = [float(number) for number in NUMBER.findall(text)]
        count = ARGUMENTS.get(letter)
        if count is None or (len(numbers) % count if count else numbers):
            raise ValueError(f"cannot draw {letter}{text}")
        if letter == "Z":
            yield points
            points = []
            continue
        for start in range(0, len(numbers), count):
            step = numbers[start : start + count]
            x, y = points[-1] if points else (0, 0)
            if letter in "CS":
                pairs = list(zip(step[::2], step[1::2], strict=True))
                first = pairs[0] if letter == "C" else (2 * x - control[0], 2 * y - control[1])
                second, end = pairs[-2:]
                points += _curve((x, y), first, second, end)
                control = second
            else:
                points.append({"H": (step[0], y), "V": (x, step[0])}.get(letter) or (step[0], step[1]))
                control = points[-1]


def _curve(start: Point, first: Point, second: Point, end: Point) -> list[Point]:
    """Points on a cubic Bézier curve, without its start."""
    points = []
    for number in range(1, CURVE_POINTS + 1):
        t = number / CURVE_POINTS
        weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
        corners = (start, first, second, end)
        points.append(
            (
                sum(weight * x for weight, (x, _) in zip(weights, corners, strict=True)),
                sum(weight * y for weight, (_, y) in zip(weights, corners, strict=True)),
            )
        )
    return points


def mask(path: str, size: tuple[int, int], *, origin: Point, scale: float) -> PILImage.Image:
    """Draws the path as a mask in grey: a unit is `scale` pixels, and its (0, 0) lies at the pixel `origin`."""
    factor = SUPERSAMPLING * scale
    large = (size[0] * SUPERSAMPLING, size[1] * SUPERSAMPLING)
    shape = PILImage.new("1", large)
    for outline in polygons(path):
        layer = PILImage.new("1", large)
        places = [(origin[0] * SUPERSAMPLING + x * factor, origin[1] * SUPERSAMPLING + y * factor) for x, y in outline]
        ImageDraw.Draw(layer).polygon(places, fill=1)
        shape = ImageChops.logical_xor(shape, layer)
    return shape.convert("L").resize(size, PILImage.Resampling.BOX)
