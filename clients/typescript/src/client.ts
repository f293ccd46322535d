// The client: ask before, sign after. Whatever goes wrong while asking is a denial.
import { create, type MessageInitShape, type MessageShape, toBinary } from "@bufbuild/protobuf";
import type { DescMessage, DescMethodBiDiStreaming, DescMethodUnary } from "@bufbuild/protobuf";
import { type ChannelCredentials, type ClientDuplexStream, type ServiceError, status as Status } from "@grpc/grpc-js";
import { createHash, type JsonWebKey, type KeyObject, randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { type Action, question, receiptRequest, type Report } from "./action.js";
import { DecisionCache } from "./cache.js";
import { Channel, EpochWatch } from "./channel.js";
import { type Decision, denial, plain, readAnswer, readFailure, readReason } from "./decision.js";
import { DigestError } from "./digest.js";
import { AuthorizationDenied, ReceiptNotSigned } from "./errors.js";
import { type AuthorizeRequest, AuthorizeRequestSchema, DecisionService } from "./gen/clawpdp/v1/decision_service_pb.js";
import { ReceiptService, type SignedReceipt } from "./gen/clawpdp/v1/receipt_service_pb.js";
import { HolderKey, ProofError } from "./holder.js";

/** How a client connects. Times are milliseconds. */
export interface ClientOptions {
  /** `HOST:PORT` or `unix:/PATH`; absent: the variable CLAWPDP_ADDRESS, or 127.0.0.1:7080. */
  readonly address?: string;
  /** The agent's CST, or a function that gives the one of the moment. */
  readonly token?: string | (() => string | Promise<string>);
  /** The private key that the token is bound to, or what `HolderKey.of` takes: then each call that carries a token carries a proof of the key. */
  readonly holderKey?: HolderKey | string | JsonWebKey | KeyObject;
  /** The run of all actions that name none; absent: a new one. */
  readonly runId?: string;
  /** For a question. Default 1000. */
  readonly timeoutMs?: number;
  /** For each try to sign, and for other calls. Default 5000. */
  readonly durableTimeoutMs?: number;
  /** How many answers are kept at most; 0, the default: none. */
  readonly cache?: number;
  /** Without them a sidecar on another host needs `cleartext: true`. */
  readonly tls?: ChannelCredentials;
  readonly cleartext?: boolean;
}

/** An action under way, as `Client.act` gives it to its function, which may state more for the receipt. */
export interface Acting extends Pick<Report, "resultHash" | "tokensInput" | "tokensOutput" | "bytesWritten" | "status"> {
  readonly action: Action;
  readonly decision: Decision;
}
type Writable<T> = { -readonly [name in keyof T]: T[name] };

const ATTEMPTS_MAX = 3;
const WAIT_MS_FIRST = 50;
const WAIT_MS_MAX = 1000;

/** Asks one sidecar for one agent. Close it, or its connection may keep the process alive. */
export class Client {
  /** The run of all actions that name none. */
  readonly runId: string;
  readonly #token: NonNullable<ClientOptions["token"]>;
  readonly #timeoutMs: number;
  readonly #durableTimeoutMs: number;
  readonly #channel: Channel;
  readonly #cache: DecisionCache | undefined;
  readonly #watch: EpochWatch | undefined;
  #closed = false;

  /** @throws TypeError for what is no address or no key, and for clear text to another host unless that is asked for. */
  constructor(options: ClientOptions = {}) {
    const { holderKey } = options;
    this.runId = options.runId ?? `run-${randomUUID()}`;
    this.#token = options.token ?? "";
    this.#timeoutMs = options.timeoutMs ?? 1000;
    this.#durableTimeoutMs = options.durableTimeoutMs ?? 5000;
    this.#channel = new Channel(options.address, options.tls, options.cleartext ?? false,
      holderKey === undefined || holderKey instanceof HolderKey ? holderKey : HolderKey.of(holderKey));
    this.#cache = options.cache ? new DecisionCache(options.cache) : undefined;
    this.#watch = this.#cache ? new EpochWatch(this.#channel, this.#cache) : undefined;
  }

  /** Ends every connection. Questions from then on are denied. */
  close(): void {
    this.#closed = true;
    this.#watch?.close();
    this.#channel.close();
  }

  /** The epoch that the cache follows; 0: there is no cache, or no stream. */
  get epoch(): bigint {
    return this.#cache?.epoch ?? 0n;
  }

  /**
   * Asks whether an action may be done. Never throws for what the sidecar or the network does: that is a denial.
   * @throws DigestError where the arguments have no JSON form.
   */
  async authorize(action: Action): Promise<Decision> {
    if (this.#closed) return denial("CLIENT_UNAVAILABLE", "transient", "the client is closed");
    const secret = await this.#secret();
    if (secret === undefined) return denial("CLIENT_TOKEN", "reissue", "there is no token to ask with");
    let asked: AuthorizeRequest, bytes: Uint8Array;
    try {
      asked = create(AuthorizeRequestSchema, question(action, secret, this.runId));
      bytes = toBinary(AuthorizeRequestSchema, asked);
    } catch (error) {
      if (error instanceof DigestError) throw error;
      return denial("CLIENT_REQUEST_INVALID", "structural", "the question cannot be encoded");
    }
    if (!this.#cache || !this.#watch) return this.#ask(asked);
    this.#watch.start();
    const key = createHash("sha256").update(bytes).digest("base64url");
    const sent = performance.now();
    const kept = this.#cache.find(key, Date.now(), sent);
    if (kept) return kept;
    const decision = await this.#ask(asked);
    // An approval counts once, whatever the answer says.
    if (asked.approvals.length === 0) this.#cache.keep(key, decision, Date.now(), sent);
    return decision;
  }

  /** Asks, and throws AuthorizationDenied unless the action is allowed. */
  async require(action: Action): Promise<Decision> {
    const decision = await this.authorize(action);
    if (decision.allowed !== true) throw new AuthorizationDenied(decision);
    return decision;
  }

  /**
   * Signs what was done. The receipt is on disk when this resolves; otherwise it throws ReceiptNotSigned. A try that may
   * succeed later is repeated, three in all, with the same nonce, which makes it one receipt.
   */
  async signReceipt(action: Action, decision: Decision, report: Report = {}, nonce: string = randomUUID()): Promise<SignedReceipt> {
    for (let attempt = 1, waitMs = WAIT_MS_FIRST; ; attempt++, waitMs *= 2) {
      const outcome = await this.#sign(action, decision, report, nonce);
      if (!("allowed" in outcome)) return outcome;
      if (outcome.reasonClass !== "transient" || attempt === ATTEMPTS_MAX) throw new ReceiptNotSigned(outcome, action, decision, report, nonce);
      // Where the sidecar says when to come again, that counts; a call that failed says nothing.
      const told = outcome.status === "OK" || outcome.status === "RESOURCE_EXHAUSTED" ? outcome.retryAfterMs : null;
      await pause(Math.min(told ?? waitMs, WAIT_MS_MAX));
    }
  }

  /**
   * Asks, does the action only if it is allowed, and signs what came of it, also when it fails: then with the status `error`,
   * or `timeout` for an error of the name TimeoutError.
   * @throws AuthorizationDenied unless it is allowed; what the function throws; ReceiptNotSigned where no receipt is signed,
   * whose `cause` is what the function threw.
   */
  async act<T>(action: Action, perform: (acting: Writable<Acting>) => Promise<T> | T, result: (value: T) => unknown = (value) => value): Promise<T> {
    const acting: Writable<Acting> = { action, decision: await this.require(action) };
    const started = performance.now();
    let value: T;
    try {
      value = await perform(acting);
    } catch (error) {
      const status = (error as { name?: unknown } | null)?.name === "TimeoutError" ? "timeout" : "error";
      await this.#settle(acting, started, () => null, undefined, { status, cause: error });
      throw error;
    }
    await this.#settle(acting, started, () => result(value) ?? null, value, { status: "success" });
    return value;
  }

  /**
   * Wraps a function so that each call is done as `act` does it. `action` may be made of the call's arguments; where it
   * states no `args`, the array of the arguments is hashed. `result` makes what is hashed of the function's result.
   */
  guard<A extends unknown[], T>(
    perform: (...args: A) => Promise<T> | T, action: Action | ((...args: A) => Action), result?: (value: T) => unknown,
  ): (...args: A) => Promise<T> {
    return async (...args) => {
      const made = typeof action === "function" ? action(...args) : action;
      return this.act(made.args === undefined && made.argsHash === undefined ? { ...made, args } : made, () => perform(...args), result);
    };
  }

  /** Makes any other call, by its generated method. Rejects with a `ServiceError` of grpc-js where no answer comes. */
  call<I extends DescMessage, O extends DescMessage>(method: DescMethodUnary<I, O>, request: MessageInitShape<I>): Promise<MessageShape<O>> {
    return this.#channel.unary(method, request, this.#durableTimeoutMs);
  }

  /**
   * Opens the stream of questions, `DecisionService.method.authorizeStream`. With `holderKey` its proof is for the client's own
   * token of the moment; questions with another one that is bound are refused.
   */
  async stream<I extends DescMessage, O extends DescMessage>(method: DescMethodBiDiStreaming<I, O>): Promise<ClientDuplexStream<MessageInitShape<I>, MessageShape<O>>> {
    const secret = await this.#secret();
    if (secret === undefined) throw new ProofError("there is no token to open the stream with");
    return this.#channel.duplex(method, secret);
  }

  async #secret(): Promise<string | undefined> {
    try {
      return typeof this.#token === "function" ? await this.#token() : this.#token;
    } catch {
      // Its text could hold the token.
      return undefined;
    }
  }

  async #ask(asked: AuthorizeRequest): Promise<Decision> {
    const end = performance.now() + this.#timeoutMs;
    let earlier: Decision | undefined;
    for (let attempt = 1, waitMs = WAIT_MS_FIRST; ; attempt++, waitMs *= 2) {
      let failure: Decision;
      try {
        return readAnswer(await this.#channel.unary(DecisionService.method.authorize, asked, Math.max(end - performance.now(), 0)), asked.requestId, asked.cst);
      } catch (error) {
        failure = this.#failed(error, asked.cst);
      }
      // Only what reached nobody is tried again, and only while there is time; the first failure says more than a lack of time after it.
      if (failure.status === "DEADLINE_EXCEEDED" && earlier) return earlier;
      if (failure.status !== "UNAVAILABLE" || attempt === ATTEMPTS_MAX || end - performance.now() <= waitMs) return failure;
      earlier = failure;
      await pause(waitMs);
    }
  }

  async #sign(action: Action, decision: Decision, report: Report, nonce: string): Promise<SignedReceipt | Decision> {
    const secret = await this.#secret();
    if (secret === undefined) return denial("CLIENT_TOKEN", "reissue", "there is no token to sign with");
    const runId = action.runId || this.runId;
    let request: MessageInitShape<typeof ReceiptService.method.signReceipt.input>;
    try {
      request = receiptRequest(action, decision.decisionId, report, secret, runId, nonce);
    } catch (error) {
      return denial("CLIENT_REPORT", "structural", `the report cannot be made: ${error instanceof DigestError ? error.message : "a value is out of range"}`);
    }
    try {
      const { outcome } = await this.call(ReceiptService.method.signReceipt, request);
      if (outcome.case === "refusal") {
        const { reason, reasonClass, retryAfterMs } = readReason(outcome.value);
        return denial(reason, reasonClass, plain(outcome.value.message + (outcome.value.field && ` (${outcome.value.field})`), secret), { retryAfterMs });
      }
      const signed = outcome.case === "receipt" ? outcome.value : undefined;
      const named = signed?.runId === runId && signed.nonce === nonce && signed.decisionId === decision.decisionId;
      return signed && named && signed.receiptId && signed.envelopeJson.length > 0
        ? signed
        : denial("CLIENT_PROTOCOL", "structural", "the answer is no receipt for what was asked");
    } catch (error) {
      return this.#failed(error, secret);
    }
  }

  async #settle(acting: Acting, started: number, hashed: () => unknown, value: unknown, end: { status: NonNullable<Report["status"]>; cause?: unknown }) {
    const { action, decision, ...stated } = acting;
    let report: Report = { status: end.status, latencyMs: performance.now() - started, ...stated };
    try {
      try {
        report = { ...report, result: hashed() };
      } catch {
        throw new ReceiptNotSigned(denial("CLIENT_REPORT", "structural", "the report cannot be made: what makes the result failed"), action, decision, report, "");
      }
      await this.signReceipt(action, decision, report);
    } catch (failure) {
      if (failure instanceof ReceiptNotSigned) {
        failure.result = value;
        if ("cause" in end) failure.cause = end.cause;
      }
      throw failure;
    }
  }

  #failed(error: unknown, secret: string): Decision {
    if (this.#closed) return denial("CLIENT_UNAVAILABLE", "transient", "the client is closed", { status: "CANCELLED" });
    if (error instanceof ProofError) return denial("CLIENT_PROOF", "structural", error.message);
    const code = (error as Partial<ServiceError> | null)?.code;
    return typeof code === "number" && Status[code] !== undefined
      ? readFailure(error as ServiceError, secret)
      : denial("CLIENT_PROTOCOL", "structural", "the question or its answer cannot be read", { status: "UNKNOWN" });
  }
}
