"""What a face is asked to look like at one moment."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One pose and expression. Angles in degrees with the signs of `core.types`; left and right are the
    subject's own; expressions run 0..1, and 0 is the relaxed face. `dx`, `dy`: the whole person moved, in
    inter-ocular distances (right and down in the image); `scale`: the whole person nearer (> 1) or farther.
    """

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    blink_left: float = 0.0
    blink_right: float = 0.0
    smile: float = 0.0
    mouth: float = 0.0
    brow: float = 0.0
    tongue: float = 0.0
    dx: float = 0.0
    dy: float = 0.0
    scale: float = 1.0

    def toward(self, other: Act, share: float) -> Act:
        """The act that lies `share` (0..1) of the way from this one to `other`."""
        mixed = {
            field.name: (1 - share) * getattr(self, field.name) + share * getattr(other, field.name)
            for field in fields(self)
        }
        return replace(self, **mixed)


REST = Act()
