"""What stands alone at the desk is as tall as a fingertip on a phone."""

import pytest

pytestmark = pytest.mark.sqlite

# Links in a sentence and ticks in a list are smaller: the one stands in a line of text, and the other has a row.
TOO_LOW = """() => {
  const alone = `#user-tools :is(a, button), .breadcrumbs a, .calendar-nav a, .start__title, .board__all a,
    .dashboard .module :is(th, td) a, .paginator a, .object-tools a, .room-top__back, .room-key,
    .room-group__summary, .ledger > summary, .related-widget-wrapper-link, .select2-selection,
    #toolbar [type=submit], #searchbar, .actions :is(select, button), .submit-row :is(input, button, a),
    .form-row :is(.vTextField, .vURLField, .vIntegerField, [type=password], select:not(.select2-hidden-accessible))`;
  return [...document.querySelectorAll(alone)]
    .filter(element => element.checkVisibility() && element.getBoundingClientRect().height < 43.9)
    .map(element => element.outerHTML.slice(0, 120));
}"""


@pytest.mark.parametrize(
    "path",
    ["", "blog/post/", "blog/post/add/", "blog/tag/add/", "blog/author/add/", "blog/page/", "password_change/", "own"],
)
def test_what_stands_alone_on_a_phone_is_as_tall_as_a_fingertip(path, at_desk):
    desk = at_desk("layout", width=390)
    page = desk.open(desk.own_article if path == "own" else f"/admin/{path}")
    page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
    assert page.evaluate(TOO_LOW) == []
