"""Where there can be no window, one sentence says so and what helps."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from lifesign.desktop import ready
from lifesign.desktop.ready import reason
from lifesign.errors import DesktopError

REPOSITORY = Path(__file__).resolve().parent.parent.parent
WITHOUT = "import sys; sys.modules['PySide6'] = None; "
COMMAND = WITHOUT + "sys.argv = ['lifesign', 'desktop']; from lifesign.cli import main; main()"
DOCUMENTED = WITHOUT + "import runpy; sys.argv = ['Liveness_AI.py']; runpy.run_path(PATH, run_name='__main__')"

LIBRARY = """Traceback (most recent call last):
ImportError: libEGL.so.1: cannot open shared object file: No such file or directory"""
NO_DISPLAY = """qt.qpa.xcb: could not connect to display
qt.qpa.plugin: From 6.5.0, xcb-cursor0 or libxcb-cursor0 is needed to load the Qt xcb platform plugin.
qt.qpa.plugin: Could not load the Qt platform plugin "xcb" in "" even though it was found."""
NO_CURSOR = NO_DISPLAY.split("\n", 1)[1]


@pytest.mark.parametrize("program", [COMMAND, DOCUMENTED], ids=["lifesign desktop", "Liveness_AI.py"])
def test_without_the_extra(program: str, tmp_path: Path) -> None:
    code = program.replace("PATH", repr(str(REPOSITORY / "Liveness_AI.py")))
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "pip install 'lifesign[desktop]'" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("said", "helps"),
    [
        (LIBRARY, ("libEGL.so.1", "apt-get install", "libegl1")),
        (NO_DISPLAY, ("no display", "--screenshot")),
        (NO_CURSOR, ("apt-get install", "libxcb-cursor0")),
        ("something else\n", ("something else",)),
        ("", ("no reason",)),
    ],
)
def test_what_qt_says_becomes_what_helps(said: str, helps: tuple[str, ...]) -> None:
    assert [word for word in helps if word not in reason(said)] == []


def test_a_version_that_crashes_this_python_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("PySide6")
    monkeypatch.setattr(ready, "version", lambda _: ready.BROKEN)
    monkeypatch.setattr(ready, "IMMORTAL", (99,))
    with pytest.raises(DesktopError, match=f"PySide6 {ready.BROKEN}"):
        ready.check(unseen=True)
