#!/usr/bin/python3
"""An OpenID Connect provider on loopback with one key: discovery, keys, and an ID token for Alice in a file.

usage: identity-provider.py PORT TOKEN-FILE
"""
import base64
import http.server
import json
import sys
import time

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

PORT = int(sys.argv[1])
ISSUER = f"http://127.0.0.1:{PORT}"


def b64u(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value):
    return b64u(value.to_bytes((value.bit_length() + 7) // 8, "big"))


key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
public = key.public_key().public_numbers()
documents = {
    "/.well-known/openid-configuration": {
        "issuer": ISSUER,
        "jwks_uri": ISSUER + "/keys",
        "authorization_endpoint": ISSUER + "/authorize",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    },
    "/keys": {"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "1", "n": number(public.n), "e": number(public.e)}]},
}
now = int(time.time())
claims = {"iss": ISSUER, "aud": "agent-host", "sub": "alice", "iat": now, "exp": now + 600, "groups": ["engineers"]}
signed = b64u(json.dumps({"alg": "RS256", "kid": "1"}).encode()) + "." + b64u(json.dumps(claims).encode())
with open(sys.argv[2], "w", encoding="ascii") as file:
    file.write(signed + "." + b64u(key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())))


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps(documents.get(self.path, {})).encode()
        self.send_response(200 if self.path in documents else 404)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Handler).serve_forever()
