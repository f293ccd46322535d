"""Connects to a sidecar, and follows its epoch."""

from __future__ import annotations

import ipaddress
import os
import threading

import grpc

from .cache import DecisionCache
from .v1 import decision_service_pb2 as decisions
from .v1 import decision_service_pb2_grpc as decision_calls

ADDRESS_VARIABLE = "CLAWPDP_ADDRESS"
ADDRESS_DEFAULT = "127.0.0.1:7080"

_WAIT_MIN, _WAIT_MAX = 0.1, 2.0
# Nothing between the caller and its sidecar may repeat, redirect or reconfigure a call; a connection that is lost is tried anew soon.
_OPTIONS = (
    ("grpc.enable_retries", 0),
    ("grpc.enable_http_proxy", 0),
    ("grpc.service_config_disable_resolution", 1),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 5000),
    ("grpc.max_reconnect_backoff_ms", 2000),
    ("grpc.keepalive_time_ms", 10_000),
    ("grpc.keepalive_timeout_ms", 5_000),
    ("grpc.http2.max_pings_without_data", 0),
)


def target_of(address: str | None) -> str:
    """Gives the address, or what stands for it where there is none."""
    return address or os.environ.get(ADDRESS_VARIABLE) or ADDRESS_DEFAULT


def connect(address: str | None, tls: grpc.ChannelCredentials | None, cleartext: bool) -> grpc.Channel:
    """Makes a channel, which connects when it is first used. Raises ValueError for what is no address."""
    target = target_of(address)
    if not target.startswith("unix:"):
        host, _, port = target.rpartition(":")
        if not host or not port.isdecimal() or "/" in target:
            raise ValueError("an address is HOST:PORT or unix:/PATH")
        if not (tls or cleartext or _is_loopback(host)):
            raise ValueError("a sidecar that is not on this host needs TLS, or cleartext=True where the network is trusted")
    elif len(target) == len("unix:"):
        raise ValueError("an address is HOST:PORT or unix:/PATH")
    # A channel of its own: those of equal targets and options would share a connection.
    options = (*_OPTIONS, ("grpc.use_local_subchannel_pool", 1))
    return grpc.secure_channel(target, tls, options) if tls else grpc.insecure_channel(target, options)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class EpochWatch:
    """Follows the stream of epochs in a thread of its own, and tells the cache; while there is no stream it tells 0."""

    def __init__(self, channel: grpc.Channel, cache: DecisionCache) -> None:
        self._stub = decision_calls.DecisionServiceStub(channel)
        self._cache = cache
        self._call: grpc.Call | None = None
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begins to follow, unless it does already."""
        with self._lock:
            if self._thread is None and not self._closed.is_set():
                self._thread = threading.Thread(target=self._run, name="clawpdp-epoch", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Ends it; nothing is kept from then on."""
        self._closed.set()
        with self._lock:
            if self._call is not None:
                self._call.cancel()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _run(self) -> None:
        wait = _WAIT_MIN
        while not self._closed.is_set():
            try:
                for message in self._open():
                    self._cache.follow(message.epoch)
                    wait = _WAIT_MIN
            except Exception:  # Whatever broke the stream, what is kept is dropped, and the stream is opened anew.
                pass
            finally:
                self._cache.follow(0)
            self._closed.wait(wait)
            wait = min(wait * 2, _WAIT_MAX)

    def _open(self) -> grpc.Call:
        with self._lock:
            if self._closed.is_set():
                raise RuntimeError("closed")
            self._call = self._stub.WatchEpoch(decisions.WatchEpochRequest())
            return self._call
