"""The lines of the mesh."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from lifesign.vision.draw import INNER_LIPS, LEFT_EYE, RIGHT_EYE, contours, mesh_edges

POINTS, IRISES = 478, 10


def test_contours_are_closed_lines_of_landmarks() -> None:
    lines = contours()
    assert len(lines) == 9
    assert all(line[0] == line[-1] for line in lines)
    assert all(len(set(line)) == len(line) - 1 for line in lines)
    assert {number for line in lines for number in line} < set(range(POINTS))


def test_the_skin_has_each_edge_once_and_reaches_every_point() -> None:
    edges = mesh_edges()
    assert edges.shape[1] == 2
    assert len({frozenset(edge) for edge in edges.tolist()}) == len(edges)
    assert set(np.unique(edges).tolist()) == set(range(POINTS - IRISES))


@pytest.mark.parametrize("rim", [RIGHT_EYE, LEFT_EYE, INNER_LIPS])
def test_no_edge_crosses_an_opening(rim: tuple[int, ...]) -> None:
    inside = {frozenset(edge) for edge in mesh_edges().tolist() if set(edge) <= set(rim)}
    assert inside == {frozenset(pair) for pair in pairwise(rim)}
