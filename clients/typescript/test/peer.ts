// A peer that does what a test tells it, raw bytes included, since a real sidecar cannot be made to misbehave.
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import * as grpc from "@grpc/grpc-js";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { AuthorizeRequestSchema, WatchEpochResponseSchema } from "../src/gen/clawpdp/v1/decision_service_pb.js";
import { SignedReceiptSchema, type SignReceiptRequest, SignReceiptRequestSchema, SignReceiptResponseSchema } from "../src/gen/clawpdp/v1/receipt_service_pb.js";

/** What the peer does at one try. */
export interface Step {
  answer_b64?: string;
  answer_of_bytes?: number;
  status?: keyof typeof grpc.status;
  details?: string;
  trailers?: Record<string, string>;
  hang?: boolean;
}

const raw = (value: Buffer) => value;
const unary = (name: string) => ({ path: `/clawpdp.v1.${name}`, requestStream: false, responseStream: false, requestSerialize: raw, requestDeserialize: raw, responseSerialize: raw, responseDeserialize: raw });

/** Serves gRPC on a loopback port. `steps[tool]` are what it does at each try of that tool; the last holds for all that follow. */
export class Peer {
  readonly steps: Record<string, Step[]> = {};
  readonly receiptSteps: Step[] = [];
  readonly asked: Record<string, number> = {};
  readonly receipts: SignReceiptRequest[] = [];
  /** The proofs of each call. */
  readonly proofs: string[][] = [];
  readonly #streams = new Set<grpc.ServerWritableStream<Buffer, Buffer>>();
  readonly #server = new grpc.Server({ "grpc.max_send_message_length": -1 });
  address = "";

  static async start(port = 0, credentials = grpc.ServerCredentials.createInsecure()): Promise<Peer> {
    const peer = new Peer();
    peer.#server.addService(
      { authorize: unary("DecisionService/Authorize"), sign: unary("ReceiptService/SignReceipt"), watch: { ...unary("DecisionService/WatchEpoch"), responseStream: true } },
      { authorize: peer.#authorize.bind(peer), sign: peer.#sign.bind(peer), watch: (call: grpc.ServerWritableStream<Buffer, Buffer>) => void peer.#streams.add(call.on("cancelled", () => peer.#streams.delete(call))) });
    const bound = await new Promise<number>((resolve, reject) =>
      peer.#server.bindAsync(`127.0.0.1:${port}`, credentials, (error, found) => (error ? reject(error) : resolve(found))));
    peer.address = `127.0.0.1:${bound}`;
    return peer;
  }

  stop(): void {
    this.#server.forceShutdown();
  }

  /** Tells an epoch on every stream; undefined ends them. */
  tellEpoch(epoch: bigint | undefined): void {
    for (const stream of this.#streams) {
      if (epoch === undefined) stream.end();
      else stream.write(Buffer.from(toBinary(WatchEpochResponseSchema, create(WatchEpochResponseSchema, { epoch }))));
    }
    if (epoch === undefined) this.#streams.clear();
  }

  #authorize(call: grpc.ServerUnaryCall<Buffer, Buffer>, done: grpc.sendUnaryData<Buffer>): void {
    this.proofs.push(call.metadata.get("dpop").map(String));
    const { tool, cst } = fromBinary(AuthorizeRequestSchema, call.request);
    const count = (this.asked[tool] = (this.asked[tool] ?? 0) + 1);
    const steps = this.steps[tool] ?? [];
    perform(steps[Math.min(count, steps.length) - 1] ?? { status: "UNIMPLEMENTED" }, cst, done);
  }

  #sign(call: grpc.ServerUnaryCall<Buffer, Buffer>, done: grpc.sendUnaryData<Buffer>): void {
    this.proofs.push(call.metadata.get("dpop").map(String));
    const request = fromBinary(SignReceiptRequestSchema, call.request);
    this.receipts.push(request);
    const step = this.receiptSteps.shift();
    if (step) return perform(step, request.cst, done);
    const { runId, nonce, decisionId } = request;
    const signed = create(SignedReceiptSchema, { receiptId: "rcpt-1", runId, nonce, decisionId, envelopeJson: new Uint8Array([123, 125]) });
    done(null, Buffer.from(toBinary(SignReceiptResponseSchema, create(SignReceiptResponseSchema, { outcome: { case: "receipt", value: signed } }))));
  }
}

function perform(step: Step, token: string, done: grpc.sendUnaryData<Buffer>): void {
  if (step.hang) return;
  if (step.status) {
    const metadata = new grpc.Metadata();
    for (const [name, value] of Object.entries(step.trailers ?? {})) metadata.set(name, value);
    return done({ code: grpc.status[step.status], details: (step.details ?? "").replace("$TOKEN", token), metadata });
  }
  done(null, step.answer_b64 === undefined ? Buffer.alloc(step.answer_of_bytes ?? 0) : Buffer.from(step.answer_b64, "base64"));
}

/** A loopback port where no sidecar is: `none` listens at all, `closes` ends each connection at once, `silent` says nothing. */
export async function listen(kind: string): Promise<{ address: string; close: () => void }> {
  const kept: Socket[] = [];
  const server = createServer((socket) => void (kind === "closes" ? socket.destroy() : kept.push(socket.on("error", () => socket.destroy())))).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const close = () => {
    server.close();
    for (const socket of kept) socket.destroy();
  };
  if (kind === "none") close();
  return { address: `127.0.0.1:${port}`, close };
}

/** Waits for something that happens elsewhere. */
export async function until(condition: () => boolean | Promise<boolean>, limitMs = 10_000): Promise<boolean> {
  for (const end = Date.now() + limitMs; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 5))) {
    if (await condition()) return true;
  }
  return false;
}
