"""Asks as Envoy does, with stubs of Envoy's own protos, and as raw bytes. Prints the name of each case that holds.

usage: PYTHONPATH=STUBS envoy_client.py HOST:PORT TOKEN-FILE
"""

import json
import sys

import grpc
from envoy.config.core.v3 import base_pb2 as base
from envoy.service.auth.v3 import attribute_context_pb2 as context
from envoy.service.auth.v3 import external_auth_pb2 as auth
from envoy.service.auth.v3 import external_auth_pb2_grpc as rpc

CHANNEL = grpc.insecure_channel(sys.argv[1])
TOKEN = open(sys.argv[2], encoding="ascii").read().strip()
OVERWRITE = base.HeaderValueOption.OVERWRITE_IF_EXISTS_OR_ADD
STUB = rpc.AuthorizationStub(CHANNEL)


def request(headers=None, raw=None, host="api.github.com", **extensions):
    """What Envoy sends for a GET, with its pseudo-headers among the headers."""
    http = context.AttributeContext.HttpRequest(id="1", method="GET", path="/repos?q=1", host=host, scheme="http", size=-1, protocol="HTTP/1.1")
    if raw is None:
        http.headers.update({":authority": host, ":method": "GET", ":path": "/repos?q=1", "accept": "*/*", **(headers or {})})
    else:
        http.header_map.headers.extend(base.HeaderValue(key=key, raw_value=value) for key, value in raw)
    attributes = context.AttributeContext(request=context.AttributeContext.Request(http=http), context_extensions=extensions)
    attributes.source.principal = "spiffe://example/agent"
    attributes.source.address.socket_address.address = "127.0.0.1"
    attributes.metadata_context.filter_metadata["envoy.filters.http.jwt_authn"].update({"sub": "x"})
    return auth.CheckRequest(attributes=attributes)


def check(message):
    return STUB.Check(message, timeout=20)


def denied(answer, code, status, reason):
    """A denial in full: never an empty response, never an error of Envoy's."""
    assert answer.WhichOneof("http_response") == "denied_response", answer
    headers = {option.header.key: option.header.value for option in answer.denied_response.headers}
    assert (answer.status.code, answer.denied_response.status.code, headers["x-claw-reason"]) == (code, status, reason), answer
    assert all(option.append_action == OVERWRITE for option in answer.denied_response.headers), answer
    assert headers["x-claw-decision-id"].startswith("dec_") and headers["x-claw-reason-class"], answer
    assert json.loads(answer.denied_response.body)["error"] == reason, answer
    return headers


def fields(data):
    """The fields of a message by number, read by hand: varints and bytes."""
    found, at = [], 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(data):
        tag = varint()
        if tag & 7 == 0:
            found.append((tag >> 3, varint()))
        else:
            assert tag & 7 == 2, tag
            length = varint()
            found.append((tag >> 3, data[at:at + length]))
            at += length
    return found


def allowed():
    answer = check(request({"x-cst": TOKEN, "x-claw-tool": "github"}))
    assert answer.status.code == 0 and answer.WhichOneof("http_response") == "ok_response", answer
    (option,) = answer.ok_response.headers
    assert option.header.key == "x-claw-decision-id" and option.header.value.startswith("dec_") and option.append_action == OVERWRITE, answer
    assert list(answer.ok_response.headers_to_remove) == ["x-cst"], answer


def bearer():
    answer = check(request({"authorization": "Bearer " + TOKEN}))
    assert answer.status.code == 0 and list(answer.ok_response.headers_to_remove) == ["authorization"], answer


def not_allowed():
    denied(check(request({"x-cst": TOKEN, "x-claw-tool": "splunk"})), 7, 403, "TOOL_NOT_ALLOWED")
    denied(check(request({"x-cst": TOKEN}, host="evil.example")), 7, 403, "EGRESS_NOT_ALLOWED")
    denied(check(request({"x-cst": TOKEN, "x-claw-host": "api.github.com"}, host="evil.example")), 7, 400, "REQUEST_INVALID")


def no_token():
    assert denied(check(request()), 16, 401, "TOKEN_REQUIRED")["www-authenticate"] == 'Bearer realm="clawpdp"'
    denied(check(request({"x-cst": TOKEN[:-1]})), 16, 401, "TOKEN_MALFORMED")


def malformed():
    denied(check(auth.CheckRequest()), 7, 400, "REQUEST_INVALID")
    denied(check(request({"x-cst": TOKEN, "x-claw-other": "1"})), 7, 400, "REQUEST_INVALID")
    denied(check(request({"x-cst": TOKEN, "x-claw-tool": "github,github"})), 7, 400, "REQUEST_INVALID")
    denied(check(request({"x-cst": TOKEN}, unknown="1")), 7, 400, "REQUEST_INVALID")


def raw_headers():
    token = ("x-cst", TOKEN.encode())
    assert check(request(raw=[token, ("x-claw-tool", b"github"), ("cookie", b"\xff"), ("cookie", b"a")])).status.code == 0
    denied(check(request(raw=[token, ("x-claw-tool", b"github"), ("x-claw-tool", b"splunk")])), 7, 400, "REQUEST_INVALID")
    denied(check(request(raw=[token, token])), 7, 400, "REQUEST_INVALID")


def operator():
    assert check(request({"x-cst": TOKEN}, host="gateway.internal", tool="github", host_from="none")).status.code == 0
    denied(check(request({"x-cst": TOKEN}, tool="splunk")), 7, 403, "TOOL_NOT_ALLOWED")
    denied(check(request({"x-cst": TOKEN, "x-claw-tool": "github"}, tool="files/read")), 7, 400, "REQUEST_INVALID")


def upstreams_own_authorization():
    answer = check(request({"x-cst": TOKEN, "authorization": "Bearer upstreams"}, token_from="x-cst"))
    assert answer.status.code == 0 and list(answer.ok_response.headers_to_remove) == ["x-cst"], answer
    denied(check(request({"x-cst": TOKEN, "authorization": "Bearer upstreams"})), 7, 400, "REQUEST_INVALID")


def numbers():
    """The answers byte for byte: status 1 {code 1}, denied 2 {status 1, headers 2, body 3}, allowed 3 {headers 2, remove 5}."""
    call = CHANNEL.unary_unary("/envoy.service.auth.v3.Authorization/Check")
    answer = dict(fields(call(request({"x-cst": TOKEN, "x-claw-tool": "splunk"}).SerializeToString(), timeout=20)))
    assert set(answer) == {1, 2}, answer
    assert fields(answer[1]) == [(1, 7)], answer
    inner = fields(answer[2])
    assert {number for number, _ in inner} == {1, 2, 3} and fields(dict(inner)[1]) == [(1, 403)], inner
    option = dict(fields(next(value for number, value in inner if number == 2)))
    assert option[3] == 2 and dict(fields(option[1]))[1] == b"x-claw-decision-id", option

    answer = dict(fields(call(request({"x-cst": TOKEN}).SerializeToString(), timeout=20)))
    # The code is zero, so that the status is there and empty.
    assert set(answer) == {1, 3} and answer[1] == b"", answer
    assert [number for number, _ in fields(answer[3])] == [2, 5], answer


for case in (allowed, bearer, not_allowed, no_token, malformed, raw_headers, operator, upstreams_own_authorization, numbers):
    case()
    print("holds", case.__name__, flush=True)
