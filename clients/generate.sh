#!/usr/bin/env bash
# Makes the generated code of the Python, TypeScript and Go clients, and the shared vectors, anew. With --check it changes
# nothing and fails if what is committed differs.
#
# Needs buf (BUF, or the one of tests/providers, or the one on the PATH), protoc 3.21.12, grpc_python_plugin 1.51.1,
# protoc-gen-go 1.28.1 and protoc-gen-go-grpc 1.0 (Debian 12), and Node.js for protoc-gen-es, which the lock file pins.
set -euo pipefail
cd "$(dirname "$0")/.."

python=${SUITE_PYTHON:-/usr/bin/python3}
buf=${BUF:-${SUITE_PROVIDERS:-tests/providers}/node_modules/@bufbuild/buf-linux-x64/bin/buf}
[ -x "$buf" ] || buf=$(command -v buf) || { echo 'buf: not found; set BUF' >&2; exit 69; }
[ -d clients/typescript/node_modules ] || (cd clients/typescript && npm ci --no-audit --no-fund --silent)

mode=${1:-write}
case "$mode" in
  write) out=. ;;
  --check) out=$(mktemp -d) && trap 'rm -rf "$out"' EXIT ;;
  *) echo 'usage: clients/generate.sh [--check]' >&2; exit 64 ;;
esac

generated=(clients/python/src/clawpdp/v1 clients/typescript/src/gen clients/go/clawpdpv1)
for folder in "${generated[@]}"; do
  rm -rf "${out:?}/$folder"
done
"$buf" generate --template clients/buf.gen.yaml --output "$out"
mkdir -p "$out/clients/vectors"
"$python" -B clients/vectors/make.py "$out/clients/python/src" >"$out/clients/vectors/cases.json.new"
mv "$out/clients/vectors/cases.json.new" "$out/clients/vectors/cases.json"

[ "$mode" = --check ] || exit 0
failed=0
for path in "${generated[@]}" clients/vectors/cases.json; do
  diff -r -q -x __pycache__ "$out/$path" "$path" || failed=1
done
[ "$failed" -eq 0 ] || echo 'clients: generated code or vectors differ from the protos; run clients/generate.sh and commit' >&2
exit "$failed"
