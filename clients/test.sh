#!/usr/bin/env bash
# Runs the tests of the Python, TypeScript and Go clients, and the packages of the one for C# (its tests are in tests/), against a real
# sidecar: SUITE_BINARY, a `clawpdp` executable, which is started as `clawpdp demo`. Names of languages as arguments run only those.
# Prints a line `LANGUAGE: N passed, N failed, N skipped` for each; the exit code is 0 only if none failed and all ran.
set -uo pipefail
cd "$(dirname "$0")"

binary=${SUITE_BINARY:?names no clawpdp executable}
python=${SUITE_PYTHON:-/usr/bin/python3}
export SUITE_GO=${SUITE_GO:-/usr/bin/go} PYTHONDONTWRITEBYTECODE=1
languages=("$@")
[ $# -gt 0 ] || languages=(csharp python typescript go)
# A first build of gRPC for Go compiles some hundred packages.
limit=600
folder=$(mktemp -d)
demo=

stop() {
  if [ -n "$demo" ]; then
    kill "$demo" 2>/dev/null
    wait "$demo" 2>/dev/null
  fi
  rm -rf "$folder"
}
trap stop EXIT

# Starts the demo in a folder of its own, and waits until it has told its story; it says where it listens.
start() {
  local home=$folder/demo-$1 log=$folder/demo-$1.log
  "$binary" demo --json --dir "$home" >"$log" 2>&1 </dev/null &
  demo=$!
  for _ in $(seq 600); do
    if grep -q 'The sidecar stays up' "$log"; then
      SUITE_ADDRESS=$(sed -n 's/.*"sidecar, gRPC","value":"http:\/\/\([^"]*\)".*/\1/p' "$log")
      export SUITE_ADDRESS SUITE_SOCKET=$home/data/clawpdp.sock SUITE_TOKEN_FILE=$home/alice.cst
      return 0
    fi
    kill -0 "$demo" 2>/dev/null || break
    sleep 0.1
  done
  printf 'the demo did not start (attempt %s):\n' "$1" >&2
  grep -v '"held":true' "$log" | head -n 40 >&2
  kill "$demo" 2>/dev/null
  wait "$demo" 2>/dev/null
  demo=
  return 1
}

run() {
  case "$1" in
    csharp) csharp/test-package.sh ;;
    python) "$python" python/tests/run.py ;;
    typescript) { [ -d typescript/node_modules ] || npm --prefix typescript ci --no-audit --no-fund --silent; } && (cd typescript && node test/run.mjs) ;;
    go) go/test.sh ;;
    *) echo "no client for $1" && return 64 ;;
  esac
}

# A certificate of a moment, for the tests over TLS; without openssl they are skipped.
if command -v openssl >/dev/null; then
  export SUITE_TLS=$folder/tls
  mkdir "$SUITE_TLS"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 \
    -keyout "$SUITE_TLS/key.pem" -out "$SUITE_TLS/cert.pem" 2>"$folder/openssl.log" || { cat "$folder/openssl.log" >&2; exit 1; }
fi

# On a machine that is very busy a sign-in of the demo's own can come too late.
start 1 || start 2 || exit 1
failed=0
for language in "${languages[@]}"; do
  log=$folder/$language.log
  timeout -k 10 "$limit" bash -c "$(declare -f run); python=$python; run $language" >"$log" 2>&1
  code=$?
  counts=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$log" | tail -n 1)
  if [ "$code" -ne 0 ] || [ -z "$counts" ]; then
    failed=1
    tail -n 100 "$log" | sed 's/^/      /'
    # One that ended before it could count has failed as a whole.
    grep -qE ' [1-9][0-9]* failed' <<<"$counts" || counts='0 passed, 1 failed, 0 skipped'
  fi
  printf '%s: %s\n' "$language" "$counts"
done
exit "$failed"
