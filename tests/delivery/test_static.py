from django.test import SimpleTestCase

from blog.delivery.static import StaticStorage


class StaticStorageTests(SimpleTestCase):
    def test_plain_names_until_files_were_collected(self):
        assert StaticStorage().url("css/base.css") == "/static/css/base.css"

    def test_hashed_names_from_the_manifest_and_an_error_for_what_is_missing(self):
        storage = StaticStorage()
        storage.hashed_files = {"css/base.css": "css/base.0123456789ab.css"}
        assert storage.url("css/base.css") == "/static/css/base.0123456789ab.css"
        with self.assertRaisesMessage(ValueError, "Missing staticfiles manifest entry"):
            storage.url("css/typo.css")
