"""A second verifier of signed artefacts, written from the wire formats alone; it shares no code with the product.

`verify.py FILE [DID...]` prints the code for one artefact whose trusted signers are named; `verify.py --lines` reads {"artifact",
"trusted", "now"} per line and prints one code per line. Needs Python 3.9 or later and the package `cryptography` for Ed25519.
"""
import base64, hashlib, json, re, sys
from datetime import datetime, timedelta
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
class Bad(Exception): """Why an artefact is refused, by the public verifier's code."""
def want(condition, code):
    if not condition: raise Bad(code)
def pairs(members):
    if len({name for name, _ in members}) != len(members): raise ValueError("a member stands twice")
    return dict(members)
def parse(text): return json.loads(text, object_pairs_hook=pairs, parse_constant=lambda name: 1 / 0, parse_int=float)
def number(value):  # ECMAScript's Number-to-string from the shortest digits, which Python's repr gives
    if value == 0: return "0"
    sign, digits, exponent = re.fullmatch(r"(-?)(\d+(?:\.\d+)?)(?:e([+-]\d+))?", repr(float(value))).groups()
    whole, _, fraction = digits.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    if len(digits) <= point <= 21: return sign + digits + "0" * (point - len(digits))
    if 0 < point <= 21: return sign + digits[:point] + "." + digits[point:]
    if -6 < point <= 0: return sign + "0." + "0" * -point + digits
    return f"{sign}{digits[0]}{'.' if digits[1:] else ''}{digits[1:]}e{'+' if point > 0 else '-'}{abs(point - 1)}"
def string(text): return json.dumps(text, ensure_ascii=False)
def is_index(name): return re.fullmatch(r"0|[1-9]\d*", name) is not None and int(name) < 2**32 - 1
def write(value, canonical):
    if value is None or isinstance(value, bool): return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float): return number(value)
    if isinstance(value, str): return string(value)
    if isinstance(value, list): return "[" + ",".join(write(item, canonical) for item in value) + "]"
    # Canonical: by UTF-16 unit. Otherwise what an ECMAScript reader enumerates: array indexes first, then the order received.
    received = sorted(filter(is_index, value), key=int) + [name for name in value if not is_index(name)]
    names = sorted(value, key=lambda name: name.encode("utf-16-be")) if canonical else received
    return "{" + ",".join(string(name) + ":" + write(value[name], canonical) for name in names) + "}"
def b64u(data): return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
def tried(make):
    try: return make()
    except ValueError: return None
def decode(text):
    data = tried(lambda: base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return data if data is not None and b64u(data) == text else b""
def digest(text): return b64u(hashlib.sha256(text.encode()).digest())
def instant(text):
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)", text) if isinstance(text, str) else None
    if not match: return None
    day, clock, fraction, zone = match.groups()
    base = tried(lambda: datetime.fromisoformat(f"{day}T{clock}{'+00:00' if zone in 'Zz' else zone}"))
    return base and base + timedelta(microseconds=int(((fraction or ".0")[1:] + "000000")[:6]))
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
def is_signed(did, text, signature):
    value = 0
    want(did.startswith("did:key:z") and set(did[9:]) <= set(ALPHABET), "INVALID_DID_FORMAT")
    for character in did[9:]: value = value * 58 + ALPHABET.index(character)
    raw = value.to_bytes((value.bit_length() + 7) // 8, "big")
    want(raw[:2] == b"\xed\x01" and len(raw) == 34, "INVALID_DID_FORMAT")
    try:
        Ed25519PublicKey.from_public_bytes(raw[2:]).verify(decode(signature), text.encode())
        return True
    except InvalidSignature:
        return False
# name:kind, with ? where it may be absent; a schema that ends with * takes further members. Kinds: t text, s any string, h hash, w time,
# n number >= 0, o object, d DID, p previous hash, l list of strings, =a|b one of these, {x} the schema x.
SCHEMAS = {name: text.split() for name, text in {
    "known": "run_id?:t nonce?:t policy_hash?:t span_id?:t parent_span_id?:t tool_span_id?:t event_hash_b64u?:h token_scope_hash_b64u?:h",
    "aliases": "spanId?:t parentSpanId?:t toolSpanId?:t phase?:=setup|planning|reasoning|execution|observation|reflection|teardown attribution_confidence?:n attributionConfidence?:n",
    "common": "receipt_version:=1 receipt_id:t agent_did:t hash_algorithm:=SHA-256 timestamp:w",
    "gateway_receipt": "receipt_version:=1 receipt_id:t gateway_id:t provider:t model:t request_hash_b64u:h response_hash_b64u:h tokens_input:n tokens_output:n latency_ms:n timestamp:w binding?:{closed} metadata?:o",
    "tool_receipt": "&common tool_name:t args_hash_b64u:t result_hash_b64u:t latency_ms:n tool_version?:s result_status?:=success|error|timeout binding?:{open}",
    "tool_receipt_2": "receipt_version:=2 receipt_id:t agent_did:d hash_algorithm:=SHA-256 timestamp:w tool_name:t args_hash_b64u:h result_hash_b64u:h "
                      "args_salt_b64u:h result_salt_b64u:h args_disclosure?:o result_disclosure?:o latency_ms:n tool_version?:s result_status?:=success|error|timeout binding?:{closed}",
    "side_effect_receipt": "&common effect_class:=network_egress|filesystem_write|external_api_write target_hash_b64u:t request_hash_b64u:t "
                           "response_hash_b64u:t latency_ms:n vendor_id?:s response_status?:=success|error|timeout|denied bytes_written?:n binding?:{open}",
    "human_approval_receipt": "&common approver_subject:t scope_hash_b64u:t approval_type:=explicit_approve|explicit_deny|auto_approve|timeout_deny "
                              "approver_method?:=ui_click|cli_confirm|api_call|policy_auto|timeout scope_summary?:s policy_hash_b64u?:s "
                              "minted_capability_id?:s plan_hash_b64u?:s minted_capability_ttl_seconds?:n evidence_required?:l binding?:{open}",
    "delegation_receipt": "receipt_version:=1 receipt_id:t delegator_did:d delegate_did:d task_description_hash_b64u:h delegate_bundle_hash_b64u:h "
                          "hash_algorithm:=SHA-256 delegated_at:w delegation_policy?:s completed_at?:w binding?:{open}",
    "closed": "&known &aliases", "open": "&known capability_id?:t *", "event": "event_id:t run_id:t event_type:t timestamp:w payload_hash_b64u:h prev_hash_b64u:p event_hash_b64u:h",
    "chain": "chain_version:=1 chain_id:t run_id:t events:[event metadata?:o",
    "bundle": "bundle_version:=1 bundle_id:t agent_did:d event_chain?:[event receipts?:[any tool_receipts?:]any side_effect_receipts?:]side_effect_receipt "
              "human_approval_receipts?:]human_approval_receipt delegation_receipts?:]delegation_receipt urm?:o metadata?:o",
    "export": "export_version:=1 export_id:t created_at:w issuer_did:d manifest:{manifest} artifacts:{artifacts} bundle_hash_b64u:h hash_algorithm:=SHA-256 "
              "signature_b64u:h algorithm:=Ed25519 issued_at:w expires_at?:w metadata?:o",
    "manifest": "manifest_version:=1 generated_at:w entries:[entry", "artifacts": "proof_bundle_envelope:o", "entry": "path:t sha256_b64u:h content_type:=application/json size_bytes:n",
    "inclusion": "proof_version:=1 log_id:t tree_size:n leaf_hash_b64u:h root_hash_b64u:h audit_path:l root_published_at:w root_signature:{root} metadata:o",
    "root": "signer_did:t sig_b64u:h", "any": "*"}.items()}
def fields(name):
    for item in SCHEMAS[name]: yield from fields(item[1:]) if item[0] == "&" else [item]
def fits(value, kind):
    if kind[0] in "[]":
        want(isinstance(value, list) and (kind[0] == "]" or value) and len(value) <= 1000, "SCHEMA_VALIDATION_FAILED")
        return all(check(item, kind[1:]) for item in value)
    if kind[0] == "{": return check(value, kind[1:-1])
    text = isinstance(value, str)
    return {"t": text and value.strip() != "", "s": text, "h": text and re.fullmatch(r"[A-Za-z0-9_-]{8,}", value), "w": instant(value),
            "n": isinstance(value, float) and value >= 0, "o": isinstance(value, dict), "d": text and value.startswith("did:"),
            "p": value is None or text and re.fullmatch(r"[A-Za-z0-9_-]{8,}", value), "l": isinstance(value, list) and all(isinstance(i, str) for i in value),
            "=": text and value in kind[1:].split("|")}[kind[0]]
def check(value, name):
    want(isinstance(value, dict), "SCHEMA_VALIDATION_FAILED")
    known, is_open = set(), False
    for field in fields(name):
        member, _, kind = field.partition(":")
        is_open |= field == "*"
        known.add(member.rstrip("?"))
        if member.rstrip("?") in value:
            want(fits(value[member.rstrip("?")], kind), "SCHEMA_VALIDATION_FAILED")
        else:
            want(member.endswith("?") or field == "*", "SCHEMA_VALIDATION_FAILED")
    want(is_open or set(value) <= known, "SCHEMA_VALIDATION_FAILED")
    return True
NINE = ("envelope_version", "envelope_type", "payload", "payload_hash_b64u", "hash_algorithm", "signature_b64u", "algorithm", "signer_did", "issued_at")
def is_did(text): return re.fullmatch(r"did:(key|web):[a-zA-Z0-9._%-]+", text or "") is not None
def members(envelope, versions=("1",)):
    for name in NINE: want(isinstance(envelope.get(name), dict if name == "payload" else str), "MALFORMED_ENVELOPE")
    want(envelope["envelope_version"] in versions, "UNKNOWN_ENVELOPE_VERSION")
def algorithms(envelope):
    want(envelope["algorithm"] == "Ed25519", "UNKNOWN_ALGORITHM")
    want(envelope["hash_algorithm"] == "SHA-256", "UNKNOWN_HASH_ALGORITHM")
def closed(envelope, *more): want(set(envelope) <= {*NINE, "expires_at", *more}, "SCHEMA_VALIDATION_FAILED")
def encoding(envelope): want(len(decode(envelope["payload_hash_b64u"])) == 32 and len(decode(envelope["signature_b64u"])) == 64, "MALFORMED_ENVELOPE")
def signed(envelope, canonical=False):
    want(digest(write(envelope["payload"], canonical)) == envelope["payload_hash_b64u"], "HASH_MISMATCH")
    want(is_signed(envelope["signer_did"], envelope["payload_hash_b64u"], envelope["signature_b64u"]), "SIGNATURE_INVALID")
def fresh(envelope, now): want("expires_at" not in envelope or now <= instant(envelope["expires_at"]), "EXPIRED_TTL")
def trusts(trusted, did):
    want(trusted, "DEPENDENCY_NOT_CONFIGURED")
    want(did in trusted, "CLAIM_NOT_FOUND")
def disclose(disclosure, committed):
    want(disclosure.get("disclosure_algorithm") == "vir_v2_typed_lexicographical", "DISCLOSURE_ALGORITHM_UNKNOWN")
    leaves = list(disclosure["redacted_leaf_hashes_b64u"]) + [digest(path + ":" + write(leaf, True)) for path, leaf in disclosure["disclosed_leaves"].items()]
    want(disclosure["merkle_root_b64u"] == committed == digest(write(sorted(leaves), True)), "DISCLOSURE_ROOT_MISMATCH")
def verify_receipt(envelope, trusted, now):
    kind, body = envelope.get("envelope_type"), envelope.get("payload")
    second = kind == "tool_receipt" and envelope.get("envelope_version") == "2"
    members(envelope, ("1", "2") if kind == "tool_receipt" else ("1",))
    want(str(kind).endswith("_receipt") and kind in SCHEMAS, "UNKNOWN_ENVELOPE_TYPE")
    algorithms(envelope)
    closed(envelope, *(["co_signatures"] if second else []))
    want(instant(envelope["issued_at"]) and ("expires_at" not in envelope or instant(envelope["expires_at"])), "SCHEMA_VALIDATION_FAILED")
    check(body, kind + ("_2" if second else ""))
    want(is_did(envelope["signer_did"]), "INVALID_DID_FORMAT")
    trusts(trusted, envelope["signer_did"])
    encoding(envelope)
    for name, limit in (("tokens_input", 1e7), ("tokens_output", 1e7), ("latency_ms", 3.6e6)) if kind == "gateway_receipt" else ():
        want(body[name].is_integer() and body[name] <= limit, "MALFORMED_ENVELOPE")
    fresh(envelope, now)
    signed(envelope)
    for other in envelope.get("co_signatures", []):
        want(is_signed(other["signer_did"], envelope["payload_hash_b64u"], other["signature_b64u"]), "CO_SIGNATURE_INVALID")
    for side in ("args", "result"):
        if side + "_disclosure" in body: disclose(body[side + "_disclosure"], body[side + "_hash_b64u"])
HEADER = ("event_id", "run_id", "event_type", "timestamp", "payload_hash_b64u", "prev_hash_b64u")
def check_chain(events):
    seen, previous = set(), None
    for event in events:
        want(event["event_id"] not in seen and event["run_id"] == events[0]["run_id"] and event["prev_hash_b64u"] == previous, "MALFORMED_ENVELOPE")
        seen.add(event["event_id"])
        previous = event["event_hash_b64u"]
    for event in events:
        want(event["event_hash_b64u"] == digest(write({name: event[name] for name in HEADER}, False)), "HASH_MISMATCH")
def bound(body, events):
    binding = body.get("binding") or {}
    want(not events or not binding.get("run_id") or binding["run_id"] == events[0]["run_id"], "RECEIPT_BINDING_MISMATCH")
    hashes = [event["event_hash_b64u"] for event in events]
    want(not events or "event_hash_b64u" not in binding or binding["event_hash_b64u"] in hashes, "RECEIPT_BINDING_MISMATCH")
FOLLOWS = {"setup": "setup planning", "planning": "planning reasoning execution", "reasoning": "reasoning execution observation", "execution": "execution observation reflection teardown", "observation": "observation reflection teardown", "reflection": "reflection teardown", "teardown": "teardown"}
LISTS = ("receipts", "tool_receipts", "side_effect_receipts", "human_approval_receipts", "delegation_receipts")
SPANS = (("span_id", "spanId"), ("parent_span_id", "parentSpanId"), ("tool_span_id", "toolSpanId"))
def check_causes(payload):
    for name in LISTS:
        seen = {}
        for body in (receipt.get("payload", receipt) for receipt in payload.get(name, [])):
            want(seen.setdefault(body.get("receipt_id"), write(body, True)) == write(body, True), "CAUSAL_RECEIPT_REPLAY_DETECTED")
    calls, spans = [], {}
    for receipt in payload.get("receipts", []):
        binding = receipt["payload"].get("binding", {})
        for one, other in SPANS:
            want(one not in binding or other not in binding or binding[one] == binding[other], "CAUSAL_BINDING_FIELD_CONFLICT")
        call = {one: binding.get(one, binding.get(other)) for one, other in SPANS + (("phase", "phase"),)}
        if any(call.values()):
            calls.append({**call, "time": instant(receipt["payload"]["timestamp"]), "issued": instant(receipt["issued_at"])})
    for call in filter(lambda call: call["span_id"], calls):
        first = spans.setdefault(call["span_id"], call)
        want(all(first[name] == call[name] for name in ("parent_span_id", "tool_span_id", "phase")), "CAUSAL_SPAN_REUSE_CONFLICT")
        want(first["time"] == call["time"], "CAUSAL_CLOCK_CONTRADICTION")
    for call in calls:
        want(all(call[name] is None or call[name] in spans for name in ("parent_span_id", "tool_span_id")), "CAUSAL_REFERENCE_DANGLING")
    for call in calls:
        above, steps = call, 0
        while above["parent_span_id"]:
            above, steps = spans[above["parent_span_id"]], steps + 1
            want(steps <= len(calls), "CAUSAL_CYCLE_DETECTED")
    reached, edges = set(list(spans)[:1]), [(c["span_id"], c[name]) for c in spans.values() for name in ("parent_span_id", "tool_span_id") if c[name]]
    for _ in spans: reached |= {b for a, b in edges if a in reached} | {a for a, b in edges if b in reached}
    want(reached == set(spans), "CAUSAL_GRAPH_DISCONNECTED")
    for call in calls:
        above = spans.get(call["parent_span_id"])
        want(call["time"] <= call["issued"] and (not above or above["time"] <= call["time"]), "CAUSAL_CLOCK_CONTRADICTION")
    for call in calls:
        above = spans.get(call["parent_span_id"]) or {}
        want(not above.get("phase") or not call["phase"] or call["phase"] in FOLLOWS[above["phase"]].split(), "CAUSAL_PHASE_TRANSITION_INVALID")
    for name, code in (("side_effect_receipts", "CAUSAL_SIDE_EFFECT_ORPHANED"), ("human_approval_receipts", "CAUSAL_HUMAN_APPROVAL_ORPHANED")):
        for binding in (receipt.get("binding", {}) for receipt in payload.get(name, [])):
            want((binding.get("tool_span_id") or binding.get("parent_span_id") or binding.get("span_id")) in spans, code)
def check_gateway(receipt, events, trusted, now):
    want(trusted, "DEPENDENCY_NOT_CONFIGURED")
    want(receipt.get("envelope_type") == "gateway_receipt", "SCHEMA_VALIDATION_FAILED")
    try:
        verify_receipt(receipt, trusted, now)
    except Bad as bad:
        raise Bad(str(bad) if str(bad) == "SCHEMA_VALIDATION_FAILED" else "RECEIPT_VERIFICATION_FAILED")
    want("event_hash_b64u" in receipt["payload"].get("binding", {}), "RECEIPT_BINDING_MISMATCH")
    bound(receipt["payload"], events)
def check_tool(receipt, envelope, events, trusted, now):
    is_bare, body = "envelope_type" not in receipt, receipt.get("payload", {})
    if is_bare:
        body = receipt
        check(body, "tool_receipt_2" if body.get("receipt_version") == "2" else "tool_receipt")
    want(is_bare or receipt["envelope_type"] == "tool_receipt", "SCHEMA_VALIDATION_FAILED")
    want(body.get("agent_did") == envelope["payload"]["agent_did"], "PROOF_BUNDLE_AGENT_MISMATCH")
    bound(body, events)
    if not is_bare: verify_receipt(receipt, [*trusted, envelope["signer_did"]], now)
def opened(envelope, schema, now):
    members(envelope)
    algorithms(envelope)
    want(is_did(envelope["signer_did"]), "INVALID_DID_FORMAT")
    want(instant(envelope["issued_at"]) and ("expires_at" not in envelope or instant(envelope["expires_at"])), "MALFORMED_ENVELOPE")
    fresh(envelope, now)
    encoding(envelope)
    closed(envelope)
    check(envelope["payload"], schema)
    return envelope["payload"]
def verify_bundle(envelope, trusted, now):
    payload = opened(envelope, "bundle", now)
    want("urm" not in payload, "URM_MISSING")
    want(len(write(payload.get("metadata", {}), False).encode()) <= 16384, "MALFORMED_ENVELOPE")
    want("event_chain" in payload or "receipts" in payload, "MALFORMED_ENVELOPE")
    want(is_did(payload["agent_did"]) and payload["agent_did"] == envelope["signer_did"], "INVALID_DID_FORMAT")
    signed(envelope)
    events = payload.get("event_chain", [])
    check_chain(events)
    for receipt in payload.get("receipts", []): check_gateway(receipt, events, trusted, now)
    for receipt in payload.get("tool_receipts", []): check_tool(receipt, envelope, events, trusted, now)
    for name in LISTS[2:]:
        for receipt in payload.get(name, []):
            want("agent_did" not in receipt or receipt["agent_did"] == payload["agent_did"], "PROOF_BUNDLE_AGENT_MISMATCH")
            bound(receipt, events)
    check_causes(payload)
def verify_chain(envelope, trusted, now):
    payload = opened(envelope, "chain", now)
    trusts(trusted, envelope["signer_did"])
    signed(envelope)
    check_chain(payload["events"])
    want(payload["run_id"] == payload["events"][0]["run_id"], "MALFORMED_ENVELOPE")
def verify_policy(envelope, trusted, now):
    opened(envelope, "any", now)
    trusts(trusted, envelope["signer_did"])
    signed(envelope, canonical=True)
def verify_export(export, trusted, now):
    check(export, "export")
    trusts(trusted, export["issuer_did"])
    want(instant(export["created_at"]) <= instant(export["issued_at"]), "CAUSAL_CLOCK_CONTRADICTION")
    want(instant(export["issued_at"]) <= now + timedelta(minutes=5), "FUTURE_TIMESTAMP_POISONING")
    text = write(export["artifacts"]["proof_bundle_envelope"], True)
    entry = {"path": "artifacts/proof_bundle_envelope.json", "sha256_b64u": digest(text), "content_type": "application/json", "size_bytes": float(len(text.encode()))}
    want(export["manifest"]["entries"] == [entry], "HASH_MISMATCH")
    parts = {name: value for name, value in export.items() if name not in ("bundle_hash_b64u", "hash_algorithm", "signature_b64u", "algorithm")}
    want(digest(write(parts, True)) == export["bundle_hash_b64u"], "HASH_MISMATCH")
    want(is_signed(export["issuer_did"], export["bundle_hash_b64u"], export["signature_b64u"]), "SIGNATURE_INVALID")
    verify_bundle(export["artifacts"]["proof_bundle_envelope"], trusted, now)
def verify_inclusion(proof, trusted, now):
    check(proof, "inclusion")
    index, size, count = proof["metadata"].get("leaf_index", -1.0), proof["tree_size"], len(proof["audit_path"])
    want(0 <= index < size and count == (int(size) - 1).bit_length(), "INCLUSION_PROOF_INVALID")
    trusts(trusted, proof["root_signature"]["signer_did"])
    want(is_signed(proof["root_signature"]["signer_did"], proof["root_hash_b64u"], proof["root_signature"]["sig_b64u"]), "SIGNATURE_INVALID")
    current, index = decode(proof["leaf_hash_b64u"]), int(index)
    for sibling in map(decode, proof["audit_path"]):
        current, index = hashlib.sha256(sibling + current if index % 2 else current + sibling).digest(), index // 2
    want(b64u(current) == proof["root_hash_b64u"], "INCLUSION_PROOF_INVALID")
def verify(text, trusted, now):
    try:
        artifact = parse(text)
        want(isinstance(artifact, dict), "MALFORMED_ENVELOPE")
        by_type = {"proof_bundle": verify_bundle, "event_chain": verify_chain, "work_policy_contract": verify_policy}.get(artifact.get("envelope_type"), verify_receipt)
        by_member = {"export_version": verify_export, "proof_version": verify_inclusion}
        next((check for name, check in by_member.items() if name in artifact), by_type)(artifact, trusted, instant(now))
        return "VALID"
    except Bad as bad:
        return str(bad)
    except (ValueError, ZeroDivisionError, RecursionError):
        return "MALFORMED_ENVELOPE"
if __name__ == "__main__":
    one = [{"artifact": open(sys.argv[1], encoding="utf-8").read(), "trusted": sys.argv[2:], "now": "2026-01-01T00:01:00Z"}] if sys.argv[1] != "--lines" else []
    for case in one or map(json.loads, sys.stdin): print(verify(case["artifact"], case["trusted"], case["now"]))
