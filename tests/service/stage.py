"""A Verifier with a puppet for an engine and a clock in the hand: everything else is real."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import simplejpeg

from lifesign.core.policy import Policy
from lifesign.core.types import Frame, Look, Step
from lifesign.service import ServiceLimits, Verifier
from lifesign.storage import open_sessions
from lifesign.storage.evidence import EvidenceStore, FileEvidence
from lifesign.tokens import Keyring
from lifesign.vision.face import Track
from tests.core import puppet

EPOCH = 1_700_000_000.0


@dataclass
class Clock:
    now: float = EPOCH

    def __call__(self) -> float:
        return self.now


@dataclass
class Script:
    """What the puppet shows; the gate lets a test hold a frame in the engine."""

    act: puppet.Act | None = puppet.NEUTRAL
    gate: threading.Event = field(default_factory=threading.Event)
    entered: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def __post_init__(self) -> None:
        self.gate.set()


@dataclass
class PuppetEngine:
    script: Script
    models: dict[str, str] = field(default_factory=lambda: {"puppet": "0" * 64})

    def look(self, frame: Frame, track: Track | None) -> tuple[Look, Track]:  # noqa: ARG002
        self.script.entered.release()
        assert self.script.gate.wait(30)
        return puppet.look(self.script.act), Track(t=frame.t, detected_at=frame.t, followed=None)


@dataclass
class Stage:
    verifier: Verifier
    clock: Clock
    script: Script
    keyring: Keyring
    folder: Path
    frames: int = 0

    def jpeg(self) -> bytes:
        """A picture that no camera gave before."""
        self.frames += 1
        pixels = np.ascontiguousarray(puppet.frame(0, self.frames).pixels)
        encoded: bytes = simplejpeg.encode_jpeg(pixels, quality=60, colorspace="RGB")
        return encoded


def stage(
    folder: Path, *, url: str | None = None, clock: Clock | None = None, script: Script | None = None,
    evidence: EvidenceStore | None = None, policy: Policy | None = None, **limits: Any,
) -> Stage:  # fmt: skip
    clock, script = clock or Clock(), script or Script()
    keyring = Keyring.open(folder / "keys.json")
    verifier = Verifier(
        engine=lambda: PuppetEngine(script),
        sessions=open_sessions(url or "memory://"),
        evidence=evidence or FileEvidence(folder / "verified_images"),
        keyring=keyring,
        policy=policy or Policy(),
        limits=ServiceLimits(**limits),
        clock=clock,
    )
    return Stage(verifier=verifier, clock=clock, script=script, keyring=keyring, folder=folder)


async def perform(
    first: Stage, session_id: str, *, fps: float = 10, most_s: float = 60, turns: list[Stage] | None = None,
    obey: Callable[[str], str] = lambda kind: kind,
) -> list[Step]:  # fmt: skip
    """The puppet obeys until the session is finished; `turns`: stages that take the frames in turn."""
    stages = turns or [first]
    steps: list[Step] = []
    prompt, since, count = "baseline", first.clock.now, 1
    for i in range(int(most_s * fps)):
        first.script.act = puppet.perform(obey(prompt), first.clock.now - since, count)
        step = await stages[i % len(stages)].verifier.submit(session_id, first.jpeg())
        steps.append(step)
        if step.prompt != prompt:
            prompt, since, count = step.prompt, first.clock.now, step.count
        if step.finished:
            break
        first.clock.now += 1 / fps
    return steps
