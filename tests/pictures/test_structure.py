"""What a file would cost is known from its structure. Every file is made here, small, with too many of one thing."""

import io
import struct
import zlib

import pytest
from PIL import Image as PILImage

from blog.pictures.encoding import MAX_EXIF_BYTES, MAX_SCANS, ImageRejected, open_picture, reencode
from blog.pictures.structure import MAX_PARTS, structure
from tests.pictures.test_uploads import chunk, encoded, flag, photo, png

INTRICATE = "ファイルの作りが複雑すぎます"
TOO_LONG = "アニメーションが長すぎます"
TOO_LARGE = "万画素まで"


def progressive(scans):
    """A JPEG whose last pass over the picture is repeated until there are so many."""
    data = encoded(flag("L"), "JPEG", progressive=True)
    last, end = data.rindex(b"\xff\xda"), data.rindex(b"\xff\xd9")
    return data[:end] + data[last:end] * (scans - data.count(b"\xff\xda")) + data[end:]


def segments(kind, body, number):
    """A JPEG with a segment repeated behind its signature."""
    data = encoded(flag("L"), "JPEG")
    return data[:2] + (b"\xff" + bytes([kind]) + struct.pack(">H", len(body) + 2) + body) * number + data[2:]


def junk(text):
    data = encoded(flag("L"), "JPEG")
    return data[:2] + text + data[2:]


def exif(entries):
    """As many entries that all point to the same bytes as fill half of it."""
    body = b"MM\0*\0\0\0\x08" + struct.pack(">H", entries)
    body += b"".join(struct.pack(">HHII", 1 + entry, 1, entries * 12, entries * 12) for entry in range(entries))
    return body + bytes(entries * 13)


GIF_HEAD = b"GIF89a" + struct.pack("<HHBBB", 4, 4, 0x80, 0, 0) + bytes(6)


def gif_frame(width=1, height=1):
    return b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\2\2\x44\1\0"


def gif(*parts):
    return GIF_HEAD + b"".join(parts) + b";"


def animation():
    frames = [flag().rotate(angle) for angle in (0, 90, 180)]
    return encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])


def webp(*chunks, canvas=(4, 4)):
    size = b"".join(struct.pack("<I", side - 1)[:3] for side in canvas)
    parts = [(b"VP8X", b"\2\0\0\0" + size), (b"ANIM", bytes(6)), *chunks]
    body = b"".join(kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for kind, data in parts)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


EXPENSIVE = {
    "scans": (lambda: progressive(MAX_SCANS + 1), INTRICATE),
    "segments": (lambda: segments(0xE5, b"", MAX_PARTS + 1), INTRICATE),
    "comments": (lambda: segments(0xFE, b"a", MAX_PARTS + 1), INTRICATE),
    "tables": (lambda: segments(0xDB, b"\0" + bytes([1] * 64), MAX_PARTS + 1), INTRICATE),
    "zeros before the first segment": (lambda: junk(bytes(MAX_PARTS + 1)), INTRICATE),
    "fill bytes before the first segment": (lambda: junk(b"\xff" * (MAX_PARTS + 1)), INTRICATE),
    "EXIF of a JPEG in many segments": (lambda: segments(0xE1, b"Exif\0\0" + exif(1_000), 3), INTRICATE),
    "EXIF of a PNG": (lambda: png(8, 8, rows=bytes(16), extra=chunk(b"eXIf", exif(5_000))), INTRICATE),
    "EXIF of a WebP": (lambda: webp((b"EXIF", exif(5_000))), INTRICATE),
    "chunks of a PNG": (lambda: png(8, 8, extra=chunk(b"abCd", b"") * (MAX_PARTS + 1)), INTRICATE),
    "empty rows of a PNG": (lambda: png(8, 8, rows=bytes(16), extra=chunk(b"IDAT", b"") * (MAX_PARTS + 1)), INTRICATE),
    "chunks of a WebP": (lambda: webp(*[(b"abcd", b"")] * (MAX_PARTS + 1)), INTRICATE),
    "blocks of a GIF": (lambda: gif(b"!\xfe", b"\1a" * (MAX_PARTS + 1), b"\0", gif_frame()), INTRICATE),
    "extensions of a GIF": (lambda: gif(b"!\xfe\0" * (MAX_PARTS + 1), gif_frame()), INTRICATE),
    "junk in a GIF": (lambda: gif(b"a" * (MAX_PARTS + 1), gif_frame()), INTRICATE),
    "frames of a GIF": (lambda: gif(gif_frame() * 301), TOO_LONG),
    "frames of a GIF that are large": (lambda: gif(gif_frame(3_000, 3_000) * 20), TOO_LONG),
    "a frame of a GIF that outgrows it": (lambda: gif(gif_frame(), gif_frame(7_000, 7_000)), TOO_LARGE),
    "frames of a WebP": (lambda: webp(*[(b"ANMF", bytes(16))] * 301), TOO_LONG),
    "frames of a WebP that are large": (lambda: webp(*[(b"ANMF", bytes(16))] * 20, canvas=(3_000, 3_000)), TOO_LONG),
    "canvas of a WebP": (lambda: webp((b"ANMF", bytes(16)), canvas=(16_383, 16_383)), TOO_LARGE),
}


@pytest.mark.parametrize("name", EXPENSIVE)
def test_what_would_take_a_decoder_long_is_refused_in_words_before_it_is_opened(name, monkeypatch):
    make, reason = EXPENSIVE[name]
    data = make()
    monkeypatch.setattr(PILImage, "open", None)
    with pytest.raises(ImageRejected, match=reason):
        reencode(data)


@pytest.mark.parametrize(("kind", "head"), [(b"zTXt", b"k\0\0"), (b"iTXt", b"k\0\1\0\0\0"), (b"iCCP", b"k\0\0")])
def test_text_that_unpacks_to_far_more_is_refused(kind, head):
    text = head + zlib.compress(bytes(2**24))
    with pytest.raises(ImageRejected, match="画像として読めません"):
        reencode(png(8, 8, rows=bytes(16), extra=chunk(kind, text)))


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (encoded(flag(), "JPEG"), {"scans": 1}),
        (encoded(flag(), "JPEG", progressive=True), {"scans": 10}),
        (progressive(30), {"scans": 30}),
        (encoded(flag(), "JPEG", restart_marker_blocks=1), {"scans": 1}),
        (encoded(flag(), "MPO", save_all=True, append_images=[flag()] * 3), {"scans": 1}),
        (segments(0xE1, b"Exif\0\0" + b"\xff\xda" * 60, 1), {"scans": 1, "exif_bytes": 128}),
        (animation(), {"frames": 3, "pixels": 800}),
        (encoded(flag(), "WEBP", save_all=True, append_images=[flag().rotate(180)]), {"frames": 2, "pixels": 800}),
        (png(8, 8, extra=chunk(b"eXIf", b"1234")), {"parts": 4, "exif_bytes": 4}),
        (b"", {"parts": 0}),
        (b"text", {"parts": 0}),
    ],
)  # fmt: skip
def test_structure_is_counted_without_decoding(data, found):
    counted = structure(data)._asdict()
    assert {name: counted[name] for name in found} == found


@pytest.mark.parametrize(
    "data",
    [
        photo(),
        encoded(flag(), "JPEG", progressive=True),
        progressive(30),
        encoded(flag("CMYK"), "JPEG", progressive=True),
        encoded(flag(), "MPO", save_all=True, append_images=[flag()] * 3),
        encoded(flag("RGBA"), "PNG"),
        encoded(flag(), "WEBP"),
        animation(),
        segments(0xE2, b"ICC_PROFILE\0" + bytes(60_000), 200),
    ],
)
def test_what_cameras_and_programs_write_passes(data):
    with open_picture(data) as picture:
        picture.load()


@pytest.mark.parametrize("make", [photo, lambda: encoded(flag(), "PNG"), lambda: encoded(flag(), "WEBP", exif=b"x" * 9),
    lambda: gif(b"!\xfe\3abc\0", gif_frame() * 3), lambda: progressive(12)])  # fmt: skip
def test_a_file_that_ends_anywhere_is_counted_to_its_end(make):
    data = make()
    for end in range(len(data)):
        assert structure(data[:end]).parts <= structure(data).parts


def test_largest_exif_of_a_jpeg_is_taken():
    data = segments(0xE1, b"Exif\0\0" + exif(1)[: MAX_EXIF_BYTES - 10].ljust(65_000, b"\0"), 1)
    assert PILImage.open(io.BytesIO(reencode(data).data)).size == (40, 20)
