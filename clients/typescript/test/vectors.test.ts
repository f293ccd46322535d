// The vectors that every client passes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { inspect } from "node:util";
import { canonical, Client, type Decision, DecisionCache, digest, DigestError, digestJson, parse } from "../src/index.js";
import { listen, Peer, type Step } from "./peer.js";

interface Expected { [name: string]: unknown; allowed: boolean }
interface CacheStep { do: "follow" | "keep" | "find"; key?: string; epoch?: number; now: number; steady: number; answer?: Record<string, number | boolean | null>; kept?: boolean; found?: boolean }
interface Vectors {
  token: string;
  answers: { name: string; peer: Step[]; expect: Expected; attempts: number; request_id?: string }[];
  listeners: { name: string; listener: string; expect: Expected }[];
  digests: { name: string; json: string; canonical?: string; digest?: string; refused?: boolean }[];
  caches: { name: string; capacity: number; steps: CacheStep[] }[];
}

const vectors = JSON.parse(readFileSync(new URL("../../../vectors/cases.json", import.meta.url), "utf8")) as Vectors;
const token = vectors.token;
const SHORT_MS = 3000;
const LONG_MS = 20_000;

const NAMES: Record<string, keyof Decision> = {
  reason_class: "reasonClass", decision_id: "decisionId", reason_number: "reasonNumber", retry_after_ms: "retryAfterMs", cacheable_until: "cacheableUntil", statement_ids: "statementIds",
};

/** Compares what a row expects, and looks for the token in whatever could be printed. */
function hold(decision: Decision, expected: Expected): void {
  for (const [name, value] of Object.entries(expected)) {
    const wanted = name === "epoch" ? BigInt(value as number) : name === "cacheable_until" && value !== null ? (value as number) * 1000 : value;
    assert.deepEqual(decision[NAMES[name] ?? (name as keyof Decision)], wanted, name);
  }
  assert.ok(!inspect(decision, { depth: 9 }).includes(token));
}

let peer: Peer, patient: Client, hasty: Client;
before(async () => {
  peer = await Peer.start();
  patient = new Client({ address: peer.address, token, timeoutMs: LONG_MS });
  hasty = new Client({ address: peer.address, token, timeoutMs: SHORT_MS });
});
after(() => {
  patient.close();
  hasty.close();
  peer.stop();
});

for (const row of vectors.answers) {
  test(`answer: ${row.name}`, async () => {
    peer.steps[row.name] = row.peer;
    const client = row.peer.some((step) => step.hang) ? hasty : patient;
    hold(await client.authorize({ tool: row.name, ...(row.request_id ? { requestId: row.request_id } : {}) }), row.expect);
    assert.equal(peer.asked[row.name], row.attempts);
  });
}

for (const row of vectors.listeners) {
  test(`listener: ${row.name}`, async () => {
    const { address, close } = await listen(row.listener);
    const client = new Client({ address, token, timeoutMs: row.listener === "silent" ? SHORT_MS : LONG_MS });
    hold(await client.authorize({ tool: "github" }), row.expect);
    client.close();
    close();
  });
}

for (const row of vectors.digests) {
  test(`digest: ${row.name}`, () => {
    if (row.refused) {
      assert.throws(() => digestJson(row.json), DigestError);
      return;
    }
    assert.equal(canonical(parse(row.json)), row.canonical);
    assert.equal(digestJson(row.json), row.digest);
    assert.equal(digest(JSON.parse(row.json)), row.digest);
  });
}

for (const row of vectors.caches) {
  test(`cache: ${row.name}`, () => {
    const cache = new DecisionCache(row.capacity);
    const milliseconds = (value: unknown) => (typeof value === "number" ? value * 1000 : null);
    for (const step of row.steps) {
      const key = step.key ?? "";
      if (step.do === "follow") cache.follow(BigInt(step.epoch ?? 0));
      else if (step.do === "find") assert.equal(cache.find(key, step.now * 1000, step.steady * 1000)?.cached ?? false, step.found, JSON.stringify(step));
      else {
        const answer = step.answer ?? {};
        const decision = { allowed: answer["allowed"], epoch: BigInt(answer["epoch"] as number), decidedAt: milliseconds(answer["decided_at"]), cacheableUntil: milliseconds(answer["cacheable_until"]), status: "OK" };
        assert.equal(cache.keep(key, decision as unknown as Decision, step.now * 1000, step.steady * 1000), step.kept, JSON.stringify(step));
      }
      assert.ok(cache.size <= row.capacity);
    }
  });
}
