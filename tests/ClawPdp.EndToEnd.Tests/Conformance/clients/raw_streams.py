"""The calls that need more than headers and a body. Registers its cases with raw_cases, and runs all."""

import gzip
import json

from raw_cases import CASES, FRAMED, GOOD, script
from raw_wire import frame, headers


def simple(wire, **changes):
    """A call that must be answered, on a connection on which something odd has happened."""
    stream = wire.open(headers(**changes))
    wire.send(stream, FRAMED, end=True)
    return wire.wait(stream)[0]


@script("body cut in two at each byte")
def cut(wire):
    return alike((one_cut(wire, (FRAMED[:at], FRAMED[at:])) for at in range(1, len(FRAMED))))


@script("compressed body cut in two at each byte")
def cut_compressed(wire):
    body = frame(gzip.compress(GOOD), 1)
    return alike((one_cut(wire, (body[:at], body[at:]), more=[("grpc-encoding", "gzip")]) for at in range(1, len(body))))


def one_cut(wire, parts, **changes):
    stream = wire.open(headers(**changes))
    wire.send(stream, parts[0])
    wire.send(stream, parts[1], end=True)
    return wire.wait(stream)[0]


def alike(answers):
    """The last of answers that must all be the same; where they are not, it says so."""
    rows, last = set(), None
    for last in answers:
        rows.add(str(last.row("")))
    if len(rows) > 1:
        last.end = "differing: %s" % sorted(rows)
    return last


@script("frames with padding")
def padded(wire):
    stream = wire.open(headers())
    wire.send(stream, FRAMED[:7], pad=100)
    wire.send(stream, FRAMED[7:], end=True, pad=0)
    return wire.wait(stream)[0]


@script("trailers from the client")
def trailers(wire):
    stream = wire.open(headers())
    wire.send(stream, FRAMED)
    wire.connection.send_headers(stream, [("x-trailer", "1")], end_stream=True)
    wire.flush()
    return wire.wait(stream)[0]


@script("message is there, the end is not: asked within the deadline")
def unfinished(wire):
    stream = wire.open(headers(more=[("grpc-timeout", "300m")]))
    wire.send(stream, FRAMED)
    return wire.wait(stream)[0]


@script("deadline passes before the body is there")
def late(wire):
    stream = wire.open(headers(more=[("grpc-timeout", "50m")]))
    wire.send(stream, FRAMED[:9])
    return wire.wait(stream)[0]


@script("deadline of a microsecond passes before the body is there")
def late_at_once(wire):
    stream = wire.open(headers(more=[("grpc-timeout", "1u")]))
    return wire.wait(stream)[0]


@script("deadline of 100 nanoseconds passes before the body is there")
def late_at_once_in_nanoseconds(wire):
    stream = wire.open(headers(more=[("grpc-timeout", "100n")]))
    return wire.wait(stream)[0]


@script("reset in mid-body, then a call")
def reset_body(wire):
    for count in range(1, 20):
        stream = wire.open(headers())
        wire.send(stream, FRAMED[:count])
        wire.reset(stream)
    return simple(wire)


@script("reset at once after the whole body, then a call")
def reset_answer(wire):
    for _ in range(20):
        stream = wire.open(headers())
        wire.send(stream, FRAMED, end=True)
        wire.reset(stream)
    return simple(wire)


@script("an error and then a call on the same connection")
def after_error(wire):
    for body in (b"", FRAMED[:3], frame(GOOD, 1), frame(b"\xff"), FRAMED + FRAMED):
        stream = wire.open(headers())
        wire.send(stream, body, end=True)
        wire.wait(stream)
    return simple(wire)


@script("hundred calls at once, the bodies from last to first")
def many(wire):
    streams = [wire.open(headers()) for _ in range(100)]
    for stream in reversed(streams):
        wire.send(stream, FRAMED[:11])
    for stream in reversed(streams):
        wire.send(stream, FRAMED[11:], end=True)
    return alike(wire.wait(*streams))


@script("host instead of authority")
def host(wire):
    pairs = [pair for pair in headers() if pair[0] != ":authority"]
    stream = wire.open(pairs + [("host", "localhost")])
    wire.send(stream, FRAMED, end=True)
    return wire.wait(stream)[0]


if __name__ == "__main__":
    for run in CASES.values():
        print(json.dumps(run()), flush=True)
