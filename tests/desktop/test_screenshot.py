"""`lifesign desktop --screenshot`: the window as a picture, without a screen."""

from __future__ import annotations

import tests.desktop.qt  # noqa: F401 - first: it skips this module where Qt cannot run

# isort: split
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication

from lifesign.desktop.theme import tones

REPOSITORY = Path(__file__).resolve().parent.parent.parent
DOCUMENTED = str(REPOSITORY / "Liveness_AI.py")


def run(folder: Path, models_dir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment | {"LIFESIGN_MODELS_DIR": str(models_dir)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("program", [("-m", "lifesign.cli", "desktop"), (DOCUMENTED,)], ids=["command", "documented"])
def test_a_picture_of_the_window(
    tmp_path: Path, models_dir: Path, clip: Path, application: QApplication, program: tuple[str, ...]
) -> None:
    done = run(tmp_path, models_dir, *program, "--source", str(clip), "--screenshot", "out.png", "--at", "2.5")
    assert done.returncode == 0, done.stderr
    picture = Image.open(tmp_path / "out.png").convert("RGB")
    assert picture.size == (1280, 800)
    blue = tones(application.palette()).family("eyes")
    assert any(colour == (blue.red(), blue.green(), blue.blue()) for _, colour in picture.getcolors(1 << 24) or [])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.png"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--source", "no.mp4", "--screenshot", "out.png"), 1, "no.mp4"),
        (("--source", "0", "--screenshot", "out.png"), 2, "--at"),
        (("--at", "3"), 2, "--screenshot"),
        (("--blink-threshold", "7e999", "--screenshot", "out.png", "--source", "no.mp4"), 1, "blink_threshold"),
    ],
)
def test_a_wrong_call_ends_with_a_sentence(
    tmp_path: Path, models_dir: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = run(tmp_path, models_dir, "-m", "lifesign.cli", "desktop", *arguments)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out.png").exists()
