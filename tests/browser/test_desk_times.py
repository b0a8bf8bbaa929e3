"""Times at the desk are those of Tokyo, wherever the editor's browser is."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.newsroom import choose_section, press

pytestmark = pytest.mark.sqlite

# Time zones in which it is another day than in Tokyo: the day before, and the day after.
ABROAD = [
    ("west", "America/Los_Angeles", "2026-11-25T03:03:07Z", "12:03"),
    ("east", "Pacific/Auckland", "2026-11-25T13:30:07Z", "22:30"),
]


@pytest.mark.parametrize(("name", "zone", "now", "in_tokyo"), ABROAD)
def test_editor_abroad_reads_and_types_the_time_in_tokyo(name, zone, now, in_tokyo, at_desk):
    desk = at_desk(name, timezone_id=zone)
    page = desk.page
    page.clock.set_fixed_time(now)
    desk.open()
    page.fill("#id_title", f"{name}の予約")
    choose_section(desk, "市場")
    page.fill("#id_excerpt", "リード文です。")
    desk.write("本文です。")
    expect(desk.status).to_have_text(re.compile("^下書きを 12:[0-9]{2} に保存$"))  # by the clock of the site

    page.get_by_label("日付").fill("2026-12-01")
    page.get_by_label("時刻").fill("07:30")
    press(desk, "予約する", "2026年12月1日 07:30に公開するよう予約しました")

    row = page.locator("#result_list tbody tr", has_text=f"{name}の予約")
    expect(row.locator(".field-public_at")).to_have_text("2026/12/01 07:30")
    row.get_by_role("link").click()
    expect(page.get_by_role("region", name="状態")).to_contain_text("2026年12月1日 07:30に公開します")
    expect(page.locator("#id_publish_at_0")).to_have_value("2026-12-01")
    expect(page.locator("#id_publish_at_1")).to_have_value("07:30:00")
