"""The one program: `lifesign serve`, `analyze`, `desktop`, `models`, `policy`, `verify`.

Heavy imports stay inside the commands, so that `lifesign --help` is instant.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import click

from lifesign import __version__
from lifesign.bars import download_bar, frame_bar
from lifesign.errors import ClipError, LifesignError, TokenError

JWKS_SECONDS: Final = 5.0


class Command(click.Group):
    """Turns what Lifesign says no with into one line and exit code 1; a traceback is for bugs."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except LifesignError as error:
            from lifesign.report.place import shown

            lines = str(error).split("\n")  # names of files in them are anybody's: a terminal must not obey them
            raise click.ClickException("\n".join(map(shown, lines)) + f" [{error.code}]") from error


@click.group(cls=Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Lifesign: is there a living person before the camera?"""


@main.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=int, help="Port; 5002 unless set.")
@click.option("--workers", type=int, help="Processes.")
@click.option("--open/--no-open", default=None, help="Let anyone, not only this machine, start sessions.")
def serve(**changes: Any) -> None:
    """Run the service and its page."""
    from lifesign.settings import Settings
    from lifesign.web.app import run

    settings = Settings.read(**{name: value for name, value in changes.items() if value is not None})
    with download_bar() as progress:
        run(settings, progress)


@main.command()
@click.argument("clip", metavar="[CLIP|FOLDER]", type=click.Path(path_type=Path), required=False)
@click.option("--camera", type=int, metavar="N", help="A camera of this machine instead of a clip; Ctrl-C ends.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, one a line for a folder.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep results, diagnostics, faces, enhanced frames and report.html here.",
)
def analyze(clip: Path | None, camera: int | None, as_json: bool, output: Path | None) -> None:
    """Every action in a video, GIF or picture, or in all those of a folder."""
    if (clip is None) == (camera is None):
        raise click.UsageError("give a CLIP, a FOLDER or --camera N")
    from lifesign.analyze import Study
    from lifesign.interrupt import asked_to_stop
    from lifesign.report.place import shown
    from lifesign.vision.clip import Clip
    from lifesign.vision.face import FaceEngine
    from lifesign.vision.folder import clips_in
    from lifesign.vision.models import load_bundle, pull

    whole = clip is not None and clip.is_dir()
    sources: list[tuple[str, Callable[[], Clip]]]
    if clip is None:
        sources = [(f"camera {camera}", lambda: Clip.camera(camera or 0))]
    elif whole:
        paths = clips_in(clip, leave_out=output)
        sources = [(str(path.relative_to(clip)), partial(Clip.open, path)) for path in paths]
    else:
        sources = [(clip.name, partial(Clip.open, clip))]
    if not sources:
        raise ClipError(f"there is no video, GIF or picture in {clip}")
    settings, policy = _deployment()
    with download_bar() as progress:
        bundle = load_bundle(pull(settings.models_dir, "face_landmarker", progress=progress))
    study = Study(FaceEngine(bundle), policy, output)
    read = 0
    with asked_to_stop() as stop:
        for name, open_source in sources:
            if stop():
                study.unreached.append(name)
                continue
            try:
                source = open_source()
                with frame_bar(source, shown(name)) as told:
                    result = study.add(source, name, live=camera is not None, progress=told, stop=stop)
            except ClipError as error:
                if not whole:
                    raise ClipError(f"{clip or name}: {error}") from error
                if stop():  # before its first frame
                    study.unreached.append(name)
                    continue
                study.unreadable.append((name, str(error)))
                click.echo(shown(f"{name}: {error}"), err=True)
                continue
            read += 1
            _print(result, as_json)
            if result.stopped:
                click.echo(shown(f"{name}: stopped by hand after {result.seconds:.2f} s"), err=True)
    for name in study.unreached:
        click.echo(shown(f"{name}: not looked at"), err=True)
    page = study.close()
    if page is not None:
        click.echo(f"kept in {shown(str(page))}", err=True)
    if not read and not study.unreached:
        raise ClipError(f"none of the {len(sources)} files in {clip} could be read")


def _print(result: Any, as_json: bool) -> None:
    if as_json:
        click.echo(result.to_json())
        return
    if result.frames == 1:
        click.echo(f"{result.clip}: a picture, {'with' if result.frames_with_face else 'without'} a face")
    else:
        click.echo(f"{result.clip}: {result.frames} frames, {result.frames_with_face} with a face, {result.fps:g} fps")
    for event in result.events:
        click.echo(f"  {event['start_s']:8.2f} s  {event['end_s']:8.2f} s  {event['action']}")
    for cue in result.cues:
        if cue["reason"]:
            click.echo(f"  {cue['kind']}: {cue['verdict']}, {cue['reason']}")


@main.command()
@click.option("--source", default="0", show_default=True, metavar="FILE|CAMERA", help="What to watch.")
@click.option("--blink-threshold", type=float, help="How far lids come down, 0..1; lower is easier.")
@click.option("--left-threshold", type=float, help="How far the nose tip goes, as a negative share of the face.")
@click.option("--right-threshold", type=float, help="The same to the right, positive.")
@click.option("--screenshot", type=click.Path(path_type=Path, dir_okay=False), help="Run unseen, keep a picture.")
@click.option("--at", type=click.FloatRange(min=0), metavar="SECONDS", help="When to take it; at the end unless given.")
def desktop(source: str, screenshot: Path | None, at: float | None, **thresholds: float | None) -> None:
    """Watch the detectors at work on a camera or a file, and try a check (extra lifesign[desktop])."""
    from lifesign.desktop.ready import check

    if at is not None and screenshot is None:
        raise click.UsageError("--at is for --screenshot")
    if screenshot is not None and at is None and source.isdecimal():
        raise click.UsageError("a camera has no end: say when with --at SECONDS")
    check(unseen=screenshot is not None)
    from lifesign.desktop.feed import Feed
    from lifesign.desktop.program import photograph, run
    from lifesign.vision.models import load_bundle, pull

    settings, policy = _deployment()
    policy = policy.overridden({name: value for name, value in thresholds.items() if value is not None})
    with download_bar() as progress:
        bundle = load_bundle(pull(settings.models_dir, "face_landmarker", progress=progress))
    if screenshot is None:
        sys.exit(run(bundle, policy, Feed.named(source)))
    photograph(bundle, policy, Feed.named(source), screenshot, at=at)


@main.group()
def models() -> None:
    """The model files: pinned by hash, pulled once, checked always."""


@models.command("pull")
@click.option("--from", "source", type=click.Path(path_type=Path, dir_okay=False), help="A local copy.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def models_pull(source: Path | None, force: bool) -> None:
    """Fetch what is missing."""
    from lifesign.vision.models import MODELS, pull

    settings, _ = _deployment()
    for name in MODELS:
        with download_bar() as progress:
            path = pull(settings.models_dir, name, source=source, progress=progress, force=force)
        click.echo(f"{name}: {path}")


@models.command("verify")
def models_verify() -> None:
    """Check every file against its hash."""
    from lifesign.vision.models import MODELS, verify

    settings, _ = _deployment()
    for name in MODELS:
        click.echo(f"{name}: {verify(settings.models_dir, name)} is as pinned")


@models.command("list")
def models_list() -> None:
    """Name, size, hash, licence and place of every model."""
    from lifesign.vision.models import MODELS, locate

    settings, _ = _deployment()
    for name, model in MODELS.items():
        place = locate(settings.models_dir, name) or "not here; lifesign models pull"
        click.echo(f"{name}  {model.size} bytes  sha256 {model.sha256}  {model.licence}  {place}")


@main.group()
def policy() -> None:
    """The limits that decide."""


@policy.command("show")
def policy_show() -> None:
    """Every limit of this deployment's policy, as JSON, with its id."""
    _, limits = _deployment()
    click.echo(json.dumps({"id": limits.id, **limits.table()}, indent=2))


@main.command()
@click.argument("token")
@click.option("--jwks", help="URL or file of the public keys; this machine's own key file unless given.")
@click.option("--audience", help="Whom the token must be for.")
@click.option("--nonce", help="The nonce it must carry.")
def verify(token: str, jwks: str | None, audience: str | None, nonce: str | None) -> None:
    """Check a token and print its claims. Exit code 1 when it is not good; look at `verdict` for what it says."""
    from lifesign.tokens import verify as check

    settings, _ = _deployment()
    claims = check(token, _jwks(jwks, settings), audience=audience, nonce=nonce, issuer=settings.issuer)
    click.echo(json.dumps(claims, indent=2))


def _jwks(place: str | None, settings: Any) -> dict[str, Any]:
    from lifesign.tokens import Keyring

    if place is None:
        if not settings.keys_path.exists():  # opening it would make a new key, which verifies nothing
            raise TokenError(
                f"there is no key file {settings.keys_path} here: say where the public keys are with --jwks"
            )
        return Keyring.open(settings.keys_path).jwks()
    try:
        if place.startswith(("https://", "http://")):
            from urllib.request import urlopen

            with urlopen(place, timeout=JWKS_SECONDS) as answer:  # noqa: S310 - http and https only, asked for by name
                keys: dict[str, Any] = json.load(answer)
        else:
            keys = json.loads(Path(place).read_bytes())
    except (OSError, ValueError) as error:
        raise TokenError(f"the public keys cannot be read from {place}: {error}") from error
    return keys


def _deployment() -> tuple[Any, Any]:
    """This deployment's settings and policy."""
    from lifesign.policy_file import read_policy
    from lifesign.settings import Settings

    settings = Settings.read()
    return settings, read_policy(settings.policy_path, settings.limits())


if __name__ == "__main__":
    main()
