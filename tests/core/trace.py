"""Recorded signal traces: what the engine measured on real clips, as numbers. No pictures, no landmarks.

A trace is a CSV file. Its first line is a comment with JSON: the clip's name and rate, its sure labels, and the events
that were found when it was recorded. Then come the names of the signals and one row a frame.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lifesign.core.observer import Event, Observer
from lifesign.core.policy import Policy
from lifesign.core.types import Signals

FOLDER = Path(__file__).with_name("traces")
COLUMNS = (
    "t", "faces", "presence", "yaw", "pitch", "nose", "eye_left", "eye_right", "ear", "blink_left", "blink_right",
    "mouth_gap", "mouth_width", "jaw_open", "smile_left", "smile_right", "brow", "brow_height", "tongue",
    "mouth_tone", "lip_tone", "size",
)  # fmt: skip
"""what challenges and the baseline read"""


@dataclass(frozen=True)
class Trace:
    """`about`: clip, fps, labels, events. `rows`: raw signals."""

    about: dict[str, Any]
    rows: list[Signals]

    def events(self, policy: Policy) -> list[dict[str, Any]]:
        """What is found in it now, in the shape of `about["events"]`."""
        observer, events = Observer(), list[Event]()
        for row in self.rows:
            observer, ended = observer.watch(row, policy)
            events += ended
        times = [row.t for row in self.rows]
        return [
            {"action": event.action, "start": times.index(event.start_s), "end": times.index(event.end_s)}
            for event in sorted((*events, *observer.close(policy)), key=lambda one: (one.start_s, one.action))
        ]

    def write(self, path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(f"# {json.dumps(self.about)}\n")
            table = csv.writer(file, lineterminator="\n")
            table.writerow(COLUMNS)
            table.writerows([f"{getattr(row, name):.4g}" for name in COLUMNS] for row in self.rows)


def read(path: Path) -> Trace:
    with path.open(encoding="utf-8", newline="") as file:
        about = json.loads(file.readline().removeprefix("# "))
        rows = [
            Signals(**{name: int(cell) if name == "faces" else float(cell) for name, cell in row.items()})  # type: ignore[arg-type]
            for row in csv.DictReader(file)
        ]
    return Trace(about=about, rows=rows)
