"""The files of an export: their exact bytes and their names."""

from datetime import UTC, datetime

import pytest
import yaml

from blog.editing.pending import save_pending
from blog.editing.saving import save_post
from blog.jekyll.exporting import export_jekyll
from blog.models import Permalink, Post, PostSource
from blog.pictures.uploads import store_image
from tests.factories import make_category, make_post, make_user
from tests.jekyll.site import article, png

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NAME = "2026-04-01-article.md"
SOURCE = (
    "\ufeff---\r\nlayout: post\r\nodd: [1, x]   # note\r\ntitle: '題'\r\ncategories: [\"市場\"]\r\n"
    "date: 2026-04-01 10:00:00 +0900\r\nimage: a\r\nimage: a\r\n---  \r\n[前](/2026/01/01/gone/) {: .x}  \r\n終わり"
).encode()


@pytest.fixture
def imported(site) -> Post:
    site.write_raw(NAME, SOURCE)
    site.run()
    return article(NAME)


def exported(out, name: str = NAME) -> bytes:
    export_jekyll(out)
    return (out / "_posts" / name).read_bytes()


def test_an_untouched_article_is_its_source(imported, out):
    assert exported(out) == SOURCE


def test_an_article_edited_and_edited_back_is_its_source(imported, out):
    imported.title, imported.body = "別", imported.body + "追記"
    save_post(imported, tags=["AI"])
    imported.title, imported.body = "題", imported.body.removesuffix("追記")
    save_post(imported, tags=[])
    assert exported(out) == SOURCE


def test_an_edited_article_is_written_anew_and_what_the_site_does_not_know_stays_at_its_end(imported, out):
    imported.title = "新'題"
    imported.updated_at = datetime(2026, 4, 5, tzinfo=UTC)
    save_post(imported)
    assert exported(out).decode() == (
        '---\nlayout: post\ntitle: "新\'題"\ndate: 2026-04-01 01:00:00 +0000\ncategories: ["市場"]\ntags: []\n'
        'author: "編集部"\nreading_time: 1\nlast_modified_at: 2026-04-05 00:00:00 +0000\n'
        'permalink: "/2026/04/01/article/"\nguid: "https://old.example/2026/04/01/article/"\n'
        "odd: [1, x]\n---\n[前](/2026/01/01/gone/) {: .x}  \r\n終わり"
    )


def test_an_edited_body_is_written_exactly_as_it_is_stored(imported, out):
    imported.body = "本文 {: .x}\n  \r\n"
    save_post(imported)
    data = exported(out).decode()
    assert data.endswith(f"---\n{imported.body}")
    assert "verbatim: true\n" in data


def test_a_new_article_has_the_front_matter_of_the_archive(out):
    post = make_post('題"', slug="新しい記事", tags=["C#", "a, b"], description="説明", body="\n本文  ")
    data = exported(out, "2026-04-01-新しい記事.md").decode()
    assert data == (
        '---\nlayout: post\ntitle: "題\\""\ndate: 2026-04-01 03:00:00 +0000\ncategories: ["市場"]\n'
        'tags: ["C#", "a, b"]\nauthor: "編集部"\nexcerpt: "リード文です。"\nreading_time: 1\ndescription: "説明"\n'
        f'permalink: "/2026/04/01/新しい記事/"\nguid: "{post.guid}"\n---\n\n本文  '
    )


def test_the_settings_name_the_old_site_and_every_section(site, out):
    site.write(NAME)
    site.run()
    make_category("新設: 部", "new", description="改行\nあり", position=9)
    export_jekyll(out)
    config = yaml.safe_load((out / "_config.yml").read_text())
    assert (config["url"], config["baseurl"]) == ("https://old.example", "")
    assert (config["permalink"], config["timezone"]) == ("/:year/:month/:day/:title/", "Asia/Tokyo")
    assert [(section["name"], section["slug"]) for section in config["content_categories"]] == [
        ("市場", "markets"),
        ("新設: 部", "new"),
    ]
    assert config["content_categories"][1]["description"] == "改行\nあり"


def test_a_pending_version_stays_here_and_the_export_says_so(out):
    post, editor = make_post("題"), make_user(is_superuser=True)
    post.title = "次の題"
    save_pending(post, by=editor, tags=[], related=[], expected_version=post.version)
    result = export_jekyll(out)
    assert "次の題" not in next((out / "_posts").iterdir()).read_text()
    assert len(result.problems) == 1
    assert "pending version" in result.problems[0]


# --- names ---


@pytest.mark.parametrize("slug", ["../../../evil", "a/b", "..", "/etc/passwd", "長" * 200, "con\n"])
def test_no_slug_leaves_the_folder(slug, out, tmp_path):
    post = make_post("題")
    names = [path.name for path in tmp_path.iterdir()]
    Post.objects.filter(pk=post.pk).update(slug=slug)
    export_jekyll(out)
    assert len(list((out / "_posts").iterdir())) == 1
    assert [path.name for path in tmp_path.iterdir()] == [*names, "out"]


@pytest.mark.parametrize("name", ["../2026-01-01-evil.md", "/tmp/2026-01-01-evil.md", "2026-01-01-a/b.md", "x" * 255])
def test_no_name_of_a_source_leaves_the_folder(name, site, out):
    site.write(NAME)
    site.run()
    PostSource.objects.update(name=name)
    assert exported(out) == (site.posts / NAME).read_bytes()


@pytest.mark.parametrize(
    "path",
    ["/../evil.png", "/_posts/2026-01-01-evil.png", "/.git/x.png", "/assets//x.png", "/a\\..\\x.png", "/_config.yml"],
)
def test_no_picture_stands_where_it_means_something_else(path, out, tmp_path):
    image = store_image(png())
    Permalink.objects.create(path=path, target=image.file.url)
    Permalink.objects.create(path="/a.png", target=image.file.url)
    Permalink.objects.create(path="/a.png/b.png", target=image.file.url)
    assert export_jekyll(out).images == 1
    files = {str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file()}
    assert files - {"out/_config.yml", "out/_data/images.csv", "out/_data/redirects.csv"} == {"out/a.png"}


def test_a_picture_whose_file_is_gone_is_reported_and_the_rest_goes_on(out):
    image = store_image(png("gold"))
    image.file.storage.delete(image.file.name)
    make_post("題", share_image=image)
    result = export_jekyll(out)
    assert (result.posts, result.images) == (1, 0)
    assert image.file.name in result.problems[0]
