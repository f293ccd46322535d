#!/usr/bin/env bash
# Fuzzes the parsers with AFL++, guided by coverage, the groups side by side.
#
# usage: tests/fuzz/run.sh [--seconds N] [--group NAME]... [--keep]
#
#   --seconds N    how long each group is fuzzed (60)
#   --group NAME   only this group: tokens, policies, evidence, doors; may be repeated
#   --keep         go on with what an earlier run found, in artifacts/fuzz
#
# Needs afl-fuzz (Debian: afl++) and the .NET SDK. Fails where an input crashed or hung a parser; its path is printed. Put such an input into
# regressions/GROUP, where the tests replay it, and mend the parser.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$root/artifacts/fuzz
seconds=60
groups=()
keep=false
while [ $# -gt 0 ]; do
  case $1 in
    --seconds) seconds=$2; shift 2 ;;
    --group) groups+=("$2"); shift 2 ;;
    --keep) keep=true; shift ;;
    *) sed -n '2,/^set /s/^# \{0,1\}//p' "$0" >&2; exit 64 ;;
  esac
done
[ ${#groups[@]} -gt 0 ] || groups=(tokens policies evidence doors)
command -v afl-fuzz >/dev/null || { echo 'afl-fuzz is not installed (Debian: afl++)' >&2; exit 69; }

# The instrumented assemblies are copies: what the tests and the product run stays as it was built.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
mkdir -p "$work"
dotnet build "$here/ClawPdp.Fuzz" -c Release -v q --nologo -p:RunAnalyzers=false -p:EnforceCodeStyleInBuild=false
rm -rf "$work/bin"
cp -R "$root/artifacts/bin/ClawPdp.Fuzz/release" "$work/bin"
(cd "$here" && dotnet tool restore --verbosity quiet)
for assembly in ClawPdp.Contracts ClawPdp.Core ClawPdp.Crypto ClawPdp.Engine ClawPdp.Identity ClawPdp.Authoring ClawPdp.Audit clawpdp YamlDotNet; do
  (cd "$here" && dotnet sharpfuzz "$work/bin/$assembly.dll" >/dev/null)
done

export AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_UI=1 AFL_NO_AFFINITY=1 AFL_FORKSRV_INIT_TMOUT=60000
export DOTNET_gcServer=0 DOTNET_TieredPGO=0
# Now and then the tool sees nothing of its very first input, and gives up before it has fuzzed anything: it begins anew then, twice at most.
fuzz() {
  local attempt begin
  for attempt in 1 2 3; do
    begin=$SECONDS
    [ "$attempt" -eq 1 ] || echo 'begins anew'
    if afl-fuzz -i "$2" -o "$work/$1" -m none -t 5000 -V "$seconds" -- dotnet "$work/bin/ClawPdp.Fuzz.dll" "$1" 2>&1 | tee "$work/$1.attempt"; then
      return 0
    fi
    if ! grep -q 'No instrumentation detected' "$work/$1.attempt" || [ $((SECONDS - begin)) -ge 30 ]; then
      return 1
    fi
  done
  return 1
}

pids=()
for group in "${groups[@]}"; do
  $keep || rm -rf "$work/$group"
  in=$here/seeds/$group
  [ -d "$work/$group/default/queue" ] && in=-
  fuzz "$group" "$in" >"$work/$group.log" 2>&1 &
  pids+=($!)
done
failed=false
for at in "${!groups[@]}"; do
  group=${groups[$at]}
  if ! wait "${pids[$at]}"; then
    failed=true
    echo "$group: afl-fuzz failed" >&2
    tail -n 20 "$work/$group.log" >&2
    continue
  fi
  stat() { sed -n "s/^$1 *: //p" "$work/$group/default/fuzzer_stats"; }
  echo "$group: $(stat execs_done) inputs, $(stat execs_per_sec) a second, $(stat corpus_count) ways found, coverage $(stat bitmap_cvg)"
  found=$(find "$work/$group/default/crashes" "$work/$group/default/hangs" -type f ! -name README.txt)
  if [ -n "$found" ]; then
    failed=true
    printf '%s\n' "$found"
  fi
done
! $failed
