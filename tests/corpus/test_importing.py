"""The importer on real articles, compared with the correct result for each."""

import json
import re
from collections import Counter
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog.jekyll.importing import import_jekyll
from blog.jekyll.reading import parse_document
from blog.models import Permalink, Post
from tests.jekyll.site import rows, writes

pytestmark = pytest.mark.django_db

# The parts of a body that the importer may change: targets of links, attribute lists, lines of Liquid.
ALTERED = re.compile(
    r"(?<=\]\()[^\s()]+|^\{:.*\}[ \t]*\n|[ \t]*\{:[^}\n]*\}|^[ \t]*\{% include .*%\}[ \t]*\n", re.MULTILINE
)


@pytest.fixture(scope="module")
def expected(corpus: Path) -> dict[str, dict]:
    posts = json.loads((corpus / "expected.json").read_text())["posts"]
    return {post["file"]: post for post in posts}


@pytest.fixture
def posts(report) -> dict[str, Post]:
    """The posts by file name, with all rows that the comparisons need."""
    found = Post.objects.select_related("source", "author", "category", "share_image", "pillar__source")
    return {post.source.name: post for post in found.prefetch_related("related_rows__target__source")}


def test_every_article_is_imported(report, expected):
    assert (report.read, report.created, report.failed, report.conflicts) == (400, 400, [], [])
    assert Post.objects.published().count() == len(expected) == 400


def test_every_field_is_the_files(posts, expected):
    for name, wanted in expected.items():
        post = posts[name]
        assert post.title == wanted["title"], name
        assert post.published_at == datetime.fromisoformat(wanted["date"]), name
        assert [post.category.name] == wanted["categories"], name
        assert [tag.name for tag in post.tag_list] == wanted["tags"], name
        assert post.author.name == wanted["author"], name
        assert post.excerpt == wanted["excerpt"], name
        assert post.description == (wanted["description"] or ""), name
        assert (post.noindex, post.in_sitemap) == (wanted["noindex"], wanted["sitemap"]), name
        assert post.source.imported["reading_time"] == str(wanted["reading_time"] or ""), name
        assert post.updated_at == datetime.fromisoformat(wanted["last_modified_at"] or wanted["date"]), name


def test_pictures_are_for_cards_and_missing_ones_are_reported(report, posts, expected, corpus):
    wanted = {post["image"] for post in expected.values() if post["image"]}
    present = {path for path in wanted if (corpus / path.lstrip("/")).is_file()}

    assert set(report.missing_images) == wanted - present
    for name, post in posts.items():
        assert (post.share_image is not None) == (expected[name]["image"] in present), name
        assert post.lead_image is None
    assert set(Permalink.objects.filter(target__gt="").values_list("path", flat=True)) == present


def test_permalinks_are_those_that_jekyll_made(report, expected):
    winners = {name: post["permalink"] for name, post in expected.items() if post["winner"]}

    assert len(set(winners.values())) == 385
    assert {name: report.permalinks[name] for name in winners} == winners
    assert len(set(report.permalinks.values())) == 400


def test_collision_losers_live_at_the_day_of_their_file_name_or_under_a_number(report, expected):
    forms = Counter()
    for name, post in expected.items():
        if not post["winner"]:
            day, slug = name[:10].replace("-", "/"), post["permalink"].split("/")[4]
            by_name, numbered = f"/{day}/{slug}/", f"{post['permalink'][:-1]}-2/"
            forms["by name" if report.permalinks[name] == by_name else "numbered"] += 1
            assert report.permalinks[name] in (by_name, numbered)

    assert forms == {"by name": 13, "numbered": 2}


def test_guids_are_those_of_the_old_feed(posts, report):
    for name, post in posts.items():
        assert unquote(post.guid) == f"https://ai-media.co.jp{report.permalinks[name]}"
        assert post.guid.isascii()


@pytest.mark.sqlite  # it asks the same of the database for each article as tests.views does
def test_every_article_answers_at_its_url(client, report, expected):
    assert {post["permalink"] for post in expected.values()} <= set(report.permalinks.values())
    for path in report.permalinks.values():
        assert client.get(path).status_code == 200, path


def test_every_alias_leads_to_its_article_in_one_step(client, report):
    assert len(report.aliases) > 50
    for path, name in report.aliases.items():
        response = client.get(path)
        assert response.status_code == 301, path
        assert unquote(urlsplit(response["Location"]).path) == report.permalinks[name]


def test_bodies_differ_from_the_files_in_links_attribute_lists_and_liquid_only(posts, corpus):
    for name, post in posts.items():
        body = parse_document((corpus / "_posts" / name).read_bytes()).body
        assert ALTERED.sub("", post.body) == ALTERED.sub("", body), name
        assert "{:" not in post.body
        assert "{%" not in post.body


def test_links_to_articles_lead_to_live_urls_or_are_reported(posts, report):
    live = set(report.permalinks.values())
    dead = {(row["file"], unquote(row["href"])) for row in report.unresolved_links}
    links = 0
    for name, post in posts.items():
        for href in re.findall(r'href="(/[0-9]{4}/[^"#?]*)', post.body_html):
            links += 1
            assert unquote(href) in live or (name, unquote(href)) in dead, (name, href)

    assert links > 1000


def test_related_articles_and_pillars_are_linked_where_they_are_here(posts, expected):
    for name, wanted in expected.items():
        here = [f"{stem}.md" for stem in wanted["related"] if f"{stem}.md" in posts and f"{stem}.md" != name]
        assert [row.target.source.name for row in posts[name].related_rows.all()] == here, name
        pillar = f"{wanted['pillar_article']}.md"
        assert (posts[name].pillar.source.name if posts[name].pillar else None) == (pillar if pillar in posts else None)


def test_a_second_run_writes_nothing(report, corpus):
    before = rows()
    with CaptureQueriesContext(connection) as queries:
        second = import_jekyll(corpus)

    assert (second.unchanged, second.created, second.updated) == (400, 0, 0)
    assert writes(queries) == []
    assert rows() == before
    assert (second.permalinks, second.aliases, second.alias_taken) == (
        report.permalinks,
        report.aliases,
        report.alias_taken,
    )
