"""Pages in `_pages`."""

import pytest

from blog.editing.renaming import save_moved
from blog.jekyll.reading import parse_document
from blog.jekyll.static_pages import is_written
from blog.models import Page, Permalink
from tests.cost import cpu_seconds
from tests.factories import make_page
from tests.jekyll.site import Site, rows

pytestmark = pytest.mark.django_db
ARTICLE = "2026-04-01-article.md"


def write(site: Site, name: str, front_matter: str, body: str = "本文\n") -> None:
    path = site.root / "_pages" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\n{front_matter}---\n{body}")


def test_a_page_of_a_jekyll_site_is_translated_like_an_article(site):
    site.write(ARTICLE, date="2026-04-01 16:00:00 +0000")
    write(site, "about.md", "layout: page\ntitle: 運営\n", "[記事](/2026/04/01/article/){: .x} {{ site.url }}\n")
    report = site.run()
    page = Page.objects.get()
    assert (page.path, page.title, page.is_published, page.footer_position) == ("/about/", "運営", True, None)
    assert page.body == "[記事](/2026/04/02/article/) https://old.example\n"
    assert report.rewritten_links == 1


def test_a_page_that_is_there_or_was_moved_stays_as_the_desk_has_it(site):
    make_page("/about/", "机の題")
    moved = make_page("/old/")
    moved.path = "/new/"
    save_moved(moved)
    write(site, "about.md", "title: ファイル\n")
    write(site, "old.md", "title: ファイル\n")
    before = rows()
    assert site.run().failed == []
    assert rows() == before


def test_a_page_takes_its_own_path_back_from_a_redirect_of_the_same_tree(site):
    (site.root / "_data").mkdir()
    (site.root / "_data/redirects.csv").write_text("path,target\n/about/,/x/\n")
    write(site, "about.md", "title: 題\n")
    assert site.run().failed == []
    assert Page.objects.get().path == "/about/"
    assert not Permalink.objects.exists()


@pytest.mark.sqlite  # about files, which no statement is sent for
@pytest.mark.parametrize(
    ("front_matter", "line", "reason"),
    [
        ("permalink: /a/\n", None, "title"),
        ("title: 題\npermalink: /admin/\n", 3, "path"),
        ("title: 題\npermalink: //evil.example/\n", 3, "path"),
        ("title: 題\npermalink: /2026/04/01/article/\n", 3, "path"),
        ("title: 題\npermalink: /a\n", 3, "path"),
        ("title: 題\nfooter_position: first\n", 3, "footer_position"),
        ("title: 題\nfooter_position: -1\n", 3, "footer_position"),
        ("title: 題\nlast_modified_at: 昨日\n", 3, "昨日"),
        (f"title: {'長' * 201}\n", 2, "title"),
        ("title: [\n", None, "broken YAML"),
        ("title: {a: b}\n", 2, "title"),
    ],
)
def test_a_page_that_cannot_be_taken_is_reported_and_the_rest_comes(front_matter, line, reason, site):
    site.write(ARTICLE)
    write(site, "bad.md", front_matter)
    write(site, "good.md", "title: 題\n")
    failed = site.run().failed
    assert [item["file"] for item in failed] == ["_pages/bad.md"]
    assert reason in failed[0]["reason"]
    if line:
        assert failed[0]["line"] == line
    assert [page.path for page in Page.objects.all()] == ["/good/"]


@pytest.mark.sqlite  # about files, which no statement is sent for
@pytest.mark.parametrize(
    "body",
    [
        "",
        " \n\u3000\n&nbsp;\u200b\n",
        "---\n\n***\n",
        "{% include pseo/industry.html data=site.data.industries %}\n",
        "{%- assign rows = site.data.rows\n   | where: 'industry', page.industry -%}\n{{ rows | size }}\n",
        "{% for post in site.posts %}\n- [続きを読む]({{ post.url }})"
        " {% for tag in post.tags %}#{{ tag }}{% endfor %}円\n{% endfor %}\n",
        "{% tablerow row in rows %}行{% endtablerow %}{% comment %}直すこと{% endcomment %}{: .list}\n",
        '<div class="grid" data-title="業界">\n  <section><h2>{{ page.title }}</h2></section>\n</div>\n',
        "<!-- 業界別のページ -->\n<!--\n<p>古い</p>\n-->\n",
        "<style>\n.grid { color: red }\n</style>\n<script>let 名前 = 1 < 2</script>\n",
        "<STYLE>.a { b: c }",
        '![{{ page.title }}]({{ page.image }})\n<img src="{{ page.image }}" alt="{{ page.title }}">\n',
    ],
)
@pytest.mark.parametrize("dry_run", [False, True])
def test_a_page_without_text_of_its_own_is_skipped_with_its_path(site, body, dry_run):
    write(site, "industry/北海道.md", "layout: pseo\ntitle: 北海道\nheadline: 見出し\n", body)
    write(site, "about.md", "title: 題\n")
    report = site.run(dry_run=dry_run)

    assert report.pages_skipped == ["_pages/industry/北海道.md"]
    assert (report.failed, report.findings) == ([], {})
    assert [page.path for page in Page.objects.all()] == ([] if dry_run else ["/about/"])


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "body",
    [
        "# 会社\n",
        "A\n",
        "{% if page.open %}募集中{% endif %}\n",
        "{% endfor %}末尾\n",
        "![図](/a.png)\n",
        "`{{ x }}` と書く\n",
        "<p>会社</p>\n",
        "<script>let a</script>会社\n",
    ],
)
def test_a_page_with_a_word_or_a_picture_of_its_own_is_taken(site, body):
    site.write_image("/a.png")
    write(site, "about.md", "title: 題\n", body)
    report = site.run()

    assert (report.pages_skipped, report.failed) == ([], [])
    assert Page.objects.get().path == "/about/"


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "part",
    ["{% for a in b %}", "{% endfor %}", "{{", "{%", "{: .a", "<script>", "<style ", "<!--", f"{{% {'a' * 999_000}"],
)
def test_a_page_of_a_million_characters_is_judged_in_time_that_grows_with_its_length(part):
    with cpu_seconds(at_most=5):
        is_written(parse_document(f"---\ntitle: 題\n---\n{part * (1_000_000 // len(part))}".encode()))
