"""Record what MediaPipe itself says about the pictures of the tests, into golden/*.npz. Numbers only.

Run again when the pictures or the model bundle change, from the root of the repository:

    python3.11 -m venv THROW_AWAY && THROW_AWAY/bin/pip install mediapipe==1.2.2
    .venv/bin/python -m tests.vision.make_golden THROW_AWAY/bin/python models/face_landmarker.task

The pictures are made by this environment and handed over as arrays, so that only the networks are compared.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

GOLDEN = Path(__file__).parent / "golden"
STEPS_A_PX = 64  # positions are kept in 64ths of a pixel: half a step is 0.008 px


def main(python: str, model: str) -> None:
    """In the environment of the project: make the pictures, have them looked at, keep the numbers."""
    from tests.vision.pictures import STILLS, sequence, sequence_ms

    GOLDEN.mkdir(exist_ok=True)
    jobs = {name: ([picture()], [1000]) for name, picture in STILLS.items()}
    jobs["sequence"] = (sequence(), sequence_ms())
    for name, (frames, times) in jobs.items():
        with tempfile.TemporaryDirectory() as folder:
            source, result = Path(folder, "frames.npz"), Path(folder, "result.npz")
            np.savez(source, frames=np.stack(frames), times=times)
            command = [python, __file__, "--record", model, str(source), str(result)]
            subprocess.run(command, check=True)
            np.savez_compressed(GOLDEN / f"{name}.npz", **np.load(result))


def record(model: str, source: str, result: str) -> None:
    """In the throw-away environment: MediaPipe Tasks, VIDEO mode, one face, blendshapes and matrices."""
    import mediapipe as mp  # type: ignore[import-not-found,unused-ignore]
    from mediapipe.tasks import python as tasks  # type: ignore[import-not-found,unused-ignore]
    from mediapipe.tasks.python import vision  # type: ignore[import-not-found,unused-ignore]

    options = vision.FaceLandmarkerOptions(
        base_options=tasks.BaseOptions(model_asset_path=model),
        running_mode=vision.RunningMode.VIDEO,
        num_faces=1,
        output_face_blendshapes=True,
        output_facial_transformation_matrixes=True,
    )
    with np.load(source) as job, vision.FaceLandmarker.create_from_options(options) as landmarker:
        answers = [
            _numbers(landmarker.detect_for_video(_image(mp, frame), int(ms)), *frame.shape[:2])
            for frame, ms in zip(job["frames"], job["times"], strict=True)
        ]
    found, points, blendshapes, poses = (np.stack(column) for column in zip(*answers, strict=True))
    np.savez(result, found=found, points=points, blendshapes=blendshapes, poses=poses)


def _image(mp: Any, frame: Any) -> Any:
    return mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(frame))


def _numbers(answer: Any, height: int, width: int) -> tuple[Any, ...]:
    """(found, (478, 2) int32 in `STEPS_A_PX`, (52,) float16, (4, 4) float32)."""
    if not answer.face_landmarks:
        return False, np.zeros((478, 2), np.int32), np.zeros(52, np.float16), np.zeros((4, 4), np.float32)
    points = np.array([(point.x * width, point.y * height) for point in answer.face_landmarks[0]])
    return (
        True,
        np.rint(points * STEPS_A_PX).astype(np.int32),
        np.array([shape.score for shape in answer.face_blendshapes[0]], np.float16),
        np.asarray(answer.facial_transformation_matrixes[0], np.float32),
    )


if __name__ == "__main__":
    if sys.argv[1] == "--record":
        record(*sys.argv[2:])
    else:
        main(*sys.argv[1:])
