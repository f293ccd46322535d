#!/usr/bin/env bash
# Makes the Debian package of what was published: the executable with its two libraries, the service, an example configuration,
# manual and licences. The bytes follow from the content and the time that is given alone.
#
# usage: eng/deb.sh --binary-dir DIR [--rid linux-x64|linux-arm64] [--version V] [--commit ID] [--out FOLDER]
#   --binary-dir  a publish folder, or a folder with the same three files.
#   --version     the version of the package; that of the executable when absent, which must run here then.
#   --commit      the commit that is named in the changelog; that of the checkout when absent.
#   --out         where the package goes; artifacts/packages by default.
# DEB_LEVEL is how hard the package is compressed, 0 to 9; 6 when absent.
# SOURCE_DATE_EPOCH is the time of every file; that of the commit when absent. DEBFULLNAME and DEBEMAIL name the maintainer.
set -euo pipefail
umask 022
root=$(cd "$(dirname "$0")/.." && pwd)
packaging=$root/packaging
rid=linux-x64
binary_dir='' version='' commit=''
out=$root/artifacts/packages

usage() {
  sed -n '5,11s/^# \{0,1\}//p' "$0" >&2
  exit 64
}

while [ $# -gt 0 ]; do
  [ -n "${2:-}" ] || usage
  case "$1" in
    --binary-dir) binary_dir=$2 ;;
    --rid) rid=$2 ;;
    --version) version=$2 ;;
    --commit) commit=$2 ;;
    --out) out=$2 ;;
    *) usage ;;
  esac
  shift 2
done

case "$rid" in
  linux-x64) architecture=amd64 ;;
  linux-arm64) architecture=arm64 ;;
  *) usage ;;
esac
[ -x "$binary_dir/clawpdp" ] || usage
[ -n "$version" ] || version=$("$binary_dir/clawpdp" --version | sed 's/+.*//')
[ -n "$commit" ] || commit=$(git -C "$root" rev-parse HEAD)
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct)} TZ=UTC LC_ALL=C
maintainer="${DEBFULLNAME:-The ClawPdp contributors} <${DEBEMAIL:-maintainers@clawpdp.invalid}>"
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

# fill FILE: gives a template with the values of this package.
fill() {
  sed -e "s|@VERSION@|$version|" -e "s|@ARCHITECTURE@|$architecture|" -e "s|@MAINTAINER@|$maintainer|" -e "s|@COMMIT@|$commit|" \
    -e "s|@DATE@|$(date --rfc-email --date="@$SOURCE_DATE_EPOCH")|" -e "s|@SIZE@|${size:-0}|" "$1"
}

put() { install -D --mode="$1" "$2" "$tree$3"; }

zip() { gzip --best --no-name >"$tree$1"; }

chmod 0755 "$tree"
put 0755 "$binary_dir/clawpdp" /usr/lib/clawpdp/clawpdp
put 0644 "$binary_dir/libe_sqlite3.so" /usr/lib/clawpdp/libe_sqlite3.so
put 0644 "$binary_dir/libsodium.so" /usr/lib/clawpdp/libsodium.so
mkdir -p "$tree/usr/bin"
ln -s ../lib/clawpdp/clawpdp "$tree/usr/bin/clawpdp"
put 0644 "$packaging/systemd/clawpdp.service" /lib/systemd/system/clawpdp.service
for file in README clawpdp.json.example scope-mapping.json.example; do
  put 0644 "$packaging/etc/$file" "/etc/clawpdp/$file"
done
put 0644 "$packaging/completion/clawpdp" /usr/share/bash-completion/completions/clawpdp
doc=/usr/share/doc/clawpdp
put 0644 "$packaging/debian/copyright" $doc/copyright
put 0644 "$packaging/debian/README.Debian" $doc/README.Debian
put 0644 "$root/eng/THIRD-PARTY-NOTICES.txt" $doc/THIRD-PARTY-NOTICES.txt
put 0644 "$("$root/eng/notices.sh" "$root")" $doc/NOTICES-dotnet.txt
zip $doc/changelog.gz <"$root/CHANGELOG.md"
fill "$packaging/debian/changelog.in" | zip $doc/changelog.Debian.gz
mkdir -p "$tree/usr/share/man/man8"
zip /usr/share/man/man8/clawpdp.8.gz <"$packaging/man/clawpdp.8"
put 0644 "$packaging/debian/lintian-overrides" /usr/share/lintian/overrides/clawpdp

size=$(find "$tree" -type f -printf '%s\n' | awk '{ sum += int(($1 + 1023) / 1024) } END { print sum }')
mkdir "$tree/DEBIAN"
fill "$packaging/debian/control.in" >"$tree/DEBIAN/control"
install -m 0644 "$packaging/debian/conffiles" "$tree/DEBIAN/conffiles"
for script in postinst prerm postrm; do
  install -m 0755 "$packaging/debian/$script" "$tree/DEBIAN/$script"
done
(cd "$tree" && find . -path ./DEBIAN -prune -o -type f -printf '%P\0' | sort --zero-terminated | xargs --null md5sum) >"$tree/DEBIAN/md5sums"
chmod 0644 "$tree"/DEBIAN/{control,md5sums,conffiles}
find "$tree" -type d -exec chmod 0755 {} +
find "$tree" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +

mkdir -p "$out"
package=$out/clawpdp_${version}_$architecture.deb
# One thread, as the pieces that several make are others.
dpkg-deb --root-owner-group -Zxz -z"${DEB_LEVEL:-6}" --threads-max=1 --build "$tree" "$package" >/dev/null
echo "$package"
