"""What is compared: each subject answers the same question, in its own words, over TCP and over a Unix socket."""

import json
import os
import sqlite3
import subprocess

import wire
from servers import Server

ALLOWED_TOOL = "github"
DENIED_TOOL = "not-granted"
AUTHORIZE = "/clawpdp.v1.DecisionService/Authorize"
BATCH = "/clawpdp.v1.DecisionService/AuthorizeBatch"
CHECK = "/cerbos.svc.v1.CerbosService/CheckResources"
CERBOS_AUDIT = """audit:
  enabled: true
  accessLogsEnabled: false
  decisionLogsEnabled: true
  backend: local
  local:
    storagePath: "{folder}"
"""


class Subject:
    """One side of the comparison."""

    def __init__(self, name, path, ask, effect, server, unix_server=None):
        self.name = name
        self.path = path
        self.ask = ask
        self.effect = effect
        self.servers = {"tcp": server, "unix": unix_server or server}

    def server(self, transport):
        return self.servers[transport]

    def target(self, transport):
        server = self.servers[transport]
        return server.unix if transport == "unix" else server.target

    def check(self, transport, token):
        """Decodes an answer to a question that must be allowed, and to one that must be denied; gives the size of the first."""
        answer = wire.call(self.target(transport), self.path, self.ask(token, ALLOWED_TOOL))
        if self.effect(answer) != wire.ALLOW:
            raise RuntimeError(f"{self.name}: not allowed: {answer!r}")
        denied = wire.call(self.target(transport), self.path, self.ask(token, DENIED_TOOL))
        if self.name != "floor" and self.effect(denied) != wire.DENY:
            raise RuntimeError(f"{self.name}: not denied: {denied!r}")
        return len(answer)


class Rig:
    """The installation with its tokens, and the identity provider that stays up for it."""

    def __init__(self, load, binary, folder, tokens):
        self.folder = os.path.join(folder, "installation")
        self.provider = Server("rig", [*load, "rig", "--binary", binary, "--folder", self.folder, "--tokens", str(tokens)],
                               "127.0.0.1:0", log=os.path.join(folder, "rig.log"), stdin=subprocess.PIPE)
        self.provider.answers = lambda: os.path.exists(os.path.join(self.folder, "ready"))

    def start(self):
        self.provider.start(wait_seconds=600)
        with open(os.path.join(self.folder, "tokens.txt"), encoding="ascii") as lines:
            self.tokens = [line.strip() for line in lines]
        with open(os.path.join(self.folder, "policies.txt"), encoding="ascii") as lines:
            self.policies = [line.strip() for line in lines]

    def put_second_policy(self, binary):
        """Has the running sidecar hold the second policy; that it does already is no fault."""
        subprocess.run([binary, "policy", "put", os.path.join(self.folder, "policy-b.json"), "--server", "http://127.0.0.1:17080"], check=True, capture_output=True)

    def records(self):
        """How many records the ledger has."""
        connection = sqlite3.connect(f"file:{self.folder}/data/ledger.db?mode=ro", uri=True, timeout=10)
        try:
            return connection.execute("SELECT max(sequence) FROM record").fetchone()[0] or 0
        finally:
            connection.close()


def listen_on(folder, port):
    """Has an installation listen on ports of its own, and gives its configuration's path. What an older sidecar does not know is left out: nothing here administers."""
    path = os.path.join(folder, "clawpdp.json")
    with open(path, encoding="utf-8") as text:
        config = json.load(text)
    config["listen"] = {"grpc": f"127.0.0.1:{port}", "http": f"127.0.0.1:{port + 1}"}
    with open(path, "w", encoding="utf-8") as out:
        json.dump(config, out)
    return path


def write_cerbos_config(here, folder, rig, name, grpc, http, audit=""):
    with open(os.path.join(here, "peers", "cerbos", "config.yaml"), encoding="utf-8") as template:
        text = template.read()
    values = {"grpc": grpc, "http": http, "policies": os.path.join(here, "peers", "cerbos", "policies"), "jwks": os.path.join(rig.folder, "jwks.json"), "audit": audit}
    for key, value in values.items():
        text = text.replace("{" + key + "}", value)
    path = os.path.join(folder, f"{name}.yaml")
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    return path


def make(here, folder, rig, binary, floor, cerbos, pin):
    """Makes the servers, not yet started, and who is measured at them. `pin` is what taskset takes; None leaves them free."""
    prefix = ["taskset", "-c", pin] if pin else []

    def log(name):
        return os.path.join(folder, f"{name}.log")

    floor_socket = os.path.join(folder, "floor.sock")
    floor_server = Server("floor", [*prefix, floor, "17092", floor_socket], "127.0.0.1:17092", "unix:" + floor_socket, log=log("floor"))
    sidecar = Server("clawpdp", [*prefix, binary, "serve", "--config", os.path.join(rig.folder, "clawpdp.json")], "127.0.0.1:17080",
                     f"unix:{rig.folder}/data/clawpdp.sock", log=log("clawpdp"))
    subjects = [
        Subject("floor", AUTHORIZE, wire.authorize_request, wire.authorize_effect, floor_server),
        Subject("clawpdp", AUTHORIZE, wire.authorize_request, wire.authorize_effect, sidecar),
    ]
    if cerbos:
        subjects += cerbos_subjects(here, folder, rig, [*prefix, cerbos], log)
    return subjects


def cerbos_subjects(here, folder, rig, command, log):
    def server(name, grpc, http, audit=""):
        config = write_cerbos_config(here, folder, rig, name, grpc, http, audit)
        return Server(name, [*command, "server", f"--config={config}", "--log-level=error"], grpc, grpc, log=log(name))

    tcp = server("cerbos", "127.0.0.1:17090", "127.0.0.1:17091")
    unix = server("cerbos-unix", f"unix:{folder}/cerbos.sock", "127.0.0.1:17093")
    audit = server("cerbos-audit", "127.0.0.1:17094", "127.0.0.1:17095", CERBOS_AUDIT.replace("{folder}", os.path.join(folder, "cerbos-audit")))
    granted = ["tool:argo-cd", "tool:github", "tool:terraform"]

    def unsigned(token, tool):
        return wire.cerbos_request("", tool, granted)

    return [
        Subject("cerbos", CHECK, wire.cerbos_request, wire.cerbos_effect, tcp, unix),
        Subject("cerbos-audit", CHECK, wire.cerbos_request, wire.cerbos_effect, audit),
        Subject("cerbos-no-token", CHECK, unsigned, wire.cerbos_effect, tcp, unix),
    ]
