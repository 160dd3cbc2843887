"""Everything that is kept of one clip while it goes by, and written when it ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from lifesign.core.observer import Event
from lifesign.core.policy import Policy
from lifesign.report.analysis import Analysis
from lifesign.report.film import Film
from lifesign.report.light import Light, Lit
from lifesign.report.place import Place, write
from lifesign.report.portraits import Portrait, Portraits
from lifesign.report.reel import Reel, Strip
from lifesign.report.trace import Trace
from lifesign.watch import Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """What the page shows of one clip. `name`: as its files are called. `film`: the annotated video or picture,
    relative to the output folder; `poster`: a frame of it, as JPEG. `plot`: an `<svg>`, or empty when there is no time
    to plot over. `gaps`: spans without a face, s."""

    name: str
    analysis: Analysis
    film: str
    poster: bytes
    plot: str
    strips: tuple[Strip, ...]
    portraits: tuple[Portrait, ...]
    lit: Lit | None
    gaps: tuple[tuple[float, float], ...]


class Recorder:
    """`fps`: of the clip; None: nobody knows. What an earlier run kept of it goes. Raises UnwritableError."""

    def __init__(self, output: Path, name: str, policy: Policy, fps: float | None) -> None:
        self._name = name
        self._place = Place.of(output, name)
        self._place.clear()
        self._trace = Trace(policy)
        self._reel = Reel(self._trace)
        self._portraits = Portraits(policy)
        self._light = Light(policy)
        self._film = Film(self._place, policy, fps)

    def see(self, seen: Seen) -> None:
        self._trace.see(seen)
        self._reel.see(seen)
        self._portraits.see(seen)
        self._light.see(seen)
        self._film.see(seen)

    def close(self, analysis: Analysis, last: Iterable[Event]) -> Chapter:
        """Writes all files. `last`: events that ended only with the clip. Raises UnwritableError."""
        self._reel.close(last)
        film = self._film.close()
        files, plot = [film], ""
        if analysis.frames > 1:
            files_of_plot, plot = self._plot(analysis)
            files += files_of_plot
        for number, portrait in enumerate(self._portraits.best, 1):
            files.append(self._place.write("faces", f"face_{number}.jpg", portrait.picture))
        lit = self._light.result()
        if lit is not None:
            for name, picture in (("original", lit.original), ("enhanced", lit.enhanced)):
                files.append(self._place.write("enhanced", f"frame_{lit.number:06d}_{name}.jpg", picture))
        result = self._place.result
        analysis = replace(analysis, files=(self._place.relative(result), *files))
        write(result, analysis.to_json(indent=2).encode() + b"\n")
        return Chapter(
            name=self._name,
            analysis=analysis,
            film=film,
            poster=self._film.poster,
            plot=plot,
            strips=tuple(self._reel.strips),
            portraits=tuple(self._portraits.best),
            lit=lit,
            gaps=tuple(self._trace.gaps()),
        )

    def _plot(self, analysis: Analysis) -> tuple[list[str], str]:
        from lifesign.report import plots  # matplotlib takes half a second to import

        figure = plots.plot(self._trace, analysis)
        file = self._place.write("diagnostics", "signals.png", plots.png(figure))
        return [file], plots.svg(figure, salt=str(self._place.clip))
