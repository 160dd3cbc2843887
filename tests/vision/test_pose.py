"""The pose solver against heads whose pose is known: the canonical face itself, turned and put before a camera."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from lifesign.core.signals import angles
from lifesign.vision.canonical import CanonicalFace, read_canonical_face
from lifesign.vision.models import Bundle
from lifesign.vision.pose import VERTICAL_FIELD_OF_VIEW_RAD, FaceGeometry

WIDTH, HEIGHT = 640, 480
ANGLE_ERROR_DEG = 1e-2
PLACE_ERROR_CM = 1e-2


@pytest.fixture(scope="module")
def canonical(bundle: Bundle) -> CanonicalFace:
    return read_canonical_face(bundle.geometry)


def rotation(yaw: float, pitch: float, roll: float) -> NDArray[np.float64]:
    """Degrees, with the signs of core/types.py: subject's left, chin down, clockwise in the image."""
    y, p, r = (math.radians(angle) for angle in (yaw, pitch, roll))
    about_x = [[1, 0, 0], [0, math.cos(p), -math.sin(p)], [0, math.sin(p), math.cos(p)]]
    about_y = [[math.cos(y), 0, math.sin(y)], [0, 1, 0], [-math.sin(y), 0, math.cos(y)]]
    about_z = [[math.cos(r), math.sin(r), 0], [-math.sin(r), math.cos(r), 0], [0, 0, 1]]
    return np.array(about_z) @ np.array(about_y) @ np.array(about_x)


def seen(vertices: NDArray[np.float64], turn: NDArray[np.float64], place: NDArray[np.float64]) -> NDArray[np.float32]:
    """(478, 3) pixels as the network would put them: projected, depth relative and on the scale of the width."""
    head = vertices @ turn.T + place
    focal = HEIGHT / 2 / math.tan(VERTICAL_FIELD_OF_VIEW_RAD / 2)
    distance = -head[:, 2]
    mean = distance.mean()
    points = np.zeros((478, 3), np.float32)
    points[: len(head), 0] = WIDTH / 2 + focal * head[:, 0] / distance
    points[: len(head), 1] = HEIGHT / 2 - focal * head[:, 1] / distance
    points[: len(head), 2] = focal * (distance - mean) / mean
    return points


def test_the_canonical_face_is_a_face(canonical: CanonicalFace) -> None:
    assert canonical.vertices.shape == (468, 3)
    assert len(canonical.ids) == len(canonical.weights) == 33
    assert canonical.weights.min() > 0
    width = canonical.vertices[454] - canonical.vertices[234]
    assert 12 < width[0] < 18  # cm, subject's left at the image's right
    assert canonical.vertices[10, 1] > canonical.vertices[152, 1]  # forehead above chin
    assert canonical.vertices[1, 2] > canonical.vertices[234, 2]  # nose before the ears


@given(
    yaw=st.floats(-60, 60),
    pitch=st.floats(-40, 40),
    roll=st.floats(-45, 45),
    x=st.floats(-8, 8),
    y=st.floats(-8, 8),
    z=st.floats(-80, -30),
)
def test_a_known_pose_comes_back(
    canonical: CanonicalFace, yaw: float, pitch: float, roll: float, x: float, y: float, z: float
) -> None:
    place = np.array([x, y, z])
    points = seen(canonical.vertices, rotation(yaw, pitch, roll), place)
    pose = FaceGeometry(canonical).pose(points, WIDTH, HEIGHT)
    assert angles(pose) == pytest.approx((yaw, pitch, roll), abs=ANGLE_ERROR_DEG)
    assert pose[:3, 3] == pytest.approx(place, abs=PLACE_ERROR_CM)


def test_a_pose_is_a_rotation_even_of_a_mirrored_face(canonical: CanonicalFace) -> None:
    points = seen(canonical.vertices, rotation(10, 5, 0), np.array([0, 0, -50.0]))
    points[:, 0] = WIDTH - points[:, 0]
    pose = FaceGeometry(canonical).pose(points, WIDTH, HEIGHT)
    assert np.linalg.det(pose[:3, :3]) == pytest.approx(1, abs=1e-4)
    assert pose[:3, :3] @ pose[:3, :3].T == pytest.approx(np.eye(3), abs=1e-4)
