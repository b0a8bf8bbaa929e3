import io

from PIL import Image as PILImage

from scripts import screenshots

VERMILION = (184, 50, 26)


def test_rare_accent_survives_among_many_greys():
    shot = PILImage.effect_noise((200, 200), 60).convert("RGB")
    shot.paste(VERMILION, (0, 0, 4, 4))
    out = io.BytesIO()
    shot.save(out, "PNG")
    few = screenshots.in_few_colours(out.getvalue())
    assert len(few) < len(out.getvalue()) / 2
    with PILImage.open(io.BytesIO(few)) as picture:
        assert picture.mode == "P"
        assert picture.convert("RGB").getpixel((1, 1)) == VERMILION
