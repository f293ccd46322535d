// Node's @grpc/grpc-js with @grpc/proto-loader as a caller. Prints each case as a JSON row; stock-expected.tsv says what it must be.
//
// usage: stock_client.mjs HOST:PORT SOCKET TOKEN-FILE PROTOS NODE-FOLDER

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [address, socket, tokenFile, protos, folder] = process.argv.slice(2);
const require = createRequire(`${folder}/package.json`);
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");

const cst = readFileSync(tokenFile, "ascii").trim();
const method = "/clawpdp.v1.DecisionService/Authorize";
const loaded = grpc.loadPackageDefinition(loader.loadSync("clawpdp/v1/decision_service.proto", { includeDirs: [protos], enums: String, keepCase: true }));
const { DecisionService } = loaded.clawpdp.v1;
const { requestSerialize, responseDeserialize } = DecisionService.service.Authorize;
const plain = grpc.credentials.createInsecure();
const client = new DecisionService(address, plain);
const within = (seconds) => ({ deadline: Date.now() + seconds * 1000 });
const question = (fields) => ({ cst, tool: "github", ...fields });
const words = (answer) => `${answer.effect} ${answer.reason_code}`;

/** Asks, and gives the answer. */
const ask = (fields, options = within(30), caller = client) =>
  new Promise((done, failed) => {
    caller.Authorize(question(fields), options, (error, answer) => (error ? failed(error) : done(answer)));
  });

/** Calls with bytes instead of a message. */
const raw = (body, path = method) =>
  new Promise((done, failed) => {
    client.makeUnaryRequest(path, (bytes) => bytes, responseDeserialize, body, within(30), (error, answer) => (error ? failed(error) : done(words(answer))));
  });

/** Prints what a call came to; the call gives the detail of its success. */
async function tell(name, call) {
  let row;
  try {
    row = { status: "OK", message: "", detail: await call() };
  } catch (error) {
    row = { status: grpc.status[error.code] ?? String(error), message: error.details ?? "", detail: "" };
  }
  console.log(JSON.stringify({ case: name, ...row }));
}

function metadata() {
  const sent = new grpc.Metadata();
  sent.set("x-request", "1");
  sent.set("x-data-bin", Buffer.from([0, 255]));
  return new Promise((done, failed) => {
    let leading, answer;
    const call = client.Authorize(question({}), sent, within(30), (error, value) => (error ? failed(error) : (answer = value)));
    call.on("metadata", (received) => (leading = received));
    call.on("status", (status) => {
      if (answer) {
        done(`${words(answer)} leading=${names(leading)} trailing=${names(status.metadata)}`);
      }
    });
  });
}

// What the transport itself answers with is not metadata of the call.
const names = (received) => JSON.stringify(Object.keys(received.getMap()).filter((name) => name !== "content-type" && name !== "date").sort());

/** Calls that may come too late; nothing else may become of them. */
async function hasty() {
  for (let count = 0; count < 100; count++) {
    await ask({}, within(0.001)).catch((error) => {
      if (error.code !== grpc.status.DEADLINE_EXCEEDED) {
        throw error;
      }
    });
  }
  return words(await ask({}));
}

async function cancelled() {
  for (let count = 0; count < 20; count++) {
    const code = await new Promise((done) => client.Authorize(question({}), within(30), (error) => done(error?.code)).cancel());
    if (code !== grpc.status.CANCELLED) {
      return `not cancelled: ${code}`;
    }
  }
  return words(await ask({}));
}

async function many(count = 1000) {
  const one = async (number) => {
    const answer = await ask({ tool: number % 2 ? "github" : "splunk", request_id: `call-${number}` });
    return answer.request_id === `call-${number}` && (answer.effect === "EFFECT_ALLOW") === (number % 2 === 1);
  };
  const right = await Promise.all(Array.from({ length: count }, (_, number) => one(number)));
  return `${right.filter(Boolean).length} of ${count}`;
}

await tell("allow", async () => words(await ask({})));
await tell("deny", async () => words(await ask({ tool: "splunk" })));
await tell("no token", async () => words(await ask({ cst: "" })));
await tell("text beyond ASCII", async () => (await ask({ request_id: "größe ✓ 日本" })).request_id);
await tell("no deadline", async () => words(await ask({}, {})));
for (const seconds of [5, 300, 36000, 4000000]) {
  await tell(`deadline in ${seconds} s`, async () => words(await ask({}, within(seconds))));
}
await tell("deadline that has passed", async () => words(await ask({}, within(-1))));
await tell("deadlines of a millisecond", hasty);
const gzip = new DecisionService(address, plain, { "grpc.default_compression_algorithm": grpc.compressionAlgorithms.gzip });
await tell("gzip", async () => words(await ask({}, within(30), gzip)));
await tell("field fault", async () => words(await ask({ tool: "a".repeat(257) })));
await tell("nothing asked", async () => words(await ask({ cst: "", tool: "" })));
await tell("malformed message", () => raw(Buffer.from([0x0a, 0xff])));
await tell("message of 3 MiB", () => raw(Buffer.concat([requestSerialize(question({})), Buffer.from([0xc2, 0xb8, 0x02, 0x80, 0x80, 0xc0, 0x01]), Buffer.alloc(3 << 20)])));
await tell("message over 4 MiB", () => raw(Buffer.alloc((4 << 20) + 1)));
await tell("unknown method", () => raw(Buffer.alloc(0), "/clawpdp.v1.DecisionService/Nothing"));
await tell("unknown service", () => raw(Buffer.alloc(0), "/clawpdp.v1.NoService/Authorize"));
await tell("metadata", metadata);
await tell("cancelled, then asked", cancelled);
await tell("thousand at once", () => many());
await tell("Unix socket", async () => words(await ask({}, within(30), new DecisionService(`unix:${socket}`, plain))));
process.exit(0);
