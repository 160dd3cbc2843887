"""Rewriting a network's slopes changes how long it takes, and not one bit of what it says."""

import numpy as np
import pytest

from lifesign.vision.models import Bundle, Network
from lifesign.vision.prelu import widen_slopes


def outputs(content: bytes, count: int) -> list[bytes]:
    network = Network(content)
    values = np.random.default_rng(3).random(network.input().shape, np.float32)
    network.input()[:] = values
    network.run()
    return [network.output(index).tobytes() for index in range(count)]


def test_the_landmark_network_says_the_same(bundle: Bundle) -> None:
    wide = widen_slopes(bundle.landmarks)
    assert len(wide) > len(bundle.landmarks)
    assert outputs(wide, 3) == outputs(bundle.landmarks, 3)
    assert widen_slopes(wide) == wide  # nothing is left to widen


@pytest.mark.parametrize("part", ["detector", "blendshapes"])
def test_networks_without_slopes_are_left_alone(bundle: Bundle, part: str) -> None:
    content = getattr(bundle, part)
    assert widen_slopes(content) == content
