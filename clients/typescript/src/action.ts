// What an agent is about to do, and what came of it.
import type { MessageInitShape } from "@bufbuild/protobuf";
import { digest } from "./digest.js";
import type { AuthorizeRequestSchema } from "./gen/clawpdp/v1/decision_service_pb.js";
import { EffectClass, ResultStatus, type SignReceiptRequestSchema } from "./gen/clawpdp/v1/receipt_service_pb.js";

/**
 * One thing to be asked about: a tool, a model or a host, or several of them, each of which must be allowed. The fields mean
 * what those of `clawpdp.v1.AuthorizeRequest` mean.
 */
export interface Action {
  readonly tool?: string;
  readonly model?: string;
  readonly host?: string;
  readonly provider?: string;
  /** The arguments, of which only the digest is sent. */
  readonly args?: unknown;
  /** The digest of the arguments, where they are hashed already; `args` then does not count. */
  readonly argsHash?: string;
  /** The run; absent: the client's own. */
  readonly runId?: string;
  readonly policyHash?: string;
  readonly eventHash?: string;
  readonly context?: Readonly<Record<string, string>>;
  readonly approvals?: readonly Uint8Array[];
  readonly audience?: string;
  readonly requestId?: string;
  /** Makes the receipt one of a side effect on `target`, or on the host. */
  readonly effect?: keyof typeof EFFECTS;
  readonly target?: string;
}

/** What came of an action, for its receipt. */
export interface Report {
  /** Absent: `success`. `denied` is for side effects only. */
  readonly status?: keyof typeof STATUSES;
  /** The result, of which only the digest is sent; absent: `null`. */
  readonly result?: unknown;
  /** The digest of the result, where it is hashed already; `result` then does not count. */
  readonly resultHash?: string;
  /** How long it took; cut to what a receipt holds. */
  readonly latencyMs?: number;
  readonly tokensInput?: number;
  readonly tokensOutput?: number;
  readonly bytesWritten?: number;
}

const EFFECTS = {
  network_egress: EffectClass.NETWORK_EGRESS,
  filesystem_write: EffectClass.FILESYSTEM_WRITE,
  external_api_write: EffectClass.EXTERNAL_API_WRITE,
};
const STATUSES = { success: ResultStatus.SUCCESS, error: ResultStatus.ERROR, timeout: ResultStatus.TIMEOUT, denied: ResultStatus.DENIED };
const LATENCY_MS_MAX = 2 ** 32 - 1;
const MODEL_LATENCY_MS_MAX = 3_600_000;

/** Gives the digest of an action's arguments; empty where none are stated. */
export const argsHash = (action: Action): string => action.argsHash ?? (action.args === undefined ? "" : digest(action.args));

/** Gives the request to ask with. @throws TypeError for text that cannot be sent as it is. */
export function question(action: Action, cst: string, runId: string): MessageInitShape<typeof AuthorizeRequestSchema> {
  // Sorted, so that the same question always has the same bytes.
  const context = Object.fromEntries(Object.entries(action.context ?? {}).sort(([left], [right]) => (left < right ? -1 : 1)));
  // Text that is no Unicode would be sent as other text, and another question be answered.
  if (/\p{Surrogate}/u.test(Object.values({ ...action, ...context, args: "" }).filter((value) => typeof value === "string").join("\n"))) {
    throw new TypeError("text holds an unpaired surrogate");
  }
  return {
    cst, tool: action.tool ?? "", model: action.model ?? "", host: action.host ?? "", provider: action.provider ?? "", policyHash: action.policyHash ?? "",
    runId: action.runId || runId, eventHashB64u: action.eventHash ?? "", argsHashB64u: argsHash(action), context,
    approvals: [...(action.approvals ?? [])], audience: action.audience ?? "", requestId: action.requestId ?? "",
  };
}

/** Gives the request to sign with, of the kind that the action is of. */
export function receiptRequest(
  action: Action, decisionId: string, report: Report, cst: string, runId: string, nonce: string,
): MessageInitShape<typeof SignReceiptRequestSchema> {
  return {
    cst, runId, nonce, decisionId, policyHash: action.policyHash ?? "", eventHashB64u: action.eventHash ?? "",
    context: { ...action.context }, audience: action.audience ?? "", receipt: receiptKind(action, report),
  };
}

function receiptKind(action: Action, report: Report): NonNullable<MessageInitShape<typeof SignReceiptRequestSchema>["receipt"]> {
  const asked = argsHash(action) || digest(null);
  const answered = report.resultHash ?? digest(report.result ?? null);
  const status = STATUSES[report.status ?? "success"];
  const latencyMs = Math.trunc(Math.max(0, Math.min(report.latencyMs ?? 0, LATENCY_MS_MAX)));
  if (action.effect || !(action.tool || action.model)) {
    return { case: "sideEffect", value: {
      effectClass: EFFECTS[action.effect ?? "network_egress"], host: action.host ?? "", toolName: action.tool ?? "", requestHashB64u: asked, responseHashB64u: answered,
      responseStatus: status, latencyMs, ...(action.target ? { target: { case: "targetText", value: action.target } } : {}),
      ...(report.bytesWritten === undefined ? {} : { bytesWritten: BigInt(report.bytesWritten) }),
    } };
  }
  if (action.tool) {
    return { case: "toolCall", value: { toolName: action.tool, argsHashB64u: asked, resultHashB64u: answered, resultStatus: status, latencyMs } };
  }
  return { case: "modelCall", value: {
    provider: action.provider ?? "", model: action.model ?? "", requestHashB64u: asked, responseHashB64u: answered,
    tokensInput: report.tokensInput ?? 0, tokensOutput: report.tokensOutput ?? 0, latencyMs: Math.min(latencyMs, MODEL_LATENCY_MS_MAX),
  } };
}
