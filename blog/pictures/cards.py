"""Draws the social card of each article, 1200 × 630 pixels in BIZ UDPGothic, and keeps it in step with the article.

A card exists only while its post is published or scheduled, so that a withdrawn post leaves no file. The name of the
file is a hash of all that the card shows and of the post's guid: nobody can guess the card of a scheduled post, and
the name tells whether the card is out of date.
"""

import hashlib
import io
import json
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django_tasks import task
from PIL import Image as PILImage
from PIL import ImageColor, ImageDraw, ImageFont

from blog.delivery.generation import touch
from blog.models import Post
from blog.pictures import typesetting

FOLDER = "cards"
DESIGN = 1  # with another number, `render_cards` draws every card again


def card_name(post: Post) -> str:
    """The name of the card's file, drawn or not; "" for a post that needs no card."""
    if not post.wants_card:
        return ""
    shown = [DESIGN, post.guid, post.labelled_title, post.category.name, post.author.name]
    return f"{FOLDER}/{hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:32]}.png"


def card_of(post: Post) -> str:
    """The name of the stored card if it shows the post as it is now, or ""."""
    return post.card if post.card and post.card == card_name(post) else ""


@task()
def refresh_card(pk: int) -> bool:
    """Draws or deletes the card of a saved post if it is out of date, and returns whether it did.

    Call it outside a transaction.
    """
    posts = Post.objects.for_card().filter(pk=pk)
    post = posts.first()
    while post:
        name = card_name(post)
        if name == post.card and (not name or default_storage.exists(name)):
            return False
        if name and not default_storage.exists(name):
            card = draw_card(title=post.labelled_title, section=post.category.name, byline=post.author.name)
            default_storage.save(name, ContentFile(card))
        # If a save meanwhile changed what the card must show, the loop begins again.
        if _enter(post, name):
            if post.card and post.card != name:
                default_storage.delete(post.card)
            return True
        post = posts.all().first()
    return False


def _enter(post: Post, name: str) -> bool:
    """Enters the card's file in its post, unless somebody saved the post meanwhile."""
    with transaction.atomic():
        is_entered = bool(Post.objects.filter(pk=post.pk, version=post.version).update(card=name))
        if is_entered:
            touch(soon=True, withdraws=not name)  # a proxy may hold the card of a withdrawn article
        return is_entered


def render_cards(*, drawn: Callable[[], None]) -> None:
    """Draws or deletes every card that is out of date. It may be stopped: each is complete when `drawn` is called."""
    for pk in Post.objects.order_by("pk").values_list("pk", flat=True):
        if refresh_card.call(pk):
            drawn()


WORDMARK = Path(__file__).parent / "wordmark.png"  # drawn by scripts/draw_artwork.py
FONT = Path(__file__).parent / "fonts" / "BIZUDPGothic-Bold.ttf"
SIZE = WIDTH, HEIGHT = 1200, 630
MARGIN = 76
MEASURE = WIDTH - 2 * MARGIN
PAPER, INK, MUTED, ACCENT = "#fbf9f4", "#1d1a16", "#675f54", "#b8321a"
SHADES = (10, 3, 2)  # of each ink; with the paper, 31 colours at most
MOST_BYTES = 40_000

LABEL_SIZE, BYLINE_SIZE = 34, 30
LABEL_TOP = 70
TITLE_TOP, TITLE_HEIGHT = 142, 350
FOOT_RULE = 530
WORDMARK_WIDTH = 300
GETA = "〓"  # a Japanese printer sets it in place of a missing letter


def draw_card(*, title: str, section: str, byline: str) -> bytes:
    """Draws an article's card as a PNG, for any text. Raises OSError if the font or the wordmark is missing."""
    return png(paint_card(title=title, section=section, byline=byline))


def paint_card(*, title: str, section: str, byline: str) -> PILImage.Image:
    """The pixels of `draw_card`, before they are packed, which takes most of its time."""
    card = PILImage.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(card)
    _draw_section(pen, section)
    _draw_title(pen, title)
    pen.line((MARGIN, FOOT_RULE, WIDTH - MARGIN, FOOT_RULE), fill=INK, width=2)
    byline = typesetting.shorten(printable(byline), measure, (MEASURE - WORDMARK_WIDTH - 60) / BYLINE_SIZE)
    pen.text((MARGIN, FOOT_RULE + 56), byline, MUTED, font(BYLINE_SIZE), anchor="ls")
    card.paste(INK, (WIDTH - MARGIN - WORDMARK_WIDTH, FOOT_RULE + 27), wordmark(WORDMARK_WIDTH))
    return card


def draw_default_card() -> bytes:
    """Draws the card for all pages without a card; its file is one of the static files."""
    card = PILImage.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(card)
    letters = wordmark(820)
    pen.rectangle((WIDTH // 2 - 4, 0, WIDTH // 2 + 4, 132), fill=ACCENT)
    card.paste(INK, ((WIDTH - letters.width) // 2, (HEIGHT - letters.height) // 2), letters)
    return png(card)


def _draw_section(pen: ImageDraw.ImageDraw, section: str) -> None:
    baseline = LABEL_TOP + LABEL_SIZE
    pen.rectangle((MARGIN, 0, MARGIN + 8, baseline + 4), fill=ACCENT)
    label = typesetting.shorten(printable(section), measure, (MEASURE - 30) / LABEL_SIZE)
    pen.text((MARGIN + 30, baseline), label, ACCENT, font(LABEL_SIZE), anchor="ls")


def _draw_title(pen: ImageDraw.ImageDraw, title: str) -> None:
    setting = typesetting.set_title(printable(title), measure, (MEASURE, TITLE_HEIGHT))
    leading = setting.size * typesetting.LEADING
    baseline = TITLE_TOP + (TITLE_HEIGHT - leading * len(setting.lines)) / 2 + setting.size
    for number, line in enumerate(setting.lines):
        pen.text((MARGIN, baseline + leading * number), line, INK, font(setting.size), anchor="ls")


@cache
def wordmark(width: int) -> PILImage.Image:
    """The letters of the wordmark as a mask, `width` pixels wide."""
    with PILImage.open(WORDMARK) as letters:
        return letters.resize((width, round(letters.height * width / letters.width)), PILImage.Resampling.LANCZOS)


def png(drawing: PILImage.Image, *, paper: str = PAPER, inks: tuple[str, ...] = (INK, MUTED, ACCENT)) -> bytes:
    """Saves the drawing in the colours of paper and inks, with as many shades between them as fit into MOST_BYTES."""
    for shades in SHADES:
        out = io.BytesIO()
        palette = _palette(paper, inks, shades)
        drawing.quantize(palette=palette, dither=PILImage.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() <= MOST_BYTES:
            break
    return out.getvalue()


@cache
def _palette(paper: str, inks: tuple[str, ...], shades: int) -> PILImage.Image:
    """A fixed palette, which is faster than to count the colours of a drawing."""
    lightest = ImageColor.getrgb(paper)
    colours = list(lightest)
    for ink in inks:
        for shade in range(1, shades + 1):
            pairs = zip(lightest, ImageColor.getrgb(ink), strict=True)
            colours += [round(light + (dark - light) * shade / shades) for light, dark in pairs]
    image = PILImage.new("P", (1, 1))
    image.putpalette(colours)
    return image


# --- type ---


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size, layout_engine=ImageFont.Layout.BASIC)


def measure(text: str) -> float:
    """The width of the text in em."""
    return font(100).getlength(text) / 100


def printable(text: str) -> str:
    """Replaces characters that the font lacks: a letter becomes a geta, any other sign (an emoji) is left out."""
    characters = (_printable(character) for character in unicodedata.normalize("NFC", text))
    return " ".join("".join(characters).split())


@lru_cache(maxsize=10_000)
def _printable(character: str) -> str:
    if character.isspace():
        return " "
    if not character.isprintable():
        return ""
    if _glyph(character) != _glyph("\uffff"):
        return character
    return GETA if unicodedata.category(character)[0] in "LN" else ""


def _glyph(character: str) -> tuple[tuple[int, int], bytes]:
    image = font(40).getmask(character)
    return image.size, bytes(image)
