"""No text of an editor, a file or a reader runs in a page, a feed or the data of a page, whatever it is made of."""

import io
import json
import tempfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.test import Client, RequestFactory, TestCase
from PIL import Image as PILImage

from blog.jekyll.importing import import_jekyll
from blog.models import Image, Post
from blog.pictures.cards import draw_card, paint_card
from blog.text.markdown import render_markdown
from blog.views.search.results import SearchView
from tests.hostile.attacked import clean, make_attacked
from tests.hostile.filled import joined
from tests.hostile.payloads import PAYLOADS
from tests.hostile.questions import REFUSED, SEARCHED, questions
from tests.hostile.running import Running

AT_ONCE = 8  # payloads in an article
ATOM, CONTENT = "{http://www.w3.org/2005/Atom}", "{http://purl.org/rss/1.0/modules/content/}encoded"


def test_there_are_200_payloads_and_the_parser_sees_what_they_are():
    assert len(PAYLOADS) >= 200
    seen = [payload for payload in PAYLOADS if Running(payload).found]
    assert len(seen) >= 120  # the others are Markdown, or need the place that they break out of
    assert Running('<p title="{}">'.format('"><img src=x onerror=hit()>')).found


PLACES = (
    "{}",
    "前の文。\n\n{}\n\n後の文。",
    "> {}",
    "| a |\n|---|\n| {} |",
    "[{}](/x)",
    "![{}](/x.png)",
    "## {}",
    "`{}`",
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_body_runs_nothing_alone_between_others_and_in_the_places_of_markdown(payload):
    for place in PLACES:
        assert Running(render_markdown(place.replace("{}", payload)).html).found == []


class EveryPathTests(TestCase):
    """An article for every few payloads, which stand in its body; `test_short_fields` is about its other fields.

    PostgreSQL repeats all questions that the pages of a search ask; what pages show of them is about templates.
    """

    @classmethod
    def setUpTestData(cls):
        cls.posts = make_attacked(AT_ONCE)

    def page(self, path, **query):
        response = Client().get(path, query)
        assert response.status_code == 200, path
        page = Running(response.content.decode())
        assert page.found == [], path
        return page

    @pytest.mark.sqlite
    def test_article_and_its_structured_data(self):
        for post in self.posts:
            data = self.page(post.path).data
            told = [node for block in data for node in json.loads(block)["@graph"]]
            assert post.title in [block.get("headline") for block in told]

    @pytest.mark.sqlite
    def test_pages_of_searches_for_every_payload(self):
        for question in questions(AT_ONCE):
            self.page("/search/", q=question)

    @pytest.mark.postgresql
    def test_searches_for_every_payload_are_answered(self):
        """The view asks all that it asks of the database; its page is not rendered."""
        for question in questions(AT_ONCE):
            response = SearchView.as_view()(RequestFactory().get("/search/", {"q": question}))
            assert (response.status_code, response.is_rendered) == (200, False)

    def test_search_for_what_has_a_nul_is_refused(self):
        for payload in REFUSED:
            refused = Client().get("/search/", {"q": payload})
            assert (refused.status_code, Running(refused.text).found) == (400, [])

    @pytest.mark.sqlite
    def test_suggestions_of_every_payload(self):
        for begun in dict.fromkeys(payload[:20] for payload in SEARCHED):
            told = Client().get("/search/suggestions.json", {"q": begun})
            assert told["Content-Type"] == "application/json"
            assert told["X-Content-Type-Options"] == "nosniff"

    @pytest.mark.sqlite
    def test_feeds_are_whole_and_bring_nothing_that_runs(self):
        titles = {post.title for post in self.posts}
        rss = ET.fromstring(Client().get("/feed.xml").content)
        assert {item.findtext("title") for item in rss.iter("item")} <= titles
        bodies = [item.findtext(CONTENT) or "" for item in rss.iter("item")]
        atom = ET.fromstring(Client().get("/atom.xml").content)
        bodies += [entry.findtext(f"{ATOM}content") or "" for entry in atom.iter(f"{ATOM}entry")]
        feed = Client().get("/feed.json").json()
        bodies += [item["content_html"] for item in feed["items"]]
        assert len(bodies) >= 3 * 20
        assert [found for body in bodies for found in Running(body).found] == []

    @pytest.mark.sqlite
    def test_desk_shows_them_as_text(self):
        from tests.factories import make_user

        editor = Client()
        editor.force_login(make_user(is_superuser=True))
        shown = [f"/admin/blog/{model}/" for model in ("post", "tag", "author", "image", "category")]
        shown += [f"/admin/blog/post/{post.pk}/change/" for post in self.posts[::6]]
        for path in shown:
            page = editor.get(path).content.decode()
            assert [found for found in Running(page).found if "hit" in found] == [], path


def test_cards_are_drawn_and_are_only_pixels():
    """Nothing but what `info` holds would be written beside the pixels. A few are also looked at as files."""
    texts = joined(PAYLOADS)
    for text in texts:
        card = paint_card(title=text, section=text, byline=text)
        assert (card.mode, card.info) == ("RGB", {})
    for text in texts[::12]:
        drawn = draw_card(title=text, section=text, byline=text)
        with PILImage.open(io.BytesIO(drawn)) as card:
            assert (card.format, card.info.keys() & {"Comment", "XML:com.adobe.xmp"}) == ("PNG", set())


class ImportTests(TestCase):
    """The front matter and the body of each file are the payload."""

    @classmethod
    def setUpTestData(cls):
        with tempfile.TemporaryDirectory() as name:
            cls.report = import_jekyll(written_to(Path(name)))
        cls.stored = list(Post.objects.select_related("author"))

    def test_files_of_an_import_bring_nothing_that_runs(self):
        assert len(self.stored) + len(self.report.failed) >= len(PAYLOADS)
        assert len(self.stored) >= 150
        assert [found for post in self.stored for found in Running(post.body_html).found] == []
        assert not Image.objects.exists()

    @pytest.mark.sqlite
    def test_pages_of_imported_articles_run_nothing(self):
        for post in self.stored[::5]:
            assert Running(Client().get(post.path).content.decode()).found == [], post.title


def written_to(folder: Path) -> Path:
    (folder / "_config.yml").write_text("url: https://old.example\n")
    posts = folder / "_posts"
    posts.mkdir()
    for number, payload in enumerate(PAYLOADS):
        text = json.dumps(clean(payload), ensure_ascii=False)
        front = f"title: {text}\nexcerpt: {text}\nauthor: {text}\ncategories: [{text}]\ntags: [{text}]\n"
        (posts / f"2026-04-01-attack-{number}.md").write_text(f"---\n{front}---\n{payload}\n", encoding="utf-8")
    return folder
