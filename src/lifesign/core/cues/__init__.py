"""One file per cue. `REGISTRY` maps each kind to its class; importing the file registers it."""

from lifesign.core.cues import continuity
from lifesign.core.cues.cue import REGISTRY, Cue

__all__ = ["REGISTRY", "Cue", "continuity"]
