"""Signing, verifying, refusing; and that another library reads what is written here."""

import base64
import json
import multiprocessing
import stat
import threading
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from lifesign.errors import SettingsError, TokenError
from lifesign.tokens import CLOCK_SKEW_S, MAX_SECONDS, TYPE, Assurance, Keyring, claims_for, verify

NOW = 1_700_000_000.0
SESSION = "liveness_1700000000_AAAAAAAAAAAAAAAAAAAAAA"
ASSURANCE = Assurance(policy="default", challenge="random", entropy_bits=8.4, cues={"planarity": "on"})
KEYRING = Keyring([Ed25519PrivateKey.generate()])
NO_SECOND_OPINION = "joserfc, another library that reads tokens, is not installed"


def claims(**changes: Any) -> dict[str, Any]:
    wanted: dict[str, Any] = {
        "session_id": SESSION,
        "verdict": "live",
        "assurance": ASSURANCE,
        "policy_id": "p1",
        "image_sha256": "ab" * 32,
        "now": NOW,
    }
    return claims_for(**{**wanted, **changes})


def test_the_claims_say_what_the_design_says_and_no_more() -> None:
    made = claims(audience="shop", nonce="n1", seconds=60)
    assert made.pop("jti") != claims()["jti"]
    assert made == {
        "iss": "lifesign",
        "aud": "shop",
        "iat": 1_700_000_000,
        "nbf": 1_700_000_000,
        "exp": 1_700_000_060,
        "nonce": "n1",
        "sid": "6e5TUyIjEjUBIc-jLlttNvEeiyAlXVgXVLqgj5v5s38",
        "verdict": "live",
        "assurance": {
            "policy": "default",
            "challenge": "random",
            "entropy_bits": 8.4,
            "cues": {"planarity": "on"},
            "attested": False,
            "open": False,
        },
        "image_sha256": "ab" * 32,
        "policy_id": "p1",
    }


def test_what_is_not_known_is_left_out() -> None:
    assert {"aud", "nonce", "image_sha256"}.isdisjoint(claims(image_sha256=None))


@pytest.mark.parametrize("seconds", [0, -1, MAX_SECONDS + 1])
def test_a_token_never_lives_longer_than_five_minutes(seconds: int) -> None:
    with pytest.raises(ValueError, match="seconds"):
        claims(seconds=seconds)


def test_a_signed_token_verifies() -> None:
    made = claims(audience="shop", nonce="n1")
    token = KEYRING.sign(made)
    assert verify(token, KEYRING.jwks(), audience="shop", nonce="n1", now=NOW) == made
    assert jwt.get_unverified_header(token) == {
        "alg": "EdDSA",
        "typ": TYPE,
        "kid": KEYRING.jwks()["keys"][0]["kid"],
    }


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
def test_another_library_reads_token_and_keys() -> None:
    jws = pytest.importorskip("joserfc.jws", reason=NO_SECOND_OPINION)
    jwk = pytest.importorskip("joserfc.jwk", reason=NO_SECOND_OPINION)
    key_set = jwk.KeySet.import_key_set(KEYRING.jwks())
    made = claims()
    read = jws.deserialize_compact(KEYRING.sign(made), key_set, algorithms=["EdDSA"])
    assert json.loads(read.payload) == made
    (key,) = KEYRING.jwks()["keys"]
    assert key_set.keys[0].thumbprint() == key["kid"]


def test_the_public_set_holds_no_private_key() -> None:
    assert [sorted(key) for key in KEYRING.jwks()["keys"]] == [["alg", "crv", "kid", "kty", "use", "x"]]


@pytest.mark.parametrize(
    ("changes", "arguments", "sentence"),
    [
        ({"seconds": 60}, {"now": NOW + 60}, "expired 0 seconds ago"),
        ({}, {"now": NOW + 1000}, "expired 700 seconds ago"),
        ({}, {"now": NOW - CLOCK_SKEW_S - 1}, "from the future"),
        ({"audience": "shop"}, {"audience": "bank"}, "audience 'shop', not for 'bank'"),
        ({"audience": "shop"}, {}, "audience 'shop', not for None"),
        ({}, {"audience": "shop"}, "audience None, not for 'shop'"),
        ({"nonce": "n1"}, {"nonce": "n2"}, "another nonce"),
        ({}, {"nonce": "n1"}, "another nonce"),
        ({"issuer": "someone"}, {}, "issued by 'someone'"),
    ],
)
def test_a_refusal_says_why(changes: dict[str, Any], arguments: dict[str, Any], sentence: str) -> None:
    token = KEYRING.sign(claims(**changes))
    with pytest.raises(TokenError, match=sentence):
        verify(token, KEYRING.jwks(), **{"now": NOW, **arguments})


def test_the_clocks_may_differ_a_little() -> None:
    assert verify(KEYRING.sign(claims()), KEYRING.jwks(), now=NOW - CLOCK_SKEW_S)["verdict"] == "live"


def test_the_machines_own_clock_is_the_default() -> None:
    with pytest.raises(TokenError, match="expired"):
        verify(KEYRING.sign(claims()), KEYRING.jwks())


@pytest.mark.parametrize(
    ("claim", "value", "sentence"),
    [
        ("exp", int(NOW) + MAX_SECONDS + 1, "longer than"),
        ("exp", "tomorrow", "no whole seconds"),
        ("iat", 1.5, "no whole seconds"),
        ("nbf", int(NOW) + 100, "from the future"),
    ],
)
def test_times_that_this_service_would_not_write_are_refused(claim: str, value: object, sentence: str) -> None:
    with pytest.raises(TokenError, match=sentence):
        verify(KEYRING.sign({**claims(), claim: value}), KEYRING.jwks(), now=NOW)


@pytest.mark.parametrize("claim", ["jti", "verdict", "sid", "exp"])
def test_a_missing_claim_is_refused(claim: str) -> None:
    made = claims()
    del made[claim]
    with pytest.raises(TokenError, match=f"lacks {claim}"):
        verify(KEYRING.sign(made), KEYRING.jwks(), now=NOW)


def test_an_altered_claim_breaks_the_signature() -> None:
    head, payload, signature = KEYRING.sign(claims(verdict="spoof")).split(".")
    altered = base64.urlsafe_b64decode(payload + "==").replace(b"spoof", b"live")
    forged = base64.urlsafe_b64encode(altered).rstrip(b"=").decode()
    with pytest.raises(TokenError, match="signature is wrong"):
        verify(f"{head}.{forged}.{signature}", KEYRING.jwks(), now=NOW)


def test_a_strangers_key_is_not_known() -> None:
    stranger = Keyring([Ed25519PrivateKey.generate()])
    with pytest.raises(TokenError, match="no key of this key set"):
        verify(stranger.sign(claims()), KEYRING.jwks(), now=NOW)


def test_a_strangers_signature_under_a_known_name_is_wrong() -> None:
    kid = KEYRING.jwks()["keys"][0]["kid"]
    forged = jwt.encode(claims(), Ed25519PrivateKey.generate(), algorithm="EdDSA", headers={"kid": kid, "typ": TYPE})
    with pytest.raises(TokenError, match="signature is wrong"):
        verify(forged, KEYRING.jwks(), now=NOW)


def test_only_eddsa_is_accepted() -> None:
    """The classic confusion: the public key, which everybody has, as an HMAC secret; and no signature."""
    public = KEYRING.jwks()["keys"][0]
    header = {"kid": public["kid"], "typ": TYPE}
    secret = base64.urlsafe_b64decode(public["x"] + "=")
    confused = jwt.encode(claims(), secret, algorithm="HS256", headers=header)
    unsigned = jwt.encode(claims(), None, algorithm="none", headers=header)
    with pytest.raises(TokenError, match="'HS256'; only EdDSA"):
        verify(confused, KEYRING.jwks(), now=NOW)
    with pytest.raises(TokenError, match="'none'; only EdDSA"):
        verify(unsigned, KEYRING.jwks(), now=NOW)


def test_another_type_of_token_is_refused() -> None:
    key = Ed25519PrivateKey.generate()
    kid = Keyring([key]).jwks()["keys"][0]["kid"]
    with pytest.raises(TokenError, match="of type 'JWT'"):
        verify(jwt.encode(claims(), key, algorithm="EdDSA", headers={"kid": kid}), Keyring([key]).jwks(), now=NOW)


@pytest.mark.parametrize("jwks", [{}, {"keys": None}, {"keys": [1, {}]}, {"keys": {"kid": "x"}}])
def test_a_key_set_without_the_key_is_a_refusal(jwks: dict[str, Any]) -> None:
    with pytest.raises(TokenError, match="no key of this key set"):
        verify(KEYRING.sign(claims()), jwks, now=NOW)


@pytest.mark.parametrize("x", ["", "AAAA", "ä", None])
def test_a_broken_public_key_is_a_refusal(x: object) -> None:
    broken = {"keys": [{**KEYRING.jwks()["keys"][0], "x": x}]}
    with pytest.raises(TokenError):
        verify(KEYRING.sign(claims()), broken, now=NOW)


@given(st.text() | st.from_regex(r"[A-Za-z0-9_-]{0,40}\.[A-Za-z0-9_-]{0,40}\.[A-Za-z0-9_-]{0,40}", fullmatch=True))
def test_whatever_is_no_token_is_a_token_error(text: str) -> None:
    with pytest.raises(TokenError):
        verify(text, KEYRING.jwks(), now=NOW)


def test_claims_that_are_no_object_are_malformed() -> None:
    key = Ed25519PrivateKey.generate()
    kid = Keyring([key]).jwks()["keys"][0]["kid"]
    for payload in (b"[]", b"not json", b"[" * 100_000):
        token = jwt.PyJWS().encode(payload, key, algorithm="EdDSA", headers={"kid": kid, "typ": TYPE})
        with pytest.raises(TokenError, match="malformed"):
            verify(token, Keyring([key]).jwks(), now=NOW)


def test_rotation_keeps_old_tokens_good() -> None:
    old, new = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    rotated = Keyring([new, old])
    assert verify(Keyring([old]).sign(claims()), rotated.jwks(), now=NOW)["verdict"] == "live"
    assert verify(rotated.sign(claims()), Keyring([new]).jwks(), now=NOW)["verdict"] == "live"


# --- the key file ---


def test_the_key_file_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "certs" / "keys.json"
    made = Keyring.open(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["keys.json"]
    assert verify(made.sign(claims()), Keyring.open(path).jwks(), now=NOW)["verdict"] == "live"


def test_the_key_file_is_a_jwk_set_that_other_tools_read(tmp_path: Path) -> None:
    jwk = pytest.importorskip("joserfc.jwk", reason=NO_SECOND_OPINION)
    Keyring.open(tmp_path / "keys.json")
    stored = json.loads((tmp_path / "keys.json").read_text())
    (key,) = jwk.KeySet.import_key_set(stored).keys
    assert key.is_private
    assert Keyring.open(tmp_path / "keys.json").jwks()["keys"][0]["kid"] == key.thumbprint()


def test_threads_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    start, kids = threading.Barrier(8), []

    def open_one() -> None:
        start.wait()
        kids.append(Keyring.open(tmp_path / "keys.json").jwks()["keys"][0]["kid"])

    threads = [threading.Thread(target=open_one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kids) == 8
    assert len(set(kids)) == 1


def _kid(path: Path) -> str:
    return Keyring.open(path).jwks()["keys"][0]["kid"]


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        kids = pool.map(_kid, [tmp_path / "keys.json"] * 8, chunksize=1)
        pool.close()
        pool.join()
    assert len(kids) == 8
    assert len(set(kids)) == 1


@pytest.mark.parametrize(
    "content",
    ["", "{}", "[]", "null", '{"keys": []}', '{"keys": [{}]}', '{"keys": [{"d": "c2hvcnQ"}]}', "{" * 9],
)
def test_a_broken_key_file_is_a_settings_error_that_does_not_quote_it(tmp_path: Path, content: str) -> None:
    (tmp_path / "keys.json").write_text(content)
    with pytest.raises(SettingsError, match=r"keys\.json|at least one") as caught:
        Keyring.open(tmp_path / "keys.json")
    assert "c2hvcnQ" not in str(caught.value)
    assert (tmp_path / "keys.json").read_text() == content


def test_a_key_file_that_cannot_be_made_is_a_settings_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SettingsError, match="cannot be opened"):
        Keyring.open(tmp_path / "file" / "keys.json")


def test_a_pem_key_signs_too() -> None:
    """Bring your own key: whatever cryptography can load goes into a Keyring."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    key = serialization.load_pem_private_key(pem, password=None)
    assert isinstance(key, Ed25519PrivateKey)
    assert verify(Keyring([key]).sign(claims()), Keyring([key]).jwks(), now=NOW)["verdict"] == "live"
