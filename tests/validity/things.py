"""What schema.org and Google ask of structured data: a graph of JSON-LD, expanded, then looked at node by node.

https://developers.google.com/search/docs/appearance/structured-data · https://schema.org/docs/jsonldcontext.jsonld
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from pyld import jsonld

from tests.validity.rules import is_address, moment

JSON_LD = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
SCHEMA = "https://schema.org/"
IDENTIFIERS = ("item", "mainEntityOfPage", "sameAs", "url")
MOMENTS = ("dateModified", "datePublished")
# As far as we use it. A name that it does not have would expand to nothing, and is found out.
PROPERTIES = (
    *(
        "abstract",
        "articleSection",
        "author",
        "breadcrumb",
        "correction",
        "description",
        "headline",
        "height",
        "image",
        "inLanguage",
    ),
    *("isAccessibleForFree", "isPartOf", "itemListElement", "keywords", "logo", "mainEntity", "name", "position"),
    *("potentialAction", "publisher", "query-input", "target", "text", "urlTemplate", "width"),
)
# What each kind must have, and should have where the site always knows it.
ARTICLE = ("headline", "url", "mainEntityOfPage", "datePublished", "dateModified", "author", "publisher", "inLanguage")
PAGE = ("url", "name", "isPartOf", "inLanguage", "description")
REQUIRED = {
    "Article": ARTICLE,
    "AdvertiserContentArticle": ARTICLE,
    "BreadcrumbList": ("itemListElement",),
    "CollectionPage": (*PAGE, "breadcrumb"),
    "CorrectionComment": ("text", "datePublished"),
    "EntryPoint": ("urlTemplate",),
    "ImageObject": ("url", "width", "height"),
    "ListItem": ("position", "name", "item"),
    "NewsArticle": ARTICLE,
    "Organization": ("name", "url"),
    "Person": ("name", "url"),
    "ProfilePage": (*PAGE, "breadcrumb", "mainEntity"),
    "SearchAction": ("target", "query-input"),
    "SearchResultsPage": (*PAGE, "breadcrumb"),
    "WebPage": ("url", "name", "isPartOf", "inLanguage"),  # an article without a word promises none
    "WebSite": ("name", "url", "publisher", "potentialAction"),
}
CONTEXT = {
    **{name: {"@id": SCHEMA + name, "@type": "@id"} for name in IDENTIFIERS},
    **{name: {"@id": SCHEMA + name, "@type": f"{SCHEMA}DateTime"} for name in MOMENTS},
    **{name: {"@id": SCHEMA + name} for name in PROPERTIES},
    **{kind: SCHEMA + kind for kind in REQUIRED},
}
WITHIN = [SCHEMA + name for name in ("isPartOf", "publisher", "breadcrumb", "mainEntity")]  # name nodes of the graph

Node = dict[str, Any]


def structured_data(html: str) -> list[Node]:
    """Raises ValueError for what is no JSON."""
    return [json.loads(text) for text in JSON_LD.findall(html)]


def graph_faults(document: Node) -> list[str]:
    """What is wrong with the graph of a page."""
    if document.get("@context") != "https://schema.org":
        return ["has another context"]
    nodes = jsonld.expand({"@context": CONTEXT, "@graph": document.get("@graph", [])})
    faults = [f"{name!r} is no word of schema.org that we know" for name in sorted(_words(document) - {*CONTEXT})]
    identified = Counter(node["@id"] for node in nodes if "@id" in node)
    faults += [f"{name} stands {number} times" for name, number in identified.items() if number > 1]
    faults += [f"{name} is referred to and not there" for name in sorted({*_references(nodes)} - {*identified})]
    return faults + [fault for node in nodes for fault in node_faults(node)]


def node_faults(node: Node) -> list[str]:
    """What is wrong with an expanded node and with the nodes in it."""
    kinds = [kind.removeprefix(SCHEMA) for kind in node.get("@type", [])]
    if not kinds or not REQUIRED.keys() >= {*kinds}:
        return [f"{kinds} is not known"]
    values = {name.removeprefix(SCHEMA): value for name, value in node.items() if name.startswith(SCHEMA)}
    faults = [f"{kinds[0]} has no {name}" for name in REQUIRED[kinds[0]] if name not in values]
    for name, found in values.items():
        for value in found:
            text = value.get("@id", value.get("@value"))
            if text == "":
                faults.append(f"{kinds[0]} has an empty {name}")
            elif name in IDENTIFIERS and not is_address(text):
                faults.append(f"{kinds[0]}: {text!r} is no address")
            elif name in MOMENTS and not moment(text):
                faults.append(f"{kinds[0]}: {text!r} is no moment")
            if "@value" not in value and set(value) != {"@id"}:
                faults += node_faults(value)
    if "BreadcrumbList" in kinds:
        positions = [step[f"{SCHEMA}position"][0]["@value"] for step in values.get("itemListElement", [])]
        if positions != list(range(1, len(positions) + 1)):
            faults.append(f"the steps are numbered {positions}")
    return faults


def _words(value: Any) -> set[str]:
    """Every name of a property and of a type."""
    if isinstance(value, list):
        return set().union(*map(_words, value))
    if not isinstance(value, dict):
        return set()
    kinds = value.get("@type", [])
    own = {name for name in value if not name.startswith("@")} | {*([kinds] if isinstance(kinds, str) else kinds)}
    return own.union(*(_words(inner) for name, inner in value.items() if not name.startswith("@") or name == "@graph"))


def _references(nodes: list[Node]) -> Iterator[str]:
    """The nodes of the graph that others name by nothing but their `@id`."""
    for node in nodes:
        for name in WITHIN:
            yield from (value["@id"] for value in node.get(name, []) if set(value) == {"@id"})
