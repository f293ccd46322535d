# Run by tests/packaging/deb.sh as root in a throw-away machine, whose first process is systemd. The package lies beside this script.
set -euo pipefail
cd /suite
package=$(echo ./*.deb)
export DEBIAN_FRONTEND=noninteractive

say() { printf '# %s\n' "$*"; }

fail() {
  printf 'FAIL: %s\n' "$*"
  systemctl status --no-pager --full clawpdp.service || true
  tail -n 20 sidecar.log || true
  exit 1
}

# is STATE: the service's state as systemd tells it.
is() { [ "$(systemctl show --property ActiveState --value clawpdp.service)" = "$1" ]; }

# until_so COMMAND...: at most ten seconds.
until_so() {
  local tries
  for ((tries = 0; tries < 100; tries++)); do
    "$@" && return 0
    sleep 0.1
  done
  fail "not in ten seconds: $*"
}

property() { systemctl show --property "$1" --value clawpdp.service; }

as() { runuser -u "$1" -- "${@:2}"; }

# block ID: the commands of a block of the documentation by its id in tests/Documentation; the page lies beside this script.
block() {
  local page language number
  read -r page language number <<<"$1"
  awk -v fence="\`\`\`$language" -v wanted="$number" '$0 == fence { n++; on = (n == wanted); next } /^```/ { on = 0 } on' "${page##*/}"
}

ip link set lo up
# There is no journal here.
mkdir -p /etc/systemd/system/clawpdp.service.d
printf '[Service]\nStandardOutput=append:/suite/sidecar.log\nStandardError=inherit\n' >/etc/systemd/system/clawpdp.service.d/suite.conf

say 'install as the page says: enabled, not started'
examples=$(block 'docs/install.md sh 2')
start=$(block 'docs/install.md sh 3')
[ "$(wc -l <<<"$examples")" -gt 3 ] && [ "$(wc -l <<<"$start")" -gt 2 ] || fail 'the page has no such commands'
bash -exc "$(sed -n 1p <<<"$examples")"
[ "$(systemctl is-enabled clawpdp.service)" = enabled ] || fail 'not enabled'
is inactive || fail 'it runs without a configuration'
[ "$(property ConditionResult)" = no ] || fail 'the condition is not looked at'
[ ! -e /etc/clawpdp/clawpdp.json ] || fail 'there is a configuration by default'
[ "$(stat -c %a:%U:%G /etc/clawpdp)" = 750:root:clawpdp ] || fail 'the folder of the configuration is open'
dpkg --verify clawpdp
systemd-analyze verify /lib/systemd/system/clawpdp.service

say 'the examples, as the page says'
bash -exc "$(sed 1d <<<"$examples")"
clawpdp config check /etc/clawpdp/clawpdp.json

say 'a provider and a group that are there, and a port for curl'
python3 identity-provider.py 7999 id-token &
provider=$!
trap 'kill $provider' EXIT
until_so curl --silent --output /dev/null http://127.0.0.1:7999/keys
sed -i -e 's|https://sign-in.example.com/oauth2/default|http://127.0.0.1:7999|' -e 's/CLIENT-ID-OF-THE-AGENT-HOST/agent-host/' \
  -e 's|"http": null|"http": "127.0.0.1:7081"|' /etc/clawpdp/clawpdp.json
sed -i 's/GROUP-OF-YOUR-IDENTITY-PROVIDER/engineers/' /etc/clawpdp/scope-mapping.json

say 'start, as the page says: it is there when systemctl says so'
useradd --system --groups clawpdp-agents agent
bash -exc "$start" || fail 'it does not start'
is active || fail 'it is not active'
as agent clawpdp health --server unix:/run/clawpdp/clawpdp.sock
[ "$(stat -c %a:%U /var/lib/clawpdp)" = 700:clawpdp ] || fail 'the data are open'
[ "$(stat -c %a:%U:%G /run/clawpdp)" = 750:clawpdp:clawpdp-agents ] || fail 'the folder of the sockets'
[ "$(stat -c %a:%U:%G /run/clawpdp/clawpdp.sock)" = 660:clawpdp:clawpdp-agents ] || fail 'the socket'
[ "$(stat -c %a:%U /run/clawpdp/admin.sock)" = 600:clawpdp ] || fail 'the socket of the administrator'
! as nobody clawpdp health --server unix:/run/clawpdp/clawpdp.sock || fail 'others reach the socket'
! as agent cat /etc/clawpdp/clawpdp.json 2>/dev/null || fail 'agents read the configuration'

say 'the process: no privileges, filtered calls'
pid=$(property MainPID)
grep -E '^(NoNewPrivs|Seccomp|CapBnd|CapEff|Groups):' "/proc/$pid/status"
grep -q '^NoNewPrivs:.1' "/proc/$pid/status" && grep -q '^Seccomp:.2' "/proc/$pid/status" && grep -q '^CapBnd:.0000000000000000' "/proc/$pid/status" ||
  fail 'the restrictions are not in force'
# In its own view of the machine: what it may write, and that is all.
! nsenter --mount --target "$pid" touch /etc/clawpdp/x /usr/x 2>/dev/null || fail 'the system is writable'
nsenter --mount --target "$pid" touch /var/lib/clawpdp/x && rm /var/lib/clawpdp/x
# None of its memory is both writable and executable.
! grep -E '^[0-9a-f-]+ .wx' "/proc/$pid/maps" || fail 'writable and executable memory'

say 'a passphrase, where there is one, is handed to the service alone'
[ ! -e /run/credentials/clawpdp.service/clawpdp-keys ] || fail 'a credential out of nothing'
mkdir -p /etc/credstore
(umask 077 && echo 'the passphrase of the suite' >/etc/credstore/clawpdp-keys)
systemctl restart clawpdp.service
pid=$(property MainPID)
[ "$(as clawpdp cat /run/credentials/clawpdp.service/clawpdp-keys)" = 'the passphrase of the suite' ] || fail 'the passphrase is not there'
! as agent cat /run/credentials/clawpdp.service/clawpdp-keys 2>/dev/null || fail 'others read the passphrase'

say 'a policy, a token, an allow, a denial'
printf '%s' '{"policy_version":"2","policy_id":"pol_suite","issuer_did":"did:web:example.com","statements":[
  {"sid":"github","effect":"Allow","actions":["tool:execute","side_effect:network_egress"],"resources":["github","api.github.com"]}]}' >policy.json
chmod 0644 policy.json
as clawpdp clawpdp policy sign /suite/policy.json --data /var/lib/clawpdp --out /var/lib/clawpdp/policy.signed.json
mv /var/lib/clawpdp/policy.signed.json policy.signed.json
hash=$(clawpdp policy hash policy.json)
clawpdp policy put policy.signed.json
clawpdp policy activate "$hash" --reason 'the suite'
ask() { curl --silent --output answer --write-out '%{http_code}' http://127.0.0.1:7081/v1/forward-auth -H "x-cst: $1" -H "x-forwarded-host: $2"; }
cst=$(curl --silent http://127.0.0.1:7081/oauth2/token --data-urlencode grant_type=urn:ietf:params:oauth:grant-type:token-exchange \
  --data-urlencode subject_token_type=urn:ietf:params:oauth:token-type:id_token --data-urlencode subject_token@id-token \
  --data-urlencode agent_did=did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK | tee issued | sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p')
[ -n "$cst" ] || fail "no token: $(cat issued)"
[ "$(ask "$cst" api.github.com)" = 200 ] || fail "not allowed: $(cat answer)"
[ "$(ask "$cst" api.example.com)" = 403 ] || fail 'what is not granted is allowed'

say 'a revocation outlives a crash; systemd starts it again'
clawpdp revoke --issued-before now --reason 'the suite'
[ "$(ask "$cst" api.github.com)" = 401 ] || fail 'the revocation does not hold'
kill -9 "$pid"
new_process() { [ "$(property MainPID)" != "$pid" ] && is active; }
until_so new_process
[ "$(property NRestarts)" = 1 ] || fail 'it was not started again'
[ "$(ask "$cst" api.github.com)" = 401 ] || fail 'the revocation is forgotten'

say 'stop: everything is finished, exit code 0'
systemctl stop clawpdp.service
[ "$(property Result)" = success ] || fail "stopped with $(property Result)"
as clawpdp clawpdp ledger check /var/lib/clawpdp | tail -n 1

say 'keys encrypted under the passphrase that systemd hands over'
install --owner clawpdp --mode 0600 /etc/credstore/clawpdp-keys /run/passphrase
as clawpdp clawpdp keys encrypt --data /var/lib/clawpdp --passphrase-file /run/passphrase
rm /run/passphrase
! grep -l '"seed_b64u"' /var/lib/clawpdp/keys/* || fail 'a key is there in the clear'
sed -i 's|"decision_log"|"keys": { "passphrase_credential": "clawpdp-keys" },\n  "decision_log"|' /etc/clawpdp/clawpdp.json
systemctl start clawpdp.service || fail 'it does not start with encrypted keys'
as agent clawpdp health --server unix:/run/clawpdp/clawpdp.sock
[ "$(ask "$cst" api.github.com)" = 401 ] || fail 'the revocation is forgotten'
systemctl stop clawpdp.service

say 'a wrong configuration: 78, and no further start'
cp /etc/clawpdp/clawpdp.json good.json
sed -i 's/"audiences"/"audience"/' /etc/clawpdp/clawpdp.json
! systemctl start clawpdp.service 2>/dev/null || fail 'it starts with a wrong configuration'
[ "$(property ExecMainStatus)" = 78 ] && is failed || fail "ended with $(property ExecMainStatus)"
cp good.json /etc/clawpdp/clawpdp.json
chgrp clawpdp /etc/clawpdp/clawpdp.json
systemctl reset-failed clawpdp.service
systemctl start clawpdp.service || fail 'it does not start again'

say 'remove: stopped, everything of the user stays'
dpkg --remove clawpdp
! pgrep -u clawpdp >/dev/null || fail 'it still runs'
[ -e /var/lib/clawpdp/ledger.db ] && [ -e /etc/clawpdp/clawpdp.json ] && [ -e /etc/clawpdp/README ] || fail 'something was taken away'
getent passwd clawpdp >/dev/null || fail 'the user is gone'

say 'install again: the same data'
dpkg --install "$package"
is active || fail 'it does not go on'
[ "$(ask "$cst" api.github.com)" = 401 ] || fail 'the revocation is forgotten'

say 'purge: what the administrator made, and the records, stay'
dpkg --purge clawpdp
[ -e /var/lib/clawpdp/ledger.db ] && [ -e /etc/clawpdp/clawpdp.json ] || fail 'something was taken away'
[ ! -e /etc/clawpdp/README ] || fail 'the package left a file of its own'
getent passwd clawpdp >/dev/null || fail 'the user is gone, and its number may become another one'

say 'purge without data: nothing is left'
dpkg --install "$package"
systemctl stop clawpdp.service
rm -r /var/lib/clawpdp /etc/clawpdp/*.json /etc/clawpdp/policies
dpkg --purge clawpdp
[ ! -e /var/lib/clawpdp ] && [ ! -e /etc/clawpdp ] || fail 'folders are left'
! getent passwd clawpdp >/dev/null && ! getent group clawpdp >/dev/null || fail 'the user or its group is left'
# With a member in it the administrator's group stays.
getent group clawpdp-agents >/dev/null || fail 'a group with members was taken away'
say 'all of it held'
