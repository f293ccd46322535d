// Acts with a token that nobody else can use, against `clawpdp demo --dir DIR`; `clawpdp holder-key new --out KEY` makes the key.
// After `npm run build`: node dist/examples/holder.js DIR/alice.cst KEY
import { readFileSync } from "node:fs";
import { Client, HolderKey } from "../src/index.js"; // "@clawpdp/client" elsewhere
import { TokenService } from "../src/gen/clawpdp/v1/token_service_pb.js"; // "@clawpdp/client/gen/clawpdp/v1/token_service_pb"

const parent = readFileSync(process.argv[2] ?? "", "ascii").trim();

const key = HolderKey.of(readFileSync(process.argv[3] ?? "", "ascii"));
const parentClient = new Client({ token: parent });
const { outcome } = await parentClient.call(TokenService.method.issueCst, {
  credential: { case: "parentCst", value: parent },
  agentDid: "did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw",
  audiences: ["clawpdp"],
  holder: { holder: { case: "jwkThumbprint", value: key.thumbprint } },
});
parentClient.close();
if (outcome.case !== "issued") throw new Error(outcome.value?.message ?? "no answer");
const bound = outcome.value.cst;

const holder = new Client({ token: bound, holderKey: key });
console.log("with the key:", (await holder.authorize({ tool: "github" })).reason);
holder.close();
const stranger = new Client({ token: bound });
console.log("without it:", (await stranger.authorize({ tool: "github" })).reason);
stranger.close();
