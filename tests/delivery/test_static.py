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
