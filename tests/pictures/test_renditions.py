"""Smaller copies of pictures, from files of every kind."""

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from PIL import Image as PILImage
from PIL import ImageCms

from blog.models import Image
from blog.pictures.renditions import make_renditions
from blog.pictures.uploads import store_image
from tests.pictures.test_uploads import encoded, flag, opened

# About pixels and files: PostgreSQL repeats what asks it something of its own.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def noise(size, mode="RGB"):
    """What no encoder makes small, so that every rendition is worth its while."""
    return PILImage.effect_noise(size, 90).convert(mode)


def rendered(data, **texts):
    image = store_image(data, **texts)
    make_renditions(image)
    return Image.objects.get(pk=image.pk)


def renditions(image):
    """Each rendition as a browser would see it."""
    pictures = []
    for width, name in image.choices:
        with default_storage.open(name) as file:
            pictures.append(opened(file.read()))
        assert (pictures[-1].format, pictures[-1].width) == ("WEBP", width), name
    return pictures


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (479, [479]),
        (1000, [480, 800, 1000]),
        (2000, [480, 800, 1200, 1600]),
    ],
)
def test_no_rendition_is_wider_than_the_picture(width, widths):
    image = rendered(encoded(noise((width, 40)), "JPEG", quality=95))
    assert [width for width, _ in image.choices] == widths
    assert [picture.width for picture in renditions(image)] == widths


def test_a_rendition_that_saves_nothing_is_left_out_and_the_picture_stands_in():
    image = rendered(encoded(noise((900, 10), "1"), "PNG"))  # narrower ones would have shades of grey
    assert [width for width, _ in image.choices] == [900]
    image.renditions = [[480, "renditions/a.webp"], [800, "renditions/b.webp"]]
    assert image.srcset == f"/media/renditions/a.webp 480w, /media/renditions/b.webp 800w, {image.file.url} 900w"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_every_mode_keeps_its_colours(mode):
    picture = flag(mode, (600, 60)) if mode != "I;16" else PILImage.new("I;16", (600, 60), 40_000)
    if mode != "I;16":
        picture.paste(noise((600, 20), mode), (0, 40))
    image = rendered(encoded(picture, "JPEG" if mode == "CMYK" else "PNG"))
    expected = {"RGB": (255, 0, 0), "RGBA": (255, 0, 0), "P": (255, 0, 0), "CMYK": (255, 0, 0), "I;16": (156,) * 3}
    for small in renditions(image):
        pixel = small.convert("RGB").getpixel((100, 5))
        wanted = expected.get(mode, flag(mode).convert("RGB").getpixel((5, 5)))
        assert max(abs(a - b) for a, b in zip(pixel, wanted, strict=True)) < 30, (pixel, wanted)


@pytest.mark.parametrize("kind", ["RGBA", "palette"])
def test_transparency_is_kept(kind):
    picture = noise((600, 60), "RGBA")
    picture.paste((0, 0, 0, 0), (300, 0, 600, 60))
    if kind == "palette":
        picture = picture.quantize(64)
    image = rendered(encoded(picture, "PNG"))
    for small in renditions(image):
        assert small.mode == "RGBA"
        assert (small.getpixel((10, 10))[3], small.getpixel((small.width - 10, 10))[3]) == (255, 0)


def test_colours_are_those_that_the_profile_means():
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    red_is_blue = srgb.replace(b"rXYZ", b"xXYZ").replace(b"bXYZ", b"rXYZ").replace(b"xXYZ", b"bXYZ")
    picture = flag(size=(600, 60))
    picture.paste(noise((600, 30)), (0, 30))
    for profile, colour in ((srgb, (254, 0, 0)), (red_is_blue, (0, 0, 254)), (b"no profile", (254, 0, 0))):
        image = rendered(encoded(picture, "JPEG", icc_profile=profile))
        for small in renditions(image):
            pixel = small.getpixel((20, 5))
            assert max(abs(a - b) for a, b in zip(pixel, colour, strict=True)) < 20, (pixel, colour)
            assert "icc_profile" not in small.info


# --- for social networks ---


def shared(image):
    """The JPEG as a network sees it, and its length."""
    name, width, height = image.share_file
    with default_storage.open(name) as file:
        data = file.read()
    picture = opened(data)
    assert (picture.format, picture.size) == ("JPEG", (width, height))
    return picture, len(data)


@pytest.mark.parametrize(
    ("size", "kind", "shared_size"),
    [
        ((2000, 1000), "JPEG", (1200, 600)),
        ((800, 40), "WEBP", (800, 40)),
    ],
)
def test_networks_get_a_jpeg_of_1200_pixels_at_most(size, kind, shared_size):
    image = rendered(encoded(PILImage.effect_noise((70, 50), 60).resize(size), kind))
    assert shared(image)[0].size == shared_size
    assert image.share_file[0] not in image.srcset


class TestCommand:
    def run(self, capsys):
        call_command("render_images")
        return capsys.readouterr().out

    def test_makes_what_is_missing_and_only_that(self, capsys):
        first, second = (store_image(encoded(noise((500 + n, 40)), "JPEG")) for n in range(2))
        assert "2 pictures rendered." in self.run(capsys)
        assert "0 pictures rendered." in self.run(capsys)
        first.refresh_from_db()
        default_storage.delete(first.renditions[0][1])
        assert "1 pictures rendered." in self.run(capsys)
        second.refresh_from_db()
        assert all(default_storage.exists(name) for image in (first, second) for _, name in image.renditions)
