"""Signed results: a JWS (RFC 7515) with Ed25519 keys (RFC 8037) that a backend verifies offline.

A token holds no score, no picture and no personal data.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lifesign.errors import SettingsError, TokenError

ALGORITHM = "EdDSA"
TYPE = "liveness+jwt"  # RFC 8725 §3.11: no other kind of token passes for this one
MAX_SECONDS = 300
CLOCK_SKEW_S = 10  # how far the verifier's clock may be behind the signer's
_JTI_BYTES = 16
_REQUIRED = ("iss", "iat", "nbf", "exp", "jti", "sid", "verdict", "assurance", "policy_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assurance:
    """What stands behind a verdict. `policy`: its name. `challenge`: `random` or `fixed`. `entropy_bits`: of
    the plan that was drawn. `cues`: name to `on` or `off`. `open`: sessions could be started by anyone."""

    policy: str
    challenge: str
    entropy_bits: float
    cues: Mapping[str, str]
    open: bool = False


def claims_for(
    *,
    session_id: str,
    verdict: str,
    assurance: Assurance,
    policy_id: str,
    image_sha256: str | None,
    now: float,
    issuer: str = "lifesign",
    seconds: int = MAX_SECONDS,
    audience: str | None = None,
    nonce: str | None = None,
) -> dict[str, Any]:
    """The claims of one verdict; those that are None are left out.

    `now`: seconds since the epoch. `sid` is a hash, because the session id itself is a secret of the person.
    Raises ValueError when the token would live longer than MAX_SECONDS, or not at all.
    """
    if not 0 < seconds <= MAX_SECONDS:
        raise ValueError(f"a token lives 1 to {MAX_SECONDS} seconds, not {seconds}")
    claims = {
        "iss": issuer,
        "aud": audience,
        "iat": int(now),
        "nbf": int(now),
        "exp": int(now) + seconds,
        "jti": secrets.token_urlsafe(_JTI_BYTES),
        "nonce": nonce,
        "sid": _b64(hashlib.sha256(session_id.encode()).digest()),
        "verdict": verdict,
        "assurance": {
            "policy": assurance.policy,
            "challenge": assurance.challenge,
            "entropy_bits": assurance.entropy_bits,
            "cues": dict(assurance.cues),
            "attested": False,
            "open": assurance.open,
        },
        "image_sha256": image_sha256,
        "policy_id": policy_id,
    }
    return {name: value for name, value in claims.items() if value is not None}


class Keyring:
    """The signing keys: the first one signs, all of them are published, so keys can be rotated."""

    def __init__(self, keys: Sequence[Ed25519PrivateKey]) -> None:
        if not keys:
            raise SettingsError("a keyring needs at least one key")
        self._keys = tuple(keys)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Read the private key file (a JWK set), or make one with a new key, for its owner only.

        Processes that start at once agree on one key. Raises SettingsError when it cannot be read or made.
        """
        try:
            if not path.exists():
                _make(path)
            stored = json.loads(path.read_bytes())
            return cls([Ed25519PrivateKey.from_private_bytes(_unb64(key["d"])) for key in stored["keys"]])
        except OSError as error:
            raise SettingsError(f"the key file {path} cannot be opened: {error.strerror}") from error
        except (ValueError, KeyError, TypeError) as error:
            # `from None`: the cause quotes the file, and the file is secret
            raise SettingsError(f"the key file {path} is no set of Ed25519 keys ({type(error).__name__})") from None

    def sign(self, claims: Mapping[str, Any]) -> str:
        """The claims as a compact JWS."""
        key = self._keys[0]
        header = {"kid": _thumbprint(key.public_key()), "typ": TYPE}
        return jwt.encode(dict(claims), key, algorithm=ALGORITHM, headers=header)

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """The public halves, as a JWK set (RFC 7517)."""
        return {"keys": [_public_jwk(key.public_key()) for key in self._keys]}


def verify(
    token: str,
    jwks: Mapping[str, Any],
    *,
    audience: str | None = None,
    nonce: str | None = None,
    issuer: str = "lifesign",
    now: float | None = None,
) -> dict[str, Any]:
    """The claims of a good token. Whether its `verdict` is `live` is for the caller to look at.

    `jwks`: the public keys. `audience` must be given when the token has one; `nonce` is compared when given.
    Raises TokenError with a sentence for everything that can be wrong.
    """
    header, claims = _checked_signature(token, jwks)
    if header.get("typ") != TYPE:
        raise TokenError(f"The token is of type {header.get('typ')!r}, not {TYPE!r}.")
    missing = [name for name in _REQUIRED if name not in claims]
    if missing:
        raise TokenError(f"The token lacks {', '.join(missing)}.")
    if claims["iss"] != issuer:
        raise TokenError(f"The token was issued by {claims['iss']!r}, not by {issuer!r}.")
    _check_time(claims, time.time() if now is None else now)
    if claims.get("aud") != audience:
        raise TokenError(f"The token is for the audience {claims.get('aud')!r}, not for {audience!r}.")
    if nonce is not None and not hmac.compare_digest(str(claims.get("nonce")).encode(), nonce.encode()):
        raise TokenError("The token answers another nonce: it belongs to another login.")
    return claims


def _checked_signature(token: str, jwks: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") != ALGORITHM:
            raise TokenError(f"The token is signed with {header.get('alg')!r}; only {ALGORITHM} is accepted.")
        key = _known_key(jwks, header.get("kid"))
        # the claims are checked by verify(): PyJWT reads the wall clock, and here time is an argument
        decoded = jwt.PyJWS().decode_complete(token, key, algorithms=[ALGORITHM])
        claims = json.loads(decoded["payload"])
    except jwt.InvalidSignatureError:
        raise TokenError("The token's signature is wrong: it was altered, or signed by someone else.") from None
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise TokenError("The token is malformed: it is no signed JSON Web Token.") from error
    if not isinstance(claims, dict):
        raise TokenError("The token is malformed: its claims are no JSON object.")
    return header, claims


def _known_key(jwks: Mapping[str, Any], kid: object) -> Ed25519PublicKey:
    keys = jwks.get("keys")
    for key in keys if isinstance(keys, list) else []:
        if isinstance(key, dict) and key.get("crv") == "Ed25519" and kid is not None and key.get("kid") == kid:
            return Ed25519PublicKey.from_public_bytes(_unb64(str(key.get("x"))))
    raise TokenError("The token is signed by no key of this key set; fetch the keys again if they were rotated.")


def _check_time(claims: Mapping[str, Any], now: float) -> None:
    times = [claims[name] for name in ("iat", "nbf", "exp")]
    if not all(isinstance(value, int) for value in times):
        raise TokenError("The token is malformed: its times are no whole seconds.")
    issued, not_before, expires = times
    if expires <= now:
        raise TokenError(f"The token expired {now - expires:.0f} seconds ago.")
    if max(issued, not_before) > now + CLOCK_SKEW_S:
        raise TokenError("The token is from the future: one of the two clocks is wrong.")
    if expires - issued > MAX_SECONDS:
        raise TokenError(f"The token lives longer than {MAX_SECONDS} seconds.")


def _public_jwk(key: Ed25519PublicKey) -> dict[str, str]:
    """RFC 8037 §2."""
    x = _b64(key.public_bytes_raw())
    return {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": _thumbprint(key), "use": "sig", "alg": ALGORITHM}


def _thumbprint(key: Ed25519PublicKey) -> str:
    """RFC 7638: the hash of the required members, in alphabetical order and without spaces."""
    members = {"crv": "Ed25519", "kty": "OKP", "x": _b64(key.public_bytes_raw())}
    return _b64(hashlib.sha256(json.dumps(members, separators=(",", ":")).encode()).digest())


def _make(path: Path) -> None:
    """A key file appears at `path` complete or not at all: of several processes, one wins."""
    key = Ed25519PrivateKey.generate()
    private = {**_public_jwk(key.public_key()), "d": _b64(key.private_bytes_raw())}
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # a NamedTemporaryFile is for its owner only (0600), and so is the name it is linked to
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-") as draft:
        draft.write(json.dumps({"keys": [private]}, indent=2).encode())
        draft.flush()
        os.fsync(draft.fileno())
        with suppress(FileExistsError):
            os.link(draft.name, path)


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
