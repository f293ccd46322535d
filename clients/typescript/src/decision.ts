// Reads what came back. Only an OK answer that says ALLOW, and is whole, allows; everything else is a denial with a reason.
import type { Duration, Timestamp } from "@bufbuild/protobuf/wkt";
import { type ServiceError, status as Status } from "@grpc/grpc-js";
import { type AuthorizeResponse, LogMode } from "./gen/clawpdp/v1/decision_service_pb.js";
import { Effect, type Obligation, ReasonClass as WireClass, ReasonCode } from "./gen/clawpdp/v1/reason_pb.js";

/** What can be done about a denial: nothing, ask a human, get a new token, or ask again later. */
export type ReasonClass = "structural" | "requestable" | "reissue" | "transient";

/** The answer to one question. */
export interface Decision {
  /** Whether the action may be done. Nothing but `true` lets it. */
  readonly allowed: boolean;
  /** A code of docs/reason-codes.md, or one of the client's own, which begin with `CLIENT_` (docs/clients.md). */
  readonly reason: string;
  /** The class of a denial; null for an allow. */
  readonly reasonClass: ReasonClass | null;
  /** The reason in words, for people only: at most 512 characters, never a token. */
  readonly message: string;
  /** Id of the decision, for its receipt; empty where there is none. */
  readonly decisionId: string;
  /** The number of the reason as the sidecar gave it; 0 where it gave none. */
  readonly reasonNumber: number;
  /** How long to wait before asking again, in milliseconds; null unless the class is transient. */
  readonly retryAfterMs: number | null;
  /** Until when the answer may be used again, in milliseconds since 1970; null: not at all. */
  readonly cacheableUntil: number | null;
  /** When it was decided, by the sidecar's clock, in milliseconds since 1970; null where it does not say. */
  readonly decidedAt: number | null;
  /** The state that the answer rests on; compare for equality alone. */
  readonly epoch: bigint;
  readonly policyHash: string;
  readonly tokenScopeHash: string;
  readonly statementIds: readonly string[];
  /** What would get another answer, such as an approval. */
  readonly obligations: readonly Obligation[];
  /** Whether the decision's record was on disk when the answer left. */
  readonly durable: boolean;
  /** The name of the gRPC status; anything but `OK` means that no answer came. */
  readonly status: string;
  /** Whether it is the answer to an earlier, equal question, which is still good. */
  readonly cached: boolean;
}

const RETRY_AFTER_MS_DEFAULT = 1000;
const TEXT_MAX = 512;
const DECISION_ID_MAX = 64;
const SECONDS_MIN = -62_135_596_800n;
const SECONDS_MAX = 253_402_300_799n;

const CLASSES: Partial<Record<number, ReasonClass>> = {
  [WireClass.STRUCTURAL]: "structural",
  [WireClass.REQUESTABLE]: "requestable",
  [WireClass.REISSUE]: "reissue",
  [WireClass.TRANSIENT]: "transient",
};
const STATUS_REASONS: Record<string, [string, ReasonClass]> = {
  CANCELLED: ["CLIENT_CANCELLED", "transient"],
  DEADLINE_EXCEEDED: ["CLIENT_DEADLINE", "transient"],
  UNAVAILABLE: ["CLIENT_UNAVAILABLE", "transient"],
  RESOURCE_EXHAUSTED: ["CLIENT_LIMIT", "structural"],
  INVALID_ARGUMENT: ["CLIENT_REQUEST_INVALID", "structural"],
};

/** Makes a denial of the client's own. */
export function denial(reason: string, reasonClass: ReasonClass, message: string, fields: Partial<Decision> = {}): Decision {
  return {
    allowed: false, reason, reasonClass, message, decisionId: "", reasonNumber: 0, cacheableUntil: null, decidedAt: null, epoch: 0n, policyHash: "", tokenScopeHash: "",
    statementIds: [], obligations: [], durable: false, status: "OK", cached: false, ...fields,
    retryAfterMs: reasonClass === "transient" ? (fields.retryAfterMs ?? RETRY_AFTER_MS_DEFAULT) : null,
  };
}

/** Reads an answer. What it does not know, or what contradicts itself, is a denial. */
export function readAnswer(answer: AuthorizeResponse, requestId: string, secret: string): Decision {
  const [until, decidedAt] = [time(answer.cacheableUntil), time(answer.decidedAt)];
  const fields = {
    decisionId: answer.decisionId.slice(0, DECISION_ID_MAX), reasonNumber: answer.reasonCode, epoch: answer.epoch, policyHash: answer.policyHashB64u,
    tokenScopeHash: answer.tokenScopeHashB64u, statementIds: answer.statementIds, obligations: answer.obligations, durable: answer.logMode === LogMode.DURABLE,
  };
  if (answer.requestId !== requestId) return contradiction("the answer is to another question");
  if (answer.effect === Effect.DENY) {
    if (answer.reasonCode === ReasonCode.ALLOWED) return contradiction("a denial whose reason is that it is allowed");
    const { reason, reasonClass, retryAfterMs } = readReason(answer);
    return denial(reason, reasonClass, plain(answer.message, secret), { ...fields, retryAfterMs, cacheableUntil: until || null, decidedAt: decidedAt || null });
  }
  if (answer.effect !== Effect.ALLOW) return contradiction("the answer has no effect that is known");
  if (answer.reasonCode !== ReasonCode.ALLOWED || answer.reasonClass !== WireClass.UNSPECIFIED) return contradiction("an allow with the reason of a denial");
  if (answer.decisionId.length === 0 || answer.decisionId.length > DECISION_ID_MAX) return contradiction("an allow without a decision id");
  if (answer.epoch === 0n) return contradiction("an allow without an epoch");
  if (until === false || decidedAt === false) return contradiction("an allow with a time that is none");
  if (answer.obligations.length > 0) return denial("CLIENT_OBLIGATION", "structural", "allowed under an obligation that this client cannot fulfil", fields);
  return { ...fields, allowed: true, reason: "ALLOWED", reasonClass: null, message: "", retryAfterMs: null, cacheableUntil: until, decidedAt, status: "OK", cached: false };
}

/** Gives reason, class and waiting time of a denial or refusal; the class of one that is not known is structural. */
export function readReason(answer: { reasonCode: number; reasonClass: number; retryAfter?: Duration | undefined }) {
  const reasonClass = CLASSES[answer.reasonClass] ?? "structural";
  const wait = answer.retryAfter ? Number(answer.retryAfter.seconds) * 1000 + answer.retryAfter.nanos / 1e6 : -1;
  const retryAfterMs = reasonClass !== "transient" ? null : wait >= 0 ? wait : RETRY_AFTER_MS_DEFAULT;
  return { reason: ReasonCode[answer.reasonCode] ?? `REASON_CODE_${answer.reasonCode}`, reasonClass, retryAfterMs };
}

/** Reads a call that gave no answer. */
export function readFailure(error: ServiceError, secret: string): Decision {
  const status = Status[error.code] ?? "UNKNOWN";
  const [reason, reasonClass] = STATUS_REASONS[status] ?? ["CLIENT_PROTOCOL", "structural"];
  const message = plain(`no answer: ${status}: ${error.details ?? ""}`, secret);
  const pushback = String(error.metadata?.get("grpc-retry-pushback-ms")[0] ?? "");
  return status === "RESOURCE_EXHAUSTED" && /^[0-9]{1,9}$/.test(pushback)
    ? denial("CLIENT_OVERLOADED", "transient", message, { status, retryAfterMs: Number(pushback) })
    : denial(reason, reasonClass, message, { status });
}

/** Gives a text of a peer, which could send back what it was sent, without the token and not too long. */
export function plain(text: string, secret: string): string {
  return (secret === "" ? text : text.replaceAll(secret, "[token]")).slice(0, TEXT_MAX);
}

const contradiction = (message: string) => denial("CLIENT_PROTOCOL", "structural", message);

/** Gives milliseconds since 1970, null where there is no such field, and false where it holds no time. */
function time(value: Timestamp | undefined): number | null | false {
  if (!value) return null;
  const good = value.seconds >= SECONDS_MIN && value.seconds <= SECONDS_MAX && value.nanos >= 0 && value.nanos < 1_000_000_000;
  return good ? Number(value.seconds) * 1000 + value.nanos / 1e6 : false;
}
