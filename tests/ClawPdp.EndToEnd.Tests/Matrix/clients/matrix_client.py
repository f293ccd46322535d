"""The client for Python as callers of the fault matrix have it: one process, which reads a question a line and answers each with a line.

A question is ``ID VERB ADDRESS FILE``, parted by tabs; the answer is ``ID ANSWER``. Clients are kept by their file, as an agent keeps its own.
"""

import os
import sys
import threading

import grpc

from clawpdp import Action, Client
from clawpdp.v1 import reason_pb2 as reasons
from clawpdp.v1 import token_service_pb2 as tokens
from clawpdp.v1 import token_service_pb2_grpc as token_calls

TOOL = "github"
TIMEOUT = 2.0

clients = {}
lock = threading.Lock()


def read(path):
    with open(path, encoding="ascii") as file:
        return file.read()


def kept(address, path):
    with lock:
        if path not in clients:
            clients[path] = Client(address, token=lambda: read(path), timeout=TIMEOUT)
        return clients[path]


def words(decision):
    return "ALLOWED" if decision.allowed else decision.reason


def ask(address, path):
    return words(kept(address, path).authorize(Action(tool=TOOL)))


def issue(address, path):
    request = tokens.IssueCstRequest(id_token=read(path), agent_did=os.environ["AGENT_DID"], audiences=["clawpdp"])
    try:
        answer = token_calls.TokenServiceStub(kept(address, path).channel).IssueCst(request, timeout=3.0)
    except grpc.RpcError as error:
        return error.code().name
    if answer.WhichOneof("outcome") == "issued":
        return "ISSUED"
    return reasons.ReasonCode.Name(answer.refusal.reason_code)[len("REASON_CODE_"):]


def drop(_, path):
    with lock:
        client = clients.pop(path, None)
    if client:
        client.close()
    return "dropped"


def fail():
    raise OSError("no token today")


def once(address, path, action=Action(tool=TOOL), **options):
    with Client(address, **{"token": lambda: read(path), "timeout": TIMEOUT, **options}) as client:
        return words(client.authorize(action))


def refused(make):
    try:
        return make()
    except (ValueError, TypeError) as error:
        return type(error).__name__


def closed(address, path):
    client = Client(address, token=lambda: read(path))
    client.close()
    return words(client.authorize(Action(tool=TOOL)))


VERBS = {
    "ask": ask,
    "issue": issue,
    "drop": drop,
    "fresh": once,
    "no-token": lambda address, path: once(address, path, token=fail),
    "no-json": lambda address, path: refused(lambda: once(address, path, Action(tool=TOOL, args={"number": float("nan")}))),
    "too-large": lambda address, path: once(address, path, Action(tool="x" * (5 << 20))),
    "no-time": lambda address, path: once(address, path, timeout=1e-9),
    "closed": closed,
    "elsewhere": lambda address, path: refused(lambda: once("192.0.2.1:7080", path)),
    "untrusted": lambda address, path: once(address, path, tls=grpc.ssl_channel_credentials()),
}


def answer(line):
    name, verb, address, path = line.split("\t")
    try:
        said = VERBS[verb](address, path)
    except Exception as error:  # What the client must not raise is no denial, and is told.
        said = f"raised {type(error).__name__}"
    with lock:
        print(name, said, sep="\t", flush=True)


for given in sys.stdin:
    threading.Thread(target=answer, args=(given.rstrip("\n"),), daemon=True).start()
