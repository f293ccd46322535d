#!/bin/sh
# Lays out the root of the image: what is published, and every library that it loads, from the system that this runs on.
#
# usage: root.sh FOLDER-WITH-THE-THREE-FILES TO
set -eu
from=$1
to=$2
umask 022

# library FILE: copies a library of the system under its own path, without links.
library() {
  [ -e "$to$1" ] && return 0
  mkdir -p "$to$(dirname "$1")"
  cp -L "$1" "$to$1"
}

mkdir -p "$to/usr/bin" "$to/usr/lib/clawpdp" "$to/etc/ssl/certs" "$to/etc/clawpdp" "$to/var/lib" "$to/run" "$to/usr/share/doc/clawpdp"
for file in clawpdp libe_sqlite3.so libsodium.so; do
  cp "$from/$file" "$to/usr/lib/clawpdp/$file"
  chmod 0755 "$to/usr/lib/clawpdp/$file"
done
ln -s ../lib/clawpdp/clawpdp "$to/usr/bin/clawpdp"
for file in LICENSE THIRD-PARTY-NOTICES.txt NOTICES-dotnet.txt; do
  [ ! -e "$from/$file" ] || cp "$from/$file" "$to/usr/share/doc/clawpdp/$file"
done

# What the loader looks for, for the three files and for OpenSSL, which the runtime loads by itself for ID tokens and TLS.
ssl=$(ldconfig -p | sed -n 's/^[[:space:]]*libssl\.so\.3 (libc6.*) => //p' | head -n 1)
crypto=$(ldconfig -p | sed -n 's/^[[:space:]]*libcrypto\.so\.3 (libc6.*) => //p' | head -n 1)
[ -n "$ssl" ] && [ -n "$crypto" ] || { echo "root.sh: libssl3 is missing" >&2; exit 1; }
for file in "$from/clawpdp" "$from/libe_sqlite3.so" "$from/libsodium.so" "$ssl" "$crypto"; do
  case "$file" in "$from"/*) ;; *) library "$file" ;; esac
  for needed in $(ldd "$file" | sed -n 's/^.*=> \(\/[^ ]*\) .*$/\1/p; s/^[[:space:]]*\(\/[^ ]*\) (.*$/\1/p'); do
    library "$needed"
  done
done
# The C library loads this one for names in /etc/hosts and DNS where they are not part of it.
for module in files dns; do
  found=$(ldconfig -p | sed -n "s/^[[:space:]]*libnss_$module\.so\.2 (libc6.*) => //p" | head -n 1)
  [ -z "$found" ] || library "$found"
done

cp /etc/ssl/certs/ca-certificates.crt "$to/etc/ssl/certs/ca-certificates.crt"
echo 'clawpdp:x:65532:65532:ClawPdp:/var/lib/clawpdp:/usr/sbin/nologin' >"$to/etc/passwd"
echo 'clawpdp:x:65532:' >"$to/etc/group"
echo 'hosts: files dns' >"$to/etc/nsswitch.conf"
# A volume that is new takes over owner and mode of the folder below it.
mkdir -p "$to/var/lib/clawpdp" "$to/run/clawpdp" "$to/tmp"
chmod 0700 "$to/var/lib/clawpdp"
chmod 0750 "$to/run/clawpdp"
chmod 1777 "$to/tmp"
chown 65532:65532 "$to/var/lib/clawpdp" "$to/run/clawpdp"
