#!/usr/bin/env bash
# Measures an empty gRPC handler (the floor), the published ClawPdp and Cerbos in one run, in turns, and writes benchmarks/results/DATE-COMMIT/.
# Usage: benchmarks/compare.sh [--quick] [--rounds N] [--seconds S] [--pins free,split] [--binary FILE] [--no-peers]; README.md says what is done.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
runtime=linux-$(uname -m | sed -e 's/x86_64/x64/' -e 's/aarch64/arm64/')
binary=$root/artifacts/publish/ClawPdp.Server/release_$runtime/clawpdp
floor=$root/artifacts/publish/ClawPdp.Floor/release_$runtime/clawpdp-floor
load=$root/artifacts/bin/ClawPdp.Load/release/ClawPdp.Load
cerbos=$here/peers/node_modules/@cerbos/cerbos-linux-x64/cerbos-linux-x64
peers=true
pass=()

while [ $# -gt 0 ]; do
  case $1 in
    --binary) binary=$(realpath "$2"); shift 2 ;;
    --no-peers) peers=false; shift ;;
    *) pass+=("$1"); shift ;;
  esac
done

need() {
  command -v "$1" > /dev/null || { echo "compare.sh: \`$1\` is missing: $2" >&2; exit 69; }
}

need python3 "install Python 3.9 or newer"
need taskset "apt-get install util-linux"
need curl "apt-get install curl"
need dotnet "install the .NET SDK that global.json names"
if ! command -v h2load > /dev/null; then
  echo "compare.sh: h2load is missing; trying apt-get install nghttp2-client" >&2
  apt-get install -y -qq nghttp2-client > /dev/null 2>&1 || true
  need h2load "apt-get install nghttp2-client"
fi

# What is there is measured as it is: the binary must be the one that the suite tested.
[ -x "$binary" ] || dotnet publish "$root/src/ClawPdp.Server" -c Release -r "$runtime" -v q
[ -x "$floor" ] || dotnet publish "$here/ClawPdp.Floor" -c Release -r "$runtime" -v q
[ -x "$load" ] || dotnet build "$here/ClawPdp.Load" -c Release -v q

if $peers && [ "$runtime" = linux-x64 ]; then
  if [ ! -x "$cerbos" ]; then
    need npm "install Node.js with npm, or leave the peers out with --no-peers"
    npm ci --prefix "$here/peers" --ignore-scripts --no-audit --no-fund
  fi
  pass+=(--cerbos "$cerbos")
fi

# Everything is started by this one process, which stops each server by its own id; it ends when this script does.
python3 -B "$here/compare/compare.py" --binary "$binary" --floor "$floor" --load "$load" "${pass[@]}" &
driver=$!
trap 'kill "$driver" 2> /dev/null || true; wait "$driver" 2> /dev/null || true' EXIT INT TERM HUP
wait "$driver"
