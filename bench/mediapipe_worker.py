"""The other side of `bench/engine.py`: MediaPipe Tasks over the same frames, in its own throw-away environment.

Called as `python mediapipe_worker.py MODEL FRAMES`; FRAMES is an .npy of (n, H, W, 3) uint8 RGB. For every line on
standard input it runs one fresh session over all frames and answers with the CPU seconds (user + system, all
threads) that it took.
"""

import resource
import sys

import mediapipe as mp
import numpy as np
from mediapipe.tasks import python as tasks
from mediapipe.tasks.python import vision

FRAME_MS = 33


def main() -> None:
    model, path = sys.argv[1:]
    images = [mp.Image(image_format=mp.ImageFormat.SRGB, data=frame) for frame in np.load(path)]
    options = vision.FaceLandmarkerOptions(
        base_options=tasks.BaseOptions(model_asset_path=model),
        running_mode=vision.RunningMode.VIDEO,
        num_faces=1,
        output_face_blendshapes=True,
        output_facial_transformation_matrixes=True,
    )
    clock = 0
    with vision.FaceLandmarker.create_from_options(options) as landmarker:
        for _ in sys.stdin:
            before = cpu_s()
            for image in images:
                clock += FRAME_MS
                landmarker.detect_for_video(image, clock)
            print(cpu_s() - before, flush=True)


def cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
