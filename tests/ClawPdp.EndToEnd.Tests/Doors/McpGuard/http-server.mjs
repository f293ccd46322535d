// A server of the Model Context Protocol over HTTP, by its own library. Prints its address when it listens; ends with its standard input.
// node http-server.mjs json|events|stateless
import { createRequire } from 'node:module';
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(join(process.env.SUITE_PROVIDERS, 'package.json'));
const library = async (path) => import(pathToFileURL(require.resolve(path)).href);
const { McpServer } = await library('@modelcontextprotocol/sdk/server/mcp.js');
const { StreamableHTTPServerTransport } = await library('@modelcontextprotocol/sdk/server/streamableHttp.js');
const { InMemoryEventStore } = await library('@modelcontextprotocol/sdk/examples/shared/inMemoryEventStore.js');
const { z } = await library('zod');

const mode = process.argv[2];
const sessions = new Map();
const said = (text) => ({ content: [{ type: 'text', text }] });

async function open() {
  const server = new McpServer({ name: 'over-http', version: '1.0.0' }, { capabilities: { logging: {} } });
  server.registerTool('echo', { inputSchema: { message: z.string() } }, async ({ message }, extra) => {
    if (message === 'leave') {
      // The client has to come back for the answer.
      extra.closeSSEStream?.();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await extra.sendNotification({ method: 'notifications/progress', params: { progressToken: 0, progress: 1 } });
    return said(`Echo: ${message}`);
  });
  server.registerTool('get-sum', { inputSchema: { a: z.number(), b: z.number() } }, async ({ a, b }) => said(String(a + b)));
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: mode === 'stateless' ? undefined : () => randomUUID(),
    enableJsonResponse: mode === 'json',
    eventStore: mode === 'events' ? new InMemoryEventStore() : undefined,
    retryInterval: 10,
    onsessioninitialized: (id) => sessions.set(id, transport),
    onsessionclosed: (id) => sessions.delete(id),
  });
  await server.connect(transport);
  return transport;
}

const listener = http.createServer(async (request, response) => {
  const id = request.headers['mcp-session-id'];
  const transport = sessions.get(id) ?? (id ? undefined : await open());
  await (transport ? transport.handleRequest(request, response) : response.writeHead(404).end());
});
listener.listen(0, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${listener.address().port}/mcp`));
