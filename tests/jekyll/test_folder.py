"""The folder of an export: written whole or not at all, and never over another folder by mistake."""

import errno
import os

import pytest
from django.core.management import CommandError, call_command

from blog.jekyll.folder import ExportError, replaced_folder
from tests.factories import make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(out):
    out.mkdir()
    (out / "kept.txt").write_text("x")
    (out / "_config.yml").touch()
    (out / "_posts").mkdir()
    return out


def test_the_command_says_what_it_wrote(out, capsys):
    make_post()
    call_command("export_jekyll", out)
    assert capsys.readouterr().out == "1 articles (0 byte for byte as they came), 0 pictures\n"
    assert (out / "_config.yml").is_file()


def test_a_folder_that_is_not_empty_is_refused_in_words(full):
    with pytest.raises(CommandError, match=r"is not empty.*--force"):
        call_command("export_jekyll", full)
    assert (full / "kept.txt").exists()


def test_force_replaces_all_that_is_in_it_and_leaves_nothing_beside_it(full, tmp_path):
    call_command("export_jekyll", full, force=True)
    assert sorted(path.name for path in full.iterdir()) == ["_config.yml", "_posts"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_force_replaces_no_folder_that_holds_something_else_and_no_repository(full):
    (full / ".git").mkdir()
    with pytest.raises(CommandError, match="Git"):
        call_command("export_jekyll", full, force=True)
    (full / "_config.yml").unlink()
    with pytest.raises(CommandError, match="holds no export"):
        call_command("export_jekyll", full, force=True)
    assert (full / "kept.txt").exists()


def test_a_full_disk_leaves_everything_as_it_was(full, tmp_path):
    def write() -> None:
        with replaced_folder(full, force=True) as folder:
            (folder / "half").write_text("x")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "half")

    with pytest.raises(ExportError, match="no room left"):
        write()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (full / "kept.txt").exists()
