"""The other side of `engine.py`: MediaPipe Tasks over the same frames, in its throw-away environment.

`python mediapipe_worker.py MODEL FRAMES`, where FRAMES is an .npz of RGB pictures. For every line on standard input it
goes once through all frames and answers with the CPU seconds (user + system, all threads) that this took.
"""

import resource
import sys

import mediapipe as mp
import numpy as np
from mediapipe.tasks import python as tasks
from mediapipe.tasks.python import vision

FRAME_MS = 33


def main(model: str, path: str) -> None:
    with np.load(path) as pictures:
        images = [mp.Image(image_format=mp.ImageFormat.SRGB, data=pictures[name]) for name in pictures.files]
    options = vision.FaceLandmarkerOptions(
        base_options=tasks.BaseOptions(model_asset_path=model),
        running_mode=vision.RunningMode.VIDEO,
        num_faces=1,
        output_face_blendshapes=True,
        output_facial_transformation_matrixes=True,
    )
    clock_ms = 0
    with vision.FaceLandmarker.create_from_options(options) as landmarker:
        for _ in sys.stdin:
            before = cpu_s()
            for image in images:
                clock_ms += FRAME_MS
                landmarker.detect_for_video(image, clock_ms)
            print(cpu_s() - before, flush=True)


def cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main(*sys.argv[1:])
