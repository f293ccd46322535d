#!/usr/bin/env bash
# Looks at a publish folder: exactly the expected files, a stripped executable that needs the C library alone, and no path of
# the machine that built it. Prints the sizes.
#
# usage: eng/check-binary.sh FOLDER RID
set -euo pipefail
folder=$1
rid=$2
fail() {
  echo "check-binary: $*" >&2
  exit 1
}

case "$rid" in
  linux-x64) machine='Advanced Micro Devices X86-64' loader=ld-linux-x86-64.so.2 ;;
  linux-arm64) machine=AArch64 loader=ld-linux-aarch64.so.1 ;;
  *) fail "unknown platform $rid" ;;
esac

files=$(cd "$folder" && find . -mindepth 1 -printf '%P\n' | LC_ALL=C sort | tr '\n' ' ')
[ "$files" = 'clawpdp libe_sqlite3.so libsodium.so ' ] || fail "the folder holds: $files"
for file in clawpdp libe_sqlite3.so libsodium.so; do
  readelf --file-header --wide "$folder/$file" | grep -q "Machine: *$machine" || fail "$file is for another machine"
  # The dynamic loader, the C library and its maths: on every Linux with glibc.
  needed=$(readelf --dynamic --wide "$folder/$file" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
  strange=$(grep -vxE "lib(c|m|pthread|dl|rt)\.so\.[0-9]+|$loader" <<<"$needed" || true)
  [ -z "$strange" ] || fail "$file needs $strange"
  if readelf --dynamic --wide "$folder/$file" | grep -qE '\((RPATH|RUNPATH)\)'; then
    fail "$file looks for libraries in a folder of its own"
  fi
done

sections=$(readelf --section-headers --wide "$folder/clawpdp")
! grep -qE ' \.(symtab|debug_[a-z]+) ' <<<"$sections" || fail 'the executable is not stripped'
! grep -qaF "$HOME/" "$folder/clawpdp" || fail 'the executable holds a path below the home of its builder'
root=$(cd "$(dirname "$0")/.." && pwd)
! grep -qaF "$root" "$folder/clawpdp" || fail 'the executable holds the path of its source'
# The newest version of the C library that is asked for says on which systems it runs.
glibc=$(readelf --version-info --wide "$folder/clawpdp" | grep -oE 'GLIBC_[0-9.]+' | sort -Vu | tail -n 1)
for file in clawpdp libe_sqlite3.so libsodium.so; do
  echo "check-binary: $file $(stat -c %s "$folder/$file") bytes"
done
echo "check-binary: $rid, needs $glibc"
