"""One folder of clips, among them a broken one and hostile names, analysed once by the command itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from lifesign.cli import main
from lifesign.lab.actor import Actor, Portrait
from lifesign.lab.performance import GESTURES, REACTION_S, Performance
from lifesign.vision.face import FaceEngine

FPS = 15
PROMPTS = {1.0: "blink", 3.0: "turn_left"}
END_S = 6.0
EMPTY = 20  # frames without a face after that: more than a second
CUT = int(END_S * FPS)  # the first of them
HOSTILE = "<img src=x onerror=alert(1)>&\"'{{7*7}}%d"
Pixels = np.ndarray


@dataclass(frozen=True)
class Written:
    """What the command did with the folder."""

    clips: Path
    output: Path
    outcome: Result


@pytest.fixture(scope="session")
def acted(engine: FaceEngine) -> list[Pixels]:
    """A blink, a turn to the left, and nobody."""
    actor, script = Actor(Portrait.load(engine=engine)), Performance()
    ends = {at + REACTION_S + GESTURES[kind].length_s + 0.1: "pause" for at, kind in PROMPTS.items()}
    due = {**PROMPTS, **ends}
    frames = []
    for i in range(CUT):
        t = i / FPS
        for at in [at for at in due if at <= t]:
            script.prompt(due.pop(at), 1, t)
        frames.append(actor.render(script.act(t), t))
    rng = np.random.default_rng(1)
    empty = [rng.integers(80, 120, frames[0].shape, dtype=np.uint8) for _ in range(EMPTY)]
    return frames + empty


@pytest.fixture(scope="session")
def written(acted: list[Pixels], models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    root = tmp_path_factory.mktemp("study")
    clips = root / "clips"
    for folder in ("a", "b", ".hidden", HOSTILE):
        (clips / folder).mkdir(parents=True)
    film(clips / "a" / "same.avi", acted)
    film(clips / "b" / "same.avi", acted[-EMPTY:])
    Image.fromarray(acted[0]).save(clips / HOSTILE / f"{HOSTILE}.png")
    film(clips / ".hidden" / "no.avi", acted[:2])
    (clips / ".no.png").write_bytes((clips / HOSTILE / f"{HOSTILE}.png").read_bytes())
    (clips / "broken.mp4").write_bytes(b"this is no film")
    (clips / "notes.txt").write_text("nor is this")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIFESIGN_MODELS_DIR", str(models_dir))
        patch.chdir(root)
        outcome = CliRunner().invoke(main, ["analyze", "clips", "--json", "-o", "output"])
        yield Written(clips=clips, output=root / "output", outcome=outcome)


def film(path: Path, frames: list[Pixels]) -> None:
    height, width = frames[0].shape[:2]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), FPS, (width, height))
    for frame in frames:
        writer.write(np.ascontiguousarray(frame[..., ::-1]))
    writer.release()


def frames_of(path: Path) -> tuple[list[Pixels], float]:
    capture, frames = cv2.VideoCapture(str(path)), []
    while True:
        good, frame = capture.read()
        if not good:
            return frames, capture.get(cv2.CAP_PROP_FPS)
        frames.append(frame)
