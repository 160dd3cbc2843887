"""Ctrl-C in the middle of a run: nothing is torn, and what was not looked at is named."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from lifesign.cli import main
from lifesign.interrupt import asked_to_stop
from lifesign.report.trace import Trace
from lifesign.watch import Seen

FRAMES = 8
AT = 3


def test_the_first_is_a_question_and_the_second_breaks_off() -> None:
    before = signal.getsignal(signal.SIGINT)
    with asked_to_stop() as stop:
        assert not stop()
        signal.raise_signal(signal.SIGINT)
        assert stop()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


@pytest.fixture
def stopped(tmp_path: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    """Three clips, and Ctrl-C while the signals of a frame of the second are being written down."""
    rng = np.random.default_rng(1)
    for name in ("a.gif", "b.gif", "c.gif"):
        first, *rest = [Image.fromarray(rng.integers(0, 255, (48, 64, 3), dtype=np.uint8)) for _ in range(FRAMES)]
        first.save(tmp_path / name, save_all=True, append_images=rest, duration=70)
    kept, calls = Trace.see, []

    def interrupted(trace: Trace, seen: Seen) -> None:
        calls.append(seen)
        if len(calls) == FRAMES + AT:
            signal.raise_signal(signal.SIGINT)
        kept(trace, seen)

    monkeypatch.setattr(Trace, "see", interrupted)
    monkeypatch.setenv("LIFESIGN_MODELS_DIR", str(models_dir))
    monkeypatch.chdir(tmp_path)
    return CliRunner().invoke(main, ["analyze", ".", "--json", "-o", "out"])


def test_the_clip_in_hand_is_kept_and_the_others_are_named(stopped: Result, tmp_path: Path) -> None:
    assert stopped.exit_code == 0, stopped.output
    lines = [json.loads(line) for line in stopped.stdout.splitlines()]
    assert [(line["clip"], line["frames"], line["stopped"]) for line in lines] == [
        ("a.gif", FRAMES, False), ("b.gif", AT, True),
    ]  # fmt: skip
    assert "b.gif: stopped by hand" in stopped.stderr
    assert "c.gif: not looked at" in stopped.stderr
    html = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert html.count("Every frame of the clip") == 1
    assert html.count("Every frame until it was stopped by hand") == 1
    assert "Not looked at" in html
    assert "<li>c.gif</li>" in html
