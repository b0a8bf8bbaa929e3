"""Which file of a picture a screen is sent, and when."""

import pytest

from tests.browser.tab import Tab
from tests.sites.places import PLACES

pytestmark = pytest.mark.sqlite

ARTICLE = PLACES["article with a lead picture"]
# The width of the file that was chosen: what a browser calls natural is divided by the density.
CHOSEN = """image => {
  const choices = image.srcset.split(", ").map(choice => choice.split(" "));
  return choices.find(([url]) => image.currentSrc.endsWith(url))[1];
}"""
HAS_COME = "image => image.complete && image.naturalWidth > 0"


@pytest.mark.parametrize(
    ("width", "density", "chosen"),
    [(320, 1, "480w"), (390, 2, "800w"), (390, 3, "1200w"), (1280, 1, "800w"), (1280, 2, "1600w")],
)
def test_screen_is_sent_no_more_pixels_than_it_shows(make_context, serve, width, density, chosen):
    with make_context(width=width, device_scale_factor=density) as context:
        tab = Tab(context)
        tab.open(serve(ARTICLE.content), ARTICLE.path)
        assert tab.page.locator(".picture img").evaluate(CHOSEN) == chosen


def test_lead_picture_comes_first_and_one_far_below_only_when_it_is_near(tab, serve):
    tab.open(serve(ARTICLE.content), ARTICLE.path)
    lead, below = tab.page.locator(".picture img"), tab.page.locator(".prose img")
    assert (lead.get_attribute("fetchpriority"), lead.get_attribute("loading")) == ("high", None)
    assert lead.evaluate(HAS_COME)
    assert not below.evaluate(HAS_COME)
    below.scroll_into_view_if_needed()
    tab.page.wait_for_function("() => document.querySelector('.prose img').complete")
    assert below.evaluate(HAS_COME)
    assert tab.page.locator(".prose figcaption").inner_text() == "本文の写真。 撮影者"


def test_icon_of_the_tab_follows_the_theme_of_the_device(looking_tab, serve):
    drawn = """async link => {
      const icon = new Image(), pen = document.createElement("canvas").getContext("2d");
      icon.src = link.href;
      await icon.decode();
      pen.drawImage(icon, 0, 0, 32, 32);
      return [...pen.getImageData(1, 1, 1, 1).data].slice(0, 3);
    }"""
    for theme, colour in (("light", [184, 50, 26]), ("dark", [217, 73, 45])):
        looking_tab.open(serve("full"), "/")
        looking_tab.page.emulate_media(color_scheme=theme)  # now: on its way here, Chromium may forget it
        assert looking_tab.page.locator("link[type='image/svg+xml']").evaluate(drawn) == colour, theme


def test_browser_can_read_the_manifest(looking_tab, serve):
    looking_tab.open(serve("full"), "/")
    answer = looking_tab.page.context.new_cdp_session(looking_tab.page).send("Page.getAppManifest")
    assert answer["url"].endswith("/manifest.webmanifest")
    assert answer["errors"] == []
