"""A portrait prepared for acting: levelled, enlarged, cut out of its background."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from lifesign.core.types import Face, Frame
from lifesign.errors import ClipError
from lifesign.lab.cutout import fill, person_mask
from lifesign.lab.marks import CHIN, FOREHEAD, LEFT_CORNER, LEFT_EAR, RIGHT_CORNER, RIGHT_EAR

if TYPE_CHECKING:
    from lifesign.vision.face import FaceEngine

TEXELS = 180
"""Texture pixels per inter-ocular distance: three times the astronaut's own, so bilinear sampling is enough."""
REACH_X, REACH_UP, REACH_DOWN = 5.5, 4.2, 4.6
"""How far the texture extends from the middle of the face, in inter-ocular distances."""
MATTE_SOFTNESS, HAIR_MARGIN = 1 / 60, 0.13
"""Blur of the outline, and how far the background is made up around the person, in inter-ocular distances."""
VERTICES = 468
"""Landmarks that are skin; the ten after them are the irises."""
SMILE_LEFT, SMILE_RIGHT = 44, 45
"""Places of mouthSmileLeft and mouthSmileRight among the 52 blendshapes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """A face in its own frame: origin in the middle of the face, x to the image's right, y down, z away from the
    camera with 0 between the ears, unit = inter-ocular distance, eyes level.

    `texture`: (H, W, 4) uint8 RGBA, the person, with the soft matte as alpha. `background`: (H, W, 3) uint8 RGB, the
    same place without the person. `points`: (468, 3) float64. `yaw`, `pitch`: how the photographed head is turned,
    degrees. `smile`: 0..1, how much the photographed face smiles.
    """

    texture: NDArray[np.uint8]
    background: NDArray[np.uint8]
    points: NDArray[np.float64]
    yaw: float
    pitch: float
    smile: float

    @staticmethod
    def load(path: Path | None = None, *, engine: FaceEngine) -> Portrait:
        """The portrait in the image file `path`, or the public-domain one that scikit-image carries (extra
        `lifesign[lab]`). Raises ClipError where the file is no picture or shows no face."""
        pixels = _astronaut() if path is None else _read(path)
        look, _ = engine.look(Frame(pixels=pixels, t=0.0, seq=0), None)
        if look.face is None:
            raise ClipError(f"no face in {path}: give a portrait that shows one face from the front")
        return Portrait.of(pixels, look.face)

    @staticmethod
    def of(pixels: NDArray[np.uint8], face: Face) -> Portrait:
        """The portrait in `pixels` (H, W, 3) uint8 RGB, read with `face`."""
        marks = face.landmarks[:VERTICES].astype(np.float64)
        across = marks[LEFT_CORNER, :2] - marks[RIGHT_CORNER, :2]
        iod = float(np.hypot(*across))
        ears = (marks[RIGHT_EAR] + marks[LEFT_EAR]) / 2
        centre = np.array([ears[0], (marks[FOREHEAD, 1] + marks[CHIN, 1]) / 2, ears[2]])
        (cos, sin), z = across / iod, np.array([0.0, 0.0, 1.0])
        level = np.vstack([[cos, sin, 0], [-sin, cos, 0], z]) / iod
        place = np.zeros((2, 3))
        place[:, :2] = level[:2, :2] * TEXELS
        place[:, 2] = to_texels(np.zeros(2)) - place[:, :2] @ centre[:2]
        mask = person_mask(pixels, marks)
        turn = face.pose
        return Portrait(
            texture=_person(pixels, mask, place, iod),
            background=_place_behind(pixels, mask, place, iod),
            points=(marks - centre) @ level.T,
            yaw=math.degrees(math.atan2(turn[0, 2], turn[2, 2])),
            pitch=math.degrees(math.asin(-turn[1, 2])),
            smile=float(min(face.blendshapes[SMILE_LEFT], face.blendshapes[SMILE_RIGHT])),
        )


def to_texels(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Texture pixels of face-frame points (…, 2)."""
    texels: NDArray[np.float64] = (points + np.array([REACH_X, REACH_UP])) * TEXELS
    return texels


_SIZE = (round(2 * REACH_X * TEXELS), round((REACH_UP + REACH_DOWN) * TEXELS))


def _person(
    pixels: NDArray[np.uint8], mask: NDArray[np.uint8], place: NDArray[np.float64], iod: float
) -> NDArray[np.uint8]:
    soft = cv2.GaussianBlur(cv2.erode(mask, np.ones((3, 3), np.uint8)), (0, 0), iod * MATTE_SOFTNESS)
    replicate = cv2.BORDER_REPLICATE
    colour = cv2.warpAffine(pixels, place, _SIZE, flags=cv2.INTER_LANCZOS4, borderMode=replicate)
    alpha = cv2.warpAffine(soft, place, _SIZE, flags=cv2.INTER_LINEAR, borderMode=replicate)
    return np.dstack([colour, alpha])


def _place_behind(
    pixels: NDArray[np.uint8], mask: NDArray[np.uint8], place: NDArray[np.float64], iod: float
) -> NDArray[np.uint8]:
    margin = 2 * round(iod * HAIR_MARGIN) + 1
    known = 255 - cv2.dilate(mask, np.ones((margin, margin), np.uint8))
    colour, known = (
        cv2.warpAffine(layer, place, _SIZE, flags=interpolation, borderMode=cv2.BORDER_REFLECT)
        for layer, interpolation in ((pixels, cv2.INTER_LINEAR), (known, cv2.INTER_NEAREST))
    )
    return fill(colour.astype(np.uint8), known.astype(np.uint8))


def _astronaut() -> NDArray[np.uint8]:
    try:
        from skimage import data
    except ImportError as error:
        raise ClipError("the default portrait comes with scikit-image: pip install 'lifesign[lab]'") from error
    pixels: NDArray[np.uint8] = data.astronaut()  # type: ignore[no-untyped-call]
    return pixels


def _read(path: Path) -> NDArray[np.uint8]:
    pixels = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR_RGB)
    if pixels is None:
        raise ClipError(f"{path} is no picture that can be read")
    return pixels.astype(np.uint8)
