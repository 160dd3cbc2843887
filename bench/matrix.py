"""Every prompt against every action that the actor performs → docs/matrix.svg.

    python bench/matrix.py

Ten frames a second, three sizes of the face, the head tilted to both sides. A cell says how many of the scenes passed.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from lifesign.lab.actor import Actor, Portrait
from lifesign.lab.matrix import ACTIONS, answer, perform
from lifesign.vision.face import FaceEngine
from lifesign.vision.models import load_bundle, pull

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "matrix.svg"
FPS = 10
SCENES = [(0.5, 12.0), (0.5, -12.0), (1.0, 8.0), (1.0, -8.0), (1.5, 12.0), (1.5, -12.0)]  # face, roll
RIGHT, WRONG = (0.72, 0.38, 0.62), (0.0, 1.0, 1.0)  # how much of red, green and blue a full cell lacks
WHY = {"wrong_action": "wrong action", "other_side": "other side", "timeout": "time over"}


def main() -> None:
    engine = FaceEngine(load_bundle(pull(ROOT / "models", "face_landmarker")))
    portrait = Portrait.load(engine=engine)
    prompts = ACTIONS[:-1]
    passed = np.zeros((len(prompts), len(ACTIONS)), dtype=int)
    reasons: dict[tuple[int, int], set[str]] = {}
    for face, roll in SCENES:
        actor = Actor(portrait, face=face, roll=roll)
        for column, action in enumerate(ACTIONS):
            stream = perform(engine, actor, action, fps=FPS)
            for row, prompt in enumerate(prompts):
                outcome = answer(stream, prompt)
                passed[row, column] += outcome.passed
                if not outcome.passed:
                    reasons.setdefault((row, column), set()).add(WHY.get(outcome.reason, outcome.reason))
    draw(passed, reasons)
    print(f"{PICTURE.relative_to(ROOT)}: passed on the diagonal {np.trace(passed)} of {len(prompts) * len(SCENES)}, "
          f"elsewhere {passed.sum() - np.trace(passed)} of {(passed.size - len(prompts)) * len(SCENES)}")  # fmt: skip


def draw(passed: np.ndarray, reasons: dict[tuple[int, int], set[str]]) -> None:
    """The matrix as a picture."""
    mpl.rcParams.update({"svg.hashsalt": "lifesign", "svg.fonttype": "none", "font.family": "sans-serif"})
    figure = Figure(figsize=(10.4, 7.2), layout="constrained")
    axes = figure.subplots()
    most = len(SCENES)
    colours = np.ones((*passed.shape, 3))
    for (row, column), count in np.ndenumerate(passed):
        right = row == column
        share = count / most
        colours[row, column] = (
            (1 - 0.72 * share, 1 - 0.38 * share, 1 - 0.62 * share) if right else (1, 1 - share, 1 - share)
        )
        if count:
            axes.text(column, row, f"{count}/{most}", ha="center", va="center", weight="bold", size=10)
        else:
            said = "\n".join(sorted(reasons[row, column])).replace(" ", "\n", 1)
            axes.text(column, row, said, ha="center", va="center", size=6.5, color="#555")
    axes.imshow(colours, aspect="auto")
    names = [action.replace("_", " ") for action in ACTIONS]
    axes.set_xticks(range(len(ACTIONS)), names, rotation=30, ha="left", size=9)
    axes.set_yticks(range(len(ACTIONS) - 1), names[:-1], size=9)
    axes.xaxis.tick_top()
    axes.set_xticks(np.arange(-0.5, len(ACTIONS)), minor=True)
    axes.set_yticks(np.arange(-0.5, len(ACTIONS) - 1), minor=True)
    axes.grid(which="minor", color="#ccc", linewidth=0.8)
    axes.tick_params(which="both", length=0)
    axes.spines[:].set_visible(False)
    axes.set_ylabel("asked for", size=10, labelpad=8)
    axes.set_title("performed by the actor", size=10)
    axes.set_xlabel(
        f"Sessions that passed, of {most} scenes each (three sizes of the face, head tilted to both sides, {FPS} "
        "frames a second); where none did, why not.",
        size=8.5,
        labelpad=10,
    )
    figure.savefig(PICTURE, pad_inches=0.2, metadata={"Date": None})


if __name__ == "__main__":
    main()
