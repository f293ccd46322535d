// The client for TypeScript as callers of the fault matrix have it: one process, which reads a question a line and answers each with a line.
// A question is `ID VERB ADDRESS FILE`, parted by tabs; the answer is `ID ANSWER`. Clients are kept by their file, as an agent keeps its own.
// node matrix_client.mjs FOLDER, the folder of the compiled client
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = process.argv[2];
const load = (path) => import(pathToFileURL(join(folder, path)).href);
const { Client, DigestError } = await load('src/index.js');
const { TokenService } = await load('src/gen/clawpdp/v1/token_service_pb.js');
const { ReasonCode } = await load('src/gen/clawpdp/v1/reason_pb.js');
const { credentials, status } = createRequire(join(folder, 'src/index.js'))('@grpc/grpc-js');

const TOOL = 'github';
const TIMEOUT_MS = 2000;

const clients = new Map();
const read = (path) => readFileSync(path, 'ascii');
const words = (decision) => (decision.allowed === true ? 'ALLOWED' : decision.reason);

function kept(address, path) {
  if (!clients.has(path)) clients.set(path, new Client({ address, token: () => read(path), timeoutMs: TIMEOUT_MS }));
  return clients.get(path);
}

async function once(address, path, action = { tool: TOOL }, options = {}) {
  const client = new Client({ address, token: () => read(path), timeoutMs: TIMEOUT_MS, ...options });
  try {
    return words(await client.authorize(action));
  } finally {
    client.close();
  }
}

async function issue(address, path) {
  const request = { credential: { case: 'idToken', value: read(path) }, agentDid: process.env.AGENT_DID, audiences: ['clawpdp'] };
  try {
    const { outcome } = await kept(address, path).call(TokenService.method.issueCst, request);
    if (outcome.case === 'issued') return 'ISSUED';
    return outcome.case === 'refusal' ? ReasonCode[outcome.value.reasonCode] : 'denied';
  } catch (error) {
    return status[error.code] ?? `raised ${error.name}`;
  }
}

async function refused(make) {
  try {
    return await make();
  } catch (error) {
    if (error instanceof DigestError || error instanceof TypeError) return error.name;
    throw error;
  }
}

function drop(address, path) {
  clients.get(path)?.close();
  clients.delete(path);
  return 'dropped';
}

async function closed(address, path) {
  const client = new Client({ address, token: () => read(path) });
  client.close();
  return words(await client.authorize({ tool: TOOL }));
}

const verbs = {
  ask: async (address, path) => words(await kept(address, path).authorize({ tool: TOOL })),
  issue,
  drop,
  fresh: once,
  'no-token': (address, path) => once(address, path, { tool: TOOL }, { token: () => { throw new Error('no token today'); } }),
  'no-json': (address, path) => refused(() => once(address, path, { tool: TOOL, args: { number: NaN } })),
  'too-large': (address, path) => once(address, path, { tool: 'x'.repeat(5 << 20) }),
  'no-time': (address, path) => once(address, path, { tool: TOOL }, { timeoutMs: 1e-6 }),
  closed,
  elsewhere: (address, path) => refused(() => once('192.0.2.1:7080', path)),
  untrusted: (address, path) => once(address, path, { tool: TOOL }, { tls: credentials.createSsl() }),
};

// What the client must not raise is no denial, and is told.
async function answer(line) {
  const [id, verb, address, path] = line.split('\t');
  let said;
  try {
    said = await verbs[verb](address, path);
  } catch (error) {
    said = `raised ${error.name}`;
  }
  process.stdout.write(`${id}\t${said}\n`);
}

for await (const line of createInterface({ input: process.stdin })) {
  void answer(line);
}
process.exit(0);
