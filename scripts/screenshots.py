"""Takes the screenshots in docs/screenshots: of the sample content on a fixed day, so always the same."""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image as PILImage
from playwright.sync_api import Browser, sync_playwright

from scripts import chromium
from scripts.debian import Unavailable
from scripts.postgres import signals_unwind
from tests.sites import server

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
PAGES = {
    "home": "/",
    "section": "/category/tech/",
    "article": "/2026/11/18/gpu-capex/",
    "archive": "/archive/",
}
WINDOWS = {390: 1200, 1280: 1000}  # width and height
COLOURS = 64


def in_few_colours(png: bytes) -> bytes:
    """Reduces the PNG to a third of its size. A rare colour, as the accent is, stays the same."""
    few = PILImage.open(io.BytesIO(png)).convert("RGB")
    few = few.quantize(COLOURS, method=PILImage.Quantize.MAXCOVERAGE, dither=PILImage.Dither.NONE)
    out = io.BytesIO()
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


def picture(browser: Browser, url: str, width: int, theme: str) -> bytes:
    """Returns a PNG of the top of the page in the window."""
    with browser.new_context(
        viewport={"width": width, "height": WINDOWS[width]},
        color_scheme=theme,
        locale="ja-JP",
        timezone_id="Asia/Tokyo",
        reduced_motion="reduce",
    ) as context:
        page = context.new_page()
        page.goto(url, wait_until="networkidle")
        return in_few_colours(page.screenshot())


def take(origin: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.ensure(), args=chromium.ARGUMENTS)
        for name, path in PAGES.items():
            for width in WINDOWS:
                for theme in ("light", "dark"):
                    file = FOLDER / f"{name}-{width}-{theme}.png"
                    file.write_bytes(picture(browser, origin + path, width, theme))
                    print(f"{file.relative_to(Path.cwd())}  {file.stat().st_size / 1024:.0f} kB", flush=True)
        browser.close()


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="allforces-screenshots-") as name:
        folder = Path(name)
        server.prepare(folder, "sample")
        with server.serve(folder, "sample") as origin:
            take(origin)


if __name__ == "__main__":
    try:
        with signals_unwind():
            main()
    except Unavailable as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
