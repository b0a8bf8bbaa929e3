"""The rules of structured data find what is wrong."""

import copy

import pytest

from tests.validity.things import graph_faults, structured_data

ORIGIN = "https://www.example.jp"
PUBLISHER = {"@type": "Organization", "@id": f"{ORIGIN}/#publisher", "name": "誌", "url": f"{ORIGIN}/"}
SITE = {
    "@type": "WebSite",
    "@id": f"{ORIGIN}/#website",
    "name": "誌",
    "url": f"{ORIGIN}/",
    "publisher": {"@id": f"{ORIGIN}/#publisher"},
    "potentialAction": {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": f"{ORIGIN}/search/?q={{words}}"},
        "query-input": "required name=words",
    },
}
PAGE = {
    "@type": "WebPage",
    "@id": f"{ORIGIN}/a/",
    "url": f"{ORIGIN}/a/",
    "name": "題",
    "inLanguage": "ja",
    "isPartOf": {"@id": f"{ORIGIN}/#website"},
    "breadcrumb": {"@id": f"{ORIGIN}/a/#breadcrumbs"},
}
TRAIL = {
    "@type": "BreadcrumbList",
    "@id": f"{ORIGIN}/a/#breadcrumbs",
    "itemListElement": [
        {"@type": "ListItem", "position": 1, "name": "ホーム", "item": f"{ORIGIN}/"},
        {"@type": "ListItem", "position": 2, "name": "題", "item": f"{ORIGIN}/a/"},
    ],
}
ARTICLE = {
    "@type": "NewsArticle",
    "@id": f"{ORIGIN}/a/#article",
    "url": f"{ORIGIN}/a/",
    "mainEntityOfPage": {"@id": f"{ORIGIN}/a/"},
    "headline": "題",
    "inLanguage": "ja",
    "datePublished": "2026-04-01T12:00:00+09:00",
    "dateModified": "2026-04-01T12:00:00+09:00",
    "author": {"@type": "Person", "name": "署名", "url": f"{ORIGIN}/authors/a/"},
    "publisher": {"@id": f"{ORIGIN}/#publisher"},
}


def faults(*nodes):
    return graph_faults({"@context": "https://schema.org", "@graph": [PUBLISHER, SITE, PAGE, TRAIL, *nodes]})


def test_right_graph_has_no_fault():
    assert faults(ARTICLE) == []
    assert faults(ARTICLE | {"@type": ["Article", "AdvertiserContentArticle"]}) == []
    html = '<script type="application/ld+json">{"@type": "WebSite"}</script>'
    assert structured_data(html) == [{"@type": "WebSite"}]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"@type": "Artikel"}, "'Artikel' is no word"),
        ({"@type": []}, "[] is not known"),
        ({"headlines": "題"}, "'headlines' is no word"),
        ({"headline": ""}, "has an empty headline"),
        ({"url": "https:/a/"}, "'https:/a/' is no address"),
        ({"dateModified": "2026-04-01"}, "'2026-04-01' is no moment"),
        ({"author": {"@type": "Person", "name": "署名"}}, "Person has no url"),
        ({"image": [{"@type": "ImageObject", "url": f"{ORIGIN}/a.png"}]}, "ImageObject has no width"),
        ({"publisher": {"@id": f"{ORIGIN}/#other"}}, "#other is referred to and not there"),
        ({"@id": PAGE["@id"]}, "stands 2 times"),
    ],
)
def test_wrong_article_is_found_out(change, fault):
    assert fault in " ".join(faults(ARTICLE | change))


@pytest.mark.parametrize("name", [name for name in ARTICLE if not name.startswith("@")])
def test_absent_property_is_found_out(name):
    assert faults({key: value for key, value in ARTICLE.items() if key != name}) == [f"NewsArticle has no {name}"]


def test_steps_out_of_order_are_found_out():
    trail = copy.deepcopy(TRAIL) | {"@id": f"{ORIGIN}/b/#breadcrumbs"}
    trail["itemListElement"].reverse()
    assert faults(trail) == ["the steps are numbered [2, 1]"]
