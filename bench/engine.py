"""What one frame costs: CPU time by stage, threads, memory, imports, network; and MediaPipe on the same frames.

`make bench-engine`. CPU times and rates are medians of interleaved rounds: a machine that does other things at the
same time makes rates worse, never better.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import simplejpeg

from frames import MODEL, Pixels, stream
from lifesign.core.types import Frame
from lifesign.vision.face import FaceEngine, Track
from lifesign.vision.models import Bundle, load_bundle
from stages import FRAME_S, JPEG_QUALITY, by_stage
from throwaway import VERSION, mediapipe_python

HERE = Path(__file__).resolve().parent
ROUNDS = 7
ROUND_S = 1.5
MEMORY_FRAMES = 1000
TRACED_FRAMES = 40
STAGE_ROUNDS = 4
NETWORK_FAMILIES = ("AF_INET", "AF_NETLINK")  # a host name is looked up over these; AF_INET6 starts like AF_INET


def main() -> None:
    where, frames = stream()
    sizes = sorted({f"{pixels.shape[1]}×{pixels.shape[0]}" for pixels in frames})
    print(
        f"{len(frames)} frames ({', '.join(sizes)}): {where}\n{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n"
    )
    bundle = load_bundle(MODEL)
    with tempfile.TemporaryDirectory(prefix="lifesign-bench-") as folder:
        pictures = Path(folder, "frames.npz")
        np.savez(pictures, *frames)
        jpegs = Path(folder, "jpegs")
        jpegs.mkdir()
        for index, pixels in enumerate(frames):
            (jpegs / f"{index:05}.jpg").write_bytes(simplejpeg.encode_jpeg(pixels, quality=JPEG_QUALITY))
        stages(bundle, frames)
        threads(bundle, frames)
        memory(jpegs)
        imports()
        network(jpegs)
        against_mediapipe(pictures, len(frames))


def stages(bundle: Bundle, frames: list[Pixels]) -> None:
    """CPU milliseconds a frame, by stage, in one running engine."""
    print("CPU time by stage, ms a frame")
    times = by_stage(FaceEngine(bundle), frames, STAGE_ROUNDS)
    for name, ms in times.items():
        print(f"  {name:12} {ms:6.2f}")
    print(f"  {'sum':12} {sum(times.values()):6.2f}\n")


def threads(bundle: Bundle, frames: list[Pixels]) -> None:
    """Frames a second on one thread and on two, each with its own engine, in turns; and how many cores two threads
    were given, as others may be at work on them too. Each round lasts a fixed time, so that no thread runs alone at
    its end."""
    engines = [FaceEngine(bundle), FaceEngine(bundle)]
    rates: dict[int, list[float]] = {1: [], 2: []}
    cores: list[float] = []
    with ThreadPoolExecutor(2) as pool:
        for _ in range(ROUNDS):
            for count in rates:
                start, cpu = time.perf_counter(), time.process_time()
                done = sum(pool.map(follow, engines[:count], [frames] * count, [start + ROUND_S] * count))
                wall = time.perf_counter() - start
                rates[count].append(done / wall)
                if count > 1:
                    cores.append((time.process_time() - cpu) / wall)
    one, two = statistics.median(rates[1]), statistics.median(rates[2])
    ratios = sorted(b / a for a, b in zip(rates[1], rates[2], strict=True))
    print(f"threads: 1 → {one:.0f} frames/s, 2 → {two:.0f} frames/s (medians of {ROUNDS} rounds of {ROUND_S:g} s)")
    print(f"  ratio {statistics.median(ratios):.2f} (at least 1.8), from {ratios[0]:.2f} to {ratios[-1]:.2f}")
    print(f"  two threads were given {min(cores):.2f} to {max(cores):.2f} cores\n")


def follow(engine: FaceEngine, frames: list[Pixels], until: float) -> int:
    """Looks at the frames over and over until that time; how many they were."""
    track: Track | None = None
    seq = 0
    while time.perf_counter() < until:
        _, track = engine.look(Frame(pixels=frames[seq % len(frames)], t=seq * FRAME_S, seq=seq), track)
        seq += 1
    return seq


def memory(jpegs: Path) -> None:
    """Resident memory of a fresh process that decodes and looks."""
    now, most, faces = run("engine_worker.py", "memory", MODEL, jpegs, MEMORY_FRAMES).split()
    print(f"memory after {MEMORY_FRAMES} frames ({faces} with a face), imports as in the product:")
    print(f"  resident {float(now):.0f} MiB, at most {float(most):.0f} MiB (limit 120)\n")


def imports() -> None:
    """Wall time of importing, in fresh processes."""
    print("imports, seconds")
    for module in ("lifesign", "lifesign.vision.face"):
        program = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
        command = [sys.executable, "-c", program]
        runs = [float(subprocess.check_output(command, text=True)) for _ in range(ROUNDS)]
        print(f"  {module:24} {statistics.median(runs):.3f}")
    print()


def network(jpegs: Path) -> None:
    """Whether the engine opens any socket over which a host name could be looked up."""
    strace = shutil.which("strace")
    if strace is None:
        print("network: NOT CHECKED, there is no strace on this machine\n")
        return
    with tempfile.NamedTemporaryFile("r", prefix="lifesign-trace-") as trace:
        tracer = [strace, "-f", "-e", "trace=network", "-o", trace.name]
        run("engine_worker.py", "memory", MODEL, jpegs, TRACED_FRAMES, before=tracer)
        lines = trace.readlines()
    assert any("exited with 0" in line for line in lines), "strace saw nothing"
    calls = [line for line in lines if any(family in line for family in NETWORK_FAMILIES)]
    print(f"network: {len(calls)} system calls on internet sockets in start-up and {TRACED_FRAMES} frames")
    print("  (strace of all threads: imports, model loading, decoding, inference; not the web server)")
    print("".join(f"  {line}" for line in calls))


def against_mediapipe(pictures: Path, count: int) -> None:
    """CPU time a frame of both, in turns, decoding excluded in both."""
    python = mediapipe_python()
    if python is None:
        print("no comparison: there is no MediaPipe to compare with")
        return
    with (
        worker(sys.executable, HERE / "engine_worker.py", "cpu", MODEL, pictures) as ours,
        worker(python, HERE / "mediapipe_worker.py", MODEL, pictures) as theirs,
    ):
        ask(ours), ask(theirs)  # the first pass warms up
        pairs = [(ask(ours), ask(theirs)) for _ in range(ROUNDS)]
    mine, other = (1000 * statistics.median(column) / count for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"CPU time a frame, user + system, decoding excluded, {ROUNDS} rounds in turns")
    print(f"  lifesign         {mine:6.2f} ms")
    print(f"  mediapipe {VERSION}  {other:6.2f} ms (Tasks, VIDEO: landmarks + blendshapes + matrix)")
    print(f"  ratio            {ratio:6.2f}    (at most 0.80)")


@contextmanager
def worker(*command: object) -> Iterator[subprocess.Popen[str]]:
    """A process that does one round for each line it is sent."""
    process = subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        yield process


def ask(process: subprocess.Popen[str]) -> float:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    return float(process.stdout.readline())


def run(script: str, *arguments: object, before: list[str] | None = None) -> str:
    """What a worker printed."""
    command = [*(before or []), sys.executable, str(HERE / script), *(str(argument) for argument in arguments)]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True).stdout


if __name__ == "__main__":
    main()
