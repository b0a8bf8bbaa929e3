"""Every kind of page, ordinary and odd, and where it is found."""

from typing import NamedTuple

from django.test import override_settings

from bench.servers import SECRET_KEY
from blog.models import PreviewLink
from tests.views import pages

PREVIEW_KEY = "of-the-preview-link"
with override_settings(SECRET_KEY=SECRET_KEY):  # as the sites sign it
    PREVIEW = PreviewLink(key=PREVIEW_KEY).get_absolute_url()


class Place(NamedTuple):
    content: str  # which of the sites, by the name of what it holds
    path: str
    status: int = 200


ODD = {
    "a further page of a section": Place("full", "/category/markets/?page=2"),
    "page 9999": Place("full", "/articles/?page=9999", 404),
    "sample article with pictures and a table": Place("full", "/2026/11/18/gpu-capex/"),
    "sample article with code and notes": Place("full", "/2026/06/25/japanese-site-search/"),
    "article with a lead picture": Place("full", "/2026/04/02/lead-picture/"),
    "article that somebody paid for": Place("full", "/2026/04/02/sponsored/"),
    "article that was changed": Place("full", "/2026/04/02/changed/"),
    "article of two years ago": Place("full", "/2024/04/02/old/"),
    "title of 100 characters": Place("full", "/2026/04/02/long-title/"),
    "body of 50,000 characters": Place("full", "/2026/04/02/long-body/"),
    "article in Latin letters only": Place("full", "/2026/04/02/latin/"),
    "table of 12 columns": Place("full", "/2026/04/02/wide-table/"),
    "edition of a full day": Place("full", "/2026/04/05/"),
    "edition of one article": Place("single", "/2026/04/01/"),
    "page of the colophon": Place("full", "/privacy/"),
    "author with a picture": Place("full", "/authors/pictured/"),
    "preview of a pending version": Place("full", PREVIEW),
    "search for markup": Place("full", "/search/?q=<script>alert(1)</script>"),
    "search with something near": Place("full", "/search/?q=半導休 記事 -データ"),
    "search for too many words": Place("full", "/search/?q=" + " ".join("いろはにほへとちり")),
    "one post: article": Place("single", "/2026/04/01/only/"),
}
EMPTY = ("home", "archive index", "tag index", "search form", "feeds", "404")


def place(kind: str, content: str = "full") -> Place:
    return Place(content, pages.PAGES[kind], 404 if kind == "404" else 200)


PLACES = (
    {kind: place(kind) for kind in pages.PAGES} | ODD | {f"no posts: {kind}": place(kind, "empty") for kind in EMPTY}
)
