"""Every kind of page, feed and sitemap of a real site against the standards."""

import json
import re
import subprocess
from collections import Counter
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from protego import Protego

from scripts import node
from tests.sites import NOW
from tests.sites.places import PLACES
from tests.validity import rules, standards, things

pytestmark = pytest.mark.sqlite

ATOM, JSON = "/atom.xml", "/feed.json"
FEEDS = ("/feed.xml", "/feeds/markets.xml", "/feeds/empty.xml", "/tags/半導体/feed.xml", "/authors/editors/feed.xml")


def fetch(url):
    """Status, headers and body."""
    try:
        response = urlopen(quote(url, safe="/?=&%:"))
    except HTTPError as error:
        response = error
    with response:
        return response.status, response.headers, response.read()


@pytest.fixture(scope="module")
def documents(serve):
    """The HTML of each kind of page."""
    return {kind: fetch(serve(place.content) + place.path)[2].decode() for kind, place in PLACES.items()}


@pytest.mark.vnu
def test_html_has_neither_error_nor_warning(documents, tmp_path):
    jar = node.FOLDER / "vnu-jar/node_modules/vnu-jar/build/dist/vnu.jar"
    assert jar.exists(), "`make validate` installs it"
    for number, html in enumerate(documents.values()):
        (tmp_path / f"{number:03}.html").write_text(html)
    # It guesses the language of the text, too, and takes an article in English for a page in English.
    command = ["java", "-jar", jar, "--no-langdetect", "--format", "json", "--stdout", tmp_path]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    messages = json.loads(result.stdout)["messages"]
    kinds = list(documents)
    assert [(kinds[int(note["url"][-8:-5])], note["message"], note.get("extract")) for note in messages] == []


@pytest.mark.parametrize("content", ["full", "empty"])
def test_feeds_are_rss(content, serve):
    for path in FEEDS if content == "full" else FEEDS[:1]:
        url = serve(content) + quote(path)
        status, headers, body = fetch(url)
        assert status == 200, path
        assert headers["Content-Type"] == "application/xml; charset=utf-8", path
        assert standards.parser_faults(body, headers["Content-Type"]) == [], path


@pytest.mark.parametrize("content", ["full", "empty"])
def test_atom_and_json_feed_are_valid(content, serve):
    _, headers, body = fetch(serve(content) + ATOM)
    assert standards.parser_faults(body, headers["Content-Type"]) == []
    assert standards.json_faults(fetch(serve(content) + JSON)[2]) == []


@pytest.mark.vnu
@pytest.mark.parametrize("content", ["full", "empty"])
def test_feeds_are_what_their_schemas_ask(content, serve, tmp_path):
    for schema, paths in (("rss", FEEDS if content == "full" else FEEDS[:1]), ("atom", (ATOM,))):
        files = [tmp_path / f"{schema}-{number}.xml" for number in range(len(paths))]
        for file, path in zip(files, paths, strict=True):
            file.write_bytes(fetch(serve(content) + quote(path))[2])
        assert standards.jing_faults(schema, files) == []


@pytest.mark.parametrize("content", ["full", "empty"])
def test_sitemaps_lead_to_pages_that_want_to_be_found(content, serve):
    origin = serve(content)
    robots = Protego.parse(fetch(f"{origin}/robots.txt")[2].decode())
    assert list(robots.sitemaps) == [f"{origin}/sitemap.xml"]
    index = fetch(f"{origin}/sitemap.xml")[2]
    faults, files = rules.sitemap_faults(index, "sitemapindex", origin, NOW)
    assert faults == standards.xsd_faults(index) == []
    pages = []
    for file in files:
        body = fetch(file)[2]
        faults, addresses = rules.sitemap_faults(body, "urlset", origin, NOW)
        assert faults == standards.xsd_faults(body) == [], file
        pages += [] if file.endswith("/news.xml") else addresses  # which the file of their month names too
    assert len(set(pages)) == len(pages)
    assert [page for page in (*files, *pages) if not robots.can_fetch(page, "Googlebot")] == []
    for page in pages[:: max(len(pages) // 100, 1)]:
        status, _, body = fetch(page)
        assert status == 200, page
        assert f'<link rel="canonical" href="{page}">' in body.decode(), page
        assert '<meta name="robots" content="noindex">' not in body.decode(), page


@pytest.mark.parametrize("kind", PLACES)
def test_structured_data_is_complete(kind, documents):
    graphs = things.structured_data(documents[kind])
    assert [fault for graph in graphs for fault in things.graph_faults(graph)] == []
    described = '<link rel="canonical"' in documents[kind]  # neither a page that is not there nor a preview
    assert len(graphs) == (1 if described else 0)
    if described:
        kinds = Counter(str(node["@type"]) for node in graphs[0]["@graph"])
        is_article = '<meta property="og:type" content="article">' in documents[kind]
        assert kinds["NewsArticle"] + kinds["['Article', 'AdvertiserContentArticle']"] == is_article
        assert kinds["BreadcrumbList"] == (PLACES[kind].path != "/")
        nodes = {node["@id"].rpartition("#")[2]: node for node in graphs[0]["@graph"]}
        assert nodes["publisher"]["logo"]["@type"] == "ImageObject"
        # Search engines recommend a picture. An article whose card is not yet drawn is shared with that of the site.
        shared = re.search('<meta property="og:image" content="([^"]*)">', documents[kind])[1]
        assert ("image" in nodes.get("article", {})) == (is_article and "/static/" not in shared)
