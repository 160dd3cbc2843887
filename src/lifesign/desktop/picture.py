"""The live picture with the face's mesh."""

from __future__ import annotations

from enum import Enum
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from lifesign.core import challenges
from lifesign.desktop.news import Shown
from lifesign.desktop.theme import tones
from lifesign.report.words import spoken
from lifesign.vision.draw import draw_mesh

MESH_RGB: Final = (150, 205, 255)
CONTOUR_RGB: Final = (255, 255, 255)
MESH_SHARE: Final = 0.45  # how much of the mesh's lines is seen over the skin
SMALL: Final = 0.5  # of the camera's size: above it the quick way of scaling looks the same
RADIUS: Final = 10.0
BACKDROP: Final = QColor(16, 18, 22)
ON_BACKDROP: Final = QColor(222, 226, 232)
BADGE_INK: Final = QColor(255, 255, 255)
GREY: Final = QColor(96, 102, 112)
BADGE_LIGHTNESS: Final = 105  # dark enough for white letters


class Overlay(Enum):
    MESH = "Mesh"
    CONTOURS = "Contours"
    NOTHING = "Nothing"


class Picture(QWidget):
    """Shows the newest picture as large as it fits, or a sentence instead."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Picture")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 180)
        self.mirrored = False
        self.overlay = Overlay.MESH
        self._shown: Shown | None = None
        self._badges: tuple[str, ...] = ()
        self._message = ""

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(640, 480)

    def show_frame(self, shown: Shown, badges: tuple[str, ...]) -> None:
        """`badges`: kinds of actions that are going on."""
        self._shown, self._badges, self._message = shown, badges, ""
        said = ", ".join(map(spoken, badges)) or "Face"
        if said != self.accessibleDescription():  # not 30 times a second
            self.setAccessibleDescription(said)
        self.update()

    def say(self, message: str) -> None:
        """A sentence in place of a picture."""
        self._shown, self._message = None, message
        self.setAccessibleDescription(message)
        self.update()

    @property
    def message(self) -> str:
        return self._message

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802, ARG002 - Qt's name and signature
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        frame = QRectF(self.rect())
        outline = QPainterPath()
        outline.addRoundedRect(frame, RADIUS, RADIUS)
        painter.fillPath(outline, BACKDROP)
        painter.setClipPath(outline)
        if self._shown is None:
            painter.setPen(ON_BACKDROP)
            font = painter.font()
            font.setPointSizeF(font.pointSizeF() * 1.15)
            painter.setFont(font)
            painter.drawText(
                frame.adjusted(24, 24, -24, -24), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._message
            )
            return
        pixels = self._composed(self._shown)
        image = QImage(
            pixels.data, pixels.shape[1], pixels.shape[0], int(pixels.strides[0]), QImage.Format.Format_RGB888
        )
        image.setDevicePixelRatio(self.devicePixelRatioF())
        size = image.deviceIndependentSize()
        corner = QPoint(round((self.width() - size.width()) / 2), round((self.height() - size.height()) / 2))
        painter.drawImage(corner, image)
        self._badge_row(painter)

    def _composed(self, shown: Shown) -> NDArray[np.uint8]:
        """(H, W, 3) RGB in the screen's own pixels, mirrored if it is to be, with the lines."""
        height, width = shown.pixels.shape[:2]
        ratio = self.devicePixelRatioF()
        scale = min(self.width() * ratio / width, self.height() * ratio / height)
        size = max(round(width * scale), 1), max(round(height * scale), 1)
        way = cv2.INTER_AREA if scale < SMALL else cv2.INTER_LINEAR
        picture = np.ascontiguousarray(cv2.resize(shown.pixels[..., :3], size, interpolation=way), np.uint8)
        points = None if shown.points is None else shown.points * np.float32(scale)
        if self.mirrored:
            picture = np.ascontiguousarray(picture[:, ::-1])
            points = None if points is None else np.column_stack([size[0] - points[:, 0], points[:, 1]])
        if points is not None and self.overlay is not Overlay.NOTHING:
            mesh = MESH_RGB if self.overlay is Overlay.MESH else None
            draw_mesh(picture, points, lines=CONTOUR_RGB, mesh=mesh, share=MESH_SHARE, thick=max(round(ratio), 1))
        return picture

    def _badge_row(self, painter: QPainter) -> None:
        colours = tones(self.palette())
        metrics, x = painter.fontMetrics(), 12.0
        for kind in self._badges:
            text = spoken(kind)
            pill = QRectF(x, 12, metrics.horizontalAdvance(text) + 20, metrics.height() + 8)
            known = challenges.REGISTRY.get(kind)
            fill = QColor(colours.family(known.family)) if known else GREY
            while fill.lightness() > BADGE_LIGHTNESS:
                fill = fill.darker(115)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
            painter.setPen(BADGE_INK)
            painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
            x += pill.width() + 6
