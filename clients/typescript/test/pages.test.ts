// The snippets of the pages in TypeScript, compiled by the package's own rules and run as they stand there against a real sidecar.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const { SUITE_ADDRESS: address = "", SUITE_TOKEN_FILE: file = "" } = process.env;
const live = { skip: address === "" ? "SUITE_ADDRESS names no sidecar; clients/test.sh starts one" : false };
const root = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);

// Gives the text of a block by its id, as tests/Documentation does.
function block(id: string): string {
  const [page = "", language, number] = id.split(" ");
  const blocks = readFileSync(join(root, "../..", page), "utf8").matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"));
  return [...blocks][Number(number) - 1]?.[1] ?? assert.fail(`there is no block ${id}`);
}

test("pages: the snippets ask, act and sign", live, async () => {
  const folder = mkdtempSync(join(tmpdir(), "clawpdp-pages-"));
  try {
    mkdirSync(join(folder, "node_modules", "@clawpdp"), { recursive: true });
    symlinkSync(root, join(folder, "node_modules", "@clawpdp", "client"));
    symlinkSync(join(root, "node_modules", "@types"), join(folder, "node_modules", "@types"));
    const snippets = [block("README.md ts 1"), block("docs/clients.md ts 1"), block("clients/typescript/README.md ts 1")];
    snippets.forEach((snippet, index) => {
      const opening = snippet.includes("import ") ? "" : 'import { Client } from "@clawpdp/client";\n';
      const closing = 'console.log("created", await createIssue("clawpdp", "A bug"));\nclient.close();\n';
      writeFileSync(join(folder, `snippet${index}.mts`), `const cst = process.env["CST"] ?? "";\n${opening}${snippet}${closing}`);
    });
    const options = { extends: join(root, "tsconfig.json"), compilerOptions: { rootDir: ".", outDir: ".", declaration: false, noUnusedParameters: false }, include: ["*.mts"], exclude: [] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(options));
    await run(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder]);
    for (let index = 0; index < snippets.length; index++) {
      const env = { ...process.env, CLAWPDP_ADDRESS: address, CST: readFileSync(file, "ascii").trim() };
      const { stdout } = await run(process.execPath, [join(folder, `snippet${index}.mjs`)], { env });
      assert.equal(stdout, "created undefined\n");
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
