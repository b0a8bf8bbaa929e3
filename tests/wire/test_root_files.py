"""Files that settings name, at the addresses where services look for them."""

from datetime import UTC, datetime

import pytest
import time_machine

from blog.checks import check_verification_files

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"


def test_files_are_served_as_they_were_given(client, settings):
    settings.ADS_TXT = ["google.com, pub-1, DIRECT, f08c", "example.com, 2, RESELLER"]
    settings.VERIFICATION_FILES = {"google123.html": "google-site-verification: google123.html", "a.xml": "<a/>"}
    for path, kind, content in [
        ("/ads.txt", "text/plain", "google.com, pub-1, DIRECT, f08c\nexample.com, 2, RESELLER\n"),
        ("/google123.html", "text/html", "google-site-verification: google123.html"),
        ("/a.xml", "application/xml", "<a/>"),
    ]:
        response = client.get(path)
        assert (response.status_code, response.content.decode()) == (200, content)
        assert response["Content-Type"] == f"{kind}; charset=utf-8"
        assert client.post(path).status_code == 405
    assert client.get("/ADS.txt")["Location"] == "/ads.txt"


@pytest.mark.parametrize("name", ["robots.txt", "feed.json", "sitemap.xml", "ads.txt"])
def test_file_that_nobody_would_get_is_refused_at_the_start(settings, name):
    settings.ADS_TXT = ["example.com, 2, RESELLER"]
    settings.VERIFICATION_FILES = {"google123.html": "x", name: "x"}
    (error,) = check_verification_files()
    assert (error.id, name in error.msg) == ("blog.E003", True)
    settings.VERIFICATION_FILES = {"google123.html": "x", "robots.html": "x"}
    assert check_verification_files() == []


def test_security_txt_says_whom_to_write_to_and_never_expires(client, settings):
    settings.SECURITY_CONTACT = "mailto:security@example.jp"
    for now, ends in [
        (datetime(2026, 11, 27, tzinfo=UTC), "2027-05-01"),
        (datetime(2026, 6, 30, 16, 0, tzinfo=UTC), "2027-01-01"),  # July already in Tokyo
        (datetime(2026, 12, 31, tzinfo=UTC), "2027-06-01"),
    ]:
        with time_machine.travel(now, tick=False):
            response = client.get("/.well-known/security.txt")
            assert response["Content-Type"] == "text/plain; charset=utf-8"
            assert response.content.decode().splitlines() == [
                "Contact: mailto:security@example.jp",
                f"Expires: {ends}T00:00:00+09:00",
                "Preferred-Languages: ja, en",
                f"Canonical: {SITE}/.well-known/security.txt",
            ]
