#!/usr/bin/env bash
# Builds the Debian package twice and compares, looks at it with lintian and systemd-analyze, and installs, runs, removes and purges it in a
# throw-away machine with systemd as its first process. Needs root, or sudo without a question, for the machine.
#
# usage: tests/packaging/deb.sh BINARY-DIR
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
binary_dir=$1
# Of the exposure that systemd reckons, in tenths; 100 is a service without any restriction.
exposure_max=15
as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
work=$(mktemp -d)
trap '"${as_root[@]}" rm -rf --one-file-system "$work"' EXIT
export DEB_LEVEL=1

echo '# built twice: another folder, another mask of modes, another zone'
"$root/eng/deb.sh" --binary-dir "$binary_dir" --out "$work/machine"
(umask 077 && mkdir "$work/again" && TZ=Asia/Tokyo TMPDIR=$work/again "$root/eng/deb.sh" --binary-dir "$binary_dir" --out "$work/again")
package=$(cd "$work/machine" && echo *.deb)
cmp "$work/machine/$package" "$work/again/$package"

echo '# lintian'
lintian --fail-on error,warning --allow-root "$work/machine/$package"

echo '# the manual'
man --warnings -l -Tutf8 "$root/packaging/man/clawpdp.8" 2>&1 >/dev/null | tee "$work/man"
[ ! -s "$work/man" ]
"$binary_dir/clawpdp" --help | sed -n '/^Commands:/,$s/^  \([a-z-]*\) .*/\1/p' >"$work/commands"
[ "$(wc -l <"$work/commands")" -gt 10 ]
while read -r command; do
  grep -qFx ".B ${command//-/\\-}" "$root/packaging/man/clawpdp.8" || { echo "the manual does not name $command"; exit 1; }
  grep -qwF -- "$command" "$root/packaging/completion/clawpdp" || { echo "the completion does not name $command"; exit 1; }
done <"$work/commands"

echo "# systemd-analyze security: at most $exposure_max of 100"
systemd-analyze security --offline=yes --threshold="$exposure_max" --no-pager "$root/packaging/systemd/clawpdp.service" | tail -n 1

echo '# a machine of its own'
cp "$root/tests/packaging/deb-in-machine.sh" "$root/tests/packaging/identity-provider.py" "$root/docs/install.md" "$work/machine/"
code=0
"${as_root[@]}" timeout -k 10 180 "$root/tests/packaging/machine.sh" "$work/machine" deb-in-machine.sh || code=$?
cat "$work/machine/deb-in-machine.sh.log" || true
if [ "$code" -ne 0 ]; then
  tail -n 30 "$work/machine/console"
  exit "$code"
fi
