from pathlib import Path
from tempfile import TemporaryDirectory

from django.test import SimpleTestCase

from blog.delivery.static import StaticStorage


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
