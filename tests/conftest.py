"""Fixtures that every folder of tests may use: where the models are, and one engine made of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from lifesign.vision.face import FaceEngine
from lifesign.vision.models import Bundle, load_bundle

REPOSITORY = Path(__file__).resolve().parent.parent
MEDIA = REPOSITORY.parent / "shared" / "media"

settings.register_profile("lifesign", deadline=None)  # no test asserts on time, this one neither
settings.load_profile("lifesign")


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """Where `lifesign models pull` put the models for the tests."""
    folder = Path(os.environ.get("LIFESIGN_MODELS_DIR", REPOSITORY / "models"))
    if not (folder / "face_landmarker.task").is_file():
        pytest.fail(f"no face_landmarker.task in {folder}: run `make models` or set LIFESIGN_MODELS_DIR")
    return folder


@pytest.fixture(scope="session")
def bundle(models_dir: Path) -> Bundle:
    return load_bundle(models_dir / "face_landmarker.task")


@pytest.fixture(scope="session")
def engine(bundle: Bundle) -> FaceEngine:
    """One engine for all tests: it keeps nothing of a session, and tests run on one thread."""
    return FaceEngine(bundle)


@pytest.fixture(scope="session")
def media() -> Path:
    """The labelled clips of developers and CI."""
    if not MEDIA.is_dir():
        pytest.skip("../shared/media is not on this machine")
    return MEDIA
