"""Files that an editor uploads: the rules of the command, and what becomes of those that conflict with the desk."""

import json

import pytest

from blog.editing.saving import StaleVersion, delete_posts, save_post
from blog.jekyll.config import read_config
from blog.jekyll.exporting.exporter import export_jekyll
from blog.jekyll.files.front_matter import FileError
from blog.jekyll.files.tree import Tree
from blog.jekyll.importing.importer import import_jekyll
from blog.jekyll.importing.uploads import (
    CannotImport,
    Superseded,
    article_of,
    check_name,
    import_uploads,
    keep_article,
    open_conflicts,
    rehearse,
    take_file,
)
from blog.jekyll.names import Names
from blog.models import AuditEntry, Author, Category, ImportConflict, Post, PostRevision, PostSource, Tag
from blog.text.bounds import MAX_CHARS
from tests.factories import make_user
from tests.jekyll.site import FRONT_MATTER, Site, article, edit, rows

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NAME = "2026-04-01-article.md"


def file(body: str = "本文。\n", **front_matter) -> bytes:
    values = FRONT_MATTER | front_matter
    keys = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
    return f"---\n{keys}---\n{body}".encode()


def send(data: bytes = b"", *, name: str = NAME, by=None):
    return import_uploads({name: data or file()}, by=by).files[0]


def conflicting(body: str = "ファイルの新しい本文。\n", **fields) -> ImportConflict:
    """An article that was imported and edited, and a new file of it."""
    send()
    edit(NAME, **(fields or {"title": "デスクの題"}))
    assert send(file(body, tags=["AI", "新しいタグ"])).state == "conflict"
    return ImportConflict.objects.get()


def test_article_without_text_comes_in_as_a_draft_only():
    for body in ("", " \n\n", "<!-- あとで書く -->\n"):
        failed = send(file(body))
        assert (failed.state, [failure.reason for failure in failed.failures]) == ("failed", ["there is no text"])
        assert send(file(body, published=False, status="in_review")).state == "failed"
    assert not Post.objects.exists()
    assert send(file("", published=False)).state == "new"
    assert article(NAME).state is Post.State.DRAFT


def test_archive_keeps_an_article_without_text(site):
    site.write_raw(NAME, file(""))
    assert import_jekyll(site.root).created == 1
    assert article(NAME).is_public


def test_article_does_not_lose_its_text_to_a_file_without_any():
    send()
    assert send(file("")).state == "failed"
    assert article(NAME).body == "本文。\n"


def test_files_become_articles_as_by_the_command_and_the_editor_is_in_the_history(site):
    chief = make_user()
    upload = import_uploads({NAME: file(), "2026-04-02-other.md": file("[前](/2026/04/01/article/)\n")}, by=chief)
    assert [(item.name, item.state, item.path) for item in upload.files] == [
        (NAME, "new", "/2026/04/01/article/"),
        ("2026-04-02-other.md", "new", "/2026/04/01/other/"),
    ]
    assert (upload.report.created, upload.report.failed) == (2, [])
    revision = article(NAME).revisions.get()
    assert (revision.kind, revision.user) == (PostRevision.Kind.IMPORTED, chief)
    told = AuditEntry.objects.filter(act=PostRevision.Kind.IMPORTED, user_key=chief.pk).values_list("name", "detail")
    assert ("記事のファイル", "新しい記事2、更新0") in told
    site.write_raw(NAME, file())
    assert import_jekyll(site.root).unchanged == 1


def test_sent_twice_it_changes_nothing():
    send()
    before = rows()
    assert send().state == "unchanged"
    assert rows() == before


@pytest.mark.postgresql
def test_names_that_another_import_makes_meanwhile_are_taken(site):
    names = Names(read_config(Tree(site.root)), {})
    other = Names(read_config(Tree(site.root)), {})
    other.create_missing({Author: ["編集部"], Category: ["市場"], Tag: ["AI"]})
    names.create_missing({Author: ["編集部"], Category: ["市場", "技術"], Tag: ["AI", "電力"]})
    for model, name in ((Author, "編集部"), (Category, "市場"), (Category, "技術"), (Tag, "AI"), (Tag, "電力")):
        assert names.find(model, name) == model.objects.get(name=name)


def test_changed_file_updates_its_article():
    send()
    chief = make_user()
    assert send(file("直した本文。\n"), by=chief).state == "changed"
    assert article(NAME).body == "直した本文。\n"
    assert article(NAME).revisions.in_line().values_list("kind", "user").first() == ("imported", chief.pk)


@pytest.mark.parametrize("base", ["", "/blog"])
def test_address_of_the_old_site_is_known_from_the_articles_that_came_from_it(base, tmp_path):
    old = Site(tmp_path, f"url: https://old.example\nbaseurl: '{base}'\n")
    old.write(NAME)
    old.run()
    link = f"[前](https://old.example{base}/2026/04/01/article/)"
    data = file(link, canonical_url=f"https://old.example{base}/2026/04/01/article/")
    old.write_raw("2026-04-02-by-command.md", data)
    old.run()
    send(data, name="2026-04-02-at-the-desk.md")
    for name in ("2026-04-02-by-command.md", "2026-04-02-at-the-desk.md"):
        assert (article(name).body, article(name).canonical_url) == (
            "[前](/2026/04/01/article/)",
            "/2026/04/01/article/",
        )
        assert article(name).guid.startswith(f"https://old.example{base}/2026/04/01/")


def test_without_such_an_article_addresses_on_this_site_are_local(settings):
    settings.SITE_URL = "https://magazine.example"
    send()
    send(file("[前](https://magazine.example/2026/04/01/article/)\n"), name="2026-04-02-other.md")
    assert article("2026-04-02-other.md").body == "[前](/2026/04/01/article/)\n"


def test_what_a_file_lacks_is_told_with_the_file():
    found = send(file("![図](/assets/none.png)\n\n[無い](/2020/01/01/none/)\n", excerpt="", odd="x"))
    assert {finding.code for finding in found.findings} >= {"missing_excerpt", "unknown_key"}
    assert [href for _, href in found.links] == ["/2020/01/01/none/"]
    upload = import_uploads({NAME: file("![図](/assets/none.png)\n")}, by=None)
    assert upload.report.missing_images == ["/assets/none.png"]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(100), 1),
        ("---\ntitle: 題\n---\n".encode("utf-16"), 1),
        ("---\ntitle: 題\n---\n本文\n".encode("cp932"), 2),
        ("---\ntitle: 題\n---\n本\0文\n".encode(), 4),
        (b"", 1),
        ("本文だけ。\n".encode(), 1),
        (b"---\ntitle: [\n---\n", 3),
        (b"---\n" + b"a" * 100_000, 1),
        (b"---\ntitle: x\ndate: tomorrow\n---\n", 3),
        ("---\ntitle: 題\n---\n".encode() + "あ".encode() * (MAX_CHARS + 1), 4),
        (b"---\ntitle: x\n---\n" + b"x" * (10 * 2**20), None),
    ],
)
def test_a_file_that_is_none_fails_alone_with_its_line(data, line):
    files = {NAME: data, "2026-04-02-good.md": file()}
    bad, good = import_uploads(files, by=None).files
    assert (bad.state, [failure.line for failure in bad.failures], good.state) == ("failed", [line], "new")
    assert [post.source.name for post in Post.objects.all()] == ["2026-04-02-good.md"]


@pytest.mark.parametrize(
    "name",
    [
        "article.md",
        "2026-04-01-.md",
        "2026-13-01-article.md",
        "2026-04-01-article.txt",
        "../2026-04-01-article.md",
        "/etc/2026-04-01-article.md",
        "2026-04-01-../../article.md",
        "2026-04-01-..\\article.md",
        "2026-04-01-a\0.md",
        "2026-04-01-a\nb.md",
        "2026-04-01-\ud800.md",
        f"2026-04-01-{'長' * 90}.md",
        "",
    ],
)
def test_a_name_that_no_article_has_is_refused(name):
    with pytest.raises(FileError):
        check_name(name)


def test_a_name_with_japanese_signs_and_spaces_is_one():
    check_name("2026-04-01-AI　投資〜「入門」 (1).md")


# --- conflicts ---


@pytest.mark.postgresql
def test_conflict_waits_and_changes_nothing_until_somebody_decides():
    conflict = conflicting()
    assert (conflict.name, conflict.edited, article_of(conflict)) == (NAME, ["title"], article(NAME))
    before = rows()
    rehearsed = rehearse(conflict)
    assert (rehearsed.snapshot["title"], rehearsed.snapshot["body"]) == ("題", "ファイルの新しい本文。\n")
    assert rows() == before
    assert not Tag.objects.filter(name="新しいタグ").exists()
    send(file("さらに新しい本文。\n"))
    assert ImportConflict.objects.get().digest != conflict.digest


def test_file_that_is_taken_replaces_the_article_and_the_desks_text_stays_in_the_history():
    conflict, chief = conflicting(), make_user()
    take_file(conflict, by=chief, expected_version=article(NAME).version)
    post = article(NAME)
    assert (post.title, post.body) == ("題", "ファイルの新しい本文。\n")
    newest, before = post.revisions.in_line()[:2]
    assert (newest.kind, newest.user, before.snapshot["title"]) == ("imported", chief, "デスクの題")
    assert not ImportConflict.objects.exists()
    assert send(file("ファイルの新しい本文。\n", tags=["AI", "新しいタグ"])).state == "unchanged"


@pytest.mark.postgresql
def test_article_that_is_kept_stays_and_the_same_file_conflicts_no_more(tmp_path):
    conflict = conflicting()
    before = Post.objects.values().get()
    keep_article(conflict, expected_version=article(NAME).version)
    assert Post.objects.values().get() == before
    assert not ImportConflict.objects.exists()
    assert not Tag.objects.filter(name="新しいタグ").exists()
    assert send(file("ファイルの新しい本文。\n", tags=["AI", "新しいタグ"])).state == "unchanged"
    assert send(file("三つ目の本文。\n")).state == "conflict"
    assert export_jekyll(tmp_path / "out").problems == []
    assert "デスクの題" in (tmp_path / "out" / "_posts" / NAME).read_text()
    assert "ファイルの新しい本文" not in (tmp_path / "out" / "_posts" / NAME).read_text()


def test_somebody_who_saved_meanwhile_loses_nothing():
    conflict = conflicting()
    seen = article(NAME).version
    edit(NAME, title="あとの題")
    user = make_user()
    before = rows()
    with pytest.raises(StaleVersion):
        take_file(conflict, by=user, expected_version=seen)
    with pytest.raises(StaleVersion):
        keep_article(conflict, expected_version=seen)
    assert rows() == before


@pytest.mark.postgresql
def test_decision_about_a_file_that_was_sent_anew_or_decided_does_nothing():
    seen = conflicting()
    send(file("さらに新しい本文。\n"))
    now, user = article(NAME).version, make_user()
    for again in (False, True):
        before = rows()
        with pytest.raises(Superseded):
            take_file(seen, by=user, expected_version=now)
        with pytest.raises(Superseded):
            keep_article(seen, expected_version=now)
        assert rows() == before
        if not again:
            keep_article(ImportConflict.objects.get(), expected_version=now)


def test_conflict_that_the_command_settled_is_open_no_more(site):
    conflicting()
    assert open_conflicts().count() == 1
    site.write_raw(NAME, bytes(ImportConflict.objects.get().raw))
    import_jekyll(site.root, overwrite=True)
    assert open_conflicts().count() == 0


def test_deleted_article_stays_deleted_or_comes_back_as_decided():
    send(file(published=False))
    delete_posts([article(NAME)])
    assert send(file("新しい本文。\n")).state == "conflict"
    conflict = ImportConflict.objects.get()
    assert (conflict.edited, article_of(conflict)) == (["deleted"], None)
    keep_article(conflict, expected_version=0)
    assert not Post.objects.exists()
    assert send(file("新しい本文。\n")).state == "unchanged"
    assert send(file("もっと新しい本文。\n")).state == "conflict"
    take_file(ImportConflict.objects.get(), by=make_user(), expected_version=0)
    assert article(NAME).body == "もっと新しい本文。\n"


def test_file_that_cannot_be_imported_any_more_is_told_and_can_be_dropped():
    conflict = conflicting()
    ImportConflict.objects.update(raw=b"no front matter")
    conflict.refresh_from_db()
    version = article(NAME).version
    for attempt in (lambda: rehearse(conflict), lambda: take_file(conflict, by=None, expected_version=version)):
        with pytest.raises(CannotImport) as caught:
            attempt()
        assert caught.value.failures[0].line == 1
    source = PostSource.objects.values().get()
    keep_article(conflict, expected_version=version)
    assert (PostSource.objects.values().get(), ImportConflict.objects.exists()) == (source, False)


def test_pending_version_of_a_conflict_is_left_to_the_history():
    send()
    post = article(NAME)
    post.pending_revision = save_post(post, by=make_user("one")).revisions.first()
    save_post(post)
    assert send(file("新しい本文。\n")).state == "conflict"
    assert ImportConflict.objects.get().edited == ["pending_revision"]
    take_file(ImportConflict.objects.get(), by=make_user(), expected_version=article(NAME).version)
    assert article(NAME).pending_revision is None
