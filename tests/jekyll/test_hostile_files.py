"""An unreadable file in the place of each kind of file: the report says so, and everything else is imported."""

import os

import pytest

from blog.jekyll.config import ConfigError
from blog.models import Page, Post, Tag
from tests.jekyll.site import png

pytestmark = pytest.mark.django_db

NAME = "2026-04-01-article.md"
# The content of files outside the tree, which would be imported if they were read.
SECRETS = {
    "_config.yml": b"author: SECRET\n",
    f"_posts/{NAME}": b"---\ntitle: SECRET\n---\n",
    "_pages/about.md": b"---\ntitle: SECRET\n---\n",
    "_data/tags.csv": b"name\nSECRET\n",
    "_data/redirects.csv": b"path,target\n/SECRET/,/x/\n",
    "assets/a.png": png(),
}
FILES = list(SECRETS)


def pipe(path, secret):
    os.mkfifo(path)


def link_to_a_device(path, secret):
    path.symlink_to("/dev/zero")


def link_out_of_the_tree(path, secret):
    path.symlink_to(secret)


def folder(path, secret):
    path.mkdir()


def line_without_end(path, secret):
    with path.open("wb") as stream:
        stream.truncate(51 * 2**20)


HOSTILE = {
    pipe: "not a regular file",
    link_to_a_device: "leads out of the tree",
    link_out_of_the_tree: "leads out of the tree",
    folder: "not a regular file|a folder, not a file",
    line_without_end: "bytes, more than the",
}


@pytest.fixture
def prepared(site, tmp_path):
    """Makes a tree with an article that shows a picture, without the named file. Returns its path and a secret's."""

    def prepare(name):
        site.write("2026-04-02-good.md", image="/assets/a.png")
        path = site.root / name
        path.parent.mkdir(exist_ok=True)
        path.unlink(missing_ok=True)
        secret = tmp_path / "secret"
        secret.write_bytes(SECRETS[name])
        return path, secret

    return prepare


def refusal(site, name):
    """The report's line about the file, after everything else was imported."""
    if name == "_config.yml":
        with pytest.raises(ConfigError) as caught:
            site.run()
        assert not Post.objects.exists()
        return str(caught.value)
    failures = site.run().failures()
    assert Post.objects.filter(source__name="2026-04-02-good.md").exists()
    assert not Post.objects.filter(title="SECRET").exists()
    assert not Page.objects.exists()
    assert not Tag.objects.filter(name="SECRET").exists()
    assert len(failures) == 1
    return failures[0]


@pytest.mark.sqlite  # about files
@pytest.mark.parametrize("make", HOSTILE)
@pytest.mark.parametrize("name", FILES)
def test_what_is_no_file_of_the_tree_is_refused_in_words(prepared, site, name, make):
    make(*prepared(name))
    said = refusal(site, name)
    assert name.removeprefix("_posts/") in said
    assert any(reason in said for reason in HOSTILE[make].split("|")), said


@pytest.mark.parametrize("folder", ["_data", "_pages", "assets"])
def test_a_folder_that_is_a_link_out_of_the_tree_gives_nothing(site, tmp_path, folder):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "tags.csv").write_bytes(SECRETS["_data/tags.csv"])
    (elsewhere / "about.md").write_bytes(SECRETS["_pages/about.md"])
    (elsewhere / "a.png").write_bytes(png())
    (site.root / folder).symlink_to(elsewhere)
    site.write("2026-04-02-good.md", image="/assets/a.png")
    site.run()
    post = Post.objects.get()
    assert (post.share_image, Page.objects.count()) == (None, 0)
    assert not Tag.objects.filter(name="SECRET").exists()
