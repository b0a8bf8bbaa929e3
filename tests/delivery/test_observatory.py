"""The site by the rules of Mozilla's HTTP Observatory, as its scanner scores them.

The rules are those of github.com/mdn/mdn-http-observatory: the scores of src/grader/charts.js at commit 01b47110e065
and the questions of src/analyzer/tests/ at commits up to 048ff598c869 (release 1.x, read in November 2026). The scanner
itself asks over the network. It begins with 100 points, takes points off for what is missing, and gives more than 100
only where 90 are left.
"""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings

from tests.factories import make_post

pytestmark = pytest.mark.django_db

NEEDED_FOR_MORE = 90
SIX_MONTHS = 15_768_000
BROAD = {"ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"}
UNSAFE = BROAD | {"'unsafe-inline'", "data:"}
PRIVATE_REFERRERS = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
SITE = "www.example.jp"


def content_security_policy(page: HttpResponse) -> int:
    policy = {}
    for part in filter(None, page.headers.get("Content-Security-Policy", "").split(";")):
        name, *sources = part.split()
        policy[name] = {*sources}
    if not policy:
        return -25
    default = policy.get("default-src", {"*"})
    scripts, objects = policy.get("script-src", default), policy.get("object-src", default)
    styles = policy.get("style-src", default)
    if scripts & UNSAFE or objects & BROAD:
        return -20
    if any(source.startswith(("http:", "ftp:")) for sources in policy.values() for source in sources):
        return -20
    if "'unsafe-eval'" in scripts | styles:
        return -10
    if styles & UNSAFE:
        return 0
    return 10 if default == {"'none'"} and policy.get("form-action", {"*"}) <= {"'none'", "'self'"} else 5


def cookies(page: HttpResponse) -> int:
    found, worst = page.cookies.values(), 5
    for cookie in found:
        is_session = any(part in cookie.key.lower() for part in ("login", "sess"))
        if is_session and not cookie["secure"]:
            worst = min(worst, -40)
        if is_session and not cookie["httponly"]:
            worst = min(worst, -30)
        if not cookie["secure"] or ("csrf" in cookie.key.lower() and not cookie["samesite"]):
            worst = min(worst, -20)
        if not cookie["samesite"]:
            worst = min(worst, 0)
    return worst if found else 0


def cross_origin_resource_policy(page: HttpResponse) -> int:
    told = page.headers.get("Cross-Origin-Resource-Policy", "cross-origin")
    return {"same-origin": 10, "same-site": 10, "cross-origin": 0}.get(told, -5)


def cross_origin_sharing(page: HttpResponse) -> int:
    return -50 if page.headers.get("Access-Control-Allow-Credentials") == "true" else 0


def encryption_promised(page: HttpResponse) -> int:
    seconds = re.search(r"max-age=([0-9]+)", page.headers.get("Strict-Transport-Security", ""))
    if seconds is None:
        return -20
    return 0 if int(seconds[1]) >= SIX_MONTHS else -10


def framing(page: HttpResponse) -> int:
    sources = re.search(r"frame-ancestors ([^;]+)", page.headers.get("Content-Security-Policy", ""))
    if sources and not {*sources[1].split()} & BROAD:
        return 5
    return 0 if page.headers.get("X-Frame-Options", "").upper() in ("DENY", "SAMEORIGIN") else -20


def referrers(page: HttpResponse) -> int:
    told = page.headers.get("Referrer-Policy")
    return 0 if told is None else 5 if told.split(",")[-1].strip() in PRIVATE_REFERRERS else -5


def sniffing(page: HttpResponse) -> int:
    return 0 if page.headers.get("X-Content-Type-Options") == "nosniff" else -5


class Scripts(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.foreign: list[dict[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        source = dict(attrs).get("src") or ""
        if tag == "script" and (source.startswith("//") or "://" in source):
            self.foreign.append(dict(attrs))


def foreign_scripts(page: HttpResponse) -> int:
    """Scripts of other hosts; those of our own cost nothing and give nothing."""
    found = Scripts(page.text).foreign
    if any(not str(script["src"]).startswith("https://") for script in found):
        return -50
    return 0 if all(script.get("integrity") for script in found) else -5


TESTS: tuple[Callable[[HttpResponse], int], ...] = (
    *(content_security_policy, cookies, cross_origin_resource_policy, cross_origin_sharing, encryption_promised),
    *(framing, referrers, sniffing, foreign_scripts),
)


def score(page: HttpResponse, plain: HttpResponse) -> int:
    """The points of the page; `plain` is the answer to the same request without encryption."""
    to_same_host = plain.status_code in (301, 302, 307, 308) and plain["Location"].startswith(f"https://{SITE}/")
    points = [test(page) for test in TESTS] + [0 if to_same_host else -20]
    left = 100 + sum(min(number, 0) for number in points)
    return max(left + sum(max(number, 0) for number in points) if left >= NEEDED_FOR_MORE else left, 0)


@pytest.fixture
def scanned():
    """A page of the site as it is deployed, and the answer to the unencrypted request."""
    make_post(tags=["A"])

    def scan(path):
        deployed = {"ALLOWED_HOSTS": [SITE], "SECURE_SSL_REDIRECT": True, "SECURE_HSTS_SECONDS": 365 * 24 * 3600}
        with override_settings(**deployed, SESSION_COOKIE_SECURE=True, CSRF_COOKIE_SECURE=True):
            reader = Client(SERVER_NAME=SITE)
            return reader.get(path, secure=True), reader.get(path)

    return scan


@pytest.mark.parametrize(
    ("path", "points"), [("/", 130), ("/tags/", 130), ("/search/?q=A", 130), ("/no-such/", 130), ("/admin/login/", 135)]
)
def test_site_has_more_than_115_points(scanned, path, points):
    page, plain = scanned(path)
    assert score(page, plain) == points >= 115


@pytest.mark.parametrize(
    ("header", "value", "lost"),
    [
        ("Content-Security-Policy", "", 25 + 5 + 10),
        ("Content-Security-Policy", "default-src 'none'; script-src 'unsafe-inline'; frame-ancestors 'none'", 30),
        ("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'", 5),
        ("Cross-Origin-Resource-Policy", "cross-origin", 10),
        ("Referrer-Policy", "unsafe-url", 10),
        ("Strict-Transport-Security", "max-age=60", 10),
        ("X-Content-Type-Options", "", 5),
        ("Access-Control-Allow-Credentials", "true", 50),
    ],
)
def test_header_that_is_gone_or_weaker_costs_points(scanned, header, value, lost):
    page, plain = scanned("/")
    page.headers[header] = value
    weaker = score(page, plain)
    assert weaker <= 130 - lost
    assert weaker < 130


def test_page_that_is_not_encrypted_loses_what_is_above_100(scanned):
    page, _ = scanned("/")
    assert score(page, page) == 80
