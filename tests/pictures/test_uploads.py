"""Pictures on their way in. Every file is made here, by the same library or by hand."""

import io
import struct
import zlib
from contextlib import suppress

import pytest
from django.core.files.storage import default_storage
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as PILImage
from PIL import ImageSequence

from blog.models import Image
from blog.pictures.encoding import MAX_BYTES, ImageRejected, encode_archived, reencode
from blog.pictures.uploads import restore_image, store_image

ORIENTATION, GPS, MAKE = 0x0112, 0x8825, 0x010F
PLACE = {1: "N", 2: (35.0, 41.0, 22.0)}


def encoded(picture, name, **options):
    out = io.BytesIO()
    picture.save(out, name, **options)
    return out.getvalue()


def flag(mode="RGB", size=(40, 20)):
    """Red on the left, blue on the right: it shows whether it was turned."""
    picture = PILImage.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, *size))
    return picture.convert(mode)


def opened(data):
    picture = PILImage.open(io.BytesIO(data))
    picture.load()
    return picture


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, *, depth=1, rows=b"", extra=b""):
    """A PNG that claims this size, whatever `rows` holds."""
    header = struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + extra
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def photo():
    """A photograph held upright, with the place and the camera in it."""
    exif = PILImage.Exif()
    exif[ORIENTATION], exif[MAKE], exif[GPS] = 6, "CAMERA", PLACE
    return encoded(flag(), "JPEG", exif=exif, comment=b"COMMENT", quality=95)


# --- what is taken ---


@pytest.mark.parametrize(
    ("data", "format", "extension"),
    [
        (encoded(flag(), "JPEG"), "JPEG", "jpg"),
        (encoded(flag("CMYK"), "JPEG"), "JPEG", "jpg"),
        (encoded(flag(), "PNG", compress_level=1), "PNG", "png"),
        (encoded(flag("RGBA"), "PNG", compress_level=1), "PNG", "png"),
        (encoded(flag(), "WEBP"), "WEBP", "webp"),
        (encoded(flag("P"), "GIF"), "WEBP", "webp"),
    ],
)
def test_picture_is_decoded_and_encoded_anew(data, format, extension):
    result = reencode(data)
    assert result.extension == extension
    assert opened(result.data).format == format
    assert opened(result.data).size == (40, 20)
    assert result.data != data


def test_photograph_stands_upright_and_says_neither_where_nor_with_what_it_was_taken():
    assert b"CAMERA" in photo()
    result = reencode(photo())
    picture = opened(result.data)
    assert picture.size == (20, 40)
    assert picture.getpixel((10, 5))[0] > 200
    assert not picture.getexif()
    for trace in (b"Exif", b"CAMERA", b"COMMENT", b"GPS"):
        assert trace not in result.data


def test_animation_keeps_its_frames_and_its_tempo():
    frames = [flag().rotate(angle) for angle in (0, 90, 180)]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=70, loop=0)
    animation = opened(reencode(data).data)
    durations = []
    for frame in ImageSequence.Iterator(animation):
        frame.load()
        durations.append(frame.info["duration"])
    assert durations == [70, 70, 70]
    assert animation.info["loop"] == 0


# --- what is refused ---


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"<!doctype html><script>alert(1)</script>", id="HTML"),
        pytest.param(b"GIF89a\1\0\1\0<script>alert(1)</script>", id="HTML that begins as a GIF"),
        pytest.param(b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', id="SVG"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", id="PostScript"),
        pytest.param(encoded(flag(), "JPEG")[:-200], id="truncated JPEG"),
        pytest.param(encoded(flag(), "PNG")[:60], id="truncated PNG"),
        pytest.param(b"\x89PNG\r\n\x1a\n", id="only a signature"),
        pytest.param(png(0, 8), id="no width"),
    ],
)
def test_what_is_no_picture_of_ours_is_refused_in_words(data):
    with pytest.raises(ImageRejected, match="画像として読めません"):
        reencode(data)


PLACES_AND_BYTES = st.lists(st.tuples(st.integers(2, 190), st.integers(0, 255)), min_size=1, max_size=3)


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # it tells what it repairs
@settings(max_examples=300)
@given(PLACES_AND_BYTES)
def test_damaged_header_is_taken_or_refused_in_words(changes):
    data = bytearray(photo())
    for place, byte in changes:
        data[place] = byte
    with suppress(ImageRejected):
        reencode(bytes(data))


@pytest.mark.parametrize("side", [6_500, 13_000, 60_000, 2**31 - 1])
def test_bomb_is_refused_before_it_is_decoded(side):
    with pytest.raises(ImageRejected, match="万画素まで"):
        reencode(png(side, side, rows=bytes(1000)))


def test_file_beyond_the_limit_is_refused_unopened():
    with pytest.raises(ImageRejected, match="20MB"):
        reencode(photo() + bytes(MAX_BYTES))


def test_endless_animation_is_refused():
    frames = [PILImage.new("RGB", (4, 4), "red" if number % 2 else "blue") for number in range(301)]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert opened(data).n_frames == 301
    with pytest.raises(ImageRejected, match="アニメーション"):
        reencode(data)


# --- what is stored ---


@pytest.mark.django_db
class TestStoring:
    def test_same_upload_is_one_row_and_keeps_what_an_editor_wrote(self):
        first = store_image(photo(), alt="旗")
        again = store_image(photo(), name="other.jpg", alt="別の文")
        assert (again.pk, again.alt, Image.objects.count()) == (first.pk, "旗", 1)

    @pytest.mark.parametrize("data", [photo(), encoded(flag(), "PNG"), encoded(flag("P"), "GIF")])
    def test_picture_that_is_served_is_the_same_picture_when_it_comes_back(self, data):
        image = store_image(data, alt="旗")
        with default_storage.open(image.file.name) as file:
            served = file.read()
        assert store_image(served, name="downloaded.png") == image
        image.delete()
        restored = restore_image(served, source_digest=image.source_digest, alt="旗")
        assert (restored.file.name, restored.source_digest) == (image.file.name, image.source_digest)
        assert (restored.width, restored.height, restored.alt) == (image.width, image.height, "旗")

    def test_name_of_a_file_cannot_choose_its_place(self):
        for name in ("../../etc/cron.d/x", "/etc/passwd", "a\x00.php", "長" * 500 + ".png"):
            image = store_image(encoded(flag(size=(1, len(name))), "PNG"), name=name)
            assert image.file.name.startswith("images/")
            assert image.file.name.endswith(".png")
            assert len(image.original_name) <= 255


# --- what an archive holds ---


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L", "1"])
def test_png_of_an_archive_that_is_only_pixels_stays_byte_for_byte(mode):
    data = encoded(flag(mode), "PNG", compress_level=1)
    assert encode_archived(data) == (data, "png")
