import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from bench.measure import DESK
from bench.pages import LONG_POST, WEIGHED, describe, getter, log_in, page_paths, weigh_files
from bench.site import prepare
from blog.models import Post

# The getter gives its connection back after each request, which no open transaction would survive.
# About the tool that measures: PostgreSQL repeats what asks it something of its own.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def commands(monkeypatch: pytest.MonkeyPatch, settings) -> None:
    """The database of the tests is migrated, and its static files are not collected."""
    monkeypatch.setattr("bench.site.call_command", lambda *args, **options: None)
    settings.STATIC_ROOT = settings.BASE_DIR / "static"


def test_site_grows_to_its_size_and_never_shrinks() -> None:
    for size in (1, 60, 120, 120):
        prepare(size)
        assert Post.objects.count() == size
    assert len(Post.objects.earliest("pk").body) >= 15_000
    with pytest.raises(SystemExit, match="holds 120 posts already"):
        prepare(119)


def test_every_page_to_measure_answers_and_tells_its_queries() -> None:
    """And those of the desk answer with the cookie only: to describe the pages takes longer than all else here."""
    prepare(150)
    paths = page_paths()
    assert len(set(paths.values())) == len(paths)
    described = json.loads(json.dumps(describe()))
    for name, page in described["pages"].items():
        assert page["path"] == paths[name]
        assert page["queries"] >= 1
        assert page["bytes"] > 100
    assert described["pages"][LONG_POST]["bytes"] > described["pages"]["post"]["bytes"] + 15_000
    assert set(described["weights"]) == set(WEIGHED)
    for weights in described["weights"].values():
        assert weights["raw"] > weights["gzip"] > weights["brotli"] > 1_000
        assert weights["css brotli"] > 1_000
    assert all(0 < cost["min"] <= cost["median"] for cost in described["work"].values())
    desk = [page["path"] for name, page in described["pages"].items() if name.startswith(DESK)]
    assert len(desk) == 3
    name, _, value = described["cookie"].partition("=")
    editor, stranger = Client(), Client()
    editor.cookies[name] = value
    for path in desk:
        assert editor.get(path).status_code == 200
        assert stranger.get(path).status_code == 302


@pytest.mark.postgresql
def test_last_pages_are_the_last_ones() -> None:
    prepare(150)
    paths = page_paths()
    assert (paths["list, middle"], paths["list, last"]) == ("/articles/?page=2", "/articles/?page=3")
    for name in ("list, last", "big tag, last"):
        path, _, number = paths[name].rpartition("=")
        with pytest.raises(SystemExit, match="answers 404"):
            getter(f"{path}={int(number) + 1}", log_in())()


def test_each_file_that_a_page_names_is_weighed_once(settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "a.css").write_text("a" * 50)
    (tmp_path / "b.js").write_text("b" * 50)
    html = '<link href="/static/a.css"><link href="/static/a.css"><script src="/static/b.js"></script>'
    assert weigh_files(html, "css") == weigh_files(html, "js") > 0
    assert weigh_files('<link href="https://elsewhere.example/a.css">', "css") == 0


def test_it_can_be_imported_before_django_is_set_up() -> None:
    subprocess.run([sys.executable, "-c", "import bench.__main__, bench.site"], check=True)
