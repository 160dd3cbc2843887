"""Signals over time: a panel for each gauge, what was detected above it, what the cues said below.

matplotlib draws it once; as SVG its colours become CSS variables, so that the page decides between light and dark.
"""

from __future__ import annotations

import io
import re
from typing import Final

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from lifesign.report.analysis import Analysis
from lifesign.report.palette import LIGHT, colour
from lifesign.report.panels import Panel
from lifesign.report.trace import Floats, Trace
from lifesign.report.words import UNITS, title

WIDTH_IN, PANEL_IN, LANE_IN, EDGE_IN, DPI = 9.6, 0.82, 0.2, 0.5, 150
INK, QUIET, GRID, PAPER = (LIGHT[name] for name in ("ink", "quiet", "grid", "paper"))
SPAN_ALPHA, GAP_ALPHA = 0.22, 0.45
BINS: Final = 700  # a longer clip is drawn by the least and the largest value of each of so many spans
LEAST_SPAN: Final = 0.004  # of the clip: shorter events are still to be seen


def plot(trace: Trace, analysis: Analysis) -> Figure:
    """The figure of a clip with at least two frames."""
    panels, t = trace.panels, trace.t
    lanes = sorted({event["action"] for event in analysis.events})
    cues = list(dict.fromkeys(kind for _, kind, _ in trace.changes))
    heights = [LANE_IN * (max(len(lanes), 1) + 1), *[PANEL_IN] * len(panels), LANE_IN * (len(cues) + 1)]
    height = sum(heights) + 2 * EDGE_IN
    figure = Figure(figsize=(WIDTH_IN, height), facecolor=PAPER)
    rows = figure.subplots(len(heights), 1, sharex=True, gridspec_kw={"height_ratios": heights, "hspace": 0.36})
    figure.subplots_adjust(left=0.095, right=0.875, top=1 - 0.35 * EDGE_IN / height, bottom=EDGE_IN / height)
    _events(rows[0], lanes, analysis, t)
    for axes, panel, values in zip(rows[1:-1], panels, trace.values, strict=True):
        _panel(axes, panel, values, analysis, t)
    _cues(rows[-1], cues, trace, t)
    for axes in rows:
        _dress(axes, trace, analysis)
    rows[-1].set_xlabel("seconds", color=QUIET, fontsize=8)
    rows[-1].set_xlim(t[0], t[-1])
    return figure


def png(figure: Figure) -> bytes:
    file = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(file, format="png", dpi=DPI, metadata={"Software": None})
    return file.getvalue()


def svg(figure: Figure, salt: str) -> str:
    """An `<svg>` element for a page whose style sets a variable for each name of `LIGHT`; ids differ with `salt`."""
    file = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": salt}):
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None, "Type": None, "Format": None})
    text = file.getvalue()
    text = text[text.index("<svg") :]
    for name, value in LIGHT.items():
        text = text.replace(value, f"var(--{name})")
    text = re.sub(r' (?:id="[A-Za-z.0-9]+_\d+"|xmlns(?::xlink)?="[^"]*")', "", text)  # one page holds many plots
    text = re.sub(r"font: (\d+)px [^;\"]+", r"font-size: \1px", text)  # the page's own letters
    return re.sub(r'^<svg ([^>]*?)(?:(?:width|height)="[^"]*" ?)+', r"<svg \1", text, count=1)


def _events(axes: Axes, lanes: list[str], analysis: Analysis, t: Floats) -> None:
    least = LEAST_SPAN * (t[-1] - t[0])
    for event in analysis.events:
        length = max(event["end_s"] - event["start_s"], least)
        axes.barh(
            lanes.index(event["action"]), length, left=event["start_s"], height=0.62, color=colour(event["action"])
        )
    axes.set_yticks(range(len(lanes)), [title(kind) for kind in lanes], fontsize=8, color=INK)
    axes.set_ylim(len(lanes) - 0.3 if lanes else 1.0, -0.7)
    if not lanes:
        axes.text(0.5, 0.5, "no action was seen", transform=axes.transAxes, ha="center", va="center",
                  fontsize=8, color=QUIET)  # fmt: skip


def _panel(axes: Axes, panel: Panel, values: Floats, analysis: Analysis, t: Floats) -> None:
    own = [event for event in analysis.events if event["action"] in panel.kinds]
    for event in own:
        axes.axvspan(event["start_s"], event["end_s"], color=colour(event["action"]), alpha=SPAN_ALPHA, lw=0)
    drawn = _thinned(t, np.clip(values, panel.low, panel.high))
    axes.plot(*drawn, color=LIGHT["signal"], lw=1.1, solid_joinstyle="round")
    labels: dict[float, list[str]] = {}
    for kind, gauge in panel.gauges:
        labels.setdefault(gauge.threshold, []).append(kind)
    for threshold, kinds in labels.items():
        axes.axhline(threshold, color=colour(kinds[0]), lw=0.9, ls=(0, (4, 3)))
        words = f"{' / '.join(title(kind) for kind in kinds)}"
        axes.annotate(words, (1.008, threshold), xycoords=("axes fraction", "data"), va="center", fontsize=7,
                      color=colour(kinds[0]), annotation_clip=False)  # fmt: skip
    low, high = _range(panel)
    axes.set_ylim(low, high)
    axes.yaxis.set_major_locator(mpl.ticker.MaxNLocator(3))
    name = f"{panel.name}, {UNITS.get(panel.unit, panel.unit)}" if panel.unit else panel.name
    axes.set_title(name, loc="left", fontsize=8, color=INK, pad=3)


def _range(panel: Panel) -> tuple[float, float]:
    """The range worth drawing, and a little room; a signal that leaves it stops there, like a gauge at its end."""
    room = 0.04 * (panel.high - panel.low)
    return panel.low - room, panel.high + room


def _cues(axes: Axes, cues: list[str], trace: Trace, t: Floats) -> None:
    for lane, cue in enumerate(cues):
        own = [(at, verdict) for at, kind, verdict in trace.changes if kind == cue]
        ends = [at for at, _ in own[1:]] + [t[-1]]
        for (at, verdict), end in zip(own, ends, strict=True):
            axes.barh(lane, end - at, left=at, height=0.62, color=LIGHT[verdict])
            axes.annotate(verdict, (at, lane), xytext=(4, 0), textcoords="offset points", va="center", fontsize=7,
                          color=LIGHT["on"])  # fmt: skip
    axes.set_yticks(range(len(cues)), [title(kind) for kind in cues], fontsize=8, color=INK)
    axes.set_ylim(len(cues) - 0.3, -0.7)


def _dress(axes: Axes, trace: Trace, analysis: Analysis) -> None:
    for start, end in trace.gaps():
        axes.axvspan(start, end, color=GRID, alpha=GAP_ALPHA, lw=0, zorder=0)
    for interruption in analysis.interruptions:
        axes.axvline(interruption["t_s"], color=LIGHT["deny"], lw=0.9, ls=":")
    axes.set_facecolor(PAPER)
    axes.grid(axis="x", color=GRID, lw=0.6)
    axes.set_axisbelow(True)
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(GRID)
    axes.tick_params(colors=QUIET, labelsize=7, length=0)


def _thinned(t: Floats, values: Floats) -> tuple[Floats, Floats]:
    """What still looks the same with at most 2 BINS points."""
    if len(t) <= 2 * BINS:
        return t, values
    edges = np.linspace(0, len(t), BINS + 1).astype(int)
    picks: list[int] = []
    for first, last in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        part = values[first:last]
        if np.isnan(part).all():
            picks.append(first)
            continue
        picks += sorted({first + int(np.nanargmin(part)), first + int(np.nanargmax(part))})
    return t[picks], values[picks]
