"""Hits, misses and false alarms of every free-running detector over labelled clips → docs/accuracy.md and .svg.

    python bench/accuracy.py [FOLDER] [--output REPORT.md]

FOLDER has a clips.jsonl; ../shared/media unless given. With another folder the report is FOLDER/accuracy.md.

A clip a line: `file, fps, frames, events [{action, start, end, sure, peak_yaw_deg?}], negatives [actions that never
happen]`, frames inclusive from 0. Scored with ±3 frames of tolerance for eye events and ±10 for the others. Events
that are not sure, and turns that peak below 20°, count neither as hits nor as false alarms. A detection where an
action is labelled neither way is left out. Recall is over sure events, precision over detections.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from scipy.stats import beta

from lifesign.analyze import Analysis, analyze
from lifesign.core import challenges
from lifesign.core.policy import Policy
from lifesign.vision.clip import Clip
from lifesign.vision.face import FaceEngine
from lifesign.vision.models import load_bundle, pull

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "docs" / "accuracy.md"
EYE_ACTIONS = {"blink", "eyes_closed", "wink_left", "wink_right"}
EYE_TOLERANCE, TOLERANCE = 3, 10
LEAST_YAW_DEG = 20
TICK_S = 1e-6
COLOURS = {"recall": "#1f6f8b", "precision": "#c8553d"}
RATES = (None, 15.0, 10.0, 7.5, 5.0)  # native first


@dataclass
class Score:
    """Of one action: sure events seen and not, detections right and wrong, events that count as neither."""

    hits: int = 0
    misses: int = 0
    right: int = 0
    wrong: int = 0
    left_out: int = 0
    seconds: float = 0.0
    """of clips in which the labels say where the action is, or that it never is"""
    slips: list[str] = field(default_factory=list)

    @property
    def seen(self) -> bool:
        """There is anything to say."""
        return bool(self.recall.n or self.precision.n)

    @property
    def recall(self) -> Share:
        return Share(self.hits, self.hits + self.misses)

    @property
    def precision(self) -> Share:
        return Share(self.right, self.right + self.wrong)


@dataclass(frozen=True)
class Share:
    """`k` of `n`, with its exact (Clopper-Pearson) 95 % interval."""

    k: int
    n: int

    @property
    def interval(self) -> tuple[float, float]:
        low = 0.0 if self.k == 0 else float(beta.ppf(0.025, self.k, self.n - self.k + 1))
        high = 1.0 if self.k == self.n else float(beta.ppf(0.975, self.k + 1, self.n - self.k))
        return low, high

    def __str__(self) -> str:
        if self.n == 0:
            return "no data"
        low, high = self.interval
        return f"{self.k / self.n:.2f} [{low:.2f}, {high:.2f}]"


def thinned(clip: Clip, fps: float | None, numbers: list[int]) -> Iterator[tuple[float, np.ndarray]]:
    """The frames a camera of `fps` would have given; `numbers` gets their numbers in the clip."""
    due = 0.0
    for number, (t, pixels) in enumerate(clip):
        if fps is None or t >= due - TICK_S:
            numbers.append(number)
            due += 0.0 if fps is None else 1 / fps
            yield t, pixels


def judge(label: dict, analysis: Analysis, numbers: list[int], scores: dict[str, Score]) -> None:
    """Adds one clip to the scores."""
    for action in sorted(kind for kind, cls in challenges.REGISTRY.items() if cls.event):
        tolerance = EYE_TOLERANCE if action in EYE_ACTIONS else TOLERANCE
        labelled = [event for event in label["events"] if event["action"] == action]
        sure = [e for e in labelled if e["sure"] and abs(e.get("peak_yaw_deg", 90)) >= LEAST_YAW_DEG]
        found = [
            (numbers[event["frame_start"]], numbers[event["frame_end"]])
            for event in analysis.events
            if event["action"] == action
        ]

        def meets(event: dict, span: tuple[int, int], reach: int = tolerance) -> bool:
            return span[0] <= event["end"] + reach and span[1] >= event["start"] - reach

        score = scores[action]
        if labelled or action in label["negatives"]:
            score.seconds += analysis.frames / analysis.fps
        score.left_out += len(labelled) - len(sure)
        for event in sure:
            if any(meets(event, span) for span in found):
                score.hits += 1
            else:
                score.misses += 1
                score.slips.append(f"missed {label['file']} {event['start']}–{event['end']}")
        for span in found:
            if any(meets(event, span) for event in sure):
                score.right += 1
            elif not any(meets(event, span) for event in labelled) and (labelled or action in label["negatives"]):
                score.wrong += 1
                score.slips.append(f"false {label['file']} {span[0]}–{span[1]}")


def measure(folder: Path, policy: Policy) -> tuple[dict[float | None, dict[str, Score]], str]:
    """Scores by frame rate and action, and what they were measured on."""
    labels = [json.loads(line) for line in (folder / "clips.jsonl").read_text().splitlines() if line.strip()]
    engine = FaceEngine(load_bundle(pull(ROOT / "models", "face_landmarker")))
    tables: dict[float | None, dict[str, Score]] = {}
    frames, seconds = 0, 0.0
    for fps in RATES:
        scores: dict[str, Score] = defaultdict(Score)
        for label in labels:
            clip, numbers = Clip.open(folder / label["file"]), []
            if fps is not None and clip.fps <= fps:
                continue
            if sys.stderr.isatty():
                print(f"\r{fps or 'native'}: {label['file']:70s}", end="", file=sys.stderr)
            analysis = analyze(thinned(clip, fps, numbers), engine, policy, name=label["file"], fps=clip.fps)
            judge(label, analysis, numbers, scores)
            if fps is None:
                frames += analysis.frames
                seconds += analysis.frames / analysis.fps
        tables[fps] = scores
    return tables, f"{len(labels)} labelled clips ({frames} frames, {seconds:.0f} s)"


def report(tables: dict[float | None, dict[str, Score]], data: str, policy: str, picture: str) -> str:
    """The page, in Markdown."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    lines = [
        "# Accuracy of the free-running detectors",
        "",
        f"Made by `make accuracy` with Lifesign {version}, policy `{policy}`, over {data}.",
        "Nobody in these clips was asked to do anything and no neutral face was prompted for: recall when prompted",
        "is probably better, and precision is pessimistic. The clips are few; the brackets are exact 95 % intervals.",
        "They are also the clips the thresholds were checked on, so take the numbers as a regression test, not as a",
        "promise. `make accuracy CLIPS=folder` runs your own (`bench/accuracy.py` has the format), and keeps the page",
        "there.",
        "",
        "Recall is over sure events, precision over detections. Left out are events that the labels are not sure of,",
        f"and turns that peak below {LEAST_YAW_DEG}°: seen or not, they count as nothing. A detection where an action",
        "is labelled neither way is left out too. False alarms a minute are over the clips labelled for the action.",
        "",
        f"![Recall and precision of each action at each frame rate]({picture})",
    ]  # fmt: skip
    for fps, scores in tables.items():
        lines += ["", f"## {'Native frame rate' if fps is None else f'Resampled to {fps:g} frames a second'}", ""]
        lines += [
            "| action | hits | misses | false alarms | a minute | recall | precision | left out |",
            "|" + "---|" * 8,
        ]
        for action, score in sorted(scores.items()):
            rate = (
                f"{60 * score.wrong / score.seconds:.1f} of {score.seconds / 60:.1f} min"
                if score.seconds
                else "no data"
            )
            counts = (action, score.hits, score.misses, score.wrong, rate)
            lines.append(f"| {' | '.join(map(str, (*counts, score.recall, score.precision, score.left_out)))} |")
    lines += ["", "## What went wrong at the native rate", ""]
    lines += [f"- {action}: {slip}" for action, score in sorted(tables[None].items()) for slip in score.slips]
    return "\n".join(lines) + "\n"


def draw(tables: dict[float | None, dict[str, Score]], path: Path) -> None:
    """A panel for each action: recall and precision over the frame rate, with their intervals."""
    mpl.rcParams.update({"svg.hashsalt": "lifesign", "svg.fonttype": "none", "font.family": "sans-serif"})
    known = {(action, fps) for fps, scores in tables.items() for action, score in scores.items() if score.seen}
    actions = sorted({action for action, _ in known})
    columns = 4
    rows = -(-len(actions) // columns)
    figure = Figure(figsize=(10.4, 2.3 * rows + 0.4), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).ravel()
    rates = sorted(tables, key=lambda fps: fps or float("inf"))
    for axes, action in zip(panels, actions, strict=False):
        for (name, colour), shift in zip(COLOURS.items(), (-0.12, 0.12), strict=True):
            seen = [
                (i + shift, getattr(tables[fps][action], name)) for i, fps in enumerate(rates) if action in tables[fps]
            ]
            seen = [(x, share) for x, share in seen if share.n]
            for x, share in seen:
                axes.plot([x, x], share.interval, color=colour, linewidth=1.2, alpha=0.6)
            axes.plot(
                [x for x, _ in seen], [share.k / share.n for _, share in seen], "o-", color=colour, markersize=4.5,
                linewidth=0.8, label=name,
            )  # fmt: skip
        native = tables[None][action]
        events = native.recall.n
        axes.set_title(f"{action.replace('_', ' ')}  ({events} event{'s' if events != 1 else ''})", size=9)
        axes.set_ylim(-0.04, 1.06)
        axes.set_xticks(range(len(rates)), [f"{fps:g}" if fps else "native" for fps in rates], size=8)
        axes.tick_params(labelsize=8, labelbottom=True)
        axes.grid(axis="y", color="#ddd", linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
    for axes in panels[len(actions) :]:
        axes.set_axis_off()
    handles = [Line2D([], [], color=colour, marker="o", label=name) for name, colour in COLOURS.items()]
    panels[-1].legend(handles=handles, loc="center" if len(actions) < len(panels) else "lower right", frameon=False)
    figure.supxlabel("frames a second; bars are exact 95 % intervals", size=9)
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description="Hits, misses and false alarms over labelled clips.")
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT.parent / "shared" / "media")
    parser.add_argument("--output", type=Path, help="the report, a .md file")
    given = parser.parse_args()
    own = given.folder.resolve() == (ROOT.parent / "shared" / "media").resolve()
    page = given.output or (REPORT if own else given.folder / REPORT.name)
    policy = Policy()
    tables, data = measure(given.folder, policy)
    picture = page.with_suffix(".svg")
    draw(tables, picture)
    text = report(tables, data, policy.id, picture.name)
    page.write_text(text, encoding="utf-8")
    print(f"{text}\nkept in {page} and {picture}")


if __name__ == "__main__":
    main()
