"""This project's side of `engine.py`, in a process that imports only what the product needs.

`python engine_worker.py cpu MODEL FRAMES` answers every line on standard input with the CPU seconds (user + system, all
threads) of one pass over all frames; FRAMES is an .npz of RGB pictures.
`python engine_worker.py memory MODEL FOLDER COUNT` decodes and looks at COUNT pictures from a folder of JPEGs, over and
over, and prints its resident memory in MiB, then the most there ever was.
"""

import resource
import sys
from itertools import cycle, islice
from pathlib import Path

import numpy as np

from lifesign.core.types import Frame
from lifesign.vision.face import FaceEngine, Track
from lifesign.vision.image import ImageLimits, decode
from lifesign.vision.models import load_bundle

FRAME_S = 0.033
KIB_A_MIB = 1024


def cpu(model: str, path: str) -> None:
    engine = FaceEngine(load_bundle(Path(model)))
    with np.load(path) as pictures:
        frames = [pictures[name] for name in pictures.files]
    track: Track | None = None
    t = 0.0
    for _ in sys.stdin:
        before = cpu_s()
        for seq, pixels in enumerate(frames):
            t += FRAME_S
            _, track = engine.look(Frame(pixels=pixels, t=t, seq=seq), track)
        print(cpu_s() - before, flush=True)


def memory(model: str, folder: str, count: str) -> None:
    engine = FaceEngine(load_bundle(Path(model)))
    track: Track | None = None
    faces = 0
    for seq, path in enumerate(islice(cycle(sorted(Path(folder).iterdir())), int(count))):
        pixels = decode(path.read_bytes(), ImageLimits())
        look, track = engine.look(Frame(pixels=pixels, t=seq * FRAME_S, seq=seq), track)
        faces += look.face is not None
    print(memory_mib("VmRSS"), memory_mib("VmHWM"), faces)


def memory_mib(field: str) -> float:
    """From /proc, as the kernel's own high-water mark of a child would count its parent in."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (kib,) = (line.split()[1] for line in lines if line.startswith(f"{field}:"))
    return int(kib) / KIB_A_MIB


def cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    {"cpu": cpu, "memory": memory}[sys.argv[1]](*sys.argv[2:])
