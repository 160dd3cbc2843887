"""Left and right on a real person: labels of a clip that is never part of the repository."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from lifesign.core.signals import angles
from lifesign.core.types import Face, Frame
from lifesign.vision.blendshapes import NAMES
from lifesign.vision.face import FaceEngine, Track

CLIP = "liveportrait/d3.mp4"  # winks with either eye, then turns to the left; the labels are the subject's own sides
TURN_DEG = 10.0
WINK_DIFFERENCE = 0.12


@pytest.fixture(scope="module")
def faces(engine: FaceEngine, media: Path) -> list[Face]:
    """The face of every frame."""
    capture = cv2.VideoCapture(str(media / CLIP))
    track: Track | None = None
    seen: list[Face] = []
    while (read := capture.read())[0]:
        pixels = np.asarray(cv2.cvtColor(read[1], cv2.COLOR_BGR2RGB), np.uint8)
        look, track = engine.look(Frame(pixels=pixels, t=1 + len(seen) / 30, seq=len(seen)), track)
        assert look.face is not None
        seen.append(look.face)
    capture.release()
    return seen


def during(faces: list[Face], media: Path, action: str) -> list[Face]:
    """The middle of the labelled event."""
    clips = [json.loads(line) for line in (media / "clips.jsonl").read_text().splitlines()]
    (events,) = (clip["events"] for clip in clips if clip["file"] == CLIP)
    (event,) = (event for event in events if event["action"] == action)
    middle = (event["start"] + event["end"]) // 2
    return faces[middle - 2 : middle + 3]


def test_a_turn_to_the_left_is_a_positive_yaw(faces: list[Face], media: Path) -> None:
    assert min(angles(face.pose)[0] for face in during(faces, media, "turn_left")) > TURN_DEG
    assert abs(angles(faces[0].pose)[0]) < TURN_DEG / 2


@pytest.mark.parametrize(
    ("action", "closed", "other"), [("wink_left", "Left", "Right"), ("wink_right", "Right", "Left")]
)
def test_a_wink_is_on_its_side(faces: list[Face], media: Path, action: str, closed: str, other: str) -> None:
    shapes = np.mean([face.blendshapes for face in during(faces, media, action)], axis=0)
    assert shapes[NAMES.index(f"eyeBlink{closed}")] - shapes[NAMES.index(f"eyeBlink{other}")] > WINK_DIFFERENCE
