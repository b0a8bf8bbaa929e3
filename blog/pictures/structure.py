"""Counts the parts of a picture's file without decoding it.

A few bytes can make a decoder pass over millions of pixels, so its work is known before it begins. The count does not
tell whether the file is valid: it stops where the file ends or makes no sense, and the decoder then refuses it.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

MAX_PARTS = 100_000  # a count ends here; 20 MB from a real encoder have 80,000

# A JPEG's segments begin with such a marker. In the data of a scan, a zero follows each byte that looks like one.
JPEG_MARKER = re.compile(rb"\xff([^\x00\x01\xd0-\xd7\xff])")
START_OF_SCAN, END_OF_IMAGE, APP1 = 0xDA, 0xD9, 0xE1
GIF_EXTENSION, GIF_FRAME, GIF_END = 0x21, 0x2C, 0x3B


class Structure(NamedTuple):
    """The numbers of parts, scans and frames in a file, and of the bytes of its EXIF.

    `parts` are segments, chunks and blocks, and bytes between them that a decoder skips one by one. `pixels` is the
    size of the canvas that holds every frame; 0 for JPEG and PNG, whose decoders tell it before they decode.
    """

    parts: int = 0
    scans: int = 0
    frames: int = 0
    pixels: int = 0
    exif_bytes: int = 0


def structure(data: bytes) -> Structure:
    """Counts the file's parts; all are 0 for a file that is not JPEG, PNG, GIF or WebP."""
    for signature, count in _COUNTS.items():
        if data.startswith(signature):
            return count(data)
    return Structure()


def _jpeg(data: bytes) -> Structure:
    """Counts the first picture only: of a file with several views, no other one is decoded."""
    parts = scans = exif_bytes = 0
    position = 2
    while parts <= MAX_PARTS and (marker := JPEG_MARKER.search(data, position)):
        if not scans:
            parts += marker.start() - position
        kind, position = marker[1][0], marker.end()
        if kind == END_OF_IMAGE:
            break
        length = int.from_bytes(data[position : position + 2])
        parts += 1
        scans += kind == START_OF_SCAN
        if kind == APP1 and data[position + 2 : position + 6] == b"Exif":
            exif_bytes += length
        position += length
    return Structure(parts, scans, exif_bytes=exif_bytes)


def _png(data: bytes) -> Structure:
    parts = exif_bytes = 0
    position, kind = 8, b""
    while parts <= MAX_PARTS and position < len(data) and kind != b"IEND":
        length, kind = int.from_bytes(data[position : position + 4]), data[position + 4 : position + 8]
        parts += 1
        if kind == b"eXIf":
            exif_bytes += length
        position += 12 + length
    return Structure(parts, exif_bytes=exif_bytes)


def _webp(data: bytes) -> Structure:
    parts = frames = pixels = exif_bytes = 0
    position = 12
    while parts <= MAX_PARTS and position < len(data):
        kind, length = data[position : position + 4], int.from_bytes(data[position + 4 : position + 8], "little")
        parts += 1
        frames += kind == b"ANMF"
        if kind == b"VP8X":
            width, height = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (position + 12, position + 15))
            pixels = max(pixels, width * height)
        elif kind == b"EXIF":
            exif_bytes += length
        position += 8 + length + length % 2
    return Structure(parts, frames=frames, pixels=pixels, exif_bytes=exif_bytes)


def _gif(data: bytes) -> Structure:
    width, height = _pair(data, 6)
    parts = frames = 0
    position = 13 + _colours(data, 10)
    while parts <= MAX_PARTS and position < len(data) and data[position] != GIF_END:
        kind = data[position]
        parts, position = parts + 1, position + 1
        if kind == GIF_FRAME:
            frames += 1
            (left, top), (frame_width, frame_height) = _pair(data, position), _pair(data, position + 4)
            width, height = max(width, left + frame_width), max(height, top + frame_height)
            position += 10 + _colours(data, position + 8)  # includes the byte with the initial size of codes
        elif kind == GIF_EXTENSION:
            position += 1
        else:
            continue
        while parts <= MAX_PARTS and position < len(data) and data[position]:
            parts, position = parts + 1, position + 1 + data[position]
        position += 1
    return Structure(parts, frames=frames, pixels=width * height)


def _pair(data: bytes, position: int) -> tuple[int, int]:
    return int.from_bytes(data[position : position + 2], "little"), int.from_bytes(
        data[position + 2 : position + 4], "little"
    )


def _colours(data: bytes, position: int) -> int:
    """The size in bytes of the colour table that the flags at the position announce."""
    flags = data[position] if position < len(data) else 0
    return 3 * 2 ** (flags % 8 + 1) if flags & 0x80 else 0


_COUNTS: dict[bytes, Callable[[bytes], Structure]] = {
    b"\xff\xd8": _jpeg,
    b"\x89PNG\r\n\x1a\n": _png,
    b"RIFF": _webp,
    b"GIF8": _gif,
}
