// Against a real sidecar: `clawpdp demo`, whose address, socket and token the environment names (clients/test.sh does).
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Action, AuthorizationDenied, Client } from "../src/index.js";
import { TokenService } from "../src/gen/clawpdp/v1/token_service_pb.js";
import { until } from "./peer.js";

const { SUITE_ADDRESS: address = "", SUITE_SOCKET: socket = "", SUITE_TOKEN_FILE: file = "" } = process.env;
const live = { skip: address === "" ? "SUITE_ADDRESS names no sidecar; clients/test.sh starts one" : false };
const token = file === "" ? "" : readFileSync(file, "ascii").trim();
const timeoutMs = 20_000;
let client: Client;
before(() => void (client = new Client({ address, token, timeoutMs, durableTimeoutMs: timeoutMs, cache: 64 })));
after(() => client.close());

test("live: allow", live, async () => {
  const decision = await client.authorize({ tool: "github", model: "gpt-4o", provider: "openai", host: "api.github.com", args: { a: 1 } });
  assert.equal(decision.allowed, true, decision.message);
  assert.equal(decision.policyHash.length, 43);
  assert.ok((decision.cacheableUntil ?? 0) > (decision.decidedAt ?? 0));
});

const denials: [Action, string, string][] = [
  [{ tool: "splunk" }, "TOOL_NOT_ALLOWED", "requestable"],
  [{ host: "evil.example" }, "EGRESS_NOT_ALLOWED", "requestable"],
  [{ model: "gpt-4o" }, "POLICY_PROVIDER_NOT_ALLOWED", "structural"],
  [{ tool: "github", policyHash: "A".repeat(43) }, "POLICY_HASH_MISMATCH", "reissue"],
  [{}, "CLIENT_REQUEST_INVALID", "structural"],
  [{ tool: "x".repeat(300) }, "CLIENT_REQUEST_INVALID", "structural"],
  [{ tool: "x".repeat(5_000_000) }, "CLIENT_LIMIT", "structural"],
];
for (const [action, reason, reasonClass] of denials) {
  test(`live: ${JSON.stringify(action).slice(0, 60)} is denied`, live, async () => {
    const decision = await client.authorize(action);
    assert.deepEqual([decision.allowed, decision.reason, decision.reasonClass], [false, reason, reasonClass], decision.message.slice(0, 200));
  });
}

test("live: no token and wrong tokens", live, async () => {
  const altered = token.slice(0, -20) + (token.at(-20) === "A" ? "B" : "A") + token.slice(-19);
  for (const [other, reason] of [["", "TOKEN_REQUIRED"], [altered, "TOKEN_SIGNATURE_INVALID"], ["x", "TOKEN_MALFORMED"]]) {
    const stranger = new Client({ address, token: other ?? "", timeoutMs });
    assert.equal((await stranger.authorize({ tool: "github" })).reason, reason);
    stranger.close();
  }
});

test("live: Unix socket", live, async () => {
  const local = new Client({ address: `unix:${socket}`, token, timeoutMs });
  assert.equal((await local.authorize({ tool: "github" })).allowed, true);
  local.close();
});

const kinds: Action[] = [
  { tool: "github", args: { repo: "claw" } }, { model: "gpt-4o", provider: "openai", args: "hello" }, { host: "api.github.com", args: "hello" },
  { tool: "github", effect: "filesystem_write", target: "/tmp/x" }, { tool: "github", host: "api.github.com", effect: "external_api_write", args: [1] },
];
for (const [index, action] of kinds.entries()) {
  test(`live: a receipt for ${JSON.stringify(action)}`, live, async () => {
    const decision = await client.require(action);
    const nonce = `once-${client.runId}-${index}`;
    const receipt = await client.signReceipt(action, decision, { result: { done: true }, latencyMs: 2.5 }, nonce);
    assert.equal(receipt.decisionId, decision.decisionId);
    const envelope = JSON.parse(Buffer.from(receipt.envelopeJson).toString()) as { payload_hash_b64u: string };
    assert.equal(envelope.payload_hash_b64u, receipt.payloadHashB64u);
    assert.deepEqual((await client.signReceipt(action, decision, { result: { done: true }, latencyMs: 2.5 }, nonce)).envelopeJson, receipt.envelopeJson);
  });
}

test("live: a guard", live, async () => {
  const act = client.guard((tool: string) => ({ tool }), (tool) => ({ tool }));
  assert.deepEqual(await act("github"), { tool: "github" });
  await assert.rejects(act("splunk"), AuthorizationDenied);
});

test("live: the cache, until a revocation", live, async () => {
  const action = { tool: "terraform" };
  assert.ok(await until(async () => (await client.authorize(action)).cached), "an answer is kept as soon as the stream is open");
  const { epoch } = await client.authorize(action);
  const { outcome } = await client.call(TokenService.method.revokeCst, { target: { case: "jti", value: `of-nobody-${client.runId}` } });
  assert.equal(outcome.case, "revocation");
  assert.ok(await until(async () => (await client.authorize(action)).epoch !== epoch), "the epoch moved");
});

test("live: the example", live, async () => {
  const example = fileURLToPath(new URL("../examples/quickstart.js", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [example, file], { env: { ...process.env, CLAWPDP_ADDRESS: address }, timeout: 60_000 });
  assert.match(stdout, /denied: TOOL_NOT_ALLOWED \(requestable\)/);
  assert.match(stdout, /created 1/);
});
