"""A peer that does what a test tells it, raw bytes included, since a real sidecar cannot be made to misbehave."""

import base64
import socket
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import grpc
from clawpdp.v1 import decision_service_pb2 as decisions
from clawpdp.v1 import receipt_service_pb2 as receipts

SERVICES = "/clawpdp.v1."


class Peer(grpc.GenericRpcHandler):
    """Serves gRPC on a loopback port. `steps[tool]` are what it does at each try of that tool; the last holds for all that follow."""

    def __init__(self, port=0, tls=None):
        self.steps = {}
        self.receipt_steps = []
        self.asked = Counter()
        self.receipts = []
        self.epochs = []
        self.proofs = []
        self.released = threading.Event()
        self._changed = threading.Condition()
        self._server = grpc.server(ThreadPoolExecutor(16), handlers=[self], options=(("grpc.so_reuseport", 0), ("grpc.max_metadata_size", 65_536)))
        place = f"127.0.0.1:{port}"
        self.port = self._server.add_secure_port(place, tls) if tls else self._server.add_insecure_port(place)
        self._server.start()

    address = property(lambda self: f"127.0.0.1:{self.port}")

    def stop(self):
        self.released.set()
        self.tell_epoch(None)
        self._server.stop(0).wait()

    def tell_epoch(self, epoch):
        """Tells an epoch on every stream; None ends them."""
        with self._changed:
            self.epochs.append(epoch)
            self._changed.notify_all()

    def service(self, details):
        method = details.method[len(SERVICES):]
        if method == "DecisionService/WatchEpoch":
            return grpc.unary_stream_rpc_method_handler(self._watch)
        self.proofs.append((method, [value for key, value in details.invocation_metadata if key == "dpop"]))
        handler = {"DecisionService/Authorize": self._authorize, "ReceiptService/SignReceipt": self._sign}.get(method)
        return grpc.unary_unary_rpc_method_handler(handler) if handler else None

    def _authorize(self, body, context):
        request = decisions.AuthorizeRequest.FromString(body)
        self.asked[request.tool] += 1
        steps = self.steps[request.tool]
        return self._do(steps[min(self.asked[request.tool], len(steps)) - 1], request.cst, context)

    def _sign(self, body, context):
        request = receipts.SignReceiptRequest.FromString(body)
        self.receipts.append(request)
        step = self.receipt_steps.pop(0) if self.receipt_steps else None
        if step is not None:
            return self._do(step, request.cst, context)
        signed = receipts.SignedReceipt(receipt_id="rcpt-1", run_id=request.run_id, nonce=request.nonce, decision_id=request.decision_id, envelope_json=b"{}")
        return receipts.SignReceiptResponse(receipt=signed).SerializeToString()

    def _do(self, step, token, context):
        if "hang" in step:
            self.released.wait(10)
        if "status" in step:
            context.set_trailing_metadata(tuple(step.get("trailers", {}).items()))
            context.abort(grpc.StatusCode[step["status"]], step.get("details", "").replace("$TOKEN", token))
        return base64.b64decode(step["answer_b64"]) if "answer_b64" in step else bytes(step.get("answer_of_bytes", 0))

    def _watch(self, _, context):
        told = len(self.epochs)
        while context.is_active():
            with self._changed:
                if not self._changed.wait_for(lambda: len(self.epochs) > told, timeout=10) or self.epochs[told] is None:
                    return
                epoch, told = self.epochs[told], told + 1
            yield decisions.WatchEpochResponse(epoch=epoch).SerializeToString()


class Listener:
    """A loopback port where no sidecar is: `none` listens at all, `closes` ends each connection at once, `silent` says nothing."""

    def __init__(self, kind):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self._socket.getsockname()[1]
        self._kept = []
        if kind == "none":
            self._socket.close()
        else:
            threading.Thread(target=self._accept, args=(kind,), daemon=True).start()

    def _accept(self, kind):
        try:
            while True:
                connection, _ = self._socket.accept()
                connection.close() if kind == "closes" else self._kept.append(connection)
        except OSError:
            pass

    def close(self):
        for connection in self._kept:
            connection.close()
        self._socket.close()
