// Asks, acts and reports, against `clawpdp demo --dir DIR`. After `npm run build`: node dist/examples/quickstart.js DIR/alice.cst
import { readFileSync } from "node:fs";
import { AuthorizationDenied, Client } from "../src/index.js"; // "@clawpdp/client" elsewhere

const client = new Client({ token: readFileSync(process.argv[2] ?? "", "ascii").trim() });

const createIssue = client.guard(async (repo: string, title: string) => ({ repo, title, number: 1 }), { tool: "github" });
console.log("created", (await createIssue("clawpdp", "A bug")).number);

const action = { model: "gpt-4o", provider: "openai", args: { prompt: "Say hello" } };
const answer = await client.act(action, async (acting) => {
  acting.tokensInput = 12;
  return "hello";
});
console.log("answered", answer);

try {
  await client.require({ tool: "splunk" });
} catch (error) {
  if (!(error instanceof AuthorizationDenied)) throw error;
  console.log(error.message);
}
client.close();
