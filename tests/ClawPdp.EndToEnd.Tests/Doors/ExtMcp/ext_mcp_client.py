"""Asks as agentgateway does, with stubs of the protos and as raw bytes. Prints the name of each case that holds.

usage: PYTHONPATH=STUBS ext_mcp_client.py HOST:PORT TOKEN-FILE
"""

import base64
import hashlib
import json
import sys

import grpc
from agentgateway.dev.ext_mcp import ext_mcp_pb2 as mcp
from agentgateway.dev.ext_mcp import ext_mcp_pb2_grpc as rpc

CHANNEL = grpc.insecure_channel(sys.argv[1])
TOKEN = open(sys.argv[2], encoding="ascii").read().strip()
STUB = rpc.ExtMcpStub(CHANNEL)


def call(name, services=("files",), token=TOKEN, headers=(), **arguments):
    """What the gateway sends for a call of a tool: the pseudo-headers first."""
    request = mcp.McpRequest(service_names=services, method="tools/call", mcp_request=json.dumps({"name": name, "arguments": arguments}).encode())
    pairs = [(":authority", "gateway"), (":method", "POST"), ("authorization", "Bearer " + token), *headers]
    request.headers.extend(mcp.McpHeader(key=key, value=value.encode()) for key, value in pairs)
    return request


def ask(request):
    return STUB.CheckRequest(request, timeout=20)


def listing(names, services=("files",), token=TOKEN):
    result = {"tools": [{"name": name, "inputSchema": {"type": "object"}} for name in names]}
    response = mcp.McpResponse(service_names=services, method="tools/list", mcp_response=json.dumps(result).encode())
    response.metadata_context.update({"cst": token})
    return STUB.CheckResponse(response, timeout=20)


def varint(number):
    groups = []
    while number > 127:
        groups.append(number & 127 | 128)
        number >>= 7
    return bytes(groups + [number])


def field(number, value):
    return varint(number << 3 | 2) + varint(len(value)) + value


def allowed():
    result = ask(call("read", path="/x"))
    assert result.WhichOneof("result") == "pass", result
    assert result.metadata["clawpdp_decision_id"].startswith("dec_"), result


def not_allowed():
    error = ask(call("read", services=("splunk",))).error
    assert error.code == mcp.AuthorizationError.PERMISSION_DENIED and error.reason.startswith("TOOL_NOT_ALLOWED: "), error
    body = json.loads(error.mcp_error)
    assert body["code"] == -32001 and body["message"] == error.reason and body["data"]["error"] == "TOOL_NOT_ALLOWED", body


def other_acts():
    request = call("read")
    request.method = "resources/read"
    assert ask(request).WhichOneof("result") == "pass"
    request.service_names[0] = "splunk"
    assert ask(request).error.reason.startswith("TOOL_NOT_ALLOWED: ")


def no_token():
    error = ask(call("read", token="")).error
    assert error.code == mcp.AuthorizationError.PERMISSION_DENIED and error.reason.startswith("TOKEN_REQUIRED: "), error


def digest():
    canonical = json.dumps({"a": [1, "ä"], "b": None}, separators=(",", ":"), ensure_ascii=False).encode()
    right = base64.urlsafe_b64encode(hashlib.sha256(canonical).digest()).decode().rstrip("=")
    assert ask(call("read", headers=[("x-claw-args-hash", right)], b=None, a=[1, "ä"])).WhichOneof("result") == "pass"
    assert ask(call("read", headers=[("x-claw-args-hash", right)], b=None, a=[2, "ä"])).error.code == mcp.AuthorizationError.INVALID


def session():
    for method in ("initialize", "ping", "notifications/initialized", "tools/list", "prompts/list"):
        assert ask(mcp.McpRequest(method=method)).WhichOneof("result") == "pass", method


def unknown():
    for method in ("completion/complete", "sampling/createMessage", "tools/call ", ""):
        assert ask(mcp.McpRequest(method=method)).error.code == mcp.AuthorizationError.PERMISSION_DENIED, method
        assert STUB.CheckResponse(mcp.McpResponse(method=method), timeout=20).error.code == mcp.AuthorizationError.PERMISSION_DENIED, method


def filtered():
    assert listing(["read", "write"]).WhichOneof("result") == "pass"
    assert json.loads(listing(["read"], services=("splunk",)).mutated) == {"tools": []}
    merged = json.loads(listing(["files_read", "splunk_search"], services=("files", "splunk")).mutated)
    assert [tool["name"] for tool in merged["tools"]] == ["files_read"], merged
    assert listing(["read"], token="").error.code == mcp.AuthorizationError.PERMISSION_DENIED


def numbers():
    """Byte for byte: service_names 1, method 2, mcp_request 4, headers 5 {key 1, value 2}; result pass 1, error 3 {code 1, reason 2, mcp_error 3}."""
    ask_raw = CHANNEL.unary_unary("/agentgateway.dev.ext_mcp.ExtMcp/CheckRequest")
    message = field(2, b"tools/call") + field(4, b'{"name":"read"}') + field(5, field(1, b"x-cst") + field(2, TOKEN.encode()))
    allow = ask_raw(field(1, b"files") + message, timeout=20)
    assert allow[:2] == b"\x0a\x00" and allow[2] == 5 << 3 | 2, allow
    deny = ask_raw(field(1, b"splunk") + message, timeout=20)
    assert deny[0] == 3 << 3 | 2 and b"\x08\x01\x12" in deny[:8] and b"\x1a" in deny, deny


for case in (allowed, not_allowed, other_acts, no_token, digest, session, unknown, filtered, numbers):
    case()
    print("holds", case.__name__, flush=True)
