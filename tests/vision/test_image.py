"""`decode`: good pictures come out upright, and nothing but BadFrameError ever comes out of bad ones."""

import io
import tracemalloc

import cv2
import numpy as np
import pytest
import simplejpeg
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageOps

from lifesign.errors import BadFrameError
from lifesign.vision.image import ImageLimits, decode
from lifesign.vision.jpeg import MAX_SEGMENTS
from tests.vision.pictures import hopper, hopper_jpeg

LIMITS = ImageLimits()
SMALL = ImageLimits(min_side=8)
CODES = {"not_an_image", "truncated_image", "unsupported_image", "image_too_large", "image_too_small"}
END_OF_IMAGE = b"\xff\xd9"
FRAME_HEADER = b"\xff\xc0"
SCAN = b"\xff\xda"
JPEG_NOISE = 12  # grey levels that a round trip at quality 95 may cost in flat areas


def quadrants(width: int = 96, height: int = 64) -> NDArray[np.uint8]:
    """Four colours, so that no turn or mirroring looks like another."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[: height // 2, : width // 2] = 255, 0, 0
    pixels[: height // 2, width // 2 :] = 0, 255, 0
    pixels[height // 2 :, : width // 2] = 0, 0, 255
    return pixels


def jpeg(pixels: NDArray[np.uint8]) -> bytes:
    return bytes(simplejpeg.encode_jpeg(pixels, quality=95, colorsubsampling="444"))


def pillow_jpeg(image: Image.Image, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=95, **options)
    return buffer.getvalue()


def code_of(data: bytes, limits: ImageLimits = LIMITS) -> str:
    with pytest.raises(BadFrameError) as caught:
        decode(data, limits)
    return caught.value.code


def test_a_picture_comes_out_as_it_went_in() -> None:
    pixels = decode(jpeg(quadrants()), LIMITS)
    assert pixels.shape == (64, 96, 3)
    assert pixels.dtype == np.uint8
    assert np.abs(pixels.astype(int) - quadrants()).max() <= JPEG_NOISE


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("order", ["<", ">"])
def test_exif_orientation_is_applied(orientation: int, order: str) -> None:
    image = Image.fromarray(quadrants())
    exif = Image.Exif()
    exif.endian = order
    exif[0x0112] = orientation
    data = pillow_jpeg(image, exif=exif.tobytes())
    upright = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data))))
    assert np.array_equal(decode(data, LIMITS), upright)


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_an_orientation_that_means_nothing_is_upright(value: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = value
    assert decode(pillow_jpeg(Image.fromarray(quadrants()), exif=exif.tobytes()), LIMITS).shape == (64, 96, 3)


def test_progressive_and_grey_are_fine() -> None:
    progressive = pillow_jpeg(Image.fromarray(hopper()), progressive=True)
    assert progressive.count(SCAN) > 1
    assert decode(progressive, LIMITS).shape == hopper().shape
    grey = decode(pillow_jpeg(Image.fromarray(quadrants()).convert("L")), LIMITS)
    assert grey.shape == (64, 96, 3)
    assert np.array_equal(grey[..., 0], grey[..., 2])


def test_bytes_after_the_end_do_no_harm() -> None:
    assert np.array_equal(
        decode(jpeg(quadrants()) + b"some phones add more", LIMITS), decode(jpeg(quadrants()), LIMITS)
    )


@pytest.mark.parametrize(
    ("extension", "code"),
    [(".png", "unsupported_image"), (".webp", "unsupported_image"), (".bmp", "unsupported_image")],
)
def test_other_formats_are_named(extension: str, code: str) -> None:
    data = cv2.imencode(extension, quadrants())[1].tobytes()
    assert code_of(data) == code


def test_print_colours_are_refused() -> None:
    assert code_of(pillow_jpeg(Image.fromarray(quadrants()).convert("CMYK"))) == "unsupported_image"


@pytest.mark.parametrize("data", [b"", b"\xff", b"\xff\xd8", b"hello", bytes(1000)[3:], b'{"image": ""}'])
def test_what_is_no_picture(data: bytes) -> None:
    assert code_of(data) in {"not_an_image", "unsupported_image"}


def test_sides_and_bytes_have_limits() -> None:
    assert code_of(jpeg(quadrants(1922, 64))) == "image_too_large"
    assert code_of(jpeg(quadrants(64, 1922))) == "image_too_large"
    assert code_of(jpeg(quadrants(62, 64))) == "image_too_small"
    assert decode(jpeg(quadrants(1920, 64)), LIMITS).shape == (64, 1920, 3)
    good = jpeg(quadrants())
    assert decode(good, ImageLimits(max_bytes=len(good))).shape == (64, 96, 3)
    assert code_of(good, ImageLimits(max_bytes=len(good) - 1)) == "image_too_large"


def test_a_huge_promise_costs_nothing() -> None:
    data = bytearray(jpeg(quadrants()))
    at = data.index(FRAME_HEADER) + 5
    data[at : at + 4] = (50_000).to_bytes(2) * 2
    tracemalloc.start()
    try:
        assert code_of(bytes(data)) == "image_too_large"
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100_000


def test_a_bomb_of_scans_is_refused() -> None:
    data = pillow_jpeg(Image.fromarray(hopper()), progressive=True)
    last = data.rindex(SCAN)
    scan = data[last : -len(END_OF_IMAGE)]
    bomb = data[:last] + scan * LIMITS.max_scans + END_OF_IMAGE
    assert code_of(bomb, ImageLimits(max_bytes=len(bomb))) == "unsupported_image"


def test_a_walk_of_tiny_segments_ends() -> None:
    empty_comment = b"\xff\xfe\x00\x02"
    good = jpeg(quadrants())
    assert code_of(good[:2] + empty_comment * (MAX_SEGMENTS + 1) + good[2:]) == "truncated_image"


@given(share=st.floats(0, 1, exclude_max=True))
@example(share=0.999999)
def test_a_picture_cut_short_is_an_error(share: float) -> None:
    data = hopper_jpeg()
    assert code_of(data[: int(share * len(data))]) in CODES


@given(data=st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    assert code_of(data) in CODES
    assert code_of(b"\xff\xd8\xff" + data) in CODES


CHANGES = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=8)


@settings(max_examples=400)
@given(changes=CHANGES, progressive=st.booleans())
def test_a_spoilt_picture(changes: list[tuple[int, int]], progressive: bool) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    options = {"progressive": progressive, "exif": exif.tobytes()}
    data = bytearray(pillow_jpeg(Image.fromarray(quadrants(32, 24)), **options))
    for place, value in changes:
        data[place % len(data)] = value
    outcome = outcome_of(bytes(data))
    assert outcome in CODES or outcome == "a picture"


def outcome_of(data: bytes) -> str:
    """The code of the error, or that it is a picture of the promised kind; any other exception comes through."""
    try:
        pixels = decode(data, SMALL)
    except BadFrameError as error:
        return error.code
    return "a picture" if pixels.dtype == np.uint8 and pixels.shape[2:] == (3,) else f"{pixels.dtype} {pixels.shape}"
