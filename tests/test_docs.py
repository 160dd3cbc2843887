"""The documentation says what the code does."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

from lifesign.core.reasons import REASONS

REPOSITORY = Path(__file__).resolve().parent.parent
CORE = REPOSITORY / "src" / "lifesign" / "core"


def test_the_reference_is_the_code() -> None:
    spec = importlib.util.spec_from_file_location("make_reference", REPOSITORY / "docs" / "make_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.PAGE.read_text(encoding="utf-8") == module.reference(), "run python docs/make_reference.py"


def test_every_reason_that_is_given_is_listed_and_no_other() -> None:
    given = r'reason="(\w+)"|interrupts="(\w+)"|_fail\(\w+, "(\w+)"|FAILED, "(\w+)"|LIVE, \("(\w+)"|'
    given += r'else "(\w+)", policy\)|return _fail\(session, "(\w+)" if|failure or "(\w+)"|INCONCLUSIVE, \("(\w+)"'
    text = "".join(path.read_text() for path in CORE.rglob("*.py") if path.name != "reasons.py")
    assert {code for match in re.findall(given, text) for code in match if code} == set(REASONS)


def test_the_page_has_a_sentence_for_every_way_to_fail() -> None:
    script = (REPOSITORY / "src" / "lifesign" / "web" / "static" / "lifesign.js").read_text()
    sentences = set(re.findall(r"^  (\w+): \"", script, re.MULTILINE))
    assert set(REASONS) - {"challenges_passed"} <= sentences


def test_the_readme_names_commands_that_are_there() -> None:
    from lifesign.cli import main

    readme = (REPOSITORY / "README.md").read_text()
    commands = set(re.findall(r"`lifesign (\w+)", readme))
    assert commands <= set(main.commands)
    targets = set(re.findall(r"make ([a-z-]+)", readme))
    makefile = (REPOSITORY / "Makefile").read_text()
    assert targets <= set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert len(re.findall(r"^[a-z-]+:.*## ", makefile, re.MULTILINE)) <= 12
