"""Takes the pictures of docs/design.md, one of each component: `python -m scripts.picture_design [name …]`.

Run it after a change of a style sheet or a template, and commit the files.
"""

import sys
import tempfile
from base64 import b64decode
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from scripts import chromium
from scripts.screenshots import in_few_colours
from tests.sites import server

FOLDER = Path(__file__).parent.parent / "docs" / "design"
PHONE, DESK = 390, 1280
MARGIN = 16


class Shot(NamedTuple):
    """The subject of a picture: the first element that `selector` finds, cut off after `height` pixels."""

    path: str
    selector: str
    width: int = DESK
    height: int = 900
    theme: str = "light"
    content: str = "sample"
    whole_width: bool = False
    opens: str = ""  # what is folded and shown open


LONG, TABLES, CODE = (
    f"/2026/{path}/" for path in ("09/29/inference-cost-total", "11/18/gpu-capex", "05/12/ウォークフォワード検証とは")
)
SHOTS = {
    "masthead": Shot("/", ".masthead"),
    "lead": Shot("/", ".front__stories"),
    "river": Shot("/", ".river"),
    "front-section": Shot("/", ".front-section"),
    "section": Shot("/category/strategy/", ".section", height=560),
    "rows": Shot("/tags/gpu/", ".post-rows", height=420),
    "related-tags": Shot("/tags/gpu/", ".list-header"),
    "pager": Shot("/articles/?page=3", ".pager", content="full"),
    "months": Shot("/archive/", ".year"),
    "article-head": Shot(LONG, ".article__header"),
    "article-head-night": Shot(LONG, ".article__header", theme="dark"),
    "article-phone": Shot(LONG, "body", width=PHONE, height=844),
    "sponsored": Shot("/2026/04/02/sponsored/", ".article__header", content="full"),
    "contents": Shot(LONG, ".contents"),
    "heading": Shot(TABLES, ".prose h2"),
    "pull-quote": Shot(TABLES, ".prose p:has(+ .pull-quote)", height=300, whole_width=True),
    "table": Shot(TABLES, ".table-scroll"),
    "figure": Shot(TABLES, ".prose figure"),
    "code": Shot(CODE, ".prose pre", height=320),
    "notes": Shot(CODE, ".footnotes"),
    "ruby": Shot(CODE, ".prose p:has(ruby)"),
    "correction": Shot("/2026/04/02/changed/", ".correction", content="full", opens=".correction details"),
    "age": Shot("/2024/04/02/old/", ".article__header", content="full"),
    "tate": Shot(f"{LONG}tate/", "body"),
    "edition": Shot("/2026/04/05/", ".edition", height=520, content="full"),
    "calendar": Shot("/2026/04/", ".archive__aside", content="full"),
    "share": Shot(LONG, ".share"),
    "neighbours": Shot(TABLES, ".neighbours"),
    "related": Shot(LONG, ".related"),
    "footer": Shot("/", ".footer"),
}


def clip(page: Page, shot: Shot) -> dict[str, float]:
    """Returns the part of the page that the picture shows, with a margin."""
    box = page.locator(shot.selector).first.bounding_box()
    left = 0 if shot.whole_width else max(box["x"] - MARGIN, 0)
    right = shot.width if shot.whole_width else min(box["x"] + box["width"] + MARGIN, shot.width)
    top = max(box["y"] - MARGIN, 0)
    height = min(shot.height, box["height"]) if not shot.whole_width else shot.height
    return {"x": left, "y": top, "width": right - left, "height": height + 2 * MARGIN}


def take(browser: Browser, origin: str, shot: Shot) -> bytes:
    with browser.new_context(viewport={"width": shot.width, "height": 900}, color_scheme=shot.theme) as context:
        page = context.new_page()
        page.goto(origin + shot.path)
        if shot.opens:
            page.locator(shot.opens).evaluate_all("all => all.forEach(folded => (folded.open = true))")
        if shot.path.endswith("/tate/"):  # Playwright looks left of a page that begins at the right
            drawn = b64decode(context.new_cdp_session(page).send("Page.captureScreenshot")["data"])
        else:
            drawn = page.screenshot(full_page=True, clip=clip(page, shot))
    return in_few_colours(drawn)


def main(names: list[str]) -> None:
    shots = {name: SHOTS[name] for name in names or SHOTS}
    with ExitStack() as stack:
        sites = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server.prepare(sites, *{shot.content for shot in shots.values()})
        serve = cache(lambda content: stack.enter_context(server.serve(sites, content)))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium.ensure(), args=chromium.ARGUMENTS)
        for name, shot in shots.items():
            (FOLDER / f"{name}.png").write_bytes(take(browser, serve(shot.content), shot))
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
