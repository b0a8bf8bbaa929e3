"""A script adds convenience, never the way to the text; test_every_page looks for the words themselves."""

import pytest

from tests.sites.places import PLACES

pytestmark = pytest.mark.sqlite


def test_contents_and_list_pages_work(plain_page, serve):
    plain_page.goto(serve("full") + PLACES["body of 50,000 characters"].path)
    plain_page.locator("summary", has_text="目次").click()
    link = plain_page.get_by_role("navigation", name="目次").get_by_role("link").nth(1)
    link.click()
    plain_page.wait_for_url("**#*")
    plain_page.goto(serve("full") + PLACES["all articles"].path)
    plain_page.get_by_role("link", name="次のページ").click()
    plain_page.wait_for_url("**/articles/?page=2")
