"""The client: ask before, sign after. Whatever goes wrong while asking is a denial."""

from __future__ import annotations

import asyncio
import hashlib
import time
import uuid
from typing import Any, Callable

import grpc

from .action import Action, Report
from .cache import DecisionCache
from .channel import EpochWatch, connect, target_of
from .decision import REISSUE, STRUCTURAL, TRANSIENT, Decision, denial, plain, read_answer, read_failure, read_reason
from .errors import AuthorizationDenied, ReceiptNotSigned
from .guard import Acting, guard
from .holder import HolderKey, ProofError
from .proving import prove
from .v1 import decision_service_pb2_grpc as decision_calls
from .v1 import receipt_service_pb2 as receipts
from .v1 import receipt_service_pb2_grpc as receipt_calls

_ATTEMPTS_MAX = 3
_WAIT_FIRST = 0.05
_WAIT_MAX = 1.0


class Client:
    """Asks one sidecar for one agent. Safe for use by several threads; close it, or use it in ``with``.

    ``address`` is ``HOST:PORT`` or ``unix:/PATH``; None: the variable CLAWPDP_ADDRESS, or 127.0.0.1:7080. ``token`` is the
    agent's CST, or a function that gives the one of the moment. ``run_id`` is the run of all actions that name none; None: a
    new one. ``timeout`` and ``durable_timeout`` are seconds for a question and for each try to sign. ``cache`` is how many
    answers are kept at most; 0, the default: none. ``tls`` are gRPC channel credentials; without them a sidecar on another
    host needs ``cleartext=True``. ``holder_key`` is the private key that the token is bound to, a HolderKey or what makes one:
    then each call that carries a token carries a proof of the key.
    """

    def __init__(
        self, address: str | None = None, token: str | Callable[[], str] = "", *, run_id: str | None = None, timeout: float = 1.0,
        durable_timeout: float = 5.0, cache: int = 0, tls: grpc.ChannelCredentials | None = None, cleartext: bool = False,
        holder_key: Any = None,
    ) -> None:
        self.run_id = run_id or f"run-{uuid.uuid4()}"
        self._token, self._timeout, self._durable_timeout = token, timeout, durable_timeout
        self._cache = DecisionCache(cache) if cache else None
        key = holder_key if holder_key is None or isinstance(holder_key, HolderKey) else HolderKey(holder_key)
        channel = connect(address, tls, cleartext)
        self.channel = channel if key is None else prove(channel, target_of(address), tls is not None, key, self._secret)
        self._decisions = decision_calls.DecisionServiceStub(self.channel)
        self._receipts = receipt_calls.ReceiptServiceStub(self.channel)
        self._watch = EpochWatch(self.channel, self._cache) if self._cache is not None else None

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends every connection. Questions from then on are denied."""
        if self._watch is not None:
            self._watch.close()
        self.channel.close()

    def authorize(self, action: Action) -> Decision:
        """Asks whether an action may be done. Never raises for what the sidecar or the network does: that is a denial."""
        secret = ""
        try:
            try:
                secret = self._secret()
            except Exception:  # Its text could hold the token.
                return denial("CLIENT_TOKEN", REISSUE, "there is no token to ask with")
            return self._ask(action, secret)
        except grpc.RpcError as error:
            return read_failure(error, secret)
        except ProofError as error:
            return denial("CLIENT_PROOF", STRUCTURAL, str(error))
        except ValueError as error:
            closed = "closed channel" in str(error)
            return denial("CLIENT_UNAVAILABLE", TRANSIENT, "the client is closed") if closed else denial("CLIENT_REQUEST_INVALID", STRUCTURAL, "the question cannot be encoded")
        except Exception as error:
            return denial("CLIENT_PROTOCOL", STRUCTURAL, f"the question or its answer cannot be read: {type(error).__name__}")

    async def authorize_async(self, action: Action) -> Decision:
        """Asks as ``authorize`` does, without blocking the event loop."""
        return await asyncio.to_thread(self.authorize, action)

    def require(self, action: Action) -> Decision:
        """Asks, and raises AuthorizationDenied unless the action is allowed."""
        decision = self.authorize(action)
        if not decision.allowed:
            raise AuthorizationDenied(decision)
        return decision

    def sign_receipt(self, action: Action, decision: Decision, report: Report, *, nonce: str = "") -> receipts.SignedReceipt:
        """Signs what was done. The receipt is on disk when this returns; otherwise it raises ReceiptNotSigned.

        A try that may succeed later is repeated, three in all, with the same ``nonce``, which makes it one receipt.
        """
        nonce = nonce or str(uuid.uuid4())
        wait, attempt = _WAIT_FIRST, 1
        while isinstance(outcome := self._sign(action, decision, report, nonce), Decision):
            if outcome.reason_class != TRANSIENT or attempt == _ATTEMPTS_MAX:
                raise ReceiptNotSigned(outcome, action, decision, report, nonce)
            # Where the sidecar says when to come again, that counts; a call that failed says nothing.
            told = outcome.status in ("OK", "RESOURCE_EXHAUSTED") and outcome.retry_after is not None
            time.sleep(min(outcome.retry_after if told else wait, _WAIT_MAX))
            wait, attempt = wait * 2, attempt + 1
        return outcome

    def acting(self, action: Action) -> Acting:
        """Gives a context that asks on entry and signs on exit; with ``async with`` it does not block the event loop."""
        return Acting(self, action)

    def guard(self, **fields: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Makes a decorator for functions, coroutine functions included, that are done only if allowed; see ``guard.guard``."""
        return guard(self, **fields)

    def _secret(self) -> str:
        return self._token() if callable(self._token) else self._token

    def _ask(self, action: Action, secret: str) -> Decision:
        question = action.question(secret, self.run_id)
        if self._cache is None or self._watch is None:
            return self._call(question, secret)
        self._watch.start()
        key = hashlib.sha256(question.SerializeToString(deterministic=True)).digest()
        sent = time.monotonic()
        kept = self._cache.find(key, time.time(), sent)
        if kept is not None:
            return kept
        decision = self._call(question, secret)
        # An approval counts once, whatever the answer says.
        if not action.approvals:
            self._cache.keep(key, decision, time.time(), sent)
        return decision

    def _call(self, question: Any, secret: str) -> Decision:
        end = time.monotonic() + self._timeout
        wait, earlier = _WAIT_FIRST, None
        for attempt in range(_ATTEMPTS_MAX):
            try:
                answer = self._decisions.Authorize(question, timeout=max(end - time.monotonic(), 0.0))
                return read_answer(answer, question.request_id, secret)
            except grpc.RpcError as error:
                failure = read_failure(error, secret)
            # Only what reached nobody is tried again, and only while there is time; the first failure says more than a lack of time after it.
            if failure.status == "DEADLINE_EXCEEDED" and earlier is not None:
                return earlier
            if failure.status != "UNAVAILABLE" or attempt + 1 == _ATTEMPTS_MAX or end - time.monotonic() <= wait:
                return failure
            earlier = failure
            time.sleep(wait)
            wait *= 2
        return failure

    def _sign(self, action: Action, decision: Decision, report: Report, nonce: str) -> receipts.SignedReceipt | Decision:
        secret = ""
        run_id = action.run_id or self.run_id
        try:
            try:
                secret = self._secret()
            except Exception:  # Its text could hold the token.
                return denial("CLIENT_TOKEN", REISSUE, "there is no token to sign with")
            answer = self._receipts.SignReceipt(report.request(action, decision.decision_id, secret, run_id, nonce), timeout=self._durable_timeout)
        except grpc.RpcError as error:
            return read_failure(error, secret)
        except ProofError as error:
            return denial("CLIENT_PROOF", STRUCTURAL, str(error))
        except Exception:
            return denial("CLIENT_REQUEST_INVALID", STRUCTURAL, "the receipt cannot be asked for: a closed client, or a value out of range")
        if answer.WhichOneof("outcome") == "refusal":
            reason, reason_class, retry_after = read_reason(answer.refusal)
            field = f" ({answer.refusal.field})" if answer.refusal.field else ""
            return Decision(reason=reason, reason_class=reason_class, message=plain(answer.refusal.message + field, secret), retry_after=retry_after)
        signed = answer.receipt
        named = (signed.run_id, signed.nonce, signed.decision_id) == (run_id, nonce, decision.decision_id)
        if not (named and signed.receipt_id and signed.envelope_json):
            return denial("CLIENT_PROTOCOL", STRUCTURAL, "the answer is no receipt for what was asked")
        return signed
