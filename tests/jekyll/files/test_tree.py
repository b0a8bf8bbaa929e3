import os
import unicodedata

import pytest

from blog.jekyll.reading import FileError
from blog.jekyll.tree import MAX_POST_BYTES, MissingFile, Tree, TreeError


def problems(site) -> dict[str, str | None]:
    return {file.shown: error and error.reason for file, error in Tree(site.root).walk()}


def read(site, name: str) -> bytes:
    tree = Tree(site.root)
    return tree.read_post(next(file for file, _ in tree.walk() if file.shown == name))


@pytest.mark.parametrize("path", ["nowhere", "file", "empty"])
def test_a_tree_without_posts_is_refused_in_words(tmp_path, path):
    (tmp_path / "file").touch()
    (tmp_path / "empty").mkdir()

    with pytest.raises(TreeError, match=f"{path} (is not a folder|has no _posts folder)"):
        Tree(tmp_path / path)


def test_posts_that_lie_elsewhere_are_refused(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "_posts").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(TreeError, match="has no _posts folder"):
        Tree(tmp_path / "root")


def test_folders_are_walked_and_only_markdown_is_taken(site):
    for name in (
        "b.md",
        "a.MARKDOWN",
        "sub/deep/c.md",
        "d.txt",
        ".e.md",
        "_f.md",
        "g.md~",
        ".git/h.md",
        "_drafts/i.md",
    ):
        site.write_raw(name, b"")

    assert problems(site) == {"a.MARKDOWN": None, "b.md": None, "sub/deep/c.md": None}


def test_names_are_nfc(site):
    site.write_raw(unicodedata.normalize("NFD", "ガイド.md"), b"")

    assert list(problems(site)) == ["ガイド.md"]


def test_a_name_that_is_not_utf8_is_reported(site):
    os.close(os.open(os.fsencode(site.posts) + b"/2026-04-01-\xff.md", os.O_CREAT))

    assert problems(site) == {"2026-04-01-\ufffd.md": "the file name is not UTF-8"}


def test_folders_with_an_articles_name_and_linked_folders_are_reported(site, tmp_path):
    (site.posts / "a.md").mkdir()
    (site.posts / "a.md" / "b.md").touch()
    (site.posts / "loop").symlink_to(site.posts)

    assert problems(site) == {
        "a.md": "a folder, not a file",
        "loop": "a symbolic link to a folder is not followed",
    }


def test_a_folder_that_cannot_be_listed_is_reported_and_the_rest_goes_on(site, monkeypatch):
    site.write_raw("a.md", b"")
    (site.posts / "locked").mkdir()
    scandir = os.scandir

    def refuse(path):
        if os.path.basename(path) == "locked":
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)

    assert problems(site) == {"a.md": None, "locked": "cannot be listed: Permission denied"}


def test_a_link_inside_the_tree_is_followed(site):
    site.write_raw("a.md", b"x")
    (site.posts / "b.md").symlink_to(site.posts / "a.md")

    assert read(site, "b.md") == b"x"


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: path.symlink_to("/etc/passwd"), "leads out of the tree"),
        (lambda path: path.symlink_to("../../../../../etc/passwd"), "leads out of the tree"),
        (lambda path: path.symlink_to("nowhere.md"), "leads nowhere"),
        (lambda path: path.symlink_to("a.md"), "cannot be read|leads nowhere|regular"),
        (os.mkfifo, "not a regular file"),
    ],
    ids=["absolute", "relative", "dangling", "loop", "pipe"],
)
def test_what_is_no_file_of_the_tree_is_not_read(site, make, reason):
    make(site.posts / "a.md")

    with pytest.raises(FileError, match=reason):
        read(site, "a.md")


def test_a_large_file_is_refused_by_its_size(site):
    with open(site.write_raw("a.md", b""), "wb") as stream:
        stream.truncate(50 * 2**20)

    with pytest.raises(FileError, match=rf"52,428,800 bytes, more than the {MAX_POST_BYTES:,}"):
        read(site, "a.md")


def test_a_file_that_may_not_be_read_is_refused(site, monkeypatch):
    site.write_raw("a.md", b"")

    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)

    with pytest.raises(FileError, match="cannot be read: Permission denied"):
        read(site, "a.md")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_picture_is_found_however_its_name_is_composed(site, form):
    site.write_image(unicodedata.normalize(form, "/assets/ガイド.png"))

    assert Tree(site.root).read_image("/assets/ガイド.png")


@pytest.mark.parametrize(
    "path", ["/../secret.png", "../secret.png", "/assets/../../secret.png", "/assets/link.png", "/folder/secret.png"]
)
def test_a_picture_outside_the_tree_is_never_read(site, tmp_path, path):
    (tmp_path / "secret.png").write_bytes(b"x")
    (site.root / "assets").mkdir()
    (site.root / "assets" / "link.png").symlink_to(tmp_path / "secret.png")
    (site.root / "folder").symlink_to(tmp_path)

    with pytest.raises(FileError, match="leads out of the tree"):
        Tree(site.root).read_image(path)


@pytest.mark.parametrize("path", ["/assets/none.png", "/assets/\0.png", f"/{'a' * 300}.png", "/_config.yml/a.png"])
def test_a_picture_that_is_not_there_is_missing(site, path):
    with pytest.raises((MissingFile, FileError)):
        Tree(site.root).read_image(path)
