"""The actor's portrait, read once."""

from __future__ import annotations

import pytest

from lifesign.lab.actor import Actor, Portrait
from lifesign.vision.face import FaceEngine


@pytest.fixture(scope="session")
def portrait(engine: FaceEngine) -> Portrait:
    """The public-domain portrait that scikit-image carries."""
    return Portrait.load(engine=engine)


@pytest.fixture(scope="session")
def actor(portrait: Portrait) -> Actor:
    return Actor(portrait)
