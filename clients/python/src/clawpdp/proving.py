"""Adds proofs of a holder's key to the calls of a channel, in the metadata ``dpop``."""

from __future__ import annotations

from typing import Any, Callable, NamedTuple

import grpc

from .holder import HolderKey, ProofError, tokens_of


class _Details(NamedTuple):
    method: str
    timeout: float | None
    metadata: Any
    credentials: Any
    wait_for_ready: Any
    compression: Any


# What grpc tells interceptors apart by is the class.
class _Prover(grpc.UnaryUnaryClientInterceptor, grpc.StreamStreamClientInterceptor):
    def __init__(self, key: HolderKey, sidecar: str, token: Callable[[], str]) -> None:
        self._key, self._sidecar, self._token = key, sidecar, token

    def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
        return continuation(self._prove(details, tokens_of(request)), request)

    def intercept_stream_stream(self, continuation: Any, details: Any, requests: Any) -> Any:
        # What will be asked on the stream is not known yet: it is opened for the client's own token.
        try:
            token = self._token()
        except Exception:  # Its text could hold the token.
            raise ProofError("there is no token to open the stream with") from None
        return continuation(self._prove(details, (token,) if token else ()), requests)

    def _prove(self, details: Any, tokens: Any) -> _Details:
        method = details.method.decode() if isinstance(details.method, bytes) else details.method
        # A proof is good for one call: a try that is repeated comes here again.
        proofs = [("dpop", self._key.proof(self._sidecar + method, token)) for token in tokens]
        return _Details(
            details.method, details.timeout, [*(details.metadata or ()), *proofs], details.credentials,
            getattr(details, "wait_for_ready", None), getattr(details, "compression", None))


def prove(channel: grpc.Channel, target: str, is_secure: bool, key: HolderKey, token: Callable[[], str]) -> grpc.Channel:
    """Gives the channel with proofs on every call that carries a token, and on streams for the one that ``token`` gives."""
    # grpc names a Unix socket so.
    authority = "localhost" if target.startswith("unix:") else target
    return grpc.intercept_channel(channel, _Prover(key, f"{'https' if is_secure else 'http'}://{authority}", token))
