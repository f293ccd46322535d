/**
 * Client of the ClawPdp policy-decision sidecar: ask before an agent acts, sign a receipt after. Every failure is a denial:
 * only an OK answer that says ALLOW, and is whole, allows.
 */
export type { Action, Report } from "./action.js";
export { DecisionCache } from "./cache.js";
export { type Acting, Client, type ClientOptions } from "./client.js";
export type { Decision, ReasonClass } from "./decision.js";
export { canonical, digest, DigestError, digestJson, parse } from "./digest.js";
export { AuthorizationDenied, ReceiptNotSigned } from "./errors.js";
export { HolderKey, type ProofClaims, ProofError, type Signer } from "./holder.js";
export type { SignedReceipt } from "./gen/clawpdp/v1/receipt_service_pb.js";
