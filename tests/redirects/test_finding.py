"""Old and sloppy addresses: one redirect to the page, and only to a page that is there."""

import unicodedata
from urllib.parse import quote, unquote_to_bytes

import pytest
from django.test import override_settings

from blog.editing.renaming import save_moved
from blog.editing.saving import add_alias, save_post
from blog.models import Permalink
from tests.factories import (
    make_category,
    make_draft,
    make_page,
    make_post,
    make_scheduled,
    make_unpublished,
    make_user,
)

# About which address is led where: PostgreSQL repeats what asks it something of its own.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def get(client, path):
    """GET of a path as it would come over the wire; the client alone reads `//a/` as the host a."""
    if path.startswith("//"):
        return client.get("/", PATH_INFO=unquote_to_bytes(path).decode("latin-1"))
    return client.get(path)


def assert_leads(client, path, target):
    """One 301 straight to an address that answers 200."""
    response = get(client, path)
    assert (response.status_code, response.headers.get("Location")) == (301, target)
    assert client.get(target).status_code == 200


def rename(section, name, slug=None):
    section.name, section.slug = name, slug or section.slug
    save_moved(section)


@pytest.fixture
def post():
    return make_post(slug="ガイド-rag")


@pytest.mark.parametrize(
    "spelling",
    [
        "/2026/04/01/ガイド-rag",
        "/2026/04/01/ガイド-rag/index.html",
        "/2026/04/01/ガイド-RAG/",
        "/2026/04/01/ガイド-rag-/",
        "//2026/04/01/ガイド-rag/",
        unicodedata.normalize("NFD", "/2026/04/01/ガイド-rag/"),
        unicodedata.normalize("NFD", "//2026/04//01/ガイド-RAG-/Index.html"),
    ],
)
def test_other_spelling_of_an_article_leads_to_it_in_one_step(client, post, spelling):
    assert_leads(client, quote(spelling), post.get_absolute_url())


@pytest.mark.parametrize(
    ("spelling", "target"),
    [
        ("/category/markets", "/category/markets/"),
        ("/Category/Markets/", "/category/markets/"),
        ("/index.html", "/"),
        ("//", "/"),
        ("/2026/04", "/2026/04/"),
        ("/ABOUT/", "/about/"),
    ],
)
def test_other_spelling_of_a_list_or_page_leads_to_it(client, post, spelling, target):
    make_page("/about/")
    assert_leads(client, spelling, target)


def test_old_list_pages_lead_to_the_pages_of_all_articles(client, post):
    for page in ("/page2/", "/page2", "/page5/"):  # of ten articles each
        assert_leads(client, page, "/articles/")
    assert client.get("/page6/").status_code == 404
    for _ in range(50):
        make_post()
    assert_leads(client, "/page6/", "/articles/?page=2")
    assert_leads(client, "/?page=2", "/articles/?page=2")
    for query in ("page=3", "page=0", "page=x", "page=-1", "page="):
        assert client.get(f"/?{query}").status_code == 404


@pytest.mark.parametrize(
    ("old", "new", "slug"),
    [
        ("/category/analysis/", "/category/industry/", "industry"),
        ("/category/implementation/", "/category/case-studies/", "case-studies"),
        ("/feeds/analysis.xml", "/feeds/industry.xml", "industry"),
    ],
)
def test_renamed_sections_of_the_old_site_lead_to_the_new_ones(client, old, new, slug):
    assert client.get(old).status_code == 404
    make_category("部門", slug)
    assert_leads(client, old, new)


def test_old_forms_of_a_section_that_moved_lead_to_where_it_is_now(client):
    section = make_category("業界", "industry")
    rename(section, "産業", "sectors")
    assert_leads(client, "/category/analysis/", "/category/sectors/")
    assert_leads(client, "/feeds/analysis.xml", "/feeds/sectors.xml")
    for name in ("業界", "産業"):
        assert_leads(client, quote(f"/category/{name}/"), "/category/sectors/")
    rename(make_category("別", "other"), "業界")
    assert_leads(client, quote("/category/業界/"), "/category/sectors/")


@pytest.mark.postgresql
def test_section_keeps_the_address_of_its_former_name_in_any_case(client):
    rename(make_category("AI技術ガイド", "tech"), "技術")
    for name in ("AI技術ガイド", "ai技術ガイド"):
        assert_leads(client, quote(f"/category/{name}/"), "/category/tech/")


def test_former_name_of_a_section_takes_no_address_from_another(client):
    of_name, other = make_category("AI", "gen"), make_category("人工知能", "ai")
    Permalink.objects.create(path="/to-ai/", target="/category/ai/")
    rename(of_name, "生成AI")
    assert client.get("/category/ai/").status_code == 200
    assert_leads(client, "/to-ai/", "/category/ai/")

    rename(other, other.name, "intelligence")
    rename(of_name, "AI")
    rename(of_name, "生成AI")
    assert_leads(client, "/category/ai/", "/category/intelligence/")


# --- the ledger ---


def test_alias_leads_to_the_article_where_it_is_now(client, post):
    add_alias(post, "/2026/03/31/ガイド-rag/")
    post.slug = "moved"
    save_post(post)
    for path in ("/2026/03/31/ガイド-rag/", "/2026/03/31/ガイド-RAG-", "/2026/04/01/ガイド-rag/"):
        assert_leads(client, quote(path), "/2026/04/01/moved/")


@pytest.mark.parametrize("maker", [make_draft, make_scheduled, make_unpublished])
def test_alias_of_an_article_that_is_not_public_is_404(client, maker):
    add_alias(maker(slug="hidden"), "/old/hidden/")
    assert client.get("/old/hidden/").status_code == 404
    client.force_login(make_user())
    assert client.get("/old/hidden/").status_code == 404


def test_editors_redirect_leads_to_its_target(client, post):
    Permalink.objects.create(path="/old/", target="/category/markets/")
    Permalink.objects.create(path="/oldest.html", target="/old/")
    assert_leads(client, "/old/", "/category/markets/")
    assert_leads(client, "/oldest.html", "/category/markets/")


def test_redirect_to_a_page_that_is_not_there_is_404(client):
    Permalink.objects.create(path="/old/", target="/gone/")
    assert client.get("/old/").status_code == 404


def test_redirects_in_a_circle_are_404(client):
    Permalink.objects.create(path="/a/", target="/b/")
    Permalink.objects.create(path="/b/", target="/a/")
    assert client.get("/a/").status_code == 404


# --- the desk, other methods, hostile input ---


def test_target_with_another_host_in_disguise_is_never_followed(client):
    Permalink.objects.create(path="/old/", target="//evil.example/")
    Permalink.objects.create(path="/older/", target="/\\evil.example/")
    assert client.get("/old/").status_code == 404
    assert client.get("/older/").status_code == 404


@override_settings(ALLOWED_HOSTS=["www.example.jp"])
@pytest.mark.parametrize("path", ["/feed.xml/", "/FEED.XML", "/feeds/analysis.xml"])
def test_feed_is_found_behind_a_server_that_calls_itself_by_its_address(client, path):
    make_category(slug="industry")
    response = client.get(path, headers={"host": "www.example.jp"}, SERVER_NAME="127.0.0.1")
    assert response.status_code == 301


# --- the first page ---


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/articles/",
        "/tags/話題/",
        "/authors/editors/",
        "/category/markets/",
        "/2026/04/",
        "/2026/04/01/",
        "/search/",
    ],
)
def test_first_page_of_a_list_has_one_address(client, path):
    make_post(tags=["話題"])
    for spelling in {path, path.upper(), path.rstrip("/") or "//"}:
        assert_leads(client, quote(spelling) + "?page=1", quote(path))
