import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.test import TestCase

from blog.models import Author, Tag
from tests.factories import make_author, make_category, make_post


class TagTests(TestCase):
    def test_slug_keeps_what_tells_tags_apart(self):
        slugs = {name: Tag.objects.create(name=name).slug for name in ("C", "C++", "C#", "Google AI", "AI・半導体")}
        assert slugs == {
            "C": "c",
            "C++": "cplusplus",
            "C#": "csharp",
            "Google AI": "google-ai",
            "AI・半導体": "ai-半導体",
        }

    def test_taken_or_empty_slug_gets_a_number(self):
        slugs = [Tag.objects.create(name=name).slug for name in ("Google AI", "google-ai", "！！", "？？")]
        assert slugs == ["google-ai", "google-ai-2", "tag", "tag-2"]

    def test_slug_fits_its_column_whatever_the_name_becomes(self):
        for name in ("+" * 100, "#" * 40):
            slug = Tag.objects.create(name=name).slug
            assert 0 < len(slug) <= 100


class AuthorTests(TestCase):
    def test_links_are_label_and_url(self):
        author = Author(name="署名", slug="byline", links="公式 例 https://example.jp/\n\n　X　https://x.example/a \n")
        author.full_clean()
        assert author.link_list == [("公式 例", "https://example.jp/"), ("X", "https://x.example/a")]

    def test_links_that_are_none_are_refused_in_words(self):
        for links in ("公式 javascript:alert(1)", "https://example.jp/", "公式", "公式 ftp://example.jp/"):
            with pytest.raises(ValidationError):
                Author(name="署名", slug="byline", links=links).full_clean()


class ProtectionTests(TestCase):
    def test_what_articles_hang_on_cannot_be_deleted(self):
        make_post(tags=["LLM"])
        for item in (make_author(), make_category(), Tag.objects.get()):
            with pytest.raises(ProtectedError):
                item.delete()
