"""Python's grpcio as a caller. Prints each case as a JSON row; stock-expected.tsv says what it must be.

usage: PYTHONPATH=STUBS stock_client.py HOST:PORT SOCKET TOKEN-FILE
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

import grpc
from clawpdp.v1 import decision_service_pb2 as pb
from clawpdp.v1 import decision_service_pb2_grpc as rpc
from clawpdp.v1 import reason_pb2 as reason

ADDRESS, SOCKET, TOKEN_FILE = sys.argv[1:4]
TOKEN = open(TOKEN_FILE, encoding="ascii").read().strip()
METHOD = "/clawpdp.v1.DecisionService/Authorize"
LIMIT = 30


def ask(tool="github", **fields):
    return pb.AuthorizeRequest(cst=TOKEN, tool=tool, **fields)


def words(answer):
    return "%s %s" % (reason.Effect.Name(answer.effect), reason.ReasonCode.Name(answer.reason_code))


def tell(case, call):
    """Prints what a call came to; the call gives the detail of its success."""
    try:
        row = {"status": "OK", "message": "", "detail": call()}
    except grpc.RpcError as error:
        row = {"status": error.code().name, "message": error.details(), "detail": ""}
    print(json.dumps({"case": case, **row}), flush=True)


def raw(channel, body, method=METHOD):
    """Calls with bytes instead of a message."""
    answer = channel.unary_unary(method, request_serializer=lambda value: value, response_deserializer=pb.AuthorizeResponse.FromString)(body, timeout=LIMIT)
    return words(answer)


def metadata(stub):
    answer, call = stub.Authorize.with_call(ask(), timeout=LIMIT, metadata=(("x-request", "1"), ("x-data-bin", b"\x00\xff")))
    # What the transport itself answers with is not metadata of the call.
    leading, trailing = (sorted(key for key, _ in received if key != "date") for received in (call.initial_metadata(), call.trailing_metadata()))
    return "%s leading=%s trailing=%s" % (words(answer), leading, trailing)


def hasty(stub):
    """Calls that may come too late; nothing else may become of them."""
    for _ in range(100):
        try:
            stub.Authorize(ask(), timeout=0.001)
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.DEADLINE_EXCEEDED:
                raise
    return words(stub.Authorize(ask(), timeout=LIMIT))


def cancelled(stub):
    """A call that is given up; where it is answered first, that is no fault."""
    for _ in range(20):
        call = stub.Authorize.future(ask(), timeout=LIMIT)
        if call.cancel() and call.code() != grpc.StatusCode.CANCELLED:
            return "not cancelled: %s" % call.code()
    return words(stub.Authorize(ask(), timeout=LIMIT))


def many(stub, count=1000):
    """Calls at once on one connection, each of which must get its own answer."""
    def one(number):
        answer = stub.Authorize(ask("github" if number % 2 else "splunk", request_id="call-%d" % number), timeout=LIMIT)
        return answer.request_id == "call-%d" % number and (answer.effect == reason.EFFECT_ALLOW) == (number % 2 == 1)
    with ThreadPoolExecutor(32) as pool:
        return "%d of %d" % (sum(pool.map(one, range(count))), count)


def main():
    channel = grpc.insecure_channel(ADDRESS)
    stub = rpc.DecisionServiceStub(channel)
    tell("allow", lambda: words(stub.Authorize(ask(), timeout=LIMIT)))
    tell("deny", lambda: words(stub.Authorize(ask("splunk"), timeout=LIMIT)))
    tell("no token", lambda: words(stub.Authorize(pb.AuthorizeRequest(tool="github"), timeout=LIMIT)))
    tell("text beyond ASCII", lambda: stub.Authorize(ask(request_id="größe ✓ 日本"), timeout=LIMIT).request_id)
    tell("no deadline", lambda: words(stub.Authorize(ask())))
    for seconds in (5, 300, 36000, 4000000):
        tell("deadline in %d s" % seconds, lambda: words(stub.Authorize(ask(), timeout=seconds)))
    tell("deadline that has passed", lambda: words(stub.Authorize(ask(), timeout=-1)))
    tell("deadlines of a millisecond", lambda: hasty(stub))
    tell("gzip", lambda: words(stub.Authorize(ask(), timeout=LIMIT, compression=grpc.Compression.Gzip)))
    tell("field fault", lambda: words(stub.Authorize(ask("a" * 257), timeout=LIMIT)))
    tell("nothing asked", lambda: words(stub.Authorize(pb.AuthorizeRequest(), timeout=LIMIT)))
    tell("malformed message", lambda: raw(channel, b"\x0a\xff"))
    tell("message of 3 MiB", lambda: raw(channel, ask().SerializeToString() + b"\xc2\xb8\x02\x80\x80\xc0\x01" + bytes(3 << 20)))
    tell("message over 4 MiB", lambda: raw(channel, bytes((4 << 20) + 1)))
    tell("unknown method", lambda: raw(channel, b"", "/clawpdp.v1.DecisionService/Nothing"))
    tell("unknown service", lambda: raw(channel, b"", "/clawpdp.v1.NoService/Authorize"))
    tell("metadata", lambda: metadata(stub))
    tell("cancelled, then asked", lambda: cancelled(stub))
    tell("thousand at once", lambda: many(stub))
    tell("Unix socket", lambda: words(rpc.DecisionServiceStub(grpc.insecure_channel("unix:" + SOCKET)).Authorize(ask(), timeout=LIMIT)))


main()
