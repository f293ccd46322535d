"""The calls that no stock client makes. Prints each as a JSON row; raw-expected.tsv says what it must be.

usage: raw_cases.py HOST:PORT TOKEN-FILE
"""

import gzip
import sys
import zlib

from raw_wire import Wire, frame, headers

ADDRESS = sys.argv[1]
TOKEN = open(sys.argv[2], "rb").read().strip()
MESSAGE_MAX = 4 * 1024 * 1024
HASH = b"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
CASES = {}


def varint(number):
    """A number as protobuf writes it."""
    groups = []
    while number > 127:
        groups.append(number & 127 | 128)
        number >>= 7
    return bytes(groups + [number])


def field(number, value):
    """A field of bytes or text."""
    return varint(number << 3 | 2) + varint(len(value)) + value


CST, TOOL = field(1, TOKEN), field(2, b"github")
GOOD = CST + TOOL
FRAMED = frame(GOOD)


def unary(name, body=FRAMED, chunks=None, **changes):
    """A call whose body is sent as given, in one DATA frame or in the chunks named."""
    def run():
        with Wire(ADDRESS) as wire:
            parts = [body] if chunks is None else chunks
            stream = wire.open(headers(**changes), end=not parts)
            for index, part in enumerate(parts):
                wire.send(stream, part, end=index == len(parts) - 1)
            return wire.wait(stream)[0].row(name)
    CASES[name] = run


def script(name):
    """A call that a function makes by hand."""
    def add(function):
        def run():
            with Wire(ADDRESS) as wire:
                return function(wire).row(name)
        CASES[name] = run
        return function
    return add


def with_header(name, *pairs, body=FRAMED):
    unary(name, body, more=pairs)


# What is asked.
unary("allow")
unary("deny", frame(CST + field(2, b"splunk")))
unary("no token", frame(TOOL))
unary("fields in reverse order", frame(TOOL + CST))
unary("the last of two values holds", frame(field(2, b"splunk") + GOOD))
unary("unknown field", frame(field(5000, b"x") + GOOD + varint(5001 << 3) + b"\x01"))
unary("field of another wire type is unknown", frame(GOOD + varint(2 << 3) + b"\x01"))
unary("message of exactly 4 MiB", frame(GOOD + field(5000, bytes(MESSAGE_MAX - len(GOOD) - 7))))
unary("message of 4 MiB and a byte", frame(GOOD + field(5000, bytes(MESSAGE_MAX - len(GOOD) - 6))))
unary("message far over the limit", frame(bytes(6 * 1024 * 1024)))

# What is no AuthorizeRequest.
unary("malformed: truncated varint", frame(b"\x0a\xff"))
unary("malformed: length past the end", frame(GOOD + b"\x12\x7fabc"))
unary("malformed: field number zero", frame(GOOD + b"\x02\x01a"))
unary("malformed: varint of eleven bytes", frame(GOOD + b"\xc0\x3e" + b"\xff" * 10 + b"\x01"))
unary("malformed: end of a group that never began", frame(GOOD + b"\xc4\x3e"))
unary("malformed: group without an end", frame(GOOD + b"\xc3\x3e"))
unary("malformed: wire type six", frame(GOOD + b"\xc6\x3e"))
unary("malformed: text is no UTF-8", frame(CST + field(2, b"\xff\xfe")))
unary("group that ends", frame(GOOD + b"\xc3\x3e\xc4\x3e"))

# Fields over their limits, by name.
for number, label, length in ((1, "cst", 16385), (2, "tool", 257), (3, "model", 257), (4, "host", 513), (5, "policy_hash", 129), (6, "provider", 65),
                              (7, "run_id", 129), (12, "request_id", 129), (13, "audience", 257)):
    unary("fault: %s too long" % label, frame(GOOD + field(number, b"a" * length)))
    unary("no fault: %s at its limit" % label, frame(GOOD + field(number, b"a" * (length - 1))))
unary("fault: tool too long in UTF-8", frame(CST + field(2, "é".encode() * 129)))
unary("fault: event hash", frame(GOOD + field(8, b"a")))
unary("fault: arguments hash", frame(GOOD + field(9, b"a" * 43)))
unary("no fault: hashes", frame(GOOD + field(8, HASH) + field(9, HASH)))
unary("fault: context of 33", frame(GOOD + b"".join(field(10, field(1, b"k%d" % n) + field(2, b"v")) for n in range(33))))
unary("no fault: context of 33 with a key twice", frame(GOOD + b"".join(field(10, field(1, b"k%d" % (n % 32)) + field(2, b"v")) for n in range(33))))
unary("fault: context key empty", frame(GOOD + field(10, field(2, b"v"))))
unary("fault: context key too long", frame(GOOD + field(10, field(1, b"k" * 129))))
unary("fault: context value too long", frame(GOOD + field(10, field(1, b"k") + field(2, b"v" * 513))))
unary("fault: nine approvals", frame(GOOD + field(11, b"{}") * 9))
unary("fault: approval too long", frame(GOOD + field(11, b"x" * 16385)))
unary("fault: nothing asked", frame(CST))
unary("fault: the first in order is named", frame(field(13, b"a" * 257) + field(2, b"a" * 257)))

# How the body is cut.
unary("every byte in a frame of its own", chunks=[FRAMED[index:index + 1] for index in range(len(FRAMED))])
unary("empty frames between", chunks=[b"", FRAMED[:3], b"", b"", FRAMED[3:], b""])
unary("no body", chunks=[])
unary("empty body", b"")
unary("prefix cut", FRAMED[:3])
unary("prefix alone", FRAMED[:5])
unary("message cut", FRAMED[:-1])
unary("prefix says less", frame(GOOD, length=len(GOOD) - 1))
unary("prefix says more", frame(GOOD, length=len(GOOD) + 1))
unary("byte behind the message", FRAMED + b"\0")
unary("two messages", FRAMED + FRAMED)
unary("two messages in two frames", chunks=[FRAMED, FRAMED])
unary("empty message", frame(b""))
unary("length of 4 GiB", frame(GOOD, length=0xFFFFFFFF))
unary("length of 2 GiB", frame(GOOD, length=0x80000000))
unary("length over the limit, body short", frame(GOOD, length=MESSAGE_MAX + 1))
with_header("content-length right", ("content-length", str(len(FRAMED))))
with_header("content-length too large", ("content-length", str(len(FRAMED) + 1)))
with_header("content-length too small", ("content-length", str(len(FRAMED) - 1)))

# Compression.
for name, encoding, flag, message in (
        ("identity, flag 0", "identity", 0, GOOD), ("identity, flag 1", "identity", 1, GOOD), ("none, flag 1", None, 1, GOOD),
        ("none, flag 2", None, 2, GOOD), ("none, flag 255", None, 255, GOOD), ("gzip, flag 0", "gzip", 0, GOOD), ("gzip, flag 1", "gzip", 1, gzip.compress(GOOD)),
        ("gzip, flag 1, empty", "gzip", 1, gzip.compress(b"")), ("gzip, flag 1, no gzip", "gzip", 1, GOOD), ("gzip, flag 1, cut", "gzip", 1, gzip.compress(GOOD)[:-12]),
        ("gzip, flag 1, too large inside", "gzip", 1, gzip.compress(bytes(MESSAGE_MAX + 1))), ("deflate, flag 1", "deflate", 1, zlib.compress(GOOD)),
        ("GZIP, flag 1", "GZIP", 1, gzip.compress(GOOD)), ("br, flag 0", "br", 0, GOOD), ("br, flag 1", "br", 1, GOOD), ("empty name, flag 0", "", 0, GOOD),
        ("empty name, flag 1", "", 1, GOOD), ("strange name, flag 1", "b%r\u00e9~", 1, GOOD)):
    unary("encoding " + name, frame(message, flag), more=() if encoding is None else (("grpc-encoding", encoding),))
with_header("encoding twice", ("grpc-encoding", "gzip"), ("grpc-encoding", "br"), body=frame(gzip.compress(GOOD), 1))
with_header("accepts gzip, gets identity", ("grpc-accept-encoding", "gzip,deflate"))
with_header("content-encoding is not looked at", ("content-encoding", "gzip"))

# Deadlines.
for value in ("1H", "60M", "99S", "99999m", "99999999u", "99999999S", "99999999H", "00000009S", "1n", "1u"):
    with_header("timeout " + value, ("grpc-timeout", value))
for value in ("", "S", "10", "10s", "10X", "-1S", "+1S", "1.5S", " 9S", "9 S", "9S9", "123456789S", "0S", "1h"):
    with_header("timeout syntax '%s'" % value, ("grpc-timeout", value))
with_header("timeout twice", ("grpc-timeout", "9S"), ("grpc-timeout", "8S"))

# Headers.
for kind in ("application/grpc+proto", "application/grpc+json", "application/grpc;charset=utf-8", "application/grpc; a=b", "APPLICATION/GRPC", "Application/Grpc+Proto",
             "application/grpc-web", "application/grpc-web+proto", "application/grpcx", "application/json", "text/plain", "", " application/grpc", "application/grpc "):
    unary("content-type '%s'" % kind, kind=kind)
unary("content-type missing", kind=None)
for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "post"):
    unary("method " + method, method=method)
unary("GET without a body", chunks=[], method="GET", kind=None)
unary("te missing", te=None)
unary("te gzip", te="gzip")
for label, path in (("with a query", "/clawpdp.v1.DecisionService/Authorize?a=b"), ("with a slash at the end", "/clawpdp.v1.DecisionService/Authorize/"),
                    ("in lower case", "/clawpdp.v1.decisionservice/authorize"), ("escaped", "/clawpdp.v1.DecisionService/%41uthorize"), ("doubled", "//clawpdp.v1.DecisionService/Authorize"),
                    ("with a dot", "/clawpdp.v1.DecisionService/./Authorize"), ("of no method", "/clawpdp.v1.DecisionService/Nothing"), ("of no service", "/clawpdp.v1.NoService/Authorize"),
                    ("of the root", "/")):
    unary("path " + label, path=path)
with_header("metadata", ("x-request", "1"), ("x-data-bin", "AAEC/w"), ("authorization", "Bearer x"), ("user-agent", "test/1"))
with_header("metadata not ASCII", ("x-request", "gr\u00fc\u00dfe"))
with_header("metadata of 90 headers", *(("x-%d" % number, "v") for number in range(90)))
with_header("metadata of 40 KiB", *(("x-%d" % number, "v" * 4096) for number in range(10)))
