"""The marker segments of a JPEG, read for what the decoder does not tell: which way is up, how many scans.

Source: ITU-T T.81 annex B (segments), CIPA DC-008 (Exif) section 4.6.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

MAX_SEGMENTS = 256  # a camera writes about ten; a walk of a million tiny ones must not cost anything
FILL, RESTART_FIRST, RESTART_LAST, END_OF_IMAGE, START_OF_SCAN, APP1, TEMPORARY = (
    0xFF, 0xD0, 0xD7, 0xD9, 0xDA, 0xE1, 0x01,
)  # fmt: skip
EXIF_SIGNATURE = b"Exif\x00\x00"
ORIENTATION_TAG = 0x0112
ORIENTATIONS = range(1, 9)
UPRIGHT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """`orientation`: 1..8 as in Exif, 1 = upright. `scans`: passes over the picture, 0 when the bytes end before
    the first one."""

    orientation: int
    scans: int


def read_header(data: bytes) -> Header:
    """Read any bytes that start like a JPEG; never raises."""
    orientation, scans = UPRIGHT, 0
    for marker, start, end in _segments(data):
        if marker == APP1 and data.startswith(EXIF_SIGNATURE, start):
            orientation = _orientation(data[start + len(EXIF_SIGNATURE) : end])
        if marker == START_OF_SCAN:
            # inside coded pixels 0xFF is always followed by 0, so every further one found is a scan
            scans = 1 + data.count(bytes((FILL, START_OF_SCAN)), end)
    return Header(orientation=orientation, scans=scans)


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """(marker, start, end) of the payload of each segment up to the first scan's header."""
    at = 2
    for _ in range(MAX_SEGMENTS):
        if at + 4 > len(data) or data[at] != FILL:
            return
        marker = data[at + 1]
        if marker == FILL:
            at += 1
        elif marker == TEMPORARY or RESTART_FIRST <= marker <= RESTART_LAST:
            at += 2
        else:
            end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
            if marker == END_OF_IMAGE or end > len(data):
                return
            yield marker, at + 4, end
            if marker == START_OF_SCAN:
                return
            at = max(end, at + 4)


def _orientation(tiff: bytes) -> int:
    """The orientation in the first directory of a TIFF header, 1 where there is none that makes sense."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return UPRIGHT
    try:
        (directory,) = struct.unpack_from(f"{order}I", tiff, 4)
        (entries,) = struct.unpack_from(f"{order}H", tiff, directory)
        for entry in range(min(entries, MAX_SEGMENTS)):
            tag, _type, _count, value = struct.unpack_from(f"{order}HHIH", tiff, directory + 2 + 12 * entry)
            if tag == ORIENTATION_TAG:
                return value if value in ORIENTATIONS else UPRIGHT
    except struct.error:  # a directory outside the segment
        return UPRIGHT
    return UPRIGHT
