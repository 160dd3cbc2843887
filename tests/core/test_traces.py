"""Real clips as numbers: what was found in them is found again, and what the labels are sure of is among it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lifesign.core.policy import Policy
from tests.core.trace import FOLDER, Trace, read

TRACES = sorted(FOLDER.glob("*.csv"))
EYES, EYES_REACH, REACH = ("blink", "eyes_closed", "wink_left", "wink_right"), 3, 10
LEAST_YAW_DEG = 20


def test_there_are_traces() -> None:
    actions = {event["action"] for path in TRACES for event in read(path).about["events"]}
    assert {"blink", "wink_left", "wink_right", "turn_left", "turn_right", "smile", "mouth_open"} <= actions


@pytest.mark.parametrize("path", TRACES, ids=lambda path: path.stem)
def test_what_was_found_is_found_again(path: Path) -> None:
    trace = read(path)
    assert trace.events(Policy()) == trace.about["events"]


@pytest.mark.parametrize("path", TRACES, ids=lambda path: path.stem)
def test_what_the_labels_are_sure_of_is_found(path: Path) -> None:
    trace = read(path)
    found = trace.about["events"]
    sure = [one for one in trace.about["sure"] if abs(one.get("peak_yaw_deg", 90)) >= LEAST_YAW_DEG]
    missed = [
        one
        for one in sure
        for reach in [EYES_REACH if one["action"] in EYES else REACH]
        if not any(
            event["action"] == one["action"]
            and event["start"] <= one["end"] + reach
            and event["end"] >= one["start"] - reach
            for event in found
        )
    ]
    assert sure
    assert missed == []


def mirrored(trace: Trace) -> Trace:
    """What a flipped camera would have given, exactly."""
    pairs = [("eye_left", "eye_right"), ("blink_left", "blink_right"), ("smile_left", "smile_right")]
    rows = []
    for row in trace.rows:
        swapped = {a: getattr(row, b) for pair in pairs for a, b in (pair, pair[::-1])}
        rows.append(replace(row, **swapped, yaw=-row.yaw, nose=1 - row.nose) if row.faces else row)
    return Trace(about=trace.about, rows=rows)


@pytest.mark.parametrize("path", TRACES, ids=lambda path: path.stem)
def test_a_mirrored_trace_swaps_left_and_right_exactly(path: Path) -> None:
    trace = read(path)
    sides = {"wink_left": "wink_right", "wink_right": "wink_left", "turn_left": "turn_right", "turn_right": "turn_left"}
    expected = [{**event, "action": sides.get(event["action"], event["action"])} for event in trace.about["events"]]
    order = ("start", "action")
    assert sorted(mirrored(trace).events(Policy()), key=lambda one: [one[name] for name in order]) == sorted(
        expected, key=lambda one: [one[name] for name in order]
    )
