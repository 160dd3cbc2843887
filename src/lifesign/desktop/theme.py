"""Colours: the system's palette, and the few that it does not have, for light and for dark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QColor, QPalette

from lifesign.report.palette import DARK, LIGHT

FAMILIES: Final = ("eyes", "head", "face", "rest")
HALF: Final = 128  # of 255: a window darker than this is a dark one


@dataclass(frozen=True, slots=True, kw_only=True)
class Tones:
    """What custom painted widgets paint with. `family`: colour of a family of challenges."""

    window: QColor
    card: QColor
    line: QColor
    ink: QColor
    faint: QColor
    accent: QColor
    good: QColor
    bad: QColor
    families: tuple[QColor, ...]

    def family(self, name: str) -> QColor:
        return self.families[FAMILIES.index(name) if name in FAMILIES else -1]


def tones(palette: QPalette) -> Tones:
    """Of the palette that the system has right now."""
    window, ink = palette.color(QPalette.ColorRole.Window), palette.color(QPalette.ColorRole.WindowText)
    dark = window.lightness() < HALF
    named = DARK if dark else LIGHT  # the report's
    families = tuple(QColor(named[name]) for name in FAMILIES)
    return Tones(
        window=window,
        card=mixed(window, ink, 0.05) if dark else palette.color(QPalette.ColorRole.Base),
        line=mixed(window, ink, 0.18),
        ink=ink,
        faint=mixed(window, ink, 0.66),
        accent=families[0],
        good=QColor(named["clear"]),
        bad=QColor(named["deny"]),
        families=families,
    )


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """The colour `share` (0..1) of the way from `one` to `other`."""
    red, green, blue = (
        round(a + share * (b - a))
        for a, b in (
            (one.red(), other.red()),
            (one.green(), other.green()),
            (one.blue(), other.blue()),
        )
    )
    return QColor(red, green, blue)


def faded(colour: QColor, alpha: float) -> QColor:
    """The colour, translucent: `alpha` 0..1."""
    return QColor(colour.red(), colour.green(), colour.blue(), round(255 * alpha))
