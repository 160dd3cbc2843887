"""The files of a folder's report: where they are, and what is in them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import simplejpeg
from click.testing import CliRunner
from PIL import Image

from lifesign.cli import main
from tests.report.conftest import CUT, EMPTY, FPS, HOSTILE, Written, frames_of

NAMES = [f"{HOSTILE}/{HOSTILE}.png", "a/same.avi", "b/same.avi"]


def result(written: Written, name: str) -> dict:
    return json.loads((written.output / "results" / f"{name}.json").read_text())


def test_every_clip_is_one_line_and_the_broken_one_is_told_of(written: Written) -> None:
    assert written.outcome.exit_code == 0, written.outcome.output
    lines = [json.loads(line) for line in written.outcome.stdout.splitlines()]
    assert [line["clip"] for line in lines] == NAMES
    assert "broken.mp4" in written.outcome.stderr
    assert "Traceback" not in written.outcome.output
    assert lines == [result(written, name) for name in NAMES]


def test_nothing_else_is_written(written: Written) -> None:
    files = {path.relative_to(written.output).as_posix() for path in written.output.rglob("*") if path.is_file()}
    named = {file for name in NAMES for file in result(written, name)["files"]}
    assert files == named | {"report.html"}
    groups = {file.split("/")[0] for file in named}
    assert groups == {"results", "diagnostics", "faces", "enhanced"}


def test_it_is_all_for_its_owner_alone(written: Written) -> None:
    made = [written.output, *written.output.rglob("*")]
    assert {path.stat().st_mode & 0o777 for path in made if path.is_dir()} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in made if path.is_file()} == {0o600}


def test_nothing_tells_where_the_clips_were(
    acted: list[np.ndarray], models_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIFESIGN_MODELS_DIR", str(models_dir))
    clips, out = tmp_path / "home" / "clips", tmp_path / "out"
    clips.mkdir(parents=True)
    Image.fromarray(acted[0]).save(clips / "a.png")
    (clips / "b.mp4").write_bytes(b"no film")
    for clip in (clips, clips / "a.png"):
        outcome = CliRunner().invoke(main, ["analyze", str(clip), "--json", "-o", str(out)])
        assert outcome.exit_code == 0, outcome.output
        assert json.loads(outcome.stdout)["clip"] == "a.png"
        written = [path for path in out.rglob("*") if path.suffix in {".json", ".html"}]
        assert len(written) == 2
        assert [path for path in written if str(tmp_path).encode() in path.read_bytes()] == []


def test_faces_of_an_earlier_run_are_gone(
    acted: list[np.ndarray], models_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIFESIGN_MODELS_DIR", str(models_dir))
    monkeypatch.chdir(tmp_path)
    for pixels, faces in ((acted[0], True), (acted[-1], False)):
        Image.fromarray(pixels).save("a.png")
        assert CliRunner().invoke(main, ["analyze", "a.png", "-o", "out"]).exit_code == 0
        assert Path("out/faces/a.png/face_1.jpg").exists() is faces


def test_clips_of_the_same_name_do_not_meet(written: Written) -> None:
    one, other = result(written, "a/same.avi"), result(written, "b/same.avi")
    assert (one["frames"], one["frames_with_face"]) == (CUT + EMPTY, CUT)
    assert (other["frames"], other["frames_with_face"]) == (EMPTY, 0)


def test_the_result_has_events_cues_and_interruptions(written: Written) -> None:
    seen = result(written, "a/same.avi")
    assert [event["action"] for event in seen["events"]] == ["blink", "turn_left"]
    assert [cue["kind"] for cue in seen["cues"]] == ["continuity"]
    assert [cut["reason"] for cut in seen["interruptions"]] == ["face_lost"]
    assert CUT + FPS <= seen["interruptions"][0]["frame"] < CUT + EMPTY
    assert seen["fps"] == pytest.approx(FPS, abs=0.05)
    assert seen["size"] == [frames_of(written.clips / "a" / "same.avi")[0][0].shape[i] for i in (1, 0)]


@pytest.mark.parametrize(("name", "frames"), [("a/same.avi", CUT + EMPTY), ("b/same.avi", EMPTY)])
def test_the_annotated_video_has_every_frame_at_the_clips_rate(written: Written, name: str, frames: int) -> None:
    path = written.output / "diagnostics" / name / "annotated.webm"
    pictures, fps = frames_of(path)
    assert len(pictures) == frames
    assert fps == pytest.approx(FPS, abs=0.1)
    assert path.read_bytes()[:64].count(b"webm") == 1


def test_a_picture_has_an_annotated_picture_and_no_plot(written: Written) -> None:
    files = sorted(path.name for path in (written.output / "diagnostics" / HOSTILE / f"{HOSTILE}.png").iterdir())
    assert files == ["annotated.jpg"]


def test_faces_are_squares_of_one_size(written: Written) -> None:
    faces = sorted((written.output / "faces").rglob("*.jpg"))
    assert len(faces) >= 2
    assert {simplejpeg.decode_jpeg(path.read_bytes()).shape for path in faces} == {(256, 256, 3)}
    assert not (written.output / "faces" / "b").exists()


def test_the_enhanced_frame_is_beside_the_original(written: Written) -> None:
    folder = written.output / "enhanced" / "a" / "same.avi"
    names = sorted(path.name.rsplit("_", 1)[1] for path in folder.iterdir())
    assert names == ["enhanced.jpg", "original.jpg"]


def test_the_report_is_not_analysed_the_next_time(
    models_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIFESIGN_MODELS_DIR", str(models_dir))
    monkeypatch.chdir(tmp_path)
    Image.fromarray(np.zeros((90, 120, 3), np.uint8)).save("black.png")
    before = CliRunner().invoke(main, ["analyze", ".", "-o", "out"])
    again = CliRunner().invoke(main, ["analyze", ".", "-o", "out"])
    assert (before.exit_code, before.stdout) == (0, again.stdout)
    assert before.stdout.startswith("black.png: a picture, without a face")


@pytest.mark.parametrize("files", [{}, {"a.mp4": b"no film", "b.png": b"no picture"}])
def test_a_folder_that_holds_nothing_readable_is_an_error(
    files: dict[str, bytes], tmp_path: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIFESIGN_MODELS_DIR", str(models_dir))
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    outcome = CliRunner().invoke(main, ["analyze", str(tmp_path)])
    assert outcome.exit_code == 1
    assert "clip_unreadable" in outcome.stderr
