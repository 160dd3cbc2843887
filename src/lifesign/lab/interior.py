"""What lies behind the lips: teeth and the dark of the mouth, painted below the person's texture."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from lifesign.lab.marks import INNER_LOWER_LIP, INNER_UPPER_LIP
from lifesign.lab.portrait import REACH_DOWN, REACH_UP, TEXELS, Portrait, to_texels

Points = NDArray[np.float64]

PATCH_LEFT, PATCH_TOP, PATCH_WIDTH, PATCH_HEIGHT = -0.7, 0.1, 1.4, 1.2
"""The part of the face frame that the patch covers, in inter-ocular distances."""
DEEP, FLOOR = (44, 14, 16), (128, 58, 58)
"""Colours of the throat and of the tongue's bed."""
ENAMEL = (222, 212, 196)
BAND, TOOTH_EDGE = 0.085, 0.015
"""Height of the plain band of teeth where the photograph shows none, and how soft its lower edge is."""
OPEN_GAP = 0.03
"""Lips farther apart than this in the photograph show its own teeth."""


def mouth_texels(points: Points) -> Points:
    """Texture pixels of the mouth's interior at face-frame points (…, 2)."""
    return (points - [PATCH_LEFT, PATCH_TOP]) * TEXELS + [0, _patch_row()]


def _patch_row() -> int:
    return round((REACH_UP + REACH_DOWN) * TEXELS)


def with_interior(portrait: Portrait) -> NDArray[np.uint8]:
    """The portrait's texture (H, W, 4) with rows for the interior added below."""
    height, width = round(PATCH_HEIGHT * TEXELS), round(PATCH_WIDTH * TEXELS)
    top = portrait.points[list(INNER_UPPER_LIP), :2]
    bottom = portrait.points[list(INNER_LOWER_LIP), :2]
    patch = _cavity(height, width, float(top[:, 1].mean()))
    gap = float((bottom - top)[:, 1].max())
    if gap > OPEN_GAP:
        _photographed_teeth(patch, portrait.texture, top, bottom)
    else:
        _plain_teeth(patch, top)
    rows = np.zeros((height, portrait.texture.shape[1], 4), np.uint8)
    rows[:, :width, :3] = np.clip(patch, 0, 255)
    rows[..., 3] = 255
    return np.vstack([portrait.texture, rows])


def _cavity(height: int, width: int, lip: float) -> NDArray[np.float32]:
    """Dark behind the teeth, dull red farther down."""
    y = (np.arange(height) / TEXELS + PATCH_TOP - lip)[:, None, None]
    x = (np.arange(width) / TEXELS + PATCH_LEFT)[None, :, None]
    floor = np.clip((y - 0.12) / 0.22, 0, 1) * np.exp(-((x / 0.2) ** 2))
    return (np.array(DEEP) + (np.array(FLOOR) - DEEP) * floor).astype(np.float32)


def _photographed_teeth(patch: NDArray[np.float32], texture: NDArray[np.uint8], top: Points, bottom: Points) -> None:
    """The photograph's own teeth, stretched a little upwards, so that a lip drawn higher shows no more skin."""
    height, width = patch.shape[:2]
    left, up = np.round(to_texels(np.array([PATCH_LEFT, PATCH_TOP]))).astype(int)
    photo = texture[up : up + height, left : left + width, :3]
    outline = np.concatenate([top, bottom[-2:0:-1]])
    mask = np.zeros((height, width), np.uint8)
    inner = (outline - [PATCH_LEFT, PATCH_TOP]) * TEXELS
    cv2.fillPoly(mask, [np.round(inner).astype(np.int32)], (255,))
    mask = cv2.erode(mask, np.ones((3, 3), np.uint8)).astype(np.uint8)
    weight = cv2.GaussianBlur(mask, (0, 0), 1.5).astype(np.float32)[..., None] / 255
    patch += weight * (photo - patch)


def _plain_teeth(patch: NDArray[np.float32], top: Points) -> None:
    """A band below the upper lip, brightest in the middle."""
    y, x = np.mgrid[0 : patch.shape[0], 0 : patch.shape[1]] / TEXELS + [[[PATCH_TOP]], [[PATCH_LEFT]]]
    below = y - np.interp(x, top[:, 0], top[:, 1])
    half = np.ptp(top[:, 0]) / 2
    aside = (x - top[:, 0].mean()) / half
    band = np.clip((BAND * (1 - aside**2 / 2) - below) / TOOTH_EDGE, 0, 1) * np.clip(1 - aside**2, 0, 1)
    patch += (band[..., None] * (np.array(ENAMEL) - patch)).astype(np.float32)
