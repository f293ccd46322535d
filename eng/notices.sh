#!/usr/bin/env bash
# Prints the path of the file that says what the .NET runtime contains, of the version that a checkout is locked to.
#
# usage: eng/notices.sh CHECKOUT
set -euo pipefail
version=$(sed -n '/"Microsoft.DotNet.ILCompiler"/,/}/s/.*"resolved": "\(.*\)".*/\1/p' "$1/src/ClawPdp.Server/packages.lock.json" | head -n 1)
file=${NUGET_PACKAGES:-$HOME/.nuget/packages}/microsoft.dotnet.ilcompiler/$version/THIRD-PARTY-NOTICES.TXT
[ -r "$file" ] || {
  echo "notices: $file is not there; publish once" >&2
  exit 1
}
echo "$file"
