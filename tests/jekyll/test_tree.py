import unicodedata

import pytest

from blog.jekyll.reading import FileError
from blog.jekyll.tree import Tree, TreeError


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
