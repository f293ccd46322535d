"""The vectors that every client passes."""

import json
import unittest
from pathlib import Path

from clawpdp import Action, Client, Decision, DecisionCache, DigestError, digest, digest_json
from clawpdp.digest import canonical, parse
from peer import Listener, Peer

VECTORS = json.loads((Path(__file__).resolve().parents[2] / "vectors" / "cases.json").read_text("utf-8"))
TOKEN = VECTORS["token"]
SHORT, LONG = 3.0, 20.0


class VectorTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.peer = Peer()
        cls.patient = Client(cls.peer.address, TOKEN, timeout=LONG)
        cls.hasty = Client(cls.peer.address, TOKEN, timeout=SHORT)

    @classmethod
    def tearDownClass(cls):
        cls.patient.close()
        cls.hasty.close()
        cls.peer.stop()

    def hold(self, decision, expected):
        """Compares what a row expects, and looks for the token in whatever could be printed."""
        for name, value in expected.items():
            if name == "retry_after_ms":
                seen = None if decision.retry_after is None else round(decision.retry_after * 1000)
            else:
                seen = getattr(decision, name)
            self.assertEqual(list(seen) if isinstance(seen, tuple) else seen, value, name)
        self.assertEqual(bool(decision), expected["allowed"])
        self.assertNotIn(TOKEN, repr(decision))

    def answer(self, row):
        self.peer.steps[row["name"]] = row["peer"]
        client = self.hasty if any("hang" in step for step in row["peer"]) else self.patient
        decision = client.authorize(Action(tool=row["name"], request_id=row.get("request_id", "")))
        self.hold(decision, row["expect"])
        self.assertEqual(self.peer.asked[row["name"]], row["attempts"])

    def listener(self, row):
        listener = Listener(row["listener"])
        self.addCleanup(listener.close)
        with Client(listener.address, TOKEN, timeout=SHORT if row["listener"] == "silent" else LONG) as client:
            self.hold(client.authorize(Action(tool="github")), row["expect"])

    def digest(self, row):
        if row.get("refused"):
            self.assertRaises(DigestError, digest_json, row["json"])
            return
        self.assertEqual(canonical(parse(row["json"])).decode(), row["canonical"])
        self.assertEqual(digest_json(row["json"].encode()), row["digest"])
        self.assertEqual(digest(parse(row["json"])), row["digest"])

    def cache(self, row):
        cache = DecisionCache(row["capacity"])
        for step in row["steps"]:
            key = step.get("key", "").encode()
            if step["do"] == "follow":
                cache.follow(step["epoch"])
            elif step["do"] == "keep":
                self.assertEqual(cache.keep(key, Decision(**step["answer"]), step["now"], step["steady"]), step["kept"], step)
            else:
                found = cache.find(key, step["now"], step["steady"])
                self.assertEqual(found is not None and found.cached, step["found"], step)
            self.assertLessEqual(len(cache), row["capacity"])


for kind, rows in (("answer", "answers"), ("listener", "listeners"), ("digest", "digests"), ("cache", "caches")):
    for vector in VECTORS[rows]:
        setattr(VectorTests, f"test_{kind}_{vector['name']}", lambda self, kind=kind, row=vector: getattr(self, kind)(row))
