#!/usr/bin/env bash
# Runs the tests with the packages of the system (Debian's golang-google-grpc-dev), without a module proxy, and ends with a line
# `N passed, N failed, N skipped`. With a proxy `go test ./...` does the same, without the counts.
set -uo pipefail
cd "$(dirname "$0")"

go=${SUITE_GO:-go}
module=github.com/clawpdp/clawpdp/clients/go
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/src/${module%/*}" && ln -s "$PWD" "$root/src/$module"
export GO111MODULE=off GOFLAGS='' CGO_ENABLED=0 GOPATH=$root:/usr/share/gocode SUITE_EXAMPLE=$root/quickstart SUITE_HOLDER_EXAMPLE=$root/holder

"$go" vet "$module" && "$go" build -o "$SUITE_EXAMPLE" "$module/examples/quickstart" && "$go" build -o "$SUITE_HOLDER_EXAMPLE" "$module/examples/holder" || { echo '0 passed, 1 failed, 0 skipped'; exit 1; }
"$go" test -count=1 -timeout 240s -v "$module" >"$root/log" 2>&1
code=$?
grep -v '^=== ' "$root/log" | grep -v -- '--- PASS'
# A test with parts counts by its parts.
awk -v code="$code" '
  $1 == "---" { name = $3; outcome[name] = $2; while (sub(/\/[^\/]*$/, "", name)) whole[name] = 1 }
  END {
    for (name in outcome) if (!(name in whole)) count[outcome[name]]++
    if (code && !count["FAIL:"]) count["FAIL:"] = 1
    printf "%d passed, %d failed, %d skipped\n", count["PASS:"], count["FAIL:"], count["SKIP:"]
  }' "$root/log"
exit "$code"
