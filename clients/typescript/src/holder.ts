// The key that a token is bound to: with each call it proves that the caller holds it, by a DPoP proof JWT (RFC 9449).
import { createHash, createPrivateKey, createPublicKey, type JsonWebKey, KeyObject, randomUUID, sign as signBytes, verify } from "node:crypto";

/** The most proofs that a call carries; a sidecar looks at no more. */
export const PROOF_COUNT_MAX = 16;

/** Signs bytes: gives 64 bytes, as EdDSA or ES256 (R and S, over SHA-256) has them. */
export type Signer = (message: Uint8Array) => Uint8Array | Promise<Uint8Array>;

/** What else a proof states; each has a default. `iat` is in seconds. */
export interface ProofClaims {
  readonly method?: string;
  readonly jti?: string;
  readonly iat?: number;
}

/** The key could not sign, so that nothing was sent. Its text holds nothing secret. */
export class ProofError extends Error {
  override readonly name = "ProofError";
}

const SIGNATURE_SIZE = 64;
const EXPECTED = "the holder's key is no private key: a JSON Web Key or PKCS #8 in PEM is expected, of Ed25519 or P-256";

/** A private key that tokens are bound to, of Ed25519 or P-256. Nothing that it prints or throws holds the private part. */
export class HolderKey {
  /** The SHA-256 thumbprint of the public key (RFC 7638), by which a token names it. */
  readonly thumbprint: string;
  readonly publicJwk: Readonly<Record<string, string>>;
  readonly #algorithm: "EdDSA" | "ES256";
  readonly #sign: Signer;

  private constructor(jwk: JsonWebKey, sign: Signer) {
    const isEdwards = jwk.kty === "OKP" && jwk.crv === "Ed25519";
    const names = isEdwards ? (["crv", "kty", "x"] as const) : (["crv", "kty", "x", "y"] as const);
    const isKnown = isEdwards || (jwk.kty === "EC" && jwk.crv === "P-256");
    if (!isKnown || jwk.d !== undefined || !isCoordinate(jwk.x) || !(isEdwards || isCoordinate(jwk.y))) {
      throw new TypeError("the holder's public key is none: a JSON Web Key without a private part is expected, of Ed25519 or P-256");
    }
    this.publicJwk = Object.freeze(Object.fromEntries(names.map((name) => [name, String(jwk[name])])));
    // RFC 7638: the members that every key of the kind has, sorted, without white space.
    this.thumbprint = sha256(JSON.stringify(this.publicJwk));
    this.#algorithm = isEdwards ? "EdDSA" : "ES256";
    this.#sign = sign;
  }

  /**
   * Takes a private key: a JSON Web Key with its private part, as text or object; PKCS #8 in PEM; or a `KeyObject`.
   * @throws TypeError for what is no such key.
   */
  static of(key: string | JsonWebKey | KeyObject): HolderKey {
    let made: KeyObject;
    try {
      if (key === undefined || key === null) throw new TypeError();
      made = key instanceof KeyObject ? key : typeof key === "string" && !key.trimStart().startsWith("{") ? fromPem(key) : fromJwk(key);
    } catch {
      // Whatever it says could hold the key.
      throw new TypeError(EXPECTED);
    }
    const isKnown = made.type === "private" && (made.asymmetricKeyType === "ed25519" || made.asymmetricKeyDetails?.namedCurve === "prime256v1");
    if (!isKnown) throw new TypeError(EXPECTED);
    const sign: Signer = made.asymmetricKeyType === "ed25519"
      ? (message) => signBytes(null, message, made)
      : (message) => signBytes("sha256", message, { key: made, dsaEncoding: "ieee-p1363" });
    return new HolderKey(publicOf(made), sign);
  }

  /**
   * Takes a key that is elsewhere, such as in hardware: its public part and what signs with it. Where that fails, the call is denied
   * with the reason CLIENT_PROOF.
   * @throws TypeError for what is no public key.
   */
  static ofSigner(publicJwk: JsonWebKey, sign: Signer): HolderKey {
    return new HolderKey(publicJwk, sign);
  }

  /**
   * Makes a proof for one request. The client makes those of its own calls; this is for other requests, such as by HTTP with the header
   * `dpop`. `target` is scheme, authority and path; query and fragment are left out.
   * @throws ProofError where the key cannot sign.
   */
  async proof(target: string, token = "", { method = "POST", jti = randomUUID(), iat = Date.now() / 1000 }: ProofClaims = {}): Promise<string> {
    const header = { typ: "dpop+jwt", alg: this.#algorithm, jwk: this.publicJwk };
    const claims = { jti, htm: method, htu: target.replace(/[?#].*$/s, ""), iat, ...(token === "" ? {} : { ath: sha256(token) }) };
    const signed = `${encode(JSON.stringify(header))}.${encode(JSON.stringify(claims))}`;
    let signature: Uint8Array;
    try {
      signature = await this.#sign(Buffer.from(signed, "ascii"));
    } catch (error) {
      // Its text could hold what nobody may see.
      throw new ProofError(`the holder's key could not sign: ${error instanceof Error ? error.name : typeof error}`);
    }
    if (!(signature instanceof Uint8Array) || signature.length !== SIGNATURE_SIZE) throw new ProofError("the holder's key gave no signature of 64 bytes");
    return `${signed}.${Buffer.from(signature).toString("base64url")}`;
  }
}

/** Gives the tokens that a request carries, each once, as many as a sidecar looks at proofs of. */
export function tokensOf(request: unknown): string[] {
  interface Part { cst?: unknown; requests?: Part[]; request?: Part; credential?: { case?: unknown; value?: unknown } }
  const whole = request as Part;
  const parts = whole.requests ?? [whole.request ?? whole];
  const found = parts.map((part) => (part.credential?.case === "parentCst" ? part.credential.value : part.cst));
  return [...new Set(found.filter((token): token is string => typeof token === "string" && token !== ""))].slice(0, PROOF_COUNT_MAX);
}

function fromPem(text: string): KeyObject {
  return createPrivateKey({ key: text, format: "pem" });
}

function fromJwk(key: string | JsonWebKey): KeyObject {
  const jwk = (typeof key === "string" ? JSON.parse(key) : key) as JsonWebKey;
  // Node.js takes a key whose parts are of different keys, and other spellings of the same bytes.
  const coordinates = jwk.kty === "EC" ? [jwk.d, jwk.x, jwk.y] : [jwk.d, jwk.x];
  if (!coordinates.every(isCoordinate)) throw new TypeError();
  const made = createPrivateKey({ key: jwk, format: "jwk" });
  const probe = Buffer.alloc(1);
  const digest = jwk.kty === "EC" ? "sha256" : null;
  const shown = publicOf(made);
  if (shown.x !== jwk.x || shown.y !== jwk.y || !verify(digest, probe, createPublicKey(made), signBytes(digest, probe, made))) throw new TypeError();
  return made;
}

function publicOf(key: KeyObject): JsonWebKey {
  return createPublicKey(key).export({ format: "jwk" });
}

function isCoordinate(text: unknown): text is string {
  if (typeof text !== "string") return false;
  const bytes = Buffer.from(text, "base64url");
  return bytes.length === 32 && bytes.toString("base64url") === text;
}

const encode = (text: string) => Buffer.from(text, "utf8").toString("base64url");
const sha256 = (text: string) => createHash("sha256").update(text, "utf8").digest("base64url");
