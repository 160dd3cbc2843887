"""`report.html`: one file that needs nothing else, no script and no network."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import jinja2
from markupsafe import Markup

from lifesign import __version__
from lifesign.report import palette, timeline, words
from lifesign.report.place import link, shown, write
from lifesign.report.recorder import Chapter
from lifesign.report.reel import Shot

NAME: Final = "report.html"
VIDEO_BYTES, ALL_VIDEO_BYTES = 12_000_000, 48_000_000  # a larger clip, or more of them, are linked, not embedded


def write_page(
    output: Path,
    chapters: Sequence[Chapter],
    unreadable: Sequence[tuple[str, str]],
    unreached: Sequence[str],
    policy_id: str,
    made: datetime,
) -> Path:
    """`<output>/report.html` over all clips. `unreadable`: name and reason. `unreached`: names. Raises
    UnwritableError."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,  # file names are anybody's
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        title=words.title, tone=palette.name, data=_data, reason=words.reason, shown=shown, link=link, time=_time
    )
    films = _films(output, chapters)
    html = environment.get_template("report.html.j2").render(
        chapters=[_view(number, chapter, films) for number, chapter in enumerate(chapters, 1)],
        unreadable=unreadable,
        unreached=unreached,
        light=palette.LIGHT,
        dark=palette.DARK,
        said=words.said,
        policy_id=policy_id,
        version=__version__,
        made=made.strftime("%Y-%m-%d %H:%M"),
    )
    path = output / NAME
    write(path, html.encode())
    return path


def _films(output: Path, chapters: Sequence[Chapter]) -> dict[str, str]:
    """The annotated videos that are small enough, as data URLs."""
    urls: dict[str, str] = {}
    left = ALL_VIDEO_BYTES
    for film in (chapter.film for chapter in chapters if chapter.analysis.frames > 1):
        path = output / film
        size = path.stat().st_size
        if size <= min(VIDEO_BYTES, left):
            left -= size
            urls[film] = _data(path.read_bytes(), "video/webm")
    return urls


def _view(number: int, chapter: Chapter, films: dict[str, str]) -> dict[str, Any]:
    analysis = chapter.analysis
    counts = Counter(event["action"] for event in analysis.events)
    strips = {(strip.event.action, round(strip.event.start_s, 3)): strip for strip in chapter.strips}
    return {
        "id": f"clip-{number}",
        "chapter": chapter,
        "analysis": analysis,
        "moments": [(event, strips.get((event["action"], event["start_s"]))) for event in analysis.events],
        "counts": sorted(counts.items()),
        "still": analysis.frames == 1,
        "film": films.get(chapter.film, ""),
        "plot": Markup(chapter.plot),  # noqa: S704 - drawn here, of numbers and of names from the registry
        "timeline": timeline.of(chapter),
        "seen": _seen(analysis.frames, analysis.frames_with_face),
    }


def _seen(frames: int, with_face: int) -> str:
    if with_face in (0, frames):
        return "none" if with_face == 0 else "all"
    return f"{with_face} ({100 * with_face / frames:.0f} %)"


def _time(shot: Shot) -> str:
    return f"{shot.t:.2f} s"


def _data(content: bytes, kind: str = "image/jpeg") -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
