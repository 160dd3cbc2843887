"""Separates a person from the place behind."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from lifesign.lab.marks import CHIN, LEFT_CORNER, RIGHT_CORNER

# The first guess that GrabCut starts from, in inter-ocular distances around the middle of the eyes.
HEAD_RADII = (1.35, 1.75)
HEAD_ROOM = 1.9
NECK_HALF, BODY_HALF, BODY_ROOM = 0.8, 3.0, 3.4
TRUNK = ((-0.5, -0.4), (0.5, -0.4), (1.0, 1.0), (-1.0, 1.0))
"""What is surely neck and chest: corners, across from the middle and down from the chin."""
BORDER_PX = 3
GRABCUT_ROUNDS = 4
CLOSE_PX = 5
TRUST = 8.0
"""A cell of the fill of which one part in so many is known needs nothing from the coarser one."""
EMPTY = np.float32(1e-6)


def person_mask(pixels: NDArray[np.uint8], marks: NDArray[np.float64]) -> NDArray[np.uint8]:
    """255 where `pixels` (H, W, 3) shows the person whose landmarks (468, >=2) px are `marks`, else 0: (H, W)."""
    height, width = pixels.shape[:2]
    labels = _guess(height, width, marks)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(0)
    cv2.grabCut(pixels, labels, None, *models, GRABCUT_ROUNDS, cv2.GC_INIT_WITH_MASK)  # type: ignore[call-overload]
    person = np.isin(labels, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    person = cv2.morphologyEx(person, cv2.MORPH_CLOSE, np.ones((CLOSE_PX, CLOSE_PX), np.uint8)).astype(np.uint8)
    floor = np.flatnonzero(person[-1])
    if floor.size:  # a hole that runs out of the picture at the bottom is still a hole
        person[-1, floor[0] : floor[-1]] = 1
    outlines, _ = cv2.findContours(person, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    mask = np.zeros((height, width), np.uint8)
    cv2.drawContours(mask, [max(outlines, key=cv2.contourArea)], -1, (255,), cv2.FILLED)
    return mask


def _guess(height: int, width: int, marks: NDArray[np.float64]) -> NDArray[np.uint8]:
    iod = float(np.linalg.norm(marks[LEFT_CORNER, :2] - marks[RIGHT_CORNER, :2]))
    x, y = (marks[RIGHT_CORNER, :2] + marks[LEFT_CORNER, :2]) / 2
    chin = int(marks[CHIN, 1])
    labels = np.full((height, width), cv2.GC_PR_BGD, np.uint8)
    radii = (int(HEAD_RADII[0] * iod), int(HEAD_RADII[1] * iod))
    cv2.ellipse(labels, (int(x), int(y)), radii, 0, 0, 360, (cv2.GC_PR_FGD,), cv2.FILLED)
    body = [(x + half * iod, row) for half, row in
            ((-NECK_HALF, chin), (NECK_HALF, chin), (BODY_HALF, height), (-BODY_HALF, height))]  # fmt: skip
    cv2.fillConvexPoly(labels, np.array(body, np.int32), (cv2.GC_PR_FGD,))
    labels[:BORDER_PX] = cv2.GC_BGD
    for rows, room in ((slice(0, chin), HEAD_ROOM), (slice(chin, height), BODY_ROOM)):
        labels[rows, : max(BORDER_PX, int(x - room * iod))] = cv2.GC_BGD
        labels[rows, min(width - BORDER_PX, int(x + room * iod)) :] = cv2.GC_BGD
    trunk = [(x + half * iod, chin + below * iod) for half, below in TRUNK]
    for sure in (marks[:, :2], np.array(trunk)):
        hull = cv2.convexHull(sure.astype(np.float32)).astype(np.int32)
        cv2.fillConvexPoly(labels, hull, (cv2.GC_FGD,))
    return labels


def fill(pixels: NDArray[np.uint8], known: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """`pixels` (H, W, 3) with everything where `known` (H, W) is 0 made up smoothly from what surrounds it
    (push-pull: average down to one pixel, then fill on the way up)."""
    weight = (known > 0).astype(np.float32)
    levels = [(pixels * weight[..., None], weight)]
    while min(levels[-1][1].shape) > 1:
        colour, weight = levels[-1]
        levels.append((cv2.pyrDown(colour), cv2.pyrDown(weight)))  # type: ignore[arg-type]
    colour, weight = levels.pop()
    filled = colour / np.maximum(weight, EMPTY)[..., None]
    for colour, weight in reversed(levels):
        coarse = cv2.pyrUp(filled, dstsize=(weight.shape[1], weight.shape[0]))
        own = np.minimum(weight * TRUST, 1)[..., None]
        filled = coarse + own * (colour / np.maximum(weight, EMPTY)[..., None] - coarse)
    return np.clip(filled, 0, 255).astype(np.uint8)
