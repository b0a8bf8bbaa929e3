"""What stands alone at the desk is as tall as a fingertip on a phone, and what is a sign only is as wide."""

import pytest

pytestmark = pytest.mark.sqlite

# Links in a sentence are smaller: they stand in a line of text.
TOO_SMALL = """() => {
  const alone = `#user-tools :is(a, button), .breadcrumbs a, .calendar-nav a, .start__title, .board__all a,
    .dashboard .module :is(th, td) a, .paginator a, .object-tools a, .room-top__back, .room-key,
    .room-group__summary, .ledger > summary, .related-widget-wrapper-link, .row-tick, .select2-selection,
    #toolbar [type=submit], #searchbar, .actions :is(select, button), .submit-row :is(input, button, a),
    .form-row :is(.vTextField, .vURLField, .vIntegerField, [type=password], select:not(.select2-hidden-accessible))`;
  const isSmall = element => {
    const {width, height} = element.getBoundingClientRect();
    return height < 43.9 || (element.matches("div.form-row .related-widget-wrapper-link, .row-tick") && width < 43.9);
  };
  return [...document.querySelectorAll(alone)]
    .filter(element => element.checkVisibility() && isSmall(element))
    .map(element => element.outerHTML.slice(0, 120));
}"""


@pytest.mark.parametrize(
    "path",
    ["", "blog/post/", "blog/post/add/", "blog/tag/add/", "blog/author/add/", "blog/page/", "password_change/", "own"],
)
def test_what_stands_alone_on_a_phone_is_as_tall_as_a_fingertip(path, looking_desk):
    desk = looking_desk(width=390)
    page = desk.open(desk.own_article if path == "own" else f"/admin/{path}")
    page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
    assert page.evaluate(TOO_SMALL) == []
