"""Draws the wordmark of the cards, the icons and the default card among the static files, and the card of
docs/design.md: `python -m scripts.draw_artwork`.

Run it after a change of the wordmark, of the icon's letter or of a colour, and commit the files.
"""

import io
import os
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from PIL import Image as PILImage  # noqa: E402

from blog.pictures import cards  # noqa: E402
from scripts import outline  # noqa: E402

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "static" / "img"
SAMPLE = {"title": "GPU投資の数字を決算書のどこで読むか", "section": "業界別AI活用", "byline": "ALLFORCES編集部"}

# The A of the wordmark, 104 units wide and 100 high, and a bolder one for a tab, whose 16 pixels show no hairline.
LETTER = "Z".join(outline.wordmark_path().split("Z")[:2]) + "Z"
SMALL_LETTER = "M40 0H62L94 88H104V100H50V88H62L57.3 75H28.2L24 88H36V100H0V88H11ZM42 33 31.9 64H53.3Z"
PAPER, SEAL, SEAL_AT_NIGHT = cards.PAPER, cards.ACCENT, "#d9492d"
# The side of the square around the letter, in its units. Phones and launchers cut off the corners.
TIGHT, ROOMY, MASKABLE = 146, 166, 200

SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="{edge_x} {edge_y} {side} {side}">\
<style>@media (prefers-color-scheme: dark) {{ .seal {{ fill: {night} }} }}</style>\
<path class="seal" fill="{seal}" d="M{edge_x}{edge_y}h{side}v{side}h-{side}z"/>\
<path fill="{paper}" fill-rule="evenodd" d="{letter}"/></svg>
"""


def icon(pixels: int, side: int, letter: str = LETTER) -> PILImage.Image:
    scale = pixels / side
    drawn = PILImage.new("RGB", (pixels, pixels), SEAL)
    origin = ((side - 104) / 2 * scale, (side - 100) / 2 * scale)
    drawn.paste(PAPER, mask=outline.mask(letter, drawn.size, origin=origin, scale=scale))
    return drawn


def wordmark(width: int) -> PILImage.Image:
    scale = width / 946  # units, of 104 in height
    size = (width, round(104 * scale) + 2)
    return outline.mask(outline.wordmark_path(), size, origin=(0, 2 * scale), scale=scale)


def main() -> None:
    wordmark(820).save(cards.WORDMARK, optimize=True)
    (IMAGES / "share.png").write_bytes(cards.draw_default_card())
    for name, pixels, side in (
        ("apple-touch-icon", 180, ROOMY),
        ("icon-192", 192, ROOMY),
        ("icon-512", 512, ROOMY),
        ("icon-maskable-512", 512, MASKABLE),
    ):
        (IMAGES / f"{name}.png").write_bytes(cards.png(icon(pixels, side), paper=SEAL, inks=(PAPER,)))
    small = io.BytesIO()
    tiny, tab = (icon(pixels, TIGHT, SMALL_LETTER) for pixels in (16, 32))
    tab.save(small, "ICO", sizes=[tiny.size, tab.size], append_images=[tiny])
    (IMAGES / "favicon.ico").write_bytes(small.getvalue())
    edges = {"edge_x": (104 - TIGHT) // 2, "edge_y": (100 - TIGHT) // 2, "side": TIGHT}
    svg = SVG.format(**edges, seal=SEAL, night=SEAL_AT_NIGHT, paper=PAPER, letter=SMALL_LETTER)
    (IMAGES / "favicon.svg").write_text(svg)
    (ROOT / "docs" / "design" / "card.png").write_bytes(cards.draw_card(**SAMPLE))


if __name__ == "__main__":
    main()
