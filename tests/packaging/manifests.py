#!/usr/bin/python3
"""Looks at Kubernetes manifests.

usage: manifests.py json FILE            prints its objects as a JSON array
       manifests.py check FILE BINARY    checks pods against the standard "restricted" and our own rules, and configurations with the binary
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import yaml

PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
# What may be mounted under "restricted", and the one exception that docs/install.md tells of.
VOLUMES = {"configMap", "emptyDir", "projected", "secret", "persistentVolumeClaim", "hostPath"}


class Loader(yaml.SafeLoader):
    """Refuses a name that stands twice, which YAML forbids and PyYAML takes."""

    def construct_mapping(self, node, deep=False):
        names = [self.construct_object(key, deep=True) for key, _ in node.value]
        if len(names) != len(set(names)):
            raise ValueError(f"{node.start_mark}: a name stands twice in {names}")
        return super().construct_mapping(node, deep)


def objects_of(path):
    with open(path, encoding="utf-8") as file:
        return [entry for entry in yaml.load_all(file, Loader) if entry]


def need(condition, place, message):
    if not condition:
        sys.exit(f"{place}: {message}")


def check_container(place, pod, container):
    security = container.get("securityContext", {})
    need(security.get("allowPrivilegeEscalation") is False, place, "allowPrivilegeEscalation is not false")
    need(security.get("readOnlyRootFilesystem") is True, place, "the root is writable")
    need(security.get("capabilities") == {"drop": ["ALL"]}, place, "capabilities are not dropped")
    user = security.get("runAsUser", pod.get("securityContext", {}).get("runAsUser", 0))
    need(isinstance(user, int) and user >= 10000, place, "the user is a privileged one")
    need(not security.get("privileged"), place, "privileged")
    need("memory" in container.get("resources", {}).get("limits", {}), place, "no limit of memory")
    need("latest" not in container["image"] and (":" in container["image"] or "@" in container["image"]), place, "the image has no version")
    known = {volume["name"] for volume in pod.get("volumes", [])} | {"data", "clawpdp-data"}
    for mount in container.get("volumeMounts", []):
        need(mount["name"] in known, place, f"there is no volume {mount['name']}")


def check_pod(place, pod):
    need(pod.get("automountServiceAccountToken") is False, place, "a service account token is mounted")
    need(not any(pod.get(name) for name in ("hostNetwork", "hostPID", "hostIPC")), place, "a namespace of the node")
    security = pod.get("securityContext", {})
    need(security.get("runAsNonRoot") is True, place, "may run as root")
    need(security.get("seccompProfile") == {"type": "RuntimeDefault"}, place, "no filter of system calls")
    for volume in pod.get("volumes", []):
        need(len(volume) == 2 and (set(volume) - {"name"}) <= VOLUMES, place, f"the volume {volume['name']}")
    containers = pod.get("initContainers", []) + pod["containers"]
    users = []
    for container in containers:
        check_container(f"{place} {container['name']}", pod, container)
        users.append(container.get("securityContext", {}).get("runAsUser", security.get("runAsUser")))
        if container["name"] == "clawpdp":
            for probe in PROBES:
                need(container[probe]["exec"]["command"][:2] == ["/usr/bin/clawpdp", "health"], place, f"{probe} asks something else")
            need("--alive" in container["livenessProbe"]["exec"]["command"], place, "a sidecar that is degraded would be killed")
    need(len(set(users)) == len(users), place, "two containers share a user")
    return users


def mounted_in(pod):
    """Gives the files of the sidecar's projected volumes, by their paths in it."""
    files = set()
    for container in pod["containers"]:
        mounts = {mount["name"]: mount["mountPath"] for mount in container.get("volumeMounts", []) if container["name"] == "clawpdp"}
        for volume in pod.get("volumes", []):
            for source in volume.get("projected", {}).get("sources", []) if volume["name"] in mounts else []:
                items = [item for kind in source.values() for item in kind.get("items", [])]
                paths = [f"{mounts[volume['name']]}/{item['path']}" for item in items]
                need(not files & set(paths), container["name"], f"two files at one path in {paths}")
                files |= set(paths)
    return files


def check_configuration(place, data, users, mounted, binary):
    with tempfile.TemporaryDirectory() as folder:
        base = pathlib.Path(folder)
        for name, text in data.items():
            (base / name).write_text(text, encoding="utf-8")
        config = json.loads(data["clawpdp.json"])
        # Certificates and policies are not there when it is checked; that they are named rightly is.
        (base / "tls").mkdir()
        for listener in config["listen"]["listeners"]:
            for path in listener.get("tls", {}).get("client_crl_files", []):
                need(path in mounted, place, f"{path} is not mounted")
            for member in ("certificate_file", "key_file", "client_ca_file"):
                if member in listener.get("tls", {}):
                    need(listener["tls"][member] in mounted, place, f"{listener['tls'][member]} is not mounted")
                    listener["tls"][member] = str(base / "tls" / pathlib.Path(listener["tls"][member]).name)
            peers = listener.get("peers", {}).get("uids", [])
            need(all(uid in users for uid in peers), place, f"the listener {listener['name']} is for users that are not in the pod")
        make_certificate(base / "tls")
        config["data_directory"] = str(base / "data")
        config["policy"].pop("directory", None)
        (base / "clawpdp.json").write_text(json.dumps(config), encoding="utf-8")
        outcome = subprocess.run([binary, "config", "check", str(base / "clawpdp.json")], capture_output=True, text=True, check=False)
        need(outcome.returncode == 0, place, outcome.stdout + outcome.stderr)
    need(config["listen"]["grpc"] is None and config["listen"]["http"] is None, place, "a port that everybody in the pod reaches")
    need(config["policy"]["require_policy"] is True, place, "without a policy the scope alone would decide")
    for listener in config["listen"]["listeners"]:
        need("admin" not in listener["planes"], place, "administration is reachable from outside of the pod")
        need("address" not in listener or "client_ca_file" in listener["tls"], place, "a port without client certificates")


def make_certificate(folder):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj", "/CN=suite",
         "-addext", "subjectAltName=DNS:suite", "-keyout", str(folder / "tls.key"), "-out", str(folder / "tls.crt")],
        capture_output=True, check=True)
    (folder / "tls.key").chmod(0o600)
    (folder / "ca.crt").write_bytes((folder / "tls.crt").read_bytes())


def ports_of(objects):
    pods = [entry["spec"]["template"]["spec"] for entry in objects if entry["kind"] in ("DaemonSet", "StatefulSet")]
    return {port["name"] for pod in pods for container in pod["containers"] for port in container.get("ports", [])}


def check(path, binary):
    objects = objects_of(path)
    users, selectors, labels, mounted = [], [], {}, set()
    for entry in objects:
        place = f"{path}: {entry['kind']} {entry['metadata']['name']}"
        need(entry["metadata"].get("namespace") is None, place, "names a namespace")
        if entry["kind"] in ("DaemonSet", "StatefulSet"):
            template = entry["spec"]["template"]
            labels = template["metadata"]["labels"]
            selectors.append((place, entry["spec"]["selector"]["matchLabels"]))
            users = check_pod(place, template["spec"])
            mounted |= mounted_in(template["spec"])
        elif entry["kind"] == "Service":
            selectors.append((place, entry["spec"]["selector"]))
            need(all(port["targetPort"] in ports_of(objects) for port in entry["spec"]["ports"]), place, "leads to a port that no container has")
        elif entry["kind"] == "ServiceMonitor":
            services = [other for other in objects if other["kind"] == "Service"]
            selectors += [(place, entry["spec"]["selector"]["matchLabels"])]
            for endpoint in entry["spec"]["endpoints"]:
                need(endpoint["scheme"] == "https" and "cert" in endpoint["tlsConfig"], place, "no certificate is shown")
                need(any(endpoint["port"] == port["name"] for other in services for port in other["spec"]["ports"]), place, "no service has the port")
                need(all(entry["spec"]["selector"]["matchLabels"].items() <= other["metadata"]["labels"].items() for other in services), place, "selects no service")
        elif entry["kind"] == "NetworkPolicy":
            selectors.append((place, entry["spec"]["podSelector"]["matchLabels"]))
            need(sorted(entry["spec"]["policyTypes"]) == ["Egress", "Ingress"], place, "one direction is open")
    need(users, path, "no pod")
    for place, selector in selectors:
        need(selector and selector.items() <= labels.items(), place, "selects no pod of this file")
    configurations = [entry for entry in objects if entry["kind"] == "ConfigMap" and "clawpdp.json" in entry["data"]]
    need(len(configurations) == 1, path, "not one configuration")
    check_configuration(path, configurations[0]["data"], users, mounted, binary)
    print(f"ok {pathlib.Path(path).name}: {', '.join(entry['kind'] for entry in objects)}")


def main():
    match sys.argv[1:]:
        case ["json", path]:
            print(json.dumps(objects_of(path), indent=1, sort_keys=True))
        case ["check", path, binary]:
            check(path, binary)
        case _:
            sys.exit(__doc__)


main()
