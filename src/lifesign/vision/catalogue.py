"""What may be loaded: the entries of models.toml, and whether some bytes are the pinned ones."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile:
    """One pinned file. `size`: bytes. `publisher`: URL or ''. `package`: `name==version` of a wheel on the package
    index or '', and `member` the path of the file inside it."""

    name: str
    file: str
    size: int
    sha256: str
    licence: str
    about: str = ""
    publisher: str = ""
    package: str = ""
    member: str = ""

    def difference(self, data: bytes) -> str:
        """How `data` differs from the pinned bytes, in half a sentence; '' when it does not."""
        if len(data) < self.size:
            return f"cut short ({len(data)} of {self.size} bytes)"
        digest = hashlib.sha256(data).hexdigest()
        return "" if digest == self.sha256 else f"other bytes (sha256 {digest}, pinned is {self.sha256})"


def read_catalogue(toml: str) -> dict[str, ModelFile]:
    """The entries of a models.toml, by name."""
    return {name: ModelFile(name=name, **entry) for name, entry in tomllib.loads(toml).items()}


MODELS: Mapping[str, ModelFile] = read_catalogue(
    files("lifesign.vision").joinpath("models.toml").read_text(encoding="utf-8")
)
