"""Reads what came back. Only an OK answer that says ALLOW, and is whole, allows; everything else is a denial with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import grpc

from .v1 import decision_service_pb2 as decisions
from .v1 import reason_pb2 as reasons

STRUCTURAL = "structural"
REQUESTABLE = "requestable"
REISSUE = "reissue"
TRANSIENT = "transient"

_CLASSES = {1: STRUCTURAL, 2: REQUESTABLE, 3: REISSUE, 4: TRANSIENT}
_RETRY_AFTER_DEFAULT = 1.0
_SECONDS_MIN, _SECONDS_MAX = -62_135_596_800, 253_402_300_799
_TEXT_MAX = 512
_DECISION_ID_MAX = 64

_STATUS_REASONS = {
    "CANCELLED": ("CLIENT_CANCELLED", TRANSIENT),
    "DEADLINE_EXCEEDED": ("CLIENT_DEADLINE", TRANSIENT),
    "UNAVAILABLE": ("CLIENT_UNAVAILABLE", TRANSIENT),
    "RESOURCE_EXHAUSTED": ("CLIENT_LIMIT", STRUCTURAL),
    "INVALID_ARGUMENT": ("CLIENT_REQUEST_INVALID", STRUCTURAL),
}


@dataclass(frozen=True)
class Decision:
    """The answer to one question. It is true only if the action is allowed, and its default is a denial.

    ``reason`` is a code of docs/reason-codes.md, or one of the client's own, which begin with ``CLIENT_`` (docs/clients.md).
    ``reason_class`` says what can be done about a denial: ``structural``, ``requestable``, ``reissue`` or ``transient``; None
    for an allow. ``retry_after`` are seconds, of a transient denial only. ``status`` is the gRPC status where no answer came.
    ``cached``: the answer to an earlier, equal question, which is still good.
    """

    allowed: bool = False
    reason: str = "CLIENT_PROTOCOL"
    reason_class: str | None = STRUCTURAL
    message: str = ""
    decision_id: str = ""
    reason_number: int = 0
    retry_after: float | None = None
    cacheable_until: float | None = None
    decided_at: float | None = None
    epoch: int = 0
    policy_hash: str = ""
    token_scope_hash: str = ""
    statement_ids: tuple[str, ...] = ()
    obligations: tuple[reasons.Obligation, ...] = ()
    durable: bool = False
    status: str = "OK"
    cached: bool = False

    def __bool__(self) -> bool:
        return self.allowed


def denial(reason: str, reason_class: str, message: str, **fields: Any) -> Decision:
    """Makes a denial of the client's own."""
    if reason_class == TRANSIENT and fields.get("retry_after") is None:
        fields["retry_after"] = _RETRY_AFTER_DEFAULT
    return Decision(reason=reason, reason_class=reason_class, message=message, **fields)


def read_answer(answer: decisions.AuthorizeResponse, request_id: str, secret: str) -> Decision:
    """Reads an answer. What it does not know, or what contradicts itself, is a denial."""
    until, decided_at = _time(answer, "cacheable_until"), _time(answer, "decided_at")
    fields = {
        "decision_id": answer.decision_id[:_DECISION_ID_MAX], "reason_number": answer.reason_code, "epoch": answer.epoch,
        "policy_hash": answer.policy_hash_b64u, "token_scope_hash": answer.token_scope_hash_b64u, "statement_ids": tuple(answer.statement_ids),
        "obligations": tuple(answer.obligations), "durable": answer.log_mode == decisions.LOG_MODE_DURABLE,
    }
    if answer.request_id != request_id:
        return _contradiction("the answer is to another question")
    if answer.effect == reasons.EFFECT_DENY:
        if answer.reason_code == reasons.REASON_CODE_ALLOWED:
            return _contradiction("a denial whose reason is that it is allowed")
        reason, reason_class, retry_after = read_reason(answer)
        return Decision(
            reason=reason, reason_class=reason_class, message=plain(answer.message, secret), retry_after=retry_after,
            cacheable_until=until or None, decided_at=decided_at or None, **fields)
    if answer.effect != reasons.EFFECT_ALLOW:
        return _contradiction("the answer has no effect that is known")
    fault = _fault(answer, until, decided_at)
    if fault:
        return _contradiction(fault)
    if answer.obligations:
        return denial("CLIENT_OBLIGATION", STRUCTURAL, "allowed under an obligation that this client cannot fulfil", **fields)
    return Decision(allowed=True, reason="ALLOWED", reason_class=None, cacheable_until=until, decided_at=decided_at, **fields)


def read_reason(answer: Any) -> tuple[str, str, float | None]:
    """Gives reason, class and waiting time of a denial or refusal; the class of one that is not known is structural."""
    known = reasons.ReasonCode.DESCRIPTOR.values_by_number.get(answer.reason_code)
    reason = known.name[len("REASON_CODE_"):] if known else f"REASON_CODE_{answer.reason_code}"
    reason_class = _CLASSES.get(answer.reason_class, STRUCTURAL)
    if reason_class != TRANSIENT:
        return reason, reason_class, None
    wait = answer.retry_after.seconds + answer.retry_after.nanos / 1e9
    return reason, reason_class, wait if answer.HasField("retry_after") and wait >= 0 else _RETRY_AFTER_DEFAULT


def read_failure(error: grpc.RpcError, secret: str) -> Decision:
    """Reads a call that gave no answer."""
    status, details, trailers = "UNKNOWN", "", ()
    if isinstance(error, grpc.Call):
        status, details, trailers = error.code().name, error.details() or "", error.trailing_metadata() or ()
    reason, reason_class = _STATUS_REASONS.get(status, ("CLIENT_PROTOCOL", STRUCTURAL))
    pushback = next((value for key, value in trailers if key == "grpc-retry-pushback-ms"), "")
    retry_after = None
    if status == "RESOURCE_EXHAUSTED" and isinstance(pushback, str) and pushback.isdecimal() and len(pushback) < 10:
        reason, reason_class, retry_after = "CLIENT_OVERLOADED", TRANSIENT, int(pushback) / 1000
    return denial(reason, reason_class, plain(f"no answer: {status}: {details}", secret), status=status, retry_after=retry_after)


def plain(text: str, secret: str) -> str:
    """Gives a text of a peer, which could send back what it was sent, without the token and not too long."""
    return (text.replace(secret, "[token]") if secret else text)[:_TEXT_MAX]


def _contradiction(message: str) -> Decision:
    return denial("CLIENT_PROTOCOL", STRUCTURAL, message)


def _fault(answer: decisions.AuthorizeResponse, until: float | bool | None, decided_at: float | bool | None) -> str:
    if answer.reason_code != reasons.REASON_CODE_ALLOWED or answer.reason_class != reasons.REASON_CLASS_UNSPECIFIED:
        return "an allow with the reason of a denial"
    if not 0 < len(answer.decision_id) <= _DECISION_ID_MAX:
        return "an allow without a decision id"
    if answer.epoch == 0:
        return "an allow without an epoch"
    return "an allow with a time that is none" if until is False or decided_at is False else ""


def _time(answer: decisions.AuthorizeResponse, name: str) -> float | bool | None:
    """Gives seconds since 1970, None where there is no such field, and False where it holds no time."""
    if not answer.HasField(name):
        return None
    value = getattr(answer, name)
    if not (_SECONDS_MIN <= value.seconds <= _SECONDS_MAX and 0 <= value.nanos < 1_000_000_000):
        return False
    return value.seconds + value.nanos / 1e9
