"""Can there be a window here at all? Asked before Qt is loaded, because Qt ends the program when it cannot."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from importlib.metadata import version
from typing import Final

from lifesign.errors import DesktopError

SECONDS: Final = 30.0
TRIAL: Final = "import sys; from PySide6.QtWidgets import QApplication; QApplication(sys.argv)"
INSTALL: Final = "pip install 'lifesign[desktop]' (from a checkout: pip install -e '.[desktop]')"
BROKEN: Final = "6.12.0"
"""it gives away a reference to None with every call; where None can die of that, the program does after seconds"""
IMMORTAL: Final = (3, 12)  # PEP 683
LIBRARIES: Final = "libegl1 libgl1 libglib2.0-0 libxkbcommon0 libdbus-1-3 libfontconfig1"
ON_SCREEN: Final = (
    "libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-xkb1 libxkbcommon-x11-0 libx11-xcb1"
)

UNSEEN: Final = "Without a screen, lifesign desktop --source FILE --screenshot OUT.png keeps a picture of the window"


def check(*, unseen: bool) -> None:
    """Raises DesktopError, with what helps, unless Qt can open a window. `unseen`: without any screen."""
    if importlib.util.find_spec("PySide6") is None:
        raise DesktopError(f"the desktop program needs PySide6, which is not installed: {INSTALL}")
    if version("PySide6_Essentials") == BROKEN and sys.version_info < IMMORTAL:
        raise DesktopError(f"PySide6 {BROKEN} crashes this Python: pip install 'pyside6-essentials<{BROKEN}'")
    platform = ["-platform", "offscreen"] if unseen else []
    try:
        trial = subprocess.run(
            [sys.executable, "-c", TRIAL, *platform], capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise DesktopError(f"Qt did not start within {SECONDS:g} s: does the display answer?") from error
    if trial.returncode:
        raise DesktopError(reason(trial.stderr))


def reason(said: str) -> str:
    """What Qt said when it could not, as one sentence with what helps."""
    if "cannot open shared object file" in said:
        library = next(word for line in said.splitlines() for word in line.split() if ".so" in word).rstrip(":")
        return f"Qt needs {library}, which this machine lacks; on Debian: apt-get install {LIBRARIES} {ON_SCREEN}"
    if "could not connect to display" in said:
        return f"there is no display to open a window on: set DISPLAY or WAYLAND_DISPLAY. {UNSEEN}"
    if "platform plugin" in said:
        return f"Qt's part for X11 lacks a library; on Debian: apt-get install {ON_SCREEN}. {UNSEEN}"
    lines = [line for line in said.splitlines() if line.strip()] or ["it gave no reason"]
    return f"Qt cannot start here: {lines[-1]}"
