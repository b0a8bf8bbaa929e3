from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import RequestFactory, SimpleTestCase
from whitenoise.middleware import WhiteNoiseMiddleware

from blog.delivery.static import StaticStorage
from blog.management.commands import collectstatic

OWN_FILES = ["django.contrib.staticfiles.finders.FileSystemFinder"]  # without those of the admin, which are many


class StaticStorageTests(SimpleTestCase):
    def test_plain_names_until_files_were_collected(self):
        assert StaticStorage().url("css/site.css") == "/static/css/site.css"

    def test_hashed_names_from_the_manifest_and_an_error_for_what_is_missing(self):
        storage = StaticStorage()
        storage.hashed_files = {"css/site.css": "css/site.0123456789ab.css"}
        assert storage.url("css/site.css") == "/static/css/site.0123456789ab.css"
        with self.assertRaisesMessage(ValueError, "Missing staticfiles manifest entry"):
            storage.url("css/typo.css")

    def test_module_asks_for_other_modules_by_their_hashed_names(self):
        with TemporaryDirectory() as folder:
            Path(folder, "one.js").write_text('import { two } from "./two.js";\n')
            Path(folder, "two.js").write_text("export const two = 2;\n")
            storage = StaticStorage(location=folder)
            files = {name: (storage, name) for name in ("one.js", "two.js")}
            hashed = {name: new for name, new, _ in storage.post_process(files)}
            assert f'"./{hashed["two.js"]}"' in Path(folder, hashed["one.js"]).read_text()


@pytest.fixture
def release(monkeypatch, settings, tmp_path) -> Callable[[str], str]:
    """Brings out a release of one file with this text, and returns the URL that its pages have.

    It is without the pages that a proxy shows: these ask for all style sheets of ours.
    """
    source = tmp_path / "source" / "only.css"
    source.parent.mkdir()
    monkeypatch.setattr(collectstatic, "PAGES", {})
    settings.STATICFILES_FINDERS, settings.STATICFILES_DIRS = OWN_FILES, [source.parent]
    settings.STATIC_ROOT = str(tmp_path / "root")

    def collect(text: str) -> str:
        source.write_text(text)
        call_command("collectstatic", interactive=False, verbosity=0)
        return StaticStorage().url(source.name)

    return collect


@pytest.mark.sqlite  # about files
@pytest.mark.django_db  # the end of an answer looks after its connection
def test_page_of_the_last_release_still_gets_its_files(release):
    """It is open in somebody's browser, or waits in a cache, while the next one is brought out."""
    styles = {text: release(text) for text in ("p { color: red; }", "p { color: tan; }")}
    serve = WhiteNoiseMiddleware(lambda request: HttpResponse(status=404))
    for text, url in styles.items():
        with closing(serve(RequestFactory().get(url))) as answer:
            assert (answer.status_code, b"".join(answer).decode()) == (200, text)
    assert len(set(styles.values())) == 2


def test_file_is_kept_under_the_name_that_pages_have_and_no_other(release, settings):
    name = Path(release("p { color: red; }" * 99)).name
    kept = {file.name for file in Path(settings.STATIC_ROOT).iterdir()}
    assert kept == {name, f"{name}.br", f"{name}.gz", "staticfiles.json"}
