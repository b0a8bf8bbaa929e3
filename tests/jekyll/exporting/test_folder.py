"""The folder of an export: written whole or not at all, and never over another folder by mistake."""

import errno
import os
import signal

import pytest
from django.core.management import CommandError, call_command

from blog.jekyll import exporting as exporter
from blog.jekyll.folder import ExportError, replaced_folder
from blog.models import Post
from tests.factories import make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(out):
    out.mkdir()
    (out / "kept.txt").write_text("x")
    return out


def test_the_command_says_what_it_wrote(out, capsys):
    make_post()
    call_command("export_jekyll", out)
    assert capsys.readouterr().out == "1 articles (0 byte for byte as they came), 0 pictures\n"
    assert (out / "_config.yml").is_file()


def test_an_empty_folder_is_filled(out):
    out.mkdir()
    call_command("export_jekyll", out, verbosity=0)
    assert (out / "_posts").is_dir()


def test_a_folder_that_is_not_empty_is_refused_in_words(full):
    with pytest.raises(CommandError, match=r"is not empty.*--force"):
        call_command("export_jekyll", full)
    assert [path.name for path in full.iterdir()] == ["kept.txt"]


def test_force_replaces_all_that_is_in_it_and_leaves_nothing_beside_it(full, tmp_path):
    call_command("export_jekyll", full, force=True)
    assert sorted(path.name for path in full.iterdir()) == ["_config.yml", "_posts"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_file_in_its_place_is_refused(out):
    out.write_text("x")
    with pytest.raises(CommandError, match="is a file"):
        call_command("export_jekyll", out, force=True)


def test_force_replaces_no_folder_that_holds_the_site_and_no_repository(full, settings):
    settings.MEDIA_ROOT = full / "media"
    with pytest.raises(CommandError, match="holds more"):
        call_command("export_jekyll", full, force=True)
    settings.MEDIA_ROOT = "/nowhere"
    (full / ".git").mkdir()
    with pytest.raises(CommandError, match="Git"):
        call_command("export_jekyll", full, force=True)
    assert (full / "kept.txt").exists()


@pytest.mark.parametrize("force", [False, True])
def test_a_mount_point_is_refused_before_anything_is_written(force):
    with pytest.raises(CommandError, match="is a mount point"):
        call_command("export_jekyll", "/", force=force)


def test_the_folder_one_is_in_is_refused_before_anything_is_written(out, tmp_path, monkeypatch):
    out.mkdir()
    monkeypatch.chdir(out)
    for target in (out, tmp_path):
        with pytest.raises(CommandError, match="is the folder you are in"):
            call_command("export_jekyll", target)
    assert [path.name for path in tmp_path.rglob("*")] == ["out"]


@pytest.fixture
def deaf():
    """Makes signals that would end the process of the tests do nothing."""
    before = {number: signal.signal(number, do_nothing) for number in (signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def do_nothing(number: int, frame: object) -> None:
    pass


def raise_signal(number: int) -> list[Post]:
    signal.raise_signal(number)
    return []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_killed_export_leaves_everything_as_it_was(full, tmp_path, monkeypatch, deaf, number):
    monkeypatch.setattr(exporter, "every_post", lambda: raise_signal(number))
    with pytest.raises(SystemExit, match=str(128 + number)):
        call_command("export_jekyll", full, force=True)
    assert signal.getsignal(number) == do_nothing
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "kept.txt"]


def test_an_export_under_nohup_outlives_its_terminal(out, monkeypatch, deaf):
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    monkeypatch.setattr(exporter, "every_post", lambda: raise_signal(signal.SIGHUP))
    call_command("export_jekyll", out)
    assert (out / "_config.yml").is_file()


def test_a_place_that_cannot_be_written_gives_a_sentence(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(CommandError, match=r"file: (Not a directory|File exists)"):
        call_command("export_jekyll", tmp_path / "file" / "out")


def test_a_full_disk_leaves_everything_as_it_was(full, tmp_path):
    def write() -> None:
        with replaced_folder(full, force=True) as folder:
            (folder / "half").write_text("x")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "half")

    with pytest.raises(ExportError, match="no room left"):
        write()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert [path.name for path in full.iterdir()] == ["kept.txt"]


def test_a_link_is_followed_so_that_the_folder_it_names_is_replaced(full, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(full)
    call_command("export_jekyll", link, force=True)
    assert link.is_symlink()
    assert (full / "_posts").is_dir()
