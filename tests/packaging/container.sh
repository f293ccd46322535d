#!/usr/bin/env bash
# Lays out the root of the image as its Dockerfile does, on this Debian, and runs the sidecar in it: user 65532, a root that is read-only but for
# its volumes, no privileges, no other file, no network but its own loopback. Needs root.
#
# usage: tests/packaging/container.sh BINARY-DIR
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
if [ "${CONTAINER_STAGE:-}" = '' ]; then
  CONTAINER_STAGE=mounts exec unshare --mount --net --propagation private "$0" "$(cd "$1" && pwd)"
fi
unset CONTAINER_STAGE
binary_dir=$1
work=$(mktemp -d)
pid=''
end() {
  [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
  umount --recursive "$work/image" 2>/dev/null || true
  rm -rf --one-file-system "$work"
}
trap end EXIT
ip link set lo up

echo '# the Dockerfile, by a parser'
node "$root/tests/packaging/schemas.mjs" dockerfile "$root/packaging/docker/Dockerfile"

echo '# the root of the image'
mkdir "$work/build" "$work/etc"
cp "$binary_dir"/{clawpdp,libe_sqlite3.so,libsodium.so} "$root/LICENSE" "$root/eng/THIRD-PARTY-NOTICES.txt" "$work/build/"
sh "$root/packaging/docker/root.sh" "$work/build" "$work/image"
(cd "$work/image" && find . -type f -printf '%p %s\n' | sort)
# Nothing that can be run but the sidecar and the loader, which is a library.
programs=$(find "$work/image" -type f -perm /111 ! -name '*.so*')
[ "$programs" = "$work/image/usr/lib/clawpdp/clawpdp" ] || { echo "other programs: $programs"; exit 1; }

echo '# run: read-only, user 65532, no capabilities, no network'
grep -v '"directory": "policies"' "$root/packaging/etc/clawpdp.json.example" | sed 's|"require_policy": true,|"require_policy": true|' >"$work/etc/clawpdp.json"
cp "$root/packaging/etc/scope-mapping.json.example" "$work/etc/scope-mapping.json"
image=$work/image
mount --bind "$image" "$image"
for volume in var/lib/clawpdp run/clawpdp tmp; do
  mount -t tmpfs -o "mode=$(stat -c %a "$image/$volume"),uid=65532,gid=65532" volume "$image/$volume"
done
mkdir "$image/proc" "$image/dev"
mount -t proc proc "$image/proc"
touch "$image/dev/null" "$image/dev/urandom"
mount --bind /dev/null "$image/dev/null"
mount --bind /dev/urandom "$image/dev/urandom"
mount --bind "$work/etc" "$image/etc/clawpdp"
mount -o remount,bind,ro "$image"
run() { chroot --userspec 65532:65532 --groups= "$image" "$@"; }
export CLAWPDP_CONFIG=/etc/clawpdp/clawpdp.json
run /usr/bin/clawpdp config check /etc/clawpdp/clawpdp.json
# What chroot itself needs is gone with its change of user.
setpriv --no-new-privs --bounding-set -all,+sys_chroot,+setuid,+setgid chroot --userspec 65532:65532 --groups= "$image" /usr/bin/clawpdp serve >"$work/log" 2>&1 &
pid=$!
for ((tries = 0; tries < 100; tries++)); do
  run /usr/bin/clawpdp health --server unix:/run/clawpdp/clawpdp.sock 2>/dev/null && break
  kill -0 "$pid" 2>/dev/null || { cat "$work/log"; exit 1; }
  sleep 0.1
done
run /usr/bin/clawpdp health --server unix:/run/clawpdp/clawpdp.sock || { cat "$work/log"; exit 1; }
grep -E '^(Uid|Groups|CapEff|NoNewPrivs)' "/proc/$pid/status"
! run /usr/bin/clawpdp keys generate --data /etc/data 2>/dev/null || { echo 'the root is writable'; exit 1; }
kill "$pid"
code=0
wait "$pid" || code=$?
pid=''
[ "$code" -eq 0 ] || { cat "$work/log"; exit 1; }

echo '# the whole demo in it: OpenSSL for the ID tokens, SQLite, libsodium'
run /usr/bin/clawpdp demo --once | tail -n 1
