"""Everything that the window knows, as a folder of plain files: for a bug report, or to look at again."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from PySide6.QtGui import QPixmap

from lifesign import __version__
from lifesign.core.policy import Policy
from lifesign.core.types import Decision, Signals
from lifesign.desktop.traces import Traces
from lifesign.errors import ClipError

DIGITS: Final = 5  # more than the camera has


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """`pictures`: file names without ending, and what they show. `source`: what it is called."""

    source: str
    traces: Traces
    policy: Policy
    decision: Decision | None
    models: Mapping[str, str]
    pictures: Mapping[str, QPixmap]

    def save(self, parent: Path, now: datetime) -> Path:
        """Makes a new folder named after the time in `parent` and returns it. Raises ClipError where that cannot be."""
        folder = parent / f"desktop-{now:%Y%m%d-%H%M%S}"
        try:
            folder.mkdir(parents=True)
            self._write(folder, now)
        except OSError as error:
            raise ClipError(f"{folder} cannot be written: {error.strerror}") from error
        return folder

    def _write(self, folder: Path, now: datetime) -> None:
        for name, pixmap in self.pictures.items():
            if not pixmap.save(str(folder / f"{name}.png")):
                raise OSError(0, f"{name}.png was refused")
        with (folder / "signals.csv").open("w", encoding="utf-8", newline="") as file:
            write_signals(csv.writer(file), self.traces)
        _json(folder / "events.json", self._events())
        _json(folder / "policy.json", {"id": self.policy.id, **self.policy.table()})
        about = {
            "lifesign": __version__,
            "saved_at": now.isoformat(timespec="seconds"),
            "source": self.source,
            "frames": len(self.traces.times),
            "policy_id": self.policy.id,
            "models": dict(self.models),
            "cues": [asdict(evidence) for evidence in self.traces.cues],
            "decision": asdict(self.decision) if self.decision else None,
        }
        _json(folder / "about.json", about)

    def _events(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = [
            {"action": event.action, "start_s": round(event.start_s, 3), "end_s": round(event.end_s, 3)}
            for event in self.traces.events
        ]
        rows += [{"action": reason, "start_s": round(t, 3), "end_s": round(t, 3)} for t, reason in self.traces.cuts]
        return sorted(rows, key=lambda row: (row["start_s"], row["action"]))


def write_signals(table: Any, traces: Traces) -> None:
    """One row a frame: all of `Signals`, then what the strips show. `table`: a csv writer."""
    names = [field.name for field in fields(Signals)]
    table.writerow([*names, *(f"strip: {panel.name}" for panel in traces.panels)])
    for place, signals in enumerate(traces.signals):
        shown = (numbers[place] for numbers in traces.values)
        table.writerow([round(value, DIGITS) for value in (*(getattr(signals, name) for name in names), *shown)])


def _json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
