"""The engine's own laws: same pictures, same bits; a face is followed, lost and found; nothing odd gets out."""

import math
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifesign.core import signals
from lifesign.core.types import Box, Face, Frame, Look
from lifesign.vision.blendshapes import NAMES
from lifesign.vision.detector import iou
from lifesign.vision.face import FaceEngine, FollowLimits, Track
from lifesign.vision.models import MODELS, Bundle
from lifesign.vision.region import Region
from lifesign.vision.track import Followed
from tests.vision.pictures import AWAY, Pixels, astronaut, cat, hopper, sequence, two_faces

FRAME_S = 1 / 30
SAME_BOX_IOU = 0.5


def frame(pixels: Pixels, seq: int) -> Frame:
    return Frame(pixels=pixels, t=1.0 + seq * FRAME_S, seq=seq)


def watch(engine: FaceEngine, frames: Iterable[Pixels], *, packed: bool = False) -> list[tuple[Look, Track]]:
    """Look at frames one after the other; `packed`: the track travels as bytes in between."""
    track: Track | None = None
    seen = []
    for seq, pixels in enumerate(frames):
        look, track = engine.look(frame(pixels, seq), track)
        if packed:
            track = Track.unpack(track.pack())
        seen.append((look, track))
    return seen


def bits(look: Look) -> tuple[object, ...]:
    """Everything in a look, to be compared exactly."""
    face = look.face
    if face is None:
        return (None, look.others)
    arrays = (face.landmarks, face.raw_landmarks, face.blendshapes, face.pose)
    return (*(array.tobytes() for array in arrays), face.box, face.score, face.tongue, look.others)


def face_in(engine: FaceEngine, pixels: Pixels) -> Face:
    face = engine.look(frame(pixels, 0), None)[0].face
    assert face is not None
    return face


def test_the_same_frames_give_the_same_bits(engine: FaceEngine, bundle: Bundle) -> None:
    frames = sequence()[:24]
    first = [bits(look) for look, _ in watch(engine, frames)]
    assert [bits(look) for look, _ in watch(engine, frames)] == first
    assert [bits(look) for look, _ in watch(FaceEngine(bundle), frames)] == first
    assert [bits(look) for look, _ in watch(engine, frames, packed=True)] == first


def test_two_engines_on_two_threads_do_not_disturb_each_other(bundle: Bundle) -> None:
    jobs = [sequence()[:12], [two_faces()] * 12]
    alone = [[bits(look) for look, _ in watch(FaceEngine(bundle), frames)] for frames in jobs]
    with ThreadPoolExecutor(2) as threads:
        engines = [FaceEngine(bundle), FaceEngine(bundle)]
        together = [[bits(look) for look, _ in seen] for seen in threads.map(watch, engines, jobs)]
    assert together == alone


def test_what_a_face_is_made_of(engine: FaceEngine) -> None:
    face = face_in(engine, astronaut())
    shapes = (face.landmarks.shape, face.raw_landmarks.shape, face.blendshapes.shape, face.pose.shape)
    assert shapes == ((478, 3), (478, 3), (52,), (4, 4))
    assert {array.dtype for array in (face.landmarks, face.blendshapes, face.pose)} == {np.dtype(np.float32)}
    assert 0.0 <= face.blendshapes.min() <= face.blendshapes.max() <= 1.0
    assert 0.0 <= face.tongue < 0.1
    assert face.score > 0.99
    assert np.array_equal(face.landmarks, face.raw_landmarks)  # nothing to smooth yet
    low, high = face.landmarks[:, :2].min(axis=0), face.landmarks[:, :2].max(axis=0)
    assert (face.box.x, face.box.y) == pytest.approx(low)
    assert (face.box.x + face.box.width, face.box.y + face.box.height) == pytest.approx(high)
    assert np.linalg.det(face.pose[:3, :3]) == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize(
    ("outline", "cheek", "own", "other", "at_image_right"),
    [
        ((263, 388, 386, 384, 362, 381, 374, 390), 280, "eyeBlinkLeft", "eyeBlinkRight", True),
        ((33, 161, 159, 157, 133, 154, 145, 163), 50, "eyeBlinkRight", "eyeBlinkLeft", False),
    ],
    ids=["left", "right"],
)
def test_sides_are_the_subjects_own(
    engine: FaceEngine, outline: tuple[int, ...], cheek: int, own: str, other: str, at_image_right: bool
) -> None:
    """Paint skin over one eye: the blink is on the side that the subject calls by that name."""
    face = face_in(engine, astronaut())
    eye = face.landmarks[list(outline), :2]
    middle = eye.mean(axis=0)
    assert (middle[0] > face.landmarks[1, 0]) == at_image_right
    pixels = astronaut().copy()
    x, y = face.landmarks[cheek, :2].astype(int)
    skin = np.median(pixels[y - 4 : y + 5, x - 4 : x + 5].reshape(-1, 3), axis=0)
    cv2.fillConvexPoly(pixels, np.rint(middle + 1.8 * (eye - middle)).astype(np.int32), skin.tolist())
    rise = face_in(engine, cv2.GaussianBlur(pixels, (0, 0), 0.8)).blendshapes - face.blendshapes
    assert rise[NAMES.index(own)] > 0.15
    assert rise[NAMES.index(other)] < 0.05


def test_core_reads_the_blendshapes_it_means() -> None:
    wanted = {
        "browInnerUp": signals.BROW_INNER_UP,
        "browOuterUpLeft": signals.BROW_OUTER_UP_LEFT,
        "browOuterUpRight": signals.BROW_OUTER_UP_RIGHT,
        "eyeBlinkLeft": signals.EYE_BLINK_LEFT,
        "eyeBlinkRight": signals.EYE_BLINK_RIGHT,
        "jawOpen": signals.JAW_OPEN,
        "mouthSmileLeft": signals.MOUTH_SMILE_LEFT,
        "mouthSmileRight": signals.MOUTH_SMILE_RIGHT,
    }
    assert {name: NAMES.index(name) for name in wanted} == wanted


@pytest.mark.parametrize("name", ["mouthSmileLeft", "mouthSmileRight"])
def test_a_smile_is_seen(engine: FaceEngine, name: str) -> None:
    assert face_in(engine, astronaut()).blendshapes[NAMES.index(name)] > 0.8
    assert face_in(engine, hopper()).blendshapes[NAMES.index(name)] < 0.3


def test_a_face_is_lost_and_found(engine: FaceEngine) -> None:
    seen = watch(engine, sequence())
    found = [look.face is not None for look, _ in seen]
    assert found == [index not in AWAY for index in range(len(found))]
    assert all(seen[index][1].followed is None for index in AWAY)
    back, _ = seen[AWAY.stop]
    assert back.face is not None
    assert np.array_equal(back.face.landmarks, back.face.raw_landmarks)  # the filter starts anew


def test_without_blendshapes_all_else_is_the_same(engine: FaceEngine) -> None:
    full, _ = engine.look(frame(hopper(), 0), None)
    short, _ = engine.look(frame(hopper(), 0), None, blendshapes=False)
    assert full.face is not None
    assert short.face is not None
    assert not short.face.blendshapes.any()
    assert bits(Look(face=replace(full.face, blendshapes=short.face.blendshapes))) == bits(short)


def test_smoothing_calms_a_still_face(engine: FaceEngine) -> None:
    noise = np.random.default_rng(7)
    frames = [
        np.clip(hopper().astype(int) + noise.normal(0, 12, hopper().shape), 0, 255).astype(np.uint8) for _ in range(20)
    ]
    faces = [look.face for look, _ in watch(engine, frames) if look.face is not None]
    assert len(faces) == len(frames)
    smooth = np.stack([face.landmarks for face in faces[5:]]).std(axis=0).mean()
    raw = np.stack([face.raw_landmarks for face in faces[5:]]).std(axis=0).mean()
    assert smooth < 0.6 * raw


def test_another_person_is_noticed_and_remembered(engine: FaceEngine) -> None:
    seen = watch(engine, [two_faces()] * 3)
    assert [len(look.others) for look, _ in seen] == [1, 1, 1]
    look, _ = seen[0]
    assert look.face is not None
    assert look.others[0].x + look.others[0].width < look.face.box.x
    assert seen[1][0].others == look.others  # the detector did not run again yet


def test_a_person_who_joins_is_seen_at_the_next_detector_pass(engine: FaceEngine) -> None:
    alone = two_faces()
    alone[:, :320] = 90
    joins = 4
    counts = [len(look.others) for look, _ in watch(engine, [alone] * joins + [two_faces()] * 10)]
    first = counts.index(1)
    assert joins <= first <= joins + math.ceil(FollowLimits().recheck_s / FRAME_S)
    assert counts[first:] == [1] * (len(counts) - first)


def test_the_followed_person_stays_the_same(engine: FaceEngine) -> None:
    boxes = [look.face.box for look, _ in watch(engine, [two_faces()] * 12) if look.face is not None]
    assert len(boxes) == 12
    assert min(iou(boxes[0], box) for box in boxes) > SAME_BOX_IOU


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((64, 64, 3), np.uint8),
        np.full((1920, 64, 3), 255, np.uint8),
        np.random.default_rng(0).integers(0, 256, (90, 1920, 3), np.uint8),
        cat(),
    ],
    ids=["black", "tall", "noise", "cat"],
)
def test_pictures_without_a_face(engine: FaceEngine, pixels: Pixels) -> None:
    look, track = engine.look(frame(pixels, 0), None)
    assert look == Look(face=None)
    assert track.followed is None


ODD = st.floats() | st.sampled_from([0.0, -1.0, 1e-30, 1e30, math.nan, math.inf, -math.inf])


@settings(max_examples=60)
@given(cx=ODD, cy=ODD, width=ODD, height=ODD, rotation=ODD)
def test_no_region_is_too_odd(
    engine: FaceEngine, cx: float, cy: float, width: float, height: float, rotation: float
) -> None:
    """A track that points anywhere is a lost face at worst."""
    _, track = engine.look(frame(astronaut(), 0), None)
    assert track.followed is not None
    region = Region(cx=cx, cy=cy, width=width, height=height, rotation=rotation)
    followed = Followed(region=region, smoother=track.followed.smoother)
    look, after = engine.look(frame(astronaut(), 1), replace(track, followed=followed))
    assert (look.face is None) == (after.followed is None)
    assert look.face is None or np.isfinite(look.face.landmarks).all()


def test_a_spoilt_filter_starts_again(engine: FaceEngine) -> None:
    _, track = engine.look(frame(astronaut(), 0), None)
    assert track.followed is not None
    nothing = np.full((478, 3), np.nan, np.float32)
    smoother = replace(track.followed.smoother, smooth=nothing)
    spoilt = replace(track, followed=replace(track.followed, smoother=smoother))
    look, _ = engine.look(frame(astronaut(), 1), spoilt)
    assert look.face is not None
    assert np.array_equal(look.face.landmarks, look.face.raw_landmarks)


@pytest.mark.parametrize("later_s", [0.0, -5.0, 1e-9, 3600.0])
def test_any_clock_is_survived(engine: FaceEngine, later_s: float) -> None:
    _, track = engine.look(Frame(pixels=astronaut(), t=10.0, seq=0), None)
    look, after = engine.look(Frame(pixels=astronaut(), t=10.0 + later_s, seq=1), track)
    assert look.face is not None
    assert np.isfinite(look.face.landmarks).all()
    assert after.t == 10.0 + later_s


def test_boxes_overlap_as_they_should() -> None:
    box = Box(x=0, y=0, width=2, height=2, score=1)
    assert iou(box, box) == 1
    assert iou(box, replace(box, x=1)) == pytest.approx(1 / 3)
    assert iou(box, replace(box, x=2)) == 0
    assert iou(box, replace(box, x=5, y=5)) == 0


def test_the_engine_names_its_models(engine: FaceEngine) -> None:
    assert engine.models == {"face_landmarker": MODELS["face_landmarker"].sha256}
