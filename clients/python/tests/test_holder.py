"""Keys that tokens are bound to: the vectors, what a call carries, and a real sidecar."""

import base64
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import grpc
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from clawpdp import Action, Client, HolderKey, ProofError, ReceiptNotSigned, Report
from clawpdp.v1 import decision_service_pb2 as decisions
from clawpdp.v1 import decision_service_pb2_grpc as decision_calls
from clawpdp.v1 import receipt_service_pb2 as receipts
from clawpdp.v1 import receipt_service_pb2_grpc as receipt_calls
from clawpdp.v1 import run_service_pb2 as runs
from clawpdp.v1 import run_service_pb2_grpc as run_calls
from clawpdp.v1 import token_service_pb2 as tokens
from clawpdp.v1 import token_service_pb2_grpc as token_calls
from peer import Peer
from test_client import ALLOW, ROWS
from test_live import ADDRESS, SOCKET, TOKEN_FILE
from test_vectors import VECTORS

JWK = next(row["key"] for row in VECTORS["keys"] if row["name"].startswith("Ed25519"))
SECRET = json.loads(JWK)["d"]
SERVICE = "/clawpdp.v1.DecisionService/"


def claims_of(proof):
    part = proof.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


class KeyTests(unittest.TestCase):
    def key(self, row):
        if row.get("refused"):
            with self.assertRaises(ValueError) as caught:
                HolderKey(row["key"])
            self.assertNotIn(SECRET, str(caught.exception))
            self.assertIsNone(caught.exception.__cause__)
            return
        self.assertEqual(HolderKey(row["key"]).thumbprint, row["thumbprint"])

    def proof(self, row):
        made = HolderKey(row["key"]).proof(row["target"], row["token"], method=row["method"], jti=row["jti"], iat=row["iat"])
        self.assertEqual(made, row["proof"])

    def test_keys_of_the_language(self):
        for private in (ed25519.Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1())):
            self.assertEqual(len(HolderKey(private).thumbprint), 43)
        for private in (ec.generate_private_key(ec.SECP384R1()), 5, None):
            self.assertRaises(ValueError, HolderKey, private)

    def test_a_signature_of_p256_verifies(self):
        private = ec.generate_private_key(ec.SECP256R1())
        signed, _, signature = HolderKey(private).proof("http://localhost/x").rpartition(".")
        raw = base64.urlsafe_b64decode(signature + "==")
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

        der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        private.public_key().verify(der, signed.encode(), ec.ECDSA(hashes.SHA256()))

    def test_signer(self):
        row = VECTORS["proofs"][0]
        whole = HolderKey(row["key"])
        private = ed25519.Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(SECRET + "="))
        made = HolderKey.of_signer(whole.public_jwk, private.sign)
        self.assertEqual(made.proof(row["target"], row["token"], jti=row["jti"], iat=row["iat"]), row["proof"])
        self.assertEqual(made.thumbprint, whole.thumbprint)
        for jwk in ({}, json.loads(JWK), {**whole.public_jwk, "crv": "X25519"}, {**whole.public_jwk, "x": "AA"}):
            self.assertRaises(ValueError, HolderKey.of_signer, jwk, private.sign)

    def test_signer_that_fails(self):
        def fail(_):
            raise OSError("pin 1234")

        for sign in (fail, lambda _: b"short", lambda _: None):
            with self.assertRaises(ProofError) as caught:
                HolderKey.of_signer(HolderKey(JWK).public_jwk, sign).proof("http://localhost/x")
            self.assertNotIn("1234", str(caught.exception))

    def test_without_cryptography(self):
        hidden = {name: None for name in ("cryptography.hazmat.primitives", "cryptography.hazmat.primitives.asymmetric")}
        with mock.patch.dict(sys.modules, hidden), self.assertRaisesRegex(ValueError, r"pip install clawpdp\[holder\]"):
            HolderKey(JWK)

    def test_nothing_shows_the_key(self):
        key = HolderKey(JWK)
        self.assertEqual(repr(key), f"HolderKey({key.thumbprint})")
        self.assertNotIn(SECRET, repr(vars(key)))


class CallTests(unittest.TestCase):
    def setUp(self):
        self.peer = Peer()
        self.addCleanup(self.peer.stop)
        self.peer.steps.update(github=ALLOW, twice=ROWS["unavailable-then-allow"]["peer"])
        self.key = HolderKey(JWK)
        self.client = self.client_of(holder_key=JWK)

    def client_of(self, token="token-1", **options):
        client = Client(self.peer.address, token, timeout=20, **options)
        self.addCleanup(client.close)
        return client

    def test_a_question_and_a_receipt_carry_a_proof(self):
        decision = self.client.authorize(Action(tool="github"))
        self.client.sign_receipt(Action(tool="github"), decision, Report())
        first, second = [claims_of(proof) for _, (proof,) in self.peer.proofs]
        self.assertEqual(first["htu"], f"http://{self.peer.address}{SERVICE}Authorize")
        self.assertEqual(second["htu"], f"http://{self.peer.address}/clawpdp.v1.ReceiptService/SignReceipt")
        self.assertEqual({first["ath"], second["ath"]}, {"PwiqzhIu4jaEMsHKI6BJvGQLr78A_fM6UkKfOLoS2_k"})

    def test_each_try_has_a_proof_of_its_own(self):
        self.assertTrue(self.client.authorize(Action(tool="twice")).allowed)
        self.assertEqual(len({proof for _, (proof,) in self.peer.proofs}), 2)

    def test_without_a_key_or_a_token_there_is_none(self):
        self.client_of().authorize(Action(tool="github"))
        self.client_of(token="", holder_key=self.key).authorize(Action(tool="github"))
        self.assertEqual([proofs for _, proofs in self.peer.proofs], [[], []])

    def test_a_batch_has_one_for_each_token_up_to_16(self):
        batch = decisions.AuthorizeBatchRequest(requests=[decisions.AuthorizeRequest(cst=f"token-{index % 20}") for index in range(40)])
        with self.assertRaises(grpc.RpcError):
            decision_calls.DecisionServiceStub(self.client.channel).AuthorizeBatch(batch, timeout=20)
        ((_, proofs),) = self.peer.proofs
        self.assertEqual(len({claims_of(proof)["ath"] for proof in proofs}), 16)
        self.assertEqual(len(proofs), 16)

    def test_a_key_that_cannot_sign_is_a_denial(self):
        client = self.client_of(holder_key=HolderKey.of_signer(self.key.public_jwk, lambda _: b""))
        decision = client.authorize(Action(tool="github"))
        self.assertEqual((decision.allowed, decision.reason, decision.reason_class), (False, "CLIENT_PROOF", "structural"))
        with self.assertRaises(ReceiptNotSigned) as caught:
            client.sign_receipt(Action(tool="github"), decision, Report())
        self.assertEqual(caught.exception.reason, "CLIENT_PROOF")
        self.assertEqual(self.peer.proofs, [])

    def test_the_cache_answers_without_a_proof(self):
        client = self.client_of(holder_key=self.key, cache=8)
        client._cache.keep = mock.Mock()
        client._cache.find = mock.Mock(return_value=None)
        client.authorize(Action(tool="github"))
        ((key, *_), _), ((kept, *_), _) = client._cache.find.call_args, client._cache.keep.call_args
        self.assertEqual(key, kept)


@unittest.skipUnless(ADDRESS, "SUITE_ADDRESS names no sidecar; clients/test.sh starts one")
class LiveTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.parent = Path(TOKEN_FILE).read_text("ascii").strip()
        cls.key = HolderKey(ed25519.Ed25519PrivateKey.generate())
        cls.token = cls.issue(cls.parent, cls.key)

    @classmethod
    def issue(cls, parent, key, **options):
        request = tokens.IssueCstRequest(
            parent_cst=parent, agent_did="did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw", audiences=["clawpdp"],
            holder=tokens.TokenHolder(jwk_thumbprint=key.thumbprint))
        with Client(ADDRESS, parent, **options) as client:
            answer = token_calls.TokenServiceStub(client.channel).IssueCst(request, timeout=20)
        return answer.issued.cst or answer.refusal.reason_code

    def client_of(self, address, key, token=None):
        client = Client(address, token or self.token, timeout=20, durable_timeout=20, holder_key=key)
        self.addCleanup(client.close)
        return client

    def test_a_question(self):
        curve = HolderKey(ec.generate_private_key(ec.SECP256R1()))
        for address in (ADDRESS, "unix:" + SOCKET):
            for key, reason in ((self.key, "ALLOWED"), (None, "TOKEN_PROOF_REQUIRED"), (JWK, "TOKEN_PROOF_INVALID"), (curve, "TOKEN_PROOF_INVALID")):
                client = self.client_of(address, key)
                self.assertEqual([client.authorize(Action(tool="github")).reason for _ in range(2)], [reason] * 2, (address, key))

    def test_a_key_of_p256(self):
        key = HolderKey(ec.generate_private_key(ec.SECP256R1()))
        self.assertTrue(self.client_of(ADDRESS, key, self.issue(self.parent, key)).authorize(Action(tool="github")).allowed)

    def test_a_receipt(self):
        for address in (ADDRESS, "unix:" + SOCKET):
            with self.client_of(address, self.key).acting(Action(tool="github", args=[1])) as acting:
                acting.result = "done"
            self.assertTrue(acting.receipt.receipt_id)
            stranger = self.client_of(address, None)
            with self.assertRaises(ReceiptNotSigned) as caught:
                stranger.sign_receipt(Action(tool="github"), acting.decision, Report())
            self.assertEqual(caught.exception.reason, "TOKEN_PROOF_REQUIRED")

    def test_a_batch_and_a_stream(self):
        asked = decisions.AuthorizeRequest(cst=self.token, tool="github")
        for address in (ADDRESS, "unix:" + SOCKET):
            for key, reason in ((self.key, 1), (None, 116), (JWK, 117)):
                stub = decision_calls.DecisionServiceStub(self.client_of(address, key).channel)
                batch = stub.AuthorizeBatch(decisions.AuthorizeBatchRequest(requests=[asked] * 3), timeout=20)
                stream = stub.AuthorizeStream(iter([decisions.AuthorizeStreamRequest(request=asked)] * 3), timeout=20)
                self.assertEqual([answer.reason_code for answer in batch.responses], [reason] * 3)
                self.assertEqual([answer.response.reason_code for answer in stream], [reason] * 3)

    def test_a_batch_of_16_tokens(self):
        bound = [self.token, *(self.issue(self.parent, self.key) for _ in range(15))]
        questions = [decisions.AuthorizeRequest(cst=token, tool="github") for token in bound]
        stub = decision_calls.DecisionServiceStub(self.client_of(ADDRESS, self.key).channel)
        answer = stub.AuthorizeBatch(decisions.AuthorizeBatchRequest(requests=questions), timeout=20)
        self.assertEqual([one.reason_code for one in answer.responses], [1] * 16)

    def test_every_other_call(self):
        channel, asked = self.client_of(ADDRESS, self.key).channel, decisions.AuthorizeRequest(cst=self.token, tool="github")
        stub, run = decision_calls.DecisionServiceStub(channel), run_calls.RunServiceStub(channel)
        self.assertEqual(stub.Explain(decisions.ExplainRequest(request=asked), timeout=20).answer.reason_code, 1)
        self.assertTrue(stub.ListAllowed(decisions.ListAllowedRequest(cst=self.token, kind=1), timeout=20).HasField("allowed"))
        run_id, digest = f"run-{os.urandom(8).hex()}", "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
        self.assertTrue(run.StartRun(runs.StartRunRequest(cst=self.token, run_id=run_id), timeout=20).HasField("run"))
        event = runs.AppendEventRequest(cst=self.token, run_id=run_id, event_id="plan-1", event_type="plan", payload_hash_b64u=digest)
        self.assertTrue(run.AppendEvent(event, timeout=20).HasField("event"))
        call = receipts.ToolCall(tool_name="github", args_hash_b64u=digest, result_hash_b64u=digest, result_status=1)
        sign = receipts.SignReceiptRequest(cst=self.token, run_id=run_id, nonce="n-1", tool_call=call)
        signed = receipt_calls.ReceiptServiceStub(channel).SignReceiptBatch(receipts.SignReceiptBatchRequest(requests=[sign]), timeout=20)
        self.assertTrue(signed.responses[0].HasField("receipt"), signed)
        self.assertTrue(run.FinishRun(runs.FinishRunRequest(cst=self.token, run_id=run_id), timeout=20).HasField("run"))
        self.assertIsInstance(self.issue(self.token, self.key, holder_key=self.key), str)
        self.assertEqual(self.issue(self.token, self.key), 116)

    def test_example(self):
        example = Path(__file__).resolve().parents[1] / "examples" / "holder.py"
        environment = {**os.environ, "CLAWPDP_ADDRESS": ADDRESS, "PYTHONPATH": str(example.parents[1] / "src")}
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "key").write_text(JWK)
            ran = subprocess.run([sys.executable, str(example), TOKEN_FILE, folder + "/key"], env=environment, capture_output=True, text=True, timeout=60)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertEqual(ran.stdout, "with the key: ALLOWED\nwithout it: TOKEN_PROOF_REQUIRED\n")


for kind, rows in (("key", "keys"), ("proof", "proofs")):
    for vector in VECTORS[rows]:
        setattr(KeyTests, f"test_{kind}_{vector['name']}", lambda self, kind=kind, row=vector: getattr(self, kind)(row))
