"""Acts with a token that nobody else can use, against `clawpdp demo --dir DIR`; `clawpdp holder-key new --out KEY` makes the key.

usage: PYTHONPATH=../src python3 holder.py DIR/alice.cst KEY
"""

import sys
from pathlib import Path

from clawpdp import Action, Client, HolderKey
from clawpdp.v1 import token_service_pb2 as tokens
from clawpdp.v1 import token_service_pb2_grpc as token_calls

parent = Path(sys.argv[1]).read_text("ascii").strip()

key = HolderKey(Path(sys.argv[2]).read_text("ascii"))
request = tokens.IssueCstRequest(
    parent_cst=parent, agent_did="did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw", audiences=["clawpdp"],
    holder=tokens.TokenHolder(jwk_thumbprint=key.thumbprint))
with Client(token=parent) as client:
    bound = token_calls.TokenServiceStub(client.channel).IssueCst(request, timeout=5).issued.cst

with Client(token=bound, holder_key=key) as client:
    print("with the key:", client.authorize(Action(tool="github")).reason)
with Client(token=bound) as client:
    print("without it:", client.authorize(Action(tool="github")).reason)
