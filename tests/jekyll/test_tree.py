import unicodedata

import pytest

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


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_picture_is_found_however_its_name_is_composed(site, form):
    site.write_image(unicodedata.normalize(form, "/assets/ガイド.png"))

    assert Tree(site.root).read_image("/assets/ガイド.png")
