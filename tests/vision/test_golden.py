"""The engine against MediaPipe's own numbers for the same pictures (`make_golden.py` recorded them)."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from lifesign.core.types import Face, Frame
from lifesign.vision.face import FaceEngine, Track
from lifesign.vision.landmarks import LEFT_EYE_OUTER, RIGHT_EYE_OUTER
from tests.vision.make_golden import GOLDEN, STEPS_A_PX
from tests.vision.pictures import AWAY, FRAMES, STILLS, Pixels, sequence, sequence_ms

# Margins. Seen on 2025's libraries: 0.017 % and at most 0.038 %; 0.012° and at most 0.07°; at most 0.003.
MEAN_LANDMARK_ERROR = 0.0005  # root mean square over the points / inter-ocular distance
WORST_LANDMARK_ERROR = 0.001
MEAN_POSE_ERROR_DEG = 0.1
WORST_POSE_ERROR_DEG = 0.2
PLACE_ERROR_CM = 0.1
BLENDSHAPE_ERROR = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Golden:
    """What MediaPipe found: per frame whether a face, its points (478, 2) px, blendshapes and pose."""

    found: NDArray[np.bool_]
    points: NDArray[np.float64]
    blendshapes: NDArray[np.float32]
    poses: NDArray[np.float64]

    @classmethod
    def read(cls, path: Path) -> "Golden":
        with np.load(path) as numbers:
            return cls(
                found=numbers["found"],
                points=numbers["points"] / STEPS_A_PX,
                blendshapes=numbers["blendshapes"].astype(np.float32),
                poses=numbers["poses"].astype(np.float64),
            )


def faces(engine: FaceEngine, frames: list[Pixels], times_ms: list[int]) -> list[Face | None]:
    track: Track | None = None
    seen = []
    for seq, (pixels, ms) in enumerate(zip(frames, times_ms, strict=True)):
        look, track = engine.look(Frame(pixels=pixels, t=ms / 1000, seq=seq), track)
        seen.append(look.face)
    return seen


def landmark_error(face: Face, points: NDArray[np.float64]) -> float:
    off = face.landmarks[:, :2] - points
    iod = np.linalg.norm(points[RIGHT_EYE_OUTER] - points[LEFT_EYE_OUTER])
    return float(np.sqrt((off**2).sum(axis=1).mean()) / iod)


def pose_error_deg(face: Face, pose: NDArray[np.float64]) -> float:
    chord = np.linalg.norm(face.pose[:3, :3] - pose[:3, :3]) / (2 * np.sqrt(2))
    return float(np.degrees(2 * np.arcsin(chord)))


def compare(seen: list[Face | None], golden: Golden) -> None:
    assert [face is not None for face in seen] == golden.found.tolist()
    pairs = [(face, index) for index, face in enumerate(seen) if face is not None]
    landmarks = [landmark_error(face, golden.points[index]) for face, index in pairs]
    angles = [pose_error_deg(face, golden.poses[index]) for face, index in pairs]
    places = [np.abs(face.pose[:3, 3] - golden.poses[index][:3, 3]).max() for face, index in pairs]
    shapes = [np.abs(face.blendshapes - golden.blendshapes[index]).max() for face, index in pairs]
    assert np.mean(landmarks) < MEAN_LANDMARK_ERROR
    assert max(landmarks) < WORST_LANDMARK_ERROR
    assert np.mean(angles) < MEAN_POSE_ERROR_DEG
    assert max(angles) < WORST_POSE_ERROR_DEG
    assert max(places) < PLACE_ERROR_CM
    assert max(shapes) < BLENDSHAPE_ERROR


@pytest.mark.parametrize("name", ["hopper", "astronaut"])
def test_a_portrait(engine: FaceEngine, name: str) -> None:
    compare(faces(engine, [STILLS[name]()], [1000]), Golden.read(GOLDEN / f"{name}.npz"))


@pytest.mark.parametrize("name", ["cat", "cup"])
def test_no_person(engine: FaceEngine, name: str) -> None:
    assert not Golden.read(GOLDEN / f"{name}.npz").found.any()
    assert faces(engine, [STILLS[name]()], [1000]) == [None]


def test_a_face_that_moves_leaves_and_comes_back(engine: FaceEngine) -> None:
    golden = Golden.read(GOLDEN / "sequence.npz")
    assert golden.found.tolist() == [index not in AWAY for index in range(FRAMES)]
    compare(faces(engine, sequence(), sequence_ms()), golden)
