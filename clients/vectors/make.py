"""Prints the vectors that every client passes, as JSON: what a peer does, and what the client has to make of it.

usage: make.py STUBS; STUBS is the folder with the generated package `clawpdp`. The canonical forms are written by hand.
"""

import base64
import hashlib
import json
import sys
import types

# The stubs alone: the client of Python has no say in what it is held against.
package = types.ModuleType("clawpdp")
package.__path__ = [sys.argv[1] + "/clawpdp"]
sys.modules["clawpdp"] = package

from clawpdp.v1 import decision_service_pb2 as decisions  # noqa: E402
from clawpdp.v1 import reason_pb2 as reasons  # noqa: E402

TOKEN = "secret-of-the-agent"
STATUSES = (
    "CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED RESOURCE_EXHAUSTED "
    "FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED").split()
STATUS_REASONS = {
    "CANCELLED": ("CLIENT_CANCELLED", "transient"),
    "DEADLINE_EXCEEDED": ("CLIENT_DEADLINE", "transient"),
    "UNAVAILABLE": ("CLIENT_UNAVAILABLE", "transient"),
    "RESOURCE_EXHAUSTED": ("CLIENT_LIMIT", "structural"),
    "INVALID_ARGUMENT": ("CLIENT_REQUEST_INVALID", "structural"),
}


def answer(effect=1, code=1, reason_class=0, **fields):
    """A well-formed allow, unless told otherwise; a field that is None is left out."""
    fields = {"decision_id": "dec-1", "epoch": 7, **fields}
    message = decisions.AuthorizeResponse(effect=effect, reason_code=code, reason_class=reason_class, **{k: v for k, v in fields.items() if v is not None})
    message.decided_at.seconds = 1_800_000_000
    return message


def deny(code, reason_class, **fields):
    return answer(2, code, reason_class, **fields)


def sent(message):
    return {"answer_b64": base64.b64encode(message if isinstance(message, bytes) else message.SerializeToString(deterministic=True)).decode()}


def with_time(field, seconds, nanos=0, **fields):
    message = answer(**fields)
    getattr(message, field).seconds = seconds
    getattr(message, field).nanos = nanos
    return message


def with_wait(message, seconds, nanos=0):
    message.retry_after.seconds = seconds
    message.retry_after.nanos = nanos
    return message


def allowed(**fields):
    return {"allowed": True, "reason": "ALLOWED", "reason_class": None, "status": "OK", **fields}


def denied(reason, reason_class="structural", **fields):
    wait = {"retry_after_ms": 1000} if reason_class == "transient" else {"retry_after_ms": None}
    return {"allowed": False, "reason": reason, "reason_class": reason_class, "status": "OK", **wait, **fields}


PROTOCOL = denied("CLIENT_PROTOCOL")
ALLOW = answer()
APPROVAL = reasons.Obligation(approval=reasons.ApprovalObligation(summary="to be approved"))


def answers():
    """Each case: what the peer does at each try (the last for all that follow), and what the client gives. The tool asked for is the name."""
    def case(name, expect, *peer, attempts=1, **more):
        rows.append({"name": name, "peer": list(peer), "expect": expect, "attempts": attempts, **more})

    rows = []
    case("allow", allowed(decision_id="dec-1", epoch=7), sent(ALLOW))
    case("allow-echoes-request-id", allowed(), sent(answer(request_id="req-1")), request_id="req-1")
    case("allow-for-another-request", PROTOCOL, sent(answer(request_id="req-2")), request_id="req-1")
    case("allow-unasked-request-id", PROTOCOL, sent(answer(request_id="req-2")))
    case("deny", denied("TOOL_NOT_ALLOWED", "requestable", decision_id="dec-1", reason_number=400, statement_ids=["s1", "s2"]),
         sent(deny(400, 2, message="not granted", statement_ids=["s1", "s2"])))
    case("deny-that-tells-the-token", denied("TOKEN_EXPIRED", "reissue", message="seen: [token]"), sent(deny(109, 3, message="seen: " + TOKEN)))
    case("deny-structural", denied("POLICY_VIOLATION"), sent(deny(306, 1)))
    case("deny-reissue", denied("TOKEN_EXPIRED", "reissue"), sent(deny(109, 3)))
    case("deny-transient", denied("LEDGER_UNAVAILABLE", "transient", retry_after_ms=2500), sent(with_wait(deny(901, 4), 2, 500_000_000)))
    case("deny-transient-without-wait", denied("LEDGER_UNAVAILABLE", "transient"), sent(deny(901, 4)))
    case("deny-transient-negative-wait", denied("LEDGER_UNAVAILABLE", "transient"), sent(with_wait(deny(901, 4), -5)))
    case("deny-wait-of-no-transient", denied("POLICY_VIOLATION"), sent(with_wait(deny(306, 1), 5)))
    case("deny-approval", denied("CAPABILITY_REQUIRES_APPROVAL", "requestable"), sent(deny(308, 2, obligations=[APPROVAL])))
    case("deny-without-decision-id", denied("TOOL_NOT_ALLOWED", "requestable", decision_id=""), sent(deny(400, 2, decision_id=None)))
    case("deny-without-reason", denied("UNSPECIFIED", reason_number=0), sent(deny(0, 0)))
    case("deny-unknown-reason", denied("REASON_CODE_4242", "requestable", reason_number=4242), sent(deny(4242, 2)))
    case("deny-unknown-reason-without-class", denied("REASON_CODE_4242"), sent(deny(4242, 0)))
    case("deny-unknown-class", denied("TOOL_NOT_ALLOWED"), sent(deny(400, 77)))
    case("deny-for-the-reason-allowed", PROTOCOL, sent(deny(1, 0)))
    case("deny-unknown-field", denied("TOOL_NOT_ALLOWED", "requestable"), sent(deny(400, 2).SerializeToString() + bytes([0xf8, 0x3e, 1])))
    case("allow-unknown-field", allowed(), sent(ALLOW.SerializeToString() + bytes([0xf8, 0x3e, 1])))
    case("empty-message", PROTOCOL, sent(b""))
    case("no-effect", PROTOCOL, sent(answer(0)))
    case("no-effect-with-reason", PROTOCOL, sent(answer(0, 400, 2)))
    case("unknown-effect", PROTOCOL, sent(answer(3)))
    case("negative-effect", PROTOCOL, sent(answer(-1)))
    case("allow-without-decision-id", PROTOCOL, sent(answer(decision_id=None)))
    case("allow-long-decision-id", PROTOCOL, sent(answer(decision_id="d" * 65)))
    case("allow-without-epoch", PROTOCOL, sent(answer(epoch=None)))
    case("allow-without-reason", PROTOCOL, sent(answer(code=0)))
    case("allow-with-reason-of-denial", PROTOCOL, sent(answer(code=400)))
    case("allow-with-class", PROTOCOL, sent(answer(reason_class=4)))
    case("allow-with-unknown-reason", PROTOCOL, sent(answer(code=4242)))
    case("allow-until", allowed(cacheable_until=1_800_000_060), sent(with_time("cacheable_until", 1_800_000_060)))
    case("allow-until-no-time", PROTOCOL, sent(with_time("cacheable_until", 1_800_000_060, 1_000_000_000)))
    case("allow-until-beyond-time", PROTOCOL, sent(with_time("cacheable_until", 253_402_300_800)))
    case("allow-decided-at-no-time", PROTOCOL, sent(with_time("decided_at", 1, -1)))
    case("deny-until-no-time", denied("TOOL_NOT_ALLOWED", "requestable", cacheable_until=None),
         sent(with_time("cacheable_until", 1, -1, effect=2, code=400, reason_class=2)))
    case("allow-under-approval", denied("CLIENT_OBLIGATION", decision_id="dec-1"), sent(answer(obligations=[APPROVAL])))
    case("allow-under-unknown-obligation", denied("CLIENT_OBLIGATION"), sent(answer(obligations=[reasons.Obligation()])))
    case("allow-durable", allowed(durable=True), sent(answer(log_mode=1)))
    case("allow-unknown-log-mode", allowed(durable=False), sent(answer(log_mode=9)))
    case("garbage", denied("CLIENT_PROTOCOL", status="INTERNAL"), sent(bytes([0xff] * 32)))
    case("truncated", denied("CLIENT_PROTOCOL", status="INTERNAL"), sent(answer(message="x" * 64).SerializeToString()[:-20]))
    case("text-not-utf-8", denied("CLIENT_PROTOCOL", status="INTERNAL"), sent(ALLOW.SerializeToString() + bytes([0x22, 2, 0xc3, 0x28])))
    case("oversize", denied("CLIENT_LIMIT", status="RESOURCE_EXHAUSTED"), {"answer_of_bytes": 5 * 1024 * 1024})
    for status in STATUSES:
        reason, reason_class = STATUS_REASONS.get(status, ("CLIENT_PROTOCOL", "structural"))
        case(f"status-{status}", denied(reason, reason_class, status=status), {"status": status, "details": "seen: $TOKEN"}, attempts=3 if status == "UNAVAILABLE" else 1)
    case("overloaded", denied("CLIENT_OVERLOADED", "transient", status="RESOURCE_EXHAUSTED", retry_after_ms=250),
         {"status": "RESOURCE_EXHAUSTED", "trailers": {"grpc-retry-pushback-ms": "250"}})
    case("overloaded-no-number", denied("CLIENT_LIMIT", status="RESOURCE_EXHAUSTED"),
         {"status": "RESOURCE_EXHAUSTED", "trailers": {"grpc-retry-pushback-ms": "-1"}})
    case("pushback-of-another-status", denied("CLIENT_PROTOCOL", status="INTERNAL"), {"status": "INTERNAL", "trailers": {"grpc-retry-pushback-ms": "250"}})
    case("deadline", denied("CLIENT_DEADLINE", "transient", status="DEADLINE_EXCEEDED"), {"hang": True})
    case("unavailable-then-allow", allowed(), {"status": "UNAVAILABLE"}, sent(ALLOW), attempts=2)
    case("unavailable-then-deny", denied("TOOL_NOT_ALLOWED", "requestable"), {"status": "UNAVAILABLE"}, sent(deny(400, 2)), sent(ALLOW), attempts=2)
    case("unavailable-then-hang", denied("CLIENT_UNAVAILABLE", "transient", status="UNAVAILABLE"), {"status": "UNAVAILABLE"}, {"hang": True}, attempts=2)
    case("deny-then-allow", denied("TOOL_NOT_ALLOWED", "requestable"), sent(deny(400, 2)), sent(ALLOW))
    case("transient-then-allow", denied("LEDGER_UNAVAILABLE", "transient"), sent(deny(901, 4)), sent(ALLOW))
    case("protocol-then-allow", PROTOCOL, sent(b""), sent(ALLOW))
    case("internal-then-allow", denied("CLIENT_PROTOCOL", status="INTERNAL"), {"status": "INTERNAL"}, sent(ALLOW))
    return rows


def listeners():
    """What becomes of a question to an address where no sidecar is."""
    return [
        {"name": "refused", "listener": "none", "expect": denied("CLIENT_UNAVAILABLE", "transient", status="UNAVAILABLE")},
        {"name": "closes at once", "listener": "closes", "expect": denied("CLIENT_UNAVAILABLE", "transient", status="UNAVAILABLE")},
        {"name": "says nothing", "listener": "silent", "expect": denied("CLIENT_DEADLINE", "transient", status="DEADLINE_EXCEEDED")},
    ]


def digests():
    def row(name, text, canonical):
        digest = base64.urlsafe_b64encode(hashlib.sha256(canonical.encode()).digest()).rstrip(b"=").decode()
        return {"name": name, "json": text, "canonical": canonical, "digest": digest}

    def refused(name, text):
        return {"name": name, "json": text, "refused": True}

    numbers = {
        "1.0": "1", "1.50": "1.5", "-0": "0", "-0.0": "0", "1e21": "1e+21", "1e20": "100000000000000000000", "123456789e12": "123456789000000000000",
        "1e-6": "0.000001", "1e-7": "1e-7", "1.5e-7": "1.5e-7", "12e-8": "1.2e-7", "333333333.3333333": "333333333.3333333", "5e-324": "5e-324",
        "1.7976931348623157e308": "1.7976931348623157e+308", "9007199254740993": "9007199254740992", "9007199254740991": "9007199254740991",
        "4.35": "4.35", "0.1": "0.1", "-1.25e+2": "-125", "100": "100", "1E+2": "100", "2.2250738585072014e-308": "2.2250738585072014e-308",
    }
    bad = ["01", "+1", ".5", "1.", "1e", "NaN", "Infinity", "-Infinity", "1e400", "0x10"]
    return [
        *(row(f"the number {text}", text, canonical) for text, canonical in numbers.items()),
        *(refused(f"the number {text}", text) for text in bad),
        row("null", "null", "null"), row("true", " true ", "true"), row("false", "false", "false"),
        row("empty object", "{ }", "{}"), row("empty array", "[\n]", "[]"), row("empty string", '""', '""'),
        row("white space", '\t{ "a" : [ 1 ,\r\n2 ] }', '{"a":[1,2]}'),
        row("array order is kept", "[3,1,2]", "[3,1,2]"),
        row("names are sorted", '{"b":1,"a":2,"B":3,"":4}', '{"":4,"B":3,"a":2,"b":1}'),
        row("names that look like numbers", '{"10":1,"9":2,"a":3}', '{"10":1,"9":2,"a":3}'),
        row("names by UTF-16 code units", '{"\\ue000":1,"\U0001f600":2,"\u00e9":3,"z":4}', '{"z":4,"\u00e9":3,"\U0001f600":2,"\ue000":1}'),
        row("the name __proto__", '{"__proto__":1,"a":2}', '{"__proto__":1,"a":2}'),
        row("escapes", r'"\u0041\/\b\f\n\r\t\"\\\u001f\u0000"', r'"A/\b\f\n\r\t\"\\\u001f\u0000"'),
        row("no escapes beyond those", '"\\u007f\\u2028\\u00e9<>&\'"', '"\u007f\u2028\u00e9<>&\'"'),
        row("a pair of surrogates", r'"\ud83d\ude00"', '"\U0001f600"'),
        row("no normal form", '["\u00e9","e\u0301"]', '["\u00e9","e\u0301"]'),
        row("nested", '{"z":[{"b":1,"a":[]}],"a":{"y":null,"x":{}}}', '{"a":{"x":{},"y":null},"z":[{"a":[],"b":1}]}'),
        row("64 levels", "[" * 64 + "]" * 64, "[" * 64 + "]" * 64),
        refused("65 levels", "[" * 65 + "]" * 65),
        refused("a name twice", '{"a":1,"a":1}'), refused("a name twice, once escaped", '{"a":1,"\\u0061":2}'),
        refused("a name twice, further in", '[{"b":{"a":1,"c":2,"a":3}}]'),
        refused("a surrogate alone", r'"\ud83d"'), refused("a second surrogate alone", r'"\ude00"'), refused("surrogates in the wrong order", r'"\ude00\ud83d"'),
        refused("a surrogate alone in a name", r'{"\ud83d":1}'),
        refused("nothing", ""), refused("two values", "1 2"), refused("a comma too many", "[1,]"), refused("a comma too few", "[1 2]"),
        refused("single quotes", "{'a':1}"), refused("a comment", "[1] // one"), refused("a control character", '"\u0001"'), refused("an unknown escape", r'"\x41"'),
        refused("cut off", '{"a":'), refused("a word", "undefined"), refused("a name without quotes", "{a:1}"),
    ]


def caches():
    """Steps that a cache is put through. Times are seconds: `now` by the clock, `steady` by one that is never set."""
    def follow(epoch):
        return {"do": "follow", "epoch": epoch}

    def keep(key, kept, now=1000, steady=10, **changed):
        decision = {"allowed": True, "epoch": 7, "decided_at": 1000, "cacheable_until": 1060, **changed}
        return {"do": "keep", "key": key, "now": now, "steady": steady, "answer": decision, "kept": kept}

    def find(key, found, now=1000, steady=10):
        return {"do": "find", "key": key, "now": now, "steady": steady, "found": found}

    def case(name, *steps, capacity=8):
        return {"name": name, "capacity": capacity, "steps": list(steps)}

    return [
        case("an allow is kept", follow(7), keep("a", True), find("a", True), find("b", False)),
        case("a denial is kept", follow(7), keep("a", True, allowed=False), find("a", True)),
        case("nothing is kept before the stream is open", keep("a", False), find("a", False), follow(7), find("a", False)),
        case("what is kept ends by the clock", follow(7), keep("a", True), find("a", True, 1059, 20), find("a", False, 1060, 20), find("a", False, 1059, 20)),
        case("what is kept ends by the steady clock, though the clock was set back", follow(7), keep("a", True), find("a", True, 900, 69), find("a", False, 900, 70)),
        case("a clock that is behind prolongs nothing", follow(7), keep("a", True, now=500), find("a", True, 559, 69), find("a", False, 560, 70)),
        case("a clock that is ahead keeps nothing", follow(7), keep("a", False, now=1060), find("a", False, 1060)),
        case("what says no time is not kept", follow(7), keep("a", False, cacheable_until=None), find("a", False)),
        case("what was not decided at a time is not kept", follow(7), keep("a", False, decided_at=None), find("a", False)),
        case("a time that is over is not kept", follow(7), keep("a", False, cacheable_until=1000), find("a", False)),
        case("an answer of another epoch is not kept", follow(7), keep("a", False, epoch=8), keep("b", False, epoch=6), find("a", False), find("b", False)),
        case("another epoch drops all", follow(7), keep("a", True), keep("b", True), follow(8), find("a", False), find("b", False), keep("a", False), keep("a", True, epoch=8)),
        case("the same epoch, told again, drops all", follow(7), keep("a", True), follow(7), find("a", False)),
        case("the end of the stream drops all", follow(7), keep("a", True), follow(0), find("a", False), keep("a", False), follow(7), find("a", False)),
        case("a stream that tells 0 is none", follow(0), keep("a", False, epoch=0), find("a", False)),
        case("it is bounded, and the oldest goes first", follow(7), keep("a", True), keep("b", True), keep("c", True), find("a", False), find("b", True), find("c", True), capacity=2),
        case("an answer that replaces another needs no room", follow(7), keep("a", True), keep("b", True), keep("a", True), find("a", True), find("b", True), capacity=2),
    ]


def b64u(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


# The key of RFC 8037 appendix A.1, and the one of RFC 7515 appendix A.3.
EDWARDS = {"kty": "OKP", "crv": "Ed25519", "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
WEIERSTRASS = {
    "kty": "EC", "crv": "P-256", "d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}


def pem(*parts):
    body = base64.b64encode(b"".join(parts)).decode()
    lines = [body[at:at + 64] for at in range(0, len(body), 64)]
    return "\n".join(["-----BEGIN PRIVATE KEY-----", *lines, "-----END PRIVATE KEY-----", ""])


def keys():
    """Private keys as texts, with the thumbprint that names each, or that they are refused."""
    def row(name, text, thumbprint):
        return {"name": name, "key": text if isinstance(text, str) else json.dumps(text), "thumbprint": thumbprint}

    def refused(name, text):
        return {"name": name, "key": text if isinstance(text, str) else json.dumps(text), "refused": True}

    def raw(text):
        return base64.urlsafe_b64decode(text + "=")

    edwards = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    curve = "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U"
    # RFC 8410 section 7; RFC 5958 with RFC 5915, without the public key, and with it.
    edwards_pem = pem(bytes.fromhex("302e020100300506032b657004220420"), raw(EDWARDS["d"]))
    curve_pem = pem(
        bytes.fromhex("308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420"), raw(WEIERSTRASS["d"]),
        bytes.fromhex("a14403420004"), raw(WEIERSTRASS["x"]), raw(WEIERSTRASS["y"]))
    return [
        row("Ed25519, RFC 8037 appendix A.3", EDWARDS, edwards),
        row("Ed25519 with other members", {**EDWARDS, "kid": "mine", "alg": "EdDSA", "use": "sig"}, edwards),
        row("Ed25519 in PEM", edwards_pem, edwards),
        row("P-256, RFC 7515 appendix A.3", WEIERSTRASS, curve),
        row("P-256 in PEM", curve_pem, curve),
        refused("nothing", ""),
        refused("no key", "not-a-key"),
        refused("a public key", {name: value for name, value in EDWARDS.items() if name != "d"}),
        refused("parts of different keys", {**EDWARDS, "d": WEIERSTRASS["d"]}),
        refused("parts of different keys on P-256", {**WEIERSTRASS, "d": EDWARDS["d"]}),
        refused("another curve", {**EDWARDS, "crv": "X25519"}),
        refused("a short scalar", {**EDWARDS, "d": "AAAA"}),
        refused("padding", {**EDWARDS, "d": EDWARDS["d"] + "="}),
        refused("a PEM of something else", edwards_pem.replace("PRIVATE KEY", "CERTIFICATE")),
        refused("a PEM that is cut off", edwards_pem[:70]),
    ]


def proofs():
    """Proofs of the key of RFC 8037: Ed25519 is deterministic, so that the whole text is given. The order of the members is that of the text."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(EDWARDS["d"] + "="))

    def row(name, target, token, iat, jti="e1j3V_bKic8-LAEB", method="POST", htu=None):
        header = '{"typ":"dpop+jwt","alg":"EdDSA","jwk":{"crv":"Ed25519","kty":"OKP","x":"%s"}}' % EDWARDS["x"]
        ath = ',"ath":"%s"' % b64u(hashlib.sha256(token.encode()).digest()) if token else ""
        claims = '{"jti":"%s","htm":"%s","htu":"%s","iat":%s%s}' % (jti, method, htu or target, iat, ath)
        signed = b64u(header.encode()) + "." + b64u(claims.encode())
        proof = signed + "." + b64u(private.sign(signed.encode()))
        return {"name": name, "key": json.dumps(EDWARDS), "method": method, "target": target, "token": token, "jti": jti, "iat": json.loads(iat), "proof": proof}

    authorize = "http://127.0.0.1:7080/clawpdp.v1.DecisionService/Authorize"
    return [
        row("a question", authorize, TOKEN, "1562262616"),
        row("a part of a second", authorize, TOKEN, "1800000000.125"),
        row("a part that no double has", authorize, TOKEN, "1800000000.007"),
        row("tenths", authorize, TOKEN, "1800000000.9"),
        row("a Unix socket", "http://localhost/clawpdp.v1.ReceiptService/SignReceipt", TOKEN, "1562262616"),
        row("TLS and another id", "https://pdp.example:7080/clawpdp.v1.DecisionService/AuthorizeStream", TOKEN, "1562262616", "5d5a0a1e-4a3a-4b0c-9a9a-0f6f8f8c4b10"),
        row("without a token", "https://pdp.example/oauth/token", "", "1562262616"),
        row("a GET, with query and fragment", "https://pdp.example/v1/x?a=1&b=2#c", TOKEN, "1562262616", method="GET", htu="https://pdp.example/v1/x"),
    ]


print(json.dumps({
    "about": "Made by make.py; docs/clients.md says what it means. Do not edit.",
    "token": TOKEN, "answers": answers(), "listeners": listeners(), "digests": digests(), "caches": caches(), "keys": keys(), "proofs": proofs(),
}, indent=1, ensure_ascii=True))
