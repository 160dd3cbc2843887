"""The track as bytes: what comes back is what went in, and nothing else is taken for a track."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from lifesign.core.types import Box
from lifesign.vision.landmarks import POINTS
from lifesign.vision.region import Region
from lifesign.vision.smoothing import Smoother
from lifesign.vision.track import MAX_OTHERS, Followed, Track

NUMBER = st.floats(allow_nan=False)
BOXES = st.builds(Box, x=NUMBER, y=NUMBER, width=NUMBER, height=NUMBER, score=NUMBER)
REGIONS = st.builds(Region, cx=NUMBER, cy=NUMBER, width=NUMBER, height=NUMBER, rotation=NUMBER)


def points(seed: int) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(300, 90, (POINTS, 3)).astype(np.float32)


FOLLOWED = st.builds(
    Followed,
    region=REGIONS,
    smoother=st.builds(
        Smoother,
        raw=st.integers(0, 99).map(points),
        smooth=st.integers(0, 99).map(points),
        speed=st.integers(0, 99).map(points),
    ),
)
TRACKS = st.builds(
    Track,
    t=NUMBER,
    detected_at=NUMBER,
    followed=st.none() | FOLLOWED,
    others=st.lists(BOXES, max_size=MAX_OTHERS).map(tuple),
)


@given(track=TRACKS)
def test_a_track_survives_the_journey(track: Track) -> None:
    back = Track.unpack(track.pack())
    assert (back.t, back.detected_at, back.others) == (track.t, track.detected_at, track.others)
    assert (back.followed is None) == (track.followed is None)
    if track.followed and back.followed:
        assert back.followed.region == track.followed.region
        assert np.array_equal(back.followed.smoother.raw, track.followed.smoother.raw)
        assert np.array_equal(back.followed.smoother.smooth, track.followed.smoother.smooth)
        assert np.array_equal(back.followed.smoother.speed, track.followed.smoother.speed)


@given(track=TRACKS, share=st.floats(0, 1, exclude_max=True))
def test_a_part_of_a_track_is_none(track: Track, share: float) -> None:
    data = track.pack()
    with pytest.raises(ValueError, match="track"):
        Track.unpack(data[: int(share * len(data))])


@given(data=st.binary(max_size=200))
def test_other_bytes_are_no_track(data: bytes) -> None:
    with pytest.raises(ValueError, match="track"):
        Track.unpack(b"\x00" + data)


def test_the_version_is_checked() -> None:
    data = bytearray(Track(t=1.0, detected_at=1.0, followed=None).pack())
    data[0] += 1
    with pytest.raises(ValueError, match="version"):
        Track.unpack(bytes(data))


def test_it_is_small() -> None:
    smoother = Smoother.start(points(0))
    region = Region(cx=1, cy=2, width=3, height=4, rotation=5)
    track = Track(t=1.0, detected_at=1.0, followed=Followed(region=region, smoother=smoother))
    assert len(track.pack()) < 20_000
