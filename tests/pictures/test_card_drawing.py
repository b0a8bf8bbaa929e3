"""Cards as a reader sees them: their pixels."""

import io
from itertools import islice

import pytest
from PIL import Image as PILImage
from PIL import ImageChops

from blog.pictures.cards import PAPER, draw_card, printable

SENTENCE = "生成AIの投資判断をどう読むか、半導体と電力の数字から確かめる。"
# Two hundred different ones, as dense as they come: nothing weighs more.
KANJI = "".join(islice((chr(code) for code in range(0x9B00, 0x9FA0) if printable(chr(code)) != "〓"), 200))


def card(title="題", section="市場", byline="編集部"):
    return draw_card(title=title, section=section, byline=byline)


def seen(data):
    """The pixels of a card."""
    return PILImage.open(io.BytesIO(data)).convert("RGB")


def inked(picture, box):
    """The rectangle that is not paper within a part of the pixels; None where all is."""
    part = picture.crop(box)
    return ImageChops.difference(part, PILImage.new("RGB", part.size, PAPER)).getbbox()


MARGINS = [(0, 0, 70, 630), (1130, 0, 1200, 630), (0, 600, 1200, 630), (90, 0, 1200, 60)]
# Between the section and the title, and between the title and the rule.
GAPS = [(0, 118, 1200, 130), (0, 500, 1200, 526)]


@pytest.mark.parametrize("length", [1, 20, 200])
@pytest.mark.parametrize("text", [SENTENCE, KANJI, "Cost of inference ", "「」"])
def test_no_title_leaves_its_place_or_weighs_too_much(text, length):
    data = card((text * length)[:length])
    picture = seen(data)
    for place in MARGINS + GAPS:
        assert inked(picture, place) is None, place
    assert len(data) <= 40_000


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("新製品😀🎉の発表", "新製品の発表"),
        ("👩‍👩‍👧家族の❤️話", "家族の話"),
        ("한국と𠮷野家", "〓〓と〓野家"),
        ("か\u3099くせい", "がくせい"),
        ("a\u200bb\u202ec\x00d\ufeffe\ud800", "abcde"),
        ("二行\nの\t 題\u3000名", "二行 の 題 名"),
        ("<b>&amp;", "<b>&amp;"),
        ("髙﨑①㈱Café", "髙﨑①㈱Café"),
        ("😀", ""),
    ],
)
def test_what_the_font_lacks_leaves_no_box(text, wanted):
    assert printable(text) == wanted
    assert card(text, text, text)
