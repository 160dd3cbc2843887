"""Where files go: inside the output folder, whatever a clip is called."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifesign.report.place import LONGEST_BYTES, Place, UnwritableError, link, shown


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
