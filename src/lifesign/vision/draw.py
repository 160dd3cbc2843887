"""The lines of a face mesh, as landmark numbers, for whoever draws one: reports and the desktop program."""

from __future__ import annotations

from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

RGB = tuple[int, int, int]

# Landmark numbers of MediaPipe's face mesh; left and right are the subject's own. Closed lines end where they begin.
# fmt: off
FACE_OVAL: Final = (10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152,
                    148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109, 10)
RIGHT_EYE: Final = (33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7, 33)
LEFT_EYE: Final = (263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249, 263)
RIGHT_BROW: Final = (70, 63, 105, 66, 107, 55, 65, 52, 53, 46, 70)
LEFT_BROW: Final = (300, 293, 334, 296, 336, 285, 295, 282, 283, 276, 300)
OUTER_LIPS: Final = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146, 61)
INNER_LIPS: Final = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95, 78)
RIGHT_IRIS: Final = (469, 470, 471, 472, 469)
LEFT_IRIS: Final = (474, 475, 476, 477, 474)
# fmt: on
OPENINGS: Final = (RIGHT_EYE, LEFT_EYE, INNER_LIPS)
IRISES: Final = 2  # the last contours
FINE_BITS: Final = 4  # lines are placed on sixteenths of a pixel


def contours() -> tuple[tuple[int, ...], ...]:
    """Polylines of landmark numbers: face, eyes, brows, lips, irises. The irises come last and are the only ones
    that need the points above 467."""
    return (
        FACE_OVAL, RIGHT_EYE, LEFT_EYE, RIGHT_BROW, LEFT_BROW, OUTER_LIPS, INNER_LIPS, RIGHT_IRIS, LEFT_IRIS,
    )  # fmt: skip


def mesh_triangles() -> NDArray[np.intp]:
    """(M, 3) landmark numbers: the skin of the face."""
    lines = resources.files("lifesign.vision").joinpath("triangles.txt").read_text("ascii").splitlines()
    numbers = [int(word) for line in lines if not line.startswith("#") for word in line.split()]
    return np.array(numbers, np.intp).reshape(-1, 3)


@cache
def mesh_edges() -> NDArray[np.intp]:
    """(E, 2) landmark numbers, each edge of the skin once. No edge crosses an eye or the open mouth."""
    triangles = mesh_triangles()
    edges = np.unique(np.sort(triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2)), axis=0)
    crossing = np.any([_crosses(edges, opening) for opening in OPENINGS], axis=0)
    kept: NDArray[np.intp] = edges[~crossing]
    kept.flags.writeable = False  # it is shared by all callers
    return kept


def draw_mesh(
    picture: NDArray[np.uint8],
    points: NDArray[np.floating],
    *,
    lines: RGB,
    mesh: RGB | None = None,
    share: float = 1.0,
    thick: int = 1,
) -> None:
    """Into `picture` (H, W, 3) uint8 RGB itself. `points`: (478, 2) px in it. `lines`: colour of the contours. `mesh`:
    of the skin's edges, which cover `share` (0..1) of what is below; None: without."""
    fine = np.round(points * (1 << FINE_BITS)).astype(np.int32)
    if mesh is not None:
        layer = picture.copy()
        cv2.polylines(layer, list(fine[mesh_edges()]), False, mesh, thick, cv2.LINE_AA, FINE_BITS)
        cv2.addWeighted(layer, share, picture, 1 - share, 0, dst=picture)
    drawn = [fine[list(line)] for line in contours()]
    cv2.polylines(picture, drawn[:-IRISES], False, lines, thick, cv2.LINE_AA, FINE_BITS)
    for ring in drawn[-IRISES:]:  # of four points: a circle looks more like it
        middle, radius = ring[:-1].mean(axis=0), np.hypot(*(ring[0] - ring[2])) / 2
        cv2.circle(picture, middle.astype(int).tolist(), int(radius), lines, thick, cv2.LINE_AA, FINE_BITS)


def _crosses(edges: NDArray[np.intp], opening: tuple[int, ...]) -> list[bool]:
    """(E,): which edges join two points of a closed line that are not neighbours on it."""
    rim = {frozenset(pair) for pair in pairwise(opening)}
    return [set(edge) <= set(opening) and frozenset(edge) not in rim for edge in edges.tolist()]
