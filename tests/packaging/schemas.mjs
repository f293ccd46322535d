// Holds files against what others say of their form.
//
// usage: schemas.mjs objects FILE.json       Kubernetes objects against the types of its API: unknown, missing and mistyped members
//        schemas.mjs json SCHEMA FILE.json   a document against a JSON schema
//        schemas.mjs sbom FILE.json          a bill of materials against the official schema of CycloneDX 1.6
//        schemas.mjs dockerfile FILE         a Dockerfile: syntax, unknown instructions and options
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const here = dirname(fileURLToPath(import.meta.url));
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));

function fail(lines) {
  console.error(lines.join('\n'));
  process.exit(1);
}

function objects(file) {
  const ts = require('typescript');
  const modules = { v1: 'core/v1', 'networking.k8s.io/v1': 'networking/v1' };
  // The operator's kind, which the Kubernetes API has no type for: what of it the chart uses (prometheus-operator, API reference).
  const selector = '{ name: string; key: string }';
  const from = `{ secret: ${selector} } | { configMap: ${selector} }`;
  const endpoint = `{ port: string; path: string; scheme: 'http' | 'https'; interval: string; tlsConfig: { ca?: ${from}; cert?: ${from}; keySecret?: ${selector}; serverName?: string } }`;
  const own = {
    'monitoring.coreos.com/v1': `{ apiVersion: string; kind: 'ServiceMonitor'; metadata: { name: string; labels: Record<string, string> }; spec: { selector: { matchLabels: Record<string, string> }; endpoints: ${endpoint}[] } }`,
  };
  const source = read(file)
    .map((entry, index) => {
      const module = modules[entry.apiVersion] ?? entry.apiVersion;
      const type = own[entry.apiVersion] ? `type T${index} = ${own[entry.apiVersion]};` : `import type { ${entry.kind} as T${index} } from 'kubernetes-types/${module}';`;
      return `${type}\nexport const o${index}: T${index} = ${JSON.stringify(entry, null, 1)};`;
    })
    .join('\n');
  const options = { strict: true, noEmit: true, skipLibCheck: true, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, types: [] };
  const name = join(here, 'objects.mts');
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (path, ...rest) => (path === name ? ts.createSourceFile(name, source, ts.ScriptTarget.ESNext) : getSourceFile.call(host, path, ...rest));
  host.fileExists = (path) => path === name || fileExists.call(host, path);
  host.readFile = (path) => (path === name ? source : readFile.call(host, path));
  const lines = ts
    .getPreEmitDiagnostics(ts.createProgram([name], options, host))
    .map((found) => {
      const at = found.file?.getLineAndCharacterOfPosition(found.start);
      const text = found.file && at ? found.file.text.split('\n')[at.line].trim() : '';
      return `${ts.flattenDiagnosticMessageText(found.messageText, ' ')}: ${text}`;
    });
  if (lines.length > 0) fail(lines);
}

function validate(ajv, schema, file) {
  const check = ajv.compile(schema);
  if (!check(read(file))) fail(check.errors.map((error) => `${file}: ${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`));
}

function ajvOf(formats) {
  const Ajv = require('ajv').default;
  const ajv = new Ajv({ strict: false, allErrors: true });
  require('ajv-formats').default(ajv);
  for (const name of formats) ajv.addFormat(name, true);
  return ajv;
}

function sbom(file) {
  const folder = join(here, 'node_modules/@cyclonedx/cyclonedx-library/res/schema');
  const ajv = ajvOf(['iri-reference', 'idn-email']);
  for (const name of ['spdx.SNAPSHOT.schema.json', 'jsf-0.82.SNAPSHOT.schema.json']) ajv.addSchema(read(join(folder, name)), `http://cyclonedx.org/schema/${name}`);
  validate(ajv, read(join(folder, 'bom-1.6.SNAPSHOT.schema.json')), file);
}

function dockerfile(file) {
  const found = require('dockerfile-utils').validate(readFileSync(file, 'utf8'));
  if (found.length > 0) fail(found.map((entry) => `${file}:${entry.range.start.line + 1}: ${entry.message}`));
}

const [what, ...rest] = process.argv.slice(2);
switch (what) {
  case 'objects': objects(rest[0]); break;
  case 'json': validate(ajvOf([]), read(rest[0]), rest[1]); break;
  case 'sbom': sbom(rest[0]); break;
  case 'dockerfile': dockerfile(rest[0]); break;
  default: fail(['see the head of this file']);
}
