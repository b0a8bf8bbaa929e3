"""Tables in `_data` with errors and hostile content."""

import hashlib
import os

import pytest

from blog.editing.log import log_act
from blog.jekyll import tree
from blog.models import Author, Category, Image, Permalink, Post, Tag, TagGroup, TagSpelling
from blog.pictures.uploads import store_image
from tests.factories import make_author, make_category, make_page, make_post, make_user
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


def test_what_a_table_leaves_out_is_as_if_it_were_made_at_the_desk(site):
    write(site, "categories", "name,slug\n新設,new\n")
    write(site, "authors", "slug,name,favourite colour\nsomeone,誰か,red\n")
    write(site, "tags", "name\nC#\n")
    report = site.run()
    assert (report.failed, report.findings["unknown_column"]) == ([], 1)
    assert Category.objects.get(slug="new").position == 0
    assert Author.objects.get(slug="someone").bio == ""
    assert Tag.objects.get(name="C#").slug == "csharp"


def test_tags_without_a_slug_get_one_each_as_at_the_desk(site):
    write(site, "tags", "name\nC#\n半導体\nCsharp\n")
    site.write(NAME, tags=["csharp"])
    assert failures(site) == []
    assert dict(Tag.objects.values_list("name", "slug")) == {
        "C#": "csharp",
        "半導体": "半導体",
        "Csharp": "csharp-2",
        "csharp": "csharp-3",
    }


def test_names_of_a_table_are_those_that_articles_use(site):
    write(site, "tags", "name,slug,description\nAI,artificial,説明\n")
    site.write(NAME, tags=["AI"])
    site.run()
    assert [tag.slug for tag in article(NAME).tag_list] == ["artificial"]
    assert [(tag.slug, tag.description) for tag in Tag.objects.all()] == [("artificial", "説明")]


def test_other_spellings_of_a_new_tag_are_taken_and_those_of_a_stored_one_stay(site):
    Tag.objects.create(name="NVIDIA", slug="nvidia").spellings.create(spelling="エヌビディア", key="エヌビディア")
    write(site, "tags", "name,other_spellings\nNVIDIA,別\nLLM,大規模言語モデル｜ 言語モデル ｜｜ｌｌｍ\n")
    before = rows()
    assert failures(site, dry_run=True) == []
    assert rows() == before
    assert failures(site) == []
    assert {tag.name: tag.other_spellings for tag in Tag.objects.all()} == {
        "NVIDIA": ["エヌビディア"],
        "LLM": ["大規模言語モデル", "言語モデル"],
    }


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
@pytest.mark.parametrize(
    ("table", "text"),
    [
        ("tag_groups", "name,position\n良い,1\n悪い,-1\n"),
        ("tag_groups", "name,position\n良い,1\n悪い,１本\n"),
        ("tag_groups", "name,position\n良い,1\n,1\n"),
        ("tag_groups", f"name,position\n良い,1\n{'長' * 101},1\n"),
        ("tags", "name,slug,group,position\n札,a,良い,1\n悪い,b,良い,0\n"),
        ("tags", "name,slug,group,position\n札,a,良い,1\n悪い,b,良い,x\n"),
        ("tags", f"name,slug,group,position\n札,a,良い,1\n悪い,b,{'長' * 101},\n"),
    ],
)
def test_a_group_or_place_that_is_none_is_reported_with_its_line(table, text, site):
    write(site, table, text)
    found = failures(site)
    assert [line.partition(": ")[0] for line in found] == [f"_data/{table}.csv, line 3"]
    assert [group.name for group in TagGroup.objects.all()] == ["良い"]
    assert not Tag.objects.filter(name="悪い").exists()


@pytest.mark.parametrize("spelling", ["エヌビディア", "NVIDIA", "長" * 101, "｜".join(map(str, range(31)))])
def test_a_tag_whose_spelling_means_another_is_reported_with_its_line(spelling, site):
    Tag.objects.create(name="NVIDIA", slug="nvidia").spellings.create(spelling="エヌビディア", key="エヌビディア")
    write(site, "tags", f"name,slug,other_spellings\n良い,good,\n悪い,bad,{spelling}\n")
    found = failures(site)
    assert [line.partition("other_spellings")[0] for line in found] == ["_data/tags.csv, line 3: "]
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["NVIDIA", "良い"]


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


def test_a_tag_that_was_merged_at_the_desk_is_not_made_anew(site):
    Tag.objects.create(name="生成AI", slug="genai")
    Permalink.objects.create(path="/tags/llm/", target="/tags/genai/")
    write(site, "tags", "name,slug\nLLM,llm\n")
    site.write(NAME, tags=["LLM"])
    site.run()
    assert [tag.name for tag in Tag.objects.all()] == ["生成AI"]


def test_a_redirect_for_a_tag_is_known_when_the_articles_come(site):
    write(site, "tags", "name,slug\n生成AI,genai\n")
    write(site, "redirects", "path,target\n/tags/llm/,/tags/genai/\n")
    site.write(NAME, tags=["LLM"])
    site.run()
    assert [tag.name for tag in article(NAME).tag_list] == ["生成AI"]


def test_a_dry_run_reads_it_all_and_writes_nothing(site):
    site.write_image("/a.png")
    write(site, "images", f"file,source_digest,alt\n/a.png,{DIGEST},図\n")
    write(site, "authors", "name,slug,avatar\n誰か,someone,/a.png\n誰か,again,\n")
    write(site, "redirects", "path,target\n/a/,/b/\n")
    before = rows()
    assert len(failures(site, dry_run=True)) == 1
    assert rows() == before


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


def test_an_editors_redirect_stays(site):
    Permalink.objects.create(path="/a/", target="/desk/")
    write(site, "redirects", "path,target\n/a/,/file/\n")
    assert [item["owner"] for item in site.run().alias_taken] == ["/desk/"]
    assert Permalink.objects.get().target == "/desk/"


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/a/", "https://evil.example/"),
        ("/a/", "//evil.example/"),
        ("/a/", "/%2Fevil.example/"),
        ("/a/", "/\\evil.example/"),
        ("/a/", "javascript:alert(1)"),
        ("https://evil.example/", "/a/"),
        ("/a/", ""),
        ("", "/a/"),
        ("/a/", "/a/"),
        ("/%61/", "/a/"),
        ("/" + "長" * 512, "/a/"),
        ("/a/", "/" + "長" * 512),
        ("/a\x07/", "/b/"),
    ],
)
def test_a_redirect_that_is_none_is_reported_with_its_line(path, target, site):
    write(site, "redirects", f'path,target\n/good/,/b/\n"{path}","{target}"\n/better/,/b/\n')
    found = failures(site)
    assert len(found) == 1
    assert found[0].startswith("_data/redirects.csv, line 3: ")
    assert sorted(Permalink.objects.values_list("path", flat=True)) == ["/better/", "/good/"]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "table",
    [
        ["/a/,/b/", "/b/,/c/", "/c/,/d/"],
        ["/x/,/2026/04/01/article/", "/2026/04/01/article/,/x/"],
        ["/about/,/elsewhere/"],
        ["/tags/ai/,/tags/genai/"],
    ],
)
def test_importing_redirects_again_changes_nothing(table, site):
    write(site, "redirects", "\n".join(["path,target", *table]))
    site.write(NAME)
    (site.root / "_pages").mkdir()
    (site.root / "_pages" / "about.md").write_text("---\ntitle: 案内\npermalink: /about/\n---\n本文。\n")
    assert failures(site) == []
    before = rows()
    assert failures(site) == []
    assert rows() == before


def test_no_redirect_takes_the_address_of_a_page(site):
    make_page("/about/")
    write(site, "redirects", "path,target\n/about/,/x/\n")
    report = site.run()
    assert report.alias_taken == [{"path": "/about/", "file": "_data/redirects.csv", "owner": "/about/"}]
    assert not Permalink.objects.exists()


# --- unreadable tables ---


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("誰か", "1 cells under 3 columns"),
        ("誰か,a,b,c", "4 cells under 3 columns"),
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


def test_a_table_that_is_too_large_a_folder_or_outside_the_tree_is_not_read(site, tmp_path, monkeypatch):
    monkeypatch.setattr(tree, "MAX_DATA_BYTES", 20)
    write(site, "tags", "name\n" + "x\n" * 20)
    (site.root / "_data" / "authors.csv").mkdir()
    (tmp_path / "secret.csv").write_text("name\n秘密\n")
    os.symlink(tmp_path / "secret.csv", site.root / "_data" / "categories.csv")
    reasons = sorted(failures(site))
    assert [line.partition(":")[0] for line in reasons] == [
        "_data/authors.csv",
        "_data/categories.csv",
        "_data/tags.csv",
    ]
    assert not Category.objects.exists()


@pytest.mark.sqlite
def test_a_table_of_many_rows_may_be_longer_than_any_row(site):
    write(site, "redirects", "path,target\n" + "".join(f"/{'a' * 500}{n}/,/b/\n" for n in range(10)) * 210)
    site.run()
    assert Permalink.objects.count() == 10


# --- pictures ---


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("path", "digest", "alt", "reason"),
    [
        ("/a.png", "x", "", "source_digest"),
        ("/a.png", DIGEST.upper(), "", "source_digest"),
        ("/a.png", DIGEST, "長" * 301, "alt"),
        ("/_config.yml", DIGEST, "", "画像として読めません"),
        ("/../secret.png", DIGEST, "", "leads out of the tree"),
    ],
)
def test_a_picture_that_is_none_is_reported_and_the_rest_is_taken(path, digest, alt, reason, site, tmp_path):
    site.write_image("/a.png")
    (tmp_path / "secret.png").write_bytes(png("gold"))
    write(site, "images", f"file,source_digest,alt\n{path},{digest},{alt}\n/a.png,{'1' * 64},図\n")
    found = failures(site)
    assert len(found) == 1
    assert found[0].startswith("_data/images.csv, line 2: ")
    assert reason in found[0]
    assert Image.objects.get().alt == "図"


def test_a_picture_that_is_not_there_is_missing(site):
    write(site, "images", f"file,source_digest\n/gone.png,{DIGEST}\n")
    report = site.run()
    assert (report.missing_images, report.failed) == (["/gone.png"], [])
