"""Settings come from arguments, the environment and `.env`, in this order."""

from pathlib import Path

import pytest

from lifesign.core.policy import DOCUMENTED
from lifesign.errors import PolicyError, SettingsError
from lifesign.policy_file import read_policy
from lifesign.settings import LIMITS, Settings


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"LIFESIGN_{name.upper()}", raising=False)
    for name in ("PORT", "MAX_SESSIONS", "SESSION_EXPIRY_MINUTES", *(name.upper() for name in LIMITS)):
        monkeypatch.delenv(name, raising=False)


def test_the_documented_defaults() -> None:
    settings = Settings.read()
    assert (settings.port, settings.max_sessions, settings.session_expiry_minutes) == (5002, 100, 10)
    assert settings.evidence_dir == Path("verified_images")
    assert not settings.open


@pytest.mark.parametrize("name", ["PORT", "MAX_SESSIONS", "SESSION_EXPIRY_MINUTES"])
def test_the_documented_bare_names_work_and_ours_win(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "7")
    assert getattr(Settings.read(), name.lower()) == 7
    monkeypatch.setenv(f"LIFESIGN_{name}", "8")
    assert getattr(Settings.read(), name.lower()) == 8
    assert getattr(Settings.read(**{name.lower(): 9}), name.lower()) == 9


def test_documented_thresholds_reach_the_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHALLENGE_SEQUENCE", '["CENTER", "BLINK", "CENTER"]')  # as the reference writes it
    monkeypatch.setenv("BLINK_REQUIRED", "6")
    monkeypatch.setenv("LIFESIGN_EAR_THRESHOLD", "0.25")
    monkeypatch.setenv("LEFT_THRESHOLD", "-0.15")
    limits = Settings.read(right_threshold=0.1).limits()
    assert limits == {
        "challenge_sequence": ("CENTER", "BLINK", "CENTER"),
        "blink_required": 6,
        "ear_threshold": 0.25,
        "left_threshold": -0.15,
        "right_threshold": 0.1,
    }
    policy = read_policy(None, limits)
    assert policy.session.sequence == ("center", "blink", "center")
    assert policy.challenges["turn_left"].left_threshold == -0.15
    assert Settings.read(challenge_sequence="center, blink").challenge_sequence == ("center", "blink")
    assert set(LIMITS) == set(DOCUMENTED)


def test_thresholds_that_nobody_could_meet_are_refused() -> None:
    with pytest.raises(PolicyError, match="blink_threshold"):
        read_policy(None, Settings.read(blink_threshold=1.5).limits())


def test_other_bare_names_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST", "example.org")
    monkeypatch.setenv("OPEN", "1")
    assert Settings.read() == Settings()
    assert not Settings.read().open


def test_dotenv_is_read_and_its_strangers_are_ignored(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("LIFESIGN_PORT=6000\nSOMETHING_ELSE=1\nLIFESIGN_OPEN=true\n")
    assert (Settings.read().port, Settings.read().open) == (6000, True)


def test_origins_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFESIGN_ALLOWED_ORIGINS", "https://Shop.example, http://localhost:3000")
    assert Settings.read().allowed_origins == ("https://shop.example", "http://localhost:3000")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "ninety"),
        ("port", "65536"),
        ("token_seconds", "301"),
        ("max_sessions", "0"),
        ("allowed_origins", "*"),
        ("allowed_origins", "https://a.example/path"),
        ("allowed_origins", "a.example"),
    ],
)
def test_wrong_settings_are_one_sentence(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"LIFESIGN_{name.upper()}", value)
    with pytest.raises(SettingsError, match=f"(?i){name}") as caught:
        Settings.read()
    assert "\n" not in str(caught.value)
