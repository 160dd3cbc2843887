"""Models: only the pinned bytes are ever put in place or loaded, and every refusal says what to do."""

import hashlib
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from lifesign.errors import ModelAlteredError, ModelMissingError
from lifesign.vision import sources
from lifesign.vision.catalogue import MODELS, ModelFile, read_catalogue
from lifesign.vision.models import load_bundle, locate, pull, state, verify

CONTENT = bytes(range(256)) * 500
WRONG = CONTENT[:-1] + b"?"
NAME = "toy"
UNREACHABLE = "http://127.0.0.1:9/toy.bin"  # the discard port: nothing listens
PROCESSES = 4


class Publisher(BaseHTTPRequestHandler):
    """Stands in for a model's publisher: each path is one way to behave."""

    def do_GET(self) -> None:
        body, promised = {
            "/right": (CONTENT, len(CONTENT)),
            "/wrong": (WRONG, len(WRONG)),
            "/short": (CONTENT[:1000], 1000),
            "/broken": (CONTENT[:1000], len(CONTENT)),
            "/endless": (CONTENT * 50, len(CONTENT) * 50),
        }.get(self.path, (b"", -1))
        if promised < 0:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(promised))
        self.end_headers()
        with suppress(BrokenPipeError, ConnectionResetError):  # the caller may have had enough
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def publisher() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Publisher) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def toy(publisher: str = "", package: str = "", member: str = "") -> dict[str, ModelFile]:
    model = ModelFile(
        name=NAME,
        file="toy.bin",
        size=len(CONTENT),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        licence="CC0-1.0",
        publisher=publisher,
        package=package,
        member=member,
    )
    return {NAME: model}


def wheel(folder: Path, content: bytes) -> None:
    """A wheel that carries `content`, where pip finds it without any index."""
    info = "toy_weights-1.0.dist-info"
    with zipfile.ZipFile(folder / "toy_weights-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr("toy_weights/toy.bin", content)
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: toy-weights\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")


@pytest.fixture
def no_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that is all that pip knows."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def test_the_publisher_is_asked_first(publisher: str, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    models = toy(f"{publisher}/right")
    path = pull(tmp_path / "new", NAME, models=models, progress=lambda done, total: seen.append((done, total)))
    assert path.read_bytes() == CONTENT
    assert left_in(tmp_path / "new") == ["toy.bin"]
    assert seen == sorted(seen)
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert verify(tmp_path / "new", NAME, models=models) == path
    assert state(tmp_path / "new", NAME, models=models) == "ok"


@pytest.mark.parametrize(
    ("path", "kind", "words"),
    [
        ("wrong", ModelAlteredError, "other bytes"),
        ("short", ModelAlteredError, "cut short (1000 of 128000 bytes)"),
        ("endless", ModelAlteredError, "other bytes"),
        ("nowhere", ModelMissingError, "404"),
    ],
)
def test_a_bad_answer_leaves_nothing(
    publisher: str, tmp_path: Path, path: str, kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match="lifesign models pull --from FILE") as caught:
        pull(tmp_path, NAME, models=toy(f"{publisher}/{path}"))
    assert words in str(caught.value)
    assert left_in(tmp_path) == []


def test_a_broken_connection_leaves_nothing(publisher: str, tmp_path: Path) -> None:
    with pytest.raises((ModelAlteredError, ModelMissingError), match=r"cut short|no answer"):
        pull(tmp_path, NAME, models=toy(f"{publisher}/broken"))
    assert left_in(tmp_path) == []


def test_no_network_and_no_package_says_both(tmp_path: Path, no_index: Path) -> None:
    models = toy(UNREACHABLE, package="toy-weights==1.0", member="toy_weights/toy.bin")
    with pytest.raises(ModelMissingError) as caught:
        pull(tmp_path, NAME, models=models)
    message = str(caught.value)
    assert "no answer" in message
    assert "pip cannot get it (ERROR: No matching distribution" in message
    assert "lifesign models pull --from FILE" in message
    assert left_in(no_index) == []


def test_the_package_is_second(tmp_path: Path, no_index: Path) -> None:
    wheel(no_index, CONTENT)
    models = toy(UNREACHABLE, package="toy-weights==1.0", member="toy_weights/toy.bin")
    assert pull(tmp_path / "models", NAME, models=models).read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("content", "member", "kind", "words"),
    [
        (WRONG, "toy_weights/toy.bin", ModelAlteredError, "other bytes"),
        (CONTENT, "toy_weights/moved.bin", ModelMissingError, "has no readable toy_weights/moved.bin"),
    ],
)
def test_a_package_with_other_contents(
    tmp_path: Path, no_index: Path, content: bytes, member: str, kind: type[Exception], words: str
) -> None:
    wheel(no_index, content)
    with pytest.raises(kind, match=words):
        pull(tmp_path / "models", NAME, models=toy(package="toy-weights==1.0", member=member))
    assert left_in(tmp_path / "models") == []


def test_a_python_without_pip_says_so(tmp_path: Path) -> None:
    # -S: no site-packages, hence no pip; this much of the package needs nothing but the standard library
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from lifesign.vision.catalogue import MODELS\n"
        "from lifesign.vision.sources import fetch\n"
        "from lifesign.errors import ModelMissingError\n"
        "from dataclasses import replace\n"
        "try: fetch(replace(MODELS['face_landmarker'], publisher=''), None, print)\n"
        "except ModelMissingError as error: print(error)"
    )
    source = str(Path(sources.__file__).parents[2])
    command = [sys.executable, "-S", "-c", program, source]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert "this Python has no pip" in done.stdout


def test_a_local_file_is_the_only_source_when_given(publisher: str, tmp_path: Path) -> None:
    models = toy(f"{publisher}/right")
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.write_bytes(CONTENT)
    bad.write_bytes(WRONG)
    with pytest.raises(ModelAlteredError, match="other bytes"):
        pull(tmp_path / "models", NAME, source=bad, models=models)
    with pytest.raises(ModelMissingError, match="cannot be read"):
        pull(tmp_path / "models", NAME, source=tmp_path / "absent", models=models)
    assert locate(tmp_path / "models", NAME, models=models) is None
    assert pull(tmp_path / "models", NAME, source=good, models=models).read_bytes() == CONTENT


def test_an_altered_file_is_an_error_until_forced(publisher: str, tmp_path: Path) -> None:
    models = toy(f"{publisher}/right")
    (tmp_path / "toy.bin").write_bytes(WRONG)
    assert state(tmp_path, NAME, models=models) == "altered"
    for refuse in (pull, verify):
        with pytest.raises(ModelAlteredError, match="lifesign models pull --force"):
            refuse(tmp_path, NAME, models=models)
    assert (tmp_path / "toy.bin").read_bytes() == WRONG
    pull(tmp_path, NAME, force=True, models=models)
    assert (tmp_path / "toy.bin").read_bytes() == CONTENT


def test_a_failed_force_keeps_what_was_there(publisher: str, tmp_path: Path) -> None:
    (tmp_path / "toy.bin").write_bytes(CONTENT)
    with pytest.raises(ModelAlteredError):
        pull(tmp_path, NAME, force=True, models=toy(f"{publisher}/wrong"))
    assert (tmp_path / "toy.bin").read_bytes() == CONTENT
    assert left_in(tmp_path) == ["toy.bin"]


def test_a_file_that_is_there_is_not_fetched_again(tmp_path: Path) -> None:
    (tmp_path / "toy.bin").write_bytes(CONTENT)
    assert pull(tmp_path, NAME, models=toy(UNREACHABLE)) == tmp_path / "toy.bin"


def test_nothing_there(tmp_path: Path) -> None:
    assert locate(tmp_path, NAME, models=toy()) is None
    assert state(tmp_path, NAME, models=toy()) == "missing"
    with pytest.raises(ModelMissingError, match="run `lifesign models pull`"):
        verify(tmp_path, NAME, models=toy())
    with pytest.raises(ModelMissingError, match="run `lifesign models pull`"):
        load_bundle(tmp_path / "face_landmarker.task")


def test_a_folder_that_cannot_be_written(publisher: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ModelMissingError, match="LIFESIGN_MODELS_DIR"):
        pull(tmp_path / "file" / "models", NAME, models=toy(f"{publisher}/right"))


def test_several_processes_may_pull_at_once(publisher: str, tmp_path: Path) -> None:
    entry = toy(f"{publisher}/right")[NAME]
    toml = tmp_path / "models.toml"
    toml.write_text(
        f'[{NAME}]\nfile = "{entry.file}"\nsize = {entry.size}\nsha256 = "{entry.sha256}"\n'
        f'licence = "{entry.licence}"\npublisher = "{entry.publisher}"\n'
    )
    program = (
        "import sys; from pathlib import Path\n"
        "from lifesign.vision.catalogue import read_catalogue\n"
        "from lifesign.vision.models import pull\n"
        f"pull(Path(sys.argv[2]), '{NAME}', models=read_catalogue(Path(sys.argv[1]).read_text()))"
    )
    command = [sys.executable, "-c", program, str(toml), str(tmp_path / "models")]
    running = [subprocess.Popen(command) for _ in range(PROCESSES)]
    assert [process.wait() for process in running] == [0] * PROCESSES
    assert left_in(tmp_path / "models") == ["toy.bin"]
    assert (tmp_path / "models" / "toy.bin").read_bytes() == CONTENT


def test_the_real_bundle_loads_only_unaltered(models_dir: Path, tmp_path: Path) -> None:
    data = (models_dir / "face_landmarker.task").read_bytes()
    changed = bytearray(data)
    changed[len(data) // 2] ^= 1
    for altered in (bytes(changed), data[:-1], b""):
        (tmp_path / "face_landmarker.task").write_bytes(altered)
        with pytest.raises(ModelAlteredError, match="is not the pinned model"):
            load_bundle(tmp_path / "face_landmarker.task")
    assert load_bundle(models_dir / "face_landmarker.task").sha256 == hashlib.sha256(data).hexdigest()


def test_the_catalogue_is_complete() -> None:
    incomplete = [
        model.name
        for model in MODELS.values()
        if len(model.sha256) != len(hashlib.sha256().hexdigest())
        or model.size <= 0
        or not model.licence
        or not model.publisher.startswith("https://")
    ]
    assert "face_landmarker" in MODELS
    assert incomplete == []


def test_an_unknown_key_of_the_catalogue_is_an_error() -> None:
    with pytest.raises(TypeError, match="colour"):
        read_catalogue('[toy]\ncolour = "green"\n')


def test_addresses_other_than_http_are_not_opened(tmp_path: Path) -> None:
    (tmp_path / "toy.bin").write_bytes(CONTENT)
    address = (tmp_path / "toy.bin").as_uri()
    with pytest.raises(ModelMissingError, match="not http"):
        pull(tmp_path / "models", NAME, models={NAME: replace(toy()[NAME], publisher=address)})
