"""Articles whose every field is an attack."""

from datetime import timedelta

from django.core.exceptions import ValidationError

from blog.models import Post, Tag
from blog.pictures.uploads import store_image
from tests.factories import PUBLISHED_AT, make_author, make_category, make_page, make_post
from tests.hostile.payloads import PAYLOADS
from tests.jekyll.site import png

LONGEST_NAME = 100  # characters of the names of authors, sections and tags
IN_BODY = 28  # payloads as paragraphs of each article


def clean(payload: str) -> str:
    """The payload as the fields of a line hold it: without control characters."""
    return " ".join(payload.replace("\x00", "").replace("\x01", "").split())[:LONGEST_NAME]


def joined(longest: int = LONGEST_NAME) -> list[str]:
    """Few texts that hold all payloads of a line, of so many characters: each goes where it fits first."""
    texts: list[str] = []
    for payload in sorted(dict.fromkeys(map(clean, PAYLOADS)), key=len, reverse=True):
        fits = (at for at, text in enumerate(texts) if len(text) + 1 + len(payload) <= longest)
        at = next(fits, len(texts))
        texts[at:] = [f"{texts[at]} {payload}", *texts[at + 1 :]] if at < len(texts) else [payload]
    return texts


def make_attacked() -> list[Post]:
    """An article for each text of `joined`, which stands in all its short fields and in what it names. The bodies hold
    all payloads.
    """
    return [_attack(number, text) for number, text in enumerate(joined())]


def _attack(number: int, text: str) -> Post:
    picture = store_image(png(size=(8 + number, 8)), name=text, alt=text, caption=text, credit=text)
    payloads = PAYLOADS[number * IN_BODY :][:IN_BODY]
    body = "\n\n".join([*payloads, f"![{text}]({picture.file.url})"]).replace("\0", "")
    make_page(path=f"/page-{number}/", title=text, body=text, description=text)
    return make_post(
        text,
        slug=f"attack-{number}",
        at=PUBLISHED_AT - timedelta(minutes=number),
        excerpt=f"円安、株価、金利、政策。{text}",
        key_points=text,
        description=text,
        correction=text,
        body=body,
        author=make_author(text, f"author-{number}", bio=text),
        category=make_category(text, f"section-{number}", description=text, notice=text),
        lead_image=picture,
        tags=tag_of(text),
    )


def tag_of(text: str) -> list[str]:
    """The text as a tag, if a tag may be called so."""
    tag = Tag(name=text)
    try:
        tag.full_clean()
    except ValidationError:
        return []
    return [tag.name]
