// A client of the Model Context Protocol, by its own library: lists the tools of a server, calls some, and prints what it saw as JSON.
// node client.mjs COMMAND [ARGUMENT...]
// node client.mjs URL
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(join(process.env.SUITE_PROVIDERS, 'package.json'));
const library = async (path) => import(pathToFileURL(require.resolve(path)).href);
const { Client } = await library('@modelcontextprotocol/sdk/client/index.js');
const { StdioClientTransport } = await library('@modelcontextprotocol/sdk/client/stdio.js');
const { StreamableHTTPClientTransport } = await library('@modelcontextprotocol/sdk/client/streamableHttp.js');

const [command, ...args] = process.argv.slice(2);
const isHttp = command.startsWith('http:');
const transport = isHttp ? new StreamableHTTPClientTransport(new URL(command)) : new StdioClientTransport({ command, args, env: process.env, stderr: 'inherit' });
const client = new Client({ name: 'suite', version: '1.0.0' });
await client.connect(transport);

const attempt = async (what) => {
  try {
    return { result: await what() };
  } catch (error) {
    return { code: error.code, message: error.message, data: error.data };
  }
};
const seen = {
  server: client.getServerVersion()?.name,
  tools: (await client.listTools()).tools.map((tool) => tool.name),
  echo: await attempt(() => client.callTool({ name: 'echo', arguments: { message: 'hello' } })),
  leave: await attempt(() => client.callTool({ name: 'echo', arguments: { message: 'leave' } })),
  sum: await attempt(() => client.callTool({ name: 'get-sum', arguments: { a: 1, b: 2 } })),
  resources: await attempt(() => client.listResources()),
  session: isHttp && transport.sessionId !== undefined,
};
if (seen.session) {
  await transport.terminateSession();
}
await client.close();
console.log(JSON.stringify(seen));
