"""What `lifesign analyze` finds in a clip: the actor's own performance, and the real clips where they are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from lifesign.analyze import Analysis, analyze
from lifesign.cli import main
from lifesign.core.policy import Policy
from lifesign.lab.actor import Actor, Portrait, jpeg
from lifesign.lab.performance import GESTURES, REACTION_S, Performance
from lifesign.vision.clip import Clip
from lifesign.vision.face import FaceEngine

FPS = 15
# prompts given at these seconds; an action begins about 0.6 s later
SCRIPT = {1.5: "blink", 4.0: "turn_left", 7.5: "smile", 10.5: "turn_right", 14.0: "mouth_open"}
END_S = 17.0
ACTIONS = list(SCRIPT.values())
OTHER = {"turn_left": "turn_right", "turn_right": "turn_left"}


@pytest.fixture(scope="module")
def performance(engine: FaceEngine) -> list[tuple[float, np.ndarray]]:
    actor, script = Actor(Portrait.load(engine=engine)), Performance()
    ends = {at + REACTION_S + GESTURES[kind].length_s + 0.1: "pause" for at, kind in SCRIPT.items()}
    due = {**SCRIPT, **ends}
    frames = []
    for i in range(int(END_S * FPS)):
        t = i / FPS
        for at in [at for at in due if at <= t]:
            script.prompt(due.pop(at), 1, t)
        frames.append((t, actor.render(script.act(t), t)))
    return frames


def run(frames: Iterator[tuple[float, np.ndarray]], engine: FaceEngine) -> Analysis:
    return analyze(frames, engine, Policy(), name="actor", fps=FPS)


def test_every_action_is_found_once_at_its_time(
    performance: list[tuple[float, np.ndarray]], engine: FaceEngine
) -> None:
    result = run(iter(performance), engine)
    assert [event["action"] for event in result.events] == ACTIONS
    for event, at in zip(result.events, SCRIPT, strict=False):
        assert at + 0.5 < event["start_s"] < event["end_s"] < at + 2.8
        assert event["frame_start"] == round(event["start_s"] * FPS)
        assert event["frame_end"] == round(event["end_s"] * FPS)
    assert result.frames == result.frames_with_face == len(performance)
    assert result.fps == pytest.approx(FPS, abs=0.01)
    assert set(result.ms_per_frame) == {"mean", "p50", "p95"}


def test_a_flipped_clip_swaps_left_and_right(performance: list[tuple[float, np.ndarray]], engine: FaceEngine) -> None:
    flipped = ((t, np.ascontiguousarray(pixels[:, ::-1])) for t, pixels in performance)
    assert [event["action"] for event in run(flipped, engine).events] == [OTHER.get(kind, kind) for kind in ACTIONS]


def test_a_still_shows_no_action(performance: list[tuple[float, np.ndarray]], engine: FaceEngine) -> None:
    result = run(((t, performance[0][1]) for t, _ in performance), engine)
    assert result.events == ()


def test_the_command_prints_one_object_and_keeps_it(
    performance: list[tuple[float, np.ndarray]], tmp_path: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIFESIGN_MODELS_DIR", str(models_dir))
    monkeypatch.chdir(tmp_path)
    first, *rest = [Image.fromarray(pixels) for _, pixels in performance[:20]]
    first.save("a.gif", save_all=True, append_images=rest, duration=70)
    outcome = CliRunner().invoke(main, ["analyze", "a.gif", "--json", "-o", "output"])
    assert outcome.exit_code == 0, outcome.output
    printed = json.loads(outcome.stdout)
    assert {"clip", "fps", "frames", "frames_with_face", "events", "ms_per_frame"} <= set(printed)
    assert (printed["frames"], printed["frames_with_face"]) == (20, 20)
    assert json.loads(Path("output/results/a.gif.json").read_text()) == printed
    assert sorted(path.name for path in Path("output").iterdir()) == [
        "diagnostics", "enhanced", "faces", "report.html", "results",
    ]  # fmt: skip
    assert [file for file in printed["files"] if not (Path("output") / file).is_file()] == []


def test_without_a_place_nothing_is_written(
    performance: list[tuple[float, np.ndarray]], tmp_path: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIFESIGN_MODELS_DIR", str(models_dir))
    monkeypatch.chdir(tmp_path)
    Image.fromarray(performance[0][1]).save("a.png")
    outcome = CliRunner().invoke(main, ["analyze", "a.png", "--json"])
    assert outcome.exit_code == 0, outcome.output
    assert json.loads(outcome.stdout)["files"] == []
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_stopping_keeps_what_was_seen(performance: list[tuple[float, np.ndarray]], engine: FaceEngine) -> None:
    def endless() -> Iterator[tuple[float, np.ndarray]]:
        yield from performance[: 4 * FPS]
        raise KeyboardInterrupt

    result = run(endless(), engine)
    assert (result.stopped, result.frames) == (True, 4 * FPS)
    assert [event["action"] for event in result.events] == ["blink"]


def test_a_cut_is_told_once_and_when(performance: list[tuple[float, np.ndarray]], engine: FaceEngine) -> None:
    # the face stays where it is, the picture does not: a still shown in between
    dimmed = ((t, pixels // 2 if t >= 1 else pixels) for t, pixels in performance[: 2 * FPS])
    result = run(dimmed, engine)
    assert [cue["kind"] for cue in result.cues] == ["continuity"]
    assert [(cut["frame"], cut["reason"]) for cut in result.interruptions] == [(FPS, "tracking_jump")]


def test_a_cut_over_two_frames_is_one(performance: list[tuple[float, np.ndarray]], engine: FaceEngine) -> None:
    shades = {FPS: 2, FPS + 1: 4}  # the picture changes twice in a row, the face stays where it is
    faded = ((t, pixels // shades.get(i, 4 if i > FPS else 1)) for i, (t, pixels) in enumerate(performance[: 2 * FPS]))
    result = run(faded, engine)
    assert [(cut["frame"], cut["reason"]) for cut in result.interruptions] == [(FPS, "tracking_jump")]


def test_a_face_that_is_gone_twice_is_told_of_twice(
    performance: list[tuple[float, np.ndarray]], engine: FaceEngine
) -> None:
    gone = [*range(20, 45), *range(60, 85)]
    parts = ((t, np.zeros_like(p) if i in gone else p) for i, (t, p) in enumerate(performance[:90]))
    assert [cut["reason"] for cut in run(parts, engine).interruptions].count("face_lost") == 2


def test_a_clip_of_unknown_length(
    performance: list[tuple[float, np.ndarray]], tmp_path: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIFESIGN_MODELS_DIR", str(models_dir))
    path = tmp_path / "a.mjpeg"
    path.write_bytes(b"".join(jpeg(pixels) for _, pixels in performance[:8]))
    outcome = CliRunner().invoke(main, ["analyze", str(path), "--json"])
    assert outcome.exit_code == 0, outcome.output
    assert json.loads(outcome.stdout)["frames_with_face"] == 8


def test_verifying_makes_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = CliRunner().invoke(main, ["verify", "a.b.c"])
    assert outcome.exit_code == 1
    assert "--jwks" in outcome.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["analyze"],
        ["analyze", "a", "--camera", "0"],
        ["analyze", "no.mp4"],
        ["analyze", "--camera", "-1"],
        ["analyze", "--camera", "99999999999"],
    ],
)
def test_a_wrong_call_ends_with_a_sentence(arguments: list[str]) -> None:
    outcome = CliRunner().invoke(main, arguments)
    assert outcome.exit_code in (1, 2)
    assert "Error: " in outcome.stderr
    assert "Traceback" not in outcome.output


def test_a_terminal_is_not_told_what_to_do_by_a_name() -> None:
    outcome = CliRunner().invoke(main, ["analyze", "\x1b[31mno.mp4"])
    assert "\x1b" not in outcome.output
    assert "no.mp4" in outcome.stderr


def test_a_broken_file_is_one_line(
    performance: list[tuple[float, np.ndarray]], tmp_path: Path, models_dir: Path
) -> None:
    """In a process of its own: FFmpeg writes past Python."""
    path = tmp_path / "a.mp4"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), FPS, performance[0][1].shape[1::-1])
    for _, pixels in performance[:20]:
        writer.write(pixels)
    writer.release()
    path.write_bytes(path.read_bytes()[:-2000])  # the index is at the end
    done = subprocess.run(
        [sys.executable, "-m", "lifesign.cli", "analyze", str(path)],
        env={**os.environ, "LIFESIGN_MODELS_DIR": str(models_dir)},
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in done.stderr.splitlines() if "XNNPACK" not in line]
    assert done.returncode == 1
    assert len(said) == 1, done.stderr
    assert said[0].startswith("Error: ")


def test_a_real_clip_with_two_blinks(media: Path, engine: FaceEngine) -> None:
    clip = Clip.open(media / "liveportrait" / "s18.mp4")
    result = analyze(clip, engine, Policy(), name="s18", fps=clip.fps)
    blinks = [(event["frame_start"], event["frame_end"]) for event in result.events if event["action"] == "blink"]
    assert len(blinks) == 2
    assert all(abs(found[0] - start) <= 5 for found, start in zip(blinks, (6, 159), strict=True))
