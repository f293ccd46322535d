"""The few protobuf messages that are needed to ask and to read one answer, and one gRPC call by curl: shares no code with what it checks."""

import struct
import subprocess
import tempfile

ALLOW = 1
DENY = 2


def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append((value & 0x7F) | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def field(number, value):
    """One length-delimited field."""
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def frame(message):
    return struct.pack(">BI", 0, len(message)) + message


def authorize_request(token, tool):
    return field(1, token) + field(2, tool)


def batch_request(token, tool, count):
    return field(1, authorize_request(token, tool)) * count


def struct_list(items):
    """A google.protobuf.Value with a list of strings."""
    return field(6, b"".join(field(1, field(3, item)) for item in items))


def cerbos_request(token, tool, scope=()):
    """CheckResources for one tool; with the token as auxiliary data, or with what it grants as the principal's word."""
    principal = field(1, "agent") + field(3, "agent")
    kind = "tool"
    aux = field(5, field(1, field(1, token) + field(2, "clawpdp")))
    if scope:
        kind, aux = "tool-unsigned", b""
        for name, items in (("aud", ["clawpdp"]), ("scope", scope)):
            principal += field(4, field(1, name) + field(2, struct_list(items)))
    resource = field(1, kind) + field(3, tool)
    return field(1, "r") + field(3, principal) + field(4, field(1, "invoke") + field(2, resource)) + aux


def read_varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def fields(data):
    """Gives (number, value) for each field of a message."""
    at = 0
    while at < len(data):
        key, at = read_varint(data, at)
        if key & 7 == 0:
            value, at = read_varint(data, at)
        elif key & 7 == 2:
            size, at = read_varint(data, at)
            value, at = data[at:at + size], at + size
        elif key & 7 == 1:
            value, at = data[at:at + 8], at + 8
        else:
            value, at = data[at:at + 4], at + 4
        yield key >> 3, value


def first(data, number, default):
    return next((value for found, value in fields(data) if found == number), default)


def authorize_effect(message):
    return first(message, 1, 0)


def cerbos_effect(message):
    return first(first(first(message, 2, b""), 2, b""), 2, 0)


def call(target, path, message):
    """One unary call. Returns the answer's bytes; raises when the status is not OK. `target` is host:port or unix:PATH."""
    with tempfile.NamedTemporaryFile() as body, tempfile.NamedTemporaryFile() as head, tempfile.NamedTemporaryFile() as answer:
        body.write(frame(message))
        body.flush()
        where = ["--unix-socket", target[5:], f"http://localhost{path}"] if target.startswith("unix:") else [f"http://{target}{path}"]
        subprocess.run(
            ["curl", "-sS", "--max-time", "10", "--http2-prior-knowledge", "-H", "content-type: application/grpc", "-H", "te: trailers",
             "--data-binary", f"@{body.name}", "-D", head.name, "-o", answer.name, *where],
            check=True, capture_output=True)
        head_text = open(head.name, encoding="latin-1").read().lower()
        data = open(answer.name, "rb").read()
    if "grpc-status: 0" not in head_text or len(data) < 5:
        raise RuntimeError(f"{target}{path}: no answer:\n{head_text}")
    return data[5:]
