"""What stands alone on a phone is as large as a fingertip, and answers where it seems to."""

import pytest

from tests.browser.tab import ENDS_OF_WORDS
from tests.sites.places import PLACES

pytestmark = pytest.mark.sqlite

KINDS = [
    "home",
    "section",
    "tag index",
    "tag",
    "day",
    "month",
    "archive index",
    "search",
    "feeds",
    "article",
    "article in vertical lines",
    "article that was changed",
    "sample article with code and notes",
]
# Presses 21 pixels from the middle of each, but for what is a headline or stands in a sentence.
TOO_SMALL = """() => [...document.querySelectorAll("a, button, summary")].filter(element => {
  if (!element.checkVisibility() || element.matches(".headline, .skip-link")) return false;
  if (element.closest(".prose, .list-header__text, .section__text, .nothing, .age, .feeds__note")) return false;
  element.scrollIntoView({block: "center", inline: "center"});
  const {x, y, width, height} = element.getBoundingClientRect();
  const answers = (right, down) => {
    const hit = document.elementFromPoint(x + width / 2 + right, y + height / 2 + down);
    return hit !== null && element.contains(hit);
  };
  return !([[0, 0], [0, -21], [0, 21], [-21, 0], [21, 0]].every(place => answers(...place)));
}).map(element => `${element.parentElement.className}: ${element.innerText}`)"""


@pytest.mark.parametrize("kind", KINDS)
def test_what_stands_alone_on_a_phone_is_as_large_as_a_fingertip(kind, looking_tab, serve):
    place = PLACES[kind.replace(" in vertical lines", "")]
    looking_tab.resize(390)
    looking_tab.open(serve(place.content), f"{place.path}tate/" if kind.endswith("lines") else place.path)
    looking_tab.page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
    assert looking_tab.page.evaluate(TOO_SMALL) == []


def test_a_link_of_one_letter_stands_at_the_margin_without_a_hole_behind_it(looking_tab, serve):
    looking_tab.resize(390)
    looking_tab.open(serve("full"), PLACES["article"].path)
    links = looking_tab.page.locator(".share__list a")
    one, two, three = (links.nth(number).evaluate(ENDS_OF_WORDS) for number in range(3))
    assert abs(one[0] - looking_tab.page.locator(".share__heading").bounding_box()["x"]) < 2
    assert two[0] - one[1] < 2 * (three[0] - two[1])
