#!/usr/bin/env bash
# Builds the release of the commit that is checked out: for each platform an archive with the native executable, its two
# libraries and the licences, a Debian package and a bill of materials, and SHA256SUMS over all of them. The result follows from
# the commit and the SDK alone: it is built from a clone, and holds no path, no time of the build, no name of a user or a host.
#
# usage: eng/release.sh [--rid linux-x64|linux-arm64|all] [--check] [--out FOLDER]
#   --rid    what to build; linux-x64 by default. linux-arm64 on x64 needs gcc-aarch64-linux-gnu and libc6-dev-arm64-cross.
#   --check  builds twice, from two clones in two folders, one after the other, and fails unless every byte is the same.
#   --out    where the archives go; artifacts/release by default. Symbols for debuggers go into its folder `symbols`.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
rids=(linux-x64)
check=false
out=$root/artifacts/release

usage() {
  sed -n '6,9s/^# \{0,1\}//p' "$0" >&2
  exit 64
}

while [ $# -gt 0 ]; do
  case "$1" in
    --rid)
      case "${2:-}" in
        linux-x64 | linux-arm64) rids=("$2") ;;
        all) rids=(linux-x64 linux-arm64) ;;
        *) usage ;;
      esac
      shift
      ;;
    --check) check=true ;;
    --out) [ -n "${2:-}" ] || usage; out=$(mkdir -p "$2" && cd "$2" && pwd); shift ;;
    *) usage ;;
  esac
  shift
done

# What the publish folder holds, and nothing else.
expected=(clawpdp libe_sqlite3.so libsodium.so)
commit=$(git -C "$root" rev-parse HEAD)
commit_time=$(git -C "$root" log -1 --format=%ct HEAD)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CI=true DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 TZ=UTC LC_ALL=C

if [ -n "$(git -C "$root" status --porcelain --untracked-files=no)" ]; then
  echo "release: there are changes that are not committed; they are not in this release" >&2
fi

# build CLONE: clones the commit and builds every platform there.
build() {
  local clone=$1 rid
  mkdir -p "$(dirname "$clone")"
  git clone --quiet --no-checkout "$root" "$clone"
  git -C "$clone" -c advice.detachedHead=false checkout --quiet "$commit"
  for rid in "${rids[@]}"; do
    echo "release: building $rid of $commit"
    (cd "$clone" && dotnet publish src/ClawPdp.Server -c Release -r "$rid" --nologo) >"$clone.$rid.log" 2>&1 || {
      tail -n 40 "$clone.$rid.log" >&2
      exit 1
    }
    if grep -i 'warning' "$clone.$rid.log" | grep -qv ' 0 Warning'; then
      grep -i 'warning' "$clone.$rid.log" >&2
      exit 1
    fi
    "$root/eng/check-binary.sh" "$clone/artifacts/publish/ClawPdp.Server/release_$rid" "$rid"
  done
}

# pack CLONE TO: packs what was built into archives whose bytes depend on the content alone.
pack() {
  local clone=$1 to=$2 rid version published name
  mkdir -p "$to/symbols"
  version=$(cd "$clone" && dotnet msbuild src/ClawPdp.Server -getProperty:Version)
  for rid in "${rids[@]}"; do
    published=$clone/artifacts/publish/ClawPdp.Server/release_$rid
    name=clawpdp-$version-$rid
    mkdir -p "$clone.stage/$name"
    (cd "$published" && install -m 0755 clawpdp "$clone.stage/$name/" && install -m 0644 "${expected[@]:1}" "$clone.stage/$name/")
    install -m 0644 "$clone/LICENSE" "$clone/eng/THIRD-PARTY-NOTICES.txt" "$clone.stage/$name/"
    install -m 0644 "$("$clone/eng/notices.sh" "$clone")" "$clone.stage/$name/NOTICES-dotnet.txt"
    tar --create --directory "$clone.stage" --format=ustar --sort=name --mtime="@$commit_time" --owner=0 --group=0 --numeric-owner "$name" |
      gzip -9 --no-name >"$to/$name.tar.gz"
    install -m 0644 "$clone/artifacts/bin/ClawPdp.Server/release_$rid/native/clawpdp.dbg" "$to/symbols/$name.dbg"
    SOURCE_DATE_EPOCH=$commit_time "$clone/eng/deb.sh" --binary-dir "$published" --rid "$rid" --version "$version" --commit "$commit" --out "$to" >/dev/null
    "$clone/eng/sbom.py" --binary-dir "$published" --rid "$rid" --version "$version" --commit "$commit" --commit-time "$commit_time" --out "$to/$name.cdx.json"
    # The executable is compared by itself, too, so that a difference is found where it is.
    sha256sum "$clone.stage/$name/clawpdp" | sed "s| .*|  $name/clawpdp|" >>"$to/executables"
  done
  (cd "$to" && sha256sum ./*.tar.gz ./*.deb ./*.cdx.json | sed 's|\./||' >SHA256SUMS)
}

# describe TO: sizes of what was made, in bytes.
describe() {
  local archive
  for archive in "$1"/*.tar.gz; do
    echo "release: ${archive##*/} $(stat -c %s "$archive") bytes"
    tar --list --verbose --gzip --file "$archive" | awk '$1 !~ /^d/ { print "release:   " $6 " " $3 " bytes" }'
  done
  for archive in "$1"/*.deb "$1"/*.cdx.json; do
    echo "release: ${archive##*/} $(stat -c %s "$archive") bytes"
  done
}

build "$work/a"
pack "$work/a" "$work/out"
if [ "$check" = true ]; then
  # Another depth, another length of path, a later time.
  build "$work/another/folder/with a longer name"
  pack "$work/another/folder/with a longer name" "$work/again"
  for list in executables SHA256SUMS; do
    if ! diff "$work/out/$list" "$work/again/$list" >&2; then
      echo "release: the two builds differ" >&2
      exit 1
    fi
  done
  echo "release: two builds from two folders are the same, byte for byte"
fi

mkdir -p "$out/symbols"
rm -f "$out"/*.tar.gz "$out"/*.deb "$out"/*.cdx.json "$out"/SHA256SUMS "$out"/symbols/*
cp "$work"/out/*.tar.gz "$work"/out/*.deb "$work"/out/*.cdx.json "$work/out/SHA256SUMS" "$out/"
cp "$work"/out/symbols/* "$out/symbols/"
describe "$out"
cat "$out/SHA256SUMS"
