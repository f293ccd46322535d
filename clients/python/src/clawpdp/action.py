"""What an agent is about to do, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Mapping, Sequence

from .digest import digest
from .v1 import decision_service_pb2 as decisions
from .v1 import receipt_service_pb2 as receipts

_STATUSES = {"success": 1, "error": 2, "timeout": 3, "denied": 4}
_EFFECTS = {"network_egress": 1, "filesystem_write": 2, "external_api_write": 3}
_MODEL_LATENCY_MAX = 3_600_000
_LATENCY_MAX = 2**32 - 1
_UNSET = object()


@dataclass(frozen=True)
class Action:
    """One thing to be asked about: a tool, a model or a host, or several of them, each of which must be allowed.

    The fields mean what those of ``clawpdp.v1.AuthorizeRequest`` mean. ``args`` are the arguments, of which only the digest
    is kept and sent; use ``args_hash`` where they are hashed already. ``run_id`` empty: the client's own run. ``effect``
    (``network_egress``, ``filesystem_write`` or ``external_api_write``) makes the receipt one of a side effect on
    ``target``, or on the host.

    Raises DigestError where ``args`` have no JSON form, and ValueError for an unknown ``effect``.
    """

    tool: str = ""
    model: str = ""
    host: str = ""
    provider: str = ""
    args: Any = field(default=_UNSET, repr=False, compare=False)
    args_hash: str = ""
    run_id: str = ""
    policy_hash: str = ""
    event_hash: str = ""
    context: Mapping[str, str] = field(default_factory=dict)
    approvals: Sequence[bytes] = ()
    audience: str = ""
    request_id: str = ""
    effect: str = ""
    target: str = ""

    def __post_init__(self) -> None:
        if self.effect and self.effect not in _EFFECTS:
            raise ValueError("effect is not one of " + ", ".join(_EFFECTS))
        if self.args is not _UNSET:
            object.__setattr__(self, "args_hash", digest(self.args))
            object.__setattr__(self, "args", _UNSET)

    def question(self, cst: str, run_id: str) -> decisions.AuthorizeRequest:
        """Gives the request to ask with; ``run_id`` is for an action that names none."""
        return decisions.AuthorizeRequest(
            cst=cst, tool=self.tool, model=self.model, host=self.host, provider=self.provider, policy_hash=self.policy_hash,
            run_id=self.run_id or run_id, event_hash_b64u=self.event_hash, args_hash_b64u=self.args_hash, context=dict(self.context),
            approvals=self.approvals, audience=self.audience, request_id=self.request_id)


@dataclass(frozen=True)
class Report:
    """What came of an action. ``result`` is hashed and not kept; ``result_hash`` is for what is hashed already.

    ``status`` is ``success``, ``error``, ``timeout`` or (of a side effect) ``denied``. ``latency_ms`` is cut to what a receipt
    holds. Raises DigestError where the result has no JSON form, and ValueError for an unknown status.
    """

    status: str = "success"
    result: Any = field(default=None, repr=False, compare=False)
    result_hash: str = ""
    latency_ms: int = 0
    tokens_input: int = 0
    tokens_output: int = 0
    bytes_written: int | None = None

    def __post_init__(self) -> None:
        if self.status not in _STATUSES:
            raise ValueError("status is not one of " + ", ".join(_STATUSES))
        if not self.result_hash:
            object.__setattr__(self, "result_hash", digest(self.result))
        object.__setattr__(self, "result", None)

    def request(self, action: Action, decision_id: str, cst: str, run_id: str, nonce: str) -> receipts.SignReceiptRequest:
        """Gives the request to sign with, of the kind that the action is of."""
        request = receipts.SignReceiptRequest(
            cst=cst, run_id=run_id, nonce=nonce, decision_id=decision_id, policy_hash=action.policy_hash,
            event_hash_b64u=action.event_hash, context=dict(action.context), audience=action.audience)
        asked = action.args_hash or digest(None)
        latency = max(0, min(self.latency_ms, _LATENCY_MAX))
        if action.effect or not (action.tool or action.model):
            request.side_effect.CopyFrom(receipts.SideEffect(
                effect_class=_EFFECTS[action.effect or "network_egress"], host=action.host, tool_name=action.tool, request_hash_b64u=asked,
                response_hash_b64u=self.result_hash, response_status=_STATUSES[self.status], latency_ms=latency, bytes_written=self.bytes_written))
            if action.target:
                request.side_effect.target_text = action.target
        elif action.tool:
            request.tool_call.CopyFrom(receipts.ToolCall(
                tool_name=action.tool, args_hash_b64u=asked, result_hash_b64u=self.result_hash,
                result_status=_STATUSES[self.status], latency_ms=latency))
        else:
            request.model_call.CopyFrom(receipts.ModelCall(
                provider=action.provider, model=action.model, request_hash_b64u=asked, response_hash_b64u=self.result_hash,
                tokens_input=self.tokens_input, tokens_output=self.tokens_output, latency_ms=min(latency, _MODEL_LATENCY_MAX)))
        return request
