"""A throw-away environment with MediaPipe, which is no dependency of the project: made once, kept for the next run."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

VERSION = "1.2.2"


def mediapipe_python() -> Path | None:
    """The Python of an environment with MediaPipe of `VERSION`, or None with the reason printed."""
    folder = Path(tempfile.gettempdir()) / "lifesign-bench" / f"mediapipe-{VERSION}"
    python = folder / "bin" / "python"
    if _has_mediapipe(python):
        return python
    print(f"making a throw-away environment with mediapipe=={VERSION} (some minutes) …", flush=True)
    requirement = f"mediapipe=={VERSION}"
    for command in (
        [sys.executable, "-m", "venv", str(folder)],
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"no environment with {requirement}: {done.stderr.strip().splitlines()[-1:]}")
            return None
    return python


def _has_mediapipe(python: Path) -> bool:
    if not python.exists():
        return False
    command = [str(python), "-c", "import importlib.metadata as m; print(m.version('mediapipe'))"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() == VERSION
