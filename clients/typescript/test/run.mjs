// Builds, runs every test and ends with a line `N passed, N failed, N skipped`.
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { run } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
rmSync(`${root}dist`, { recursive: true, force: true });
const built = spawnSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, "-p", `${root}tsconfig.json`], { stdio: "inherit" });
const counts = { passed: 0, failed: built.status === 0 ? 0 : 1, skipped: 0 };
if (built.status === 0) {
  const files = readdirSync(`${root}dist/test`).filter((name) => name.endsWith(".test.js")).map((name) => `${root}dist/test/${name}`);
  const ran = run({ files, concurrency: 1 });
  ran.on("test:pass", ({ skip }) => counts[skip === undefined ? "passed" : "skipped"]++);
  ran.on("test:fail", ({ name, details }) => {
    counts.failed++;
    console.log(`failed ${name}\n`, details.error.cause ?? details.error);
  });
  for await (const _ of ran);
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
