"""Where files go: inside the output folder, whatever a clip is called."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifesign.errors import UnwritableError
from lifesign.report.place import LONGEST_BYTES, Place, link, shown, write


@given(st.lists(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1), min_size=1))
def test_no_name_leads_outside(parts: list[str]) -> None:
    output = Path("out")
    path = Place.of(output, "/".join(parts)).result
    assert Path(os.path.normpath(path)).is_relative_to(output / "results")
    assert all(len(os.fsencode(part)) <= LONGEST_BYTES + len(".json") for part in path.parts)


def test_names_that_differ_only_at_their_ends_stay_apart() -> None:
    one, other = (Place.of(Path("out"), "x" * 240 + end).result for end in ("1.mp4", "2.mp4"))
    assert one != other


def test_what_people_see_is_one_line_of_text() -> None:
    assert shown("a\nb\x1b[31m") == "a�b�[31m"
    assert shown(os.fsdecode(b"b\xff.mp4")) == "b�.mp4"


def test_links_are_relative() -> None:
    assert link('a b/"x":#?.mp4') == "./a%20b/%22x%22%3A%23%3F.mp4"


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "faces").write_text("a file where a folder should be")
    with pytest.raises(UnwritableError, match="cannot be made"):
        Place.of(tmp_path, "clip.mp4").write("faces", "face_1.jpg", b"")


def test_what_is_made_is_for_its_owner_alone(tmp_path: Path) -> None:
    output = tmp_path / "new" / "out"
    Place.of(output, "a/clip.mp4").write("faces", "face_1.jpg", b"face")
    made = [tmp_path / "new", *(tmp_path / "new").rglob("*")]
    assert {path.stat().st_mode & 0o777 for path in made if path.is_dir()} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in made if path.is_file()} == {0o600}


def test_an_earlier_run_gives_way_and_nothing_else(tmp_path: Path) -> None:
    output, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    place, other = Place.of(output, "clip.mp4"), Place.of(output, "clip.mp4/inner.mp4")
    for group, name in [("faces", "face_5.jpg"), ("diagnostics", "annotated.webm"), ("enhanced", "frame_000001_x.jpg")]:
        place.write(group, name, b"old")
    other.write("faces", "face_1.jpg", b"of another clip")
    write(place.result, b"{}")
    elsewhere.mkdir()
    (elsewhere / "face_1.jpg").write_bytes(b"not ours")
    (output / "diagnostics" / "clip.mp4" / "annotated.webm").unlink()
    (output / "diagnostics" / "clip.mp4").rmdir()
    (output / "diagnostics" / "clip.mp4").symlink_to(elsewhere)
    place.clear()
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {
        "elsewhere/face_1.jpg",
        "out/enhanced/clip.mp4/frame_000001_x.jpg",
        "out/faces/clip.mp4/inner.mp4/face_1.jpg",
    }


def test_a_link_in_the_way_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"precious")
    (tmp_path / "face_1.jpg").symlink_to(tmp_path / "precious")
    write(tmp_path / "face_1.jpg", b"face")
    assert (tmp_path / "precious").read_bytes() == b"precious"
    assert (tmp_path / "face_1.jpg").read_bytes() == b"face"
