"""The engine must agree with what the actor does: the starting numbers of every challenge, with margin."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import matplotlib.cbook
import numpy as np
import pytest
import simplejpeg

from lifesign.core.challenges.lids import openness
from lifesign.core.signals import measure
from lifesign.core.types import Frame, Signals
from lifesign.errors import ClipError
from lifesign.lab.actor import REST, Act, Actor, Performer, Portrait
from lifesign.vision.face import FaceEngine
from tests.lab.seen import planarity, watch

SIZES = (0.5, 1.0, 1.5)
ROLLS = (0.0, 12.0)
NEVER_TURNED_TOO_FAR = 35.0


def look(engine: FaceEngine, actor: Actor, act: Act, t: float = 0.0) -> Signals:
    frame = Frame(pixels=simplejpeg.decode_jpeg(actor.jpeg(act, t), colorspace="RGB"), t=t, seq=0)
    return measure(frame, engine.look(frame, None)[0])


@pytest.mark.parametrize("roll", ROLLS)
@pytest.mark.parametrize("face", SIZES)
def test_the_neutral_face_is_a_baseline(engine: FaceEngine, portrait: Portrait, face: float, roll: float) -> None:
    seen = look(engine, Actor(portrait, face=face, roll=roll), REST)
    assert seen.faces == 1
    assert seen.size >= 60
    assert abs(seen.yaw) <= 4
    assert abs(seen.pitch) <= 8
    assert seen.roll == pytest.approx(roll, abs=4)
    assert max(seen.smile_left, seen.smile_right) < 0.15
    assert seen.jaw_open < 0.05
    assert min(seen.eye_left, seen.eye_right) >= 0.25


@pytest.mark.parametrize("face", SIZES)
@pytest.mark.parametrize(("kind", "side"), [("turn_left", 1), ("turn_right", -1)])
def test_turns_to_the_asked_side_and_back(
    engine: FaceEngine, portrait: Portrait, kind: str, side: int, face: float
) -> None:
    seen = watch(engine, Performer(Actor(portrait, face=face)), kind)
    turns = np.array([row.turn * side for row in seen.rows])
    assert 20 < turns.max() < NEVER_TURNED_TOO_FAR
    assert turns.min() > -3
    assert abs(turns[-1]) < 4
    assert max(row.nose * side for row in seen.rows) > 0.26
    assert max(max(row.smile_left, row.smile_right) for row in seen.rows) < 0.45


@pytest.mark.parametrize("kind", ["turn_left", "turn_right"])
def test_a_turn_is_that_of_a_solid_head(engine: FaceEngine, actor: Actor, kind: str) -> None:
    assert np.median(planarity(watch(engine, Performer(actor), kind), least_yaw=18)) <= 0.0012


@pytest.mark.parametrize("face", SIZES)
def test_blinks_with_both_eyes(engine: FaceEngine, portrait: Portrait, face: float) -> None:
    seen = watch(engine, Performer(Actor(portrait, face=face)), "blink", fps=30, seconds=1.2)
    openings = [openness(row) for row in seen.rows]
    assert min(openings) < 0.45
    assert openings[-1] > 0.85
    shut = seen.rows[int(np.argmin(openings))]
    assert max(shut.eye_left, shut.eye_right) < 0.5


@pytest.mark.parametrize("face", SIZES)
@pytest.mark.parametrize(("closed", "other"), [("left", "right"), ("right", "left")])
def test_winks_with_the_asked_eye(engine: FaceEngine, portrait: Portrait, closed: str, other: str, face: float) -> None:
    seen = watch(engine, Performer(Actor(portrait, face=face)), f"wink_{closed}", fps=30, seconds=1.2)
    peak = min(seen.rows, key=lambda row: getattr(row, f"eye_{closed}"))
    assert getattr(peak, f"eye_{closed}") < 0.55
    assert getattr(peak, f"eye_{other}") > 0.6
    assert getattr(peak, f"eye_{other}") - getattr(peak, f"eye_{closed}") > 0.3
    assert getattr(peak, f"blink_{closed}") - getattr(peak, f"blink_{other}") > 0.15


@pytest.mark.parametrize("face", SIZES)
def test_smiles(engine: FaceEngine, portrait: Portrait, face: float) -> None:
    seen = watch(engine, Performer(Actor(portrait, face=face)), "smile", seconds=1.9)
    peak = max(seen.rows, key=lambda row: min(row.smile_left, row.smile_right))
    assert min(peak.smile_left, peak.smile_right) > 0.7
    assert peak.mouth_width > 1.15
    assert peak.jaw_open < 0.2


@pytest.mark.parametrize("face", SIZES)
def test_opens_the_mouth(engine: FaceEngine, portrait: Portrait, face: float) -> None:
    seen = watch(engine, Performer(Actor(portrait, face=face)), "mouth_open", seconds=1.9)
    peak = max(seen.rows, key=lambda row: row.jaw_open)
    assert peak.mouth_gap > 0.2
    assert peak.jaw_open > 0.33
    assert max(peak.smile_left, peak.smile_right) < 0.2
    assert max(row.tongue for row in seen.rows) < 0.1


@pytest.mark.parametrize("face", SIZES)
def test_raises_the_brows(engine: FaceEngine, portrait: Portrait, face: float) -> None:
    seen = watch(engine, Performer(Actor(portrait, face=face)), "brow_raise", seconds=1.9)
    peak = max(seen.rows, key=lambda row: row.brow)
    assert peak.brow > 0.4
    assert peak.brow_height > 1.1
    assert abs(peak.tip) < 8


@pytest.mark.parametrize("face", SIZES)
def test_nods(engine: FaceEngine, portrait: Portrait, face: float) -> None:
    seen = watch(engine, Performer(Actor(portrait, face=face)), "nod", seconds=1.9)
    assert max(row.tip for row in seen.rows) > 11.5
    assert abs(seen.rows[-1].tip) < 4
    assert np.ptp([row.turn for row in seen.rows]) < 6


@pytest.mark.parametrize("face", SIZES)
def test_puts_out_the_tongue(engine: FaceEngine, portrait: Portrait, face: float) -> None:
    seen = watch(engine, Performer(Actor(portrait, face=face)), "tongue_out", seconds=1.9)
    assert seen.neutral.tongue < 0.02
    assert max(row.tongue for row in seen.rows) > 0.2
    assert max(row.smile_left for row in seen.rows) < 0.45


def test_the_same_moment_is_the_same_picture(portrait: Portrait, actor: Actor) -> None:
    act = Act(yaw=20, blink_left=0.5, tongue=1)
    one = actor.render(act, 1.25)
    actor.render(Act(smile=1), 2.0)
    assert np.array_equal(one, actor.render(act, 1.25))
    assert np.array_equal(one, Actor(portrait).render(act, 1.25))
    assert not np.array_equal(one, Actor(portrait, seed=1).render(act, 1.25))
    assert not np.array_equal(one, actor.render(act, 1.5))


GOLDEN = Path(__file__).parent / "golden_actor.json"
GOLDEN_LEVELS = 3.0
"""Difference in grey levels that another version of OpenCV may make in the mean of a cell."""
FACE = np.s_[100:420, 200:440]
APPROVED = {
    "rest": REST,
    "left": Act(yaw=33),
    "right": Act(yaw=-33),
    "shut": Act(blink_left=1, blink_right=1),
    "smile": Act(smile=1),
    "mouth": Act(mouth=1),
    "brow": Act(brow=1),
    "tongue": Act(tongue=1),
}


@pytest.mark.parametrize("name", sorted(APPROVED))
def test_looks_as_it_was_approved(actor: Actor, name: str) -> None:
    """`golden_actor.json`: mean grey levels of 8 by 6 cells over the face, of frames that were looked at."""
    grey = cv2.cvtColor(actor.paint(APPROVED[name])[FACE], cv2.COLOR_RGB2GRAY)
    now = cv2.resize(grey, (6, 8), interpolation=cv2.INTER_AREA)
    approved = np.array(json.loads(GOLDEN.read_text())[name])
    assert np.abs(now - approved).max() < GOLDEN_LEVELS, f"now {json.dumps(now.tolist())}"


GREEN = (0, 255, 0)
FRINGE_PX = 3
"""Pixels at the soft outline that may stand apart."""


@pytest.mark.parametrize(
    "act",
    [
        REST,
        Act(yaw=33),
        Act(yaw=-33),
        Act(yaw=33, smile=1, roll=15),
        Act(pitch=16),
        Act(mouth=1, yaw=-20),
        Act(tongue=1, brow=1, blink_left=1, blink_right=1),
    ],
)
def test_a_person_has_no_holes(portrait: Portrait, act: Act) -> None:
    """Before a green wall all the green hangs together: none of it is seen through the person."""
    actor = Actor(portrait)
    actor.background[:] = GREEN
    picture = actor.paint(act).astype(int)
    green = (picture[..., 1] - np.maximum(picture[..., 0], picture[..., 2]) > 40).astype(np.uint8)
    framed = np.pad(green, 1, constant_values=1)
    sizes = cv2.connectedComponentsWithStats(framed)[2][1:, cv2.CC_STAT_AREA]
    assert 0.2 < green.mean() < 0.8
    assert sizes.sum() - sizes.max() <= FRINGE_PX


def test_the_background_stays_still(actor: Actor) -> None:
    corner = np.s_[:60, :60]
    assert np.array_equal(actor.paint(REST)[corner], actor.paint(Act(yaw=30, dx=0.3, roll=10))[corner])


@pytest.mark.parametrize("size", [(480, 640), (320, 240), (1280, 720)])
def test_any_picture_size(engine: FaceEngine, portrait: Portrait, size: tuple[int, int]) -> None:
    actor = Actor(portrait, size=size)
    picture = actor.render(REST, 0.0)
    assert picture.shape == (size[1], size[0], 3)
    face = engine.look(Frame(pixels=picture, t=0.0, seq=0), None)[0].face
    assert face is not None
    assert face.box.x + face.box.width / 2 == pytest.approx(size[0] / 2, abs=size[0] / 10)


def test_another_portrait_acts_too(engine: FaceEngine) -> None:
    """matplotlib's picture of Grace Hopper: spectacles, lips closed, no smile."""
    path = Path(matplotlib.cbook.get_sample_data("grace_hopper.jpg", asfileobj=False))
    actor = Actor(Portrait.load(path, engine=engine))
    rest, left = look(engine, actor, REST), look(engine, actor, Act(yaw=33))
    smile, mouth = look(engine, actor, Act(smile=1)), look(engine, actor, Act(mouth=1))
    shut = look(engine, actor, Act(blink_left=1, blink_right=1))
    assert left.yaw - rest.yaw > 18
    assert min(smile.smile_left, smile.smile_right) > 0.45 > max(rest.smile_left, rest.smile_right)
    assert mouth.jaw_open > 0.25 > rest.jaw_open
    assert max(shut.eye_left / rest.eye_left, shut.eye_right / rest.eye_right) < 0.7


def test_a_picture_without_a_face_is_no_portrait(engine: FaceEngine, tmp_path: Path) -> None:
    grey = tmp_path / "grey.png"
    cv2.imwrite(str(grey), np.full((200, 200, 3), 128, np.uint8))
    with pytest.raises(ClipError, match="no face"):
        Portrait.load(grey, engine=engine)


def test_a_file_that_is_no_picture_is_no_portrait(engine: FaceEngine, tmp_path: Path) -> None:
    text = tmp_path / "text.png"
    text.write_text("not a picture")
    with pytest.raises(ClipError, match="no picture"):
        Portrait.load(text, engine=engine)
