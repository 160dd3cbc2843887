"""How far the engine's numbers are from MediaPipe's own, on real clips: `python bench/parity.py [CLIP …]`.

Without clips it takes all of ../shared/media. MediaPipe runs in VIDEO mode in a throw-away environment, on the same
pixels with the same times. Two versions of MediaPipe differ from each other by as much (0.1 % over all clips).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from frames import MEDIA, MODEL, REPOSITORY, read
from lifesign.core.types import Frame
from lifesign.vision.face import FaceEngine, Track
from lifesign.vision.models import load_bundle
from throwaway import mediapipe_python

sys.path.insert(0, str(REPOSITORY))
from tests.vision.make_golden import __file__ as recorder
from tests.vision.test_golden import Golden, landmark_error, pose_error_deg

FRAMES_A_CLIP = 120
START_MS, FRAME_MS = 1000, 33
VIDEOS = frozenset({".mp4", ".mkv", ".mov", ".gif"})
SMALL_FACE_PX = 60  # between the outer eye corners: the least that a session takes

Errors = NDArray[np.float64]


def main(clips: list[Path]) -> None:
    python = mediapipe_python()
    if python is None or not clips:
        raise SystemExit("nothing to compare")
    engine = FaceEngine(load_bundle(MODEL))
    print("landmarks: % of inter-ocular distance, root mean square over the points; pose: degrees; blendshapes: worst")
    everything = np.concatenate([report(engine, python, clip) for clip in clips])
    large = everything[everything[:, 3] >= SMALL_FACE_PX]
    print(summary("all", everything, 0))
    print(summary(f"faces ≥ {SMALL_FACE_PX} px", large, 0))


def report(engine: FaceEngine, python: Path, clip: Path) -> Errors:
    """(n, 4) of one clip, printed in short: landmark error, pose error, blendshape error, inter-ocular px."""
    frames = list(read(clip, FRAMES_A_CLIP))
    times = [START_MS + FRAME_MS * index for index in range(len(frames))]
    with tempfile.TemporaryDirectory(prefix="lifesign-parity-") as folder:
        source, result = Path(folder, "frames.npz"), Path(folder, "result.npz")
        np.savez(source, frames=np.stack(frames), times=times)
        command = [str(python), recorder, "--record", str(MODEL), str(source), str(result)]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        golden = Golden.read(result)
    track: Track | None = None
    rows, disagreed = [], 0
    for seq, (pixels, ms) in enumerate(zip(frames, times, strict=True)):
        look, track = engine.look(Frame(pixels=pixels, t=ms / 1000, seq=seq), track)
        face = look.face
        disagreed += (face is not None) != golden.found[seq]
        if face is not None and golden.found[seq]:
            points = golden.points[seq]
            shapes = np.abs(face.blendshapes - golden.blendshapes[seq]).max()
            iod = np.linalg.norm(points[33] - points[263])
            rows.append((landmark_error(face, points), pose_error_deg(face, golden.poses[seq]), shapes, iod))
    errors = np.array(rows).reshape(-1, 4)
    print(summary(f"{clip.parent.name}/{clip.name}", errors, disagreed), flush=True)
    return errors


def summary(name: str, errors: Errors, disagreed: int) -> str:
    if not len(errors):
        return f"{name[-44:]:44} no face"
    landmarks, pose, shapes, iod = errors.T
    return (
        f"{name[-44:]:44} {len(errors):5} frames, {np.median(iod):4.0f} px, landmarks {100 * landmarks.mean():.3f} "
        f"(99 %: {100 * np.quantile(landmarks, 0.99):.3f}), pose {pose.mean():.3f} ({np.quantile(pose, 0.99):.3f}), "
        f"blendshapes {shapes.mean():.3f}" + (f", {disagreed} frames only one saw" if disagreed else "")
    )


if __name__ == "__main__":
    found = sorted(path for path in MEDIA.rglob("*") if path.suffix in VIDEOS)
    main([Path(name) for name in sys.argv[1:]] or found)
