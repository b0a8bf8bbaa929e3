"""The first import of a tree."""

import json
from datetime import UTC, datetime

import pytest

from blog.editing.saving import save_post
from blog.models import Permalink, Post, PostRevision, Tag
from tests.factories import make_post
from tests.jekyll.site import article

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

NAME = "2026-04-01-article.md"
LATE = "2026-04-01 16:00:00 +0000"  # the second of April in Tokyo


# --- a first run ---


@pytest.mark.postgresql
def test_an_article_becomes_a_public_post_with_every_field(site):
    site.write(
        NAME,
        "本文。\n",
        title="題名",
        date=LATE,
        categories=["技術"],
        tags=["LLM", "AI"],
        author="調査班",
        excerpt="抜粋。",
        description="説明文。",
        robots="noindex",
        sitemap=False,
        last_modified_at="2026-04-05 09:00:00 +0900",
    )
    report = site.run()
    post = article(NAME)

    assert (report.read, report.created, report.failed) == (1, 1, [])
    assert (post.title, post.excerpt, post.description, post.body) == ("題名", "抜粋。", "説明文。", "本文。\n")
    assert (post.path, post.is_public) == ("/2026/04/02/article/", True)
    assert post.published_at == datetime(2026, 4, 1, 16, tzinfo=UTC)
    assert post.updated_at == datetime(2026, 4, 5, tzinfo=UTC)
    assert (post.category.slug, post.author.name) == ("tech", "調査班")
    assert [tag.name for tag in post.tag_list] == ["LLM", "AI"]
    assert (post.noindex, post.in_sitemap) == (True, False)
    assert "<p>本文。</p>" in post.body_html


def test_the_report_has_the_promised_keys_and_is_json(site, tmp_path):
    site.write(NAME, "[x](/2026/01/01/none/)\n", image="/none.png")
    report = site.run()
    report.write(tmp_path / "report.json")

    assert json.loads((tmp_path / "report.json").read_text()) == {
        "read": 1,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "conflicts": [],
        "failed": [],
        "permalinks": {NAME: "/2026/04/01/article/"},
        "aliases": {},
        "alias_taken": [],
        "findings": {},
        "unresolved_links": [{"file": NAME, "line": 11, "href": "/2026/01/01/none/"}],
        "rewritten_links": 0,
        "missing_images": ["/none.png"],
        "pages_skipped": [],
    }


@pytest.mark.parametrize("order", [1, -1])
def test_slugs_of_tags_do_not_depend_on_the_order_of_the_files(site, order):
    names = [["AI・投資", "C++"], ["AI 投資", "C#"], ["AI-投資", "！！"]][::order]
    for number, tags in enumerate(names):
        site.write(f"2026-04-0{number + 1}-a.md", tags=tags, date=f"2026-04-0{number + 1}")
    site.run()

    assert dict(Tag.objects.values_list("name", "slug")) == {
        "AI 投資": "ai-投資",
        "AI-投資": "ai-投資-2",
        "AI・投資": "ai-投資-3",
        "C#": "csharp",
        "C++": "cplusplus",
        "！！": "tag",
    }


def test_a_permalink_is_where_the_article_lives(site):
    site.write(NAME, permalink="/2026/03/31/other/", redirect_from=["/reports/x/", "https://old.example/y/"])
    report = site.run()

    assert article(NAME).path == "/2026/03/31/other/"
    assert article(NAME).guid == "https://old.example/2026/03/31/other/"
    assert report.aliases == {"/2026/04/01/article/": NAME, "/reports/x/": NAME, "/y/": NAME}


def test_a_permalink_of_another_form_leads_to_the_article(site):
    site.write(NAME, permalink="/reports/年報.html")
    report = site.run()

    assert article(NAME).path == "/2026/04/01/article/"
    assert article(NAME).guid == "https://old.example/reports/%E5%B9%B4%E5%A0%B1.html"
    assert report.aliases == {"/reports/年報.html": NAME}
    assert report.findings["foreign_permalink"] == 1


@pytest.mark.parametrize(
    "path", ["//evil.example/", "https://evil.example/", "/a\nb", "/" + "あ" * 600, "javascript:alert(1)"]
)
def test_a_redirect_that_is_no_path_of_ours_is_noted_and_not_written(site, path):
    site.write(NAME, redirect_from=[path])
    report = site.run()

    assert report.findings["bad_redirect"] == report.created == 1
    assert list(Permalink.objects.values_list("path", flat=True)) == ["/2026/04/01/article/"]


def test_an_unpublished_file_is_a_draft_without_dates_or_paths(site):
    site.write(NAME, published=False)
    report = site.run()
    post = article(NAME)

    assert (post.status, post.published_at, post.url_date) == (Post.Status.DRAFT, None, None)
    assert report.permalinks == {}
    assert not Permalink.objects.exists()


@pytest.mark.postgresql
def test_a_file_with_a_date_to_come_is_scheduled(site):
    site.write(NAME, date="2126-04-01 10:00:00 +0900")
    site.run()

    assert article(NAME).is_scheduled


@pytest.mark.postgresql
def test_what_only_the_importer_can_notice_is_counted(site):
    site.write(NAME, "a\n\n---END---\n{{ page.x }} [y](/contact/)\n", colour="red", image=None, description=None)
    site.write_raw("2026-04-01-b.md", b"---\ntitle: a\ntitle: b\ncategories: [x]\ntags: []\nauthor: c\n---\n")

    findings = site.run().findings
    wanted = {"unknown_liquid", "page_link", "unknown_key", "duplicate_key"}
    assert wanted | {"unknown_category", "missing_date"} <= set(findings)
    assert "---END---" in article(NAME).body


# --- links between articles ---


def test_links_lead_to_articles_of_earlier_imports_and_of_the_desk(site):
    site.write("2026-04-01-a.md", date=LATE)
    site.run()
    (site.posts / "2026-04-01-a.md").unlink()
    make_post(slug="desk")
    site.write("2026-04-05-b.md", "[x](/2026/04/01/a/) [y](/2026/04/01/desk)\n")
    site.run()

    assert article("2026-04-05-b.md").body == "[x](/2026/04/02/a/) [y](/2026/04/01/desk/)\n"


def test_a_related_article_that_comes_later_is_linked_then(site):
    site.write(NAME, related_articles=[{"slug": "2026-04-02-b"}], pillar_article="2026-04-02-b")
    assert site.run().findings["unknown_related"] == 1
    site.write("2026-04-02-b.md", date="2026-04-02")
    report = site.run()

    assert (report.created, report.unchanged) == (1, 1)
    assert [row.target.slug for row in article(NAME).related_rows.all()] == ["b"]
    assert article(NAME).revisions.first().kind == PostRevision.Kind.IMPORTED
    assert article(NAME).pillar.slug == "b"


def test_related_articles_that_an_editor_chose_are_not_replaced_later(site):
    site.write(NAME, related_articles=[{"slug": "2026-04-02-b"}])
    site.run()
    chosen = make_post(slug="desk")
    save_post(article(NAME), related=[(chosen, "")])
    site.write("2026-04-02-b.md", date="2026-04-02")
    site.run()

    assert [row.target for row in article(NAME).related_rows.all()] == [chosen]
