"""Which files of a folder are clips."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from lifesign.errors import ClipError
from lifesign.vision.clip import Clip
from lifesign.vision.folder import clips_in


def test_clips_of_all_subfolders_sorted_without_hidden_ones_and_earlier_results(tmp_path: Path) -> None:
    for name in ("b.MP4", "a/z.gif", "a/.b.mp4", ".git/c.mp4", "notes.txt", "out/faces/f.jpg", "c.jpeg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = [path.relative_to(tmp_path).as_posix() for path in clips_in(tmp_path, leave_out=tmp_path / "out")]
    assert found == ["a/z.gif", "b.MP4", "c.jpeg"]


@pytest.mark.skipif(sys.platform != "linux", reason="other file systems take no such name")
@pytest.mark.parametrize("suffix", [".mp4", ".jpg"])
def test_a_name_that_is_not_unicode_is_an_error_and_no_crash(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / os.fsdecode(b"b\xff" + suffix.encode())
    path.write_bytes(b"x")
    with pytest.raises(ClipError, match="not Unicode"):
        Clip.open(path)
