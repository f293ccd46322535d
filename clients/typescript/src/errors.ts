import type { Action, Report } from "./action.js";
import type { Decision, ReasonClass } from "./decision.js";

/** An action that may not be done; `decision` says why. */
export class AuthorizationDenied extends Error {
  override readonly name = "AuthorizationDenied";

  constructor(readonly decision: Decision) {
    super(`denied: ${decision.reason} (${decision.reasonClass}): ${decision.message}`);
  }
}

/**
 * No receipt is known to be signed, though the action was done. `result` is what it gave; its own failure is the `cause`.
 *
 * With the class `transient` the same again, `client.signReceipt(e.action, e.decision, e.report, e.nonce)`, finds out what
 * became of it and never makes a second receipt.
 */
export class ReceiptNotSigned extends Error {
  override readonly name = "ReceiptNotSigned";
  readonly reason: string;
  readonly reasonClass: ReasonClass | null;
  /** What the action gave; undefined where it failed, or was not done in a guard. */
  result: unknown;

  constructor(failure: Decision, readonly action: Action, readonly decision: Decision, readonly report: Report, readonly nonce: string) {
    super(`receipt not signed: ${failure.reason} (${failure.reasonClass}): ${failure.message}`);
    this.reason = failure.reason;
    this.reasonClass = failure.reasonClass;
  }
}
