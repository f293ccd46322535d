"""Client of the ClawPdp policy-decision sidecar: ask before an agent acts, sign a receipt after.

Every failure is a denial: only an OK answer that says ALLOW, and is whole, allows.
"""

from .action import Action, Report
from .cache import DecisionCache
from .client import Client
from .decision import REISSUE, REQUESTABLE, STRUCTURAL, TRANSIENT, Decision
from .digest import DigestError, canonical, digest, digest_json
from .errors import AuthorizationDenied, ReceiptNotSigned
from .guard import Acting
from .holder import HolderKey, ProofError

__all__ = [
    "REISSUE", "REQUESTABLE", "STRUCTURAL", "TRANSIENT", "Acting", "Action", "AuthorizationDenied", "Client", "Decision", "DecisionCache",
    "DigestError", "HolderKey", "ProofError", "ReceiptNotSigned", "Report", "canonical", "digest", "digest_json",
]
__version__ = "0.1.0"
