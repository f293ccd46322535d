#!/usr/bin/env bash
# Writes the bill of materials twice and compares, holds it against the official schema, and looks for what must be in it.
#
# usage: tests/packaging/sbom.sh BINARY-DIR
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
binary_dir=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for name in a b; do
  "$root/eng/sbom.py" --binary-dir "$binary_dir" --rid linux-x64 --version 1.0.0 --commit 0123 --commit-time 1000000000 --out "$work/$name.json"
done
cmp "$work/a.json" "$work/b.json"
node "$root/tests/packaging/schemas.mjs" sbom "$work/a.json"
grep -q '"timestamp": "2001-09-09T01:46:40Z"' "$work/a.json"
sha256sum "$binary_dir/clawpdp" | cut -d ' ' -f 1 | grep -qFf - "$work/a.json"
# Whatever the executable's own list of dependencies has is in it: every package of the notices for third parties.
for name in Google.Protobuf Grpc.AspNetCore.Server NSec.Cryptography libsodium sqlite Spectre.Console System.CommandLine YamlDotNet Microsoft.Data.Sqlite \
  Microsoft.IdentityModel.Tokens SQLitePCLRaw.core Microsoft.NETCore.App.Runtime.NativeAOT.linux-x64 Microsoft.AspNetCore.App.Runtime.linux-x64; do
  grep -q "\"name\": \"$name\"" "$work/a.json" || { echo "$name is missing"; exit 1; }
done
! grep -qi 'analyzer' "$work/a.json" || exit 1
# A bill with a member that CycloneDX does not know is refused: the check checks.
sed 's/"bomFormat"/"bomFormats"/' "$work/a.json" >"$work/wrong.json"
! node "$root/tests/packaging/schemas.mjs" sbom "$work/wrong.json" 2>/dev/null || exit 1
echo "ok: $(grep -c '"bom-ref"' "$work/a.json") components"
