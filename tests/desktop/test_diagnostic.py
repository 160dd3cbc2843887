"""A saved diagnostic holds all that the window knows."""

from __future__ import annotations

from tests.desktop.qt import seen_to  # first: it skips this module where Qt cannot run

# isort: split
import csv
import json
from datetime import datetime, tzinfo
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from lifesign.core.policy import DOCUMENTED, Policy
from lifesign.desktop.feed import Feed
from tests.desktop.conftest import Opener
from tests.desktop.script import END_S, FPS, SCRIPT


def test_everything_is_kept(opened: Opener, clip: Path, tmp_path: Path) -> None:
    window = seen_to(opened(Feed.named(str(clip))), float("inf"))
    window.parts.tuning.set_limit(DOCUMENTED["left_threshold"], -0.15)
    folder = window.save_diagnostic(tmp_path / "kept")
    assert folder is not None
    assert {path.name for path in folder.iterdir()} == {
        "about.json", "events.json", "policy.json", "signals.csv", "window.png", "picture.png", "signals.png",
    }  # fmt: skip
    rows = list(csv.DictReader((folder / "signals.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == round(END_S * FPS)
    assert float(rows[-1]["t"]) == pytest.approx(window.traces.times[-1], abs=1e-4)
    assert max(float(row["strip: turn"]) for row in rows) > 18
    events = json.loads((folder / "events.json").read_text())
    assert [event["action"] for event in events] == list(SCRIPT.values())
    policy = json.loads((folder / "policy.json").read_text())
    assert policy["challenges"]["turn_left"]["left_threshold"] == -0.15
    about = json.loads((folder / "about.json").read_text())
    assert about["policy_id"] == policy["id"] == window.policy.id != Policy().id
    assert (about["frames"], about["source"]) == (len(rows), "actor.avi")
    sizes = {name: QImage(str(folder / f"{name}.png")).size() for name in ("window", "picture", "signals")}
    assert sizes["window"] == window.size()
    assert sizes["picture"] == window.parts.picture.size()
    assert sizes["signals"].width() > 1000
    assert str(folder) in window.statusBar().currentMessage()


def test_before_there_is_anything_to_keep(opened: Opener, tmp_path: Path) -> None:
    folder = opened().save_diagnostic(tmp_path)
    assert folder is not None
    assert json.loads((folder / "events.json").read_text()) == []


def test_it_is_for_its_owner_alone_and_two_in_one_second_are_two(
    opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stopped(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Stopped:
            return cls(2025, 1, 2, 3, 4, 5, tzinfo=tz)

    monkeypatch.setattr("lifesign.desktop.window.datetime", Stopped)
    window = opened()
    kept = [window.save_diagnostic(tmp_path / "kept") for _ in range(3)]
    assert [folder.name for folder in kept if folder] == [f"desktop-20250102-030405{end}" for end in ("", "-2", "-3")]
    made = list((tmp_path / "kept").rglob("*"))
    assert {path.stat().st_mode & 0o777 for path in made if path.is_dir()} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in made if path.is_file()} == {0o600}


def test_where_nothing_can_be_written(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    window = opened()
    assert window.save_diagnostic(tmp_path / "file") is None
    assert "cannot be made" in window.statusBar().currentMessage()
