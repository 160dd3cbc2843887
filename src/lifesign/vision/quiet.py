"""OpenCV and its FFmpeg print to stderr what is wrong with a file. We say it ourselves, in one sentence."""

from __future__ import annotations

import os
from typing import Final

import cv2

FFMPEG_QUIET: Final = "-8"  # AV_LOG_QUIET


def quiet() -> None:
    """Call it before OpenCV opens a file or a camera. Who wants to read FFmpeg's lines sets its variable themselves."""
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", FFMPEG_QUIET)  # read when the first file is opened
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # its own variable was read with the import
