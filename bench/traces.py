"""Records the signal traces that tests/core/test_traces.py replays: tests/core/traces/*.csv.

    python bench/traces.py [FOLDER]        FOLDER has a clips.jsonl; ../shared/media unless given

Numbers only; run it again after a change of what signals are. The events in the files are those that are found now:
look at what differs before you commit it.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

from lifesign.core.policy import Policy
from lifesign.vision.clip import Clip
from lifesign.vision.face import FaceEngine
from lifesign.vision.models import load_bundle, pull
from lifesign.watch import Watch

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.core.trace import FOLDER, Trace, read  # noqa: E402

CLIPS = (
    "liveportrait/d3.mp4",  # both winks, eyes closed, mouth open
    "liveportrait/d12.mp4",  # talk and laughter: smiles, blinks, open mouths
    "videoretalking/3.mp4",  # fast blinks while talking
    "pyfeat/single_face.mp4",  # one blink, one smile
    "intel_sample_videos/head-pose-face-detection-female.gif",  # turns to both sides, at 12 frames a second
)


def main(folder: Path) -> None:
    engine = FaceEngine(load_bundle(pull(ROOT / "models", "face_landmarker")))
    labels = {label["file"]: label for label in map(json.loads, (folder / "clips.jsonl").read_text().splitlines())}
    for name in CLIPS:
        label, clip, watch = labels[name], Clip.open(folder / name), Watch(engine, Policy())
        rows = [replace(watch.see(pixels, t).raw, t=round(t, 4)) for t, pixels in clip]
        sure = [event for event in label["events"] if event["sure"]]
        about = {"clip": name, "fps": label["fps"], "sure": sure, "events": []}
        path = FOLDER / f"{Path(name).stem}.csv"
        Trace(about=about, rows=rows).write(path)
        trace = read(path)  # as rounded as the test will see it
        Trace(about={**about, "events": trace.events(Policy())}, rows=trace.rows).write(path)
        print(f"{path.name}: {len(rows)} frames, {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "media")
