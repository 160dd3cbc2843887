"""What is kept of a clip while it goes by: drawn frames, signals, strips, portraits, light."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from lifesign.core import challenges
from lifesign.core.policy import Policy
from lifesign.core.types import Look
from lifesign.report import portraits
from lifesign.report.canvas import Canvas
from lifesign.report.film import MEASURED, Film
from lifesign.report.light import Light
from lifesign.report.place import Place
from lifesign.report.portraits import Portraits
from lifesign.report.reel import AROUND_S, Reel
from lifesign.report.trace import Trace
from lifesign.vision.clip import Clip
from lifesign.vision.face import FaceEngine
from lifesign.watch import Seen, Watch
from tests.report.conftest import CUT, EMPTY, FPS, frames_of

Pixels = np.ndarray
NO_SMALLER = 8  # grey levels that a pixel of a line differs at least


@pytest.fixture(scope="module")
def seen(acted: list[Pixels], engine: FaceEngine) -> list[Seen]:
    watch = Watch(engine, Policy())
    return [watch.see(pixels, i / FPS) for i, pixels in enumerate(acted)]


@pytest.fixture(scope="module")
def trace(seen: list[Seen]) -> Trace:
    trace = Trace(Policy())
    for each in seen:
        trace.see(each)
    return trace


def test_the_mesh_is_drawn_on_the_face_alone(seen: list[Seen]) -> None:
    first = seen[0]
    height, width = first.frame.pixels.shape[:2]
    blank = replace(first, look=Look(face=None), active=())
    drawn, without = (Canvas(Policy(), width, height).draw(each) for each in (replace(first, active=()), blank))
    assert drawn.shape[0] % 2 == drawn.shape[1] % 2 == 0
    share = height / drawn.shape[0]
    picture = slice(0, int(width / share))
    rows, columns = np.nonzero(
        np.abs(drawn.astype(int) - without).max(axis=2)[: drawn.shape[0] * 3 // 4, picture] > NO_SMALLER
    )
    box = first.look.face.box
    assert len(rows) > 200
    assert box.x / share - 3 < columns.min() < columns.max() < (box.x + box.width) / share + 3
    assert box.y / share - 3 < rows.min()


def test_there_is_a_panel_for_every_gauge_name(trace: Trace) -> None:
    policy = Policy()
    wanted = {
        gauge.name
        for kind, cls in challenges.REGISTRY.items()
        if cls.event
        for gauge in cls.gauges(policy.challenges[kind])
    }
    assert [panel.name for panel in trace.panels] == list(dict.fromkeys(panel.name for panel in trace.panels))
    assert {panel.name for panel in trace.panels} == wanted
    turn = next(panel for panel in trace.panels if panel.name == "turn")
    assert turn.kinds == ("turn_left", "turn_right")


def test_gauges_of_one_name_read_one_number(trace: Trace, seen: list[Seen]) -> None:
    read = [
        {gauge.read(each.signals) for _, gauge in panel.gauges}
        for panel in trace.panels
        if len(panel.gauges) > 1
        for each in seen
    ]
    assert len(read) >= len(seen)
    assert {len(numbers) for numbers in read} == {1}


def test_time_without_a_face_is_a_gap(trace: Trace) -> None:
    assert trace.gaps() == [(pytest.approx(CUT / FPS), pytest.approx((CUT + EMPTY - 1) / FPS))]
    assert np.isnan([values[CUT:] for values in trace.values]).all()
    assert np.isfinite([values[:CUT] for values in trace.values]).all()


def test_each_event_has_its_height_between_before_and_after(seen: list[Seen]) -> None:
    trace = Trace(Policy())
    reel = Reel(trace)
    for each in seen:
        trace.see(each)
        reel.see(each)
    reel.close([])
    assert [strip.event.action for strip in reel.strips] == ["blink", "turn_left"]
    blink, turn = reel.strips
    for strip in (blink, turn):
        assert strip.event.start_s <= strip.apex.t <= strip.event.end_s
        assert strip.before.t == pytest.approx(strip.event.start_s - AROUND_S, abs=1 / FPS)
        assert strip.after.t == pytest.approx(strip.event.end_s + AROUND_S, abs=1 / FPS)
    shut = min(seen, key=lambda each: each.signals.eye_left if each.look.face else np.inf)
    assert abs(blink.apex.number - shut.frame.seq) <= 1
    aside = max(seen, key=lambda each: each.signals.turn)
    assert abs(turn.apex.number - aside.frame.seq) <= 1


def test_portraits_are_few_apart_and_the_best_first(seen: list[Seen]) -> None:
    kept = Portraits(Policy())
    for each in seen:
        kept.see(each)
    assert 2 <= len(kept.best) <= portraits.MOST
    times = sorted(portrait.t for portrait in kept.best)
    assert min(b - a for a, b in pairwise(times)) >= portraits.APART_S
    ranks = [portrait.rank for portrait in kept.best]
    assert ranks == sorted(ranks, reverse=True)
    assert ranks[0][0] > 0.5


def test_what_is_worth_nothing_is_no_portrait(seen: list[Seen]) -> None:
    kept = Portraits(Policy())
    for each in seen:
        kept.see(replace(each, signals=replace(each.signals, brightness=0.0)))
    assert kept.best == []


def test_the_darkest_face_is_the_one_that_is_brightened(seen: list[Seen]) -> None:
    light, dim = Light(Policy()), 20
    for each in seen:
        if each.frame.seq == dim:
            pixels = (each.frame.pixels * 0.2).astype(np.uint8)
            signals = replace(each.signals, brightness=0.2 * each.signals.brightness)
            light.see(replace(each, frame=replace(each.frame, pixels=pixels), signals=signals))
        else:
            light.see(each)
    result = light.result()
    assert result is not None
    assert (result.number, result.dark, result.face) == (dim, True, True)
    assert result.after > 2 * result.before


def test_in_good_light_it_is_the_best_frame(seen: list[Seen]) -> None:
    light, kept = Light(Policy()), Portraits(Policy())
    for each in seen:
        light.see(each)
        kept.see(each)
    result = light.result()
    assert result is not None
    assert (result.dark, result.face) == (False, True)
    chosen = seen[result.number]
    assert chosen.look.face is not None


@pytest.mark.parametrize("frames", [2, MEASURED + 5])
def test_the_rate_of_a_camera_is_measured(seen: list[Seen], tmp_path: Path, frames: int) -> None:
    film = Film(Place.of(tmp_path, "camera 0"), Policy(), None)
    for each in seen[:frames]:
        film.see(each)
    pictures, fps = frames_of(tmp_path / film.close())
    assert len(pictures) == frames
    assert fps == pytest.approx(FPS, abs=0.1)


def test_both_winks_of_a_real_clip_are_at_their_times(media: Path, engine: FaceEngine, tmp_path: Path) -> None:
    from lifesign.analyze import Study

    clip = Clip.open(media / "liveportrait" / "d3.mp4")
    study = Study(engine, Policy(), tmp_path)
    analysis = study.add(clip, "d3.mp4", live=False)
    page = study.close()
    winks = [event for event in analysis.events if event["action"].startswith("wink")]
    assert [event["action"] for event in winks] == ["wink_left", "wink_right"]
    strips = [strip for strip in study.chapters[0].strips if strip.event.action.startswith("wink")]
    assert 5 <= strips[0].apex.number <= 21
    assert 33 <= strips[1].apex.number <= 47
    assert len(frames_of(tmp_path / study.chapters[0].film)[0]) == analysis.frames
    assert page is not None
    assert "at the height of wink left" in page.read_text(encoding="utf-8")
