"""Settings: how this deployment runs. The one place that reads the environment and `.env`.

What is safe enough is not here: that is the policy (`core/policy.py`), but for the six limits that the reference
documents as settings, which are handed on to it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import AliasChoices, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from lifesign.errors import SettingsError

LIMITS: Final = (
    "challenge_sequence", "blink_required", "ear_threshold", "blink_threshold", "left_threshold", "right_threshold",
)  # fmt: skip
"""of the policy, but documented as settings"""

LIST_MARKS: Final = str.maketrans(dict.fromkeys(",[]\"'", " "))


def _documented(name: str) -> AliasChoices:
    """These settings are documented under bare names; ours wins where both are set."""
    return AliasChoices(f"LIFESIGN_{name}", name)


class Settings(BaseSettings):
    """Every field is the environment variable `LIFESIGN_<NAME>`; arguments win over it, and it over `.env`."""

    model_config = SettingsConfigDict(
        env_prefix="LIFESIGN_",
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    host: str = Field("0.0.0.0", description="address to listen on")  # noqa: S104  # the documented one
    port: int = Field(5002, ge=0, le=65535, validation_alias=_documented("PORT"), description="port; 0: any")
    workers: int = Field(1, ge=1, description="processes of `lifesign serve`")
    threads: int = Field(2, ge=1, description="frames looked at side by side in one process")

    sessions_url: str = Field("sqlite:///lifesign.db", description="sqlite:///file.db or memory://")
    evidence_dir: Path = Field(Path("verified_images"), description="where verified pictures go")
    keys_path: Path = Field(Path("certs/token_keys.json"), description="private keys that sign tokens")
    models_dir: Path = Field(Path("models"), description="where the model files are")
    policy_path: Path | None = Field(None, description="policy.toml with changed limits")

    challenge_sequence: Annotated[tuple[str, ...] | None, NoDecode] = Field(
        None, validation_alias=_documented("CHALLENGE_SEQUENCE"), description="fixed plan, as in CENTER, BLINK, CENTER"
    )
    blink_required: int | None = Field(
        None, validation_alias=_documented("BLINK_REQUIRED"), description="blinks in one step"
    )
    ear_threshold: float | None = Field(
        None, validation_alias=_documented("EAR_THRESHOLD"), description="eye-aspect ratio below which eyes are shut"
    )
    blink_threshold: float | None = Field(
        None, validation_alias=_documented("BLINK_THRESHOLD"), description="how far lids come down; lower is easier"
    )
    left_threshold: float | None = Field(
        None, validation_alias=_documented("LEFT_THRESHOLD"), description="the nose's way of a turn left, below 0"
    )
    right_threshold: float | None = Field(
        None, validation_alias=_documented("RIGHT_THRESHOLD"), description="the nose's way of a turn right, above 0"
    )

    session_expiry_minutes: int = Field(
        10, ge=1, validation_alias=_documented("SESSION_EXPIRY_MINUTES"), description="life of a session"
    )
    max_sessions: int = Field(
        100, ge=1, validation_alias=_documented("MAX_SESSIONS"), description="undecided sessions at a time"
    )
    sweep_seconds: float = Field(30.0, gt=0, description="how often expired sessions are removed")
    max_frame_bytes: int = Field(1_000_000, ge=1_000, description="largest frame, as JPEG")
    max_side: int = Field(1920, ge=64, description="longest side of a frame, px")

    issuer: str = Field("lifesign", min_length=1, description="`iss` of the tokens")
    token_seconds: int = Field(300, ge=1, le=300, description="life of a token")

    open: bool = Field(False, description="anyone, not only this machine, may start sessions")
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="other web origins whose pages may call, separated by commas"
    )

    @field_validator("allowed_origins", "challenge_sequence", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """`a, b` and, as the reference writes it, `["a", "b"]`."""
        return tuple(value.translate(LIST_MARKS).split()) if isinstance(value, str) else value

    @field_validator("allowed_origins")
    @classmethod
    def _origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            scheme, _, rest = origin.partition("://")
            if scheme not in ("http", "https") or not rest or "/" in rest or "*" in rest:
                raise ValueError(f"{origin!r} is no origin such as https://shop.example (no path, no *)")
        return tuple(origin.lower() for origin in origins)

    def limits(self) -> dict[str, object]:
        """The limits of the policy that are documented as settings and were set: for `Policy.overridden`."""
        set_here = {name: getattr(self, name) for name in LIMITS}
        return {name: value for name, value in set_here.items() if value is not None}

    @classmethod
    def read(cls, **changes: object) -> Self:
        """The settings of this deployment, with `changes` on top. Raises SettingsError in one sentence."""
        try:
            return cls(**changes)  # type: ignore[arg-type]  # checked by pydantic
        except ValidationError as error:
            faults = "; ".join(f"{fault['loc'][0]}: {fault['msg']}" for fault in error.errors())
            raise SettingsError(f"These settings are wrong: {faults}.") from None
