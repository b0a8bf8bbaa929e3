"""What the check is told of the site: addresses that answer or lead elsewhere, pictures, words, texts of others."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from blog.editing.facts import Subject, read_facts
from blog.editing.saving import add_alias
from blog.models import Author, FormerFile, Permalink
from blog.text.desk import Draft, Mentions
from blog.text.keys import paragraph_key, title_key
from tests.factories import (
    make_author,
    make_category,
    make_draft,
    make_image,
    make_page,
    make_post,
    make_scheduled,
    make_unpublished,
)

pytestmark = pytest.mark.django_db
LONG = "市場の見通しについて、編集部が各社に聞き取った内容をまとめると、回復は来年の後半になるという声が多かった。"


def subject(pk=None, path="", **named):
    return Subject(pk, path, Draft(), Mentions(**{name: frozenset(values) for name, values in named.items()}))


def world(*, now=None, **named):
    asked = subject(**named)
    return read_facts([asked], at=now).world(asked)


def test_addresses_of_public_articles_and_pages_answer():
    post, page, section = make_post(tags=["半導体"]), make_page("/about/"), make_category("企業", "companies")
    answering = {
        *(post.path, page.path, section.get_absolute_url(), "/tags/半導体/", "/authors/editors/", "/feed.xml"),
        *("/", "/archive/", "/2026/04/", "/feeds/companies.xml"),
    }
    dead = {"/2026/04/01/nowhere/", "/nowhere/", "/tags/nothing/", "/category/none/", "relative"}
    assert world(paths=answering | dead).paths == answering


@pytest.mark.parametrize("make", [make_draft, make_scheduled, make_unpublished])
def test_link_to_an_article_that_readers_do_not_see_is_dead(make):
    post = make()
    found = world(paths={post.path or "/2026/04/01/draft/"})
    assert (found.paths, found.moved) == (frozenset(), {})


@pytest.mark.parametrize("make", [make_draft, make_scheduled, make_unpublished])
def test_tags_and_authors_of_hidden_articles_have_no_page(make):
    make(tags=["秘密"], author=make_author("新人", "newcomer"))
    hidden = {"/tags/秘密/", "/authors/newcomer/"}
    assert world(paths=hidden).paths == frozenset()
    make_post(tags=["秘密"], author=Author.objects.get(slug="newcomer"))
    assert world(paths=hidden).paths == hidden


def test_article_may_link_to_one_that_is_due_before_it():
    path = make_scheduled(after=timedelta(hours=1)).path
    assert world(paths={path}, now=timezone.now() + timedelta(hours=2)).paths == {path}


def test_moved_addresses_are_told_with_where_they_lead():
    post, hidden = make_post(slug="robots"), make_unpublished(slug="hidden")
    add_alias(post, "/2025/01/01/old/")
    Permalink.objects.create(path="/short/", target=post.path)
    Permalink.objects.create(path="/gone/", target=hidden.path)
    Permalink.objects.create(path="/list/", target="/archive/")
    asked = {
        "/2025/01/01/old/": post.path,
        "/short/": post.path,
        "/list/": "/archive/",
        "/2026/04/01/robots": post.path,
        "/2026/04/01/ROBOTS-/": post.path,
        "/2025/01/01/old/index.html": post.path,
        "/archive": "/archive/",
        "/sitemap_index.xml": "/sitemap.xml",
    }
    found = world(paths={*asked, "/gone/"})
    assert (found.paths, found.moved) == (frozenset(), asked)


def test_old_address_of_a_hidden_tag_does_not_tell_its_name():
    make_draft(tags=["秘密"])
    make_post(tags=["公開"])
    make_page("/draft/", is_published=False)
    for old, new in (
        ("/tags/a/", "/tags/秘密/"),
        ("/tags/b/", "/tags/公開/"),
        ("/c/", "/draft/"),
        ("/d/", "/archive/"),
    ):
        Permalink.objects.create(path=old, target=new)
    found = world(paths={"/tags/a/", "/tags/b/", "/c/", "/d/"})
    assert found.moved == {"/tags/b/": "/tags/公開/", "/d/": "/archive/"}


def test_pictures_of_the_site_are_known_and_no_others():
    image = make_image()
    Permalink.objects.create(path="/assets/images/old.png", target=image.file.url)
    known = {image.file.url, "/assets/images/old.png"}
    assert world(images=known | {"/media/images/none.png", "/assets/none.png"}).images == known


def test_titles_and_paragraphs_of_others_are_told_with_their_address():
    other, own = make_post("同じ題名", body=f"{LONG}\n"), make_post("同じ題名", body=f"{LONG}\n")
    third = make_post("別の題名", body=f"{LONG}\n")
    title, paragraph = title_key("同じ題名"), paragraph_key(LONG)
    for post, expected in ((own, other.path), (other, own.path)):
        asked = subject(post.pk, titles={title}, paragraphs={paragraph})
        found = read_facts([asked]).world(asked)
        assert found.titles == {title: expected}
        assert found.paragraphs[paragraph] in {other.path, own.path, third.path} - {post.path}


def test_hostile_names_are_asked_without_an_error():
    names = {"/\0/", "/" + "あ" * 100_000, "//host/", "'; DROP TABLE blog_post; --", "/%s/{}/", "/\ud800/", ""}
    titles = {title_key(name) for name in names}
    assert world(paths=names, images=names, titles=titles, paragraphs=titles).paths == frozenset()


def test_picture_is_known_under_the_file_that_it_had_before():
    image = make_image()
    FormerFile.objects.create(name="images/before.png", image=image)
    former = f"{settings.MEDIA_URL}images/before.png"
    assert world(images={former, "/media/images/none.png"}).images == {former}
