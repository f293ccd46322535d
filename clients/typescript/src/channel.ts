// Connects to a sidecar, and follows its epoch.
import { create, type DescMethodBiDiStreaming, type DescMethodServerStreaming, type DescMethodUnary, fromBinary, type MessageInitShape, type MessageShape, toBinary } from "@bufbuild/protobuf";
import type { DescMessage } from "@bufbuild/protobuf";
import { type ChannelCredentials, Client as GrpcClient, type ClientDuplexStream, credentials, Metadata } from "@grpc/grpc-js";
import { isIP } from "node:net";
import type { DecisionCache } from "./cache.js";
import { DecisionService } from "./gen/clawpdp/v1/decision_service_pb.js";
import { type HolderKey, ProofError, tokensOf } from "./holder.js";

const ADDRESS_DEFAULT = "127.0.0.1:7080";
const PROOF_MS_MAX = 5000;
const WAIT_MS_MIN = 100;
const WAIT_MS_MAX = 2000;

// Nothing between the caller and its sidecar may repeat, redirect or reconfigure a call; a connection that is lost is tried anew soon.
const OPTIONS = {
  "grpc.enable_retries": 0,
  "grpc.enable_http_proxy": 0,
  "grpc.service_config_disable_resolution": 1,
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 2000,
  "grpc.keepalive_time_ms": 10_000,
  "grpc.keepalive_timeout_ms": 5_000,
  "grpc.use_local_subchannel_pool": 1,
};

/** A connection, made when it is first used. */
export class Channel {
  readonly #client: GrpcClient;
  readonly #sidecar: string;
  readonly #holderKey: HolderKey | undefined;

  /** @throws TypeError for what is no address, and for clear text to another host unless that is asked for. */
  constructor(address: string | undefined, tls: ChannelCredentials | undefined, cleartext: boolean, holderKey?: HolderKey) {
    const target = address || process.env["CLAWPDP_ADDRESS"] || ADDRESS_DEFAULT;
    const parts = /^(\[[0-9a-fA-F:.]+\]|[^:/\s]+):([0-9]{1,5})$/.exec(target);
    if (!parts && !/^unix:./.test(target)) throw new TypeError("an address is HOST:PORT or unix:/PATH");
    if (parts && !tls && !cleartext && !isLoopback(parts[1] ?? "")) {
      throw new TypeError("a sidecar that is not on this host needs TLS, or cleartext: true where the network is trusted");
    }
    // grpc-js names a Unix socket so.
    this.#sidecar = `${tls ? "https" : "http"}://${parts ? target : "localhost"}`;
    this.#holderKey = holderKey;
    this.#client = new GrpcClient(target, tls ?? credentials.createInsecure(), OPTIONS);
  }

  /** Makes one call. Rejects with a `ServiceError` of grpc-js where no answer comes, and with a ProofError where the holder's key cannot sign. */
  async unary<I extends DescMessage, O extends DescMessage>(method: DescMethodUnary<I, O>, request: MessageInitShape<I>, timeoutMs: number): Promise<MessageShape<O>> {
    const deadline = Date.now() + timeoutMs;
    const message = create(method.input, request);
    const bytes = Buffer.from(toBinary(method.input, message));
    // A proof is good for one call: a try that is repeated comes here again.
    const metadata = await this.#prove(method, tokensOf(message), timeoutMs);
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(
        path(method), (value: Buffer) => value, (body) => fromBinary(method.output, body), bytes, metadata, { deadline },
        (error, answer) => (error || !answer ? reject(error ?? new Error("no answer")) : resolve(answer)));
    });
  }

  /** Opens a stream without a deadline. */
  stream<I extends DescMessage, O extends DescMessage>(method: DescMethodServerStreaming<I, O>, request: MessageInitShape<I>) {
    const bytes = Buffer.from(toBinary(method.input, create(method.input, request)));
    return this.#client.makeServerStreamRequest(path(method), (value: Buffer) => value, (body) => fromBinary(method.output, body), bytes, new Metadata());
  }

  /** Opens a stream both ways, without a deadline; with proofs for `token`, as what will be asked on it is not known yet. */
  async duplex<I extends DescMessage, O extends DescMessage>(method: DescMethodBiDiStreaming<I, O>, token: string): Promise<ClientDuplexStream<MessageInitShape<I>, MessageShape<O>>> {
    const metadata = await this.#prove(method, token === "" ? [] : [token], PROOF_MS_MAX);
    return this.#client.makeBidiStreamRequest(
      path(method), (value: MessageInitShape<I>) => Buffer.from(toBinary(method.input, create(method.input, value))), (body) => fromBinary(method.output, body), metadata);
  }

  close(): void {
    this.#client.close();
  }

  async #prove(method: Named, tokens: string[], timeoutMs: number): Promise<Metadata> {
    const metadata = new Metadata();
    const key = this.#holderKey;
    if (!key || tokens.length === 0) return metadata;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new ProofError("the holder's key did not sign in time")), timeoutMs);
    });
    try {
      const proofs = Promise.all(tokens.map((token) => key.proof(this.#sidecar + path(method), token)));
      for (const proof of await Promise.race([proofs, late])) metadata.add("dpop", proof);
      return metadata;
    } finally {
      clearTimeout(timer);
    }
  }
}

interface Named { parent: { typeName: string }; name: string }
const path = (method: Named) => `/${method.parent.typeName}/${method.name}`;

function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, "");
  return bare === "localhost" || bare === "::1" || (isIP(bare) === 4 && bare.startsWith("127."));
}

/** Follows the stream of epochs and tells the cache; while there is no stream it tells 0. */
export class EpochWatch {
  #call: ReturnType<Channel["stream"]> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #waitMs = WAIT_MS_MIN;
  #state: "new" | "open" | "closed" = "new";

  constructor(private readonly channel: Channel, private readonly cache: DecisionCache) {}

  /** Begins to follow, unless it does already. */
  start(): void {
    if (this.#state !== "new") return;
    this.#state = "open";
    this.#follow();
  }

  /** Ends it; nothing is kept from then on. */
  close(): void {
    this.#state = "closed";
    clearTimeout(this.#timer);
    this.#call?.cancel();
    this.cache.follow(0n);
  }

  #follow(): void {
    let ended = false;
    // Whatever broke the stream, what is kept is dropped, and the stream is opened anew.
    const end = () => {
      if (ended) return;
      ended = true;
      this.cache.follow(0n);
      if (this.#state === "closed") return;
      this.#timer = setTimeout(() => this.#follow(), this.#waitMs).unref();
      this.#waitMs = Math.min(this.#waitMs * 2, WAIT_MS_MAX);
    };
    try {
      this.#call = this.channel.stream(DecisionService.method.watchEpoch, {})
        .on("data", (message: { epoch: bigint }) => {
          if (ended || this.#state === "closed") return;
          this.cache.follow(message.epoch);
          this.#waitMs = WAIT_MS_MIN;
        })
        .on("error", end)
        .on("end", end)
        .on("status", end);
    } catch {
      end();
    }
  }
}
