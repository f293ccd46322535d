"""Asks, acts and reports, against `clawpdp demo --dir DIR`.

usage: PYTHONPATH=../src python3 quickstart.py DIR/alice.cst
"""

import sys
from pathlib import Path

from clawpdp import Action, AuthorizationDenied, Client

token = Path(sys.argv[1]).read_text("ascii").strip()
with Client(token=token) as client:

    @client.guard(tool="github")
    def create_issue(repo: str, title: str) -> dict:
        return {"repo": repo, "number": 1, "title": title}

    print("created", create_issue("clawpdp", "A bug")["number"])

    with client.acting(Action(model="gpt-4o", provider="openai", args={"prompt": "Say hello"})) as acting:
        acting.result = "hello"
    print("receipt", acting.receipt.receipt_id, "of decision", acting.decision.decision_id)

    try:
        client.require(Action(tool="splunk"))
    except AuthorizationDenied as denied:
        print(denied)
