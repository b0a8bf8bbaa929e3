"""Tables in `_data` with errors and hostile content."""

import hashlib

import pytest

from blog.editing.log import log_act
from blog.models import Author, Permalink, Post, Tag, TagGroup, TagSpelling
from blog.pictures.uploads import store_image
from tests.factories import make_author, make_category, make_post, make_user
from tests.jekyll.site import Site, article, png, rows

pytestmark = pytest.mark.django_db
NAME = "2026-04-01-article.md"
DIGEST = hashlib.sha256(b"upload").hexdigest()


def write(site: Site, table: str, text: str | bytes) -> None:
    folder = site.root / "_data"
    folder.mkdir(exist_ok=True)
    (folder / f"{table}.csv").write_bytes(text if isinstance(text, bytes) else text.encode())


def failures(site: Site, **options) -> list[str]:
    return site.run(**options).failures()


# --- imported rows ---


def test_tag_that_articles_brought_gets_its_other_spellings_from_a_later_table_unless_the_desk_edited_it(site):
    site.write(NAME, tags=["NVIDIA", "LLM", "AI"])
    site.run()
    log_act(make_user(), Tag.objects.get(name="LLM"), "説明を変えた")
    write(site, "tags", "name,other_spellings\nNVIDIA,エヌビディア｜輝達\nLLM,大規模言語モデル\nAI,輝達\n")
    assert failures(site, dry_run=True) == []
    assert not TagSpelling.objects.exists()
    assert [line.partition("other_spellings")[0] for line in failures(site)] == ["_data/tags.csv, line 4: "]
    assert {tag.name: tag.other_spellings for tag in Tag.objects.all()} == {
        "NVIDIA": ["エヌビディア", "輝達"],
        "LLM": [],
        "AI": [],
    }


def test_groups_of_tags_are_made_once_and_stored_ones_stay(site):
    TagGroup.objects.create(name="企業", position=9)
    write(site, "tag_groups", "name,position\n企業,1\n技術,2\n")
    write(
        site,
        "tags",
        "name,slug,group,position\nNVIDIA,nvidia,企業,1\nLLM,llm,技術,\n半導体,chips,産業,2\nRAG,rag,産業,\n",
    )
    before = rows()
    assert failures(site, dry_run=True) == []
    assert rows() == before
    assert failures(site) == []
    assert [(group.name, group.position) for group in TagGroup.objects.all()] == [("産業", 0), ("技術", 2), ("企業", 9)]
    assert {tag.name: (tag.group.name, tag.position) for tag in Tag.objects.all()} == {
        "NVIDIA": ("企業", 1),
        "LLM": ("技術", None),
        "半導体": ("産業", 2),
        "RAG": ("産業", None),
    }


@pytest.mark.sqlite
def test_what_is_there_stays_as_the_desk_has_it(site):
    make_author("誰か", "someone", bio="机の紹介")
    make_category("改名後", "markets", notice="机の注意")
    image = store_image(png(), alt="机の文")
    write(site, "authors", "name,slug,bio\n誰か,other,ファイルの紹介\n")
    write(site, "categories", "name,slug,notice\n市場,markets,ファイルの注意\n")
    write(site, "images", f"file,source_digest,alt\n/gone.png,{image.source_digest},ファイルの文\n")
    before = rows()
    assert site.run().failed == []
    assert rows() == before


def test_a_redirect_for_a_tag_is_known_when_the_articles_come(site):
    write(site, "tags", "name,slug\n生成AI,genai\n")
    write(site, "redirects", "path,target\n/tags/llm/,/tags/genai/\n")
    site.write(NAME, tags=["LLM"])
    site.run()
    assert [tag.name for tag in article(NAME).tag_list] == ["生成AI"]


# --- addresses ---


def test_no_redirect_takes_the_address_of_an_article(site):
    post = make_post(slug="stored")
    write(site, "redirects", f"path,target\n/2026/04/01/article/,/x/\n{post.path},/x/\n/free/,/x/\n")
    site.write(NAME)
    report = site.run()
    assert Post.objects.get(source__name=NAME).path == "/2026/04/01/article/"
    assert list(Permalink.objects.filter(post=None).values_list("path", "target")) == [("/free/", "/x/")]
    assert sorted(item["path"] for item in report.alias_taken) == ["/2026/04/01/article/", post.path]
    assert {item["file"] for item in report.alias_taken} == {"_data/redirects.csv"}


# --- unreadable tables ---


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("誰か", "not as many cells"),
        ("誰か,a,b,c", "not as many cells"),
        (",slug,", "name"),
        ("誰か,Bad Slug!,", "slug"),
        (f"{'長' * 101},slug,", "name"),
        ("既出,other,", "stands above already"),
        ("別名,first,", "stands above already"),
        ("誰か,someone,リンク切れ ftp://x", "links"),
    ],
)
def test_a_row_that_makes_no_sense_is_reported_with_its_line_and_the_others_are_taken(row, reason, site):
    write(
        site,
        "authors",
        f'name,slug,links\n既出,first,"公式 https://a.example/\n二つ目 https://b.example/"\n{row}\n最後,last,\n',
    )
    found = failures(site)
    assert len(found) == 1
    assert found[0].startswith("_data/authors.csv, line 4: ")
    assert reason in found[0]
    assert sorted(Author.objects.values_list("slug", flat=True)) == ["first", "last"]


@pytest.mark.sqlite  # about files
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "names no column 'name'"),
        (b"slug\nx\n", "names no column 'name'"),
        ("名前\n".encode("utf-16"), "not UTF-8"),
        (b"name\n\xff\n", "line 2: not UTF-8"),
        (b"name\na\0b\n", "line 2: a NUL byte"),
        (b'name\n"never closed\n', "broken CSV"),
        (b'name\n"a"b\n', "broken CSV"),
        (b"name\n" + b"x" * 200_000, "broken CSV"),
        (b"name\n" + b"x" * 101, "line 2: name"),
    ],
)
def test_a_table_that_is_none_is_reported_and_the_articles_come(data, reason, site):
    write(site, "tags", data)
    site.write(NAME)
    found = failures(site)
    assert len(found) == 1
    assert found[0].startswith("_data/tags.csv")
    assert reason in found[0]
    assert article(NAME).title == "題"
