"""Canonical JSON (RFC 8785) and its SHA-256, which decisions and receipts hold instead of content."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
from typing import Any

_DEPTH_MAX = 64
_INTEGER_MAX = 2**53 - 1
_ESCAPED = re.compile(r'["\\\x00-\x1f]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


class DigestError(ValueError):
    """A value that has no canonical JSON form. The message never holds the value."""


def digest(value: Any) -> str:
    """Gives the SHA-256 of a value's canonical JSON form: base64url, 43 characters.

    Takes what JSON has: ``None``, ``bool``, ``int``, ``float``, ``str``, ``list``, ``tuple`` and ``dict`` with string keys.
    Raises DigestError for anything else, for what is no finite number, for an integer beyond 2**53 - 1 either way, for
    text with an unpaired surrogate, and for more than 64 levels.
    """
    return base64.urlsafe_b64encode(hashlib.sha256(canonical(value)).digest()).rstrip(b"=").decode("ascii")


def digest_json(text: str | bytes) -> str:
    """Gives the digest of a JSON text. Raises DigestError if it is none, or if an object has a name twice.

    Numbers are read as RFC 8785 says: as the nearest double, whatever their digits.
    """
    return digest(parse(text))


def canonical(value: Any) -> bytes:
    """Gives a value's canonical form (RFC 8785) in UTF-8. Takes and raises what ``digest`` does."""
    try:
        return _text(value, 0).encode("utf-8")
    except UnicodeEncodeError:
        raise DigestError("text holds an unpaired surrogate") from None


def parse(text: str | bytes) -> Any:
    """Reads a JSON text strictly: no name twice, no number beyond a double, nothing that JSON does not have."""
    try:
        return json.loads(
            text if isinstance(text, str) else text.decode("utf-8"),
            object_pairs_hook=_members, parse_int=float, parse_constant=_refuse_constant)
    except DigestError:
        raise
    except (ValueError, RecursionError):
        raise DigestError("not a JSON text") from None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise DigestError("an object has a name twice")
    return members


def _refuse_constant(_: str) -> Any:
    raise DigestError("not a JSON number")


def _text(value: Any, depth: int) -> str:
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, (int, float)):
        return _number(value)
    if depth == _DEPTH_MAX:
        raise DigestError("more than 64 levels, or a value that has no JSON form")
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(_text(item, depth + 1) for item in value) + "]"
    if isinstance(value, dict):
        if not all(isinstance(name, str) for name in value):
            raise DigestError("an object has a name that is not a string")
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(_string(name) + ":" + _text(value[name], depth + 1) for name in names) + "}"
    raise DigestError(f"a {type(value).__name__} has no JSON form")


def _string(value: str) -> str:
    return '"' + _ESCAPED.sub(lambda match: _SHORT.get(match[0]) or f"\\u{ord(match[0]):04x}", value) + '"'


def _number(value: int | float) -> str:
    """Writes a number as ECMAScript does (Number::toString), which RFC 8785 section 3.2.2.3 asks for."""
    if isinstance(value, int):
        if abs(value) > _INTEGER_MAX:
            raise DigestError("an integer beyond 2**53 - 1 is not exact in JSON")
        return str(int(value))
    if not math.isfinite(value):
        raise DigestError("not a finite number")
    if value == 0:
        return "0"
    # Both Python and ECMAScript write the fewest digits that read back as the same double; only the form differs.
    mantissa, exponent = f"{abs(value)!r}e0".split("e")[:2]
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    if 0 < point <= 21:
        text = digits.ljust(point, "0") if len(digits) <= point else digits[:point] + "." + digits[point:]
    elif -6 < point <= 0:
        text = "0." + "0" * -point + digits
    else:
        text = digits[0] + ("." + digits[1:] if len(digits) > 1 else "") + f"e{point - 1:+d}"
    return ("-" if value < 0 else "") + text
