#!/usr/bin/env bash
# Runs every test. `./test.sh fast` runs only what the .NET SDK alone can run. SUITE_CRASH_ROUNDS says how often the
# binary is killed, 20 times by default; SUITE_CRASH_SEED repeats the moments of a run that failed.
# The last line is `N passed, N failed`, with `, N skipped` when any were; the exit code is 0 only if none failed.
set -uo pipefail
cd "$(dirname "$0")"

mode=${1:-full}
case "$mode" in
  full | fast) ;;
  *)
    echo "usage: ./test.sh [fast]" >&2
    exit 64
    ;;
esac

root=$PWD
logs=$root/artifacts/test-logs
npm_root=$root/tests/providers
python=/usr/bin/python3
chromium=/usr/bin/chromium
protoc=/usr/bin/protoc
go=/usr/bin/go
nginx=/usr/sbin/nginx
caddy=/usr/bin/caddy
haproxy=/usr/sbin/haproxy
promtool=/usr/bin/promtool
binary=$root/artifacts/publish/ClawPdp.Server/release_linux-x64/clawpdp
# How long one test program may take; every crash and recovery of the binary beyond the default takes less than 3 s.
limit=$((600 + ${SUITE_CRASH_ROUNDS:-0} * 3))
passed=0
failed=0
skipped=0
mkdir -p "$logs"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# One compiler for all projects, in place of one that is started for each; it ends with the run.
export UseSharedCompilation=true
trap 'dotnet build-server shutdown --vbcscompiler >/dev/null 2>&1 || true' EXIT

# step NAME COMMAND...: one thing that passes or fails as a whole.
step() {
  begin "$@"
  end "$1"
}

declare -A running started_at

# begin NAME COMMAND...: the same beside what follows; `end NAME` waits for it and says how it went.
begin() {
  local name=$1
  shift
  started_at[$name]=$SECONDS
  "$@" >"$logs/${name//[^A-Za-z0-9]/-}.log" 2>&1 </dev/null &
  running[$name]=$!
}

end() {
  local name=$1
  local log=$logs/${name//[^A-Za-z0-9]/-}.log
  if wait "${running[$name]}"; then
    passed=$((passed + 1))
    printf 'ok    %s (%ss)\n' "$name" "$((SECONDS - started_at[$name]))"
    return 0
  fi
  failed=$((failed + 1))
  printf 'FAIL  %s (%ss), the end of its log:\n' "$name" "$((SECONDS - started_at[$name]))"
  tail -n 40 "$log" | sed 's/^/      /'
  return 1
}

skip() {
  skipped=$((skipped + 1))
  printf 'skip  %s: %s\n' "$1" "$2"
}

finish() {
  if [ "$skipped" -gt 0 ]; then
    printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
  else
    printf '%s passed, %s failed\n' "$passed" "$failed"
  fi
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
  exit
}

# The native build and the library that makes disks fail need a C compiler and zlib's headers; the providers need Node.js;
# the second verifier needs Python with a library for signatures; the picture of the audit report needs a browser and a
# font; the small and the failing disks need what mounts and makes file systems; the callers in other languages need gRPC
# for Python and Go, with what makes their stubs, and an HTTP/2 library; the HTTP door needs proxies that ask it; the pages
# of the doors show curl and openssl; the packages are looked at by lintian and systemd, their manual by man, the chart rendered by Go;
# the metrics and alert rules by Prometheus' own tool; the parsers are fuzzed by AFL++.
install_debian() {
  local missing=()
  command -v gcc >/dev/null || missing+=(gcc)
  [ -e /usr/include/zlib.h ] || missing+=(zlib1g-dev)
  [ -e /usr/include/stdio.h ] || missing+=(libc6-dev)
  command -v unshare >/dev/null || missing+=(util-linux)
  command -v mount >/dev/null || missing+=(mount)
  [ -x /usr/sbin/mkfs.ext4 ] || missing+=(e2fsprogs)
  command -v node >/dev/null || missing+=(nodejs)
  command -v npm >/dev/null || missing+=(npm)
  command -v curl >/dev/null || missing+=(curl)
  command -v openssl >/dev/null || missing+=(openssl)
  "$python" -c 'import cryptography' 2>/dev/null || missing+=(python3 python3-cryptography)
  [ -x "$chromium" ] || missing+=(chromium fonts-dejavu-core)
  command -v protoc >/dev/null || missing+=(protobuf-compiler)
  [ -x /usr/bin/grpc_python_plugin ] || missing+=(protobuf-compiler-grpc)
  "$python" -c 'import grpc' 2>/dev/null || missing+=(python3 python3-grpcio)
  "$python" -c 'import h2' 2>/dev/null || missing+=(python3-h2)
  [ -x "$go" ] || missing+=(golang-go)
  command -v protoc-gen-go >/dev/null || missing+=(protoc-gen-go)
  command -v protoc-gen-go-grpc >/dev/null || missing+=(protoc-gen-go-grpc)
  # Of the two versions of protobuf that Debian has for Go, the stubs need the newer, and gRPC would bring the older.
  [ -d /usr/share/gocode/src/google.golang.org/grpc ] || missing+=(golang-google-grpc-dev)
  [ -e /usr/share/doc/golang-github-golang-protobuf-1-5-dev ] || missing+=(golang-github-golang-protobuf-1-5-dev golang-google-grpc-dev)
  [ -e /usr/lib/softhsm/libsofthsm2.so ] || missing+=(softhsm2)
  command -v pkcs11-tool >/dev/null || missing+=(opensc)
  [ -x "$nginx" ] || missing+=(nginx)
  [ -x "$caddy" ] || missing+=(caddy)
  [ -x "$haproxy" ] || missing+=(haproxy)
  command -v lintian >/dev/null || missing+=(lintian)
  command -v systemd-analyze >/dev/null || missing+=(systemd)
  command -v man >/dev/null || missing+=(man-db)
  command -v ip >/dev/null || missing+=(iproute2)
  "$python" -c 'import yaml' 2>/dev/null || missing+=(python3-yaml)
  [ -d /usr/share/gocode/src/github.com/Masterminds/sprig ] || missing+=(golang-github-masterminds-sprig-dev)
  [ -d /usr/share/gocode/src/sigs.k8s.io/yaml ] || missing+=(golang-k8s-sigs-yaml-dev)
  [ -x "$promtool" ] || missing+=(prometheus)
  command -v afl-fuzz >/dev/null || missing+=(afl++)
  [ ${#missing[@]} -eq 0 ] && return 0
  local as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
  # The proxies are started by their tests alone, and Prometheus by nobody.
  "${as_root[@]}" apt-get update && "${as_root[@]}" env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
}

install_npm() { (cd "$npm_root" && npm ci --no-audit --no-fund) && (cd tests/packaging && npm ci --no-audit --no-fund --omit=optional); }

# The build holds the code to every other rule already.
formatting() {
  dotnet format whitespace . --folder --verify-no-changes --exclude artifacts/ --exclude tests/providers/node_modules/ --exclude tests/packaging/node_modules/ &&
    dotnet format style ClawPdp.sln --verify-no-changes --no-restore --diagnostics IMPORTS
}

publish() {
  # What an earlier version published is no part of this one.
  rm -rf "${binary%/*}"
  # The build has asked the analyzers; the linker's warnings are those that count here.
  dotnet publish src/ClawPdp.Server -c Release -r linux-x64 --nologo -p:RunAnalyzers=false -p:EnforceCodeStyleInBuild=false | tee "$logs/publish-output.log" || return 1
  ! grep -qi 'warning' <(grep -v ' 0 Warning' "$logs/publish-output.log")
}

buf() { "$npm_root/node_modules/@bufbuild/buf-linux-x64/bin/buf" "$@"; }

# Against the protos of the last commit before this one that changed them; a first version breaks nobody.
buf_breaking() {
  local before=$logs/protos-before
  rm -rf "$before" && mkdir -p "$before"
  git archive "$1" protos buf.yaml | tar -x -C "$before"
  buf breaking --against "$before"
}

# reasons LOG: names the few tests that were skipped; of many, each reason once with its count. The log has it below the name.
reasons() {
  local skips
  skips=$(grep -A 1 -E '^skipped ' "$1")
  if [ "$(grep -c '^skipped ' <<<"$skips")" -gt 5 ]; then
    skips=$(grep -vE '^(skipped |--)' <<<"$skips" | sed 's/^ *//' | sort | uniq -c | sed 's/^ */skipped: /')
  fi
  sed 's/^/      /' <<<"$skips"
}

# unended HUNG LOG: names the tests that ended in the second run and not in the first, which hung.
unended() {
  comm -13 <(ended "$1") <(ended "$2") | head -n 20 | sed 's/^/      had not ended: /'
}

ended() { sed -nE 's/^(passed|failed|skipped) ([^ ]+.*)$/\2/p' "$1" | sed -E 's/ \([0-9hms ]+\)$//' | sort -u; }

# run_tests PROJECT [NAME [OPTION...]]: adds the counts that the test program prints, and names what it skipped.
run_tests() {
  local project=$1 started=$SECONDS
  local name=${2:-${project##*/}}
  local log=$logs/${name//[^A-Za-z0-9.]/-}.log
  shift "$(($# < 2 ? $# : 2))"
  local code=124 attempt
  # A program that does not end is ended and run once more, and said to be: a hang is a fault to look for, not one to wait for.
  for attempt in 1 2; do
    timeout -k 10 "$limit" dotnet test --project "$project" -c Release --no-build --output Detailed "$@" >"$log" 2>&1 </dev/null
    code=$?
    [ "$code" -eq 124 ] || break
    printf 'hang  %s: did not end within %s s (attempt %s)\n' "$name" "$limit" "$attempt"
    # The program outlives the command that started it.
    pkill -KILL -f "^$root/artifacts/bin/${project##*/}/release/${project##*/} "
    [ "$attempt" -eq 2 ] || mv "$log" "$log.hung"
  done
  [ "$attempt" -eq 1 ] || unended "$log.hung" "$log"
  local total failures ignored
  total=$(sed -n 's/^ *total: *\([0-9]*\).*/\1/p' "$log" | tail -n 1)
  failures=$(sed -n 's/^ *failed: *\([0-9]*\).*/\1/p' "$log" | tail -n 1)
  ignored=$(sed -n 's/^ *skipped: *\([0-9]*\).*/\1/p' "$log" | tail -n 1)
  if [ -z "$total" ] || { [ "$code" -ne 0 ] && [ "${failures:-0}" -eq 0 ]; }; then
    failed=$((failed + 1))
    printf 'FAIL  %s: ended with code %s, the end of its log:\n' "$name" "$code"
    grep -vE '^(passed |  from )' "$log" | tail -n 40 | sed 's/^/      /'
    return
  fi
  passed=$((passed + total - failures - ignored))
  failed=$((failed + failures))
  skipped=$((skipped + ignored))
  printf '%s  %s: %s of %s (%ss)\n' "$([ "$failures" -eq 0 ] && echo 'ok  ' || echo FAIL)" "$name" "$((total - failures - ignored))" "$total" "$((SECONDS - started))"
  [ "$failures" -eq 0 ] || grep -A 25 -E '^failed ' "$log" | grep -vE '^(passed |  from )' | head -n 150 | sed 's/^/      /'
  [ "$ignored" -eq 0 ] || reasons "$log"
}

# Adds the counts that the clients of the other languages print, a line each.
run_clients() {
  local log=$logs/clients.log started=$SECONDS counts
  timeout -k 10 1500 clients/test.sh >"$log" 2>&1 </dev/null
  local code=$?
  counts=$(sed -n 's/^[a-z]*: \([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped$/\1 \2 \3/p' "$log")
  local one two three sum=0
  while read -r one two three; do
    passed=$((passed + ${one:-0})) failed=$((failed + ${two:-0})) skipped=$((skipped + ${three:-0})) sum=$((sum + ${one:-0}))
  done <<<"$counts"
  if [ "$code" -eq 0 ] && [ "$sum" -gt 0 ]; then
    printf 'ok    clients of Python, TypeScript and Go, packages for C#: %s (%ss)\n' "$sum" "$((SECONDS - started))"
    return
  fi
  grep -qE '^[0-9]+ [1-9]' <<<"$counts" || failed=$((failed + 1))
  printf 'FAIL  clients of Python, TypeScript and Go, packages for C#: ended with code %s, the end of their log:\n' "$code"
  tail -n 100 "$log" | sed 's/^/      /'
}

if [ "$mode" = full ]; then
  step 'install Debian packages' install_debian || finish
  step 'install npm packages' install_npm || finish
  export SUITE_BINARY=$binary SUITE_PROVIDERS=$npm_root SUITE_PYTHON=$python SUITE_CHROMIUM=$chromium SUITE_PROTOC=$protoc SUITE_GO=$go
  export SUITE_NGINX=$nginx SUITE_CADDY=$caddy SUITE_HAPROXY=$haproxy SUITE_PROMTOOL=$promtool
else
  unset SUITE_BINARY SUITE_PROVIDERS SUITE_PYTHON SUITE_CHROMIUM SUITE_PROTOC SUITE_GO SUITE_NGINX SUITE_CADDY SUITE_HAPROXY SUITE_PROMTOOL
fi

step 'build' dotnet build ClawPdp.sln -c Release --nologo || finish

# Projects that need nothing else are tested while the formatting is looked at, which takes one core, and while the binary is made.
beside_format=(Core Crypto Engine TransparencyLog)
beside_publish=(Architecture Audit Authoring)
begin 'format' formatting
for name in "${beside_format[@]}"; do
  run_tests "tests/ClawPdp.$name.Tests"
done
end 'format'

[ "$mode" = full ] && begin 'native publish without warnings' publish
for name in "${beside_publish[@]}"; do
  run_tests "tests/ClawPdp.$name.Tests"
done

if [ "$mode" = full ]; then
  step 'buf lint' buf lint
  step 'buf format' buf format --diff --exit-code
  step 'generated clients' env SUITE_PROVIDERS="$npm_root" clients/generate.sh --check
  previous=$(git log --skip=1 -n 1 --format=%H -- protos 2>/dev/null)
  if [ -n "$previous" ]; then
    step 'buf breaking' buf_breaking "$previous"
  else
    skip 'buf breaking' 'there is no earlier version of the protos in this checkout'
  fi
  end 'native publish without warnings' || finish
  step 'published files' eng/check-binary.sh "${binary%/*}" linux-x64 && sed 's/^/      /' "$logs/published-files.log"
  step 'bill of materials' tests/packaging/sbom.sh "${binary%/*}"
  step 'Kubernetes manifests and chart' tests/packaging/kubernetes.sh "$binary"
  as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
  if "${as_root[@]}" unshare --mount --pid --fork true 2>/dev/null; then
    step 'Debian package: built, installed, run, removed' tests/packaging/deb.sh "${binary%/*}"
    step 'container: its root, run' "${as_root[@]}" tests/packaging/container.sh "${binary%/*}"
  else
    skip 'Debian package, container' 'they need root, or sudo without a question, and namespaces'
  fi
  step 'native demo --once' "$binary" demo --once
else
  skip 'buf, native build, real identity provider, second verifier, browser, stock clients of four languages, proxies, packages' 'fast: they need packages beside the SDK'
fi

step 'demo --once' dotnet run -c Release --no-build --project src/ClawPdp.Server -- demo --once

for project in tests/*.Tests; do
  name=${project#tests/ClawPdp.}
  [[ " ${beside_format[*]} ${beside_publish[*]} " = *" ${name%.Tests} "* ]] || run_tests "$project"
done

if [ "$mode" = full ]; then
  # The doors once more, now those of the binary that is shipped; above they were those of the same code in the test's process.
  SUITE_DOORS=$binary run_tests tests/ClawPdp.Server.Tests 'doors of the published binary' --filter-trait Door=published
  run_clients
  # Four groups of parsers side by side; SUITE_FUZZ_SECONDS fuzzes for longer.
  step 'fuzz' tests/fuzz/run.sh --seconds "${SUITE_FUZZ_SECONDS:-60}" && sed 's/^/      /' "$logs/fuzz.log"
fi

finish
