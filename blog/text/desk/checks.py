"""The list of checks, and what they ask of the world."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from blog.text.bounds import BodyRefused
from blog.text.desk import (
    endings,
    front_matter,
    headline,
    links,
    markers,
    markup,
    pictures,
    structure,
    wording,
)
from blog.text.desk.addresses import addresses
from blog.text.desk.blocks import Kind
from blog.text.desk.findings import Draft, Finding, Severity, World
from blog.text.desk.reading import Reading
from blog.text.desk.repeats import repeat
from blog.text.desk.unclosed import fence
from blog.text.keys import paragraph_keys

Check = Callable[[Reading, World], Iterable[Finding]]

# To add a check: name it here, its code in `ERRORS` or `WARNINGS` of `findings`, and what the desk calls it in
# `blog.admin.findings.names`.
CHECKS: tuple[Check, ...] = (
    markers.marker,
    markers.repeated_piece,
    fence,
    endings.cut,
    repeat,
    links.links,
    endings.empty_body,
    endings.empty_excerpt,
    front_matter.title_long,
    front_matter.title_suffix,
    front_matter.year,
    front_matter.excerpt_template,
    front_matter.title_used,
    front_matter.stands_elsewhere,
    headline.head_repeat,
    markup.markup,
    markup.bold,
    structure.h1,
    structure.jump,
    structure.empty_section,
    endings.broken_off,
    endings.run_on,
    wording.foreign,
    wording.spelling,
    wording.width,
    pictures.alt,
    pictures.external_image,
)

MAX_FINDINGS = 1_000  # of one check; a text with more of one kind is no article


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a draft names, so that its caller looks up this and no more; keys and addresses as in `World`."""

    paths: frozenset[str] = frozenset()
    images: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    paragraphs: frozenset[str] = frozenset()


def mentions(draft: Draft, own_origin: str = "") -> Mentions:
    """`own_origin` is the site's scheme and host, as in `World`: addresses may be written with it."""
    try:
        article = Reading.of(draft)
    except BodyRefused:
        return Mentions()
    named = [address for address in addresses(article.blocks, own_origin) if address.path]
    paragraphs = {block.text for block in article.article if block.kind in (Kind.PARAGRAPH, Kind.ITEM)}
    return Mentions(
        paths=frozenset(address.path for address in named if address.path and not address.is_picture),
        images=frozenset(address.path for address in named if address.path and address.names_picture),
        titles=frozenset({article.title_key} - {""}),
        paragraphs=frozenset(paragraph_keys([*paragraphs])) - {""},
    )


def check(draft: Draft, world: World) -> list[Finding]:
    """Returns the findings in the order of their lines, errors first within a line. A text that the renderer refuses
    has none: no save accepts it.
    """
    try:
        article = Reading.of(draft)
    except BodyRefused:
        return []
    findings = [finding for run in CHECKS for finding in islice(run(article, world), MAX_FINDINGS)]
    return sorted(findings, key=lambda finding: (finding.line, finding.severity is not Severity.ERROR))
