// Keys that tokens are bound to: the vectors, what a call carries, and a real sidecar.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createPrivateKey, generateKeyPairSync, randomUUID, sign as signBytes, verify } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { inspect, promisify } from "node:util";
import { Client, HolderKey, ProofError, ReceiptNotSigned } from "../src/index.js";
import { DecisionService } from "../src/gen/clawpdp/v1/decision_service_pb.js";
import { Dimension, ReasonCode } from "../src/gen/clawpdp/v1/reason_pb.js";
import { ReceiptService, ResultStatus } from "../src/gen/clawpdp/v1/receipt_service_pb.js";
import { RunService } from "../src/gen/clawpdp/v1/run_service_pb.js";
import { TokenService } from "../src/gen/clawpdp/v1/token_service_pb.js";
import { Peer, type Step } from "./peer.js";

interface KeyRow { name: string; key: string; thumbprint?: string; refused?: boolean }
interface ProofRow { name: string; key: string; method: string; target: string; token: string; jti: string; iat: number; proof: string }
interface Vectors { answers: { name: string; peer: Step[] }[]; keys: KeyRow[]; proofs: ProofRow[] }
const vectors = JSON.parse(readFileSync(new URL("../../../vectors/cases.json", import.meta.url), "utf8")) as Vectors;
const peerOf = (name: string) => vectors.answers.find((row) => row.name === name)?.peer ?? [];
const jwk = vectors.keys[0]?.key ?? "";
const secret = (JSON.parse(jwk) as { d: string }).d;
const claimsOf = (proof: string) => JSON.parse(Buffer.from(proof.split(".")[1] ?? "", "base64url").toString()) as Record<string, string>;

for (const row of vectors.keys) {
  test(`key: ${row.name}`, () => {
    if (!row.refused) return assert.equal(HolderKey.of(row.key).thumbprint, row.thumbprint);
    assert.throws(() => HolderKey.of(row.key), (error) => error instanceof TypeError && !inspect(error).includes(secret));
  });
}

for (const row of vectors.proofs) {
  test(`proof: ${row.name}`, async () => {
    const { method, jti, iat } = row;
    assert.equal(await HolderKey.of(row.key).proof(row.target, row.token, { method, jti, iat }), row.proof);
  });
}

test("keys of the language", () => {
  const edwards = generateKeyPairSync("ed25519").privateKey;
  assert.equal(HolderKey.of(edwards).thumbprint.length, 43);
  assert.equal(HolderKey.of(edwards.export({ format: "jwk" })).thumbprint, HolderKey.of(edwards).thumbprint);
  for (const other of [generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey, generateKeyPairSync("ed25519").publicKey, generateKeyPairSync("x25519").privateKey]) {
    assert.throws(() => HolderKey.of(other), TypeError);
  }
});

test("a signature of P-256 verifies", async () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const [header, claims, signature] = (await HolderKey.of(privateKey).proof("http://localhost/x")).split(".");
  assert.ok(verify("sha256", Buffer.from(`${header}.${claims}`), { key: publicKey, dsaEncoding: "ieee-p1363" }, Buffer.from(signature ?? "", "base64url")));
});

test("a signer", async () => {
  const [row] = vectors.proofs;
  assert.ok(row);
  const { publicJwk } = HolderKey.of(jwk);
  const key = createPrivateKey({ key: JSON.parse(jwk) as Record<string, string>, format: "jwk" });
  const made = HolderKey.ofSigner(publicJwk, (message) => Promise.resolve(signBytes(null, message, key)));
  assert.equal(await made.proof(row.target, row.token, { jti: row.jti, iat: row.iat }), row.proof);
  for (const other of [{}, JSON.parse(jwk) as Record<string, string>, { ...publicJwk, crv: "X25519" }, { ...publicJwk, x: "AA" }]) {
    assert.throws(() => HolderKey.ofSigner(other, () => new Uint8Array(64)), TypeError);
  }
});

test("a signer that fails", async () => {
  for (const sign of [() => Promise.reject(new Error("pin 1234")), () => new Uint8Array(5), () => undefined as unknown as Uint8Array]) {
    await assert.rejects(HolderKey.ofSigner(HolderKey.of(jwk).publicJwk, sign).proof("http://localhost/x"), (error) => error instanceof ProofError && !inspect(error).includes("1234"));
  }
});

test("nothing shows the key", () => {
  for (const shown of [inspect(HolderKey.of(jwk), { depth: 9, showHidden: true }), JSON.stringify(HolderKey.of(jwk)), inspect(new Client({ holderKey: jwk }), { depth: 9, showHidden: true })]) {
    assert.ok(!shown.includes(secret));
  }
});

let peer: Peer;
const clients: Client[] = [];
const open = (options: object = {}) => {
  const client = new Client({ address: peer.address, token: "token-1", timeoutMs: 20_000, durableTimeoutMs: 20_000, ...options });
  clients.push(client);
  return client;
};
before(async () => {
  peer = await Peer.start();
  peer.steps["github"] = peerOf("allow");
  if (address !== "") token = await issue(parent, own);
});
after(() => peer.stop());
afterEach(() => {
  clients.splice(0).forEach((client) => client.close());
  peer.proofs.length = 0;
});

test("a question and a receipt carry a proof", async () => {
  const client = open({ holderKey: jwk });
  const decision = await client.require({ tool: "github" });
  await client.signReceipt({ tool: "github" }, decision);
  assert.deepEqual(peer.proofs.map((proofs) => proofs.length), [1, 1]);
  const [asked, signed] = peer.proofs.map(([proof]) => claimsOf(proof ?? ""));
  assert.equal(asked?.["htu"], `http://${peer.address}/clawpdp.v1.DecisionService/Authorize`);
  assert.equal(signed?.["htu"], `http://${peer.address}/clawpdp.v1.ReceiptService/SignReceipt`);
  assert.equal(asked?.["ath"], signed?.["ath"]);
});

test("each try has a proof of its own", async () => {
  peer.steps["twice"] = peerOf("unavailable-then-allow");
  assert.ok((await open({ holderKey: jwk }).authorize({ tool: "twice" })).allowed);
  assert.equal(new Set(peer.proofs.flat()).size, 2);
});

test("without a key or a token there is no proof", async () => {
  await open().authorize({ tool: "github" });
  await open({ holderKey: jwk, token: "" }).authorize({ tool: "github" });
  assert.deepEqual(peer.proofs, [[], []]);
});

test("a key that cannot sign is a denial", async () => {
  const { publicJwk } = HolderKey.of(jwk);
  const client = open({ holderKey: HolderKey.ofSigner(publicJwk, () => new Uint8Array()) });
  const decision = await client.authorize({ tool: "github" });
  assert.deepEqual([decision.allowed, decision.reason, decision.reasonClass], [false, "CLIENT_PROOF", "structural"]);
  await assert.rejects(client.signReceipt({ tool: "github" }, decision), (error) => error instanceof ReceiptNotSigned && error.reason === "CLIENT_PROOF");
  const never = open({ timeoutMs: 50, holderKey: HolderKey.ofSigner(publicJwk, () => new Promise(() => {})) });
  assert.equal((await never.authorize({ tool: "github" })).reason, "CLIENT_PROOF");
  assert.deepEqual(peer.proofs, []);
});

const { SUITE_ADDRESS: address = "", SUITE_SOCKET: socket = "", SUITE_TOKEN_FILE: file = "" } = process.env;
const live = { skip: address === "" ? "SUITE_ADDRESS names no sidecar; clients/test.sh starts one" : false };
const parent = file === "" ? "" : readFileSync(file, "ascii").trim();
const places = [address, `unix:${socket}`];
const own = HolderKey.of(generateKeyPairSync("ed25519").privateKey);
let token = "";

async function issue(from: string, key: HolderKey, options: object = {}): Promise<string> {
  const { outcome } = await open({ address, token: from, ...options }).call(TokenService.method.issueCst, {
    credential: { case: "parentCst", value: from }, agentDid: "did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw", audiences: ["clawpdp"],
    holder: { holder: { case: "jwkThumbprint", value: key.thumbprint } },
  });
  return outcome.case === "issued" ? outcome.value.cst : ReasonCode[outcome.value?.reasonCode ?? 0] ?? "";
}

const callers: [string, HolderKey | string | undefined, ReasonCode][] = [
  ["the key", own, ReasonCode.ALLOWED], ["no key", undefined, ReasonCode.TOKEN_PROOF_REQUIRED], ["another key", jwk, ReasonCode.TOKEN_PROOF_INVALID],
  ["a key of another kind", HolderKey.of(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey), ReasonCode.TOKEN_PROOF_INVALID],
];
for (const [who, holderKey, reason] of callers) {
  test(`live: a bound token with ${who}`, live, async () => {
    for (const place of places) {
      const client = open({ address: place, token, ...(holderKey ? { holderKey } : {}) });
      const question = { cst: token, tool: "github" };
      for (let count = 0; count < 2; count++) assert.equal((await client.authorize({ tool: "github" })).reason, ReasonCode[reason]);
      const { responses } = await client.call(DecisionService.method.authorizeBatch, { requests: [question, question] });
      assert.deepEqual(responses.map((one) => one.reasonCode), [reason, reason]);
      const stream = await client.stream(DecisionService.method.authorizeStream);
      for (let count = 0; count < 3; count++) stream.write({ request: question });
      stream.end();
      const reasons: (ReasonCode | undefined)[] = [];
      for await (const answer of stream) reasons.push((answer as { response?: { reasonCode: ReasonCode } }).response?.reasonCode);
      assert.deepEqual(reasons, [reason, reason, reason]);
    }
  });
}

test("live: a key of P-256", live, async () => {
  const key = HolderKey.of(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey);
  assert.equal((await open({ address, token: await issue(parent, key), holderKey: key }).authorize({ tool: "github" })).reason, "ALLOWED");
});

test("live: receipts of a bound token", live, async () => {
  for (const place of places) {
    const client = open({ address: place, token, holderKey: own });
    assert.equal(await client.act({ tool: "github", args: [1] }, () => "done"), "done");
    const refused = open({ address: place, token }).signReceipt({ tool: "github" }, await client.require({ tool: "github" }));
    await assert.rejects(refused, (error) => error instanceof ReceiptNotSigned && error.reason === "TOKEN_PROOF_REQUIRED");
  }
});

test("live: every other call of a bound token", live, async () => {
  const client = open({ address, token, holderKey: own });
  const [runId, hash] = [`run-${randomUUID()}`, "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"];
  assert.equal((await client.call(DecisionService.method.explain, { request: { cst: token, tool: "github" } })).answer?.reasonCode, ReasonCode.ALLOWED);
  assert.ok((await client.call(DecisionService.method.listAllowed, { cst: token, kind: Dimension.TOOL })).outcome.case === "allowed");
  assert.ok((await client.call(RunService.method.startRun, { cst: token, runId })).outcome.case === "run");
  assert.ok((await client.call(RunService.method.appendEvent, { cst: token, runId, eventId: "plan-1", eventType: "plan", payloadHashB64u: hash })).outcome.case === "event");
  const toolCall = { toolName: "github", argsHashB64u: hash, resultHashB64u: hash, resultStatus: ResultStatus.SUCCESS };
  const signed = await client.call(ReceiptService.method.signReceiptBatch, { requests: [{ cst: token, runId, nonce: "n-1", receipt: { case: "toolCall", value: toolCall } }] });
  assert.equal(signed.responses[0]?.outcome.case, "receipt");
  assert.ok((await client.call(RunService.method.finishRun, { cst: token, runId })).outcome.case === "run");
  assert.match(await issue(token, own, { holderKey: own }), /^ey/);
  assert.equal(await issue(token, own), "TOKEN_PROOF_REQUIRED");
});

test("live: the example with a holder's key", live, async () => {
  const example = fileURLToPath(new URL("../examples/holder.js", import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), "clawpdp-"));
  try {
    writeFileSync(join(folder, "key"), jwk);
    const { stdout } = await promisify(execFile)(process.execPath, [example, file, join(folder, "key")], { env: { ...process.env, CLAWPDP_ADDRESS: address }, timeout: 60_000 });
    assert.equal(stdout, "with the key: ALLOWED\nwithout it: TOKEN_PROOF_REQUIRED\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
