"""The colours of the mouth: how far up from the lower lip, what is seen between the lips is of the lip's own colour.

A tongue that is out lies on the lower lip and is of its colour, so that no edge is left between the two; between open
lips alone there is one, to teeth or to the dark. Colours are compared as ratios, which a lamp's colour and strength
leave alone, and always with the same frame's own lip: how red a tongue is differs from person to person.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Colours = NDArray[np.float64]

# Outer and inner edge of the upper lip, inner and outer edge of the lower one, from the nose down. The corners of the
# mouth are left out: they stay dark whatever is between the lips.
EDGES: Final = ((38, 37, 0, 267, 268), (81, 82, 13, 312, 311), (178, 87, 14, 317, 402), (181, 84, 17, 314, 405))
CHEEKS: Final = (205, 425, 50, 280, 187, 411, 101, 330, 36, 266, 6)  # and the bridge of the nose, to make them odd

ROWS: Final = 16  # of samples from the lower lip to the upper
INSIDE: Final = (np.arange(ROWS) + 0.5) / ROWS
ON_LIP: Final = np.linspace(0.2, 0.8, 5)  # of the way across a lip: its edges are in the shade
BLACK: Final = 12.0  # grey levels added before ratios are taken: in the dark they would be the camera's noise
LUMA: Final = np.array([0.299, 0.587, 0.114])  # BT.601
WEIGHTS: Final = np.array([0.5, 1.0, 0.5])  # shade says as much about light as about skin; blue is the noisy channel
SAME: Final = 0.2
"""Logarithm of a ratio: further apart, two colours are not of one kind. 0.15 lost a fifth of the tongues, those that
have shade on them; 0.25 took blurred teeth for lips (tongues drawn on 24 people; 8250 frames without)"""


def tones(pixels: NDArray[np.uint8], landmarks: NDArray[np.float32]) -> tuple[float, float]:
    """Of (H, W, ≥3) RGB `pixels` and (478, ≥2) px `landmarks`: the share 0..1 of the way from the lower lip up to the
    upper one over which the lower lip's colour goes on; and how far the colour of the more telling lip is from that of
    the cheeks, as the logarithm of a ratio (0: lips cannot be told from skin, and hence nothing from lips)."""
    top, upper, lower, bottom = landmarks[np.array(EDGES), :2]  # each (5, 2)
    lips = _middle(np.stack([_along(pixels, a, b, ON_LIP).reshape(-1, 3) for a, b in ((top, upper), (lower, bottom))]))
    cheeks = _middle(_seen(pixels, landmarks[list(CHEEKS), :2])[None])
    inside = _middle(_along(pixels, lower, upper, INSIDE))  # a highlight, a tooth aside are outvoted
    colours = _ratios(np.vstack([lips, cheeks, inside]))
    lip, skin, between = colours[1], colours[2], colours[3:]
    other = np.linalg.norm(between - lip, axis=1) > SAME
    other[:-1] &= other[1:]  # one row alone is the shade of an edge
    share = int(other.argmax()) / ROWS if other.any() else 1.0
    return share, float(np.linalg.norm((colours[:2] - skin)[:, 1:], axis=1).max())


def _along(pixels: NDArray[np.uint8], begin: NDArray[Any], end: NDArray[Any], shares: Colours) -> NDArray[np.uint8]:
    """(len(shares), N, 3) colours at these shares of the way from each of N points to its partner."""
    steps = shares[:, None, None]
    return _seen(pixels, begin * (1 - steps) + end * steps)


def _seen(pixels: NDArray[np.uint8], points: NDArray[Any]) -> NDArray[np.uint8]:
    """(…, 3) colours under points (…, 2); beyond the picture the border's."""
    at = np.rint(points).astype(int)
    height, width = pixels.shape[:2]
    seen: NDArray[np.uint8] = pixels[at[..., 1].clip(0, height - 1), at[..., 0].clip(0, width - 1), :3]
    return seen


def _middle(colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(M, 3) medians of (M, N, 3), channel by channel; of an even N the upper one. np.median takes six times longer."""
    return np.sort(colours, axis=1)[:, colours.shape[1] // 2]


def _ratios(rgb: NDArray[np.uint8]) -> Colours:
    """(N, 3) logarithms of brightness, of red over green and of blue over green, weighted."""
    r, g, b = (rgb + BLACK).T
    ratios: Colours = np.log(np.column_stack([rgb @ LUMA + BLACK, r / g, b / g])) * WEIGHTS
    return ratios
