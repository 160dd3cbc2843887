"""The annotated clip: a video of as many frames as it has, or a picture when it is one."""

from __future__ import annotations

from typing import Final

from lifesign.core.policy import Policy
from lifesign.report.canvas import Canvas
from lifesign.report.picture import FINE_QUALITY, jpeg
from lifesign.report.place import Place, write
from lifesign.report.video import Video
from lifesign.watch import Seen

GROUP: Final = "diagnostics"
VIDEO, PICTURE = "annotated.webm", "annotated.jpg"
STILL_PX: Final = 360_000  # a picture costs no encoder anything
MEASURED: Final = 15  # frames of a camera from which its rate is measured


class Film:
    """`fps`: of the clip; None: nobody knows, it is measured on the first frames. `poster`: the first annotated frame
    with a face, or the first one, as JPEG."""

    def __init__(self, place: Place, policy: Policy, fps: float | None) -> None:
        self.poster = b""
        self._place, self._policy, self._fps = place, policy, fps
        self._faced = False
        self._canvas: Canvas | None = None
        self._video: Video | None = None
        self._held: list[Seen] = []

    def see(self, seen: Seen) -> None:
        if self._canvas is not None and self._video is not None:
            self._write(self._canvas, self._video, seen)
            return
        self._held.append(seen)
        if len(self._held) > (MEASURED if self._fps is None else 1):
            self._open()

    def close(self) -> str:
        """The file, relative to the output folder; empty when there was no frame."""
        if len(self._held) == 1:
            still = self._held[0]
            canvas = Canvas(self._policy, *_size(still), area=STILL_PX)
            self.poster = jpeg(canvas.draw(still), FINE_QUALITY)
            return self._place.write(GROUP, PICTURE, self.poster)
        if self._held:
            self._open()
        if self._video is None:
            return ""
        self._video.close()
        return self._place.relative(self._place.path(GROUP, VIDEO))

    def _open(self) -> None:
        span = self._held[-1].frame.t - self._held[0].frame.t
        canvas = Canvas(self._policy, *_size(self._held[0]))
        fps = self._fps or (len(self._held) - 1) / span
        path = self._place.path(GROUP, VIDEO)
        write(path, b"")  # the encoder makes a new file readable for everyone, and keeps the mode of one that is there
        video = Video(path, fps, canvas.width, canvas.height)
        for seen in self._held:
            self._write(canvas, video, seen)
        self._held.clear()
        self._canvas, self._video = canvas, video

    def _write(self, canvas: Canvas, video: Video, seen: Seen) -> None:
        picture = canvas.draw(seen)
        video.write(picture)
        face = seen.look.face is not None
        if not self.poster or (face and not self._faced):
            self.poster, self._faced = jpeg(picture), face


def _size(seen: Seen) -> tuple[int, int]:
    height, width = seen.frame.pixels.shape[:2]
    return width, height
