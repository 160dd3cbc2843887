"""Everything that the window knows, as a folder of plain files: for a bug report, or to look at again."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QPixmap

from lifesign import __version__
from lifesign.core.policy import Policy
from lifesign.core.types import Decision, Signals
from lifesign.desktop.traces import Traces
from lifesign.report.place import write

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
        """Makes a new folder named after the time in `parent`, for its owner alone, and returns it. Raises
        UnwritableError where that cannot be."""
        name = f"desktop-{now:%Y%m%d-%H%M%S}"
        names = itertools.chain([name], (f"{name}-{number}" for number in itertools.count(2)))  # two in one second
        folder = next(parent / name for name in names if not (parent / name).exists())
        for name, pixmap in self.pictures.items():
            write(folder / f"{name}.png", _png(pixmap))
        table = io.StringIO(newline="")
        write_signals(csv.writer(table), self.traces)
        write(folder / "signals.csv", table.getvalue().encode())
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
        return folder

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
    write(path, json.dumps(value, indent=2).encode() + b"\n")


def _png(pixmap: QPixmap) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    pixmap.save(buffer, "PNG")
    return bytes(buffer.data().data())
