"""One picture to one face: detector → crop → landmarks → smoothing → blendshapes → pose.

Source: MediaPipe Tasks' face landmarker in VIDEO mode for one face, whose numbers this reproduces.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from lifesign.core.types import Face, Frame, Look
from lifesign.vision.blendshapes import NAMES, Blendshapes
from lifesign.vision.canonical import read_canonical_face
from lifesign.vision.detector import Detection, Detector, iou
from lifesign.vision.landmarks import REGION_SCALE, Landmarker, Mesh, bounds, next_region
from lifesign.vision.models import Bundle, Network
from lifesign.vision.pose import FaceGeometry
from lifesign.vision.prelu import widen_slopes
from lifesign.vision.region import Region
from lifesign.vision.smoothing import Smoother
from lifesign.vision.track import MAX_OTHERS, Followed, Track

__all__ = ["FaceEngine", "FollowLimits", "Track"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowLimits:
    """How a face is followed. `presence`: below it the face is lost (MediaPipe's own default). `recheck_s`: how often
    the detector looks for other faces while one is followed (0.8 ms each). `same_face_iou`: a detected box that
    overlaps the followed face this much is that face."""

    presence: float = 0.5
    recheck_s: float = 0.25
    same_face_iou: float = 0.3


class FaceEngine:
    """One set of networks, for one thread at a time; engines on several threads run in parallel.

    The same pictures with the same tracks give the same bits. Nothing of a session stays in here.
    """

    def __init__(self, bundle: Bundle, limits: FollowLimits | None = None) -> None:
        cv2.setNumThreads(1)  # a worker thread is the unit of parallelism; OpenCV's own pool would fight it
        self._limits = limits or FollowLimits()
        self._detector = Detector(Network(bundle.detector))
        self._landmarker = Landmarker(Network(widen_slopes(bundle.landmarks)))
        self._blendshapes = Blendshapes(Network(bundle.blendshapes))
        self._geometry = FaceGeometry(read_canonical_face(bundle.geometry))
        self.models: dict[str, str] = {bundle.name: bundle.sha256}

    def look(self, frame: Frame, track: Track | None, *, blendshapes: bool = True) -> tuple[Look, Track]:
        """The face of a picture, and the track for the next one of the same session (None before the first).

        Without `blendshapes` the face's are all zero, which saves a tenth of the time.
        """
        before = track or Track(t=frame.t, detected_at=frame.t, followed=None)
        followed, detected_at, others = before.followed, before.detected_at, before.others
        found: tuple[Detection, ...] = ()
        detects = followed is None or frame.t - detected_at >= self._limits.recheck_s
        if detects:
            found, detected_at = self._detector.find(frame.pixels), frame.t
        mesh = self._read(frame, followed.region if followed else _first_region(found))
        if mesh is None:
            return Look(face=None), Track(t=frame.t, detected_at=detected_at, followed=None)
        smoother = _smooth(mesh, frame.t - before.t, followed)
        if detects:
            others = tuple(f.box for f in found if iou(f.box, mesh.box) < self._limits.same_face_iou)
            others = others[:MAX_OTHERS]
        after = Track(
            t=frame.t,
            detected_at=detected_at,
            followed=Followed(region=next_region(mesh), smoother=smoother),
            others=others,
        )
        return Look(face=self._face(frame, mesh, smoother, blendshapes), others=others), after

    def _read(self, frame: Frame, region: Region | None) -> Mesh | None:
        """The points in `region` if that is a sane place and there is a face in it."""
        height, width = frame.pixels.shape[:2]
        if region is None or not region.usable(width, height):
            return None
        mesh = self._landmarker.read(frame.pixels, region)
        return mesh if mesh.presence >= self._limits.presence and mesh.sound else None

    def _face(self, frame: Frame, mesh: Mesh, smoother: Smoother, blendshapes: bool) -> Face:
        height, width = frame.pixels.shape[:2]
        points = smoother.smooth
        return Face(
            box=bounds(points, mesh.presence),
            score=mesh.presence,
            landmarks=points,
            raw_landmarks=mesh.points,
            blendshapes=self._blendshapes.read(points) if blendshapes else np.zeros(len(NAMES), np.float32),
            pose=self._geometry.pose(points, width, height),
            tongue=mesh.tongue,
        )


def _first_region(found: tuple[Detection, ...]) -> Region | None:
    if not found:
        return None
    return Region.around(found[0].box, scale=REGION_SCALE, rotation=found[0].rotation)


def _smooth(mesh: Mesh, dt: float, followed: Followed | None) -> Smoother:
    """The filter's next state; it starts again with a new face, and when the clock stands still or the state is
    spoilt."""
    if followed is not None and dt > 0:
        size = (mesh.box.width + mesh.box.height) / 2
        smoother = followed.smoother.step(mesh.points, dt=dt, size=size)
        if np.isfinite(smoother.smooth).all():
            return smoother
    return Smoother.start(mesh.points)
