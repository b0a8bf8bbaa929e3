"""Draws docs/packages.svg: the packages of blog/ in layers, and which imports which. `--check` only compares.

The layers come from the contract of the import check in pyproject.toml, the imports from the code.
"""

import sys
import tomllib
from pathlib import Path

import grimp

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "packages.svg"
FIRST_LAYER = "admin"  # the layers above it (commands, tags, checks) import from everywhere and are not drawn
WIDTH, ROW, BOX, HEIGHT = 880, 96, 132, 40
INK, PAPER, LINE = "#1d1a16", "#fbf9f4", "#b8321a"

Point = tuple[float, float]


def layers() -> list[list[str]]:
    """Reads the packages of each layer, from FIRST_LAYER down."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    rows = [row.replace("|", ":").split(":") for row in contracts[0]["layers"]]
    names = [[name.strip() for name in row] for row in rows]
    return names[next(i for i, row in enumerate(names) if FIRST_LAYER in row) :]


def imports() -> set[tuple[str, str]]:
    """Finds the pairs of packages where a module of the first imports one of the second."""
    graph = grimp.build_graph("blog")
    found: set[tuple[str, str]] = set()
    for importer in graph.modules:
        packages = {
            imported.split(".")[1] for imported in graph.find_modules_directly_imported_by(importer) if "." in imported
        }
        found |= {(importer.split(".")[1], package) for package in packages if "." in importer}
    return found


def draw() -> str:
    rows, places = layers(), {}
    for number, row in enumerate(rows):
        gap = WIDTH / len(row)
        places |= {name: (gap * (i + 0.5), 16 + number * ROW) for i, name in enumerate(row)}
    lines = [
        _line(places[upper], places[lower])
        for upper, lower in sorted(imports())
        if upper != lower and upper in places and lower in places
    ]
    boxes = [_box(name, place) for name, place in places.items()]
    height = len(rows) * ROW - ROW + HEIGHT + 32
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif">',
            "<title>The packages of blog/, and what each imports from those below it</title>",
            f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>',
            *lines,
            *boxes,
            "</svg>\n",
        ]
    )


def _line(upper: Point, lower: Point) -> str:
    return (
        f'<line x1="{upper[0]:.0f}" y1="{upper[1] + HEIGHT:.0f}" x2="{lower[0]:.0f}" y2="{lower[1]:.0f}"'
        f' stroke="{LINE}" stroke-opacity="0.4"/>'
    )


def _box(name: str, place: Point) -> str:
    x, y = place
    return (
        f'<rect x="{x - BOX / 2:.0f}" y="{y:.0f}" width="{BOX}" height="{HEIGHT}" fill="{PAPER}" stroke="{INK}"/>'
        f'<text x="{x:.0f}" y="{y + 25:.0f}" text-anchor="middle" font-size="16" fill="{INK}">{name}</text>'
    )


def main() -> int:
    drawn = draw()
    if "--check" in sys.argv:
        if PICTURE.read_text("utf-8") == drawn:
            return 0
        print("docs/packages.svg is out of date: python -m scripts.draw_packages")
        return 1
    PICTURE.write_text(drawn, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
