"""What the next picture of a session needs to know about the one before. A value: it travels with the session."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np

from lifesign.core.types import Box
from lifesign.vision.landmarks import POINTS
from lifesign.vision.region import Region
from lifesign.vision.smoothing import Smoother

VERSION = 1
MAX_OTHERS = 16
_HEAD = struct.Struct("<BBBdd")  # version, whether a face is followed, other faces, t, detected_at
_FIVE = struct.Struct("<5d")
_POINTS_BYTES = POINTS * 3 * 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A face that was seen in the latest picture: where to look for it next, and the filter of its points."""

    region: Region
    smoother: Smoother


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """`t`: of the latest picture. `detected_at`: of the latest detector pass, which found `others`."""

    t: float
    detected_at: float
    followed: Followed | None
    others: tuple[Box, ...] = ()

    def pack(self) -> bytes:
        """About 17 kB that `unpack` turns into the same track, bit for bit."""
        others = self.others[:MAX_OTHERS]
        parts = [_HEAD.pack(VERSION, self.followed is not None, len(others), self.t, self.detected_at)]
        parts += [_FIVE.pack(box.x, box.y, box.width, box.height, box.score) for box in others]
        if self.followed:
            region, smoother = self.followed.region, self.followed.smoother
            parts.append(_FIVE.pack(region.cx, region.cy, region.width, region.height, region.rotation))
            parts += [array.astype("<f4").tobytes() for array in (smoother.raw, smoother.smooth, smoother.speed)]
        return b"".join(parts)

    @classmethod
    def unpack(cls, data: bytes) -> Track:
        """Raises ValueError for bytes that this version did not pack."""
        try:
            version, follows, count, t, detected_at = _HEAD.unpack_from(data)
            fives = list(_FIVE.iter_unpack(data[_HEAD.size :][: _FIVE.size * (count + follows)]))
        except struct.error as error:
            raise ValueError("these bytes are no track") from error
        size = _HEAD.size + _FIVE.size * (count + follows) + 3 * _POINTS_BYTES * follows
        if version != VERSION or len(data) != size:
            raise ValueError(f"no track of version {VERSION}")
        followed = None
        if follows:
            cx, cy, width, height, rotation = fives.pop()
            arrays = np.frombuffer(data[-3 * _POINTS_BYTES :], dtype="<f4").reshape(3, POINTS, 3)
            raw, smooth, speed = arrays.astype(np.float32)
            followed = Followed(
                region=Region(cx=cx, cy=cy, width=width, height=height, rotation=rotation),
                smoother=Smoother(raw=raw, smooth=smooth, speed=speed),
            )
        others = tuple(Box(x=x, y=y, width=w, height=h, score=score) for x, y, w, h, score in fives)
        return cls(t=t, detected_at=detected_at, followed=followed, others=others)
