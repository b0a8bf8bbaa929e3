"""Old and sloppy addresses: one redirect to the page, and only to a page that is there."""

import unicodedata
from datetime import timedelta
from urllib.parse import quote, unquote_to_bytes

import pytest
from django.test import override_settings

from blog.editing.renaming import save_moved
from blog.editing.saving import add_alias, save_post
from blog.models import Permalink
from tests.factories import (
    PUBLISHED_AT,
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
        "/2026/04/01/ガイド-RAG",
        "/2026/04/01/ガイド-rag-/",
        "/2026/04/01/ガイド-rag-",
        "/2026//04/01/ガイド-rag/",
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
        ("/tags", "/tags/"),
        ("/index.html", "/"),
        ("//", "/"),
        ("/2026/04", "/2026/04/"),
        ("/archive/index.html", "/archive/"),
        ("/about", "/about/"),
        ("/ABOUT/", "/about/"),
    ],
)
def test_other_spelling_of_a_list_or_page_leads_to_it(client, post, spelling, target):
    make_page("/about/")
    assert_leads(client, spelling, target)


@pytest.mark.parametrize("spelling", ["/today", "/TODAY/", "/today/index.html"])
def test_other_spelling_of_today_leads_to_the_address_that_leads_on(client, spelling):
    assert client.get(spelling).status_code == 404
    make_post()
    response = client.get(spelling)
    assert (response.status_code, response["Location"]) == (301, "/today/")


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
        ("/category/implementation/index.html", "/category/case-studies/", "case-studies"),
        ("/feeds/analysis.xml", "/feeds/industry.xml", "industry"),
        ("/feeds/implementation.xml", "/feeds/case-studies.xml", "case-studies"),
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


def test_section_may_take_its_former_name_as_its_address(client):
    section = make_category("AI", "gen")
    rename(section, "生成AI", "ai")
    assert client.get("/category/ai/").status_code == 200
    assert_leads(client, "/category/gen/", "/category/ai/")
    rename(section, "C#")
    rename(section, "技術")
    assert client.get("/category/c/").status_code == 404
    assert_leads(client, "/category/C%23/", "/category/ai/")


def test_old_sitemap_leads_to_the_sitemap(client):
    assert_leads(client, "/sitemap_index.xml", "/sitemap.xml")


def test_section_is_found_by_its_name(client):
    make_category("AI技術ガイド", "tech")
    for name in ("AI技術ガイド", "ai技術ガイド", unicodedata.normalize("NFD", "AI技術ガイド")):
        assert_leads(client, quote(f"/category/{name}/"), "/category/tech/")
    assert client.get(quote("/category/別の名前/")).status_code == 404


def test_query_is_kept(client, post):
    response = client.get("/category/markets?utm_source=x&q=%E6%8A%95%E8%B3%87")
    assert response.headers["Location"] == "/category/markets/?utm_source=x&q=%E6%8A%95%E8%B3%87"
    assert client.get("/page2/?a=1").headers["Location"] == "/articles/?a=1"


def test_first_page_is_reached_in_one_step(client, post):
    assert_leads(client, "/category/markets?page=1", "/category/markets/")


def test_page_that_the_list_has_not_is_not_led_to(client, post):
    assert client.get("/category/markets?page=7").status_code == 404


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


@pytest.mark.postgresql
def test_alias_of_a_scheduled_article_works_when_it_is_due(client, time_machine):
    time_machine.move_to(PUBLISHED_AT)
    add_alias(make_scheduled(slug="later", after=timedelta(hours=1)), "/old/later/")
    assert client.get("/old/later/").status_code == 404
    time_machine.move_to(PUBLISHED_AT + timedelta(hours=1))
    assert_leads(client, "/old/later/", "/2026/04/01/later/")


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


def test_redirect_of_a_path_with_a_page_is_not_asked(client):
    make_page("/about/")
    Permalink.objects.create(path="/about/", target="/archive/")
    assert client.get("/about/").status_code == 200


# --- the desk, other methods, hostile input ---


def test_desk_without_its_slash_leads_to_the_desk(client):
    assert client.get("/admin").headers["Location"] == "/admin/"


def test_address_that_the_desk_does_not_know_stays_404(client):
    client.force_login(make_user(is_superuser=True))
    assert client.get("/admin/nothing").status_code == 404


def test_head_is_redirected_and_post_is_not(client, post):
    assert client.head("/category/markets").status_code == 301
    assert client.post("/category/markets").status_code == 404


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/",
        "///evil.example",
        "/\\evil.example/",
        "/%5Cevil.example/",
        "/%2F%2Fevil.example/",
        "/%2F/evil.example",
        "/https://evil.example/",
        "/%0D%0ALocation:%20https://evil.example/",
        "/2026/04/01/a%0d%0ab/",
        "/%00/",
        "/category/%00",
        "/2026/04/01/%00/",
        "/%FF%FE/",
        "/category/%E3%81",
        "/2026/04/01/%F0%28%8C%28/",
        "/2026/13/45/x/",
        "/0000/00/00/",
        "/٢٠٢٦/",
        "/" + "a" * 10_000,
        "/" + "a/" * 5_000,
        "/category/" + "あ" * 3_000 + "/",
        "/page99999999999999999999/",
        "/..%2f..%2fetc/passwd",
        "/media/../../etc/passwd",
        "/index.html/index.html/x",
        "/-/",
        "/" + "-/" * 50,
        "/%25252e/",
        "/\u202e/",
    ],
)
def test_hostile_path_is_404_or_stays_on_the_site(client, path):
    response = get(client, path)
    location = response.headers.get("Location", "/")
    assert response.status_code == 404 or (response.status_code == 301 and location == "/")


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
        "/tags/nonexistent/",
        "/authors/nonexistent/",
        "/category/nonexistent/",
        "/1999/12/",
        "/2026/12/",
        "/2026/04/30/",
        "/2026/02/30/",
        "/2026/04/01/nonexistent/",
        "/tags/nonexistent/feed.xml",
        "/feeds/nonexistent.xml",
        "/sitemaps/nonexistent.xml",
        "/preview/nonexistent/",
        "/media/nonexistent.png",
        "/nonexistent/",
        "/archive/nonexistent/",
        "/search/nonexistent/",
    ],
)
@pytest.mark.parametrize(
    "respell",
    [str, str.upper, lambda path: path.rstrip("/"), lambda path: path[:-1] + "-/"],
    ids=["as it is", "capitals", "no slash", "hyphen"],
)
def test_what_is_not_there_is_404_in_every_spelling(client, post, path, respell):
    for query in ("", "?page=1", "?page=2", "?page=01", "?page=0", "?page=1&page=1", "?q=a&page=1"):
        assert client.get(respell(path) + query).status_code == 404


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


@pytest.mark.parametrize("path", ["/", "/search/"])
def test_first_page_of_a_list_that_is_empty_but_there_has_one_address(client, path):
    assert_leads(client, path + "?page=1", path)


@pytest.mark.parametrize("maker", [make_draft, make_scheduled, make_unpublished])
def test_first_page_of_a_list_that_readers_do_not_know_is_404(client, maker):
    maker(tags=["秘密"])
    for path in ("/tags/秘密/", "/authors/editors/", "/2026/04/", "/2026/04/01/"):
        assert client.get(path + "?page=1").status_code == 404
