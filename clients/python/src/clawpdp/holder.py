"""The key that a token is bound to: with each call it proves that the caller holds it, by a DPoP proof JWT (RFC 9449)."""

from __future__ import annotations

import base64
import hashlib
import json
import time
import uuid
from typing import Any, Callable, Iterator, Mapping

PROOF_COUNT_MAX = 16

_SIGNATURE_SIZE = 64
_EXPECTED = "the holder's key is no private key: a JSON Web Key or PKCS #8 in PEM is expected, of Ed25519 or P-256"
_NAMES = {("OKP", "Ed25519"): ("EdDSA", ("crv", "kty", "x")), ("EC", "P-256"): ("ES256", ("crv", "kty", "x", "y"))}


class ProofError(RuntimeError):
    """The key could not sign, so that nothing was sent. Its text holds nothing secret."""


class HolderKey:
    """A private key that tokens are bound to, of Ed25519 or P-256. Nothing that it prints or raises holds the private part.

    ``key`` is a JSON Web Key with its private part or PKCS #8 in PEM, as text, or a private key of the package
    ``cryptography``, which this needs: ``pip install clawpdp[holder]``. A key that is elsewhere, such as in hardware, needs
    nothing: see ``of_signer``. Raises ValueError for what is no such key.
    """

    def __init__(self, key: Any) -> None:
        self._set(*_load(key))

    @classmethod
    def of_signer(cls, public_jwk: Mapping[str, str], sign: Callable[[bytes], bytes]) -> HolderKey:
        """Takes a function that signs bytes: 64 bytes as EdDSA or ES256 (R and S, over SHA-256) has them; and the public key.

        What the function raises is a denial with the reason CLIENT_PROOF. Raises ValueError for what is no public key.
        """
        made = cls.__new__(cls)
        made._set(public_jwk, sign)
        return made

    def _set(self, jwk: Mapping[str, str], sign: Callable[[bytes], bytes]) -> None:
        algorithm, names = _NAMES.get((jwk.get("kty", ""), jwk.get("crv", "")), ("", ()))
        if not names or "d" in jwk or any(len(_decode(jwk.get(name))) != 32 for name in names if name in "xy"):
            raise ValueError("the holder's public key is none: a JSON Web Key without a private part is expected, of Ed25519 or P-256")
        self._algorithm, self._sign = algorithm, sign
        self.public_jwk = {name: jwk[name] for name in names}
        # RFC 7638: the members that every key of the kind has, sorted, without white space.
        self.thumbprint = _encode(hashlib.sha256(_json(self.public_jwk)).digest())

    def __repr__(self) -> str:
        return f"HolderKey({self.thumbprint})"

    def proof(self, target: str, token: str = "", *, method: str = "POST", jti: str | None = None, iat: float | None = None) -> str:
        """Makes a proof for one request. The client makes those of its own calls; this is for other requests, such as by HTTP with the header ``dpop``.

        ``target`` is scheme, authority and path; query and fragment are left out. Raises ProofError where the key cannot sign.
        """
        claims: dict[str, Any] = {
            "jti": jti or str(uuid.uuid4()),
            "htm": method,
            "htu": target.split("?")[0].split("#")[0],
            "iat": iat if iat is not None else time.time_ns() // 1_000_000 / 1000,
        }
        if token:
            claims["ath"] = _encode(hashlib.sha256(token.encode()).digest())
        signed = _encode(_json({"typ": "dpop+jwt", "alg": self._algorithm, "jwk": self.public_jwk})) + "." + _encode(_json(claims))
        try:
            signature = self._sign(signed.encode("ascii"))
        except Exception as error:  # Its text could hold what nobody may see.
            raise ProofError(f"the holder's key could not sign: {type(error).__name__}") from None
        if not isinstance(signature, bytes) or len(signature) != _SIGNATURE_SIZE:
            raise ProofError("the holder's key gave no signature of 64 bytes")
        return signed + "." + _encode(signature)


def tokens_of(request: Any) -> Iterator[str]:
    """Gives the tokens that a request carries, each once, as many as a sidecar looks at proofs of."""
    parts = list(getattr(request, "requests", ())) or [getattr(request, "request", request)]
    found = dict.fromkeys(getattr(part, name, "") for part in parts for name in ("cst", "parent_cst"))
    found.pop("", None)
    return iter(list(found)[:PROOF_COUNT_MAX])


def _load(key: Any) -> tuple[dict[str, str], Callable[[bytes], bytes]]:
    try:
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec, ed25519
        from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
    except ImportError:
        raise ValueError("a holder's key needs the package cryptography: pip install clawpdp[holder]; or use HolderKey.of_signer") from None
    if isinstance(key, (str, bytes)):
        try:
            text = key.encode() if isinstance(key, str) else key
            key = _of_jwk(json.loads(text), ec, ed25519) if text.lstrip().startswith(b"{") else serialization.load_pem_private_key(text, None)
        except Exception:  # Whatever it says could hold the key.
            raise ValueError(_EXPECTED) from None
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return {"crv": "Ed25519", "kty": "OKP", "x": _encode(_raw(key))}, key.sign
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError(_EXPECTED)

    def sign(message: bytes) -> bytes:
        r, s = decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    point = key.public_key().public_numbers()
    return {"crv": "P-256", "kty": "EC", "x": _encode(point.x.to_bytes(32, "big")), "y": _encode(point.y.to_bytes(32, "big"))}, sign


def _of_jwk(jwk: Mapping[str, Any], ec: Any, ed25519: Any) -> Any:
    scalar, x = _decode(jwk["d"]), _decode(jwk["x"])
    if (jwk["kty"], jwk["crv"]) == ("OKP", "Ed25519"):
        made = ed25519.Ed25519PrivateKey.from_private_bytes(scalar)
        is_whole = _raw(made) == x
    elif (jwk["kty"], jwk["crv"]) == ("EC", "P-256"):
        made = ec.derive_private_key(int.from_bytes(scalar, "big"), ec.SECP256R1())
        point = made.public_key().public_numbers()
        is_whole = (point.x.to_bytes(32, "big"), point.y.to_bytes(32, "big")) == (x, _decode(jwk["y"]))
    else:
        raise ValueError(_EXPECTED)
    if not is_whole:
        raise ValueError("the holder's key has parts of different keys")
    return made


def _raw(key: Any) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _decode(text: Any) -> bytes:
    if not isinstance(text, str):
        return b""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except ValueError:
        return b""
    return data if _encode(data) == text else b""


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
