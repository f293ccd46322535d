"""What the client raises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .decision import Decision

if TYPE_CHECKING:
    from .action import Action, Report


class AuthorizationDenied(PermissionError):
    """An action that may not be done; ``decision`` says why."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(f"denied: {decision.reason} ({decision.reason_class}): {decision.message}")
        self.decision = decision


class ReceiptNotSigned(Exception):
    """No receipt is known to be signed, though the action was done. ``result`` is what it gave; its own failure is the cause.

    With a transient ``reason_class`` the same again, ``client.sign_receipt(e.action, e.decision, e.report, nonce=e.nonce)``,
    finds out what became of it and never makes a second receipt. ``report`` is None where the report could not be made.
    """

    def __init__(self, failure: Decision, action: Action, decision: Decision, report: Report | None, nonce: str) -> None:
        super().__init__(f"receipt not signed: {failure.reason} ({failure.reason_class}): {failure.message}")
        self.reason, self.reason_class, self.message = failure.reason, failure.reason_class, failure.message
        self.action, self.decision, self.report, self.nonce = action, decision, report, nonce
        self.result: Any = None
