"""Where the faces are: the short-range face detector, 128×128 → boxes with eyes.

Source: MediaPipe Tasks, face_detector_graph (anchors, scores, weighted non-maximum suppression).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lifesign.core.types import Box
from lifesign.vision.models import Network
from lifesign.vision.region import Border, Region, eye_line_rotation

SIZE = 128
ANCHOR_GRIDS = ((16, 2), (8, 6))  # (cells a side, anchors a cell): stride 8 once, stride 16 three times
POINTS = 6  # right eye, left eye, nose, mouth, ears: an anchor has a centre, two sides and these
MIN_LOGIT = 0.0  # a score of 0.5
SAME_FACE_IOU = 0.3
SCORE_CLIP = 100.0  # of the logit, as the source does: keeps exp in range


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """One face: its tight box in pixels, and the rotation of the line of its eyes in radians."""

    box: Box
    rotation: float


class Detector:
    """The faces of a picture, best first."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._anchors = _anchor_centres()
        self._crop = np.empty((SIZE, SIZE, 3), np.uint8)

    def find(self, pixels: NDArray[np.uint8]) -> tuple[Detection, ...]:
        """All faces in `pixels` (H, W, 3) uint8 RGB, by falling score."""
        height, width = pixels.shape[:2]
        side = float(max(height, width))
        whole = Region(cx=width / 2, cy=height / 2, width=side, height=side, rotation=0.0)
        whole.crop(pixels, SIZE, Border.ZERO, self._crop)
        tensor = self._network.input()[0]
        np.multiply(self._crop, np.float32(2 / 255), out=tensor)
        np.subtract(tensor, np.float32(1), out=tensor)
        del tensor  # the network refuses to run while its input is held
        self._network.run()
        logits = np.clip(self._network.output(1), -SCORE_CLIP, SCORE_CLIP)
        likely = np.flatnonzero(logits >= MIN_LOGIT)
        scores = 1 / (1 + np.exp(-logits[likely].astype(np.float64)))
        found = self._network.output(0).reshape(len(logits), -1)[likely] / np.float64(SIZE)
        found[:, :2] += self._anchors[likely]
        found[:, 4:] += np.tile(self._anchors[likely], POINTS)
        found *= side
        margin = np.array([width - side, height - side]) / 2  # the letterbox
        found[:, :2] += margin
        found[:, 4:] += np.tile(margin, POINTS)
        return tuple(_merge(found, scores))


def iou(a: Box, b: Box) -> float:
    """Intersection over union, 0..1."""
    across = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    down = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
    if across <= 0 or down <= 0:
        return 0.0
    shared = across * down
    return shared / (a.width * a.height + b.width * b.height - shared)


def _merge(found: NDArray[np.float64], scores: NDArray[np.float64]) -> Iterator[Detection]:
    """Candidates that overlap the best one are averaged with it, weighted by score; then the next best."""
    order = np.argsort(-scores, kind="stable")
    boxes = [_box(row, score) for row, score in zip(found[order], scores[order], strict=True)]
    rest = [at for at, box in enumerate(boxes) if box.width > 0 and box.height > 0]
    while rest:
        best = boxes[rest[0]]
        same = [at for at in rest if iou(best, boxes[at]) > SAME_FACE_IOU]
        rest = [at for at in rest if at not in same]
        mean = np.average(found[order[same]], axis=0, weights=scores[order[same]])
        yield Detection(box=_box(mean, best.score), rotation=eye_line_rotation(mean[4:6], mean[6:8]))


def _box(row: NDArray[np.floating], score: float) -> Box:
    cx, cy, width, height = (float(value) for value in row[:4])
    return Box(x=cx - width / 2, y=cy - height / 2, width=width, height=height, score=float(score))


def _anchor_centres() -> NDArray[np.float32]:
    """(896, 2) x and y, 0..1: row after row, the anchors of one cell together."""
    grids = []
    for cells, repeats in ANCHOR_GRIDS:
        centres = (np.arange(cells, dtype=np.float32) + np.float32(0.5)) / np.float32(cells)
        y, x = np.meshgrid(centres, centres, indexing="ij")
        grids.append(np.repeat(np.stack([x, y], axis=-1).reshape(-1, 2), repeats, axis=0))
    return np.concatenate(grids)
