"""Hits, misses and false alarms of every free-running detector over labelled clips → docs/accuracy.md.

    python bench/accuracy.py [FOLDER]        FOLDER has a clips.jsonl; ../shared/media unless given

A clip a line: `file, fps, frames, events [{action, start, end, sure, peak_yaw_deg?}], negatives [actions that never
happen]`, frames inclusive from 0. Scored with ±3 frames of tolerance for eye events and ±10 for the others. Events
that are not sure, and turns that peak below 20°, count neither as hits nor as false alarms. A detection where an
action is labelled neither way is left out. Recall is over sure events, precision over detections.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.stats import beta

from lifesign.analyze import Analysis, analyze
from lifesign.core import challenges
from lifesign.core.policy import Policy
from lifesign.vision.clip import Clip
from lifesign.vision.face import FaceEngine
from lifesign.vision.models import load_bundle, pull

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "docs" / "accuracy.md"
EYE_ACTIONS = {"blink", "eyes_closed", "wink_left", "wink_right"}
EYE_TOLERANCE, TOLERANCE = 3, 10
LEAST_YAW_DEG = 20
RATES = (None, 15.0, 10.0, 7.5, 5.0)  # native first


@dataclass
class Score:
    """Of one action: sure events seen and not, detections right and wrong, events that are neither."""

    hits: int = 0
    misses: int = 0
    right: int = 0
    wrong: int = 0
    left_out: int = 0
    slips: list[str] = field(default_factory=list)

    def recall(self) -> str:
        return _share(self.hits, self.hits + self.misses)

    def precision(self) -> str:
        return _share(self.right, self.right + self.wrong)


def _share(k: int, n: int) -> str:
    """A share with its exact (Clopper-Pearson) 95 % interval."""
    if n == 0:
        return "no data"
    low = 0.0 if k == 0 else float(beta.ppf(0.025, k, n - k + 1))
    high = 1.0 if k == n else float(beta.ppf(0.975, k + 1, n - k))
    return f"{k / n:.2f} [{low:.2f}, {high:.2f}]"


def thinned(clip: Clip, fps: float | None) -> tuple[list[tuple[float, np.ndarray]], list[int]]:
    """The frames a camera of `fps` would have given, and their numbers in the clip."""
    frames, numbers, due = [], [], 0.0
    for number, (t, pixels) in enumerate(clip):
        if fps is None or t >= due - 1e-6:
            frames.append((t, pixels))
            numbers.append(number)
            due += 0.0 if fps is None else 1 / fps
    return frames, numbers


def judge(label: dict, analysis: Analysis, numbers: list[int], scores: dict[str, Score]) -> None:
    """Adds one clip to the scores."""
    for action in sorted(kind for kind, cls in challenges.REGISTRY.items() if cls.event):
        tolerance = EYE_TOLERANCE if action in EYE_ACTIONS else TOLERANCE
        labelled = [event for event in label["events"] if event["action"] == action]
        sure = [e for e in labelled if e["sure"] and abs(e.get("peak_yaw_deg", 90)) >= LEAST_YAW_DEG]
        found = [
            (numbers[event["frame_start"]], numbers[event["frame_end"]])
            for event in analysis.events
            if event["action"] == action
        ]

        def meets(event: dict, span: tuple[int, int], reach: int = tolerance) -> bool:
            return span[0] <= event["end"] + reach and span[1] >= event["start"] - reach

        score = scores[action]
        score.left_out += len(labelled) - len(sure)
        for event in sure:
            if any(meets(event, span) for span in found):
                score.hits += 1
            else:
                score.misses += 1
                score.slips.append(f"missed {label['file']} {event['start']}–{event['end']}")
        for span in found:
            if any(meets(event, span) for event in sure):
                score.right += 1
            elif not any(meets(event, span) for event in labelled) and (labelled or action in label["negatives"]):
                score.wrong += 1
                score.slips.append(f"false {label['file']} {span[0]}–{span[1]}")


def main(folder: Path) -> None:
    labels = [json.loads(line) for line in (folder / "clips.jsonl").read_text().splitlines() if line.strip()]
    engine = FaceEngine(load_bundle(pull(ROOT / "models", "face_landmarker")))
    policy = Policy()
    tables: dict[float | None, dict[str, Score]] = {}
    frames_seen = seconds = 0.0
    for fps in RATES:
        scores: dict[str, Score] = defaultdict(Score)
        for label in labels:
            clip = Clip.open(folder / label["file"])
            if fps is not None and clip.fps <= fps:
                continue
            frames, numbers = thinned(clip, fps)
            analysis = analyze(frames, engine, policy, name=label["file"], fps=clip.fps)
            judge(label, analysis, numbers, scores)
            if fps is None:
                frames_seen += analysis.frames
                seconds += frames[-1][0]
            if sys.stderr.isatty():
                print(f"\r{fps or 'native'}: {label['file']:70s}", end="", file=sys.stderr)
        tables[fps] = scores
    print(file=sys.stderr)
    report = _report(tables, len(labels), int(frames_seen), seconds, policy.id)
    REPORT.write_text(report, encoding="utf-8")
    print(report)


def _report(tables: dict[float | None, dict[str, Score]], clips: int, frames: int, seconds: float, policy: str) -> str:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    lines = [
        "# Accuracy of the free-running detectors",
        "",
        f"Made by `make accuracy` with Lifesign {version}, policy `{policy}`, over {clips} labelled clips",
        f"({frames} frames, {seconds:.0f} s). Nobody in these clips was asked to do anything and no neutral face was",
        "prompted for: recall when prompted is probably better, and precision is pessimistic. The clips are few; the",
        "brackets are exact 95 % intervals. They are also the clips the thresholds were checked on, so take the",
        "numbers as a regression test, not as a promise. `make accuracy CLIPS=folder` runs your own",
        "(`bench/accuracy.py` has the format). Left out are events that the labels are not sure of, and turns that",
        f"peak below {LEAST_YAW_DEG}°: seen or not, they count as nothing.",
    ]
    for fps, scores in tables.items():
        lines += ["", f"## {'Native frame rate' if fps is None else f'Resampled to {fps:g} frames a second'}", ""]
        lines += ["| action | hits | misses | false alarms | recall | precision | left out |", "|" + "---|" * 7]
        for action, score in sorted(scores.items()):
            cells = (action, score.hits, score.misses, score.wrong, score.recall(), score.precision(), score.left_out)
            lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    lines += ["", "## What went wrong at the native rate", ""]
    lines += [f"- {action}: {slip}" for action, score in sorted(tables[None].items()) for slip in score.slips]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "media")
