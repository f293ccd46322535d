#!/usr/bin/env bash
# Starts a throw-away machine: this one's files under a layer in memory, systemd as its first process, and runs one script in it as a
# service. Nothing that the script installs, writes or starts is there afterwards. Needs root.
#
# usage: tests/packaging/machine.sh FOLDER SCRIPT
#   FOLDER  is /suite in the machine, and stays.
#   SCRIPT  a script in it, run by bash. Its output goes to FOLDER/SCRIPT.log; its exit code is that of this program.
set -euo pipefail
folder=$(cd "$1" && pwd)
script=$2

# Control groups of its own: the machine's systemd must see nothing of those that are here.
if [ "${MACHINE_STAGE:-}" = '' ]; then
  hierarchy=$(sed -n 's/^[^ ]* \([^ ]*\) cgroup2 .*/\1/p' /proc/mounts | head -n 1)
  [ -n "$hierarchy" ] || { echo 'machine: there is no cgroup2' >&2; exit 1; }
  group=$hierarchy/clawpdp-suite-$$
  mkdir "$group"
  code=0
  MACHINE_STAGE=mounts bash -c 'echo $$ >"$1/cgroup.procs" && exec unshare --mount --cgroup --propagation private "${@:2}"' \
    machine "$group" "$0" "$folder" "$script" || code=$?
  find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true
  exit "$code"
fi

layer=$(mktemp -d)
mount -t tmpfs -o mode=0755 machine "$layer"
mkdir "$layer/upper" "$layer/work" "$layer/root"
mount -t overlay machine -o "lowerdir=/,upperdir=$layer/upper,workdir=$layer/work" "$layer/root"
root=$layer/root

mount -t tmpfs -o mode=0755 machine "$root/run"
mount -t tmpfs -o mode=1777 machine "$root/tmp"
mount -t tmpfs -o mode=0755 machine "$root/dev"
for device in null zero full random urandom tty; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/shm" "$root/dev/pts"
mount -t tmpfs -o mode=1777 machine "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 machine "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
touch "$folder/console" "$root/dev/console"
mount --bind "$folder/console" "$root/dev/console"
mount --bind /sys "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mkdir -p "$root/suite"
mount --bind "$folder" "$root/suite"

# Only what the service itself wants: no devices, no logins, no clock.
rm -rf "$root"/lib/systemd/system/*.target.wants "$root"/etc/systemd/system/*.target.wants "$root"/lib/systemd/system-generators "$root"/etc/machine-id "$root"/usr/sbin/policy-rc.d
echo 5e4bc0de5e4bc0de5e4bc0de5e4bc0de >"$root/etc/machine-id"
mkdir -p "$root/run/systemd/system"
cat >"$root/run/systemd/system/suite.service" <<UNIT
[Unit]
DefaultDependencies=no
SuccessAction=exit-force
FailureAction=exit-force
[Service]
Type=oneshot
ExecStart=/bin/bash /suite/$script
StandardOutput=append:/suite/$script.log
StandardError=inherit
Environment=PATH=/usr/sbin:/usr/bin:/sbin:/bin
UNIT

export container=suite
unset MACHINE_STAGE
mkdir "$root/run/before"
exec unshare --pid --fork --kill-child --mount --net --ipc --uts /bin/bash -c '
  cd "$1" && pivot_root . run/before && exec chroot . /bin/bash -c "
    mount -t proc proc /proc && umount --lazy /run/before && mount --make-rshared / && exec /lib/systemd/systemd --system --unit=suite.service --show-status=false"' machine "$root"
