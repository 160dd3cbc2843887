"""Clips as they come: variable frame rates, turned phones, GIFs, pictures, and what is none of it."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from lifesign.errors import ClipError
from lifesign.vision.clip import Clip

RED, BLUE = (255, 0, 0), (0, 0, 255)


def picture(number: int, size: tuple[int, int] = (96, 64)) -> np.ndarray:
    """(H, W, 3) RGB: the top half red, the bottom half blue, and a mark that moves."""
    width, height = size
    pixels = np.zeros((height, width, 3), dtype=np.uint8)
    pixels[: height // 2], pixels[height // 2 :] = RED, BLUE
    pixels[:, number % width] = 255
    return pixels


def video(path: Path, frames: int = 10, fps: float = 20.0) -> Path:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"mp4v"), fps, (96, 64))
    for number in range(frames):
        writer.write(cv2.cvtColor(picture(number), cv2.COLOR_RGB2BGR))
    writer.release()
    return path


def test_a_video_has_its_times_and_colours(tmp_path: Path) -> None:
    clip = Clip.open(video(tmp_path / "a.mp4"))
    frames = list(clip)
    assert clip.fps == pytest.approx(20)
    assert clip.frames == 10
    assert [t for t, _ in frames] == pytest.approx([i / 20 for i in range(10)], abs=1e-3)
    assert frames[0][1].shape == (64, 96, 3)
    assert frames[0][1][5, 50, 0] > 150 > frames[0][1][5, 50, 2]


def test_a_turned_phone_video_is_upright(tmp_path: Path) -> None:
    path = video(tmp_path / "turned.mp4")
    data = bytearray(path.read_bytes())
    header = data.index(b"tkhd") + 4
    # ISO/IEC 14496-12 8.3.2: the matrix is 40 bytes into the box; this one turns by 90° clockwise
    turned = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 64 << 16, 0, 1 << 30)
    data[header + 40 : header + 76] = turned
    path.write_bytes(data)
    frames = list(Clip.open(path))
    assert frames[0][1].shape == (96, 64, 3)
    assert frames[0][1][50, 60, 0] > 150, "what was on top is on the right"


def test_a_gif_keeps_its_uneven_times(tmp_path: Path) -> None:
    path = tmp_path / "a.gif"
    first, *rest = [Image.fromarray(picture(i)) for i in range(5)]
    first.save(path, save_all=True, append_images=rest, duration=[40, 200, 80, 120, 100], loop=0)
    times = [t for t, _ in Clip.open(path)]
    assert times == pytest.approx([0.0, 0.04, 0.24, 0.32, 0.44], abs=0.011)


def test_a_picture_is_one_frame_the_right_way_up(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90° clockwise to be seen upright
    Image.fromarray(picture(0)).save(path, exif=exif)
    [(t, pixels)] = list(Clip.open(path))
    assert t == 0
    assert pixels.shape == (96, 64, 3)


@pytest.mark.parametrize("name", ["no.mp4", "text.mp4", "text.jpg", "empty.gif", "folder"])
def test_what_is_no_clip_is_said_in_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "text.mp4").write_text("no video")
    (tmp_path / "text.jpg").write_text("no picture")
    (tmp_path / "empty.gif").write_bytes(b"")
    with pytest.raises(ClipError) as caught:
        list(Clip.open(tmp_path / name))
    assert len(str(caught.value).splitlines()) == 1
    assert str(tmp_path) not in str(caught.value), "whoever opens it knows what people call it"


def test_a_video_cut_short_gives_the_frames_it_has(tmp_path: Path) -> None:
    writer = cv2.VideoWriter(str(tmp_path / "a.avi"), cv2.VideoWriter_fourcc(*"MJPG"), 20, (96, 64))
    for number in range(20):
        writer.write(picture(number))
    writer.release()
    data = (tmp_path / "a.avi").read_bytes()
    (tmp_path / "cut.avi").write_bytes(data[: len(data) // 2])
    times = [t for t, _ in Clip.open(tmp_path / "cut.avi")]
    assert 0 < len(times) < 20
    assert times == sorted(set(times))


def test_a_video_that_does_not_say_how_long_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.mjpeg"
    coded = [cv2.imencode(".jpg", picture(number))[1].tobytes() for number in range(8)]
    path.write_bytes(b"".join(coded))
    clip = Clip.open(path)
    times = [t for t, _ in clip]
    assert clip.frames == 0
    assert len(times) == 8
    assert times == sorted(set(times))


def test_a_picture_that_promises_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    Image.fromarray(picture(0)).save(path)
    data = bytearray(path.read_bytes())
    data[16:24] = struct.pack(">II", 50_000, 50_000)
    data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    path.write_bytes(data)
    with pytest.raises(ClipError):
        Clip.open(path)


def test_there_is_no_camera_999() -> None:
    with pytest.raises(ClipError):
        Clip.camera(999)
