"""`report.html`: well formed, needing nothing from anywhere, and safe with any name."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from lifesign.core import challenges
from lifesign.report import palette, timeline
from lifesign.report.words import VERDICTS
from tests.report.conftest import HOSTILE, Written

VOID = {"meta", "img", "br", "link", "input", "hr"}


class Page(HTMLParser):
    """Every tag with its attributes, and the visible text. Fails on a tag that closes another one."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & set(self.open):
            self.text += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def html(written: Written) -> str:
    return (written.output / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_it_is_well_formed_and_has_no_id_twice(page: Page) -> None:
    assert page.open == []
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) > 4
    assert len(ids) == len(set(ids))


def test_it_loads_nothing_and_runs_nothing(html: str, page: Page) -> None:
    assert not page.all("script")
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    sources = [a[key] for _, a in page.tags for key in ("src", "srcset", "poster", "data") if key in a]
    assert len(sources) > 5
    assert all(source.startswith("data:") for source in sources)
    assert "http://" not in html
    assert "https://" not in html
    style = html[html.index("<style>") : html.index("</style>")]
    assert not re.search(r"@import|url\(", style)
    policy = next(a["content"] for a in page.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'")


def test_links_lead_to_files_of_the_report_or_into_the_page(page: Page) -> None:
    ids = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    links = [a["href"] for a in page.all("a")]
    assert {link[0] for link in links} == {"#", "."}
    assert {link[1:] for link in links if link.startswith("#")} <= ids


def test_the_last_second_stays_on_the_page(html: str) -> None:
    ticks = re.findall(r'<span style="left:([\d.]+)%;transform:translateX\(-(\d+)%\)">([\d.]+)', html)
    assert [(left, label) for left, back, label in ticks if back == "0"] == [("0.0", "0")] * 2
    assert {back for left, back, _ in ticks if float(left) > 100 - timeline.EDGE} <= {"100"}
    assert re.search(r"\.ticks span \{[^}]*nowrap", html)


def test_names_are_text(html: str, page: Page) -> None:
    assert "onerror" in page.text
    assert HOSTILE in page.text
    assert "<img src=x" not in html


def test_every_clip_and_every_failure_is_there(page: Page) -> None:
    assert len(page.all("article")) == 3
    assert "broken.mp4" in page.text
    assert "No face was found in any frame" in page.text
    assert "A single picture" in page.text


def test_events_are_shown_with_three_pictures_each(page: Page) -> None:
    strips = [a for a in page.all("img") if re.search(r"(before|at the height of|after) (blink|turn left)", a["alt"])]
    assert len(strips) == 6
    assert "blink" in page.text
    assert "turn left" in page.text


def test_pictures_and_videos_have_words(page: Page) -> None:
    assert all("alt" in image for image in page.all("img"))
    assert len(page.all("video")) == 2
    assert all(video["aria-label"] for video in page.all("video"))


def test_plots_follow_the_colours_of_the_page(html: str) -> None:
    plots = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    assert len(plots) == 1  # nothing to plot without a face
    assert "var(--signal)" in plots[0]
    assert not [value for value in palette.LIGHT.values() if value in plots[0]]


@pytest.mark.parametrize("theme", [palette.LIGHT, palette.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["ink", "quiet", "link", "eyes", "head", "face", "rest", "clear", "deny", "suspect"])
def test_words_can_be_read(theme: dict[str, str], name: str) -> None:
    def light(colour: str) -> float:
        parts = [part / 255 for part in palette.rgb(colour)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(theme[name]), light(theme["paper"])))
    assert (high + 0.05) / (low + 0.05) >= 4.5  # WCAG 2.2, 1.4.3


def test_there_are_colours_and_words_for_everything() -> None:
    assert set(palette.LIGHT) == set(palette.DARK)
    assert len(set(palette.LIGHT.values())) == len(palette.LIGHT)
    assert {palette.name(kind) for kind in challenges.REGISTRY} <= set(palette.LIGHT)
    assert set(VERDICTS) <= set(palette.LIGHT)
