"""What the vectors cannot say: connections, the stream of epochs, receipts and guards."""

import asyncio
import base64
import os
import socket
import threading
import unittest
from pathlib import Path
from unittest import mock

import grpc

from clawpdp import Action, AuthorizationDenied, Client, Decision, DigestError, ReceiptNotSigned, Report, digest
from clawpdp.v1 import decision_service_pb2 as decisions
from clawpdp.v1 import receipt_service_pb2 as receipts
from peer import Peer
from test_vectors import VECTORS

TOKEN = "secret-of-the-agent"
ROWS = {row["name"]: row for row in VECTORS["answers"]}
ALLOW, DENY = ROWS["allow"]["peer"], ROWS["deny"]["peer"]


def until(condition, limit=20.0):
    """Waits for something that another thread does."""
    waiter = threading.Event()
    for _ in range(int(limit / 0.005)):
        if condition():
            return True
        waiter.wait(0.005)
    return False


class ClientTests(unittest.TestCase):
    def setUp(self):
        self.peer = Peer()
        self.addCleanup(self.peer.stop)
        self.peer.steps.update(github=ALLOW, splunk=DENY)
        self.client = Client(self.peer.address, TOKEN, timeout=20)
        self.addCleanup(self.client.close)

    def cached_answer(self, until_seconds, epoch=7):
        answer = decisions.AuthorizeResponse.FromString(base64.b64decode(ALLOW[0]["answer_b64"]))
        answer.epoch = epoch
        answer.decided_at.GetCurrentTime()
        answer.cacheable_until.FromSeconds(answer.decided_at.seconds + until_seconds)
        return [{"answer_b64": base64.b64encode(answer.SerializeToString()).decode()}]

    def cached_client(self):
        client = Client(self.peer.address, TOKEN, timeout=20, cache=8)
        self.addCleanup(client.close)
        client.authorize(Action(tool="github"))
        return client

    def follow(self, client, epoch):
        # The stream is opened by the first question; what is told before it is open is lost.
        self.assertTrue(until(lambda: self.peer.tell_epoch(epoch) or client._cache._epoch == epoch))

    # Connections

    def test_address_from_environment(self):
        with mock.patch.dict(os.environ, CLAWPDP_ADDRESS=self.peer.address), Client(token=TOKEN, timeout=20) as client:
            self.assertTrue(client.authorize(Action(tool="github")).allowed)

    def test_address_that_is_none(self):
        for address in ("127.0.0.1", "http://127.0.0.1:7080", ":7080", "unix:", "host:port"):
            self.assertRaises(ValueError, Client, address)

    def test_cleartext_to_another_host(self):
        self.assertRaises(ValueError, Client, "192.0.2.1:7080")
        Client("192.0.2.1:7080", cleartext=True).close()
        Client("[::1]:7080").close()

    def test_reconnects(self):
        with socket.create_server(("127.0.0.1", 0)) as held:
            port = held.getsockname()[1]
        with Client(f"127.0.0.1:{port}", TOKEN) as client:
            self.assertEqual(client.authorize(Action(tool="github")).reason, "CLIENT_UNAVAILABLE")
            for _ in range(2):
                peer = Peer(port)
                peer.steps["github"] = ALLOW
                self.assertTrue(until(lambda: client.authorize(Action(tool="github")).allowed))
                peer.stop()
                self.assertEqual(client.authorize(Action(tool="github")).reason, "CLIENT_UNAVAILABLE")

    def test_closed(self):
        self.client.close()
        self.assertEqual(self.client.authorize(Action(tool="github")).reason, "CLIENT_UNAVAILABLE")

    def test_proxy_of_the_environment_is_not_used(self):
        with mock.patch.dict(os.environ, http_proxy="http://127.0.0.1:1", https_proxy="http://127.0.0.1:1"), Client(self.peer.address, TOKEN, timeout=20) as client:
            self.assertTrue(client.authorize(Action(tool="github")).allowed)

    @unittest.skipUnless(os.environ.get("SUITE_TLS"), "SUITE_TLS names no certificate; clients/test.sh makes one")
    def test_tls(self):
        key, certificate = (Path(os.environ["SUITE_TLS"], name).read_bytes() for name in ("key.pem", "cert.pem"))
        peer = Peer(tls=grpc.ssl_server_credentials([(key, certificate)]))
        self.addCleanup(peer.stop)
        peer.steps["github"] = ALLOW
        for credentials, reason in (
            (grpc.ssl_channel_credentials(certificate), "ALLOWED"), (grpc.ssl_channel_credentials(), "CLIENT_UNAVAILABLE"), (None, "CLIENT_UNAVAILABLE"),
        ):
            with Client(peer.address, TOKEN, tls=credentials, timeout=20) as client:
                self.assertEqual(client.authorize(Action(tool="github")).reason, reason)

    # The token

    def test_token_of_the_moment(self):
        tokens = iter(["one", "two"])
        self.peer.steps["github"] = [{"status": "INTERNAL", "details": "$TOKEN"}]
        with Client(self.peer.address, lambda: next(tokens), timeout=20) as client:
            self.assertIn("[token]", client.authorize(Action(tool="github")).message)
            self.assertIn("[token]", client.authorize(Action(tool="github")).message)
            self.assertEqual(client.authorize(Action(tool="github")).reason, "CLIENT_TOKEN")
            with self.assertRaises(ReceiptNotSigned) as caught:
                client.sign_receipt(Action(tool="github"), Decision(), Report())
            self.assertEqual(caught.exception.reason, "CLIENT_TOKEN")

    def test_token_is_not_shown(self):
        self.peer.receipt_steps = [{"status": "INTERNAL", "details": "$TOKEN"}]
        with self.assertRaises(ReceiptNotSigned) as caught:
            self.client.sign_receipt(Action(tool="github"), self.client.authorize(Action(tool="github")), Report())
        for shown in (repr(self.client), str(vars(caught.exception)), str(caught.exception), repr(Action(tool="github", args={"k": TOKEN}))):
            self.assertNotIn(TOKEN, shown)

    def test_question_that_cannot_be_encoded(self):
        self.assertEqual(self.client.authorize(Action(tool="\ud800")).reason, "CLIENT_REQUEST_INVALID")
        self.assertFalse(self.client.authorize(Action(tool=7)).allowed)

    # The cache

    def test_cache_follows_the_epoch(self):
        self.peer.steps["github"] = self.cached_answer(60)
        client = self.cached_client()
        self.follow(client, 7)
        asked = self.peer.asked["github"]
        self.assertFalse(client.authorize(Action(tool="github")).cached)
        self.assertTrue(client.authorize(Action(tool="github")).cached)
        self.assertFalse(client.authorize(Action(tool="github", args={"other": 1})).cached)
        self.assertEqual(self.peer.asked["github"], asked + 2)
        self.follow(client, 8)
        self.assertFalse(client.authorize(Action(tool="github")).cached)
        self.assertFalse(client.authorize(Action(tool="github")).cached, "an answer of epoch 7 is not kept under 8")

    def test_cache_is_dropped_with_the_stream(self):
        self.peer.steps["github"] = self.cached_answer(60)
        client = self.cached_client()
        self.follow(client, 7)
        client.authorize(Action(tool="github"))
        self.assertTrue(client.authorize(Action(tool="github")).cached)
        self.peer.tell_epoch(None)
        self.assertTrue(until(lambda: client._cache._epoch == 0 and len(client._cache) == 0))
        self.assertFalse(client.authorize(Action(tool="github")).cached)
        self.follow(client, 7)

    def test_cache_keeps_no_answer_to_an_approval(self):
        self.peer.steps["github"] = self.cached_answer(60)
        client = self.cached_client()
        self.follow(client, 7)
        action = Action(tool="github", approvals=[b"{}"])
        client.authorize(action)
        self.assertFalse(client.authorize(action).cached)

    # Receipts

    def test_receipt_is_tried_again_with_the_same_nonce(self):
        self.peer.receipt_steps = [{"status": "UNAVAILABLE"}, {"status": "RESOURCE_EXHAUSTED", "trailers": {"grpc-retry-pushback-ms": "1"}}]
        action = Action(tool="github", args={"a": 1})
        decision = self.client.require(action)
        receipt = self.client.sign_receipt(action, decision, Report(result=[1]))
        self.assertEqual(receipt.receipt_id, "rcpt-1")
        self.assertEqual(len(self.peer.receipts), 3)
        self.assertEqual(len({request.SerializeToString(deterministic=True) for request in self.peer.receipts}), 1)
        call = self.peer.receipts[0].tool_call
        self.assertEqual((call.args_hash_b64u, call.result_hash_b64u), (digest({"a": 1}), digest([1])))

    def test_receipt_failures(self):
        refusal = receipts.SignReceiptResponse()
        refusal.refusal.reason_code, refusal.refusal.reason_class = 704, 1
        wrong = receipts.SignReceiptResponse(receipt=receipts.SignedReceipt(receipt_id="r", nonce="other", envelope_json=b"{}"))
        encode = base64.b64encode
        for steps, reason, tries in (
            ([{"answer_b64": encode(refusal.SerializeToString())}], "RUN_FINISHED", 1),
            ([{"answer_b64": ""}], "CLIENT_PROTOCOL", 1),
            ([{"answer_b64": encode(wrong.SerializeToString())}], "CLIENT_PROTOCOL", 1),
            ([{"status": "UNAVAILABLE"}] * 3, "CLIENT_UNAVAILABLE", 3),
        ):
            with self.subTest(reason=reason):
                self.peer.receipts.clear()
                self.peer.receipt_steps = list(steps)
                with self.assertRaises(ReceiptNotSigned) as caught:
                    self.client.sign_receipt(Action(tool="github"), self.client.authorize(Action(tool="github")), Report())
                self.assertEqual((caught.exception.reason, len(self.peer.receipts)), (reason, tries))

    # Guards

    def test_guard_does_not_act_when_denied(self):
        done = []
        guarded = self.client.guard(tool="splunk")(lambda: done.append(1))
        with self.assertRaises(AuthorizationDenied) as caught:
            guarded()
        self.assertEqual((caught.exception.decision.reason, done, self.peer.receipts), ("TOOL_NOT_ALLOWED", [], []))

    def test_guard_signs_what_was_done(self):
        @self.client.guard(tool=lambda repo, title="t": "github")
        def create(repo, title="t"):
            return {"number": 1}

        self.assertEqual(create("claw"), {"number": 1})
        call = self.peer.receipts[0].tool_call
        self.assertEqual((call.args_hash_b64u, call.result_hash_b64u, call.result_status), (digest({"repo": "claw", "title": "t"}), digest({"number": 1}), receipts.RESULT_STATUS_SUCCESS))
        self.assertEqual((self.peer.receipts[0].decision_id, self.peer.receipts[0].run_id), ("dec-1", self.client.run_id))

    def test_guard_signs_what_failed(self):
        for error, status in ((KeyError("x"), receipts.RESULT_STATUS_ERROR), (TimeoutError(), receipts.RESULT_STATUS_TIMEOUT), (KeyboardInterrupt(), receipts.RESULT_STATUS_ERROR)):
            with self.assertRaises(type(error)), self.client.acting(Action(tool="github")):
                raise error
            self.assertEqual(self.peer.receipts.pop().tool_call.result_status, status)

    def test_guard_tells_of_a_receipt_that_was_not_signed(self):
        self.peer.receipt_steps = [{"answer_b64": ""}, {"answer_b64": ""}]
        with self.assertRaises(ReceiptNotSigned) as caught:
            self.client.guard(tool="github")(lambda: 7)()
        self.assertEqual(caught.exception.result, 7)
        with self.assertRaises(ReceiptNotSigned) as caught, self.client.acting(Action(tool="github")):
            raise KeyError("x")
        self.assertIsInstance(caught.exception.__cause__, KeyError)

    def test_guard_result_without_json_form(self):
        with self.assertRaises(ReceiptNotSigned) as caught:
            self.client.guard(tool="github")(lambda: b"bytes")()
        self.assertEqual((caught.exception.reason, caught.exception.result), ("CLIENT_REPORT", b"bytes"))
        self.assertEqual(self.client.guard(tool="github", result=len)(lambda: b"bytes")(), b"bytes")

    def test_guard_arguments_without_json_form(self):
        done = []
        with self.assertRaises(DigestError):
            self.client.guard(tool="github")(lambda value: done.append(value))(object())
        self.assertEqual((done, self.peer.asked["github"]), ([], 0))

    def test_guard_of_a_generator(self):
        def act():
            yield 1

        self.assertRaises(TypeError, self.client.guard(tool="github"), act)

    def test_guard_of_a_method(self):
        class Agent:
            @self.client.guard(tool="github")
            def act(self, value):
                return value

        self.assertEqual(Agent().act(3), 3)
        self.assertEqual(self.peer.receipts[0].tool_call.args_hash_b64u, digest({"value": 3}))

    def test_guard_of_a_coroutine(self):
        @self.client.guard(tool=lambda tool: tool)
        async def act(tool):
            await asyncio.sleep(0)
            return tool

        async def both():
            async with self.client.acting(Action(model="github", tool="github")) as acting:
                acting.result = 1
            return await act("github")

        self.assertEqual(asyncio.run(both()), "github")
        self.assertEqual(len(self.peer.receipts), 2)
        with self.assertRaises(AuthorizationDenied):
            asyncio.run(act("splunk"))

    def test_receipts_of_other_kinds(self):
        self.peer.steps[""] = ALLOW
        with self.client.acting(Action(model="gpt-4o", provider="openai", args="hello")) as acting:
            acting.result, acting.tokens_input = "hi", 3
        with self.client.acting(Action(host="api.github.com")):
            pass
        with self.client.acting(Action(tool="github", effect="filesystem_write", target="/tmp/x")) as acting:
            acting.bytes_written = 5
        model, host, file = self.peer.receipts
        self.assertEqual((model.model_call.provider, model.model_call.tokens_input, model.model_call.request_hash_b64u), ("openai", 3, digest("hello")))
        self.assertEqual((host.side_effect.host, host.side_effect.effect_class, host.side_effect.response_hash_b64u), ("api.github.com", 1, digest(None)))
        self.assertEqual((file.side_effect.target_text, file.side_effect.bytes_written, file.side_effect.effect_class), ("/tmp/x", 5, 2))
        self.assertRaises(ValueError, Action, effect="other")
        self.assertRaises(ValueError, Report, status="other")
