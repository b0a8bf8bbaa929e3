"""The visibility matrix: every public surface is asked about a post in every state.

Each surface must show the post when it is public (so that the question means something) and must show no trace of
it otherwise: not its title, slug, text, tag, nor the tag or author only it has. A new public surface gets a line
in SURFACES.
"""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.urls import reverse

from blog.editing.pending import save_pending
from blog.editing.saving import add_alias, save_post
from blog.models import Post
from tests.factories import (
    PUBLISHED_AT,
    make_author,
    make_draft,
    make_in_review,
    make_page,
    make_post,
    make_scheduled,
    make_unpublished,
    make_user,
)

pytestmark = pytest.mark.django_db

TITLE, SLUG, TEXT, TAG, BYLINE = "秘匿の表題", "himitsu-slug", "秘匿の本文", "秘匿のタグ", "秘匿の署名"
TRACES = (TITLE, SLUG, TEXT, TAG, quote(TAG), BYLINE, "himitsu-author")

MAKERS = {
    "draft": make_draft,
    "in review": make_in_review,
    "scheduled": make_scheduled,
    "scheduled for the next minute": lambda **fields: make_scheduled(after=timedelta(minutes=1), **fields),
    "unpublished": make_unpublished,
}

# Name of the surface: the path at which it is asked.
SURFACES = {
    "home": lambda: reverse("blog:home"),
    "all articles": lambda: reverse("blog:post_list"),
    "section": lambda: "/category/markets/",
    "tag index": lambda: "/tags/",
    "tag": lambda: "/tags/共通/",
    "author": lambda: "/authors/himitsu-author/",
    "archive index": lambda: "/archive/",
    "month": lambda: f"/{day():%Y/%m}/",
    "day": lambda: f"/{day():%Y/%m/%d}/",
    "search": lambda: "/search/?q=" + quote(TITLE),
    "search for its text": lambda: "/search/?q=" + quote(TEXT),
    "search for its tag": lambda: "/search/?q=" + quote(TAG),
    "search and its filters": lambda: "/search/?q=" + quote("秘匿"),
    "narrowed search": lambda: "/search/?author=himitsu-author&q=" + quote("秘匿"),
    "suggestions": lambda: "/search/suggestions.json?q=" + quote("秘匿"),
    "description of the search": lambda: "/opensearch.xml",
    "feed": lambda: "/feed.xml",
    "feed in Atom": lambda: "/atom.xml",
    "feed in JSON": lambda: "/feed.json",
    "section's feed": lambda: "/feeds/markets.xml",
    "tag's feed": lambda: "/tags/共通/feed.xml",
    "author's feed": lambda: "/authors/himitsu-author/feed.xml",
    "sitemap index": lambda: "/sitemap.xml",
    "sitemap": lambda: f"/sitemaps/posts-{day():%Y-%m}.xml",
    "sitemap of news": lambda: "/sitemaps/news.xml",
    "llms.txt": lambda: "/llms.txt",
    "sitemap of lists": lambda: "/sitemaps/pages.xml",
    "article related to it": lambda: Post.objects.get(slug="relates").get_absolute_url(),
    "article under it": lambda: Post.objects.get(slug="under").get_absolute_url(),
    "article with its tag": lambda: Post.objects.get(slug="same-tag").get_absolute_url(),
    "404 page": lambda: "/no-such-page/",
}
# What these show is a list or a count; a trace is the tag, the byline or the number, not the title.
SHOWS = {
    "tag index": TAG,
    "archive index": "/2026/04/",
    "sitemap index": f"posts-{PUBLISHED_AT:%Y-%m}",
    "sitemap": SLUG,
    "sitemap of lists": quote(TAG),
    "404 page": "",
    "search and its filters": SLUG,
    "narrowed search": SLUG,
    "suggestions": TAG,
    "sitemap of news": "",  # which is of the last two days: see tests.wire.test_sitemaps
    "description of the search": "",
}
# What was asked for is repeated on the page: that is the reader's own word.
ASKED = {"search": TITLE, "search for its text": TEXT, "search for its tag": TAG, "search and its filters": ""}


def traces_on(surface):
    """What the surface must not tell."""
    asked = ASKED.get(surface)
    return set(TRACES) - {asked, quote(asked or "")}


def day():
    return PUBLISHED_AT


def fill(like: Post) -> None:
    """Old articles, enough for a second page of every list, in one go."""
    old = {"author": like.author, "category": like.category, "status": like.status, "url_month": 202502}
    Post.objects.bulk_create(
        Post(
            slug=f"old-{number}",
            title=f"古い記事{number}",
            published_at=at,
            updated_at=at,
            url_date=at.date(),
            **old,
        )
        for number in range(30)
        for at in [PUBLISHED_AT - timedelta(days=400, minutes=number)]
    )


def build(maker):
    """The post in question, between neighbours that point at it in every way the site knows."""
    before = make_post(slug="before", at=PUBLISHED_AT - timedelta(hours=1))
    fill(before)
    post = maker(
        title=TITLE,
        slug=SLUG,
        body=TEXT,
        excerpt=TEXT,
        author=make_author(BYLINE, "himitsu-author"),
        tags=["共通", TAG],
    )
    relates = make_post(slug="relates", at=PUBLISHED_AT - timedelta(days=300))
    save_post(relates, related=[(post, "理由")])
    make_post(slug="under", at=PUBLISHED_AT - timedelta(days=301), pillar=post)
    make_post(slug="same-tag", at=PUBLISHED_AT - timedelta(days=302), tags=["共通"])
    make_post(slug="after", at=PUBLISHED_AT + timedelta(hours=1))
    return post


def make_with_pending(tags, **fields):
    """A public post, and over it a pending version with all that is secret."""
    post = make_post("公開中の表題", slug="in-the-open", body="公開中の本文", excerpt="公開中", tags=["共通"])
    for name, value in fields.items():
        setattr(post, name, value)
    save_pending(post, by=make_user("editor", is_superuser=True), tags=tags, related=[], expected_version=post.version)
    return Post.objects.get(pk=post.pk)


def ask(client, path):
    response = client.get(path)
    assert response.status_code in (200, 404), (path, response.status_code)
    return response.content.decode()


def test_public_post_shows_on_every_surface(client):
    build(make_post)
    assert [name for name, path in SURFACES.items() if SHOWS.get(name, TITLE) not in ask(client, path())] == []


@pytest.mark.parametrize("state", MAKERS)
def test_post_that_is_not_public_leaves_no_trace_anywhere(client, state):
    post = build(MAKERS[state])
    for surface, path in SURFACES.items():
        content = ask(client, path())
        if surface in ASKED:
            assert 'data-hits="0"' in content, state
        for trace in traces_on(surface):
            assert trace not in content, (state, surface, trace)
    if post.url_date:
        for path in ("/%Y/%m/", "/%Y/%m/%d/", "/sitemaps/posts-%Y-%m.xml"):
            content = ask(client, f"{post.url_date:{path}}")
            assert not any(trace in content for trace in TRACES), path


def test_version_that_waits_over_a_public_post_leaves_no_trace_anywhere(client):
    post = build(make_with_pending)
    assert post.pending_revision.snapshot["title"] == TITLE
    own = {"article": post.get_absolute_url, "as Markdown": lambda: f"{post.get_absolute_url()}index.md"}
    for surface, path in {**SURFACES, **own}.items():
        content = ask(client, path())
        if surface in ASKED:
            assert 'data-hits="0"' in content
        for trace in traces_on(surface):
            assert trace not in content, (surface, trace)
    assert client.get(f"/2026/04/01/{SLUG}/").status_code == 404
    for link in ("/preview/x/", f"/preview/{post.pk}/", f"/preview/{post.pending_revision_id}/"):
        assert client.get(link).status_code == 404
    client.force_login(make_user("reader", is_staff=False))
    assert TITLE not in client.get(post.get_absolute_url()).content.decode()


@pytest.mark.parametrize("state", MAKERS)
def test_its_own_addresses_are_404_for_everyone(client, state):
    post = MAKERS[state](slug=SLUG)
    add_alias(post, "/old/address/")
    paths = ["/old/address/", f"/2026/04/01/{SLUG}/", f"/2026/04/01/{SLUG.upper()}", post.get_absolute_url() or "/x/"]
    paths += [f"{path}{form}" for path in paths if path.endswith("/") for form in ("index.md", "tate/")]
    for login in (None, make_user(permissions=("view_post", "change_post"))):
        if login:
            client.force_login(login)
        for path in paths:
            assert client.get(path).status_code == 404, path


def test_page_that_is_not_published_is_404_and_in_no_list(client):
    make_page("/secret/", title="秘匿の固定ページ", is_published=False, footer_position=1)
    assert client.get("/secret/").status_code == 404
    for path in ("/", "/sitemaps/pages.xml", "/sitemap.xml"):
        content = client.get(path).content.decode()
        assert "秘匿の固定ページ" not in content
        assert "/secret/" not in content
