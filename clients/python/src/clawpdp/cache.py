"""Keeps answers for as long as the sidecar lets it, and no longer than the stream of epochs is open."""

from __future__ import annotations

import threading
from dataclasses import replace

from .decision import Decision

CAPACITY_DEFAULT = 1024


class DecisionCache:
    """A bounded store of answers that the sidecar marked as good for a while, allows and denials alike.

    It holds answers of one epoch only, the one that the stream told last, and none while no stream is open. An answer ends
    at ``cacheable_until`` by the clock, and also as long after its question as the sidecar said, by a clock that is never
    set: so neither a clock that is wrong nor one that is set back prolongs it.
    """

    def __init__(self, capacity: int = CAPACITY_DEFAULT) -> None:
        if capacity < 1:
            raise ValueError("a cache holds at least one answer")
        self._capacity = capacity
        self._epoch = 0
        self._entries: dict[bytes, tuple[Decision, float]] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def follow(self, epoch: int) -> None:
        """Takes the epoch that the stream tells; everything kept is dropped. 0: the stream is not open."""
        with self._lock:
            self._epoch = epoch
            self._entries.clear()

    def find(self, key: bytes, now: float, steady: float) -> Decision | None:
        """Gives the answer that is kept for a question and still good, by the clock (seconds since 1970) and a steady clock."""
        with self._lock:
            decision, end = self._entries.get(key, (None, 0.0))
            if decision is None:
                return None
            if now < (decision.cacheable_until or 0.0) and steady < end:
                return replace(decision, cached=True)
            del self._entries[key]
            return None

    def keep(self, key: bytes, decision: Decision, now: float, steady: float) -> bool:
        """Keeps an answer, if it may be kept. ``steady`` is when the question was sent. Says whether it is kept."""
        until, decided_at = decision.cacheable_until, decision.decided_at
        if not until or not decided_at or until <= max(decided_at, now) or decision.status != "OK":
            return False
        with self._lock:
            if self._epoch == 0 or decision.epoch != self._epoch:
                return False
            if len(self._entries) >= self._capacity and key not in self._entries:
                del self._entries[next(iter(self._entries))]
            self._entries[key] = (decision, steady + (until - decided_at))
            return True
