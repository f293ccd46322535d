"""Guards: ask first, act only if allowed, sign after, whether the action succeeded or not."""

from __future__ import annotations

import asyncio
import functools
import inspect
import time
from typing import TYPE_CHECKING, Any, Callable

from .action import Action, Report
from .decision import STRUCTURAL, Decision, denial
from .digest import DigestError
from .errors import AuthorizationDenied, ReceiptNotSigned
from .v1 import receipt_service_pb2 as receipts

if TYPE_CHECKING:
    from .client import Client


class Acting:
    """An action under way, as ``Client.acting`` gives it. Its body sets ``result``, and what else the receipt shall state.

    On entry AuthorizationDenied is raised unless the action is allowed. On exit the receipt is signed, with the status
    ``error`` (or ``timeout``) where the body raised; then the body's exception goes on. Where no receipt is signed,
    ReceiptNotSigned is raised, and the body's exception is its cause.
    """

    def __init__(self, client: Client, action: Action, hashed: Callable[[Any], Any] | None = None) -> None:
        self._client, self.action = client, action
        self._hashed = hashed or (lambda value: value)
        self.decision: Decision = Decision()
        self.receipt: receipts.SignedReceipt | None = None
        self.result: Any = None
        self.result_hash = ""
        self.status = ""
        self.tokens_input = self.tokens_output = 0
        self.bytes_written: int | None = None
        self._started = 0.0

    def __enter__(self) -> Acting:
        self._begin(self._client.authorize(self.action))
        return self

    def __exit__(self, _: Any, error: BaseException | None, __: Any) -> None:
        latency = self._latency()
        self._end(error, latency)

    async def __aenter__(self) -> Acting:
        self._begin(await self._client.authorize_async(self.action))
        return self

    async def __aexit__(self, _: Any, error: BaseException | None, __: Any) -> None:
        latency = self._latency()
        # A task that is cancelled while it signs goes on signing in the thread, but can no longer tell.
        await asyncio.to_thread(self._end, error, latency)

    def _begin(self, decision: Decision) -> None:
        self.decision = decision
        if not decision.allowed:
            raise AuthorizationDenied(decision)
        self._started = time.monotonic()

    def _latency(self) -> int:
        return int((time.monotonic() - self._started) * 1000)

    def _end(self, error: BaseException | None, latency: int) -> None:
        late = isinstance(error, (TimeoutError, asyncio.TimeoutError))
        status = self.status or ("success" if error is None else "timeout" if late else "error")
        try:
            report = Report(
                status=status, result=self._hashed(self.result) if error is None else self.result, result_hash=self.result_hash, latency_ms=latency,
                tokens_input=self.tokens_input, tokens_output=self.tokens_output, bytes_written=self.bytes_written)
            self.receipt = self._client.sign_receipt(self.action, self.decision, report)
        except ReceiptNotSigned as failure:
            failure.result = self.result
            raise failure from error
        except Exception as fault:
            words = f"the report cannot be made: {fault if isinstance(fault, DigestError) else type(fault).__name__}"
            failure = ReceiptNotSigned(denial("CLIENT_REPORT", STRUCTURAL, words), self.action, self.decision, None, "")
            failure.result = self.result
            raise failure from (error or fault)


def guard(
    client: Client, *, args: Callable[..., Any] | None = None, result: Callable[[Any], Any] | None = None, **fields: Any,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Makes a decorator. ``fields`` are those of Action; one that is a function gets the call's arguments and gives the value.

    ``args`` gets the call's arguments and gives what is hashed; without it, all arguments by name, except ``self`` and
    ``cls``. ``result`` gets what the function gives and gives what is hashed; without it, that itself. Before the function is
    called, DigestError is raised where the arguments have no JSON form, and AuthorizationDenied unless it is allowed.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
            raise TypeError("a generator acts after it has returned; use Client.acting inside it")
        signature = inspect.signature(function)

        def action(*values: Any, **named: Any) -> Action:
            made = {name: value(*values, **named) if callable(value) else value for name, value in fields.items()}
            return Action(args=args(*values, **named) if args else _named(signature, values, named), **made)

        if inspect.iscoroutinefunction(function):
            @functools.wraps(function)
            async def guarded_async(*values: Any, **named: Any) -> Any:
                async with Acting(client, action(*values, **named), result) as acting:
                    acting.result = await function(*values, **named)
                return acting.result
            return guarded_async

        @functools.wraps(function)
        def guarded(*values: Any, **named: Any) -> Any:
            with Acting(client, action(*values, **named), result) as acting:
                acting.result = function(*values, **named)
            return acting.result
        return guarded

    return decorate


def _named(signature: inspect.Signature, values: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any]:
    bound = signature.bind(*values, **named)
    bound.apply_defaults()
    return {name: value for name, value in bound.arguments.items() if name not in ("self", "cls")}
