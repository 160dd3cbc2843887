"""A clip that is flipped swaps left and right, and nothing else: the sides are read from the picture alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest

from lifesign.analyze import analyze
from lifesign.core.policy import Policy
from lifesign.lab.actor import Actor, Portrait
from lifesign.lab.performance import GESTURES, Performance
from lifesign.vision.clip import Clip
from lifesign.vision.face import FaceEngine

SIDES = {"wink_left": "wink_right", "wink_right": "wink_left", "turn_left": "turn_right", "turn_right": "turn_left"}
REACH = 5  # frames: the networks are not mirror symmetric themselves
FPS = 15

Frames = Iterable[tuple[float, np.ndarray]]


def sided(frames: Frames, engine: FaceEngine) -> list[tuple[str, int]]:
    """Kind and middle frame of every action that has a side."""
    events = analyze(frames, engine, Policy(), name="clip", fps=FPS).events
    return [(e["action"], (e["frame_start"] + e["frame_end"]) // 2) for e in events if e["action"] in SIDES]


def flipped(frames: Frames) -> Iterator[tuple[float, np.ndarray]]:
    return ((t, np.ascontiguousarray(pixels[:, ::-1])) for t, pixels in frames)


def check(plain: list[tuple[str, int]], mirrored: list[tuple[str, int]]) -> None:
    assert [SIDES[kind] for kind, _ in plain] == [kind for kind, _ in mirrored]
    assert [at for _, at in plain] == pytest.approx([at for _, at in mirrored], abs=REACH)


def test_the_actor(engine: FaceEngine) -> None:
    actor, acts = Actor(Portrait.load(engine=engine)), list(SIDES)
    frames = []
    for kind in acts:
        performance, begin = Performance(reaction_s=0.5), len(frames)
        performance.prompt(kind, 1, 0.0)
        for i in range(round((0.5 + GESTURES[kind].length_s + 0.7) * FPS)):
            t = (begin + i) / FPS
            frames.append((t, actor.render(performance.act(i / FPS), t)))
    plain = sided(frames, engine)
    assert [kind for kind, _ in plain] == acts
    check(plain, sided(flipped(frames), engine))


@pytest.mark.parametrize(
    ("name", "kinds", "last"),
    [
        ("liveportrait/d3.mp4", ["wink_left", "wink_right"], 110),  # later a turn that the labels are not sure of
        ("intel_sample_videos/head-pose-face-detection-female.gif", ["turn_right", "turn_left"], 99),
    ],
)
def test_real_clips(engine: FaceEngine, media: Path, name: str, kinds: list[str], last: int) -> None:
    frames = [frame for i, frame in enumerate(Clip.open(media / name)) if i < last]
    plain = sided(frames, engine)
    assert [kind for kind, _ in plain] == kinds
    check(plain, sided(flipped(frames), engine))
