"""What a picture's file is made of, counted without decoding any of it.

A few bytes can ask a decoder for a pass over millions of pixels, so what they ask for is known before it is asked.
Whether the file is sound is not: a count stops where the file ends or makes no sense, and the decoder refuses that.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

MAX_PARTS = 100_000  # where a count ends; 20 MB of what real encoders write hold 80,000

# Of a JPEG: whatever is no data of a scan. A byte of data that looks like one is followed by a zero.
JPEG_MARKER = re.compile(rb"\xff([^\x00\x01\xd0-\xd7\xff])")
START_OF_SCAN, END_OF_IMAGE, APP1 = 0xDA, 0xD9, 0xE1
GIF_EXTENSION, GIF_FRAME, GIF_END = 0x21, 0x2C, 0x3B


class Structure(NamedTuple):
    """`parts` are segments, chunks and blocks, and bytes between them that a decoder skips one by one.

    `pixels` are those of the canvas that holds every frame; 0 for a JPEG and a PNG, whose decoders read it first.
    """

    parts: int = 0
    scans: int = 0
    frames: int = 0
    pixels: int = 0
    exif_bytes: int = 0


def structure(data: bytes) -> Structure:
    """What the file is made of; nothing for one that is no JPEG, PNG, GIF or WebP."""
    for signature, count in _COUNTS.items():
        if data.startswith(signature):
            return count(data)
    return Structure()


def _jpeg(data: bytes) -> Structure:
    """Of the first picture; a file of several views is decoded no further."""
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
            position += 10 + _colours(data, position + 8)  # with the byte that says how codes begin
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
    """The bytes of the table of colours that the flags at the position announce."""
    flags = data[position] if position < len(data) else 0
    return 3 * 2 ** (flags % 8 + 1) if flags & 0x80 else 0


_COUNTS: dict[bytes, Callable[[bytes], Structure]] = {
    b"\xff\xd8": _jpeg,
    b"\x89PNG\r\n\x1a\n": _png,
    b"RIFF": _webp,
    b"GIF8": _gif,
}
