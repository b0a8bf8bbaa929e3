"""Preview links: what they show, to whom, for how long, and that nothing else opens."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from blog.editing.pending import save_pending
from blog.editing.permissions import EDITOR, WRITER
from blog.models import Author, Post, PreviewLink
from tests.factories import (
    make_author,
    make_draft,
    make_image,
    make_in_review,
    make_post,
    make_scheduled,
    make_unpublished,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def link_to(post, days=7, maker=None):
    chief = User.objects.filter(username="chief").first() or make_user("chief", role=EDITOR)
    link = PreviewLink(post=post, user=maker or chief)
    link.expire_after(days)
    link.save()
    return link.get_absolute_url()


def pend(post, *, tags=(), related=(), **fields):
    for name, value in fields.items():
        setattr(post, name, value)
    user = make_user(is_superuser=True)
    save_pending(post, by=user, tags=list(tags), related=list(related), expected_version=post.version)
    return Post.objects.get(pk=post.pk)


@pytest.mark.parametrize("make", [make_draft, make_in_review, make_scheduled, make_unpublished, make_post])
def test_whoever_has_the_link_reads_the_saved_version_on_the_real_page(client, make):
    post = make("秘匿の表題", body="## 見出し\n\n秘匿の本文", tags=["秘匿のタグ"], lead_image=make_image(alt="図"))
    before = Post.objects.values().get(pk=post.pk)
    response = client.get(link_to(post))
    assert response.templates[0].name == "blog/preview.html"
    html = response.content.decode()
    assert '<h1 class="article__title headline">' in html
    for part in ("秘匿の表題", '<h2 id="見出し">', "秘匿の本文", "秘匿のタグ", 'alt="図"'):
        assert part in html
    assert Post.objects.values().get(pk=post.pk) == before


def test_pending_version_is_shown_whole(client):
    related = make_post("次の関連")
    post = make_post("公開中の題", body="公開中の本文", tags=["公開中のタグ"])
    post = pend(post, title="次の題", body="次の本文", tags=["次のタグ"], related=[(related, "次の理由")], slug="next")
    html = client.get(link_to(post)).content.decode()
    for part in ("次の題", "次の本文", "次のタグ", "次の関連", "次の理由"):
        assert part in html
    assert "公開中の" not in html
    page = client.get(post.get_absolute_url()).content.decode()
    assert not [part for part in ("次の題", "次の本文", "次のタグ", "次の理由") if part in page]


def test_article_is_the_one_that_readers_will_get(client):
    post = make_post("題", body="## 見出し\n\n本文[^1]\n\n[^1]: 注\n", tags=["A"])
    preview, page = client.get(link_to(post)).content.decode(), client.get(post.get_absolute_url()).content.decode()
    article = page[page.index("<article") : page.index("</article>")]
    assert article in preview


def test_nobody_keeps_it_tells_where_it_was_or_finds_it(client):
    response = client.get(link_to(make_draft()))
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert not response.cookies
    assert "ETag" not in response
    html = response.content.decode()
    assert '<meta name="robots" content="noindex, nofollow">' in html
    for sign in ("og:title", "application/ld+json", 'rel="canonical"'):
        assert sign not in html
    assert "Disallow: /preview/" in client.get("/robots.txt").content.decode()


def key_of(url):
    return url.strip("/").removeprefix("preview/")


def gone_links(client):
    """A link of each kind that must not open: unknown, guessed, expired, revoked, of a deleted post."""
    post, deleted = make_draft("秘匿の表題"), make_draft("秘匿の表題")
    good, other = link_to(post), link_to(deleted)
    deleted.delete()
    left, closed = make_user("left", role=EDITOR), make_user("closed", role=EDITOR)
    of_nobody, of_a_closed_account = link_to(post, maker=left), link_to(post, maker=closed)
    left.delete()
    User.objects.filter(pk=closed.pk).update(is_active=False)
    expired, revoked = link_to(post, days=1), link_to(post)
    PreviewLink.objects.filter(key=key_of(expired)).update(expires_at=timezone.now())
    PreviewLink.objects.filter(key=key_of(revoked)).update(revoked_at=timezone.now())
    key = key_of(good)
    assert client.get(good).status_code == 200
    return {
        "unknown": "/preview/abc/",
        "half a key": f"/preview/{key[:-1]}/",
        "other case": f"/preview/{key.lower()}/",
        "of a deleted post": other,
        "expired": expired,
        "revoked": revoked,
        "of nobody": of_nobody,
        "of a closed account": of_a_closed_account,
        "long": "/preview/" + "a" * 3000 + "/",
        "control characters": f"/preview/{key}%00/",
        "Japanese": "/preview/秘匿.署名/",
        "index": "/preview/",
        "primary key": f"/preview/{PreviewLink.objects.first().pk}/",
    }


@pytest.mark.postgresql
def test_links_that_do_not_open_are_all_the_same_page(client):
    pages = {kind: client.get(url) for kind, url in gone_links(client).items()}
    assert {kind: page.status_code for kind, page in pages.items() if page.status_code != 404} == {}
    assert len({page.content for page in pages.values()}) == 1
    names = ("Cache-Control", "Referrer-Policy", "X-Robots-Tag", "Vary", "ETag")
    assert len({tuple(page.get(name) for name in names) for page in pages.values()}) == 1
    assert "秘匿" not in pages["expired"].content.decode()
    assert not pages["expired"].cookies


@pytest.mark.postgresql
def test_link_ends_when_its_maker_may_not_see_the_article_any_more(client):
    endings = {
        "closed account": lambda user, post: User.objects.filter(pk=user.pk).update(is_active=False),
        "out of the desk": lambda user, post: User.objects.filter(pk=user.pk).update(is_staff=False),
        "without a role": lambda user, post: user.groups.clear(),
        "gone": lambda user, post: user.delete(),
        "not the author": lambda user, post: Post.objects.filter(pk=post.pk).update(author=make_author("別", "other")),
        "no byline": lambda user, post: Author.objects.update(user=None),
    }
    for number, (name, end) in enumerate(endings.items()):
        writer = make_user(f"writer{number}", role=WRITER)
        post = make_draft(author=make_author(name, f"author-{number}", user=writer))
        url = link_to(post, maker=writer)
        assert client.get(url).status_code == 200, name
        end(writer, post)
        assert client.get(url).status_code == 404, name
        assert PreviewLink.objects.filter(post=post).exists()  # to whom it was given is still told
