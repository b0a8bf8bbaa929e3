"""Articles whose every field is an attack."""

from datetime import timedelta

from django.core.exceptions import ValidationError

from blog.models import Post, Tag
from blog.pictures.uploads import store_image
from tests.factories import PUBLISHED_AT, make_author, make_category, make_post
from tests.hostile.payloads import PAYLOADS
from tests.jekyll.site import png


def make_attacked(at_once: int) -> list[Post]:
    """Articles with so many payloads each: in title, standfirst, byline, tags, captions, and each as a paragraph."""
    category = make_category(clean(PAYLOADS[0]), "attacked", description=clean(PAYLOADS[1]), notice=clean(PAYLOADS[2]))
    groups = [PAYLOADS[at : at + at_once] for at in range(0, len(PAYLOADS), at_once)]
    return [_attack(number, group, category=category) for number, group in enumerate(groups)]


def _attack(number: int, payloads: tuple[str, ...], **fields: object) -> Post:
    few = [clean(payload) for payload in payloads]
    picture = store_image(png(size=(8 + number, 8)), name=few[0], alt=few[-1], caption=few[0], credit=few[-1])
    body = "\n\n".join([*payloads, f"![{few[0]}]({picture.file.url})"])
    return make_post(
        few[0],
        slug=f"attack-{number}",
        at=PUBLISHED_AT - timedelta(minutes=number),
        excerpt=few[-1],
        key_points="\n".join(few[:5]),
        description=few[1],
        correction=few[2],
        body=body.replace("\0", ""),
        author=make_author(few[0], f"author-{number}", bio=few[-1]),
        lead_image=picture,
        tags=list(dict.fromkeys(name for text in few for name in tag_of(text))),
        **fields,
    )


def tag_of(text: str) -> list[str]:
    """The text as a tag, if a tag may be called so."""
    tag = Tag(name=text)
    try:
        tag.full_clean()
    except ValidationError:
        return []
    return [tag.name]


def clean(payload: str) -> str:
    """The payload as the fields of a line hold it: without control characters."""
    return " ".join(payload.replace("\x00", "").replace("\x01", "").split())[:100]
