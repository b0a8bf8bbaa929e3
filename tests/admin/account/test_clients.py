"""Who asks, by what proxies say and by what a client writes."""

import pytest
from django.test import RequestFactory, override_settings

from blog.admin.account.locks import counted_address


@pytest.mark.parametrize(
    ("proxies", "told", "wanted"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1, 203.0.113.9", "203.0.113.9"),  # the client wrote the first
        (2, "10.0.0.1, 203.0.113.9, 198.51.100.1", "203.0.113.9"),
        (2, "203.0.113.9", "203.0.113.9"),
        (1, "", "192.0.2.1"),
        (1, "2001:db8:1:2:3::4", "2001:db8:1:2::"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
        (1, "203.0.113.9:50123", "203.0.113.9"),
        (1, "[2001:db8:1:2:3::4]:50123", "2001:db8:1:2::"),
        (1, "[::ffff:203.0.113.9]", "203.0.113.9"),
        (1, "unknown", None),
        (1, "\x00", None),
    ],
)
def test_client_is_known_by_what_the_outermost_trusted_proxy_saw(proxies, told, wanted):
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-For": told} if told else {})
    with override_settings(TRUSTED_PROXIES=proxies):
        assert counted_address(request) == wanted
