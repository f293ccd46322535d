#!/usr/bin/env bash
# Renders the chart, holds the manifest that is made of it against it, and checks every object: against the schema of the Kubernetes API, against the
# Pod Security Standard "restricted", and its configuration with `clawpdp config check`.
#
# usage: tests/packaging/kubernetes.sh BINARY [--write]
#   --write  writes packaging/kubernetes/daemonset.yaml anew.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
binary=$1
chart=$root/packaging/helm/clawpdp
manifests=$root/packaging/kubernetes
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo '# the chart, by the template language of Helm'
GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS= go build -o "$work/render" "$root/tests/packaging/chart/render.go"
render() { "$work/render" "$chart" pdp agents "$@"; }
{
  echo '# Made of the chart packaging/helm/clawpdp with daemonset-values.yaml by tests/packaging/kubernetes.sh --write.'
  render "$manifests/daemonset-values.yaml"
} >"$work/daemonset.yaml"
[ "${2:-}" != --write ] || cp "$work/daemonset.yaml" "$manifests/daemonset.yaml"
diff "$manifests/daemonset.yaml" "$work/daemonset.yaml"
render "$manifests/daemonset-values.yaml" "$root/tests/packaging/chart/statefulset-values.yaml" >"$work/statefulset.yaml"
render "$manifests/daemonset-values.yaml" "$root/tests/packaging/chart/metrics-values.yaml" >"$work/metrics.yaml"
render "$manifests/daemonset-values.yaml" "$root/tests/packaging/chart/metrics-values.yaml" "$root/tests/packaging/chart/crl-values.yaml" >"$work/crl.yaml"
echo 'tls: { crl: { configMapName: "" } }' >"$work/own-secret.yaml"
render "$manifests/daemonset-values.yaml" "$root/tests/packaging/chart/crl-values.yaml" "$work/own-secret.yaml" >"$work/crl-in-secret.yaml"
[ "$(grep -c '"/etc/clawpdp/crl/between.crl"' "$work/crl.yaml")" = 2 ]
! grep -q clawpdp-revoked "$work/crl-in-secret.yaml" || exit 1

echo '# what has no default must be given'
! render 2>"$work/refused" || exit 1
cat "$work/refused"
for missing in 'image: { repository: "" }' 'config: { issuers: [] }' 'config: { scopeMappings: [] }' 'tls: { secretName: "" }' 'tls: { spiffeIds: [] }'; do
  echo "$missing" >"$work/missing.yaml"
  ! render "$manifests/daemonset-values.yaml" "$work/missing.yaml" 2>/dev/null >"$work/out" || { echo "rendered without: $missing"; exit 1; }
done
for missing in 'metrics: { spiffeIds: [] }' 'metrics: { enabled: false }' 'metrics: { serviceMonitor: { tlsConfig: null } }'; do
  echo "$missing" >"$work/missing.yaml"
  ! render "$manifests/daemonset-values.yaml" "$root/tests/packaging/chart/metrics-values.yaml" "$work/missing.yaml" 2>/dev/null >"$work/out" || { echo "rendered without: $missing"; exit 1; }
done

for wrong in 'tls: { crl: { keys: [] } }' 'tls: { crl: { secretName: another } }'; do
  echo "$wrong" >"$work/wrong.yaml"
  ! render "$manifests/daemonset-values.yaml" "$root/tests/packaging/chart/crl-values.yaml" "$work/wrong.yaml" 2>/dev/null >"$work/out" || { echo "rendered with: $wrong"; exit 1; }
done

if command -v helm >/dev/null; then
  helm lint --strict "$chart" --values "$manifests/daemonset-values.yaml"
  helm template pdp "$chart" --namespace agents --values "$manifests/daemonset-values.yaml" >"$work/helm.yaml"
  diff <(/usr/bin/python3 "$root/tests/packaging/manifests.py" json "$work/helm.yaml") <(/usr/bin/python3 "$root/tests/packaging/manifests.py" json "$work/daemonset.yaml")
else
  echo 'helm is not on this machine: not linted by it'
fi

echo '# every object and every configuration'
for file in "$manifests/sidecar.yaml" "$work/daemonset.yaml" "$work/statefulset.yaml" "$work/metrics.yaml" "$work/crl.yaml" "$work/crl-in-secret.yaml"; do
  /usr/bin/python3 "$root/tests/packaging/manifests.py" json "$file" >"$work/objects.json"
  node "$root/tests/packaging/schemas.mjs" objects "$work/objects.json"
  /usr/bin/python3 "$root/tests/packaging/manifests.py" check "$file" "$binary"
done
# A misspelt member is found: the check checks.
sed 's/"readOnlyRootFilesystem"/"readOnlyRootFileSystem"/' "$work/objects.json" >"$work/misspelt.json"
! node "$root/tests/packaging/schemas.mjs" objects "$work/misspelt.json" 2>/dev/null || exit 1

echo '# the schema of the values: the defaults fit, and a misspelt name does not'
/usr/bin/python3 "$root/tests/packaging/manifests.py" json "$chart/values.yaml" | sed '1d;$d' >"$work/values.json"
node "$root/tests/packaging/schemas.mjs" json "$chart/values.schema.json" "$work/values.json"
sed 's/"networkPolicy"/"networkPolicies"/' "$work/values.json" >"$work/misspelt.json"
! node "$root/tests/packaging/schemas.mjs" json "$chart/values.schema.json" "$work/misspelt.json" 2>/dev/null || exit 1
