"""One HTTP/2 connection to the sidecar that says exactly what it is told to say, right or wrong, and what came back."""

import socket
import struct
import time

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import ConnectionTerminated, DataReceived, ResponseReceived, StreamEnded, StreamReset, TrailersReceived
from h2.exceptions import ProtocolError

PATH = "/clawpdp.v1.DecisionService/Authorize"
WAIT_SECONDS = 20


def frame(message, flag=0, length=None):
    """A gRPC message with its five bytes in front; the length may lie."""
    return struct.pack(">BI", flag, len(message) if length is None else length) + message


def headers(method="POST", path=PATH, kind="application/grpc", te="trailers", more=()):
    """The request headers that a stock client sends, with what differs."""
    pairs = [(":method", method), (":scheme", "http"), (":authority", "localhost"), (":path", path)]
    pairs += [] if kind is None else [("content-type", kind)]
    pairs += [] if te is None else [("te", te)]
    return pairs + list(more)


class Answer:
    """What came back for one call."""

    def __init__(self):
        self.leading, self.trailing, self.body, self.end = [], [], b"", "open"

    def find(self, name):
        return [value for key, value in self.leading + self.trailing if key == name]

    def row(self, case):
        """The case as one row: HTTP status and type, how it ended, gRPC status and message, effect and reason, headers beyond the usual."""
        status = self.find("grpc-status")
        ended = self.end if self.end != "ended" else "trailers" if self.trailing else "trailers-only" if status else "no-trailers"
        usual = (":status", "content-type", "content-length", "date", "grpc-status", "grpc-message")
        return {
            "case": case,
            "http": " ".join(self.find(":status") + self.find("content-type")),
            "end": ended,
            "status": ",".join(status),
            "message": ",".join(self.find("grpc-message")),
            "detail": answer_of(self.body),
            "extra": " ".join("%s=%s" % pair for pair in self.leading + self.trailing if pair[0] not in usual),
        }


def answer_of(body):
    """Effect and reason code of an AuthorizeResponse in its frame, read by hand; nothing else may be in the body."""
    if not body:
        return ""
    flag, length = struct.unpack(">BI", body[:5])
    if flag != 0 or len(body) != 5 + length:
        return "bad frame"
    message, numbers = body[5:], {}
    while message and message[0] in (0x08, 0x10):
        at = 1
        while message[at] > 127:
            at += 1
        numbers[message[0] >> 3] = sum((byte & 127) << 7 * index for index, byte in enumerate(message[1:at + 1]))
        message = message[at + 1:]
    return "%d %d" % (numbers.get(1, 0), numbers.get(2, 0))


class Wire:
    """A connection. Nothing that is sent is checked or normalized."""

    def __init__(self, address):
        host, port = address.rsplit(":", 1)
        self.socket = socket.create_connection((host, int(port)), WAIT_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        config = H2Configuration(header_encoding="latin-1", validate_outbound_headers=False, normalize_outbound_headers=False, validate_inbound_headers=True)
        self.connection = H2Connection(config)
        self.connection.initiate_connection()
        self.answers = {}
        self.flush()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def flush(self):
        try:
            self.socket.sendall(self.connection.data_to_send())
        except OSError:
            pass  # The server has closed; what it said before is still read.

    def open(self, pairs, end=False):
        """Sends the headers of a call and gives its stream."""
        stream = self.connection.get_next_available_stream_id()
        self.answers[stream] = Answer()
        self.connection.send_headers(stream, pairs, end_stream=end)
        self.flush()
        return stream

    def send(self, stream, data, end=False, pad=None):
        """Sends bytes as one DATA frame, or as many as the windows demand. What the server no longer takes is not sent."""
        while len(data) + (pad or 0) > self.connection.max_outbound_frame_size or len(data) > self.connection.local_flow_control_window(stream):
            room = min(self.connection.local_flow_control_window(stream), self.connection.max_outbound_frame_size)
            if self.answers[stream].end != "open":
                return
            if room == 0:
                self.receive()
                continue
            self.connection.send_data(stream, data[:room])
            self.flush()
            data = data[room:]
        if self.answers[stream].end == "open":
            self.connection.send_data(stream, data, end_stream=end, pad_length=pad)
            self.flush()

    def reset(self, stream):
        """Gives the call up, as a client that cancels does."""
        self.connection.reset_stream(stream, error_code=8)
        self.answers[stream].end = "given up"
        self.flush()

    def wait(self, *streams):
        """Reads until each of the calls has ended."""
        end = time.monotonic() + WAIT_SECONDS
        while any(self.answers[stream].end == "open" for stream in streams):
            self.socket.settimeout(max(0.001, end - time.monotonic()))
            if not self.receive():
                break
        return [self.answers[stream] for stream in streams]

    def receive(self):
        """Takes what the server says next; false when nothing more comes."""
        try:
            data = self.socket.recv(65536)
            events = self.connection.receive_data(data) if data else None
        except (socket.timeout, OSError, ProtocolError) as fault:
            events, data = None, type(fault).__name__.encode()
        if events is None:
            for answer in self.answers.values():
                answer.end = ("closed" if not data else data.decode()) if answer.end == "open" else answer.end
            return False
        for event in events:
            self.take(event)
        self.flush()
        return True

    def take(self, event):
        answer = self.answers.get(getattr(event, "stream_id", None), Answer())
        if isinstance(event, ResponseReceived):
            answer.leading = event.headers
        elif isinstance(event, TrailersReceived):
            answer.trailing = event.headers
        elif isinstance(event, DataReceived):
            answer.body += event.data
            self.connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, StreamEnded):
            answer.end = "ended" if answer.end == "open" else answer.end
        elif isinstance(event, StreamReset):
            # NO_ERROR after a whole answer only says that the rest of the body is not wanted.
            answer.end = "reset %d" % event.error_code if answer.end == "open" else answer.end
        elif isinstance(event, ConnectionTerminated):
            for other in self.answers.values():
                other.end = "goaway %d" % event.error_code if other.end == "open" else other.end
