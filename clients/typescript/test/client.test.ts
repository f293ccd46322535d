// What the vectors cannot say: connections, the stream of epochs, receipts and guards.
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { credentials, ServerCredentials } from "@grpc/grpc-js";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { inspect } from "node:util";
import { AuthorizationDenied, Client, digest, DigestError, ReceiptNotSigned } from "../src/index.js";
import { AuthorizeResponseSchema } from "../src/gen/clawpdp/v1/decision_service_pb.js";
import { EffectClass, ResultStatus, SignReceiptResponseSchema } from "../src/gen/clawpdp/v1/receipt_service_pb.js";
import { ReasonClass, ReasonCode } from "../src/gen/clawpdp/v1/reason_pb.js";
import { listen, Peer, type Step, until } from "./peer.js";

const token = "secret-of-the-agent";
const rows = (JSON.parse(readFileSync(new URL("../../../vectors/cases.json", import.meta.url), "utf8")) as { answers: { name: string; peer: Step[] }[] }).answers;
const peerOf = (name: string) => rows.find((row) => row.name === name)?.peer ?? [];
const encoded = (bytes: Uint8Array): Step => ({ answer_b64: Buffer.from(bytes).toString("base64") });

let peer: Peer;
const clients: Client[] = [];
const open = (options = {}) => {
  const client = new Client({ address: peer.address, token, timeoutMs: 20_000, ...options });
  clients.push(client);
  return client;
};
before(async () => void (peer = await Peer.start()));
after(() => peer.stop());
beforeEach(() => {
  peer.steps["github"] = peerOf("allow");
  peer.steps["splunk"] = peerOf("deny");
  peer.receipts.length = peer.receiptSteps.length = 0;
});
afterEach(() => clients.splice(0).forEach((client) => client.close()));

function cacheable(): Step[] {
  const answer = fromBinary(AuthorizeResponseSchema, Buffer.from(peerOf("allow")[0]?.answer_b64 ?? "", "base64"));
  answer.decidedAt = timestampFromMs(Date.now());
  answer.cacheableUntil = timestampFromMs(Date.now() + 60_000);
  return [encoded(toBinary(AuthorizeResponseSchema, answer))];
}

// The stream is opened by the first question; what is told before it is open is lost.
const follow = (client: Client, epoch: bigint) => until(() => (client.epoch === epoch ? true : (peer.tellEpoch(epoch), false)));

test("the address comes from the environment", async () => {
  process.env["CLAWPDP_ADDRESS"] = peer.address;
  try {
    const client = new Client({ token, timeoutMs: 20_000 });
    assert.equal((await client.authorize({ tool: "github" })).allowed, true);
    client.close();
  } finally {
    delete process.env["CLAWPDP_ADDRESS"];
  }
});

test("an address that is none is refused", () => {
  for (const address of ["127.0.0.1", "http://127.0.0.1:7080", ":7080", "unix:", "host:port", "192.0.2.1:7080", "sidecar:7080"]) {
    assert.throws(() => new Client({ address }), TypeError, address);
  }
  for (const options of [{ address: "192.0.2.1:7080", cleartext: true }, { address: "[::1]:7080" }, { address: "unix:/run/x.sock" }]) new Client(options).close();
});

test("it connects again", async () => {
  const { address } = await listen("none");
  const client = open({ address });
  assert.equal((await client.authorize({ tool: "github" })).reason, "CLIENT_UNAVAILABLE");
  for (let round = 0; round < 2; round++) {
    const other = await Peer.start(Number(address.split(":")[1]));
    other.steps["github"] = peerOf("allow");
    assert.ok(await until(async () => (await client.authorize({ tool: "github" })).allowed));
    other.stop();
    assert.equal((await client.authorize({ tool: "github" })).reason, "CLIENT_UNAVAILABLE");
  }
});

const { SUITE_TLS: tls = "" } = process.env;
test("TLS", { skip: tls === "" ? "SUITE_TLS names no certificate; clients/test.sh makes one" : false }, async () => {
  const [key, certificate] = [readFileSync(`${tls}/key.pem`), readFileSync(`${tls}/cert.pem`)];
  const secure = await Peer.start(0, ServerCredentials.createSsl(null, [{ private_key: key, cert_chain: certificate }]));
  secure.steps["github"] = peerOf("allow");
  for (const [options, reason] of [[{ tls: credentials.createSsl(certificate) }, "ALLOWED"], [{ tls: credentials.createSsl() }, "CLIENT_UNAVAILABLE"], [{}, "CLIENT_UNAVAILABLE"]] as const) {
    assert.equal((await open({ address: secure.address, ...options }).authorize({ tool: "github" })).reason, reason);
  }
  secure.stop();
});

test("a closed client denies", async () => {
  const client = open();
  client.close();
  assert.equal((await client.authorize({ tool: "github" })).reason, "CLIENT_UNAVAILABLE");
});

test("a token that cannot be had denies", async () => {
  const client = open({ token: () => Promise.reject(new Error(token)) });
  const decision = await client.authorize({ tool: "github" });
  assert.equal(decision.reason, "CLIENT_TOKEN");
  assert.ok(!inspect(decision).includes(token));
});

test("no token is shown", async () => {
  const client = open();
  peer.receiptSteps.push({ status: "INTERNAL", details: "$TOKEN" });
  await assert.rejects(client.act({ tool: "github" }, () => 1), (error) => error instanceof ReceiptNotSigned && error.result === 1 && !inspect(error, { depth: 9 }).includes(token));
  assert.ok(!inspect(client, { depth: 9, showHidden: true }).includes(token));
  assert.ok(!JSON.stringify(client).includes(token));
});

test("a question that cannot be encoded is denied", async () => {
  for (const tool of ["\ud800", "a\udc00"]) assert.equal((await open().authorize({ tool })).reason, "CLIENT_REQUEST_INVALID");
});

test("arguments without a JSON form are an error", async () => {
  await assert.rejects(open().authorize({ tool: "github", args: [() => 1] }), DigestError);
  await assert.rejects(open().authorize({ tool: "github", args: { a: undefined } }), DigestError);
  assert.equal(digest(5n), digest(5));
  for (const value of [undefined, NaN, 2n ** 53n, new Date(0), new Map(), Symbol("x"), [,], "\ud800"]) assert.throws(() => digest(value), DigestError);
});

test("the cache follows the epoch", async () => {
  peer.steps["github"] = cacheable();
  const client = open({ cache: 8 });
  await client.authorize({ tool: "github" });
  assert.ok(await follow(client, 7n));
  const asked = peer.asked["github"] ?? 0;
  const ask = async (more = {}) => (await client.authorize({ tool: "github", context: { b: "1", a: "2" }, ...more })).cached;
  assert.deepEqual([await ask(), await ask(), await ask({ context: { a: "2", b: "1" } }), await ask({ args: 1 })], [false, true, true, false]);
  assert.equal(peer.asked["github"], asked + 2);
  assert.ok(await follow(client, 8n));
  assert.deepEqual([await ask(), await ask()], [false, false], "an answer of epoch 7 is not kept under 8");
});

test("the cache is dropped with the stream", async () => {
  peer.steps["github"] = cacheable();
  const client = open({ cache: 8 });
  await client.authorize({ tool: "github" });
  assert.ok(await follow(client, 7n));
  await client.authorize({ tool: "github" });
  assert.equal((await client.authorize({ tool: "github" })).cached, true);
  peer.tellEpoch(undefined);
  assert.ok(await until(() => client.epoch === 0n));
  assert.equal((await client.authorize({ tool: "github" })).cached, false);
  assert.ok(await follow(client, 7n), "the stream is opened anew");
});

test("an answer to an approval is not kept", async () => {
  peer.steps["github"] = cacheable();
  const client = open({ cache: 8 });
  await client.authorize({ tool: "github" });
  assert.ok(await follow(client, 7n));
  const action = { tool: "github", approvals: [new Uint8Array([123, 125])] };
  await client.authorize(action);
  assert.equal((await client.authorize(action)).cached, false);
});

test("a receipt is tried again with the same nonce", async () => {
  const client = open();
  peer.receiptSteps.push({ status: "UNAVAILABLE" }, { status: "RESOURCE_EXHAUSTED", trailers: { "grpc-retry-pushback-ms": "1" } });
  const action = { tool: "github", args: { a: 1 } };
  assert.equal((await client.signReceipt(action, await client.require(action), { result: [1] })).receiptId, "rcpt-1");
  assert.equal(peer.receipts.length, 3);
  assert.equal(new Set(peer.receipts.map((request) => request.nonce)).size, 1);
  assert.deepEqual(peer.receipts[0], peer.receipts[2]);
  const call = peer.receipts[0]?.receipt;
  assert.deepEqual(call?.case === "toolCall" && [call.value.argsHashB64u, call.value.resultHashB64u], [digest({ a: 1 }), digest([1])]);
});

test("a receipt that is not signed is told", async () => {
  const client = open();
  const refusal = encoded(toBinary(SignReceiptResponseSchema, create(SignReceiptResponseSchema, { outcome: { case: "refusal", value: { reasonCode: ReasonCode.RUN_FINISHED, reasonClass: ReasonClass.STRUCTURAL } } })));
  const wrong = encoded(toBinary(SignReceiptResponseSchema, create(SignReceiptResponseSchema, { outcome: { case: "receipt", value: { receiptId: "r", nonce: "other", envelopeJson: new Uint8Array([1]) } } })));
  const down: Step = { status: "UNAVAILABLE" };
  for (const [steps, reason, tries] of [[[refusal], "RUN_FINISHED", 1], [[{ answer_b64: "" }], "CLIENT_PROTOCOL", 1], [[wrong], "CLIENT_PROTOCOL", 1], [[down, down, down], "CLIENT_UNAVAILABLE", 3]] as [Step[], string, number][]) {
    peer.receipts.length = 0;
    peer.receiptSteps.push(...steps);
    await assert.rejects(client.signReceipt({ tool: "github" }, await client.authorize({ tool: "github" })), { name: "ReceiptNotSigned", reason });
    assert.equal(peer.receipts.length, tries);
  }
});

test("a guard does not act when denied", async () => {
  let done = 0;
  await assert.rejects(open().guard(() => ++done, { tool: "splunk" })(), (error) => error instanceof AuthorizationDenied && error.decision.reason === "TOOL_NOT_ALLOWED");
  assert.deepEqual([done, peer.receipts.length], [0, 0]);
});

test("a guard signs what was done", async () => {
  const client = open();
  const create = client.guard(async (repo: string) => ({ repo }), (repo) => ({ tool: repo === "" ? "splunk" : "github" }));
  assert.deepEqual(await create("claw"), { repo: "claw" });
  const [request] = peer.receipts;
  const call = request?.receipt;
  assert.ok(call?.case === "toolCall");
  assert.deepEqual([call.value.argsHashB64u, call.value.resultHashB64u, call.value.resultStatus], [digest(["claw"]), digest({ repo: "claw" }), ResultStatus.SUCCESS]);
  assert.deepEqual([request?.decisionId, request?.runId], ["dec-1", client.runId]);
});

test("a guard signs what failed", async () => {
  const late = Object.assign(new Error("late"), { name: "TimeoutError" });
  for (const [error, status] of [[new Error("x"), ResultStatus.ERROR], [late, ResultStatus.TIMEOUT], ["text", ResultStatus.ERROR]]) {
    await assert.rejects(open().act({ tool: "github" }, () => Promise.reject(error)), (thrown) => thrown === error);
    const call = peer.receipts.pop()?.receipt;
    assert.equal(call?.case === "toolCall" && call.value.resultStatus, status);
  }
});

test("a guard tells of a receipt that was not signed", async () => {
  const failure = new Error("x");
  peer.receiptSteps.push({ answer_b64: "" }, { answer_b64: "" });
  await assert.rejects(open().act({ tool: "github" }, () => 7), { name: "ReceiptNotSigned", result: 7 });
  await assert.rejects(open().act({ tool: "github" }, () => Promise.reject(failure)), { name: "ReceiptNotSigned", cause: failure });
});

test("a result without a JSON form is told", async () => {
  await assert.rejects(open().act({ tool: "github" }, () => new Map()), { name: "ReceiptNotSigned", reason: "CLIENT_REPORT" });
  await assert.rejects(open().act({ tool: "github" }, () => 1, () => { throw new Error("x"); }), { name: "ReceiptNotSigned", reason: "CLIENT_REPORT", result: 1 });
  assert.deepEqual(await open().act({ tool: "github" }, () => new Map(), (map) => map.size), new Map());
  assert.equal(await open().act({ tool: "github" }, () => undefined), undefined);
});

test("receipts of the other kinds", async () => {
  peer.steps[""] = peerOf("allow");
  const client = open();
  await client.act({ model: "gpt-4o", provider: "openai", args: "hello" }, (acting) => {
    acting.tokensInput = 3;
    return "hi";
  });
  await client.act({ host: "api.github.com" }, () => undefined);
  await client.act({ tool: "github", effect: "filesystem_write", target: "/tmp/x" }, (acting) => void (acting.bytesWritten = 5));
  const [model, host, file] = peer.receipts.map((request) => request.receipt);
  assert.ok(model?.case === "modelCall" && host?.case === "sideEffect" && file?.case === "sideEffect");
  assert.deepEqual([model.value.provider, model.value.tokensInput, model.value.requestHashB64u], ["openai", 3, digest("hello")]);
  assert.deepEqual([host.value.host, host.value.effectClass, host.value.responseHashB64u], ["api.github.com", EffectClass.NETWORK_EGRESS, digest(null)]);
  assert.deepEqual([file.value.target.value, file.value.bytesWritten, file.value.effectClass], ["/tmp/x", 5n, EffectClass.FILESYSTEM_WRITE]);
});
