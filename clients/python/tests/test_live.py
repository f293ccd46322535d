"""Against a real sidecar: `clawpdp demo`, whose address, socket, token and folder the environment names (clients/test.sh does)."""

import json
import os
import subprocess
import unittest
from pathlib import Path

from clawpdp import Action, AuthorizationDenied, Client, Report
from clawpdp.v1 import token_service_pb2 as tokens
from clawpdp.v1 import token_service_pb2_grpc as token_calls
from test_client import until

ADDRESS, SOCKET, TOKEN_FILE = (os.environ.get(name, "") for name in ("SUITE_ADDRESS", "SUITE_SOCKET", "SUITE_TOKEN_FILE"))


@unittest.skipUnless(ADDRESS, "SUITE_ADDRESS names no sidecar; clients/test.sh starts one")
class LiveTests(unittest.TestCase):
    def setUp(self):
        self.token = Path(TOKEN_FILE).read_text("ascii").strip()
        self.client = Client(ADDRESS, self.token, timeout=20, durable_timeout=20, cache=64)
        self.addCleanup(self.client.close)

    def test_allow(self):
        decision = self.client.authorize(Action(tool="github", model="gpt-4o", provider="openai", host="api.github.com", args={"a": 1}))
        self.assertTrue(decision.allowed, decision)
        self.assertEqual(len(decision.policy_hash), 43)
        self.assertGreater(decision.cacheable_until, decision.decided_at)

    def test_denials(self):
        for action, reason, reason_class in (
            (Action(tool="splunk"), "TOOL_NOT_ALLOWED", "requestable"),
            (Action(host="evil.example"), "EGRESS_NOT_ALLOWED", "requestable"),
            (Action(model="gpt-4o"), "POLICY_PROVIDER_NOT_ALLOWED", "structural"),
            (Action(tool="github", policy_hash="A" * 43), "POLICY_HASH_MISMATCH", "reissue"),
            (Action(), "CLIENT_REQUEST_INVALID", "structural"),
            (Action(tool="x" * 300), "CLIENT_REQUEST_INVALID", "structural"),
            (Action(tool="x" * 5_000_000), "CLIENT_LIMIT", "structural"),
        ):
            decision = self.client.authorize(action)
            self.assertEqual((decision.allowed, decision.reason, decision.reason_class), (False, reason, reason_class), decision.message[:200])

    def test_no_token_and_wrong_token(self):
        altered = self.token[:-20] + ("B" if self.token[-20] == "A" else "A") + self.token[-19:]
        for token, reason in (("", "TOKEN_REQUIRED"), (altered, "TOKEN_SIGNATURE_INVALID"), ("x", "TOKEN_MALFORMED")):
            with Client(ADDRESS, token, timeout=20) as client:
                self.assertEqual(client.authorize(Action(tool="github")).reason, reason)

    def test_unix_socket(self):
        with Client("unix:" + SOCKET, self.token, timeout=20) as client:
            self.assertTrue(client.authorize(Action(tool="github")).allowed)

    def test_receipts_of_every_kind(self):
        for action in (
            Action(tool="github", args={"repo": "claw"}), Action(model="gpt-4o", provider="openai", args="hello"),
            Action(host="api.github.com", args="hello"), Action(tool="github", effect="filesystem_write", target="/tmp/x"),
            Action(tool="github", host="api.github.com", effect="external_api_write", args=[1]),
        ):
            with self.client.acting(action) as acting:
                acting.result = {"done": True}
            self.assertEqual(acting.receipt.decision_id, acting.decision.decision_id)
            envelope = json.loads(acting.receipt.envelope_json)
            self.assertEqual(envelope["payload_hash_b64u"], acting.receipt.payload_hash_b64u)

    def test_receipt_again_is_the_same(self):
        action, report = Action(tool="github", args=[1.5]), Report(result="é", latency_ms=3)
        decision = self.client.require(action)
        first = self.client.sign_receipt(action, decision, report, nonce="same-" + self.client.run_id)
        again = self.client.sign_receipt(action, decision, report, nonce="same-" + self.client.run_id)
        self.assertEqual(first.envelope_json, again.envelope_json)

    def test_guard(self):
        @self.client.guard(tool=lambda tool: tool)
        def act(tool):
            return {"tool": tool}

        self.assertEqual(act("github"), {"tool": "github"})
        with self.assertRaises(AuthorizationDenied):
            act("splunk")

    def test_cache_until_a_revocation(self):
        action = Action(tool="terraform")
        self.assertTrue(until(lambda: self.client.authorize(action).cached), "an answer is kept as soon as the stream is open")
        epoch = self.client.authorize(action).epoch
        stub = token_calls.TokenServiceStub(self.client.channel)
        revoked = stub.RevokeCst(tokens.RevokeCstRequest(jti="of-nobody-" + self.client.run_id), timeout=20)
        self.assertTrue(revoked.HasField("revocation"))
        self.assertTrue(until(lambda: self.client.authorize(action).epoch != epoch), "the epoch moved")

    def test_example(self):
        example = Path(__file__).resolve().parents[1] / "examples" / "quickstart.py"
        environment = {**os.environ, "CLAWPDP_ADDRESS": ADDRESS, "PYTHONPATH": str(example.parents[1] / "src")}
        ran = subprocess.run([os.sys.executable, str(example), TOKEN_FILE], env=environment, capture_output=True, text=True, timeout=60)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertIn("denied: TOOL_NOT_ALLOWED (requestable)", ran.stdout)
        self.assertIn("receipt ", ran.stdout)
