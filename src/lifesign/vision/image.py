"""JPEG bytes to pixels. Everything is judged from the header before one pixel is made."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from lifesign.errors import BadFrameError
from lifesign.vision.jpeg import read_header

JPEG_START = b"\xff\xd8\xff"
COLOURS = frozenset({"YCbCr", "RGB", "Gray"})  # CMYK and YCCK are formats of print: no camera sends them
OTHER_FORMATS = {
    b"\x89PNG": "PNG",
    b"GIF8": "GIF",
    b"RIFF": "WebP",
    b"BM": "BMP",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"\x00\x00\x00": "HEIC or AVIF",
}
# Exif orientation: (transpose first, then flip: 1 left-right, 0 up-down, -1 both)
TURNS: dict[int, tuple[bool, int | None]] = {
    1: (False, None),
    2: (False, 1),
    3: (False, -1),
    4: (False, 0),
    5: (True, None),
    6: (True, 1),
    7: (True, -1),
    8: (True, 0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageLimits:
    """What a picture may cost. Sides are in pixels."""

    max_bytes: int = 1_000_000
    max_side: int = 1920
    min_side: int = 64
    # each scan of a progressive JPEG is one more pass over the picture: encoders write ten, a bomb thousands
    max_scans: int = 16


def decode(data: bytes, limits: ImageLimits) -> NDArray[np.uint8]:
    """The picture as (H, W, 3) uint8 RGB, turned upright as its Exif orientation says.

    Raises BadFrameError with one of `not_an_image unsupported_image image_too_large image_too_small
    truncated_image`, and nothing else, for any bytes.
    """
    if len(data) > limits.max_bytes:
        raise BadFrameError("image_too_large", f"The picture has more than {limits.max_bytes} bytes.")
    if not data.startswith(JPEG_START):
        raise _not_jpeg(data)
    header = read_header(data)
    _check_header(data, limits, header.scans)
    try:
        pixels: NDArray[np.uint8] = simplejpeg.decode_jpeg(data, "RGB", strict=True)
    except ValueError as error:  # strict: also what the decoder could paper over, such as missing rows
        raise BadFrameError("truncated_image", f"The JPEG is damaged or cut short ({error}).") from error
    return _upright(pixels, header.orientation)


def _check_header(data: bytes, limits: ImageLimits, scans: int) -> None:
    if not scans:
        raise BadFrameError("truncated_image", "The JPEG ends inside its header.")
    if scans > limits.max_scans:
        raise BadFrameError("unsupported_image", f"The JPEG has more than {limits.max_scans} scans.")
    try:
        height, width, colours, _sampling = simplejpeg.decode_jpeg_header(data, strict=False)
    except (ValueError, KeyError) as error:  # KeyError: a colour sampling that simplejpeg has no name for
        raise BadFrameError("unsupported_image", f"This kind of JPEG is not supported ({error}).") from error
    if colours not in COLOURS:
        raise BadFrameError("unsupported_image", f"A JPEG in {colours} is not supported: send RGB or grey.")
    if max(height, width) > limits.max_side:
        raise BadFrameError(
            "image_too_large", f"The picture is {width}×{height} px: at most {limits.max_side} px a side."
        )
    if min(height, width) < limits.min_side:
        raise BadFrameError(
            "image_too_small", f"The picture is {width}×{height} px: at least {limits.min_side} px a side."
        )


def _not_jpeg(data: bytes) -> BadFrameError:
    name = next((name for start, name in OTHER_FORMATS.items() if data.startswith(start)), None)
    if name is None:
        return BadFrameError("not_an_image", "These bytes are no picture: send a JPEG.")
    return BadFrameError("unsupported_image", f"This looks like {name}: send a JPEG.")


def _upright(pixels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    transpose, flip = TURNS[orientation]
    turned: cv2.typing.MatLike = cv2.transpose(pixels) if transpose else pixels
    return np.asarray(turned if flip is None else cv2.flip(turned, flip), dtype=np.uint8)
