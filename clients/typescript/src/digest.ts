// Canonical JSON (RFC 8785) and its SHA-256, which decisions and receipts hold instead of content.
import { createHash } from "node:crypto";

const DEPTH_MAX = 64;
const SURROGATE_ALONE = /\p{Surrogate}/u;
// A mark, a string, a number or a word, after white space; the y flag holds it to the place where the last one ended.
const TOKEN = /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)|(true|false|null))/y;

/** A value that has no canonical JSON form. The message never holds the value. */
export class DigestError extends Error {
  override readonly name = "DigestError";
}

/**
 * Gives the SHA-256 of a value's canonical JSON form: base64url, 43 characters.
 *
 * Takes what JSON has: `null`, booleans, finite numbers, bigints up to 2**53 - 1 either way, strings, arrays and plain objects.
 * @throws DigestError for anything else, `undefined` included; for text with an unpaired surrogate; for more than 64 levels.
 */
export function digest(value: unknown): string {
  return createHash("sha256").update(canonical(value), "utf8").digest("base64url");
}

/**
 * Gives the digest of a JSON text. Numbers are read as RFC 8785 says: as the nearest double, whatever their digits.
 * @throws DigestError if it is none, or if an object has a name twice.
 */
export function digestJson(text: string): string {
  return digest(parse(text));
}

/** Gives a value's canonical form (RFC 8785), to be encoded in UTF-8. Takes and throws what `digest` does. */
export function canonical(value: unknown, depth = 0): string {
  switch (typeof value) {
    case "string":
      if (SURROGATE_ALONE.test(value)) throw new DigestError("text holds an unpaired surrogate");
      return JSON.stringify(value);
    case "number":
      if (!Number.isFinite(value)) throw new DigestError("not a finite number");
      return String(value === 0 ? 0 : value);
    case "bigint":
      if (!Number.isSafeInteger(Number(value))) throw new DigestError("an integer beyond 2**53 - 1 is not exact in JSON");
      return String(value);
    case "boolean":
      return String(value);
    case "object":
      return value === null ? "null" : composite(value, depth);
    default:
      throw new DigestError(`a value of type ${typeof value} has no JSON form`);
  }
}

function composite(value: object, depth: number): string {
  if (depth === DEPTH_MAX) throw new DigestError("more than 64 levels");
  // Array.from: a hole is a value that is missing.
  if (Array.isArray(value)) return `[${Array.from(value, (item) => canonical(item, depth + 1)).join(",")}]`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) throw new DigestError("an object that is not plain has no JSON form");
  // The default order is that of UTF-16 code units, as RFC 8785 section 3.2.3 asks for.
  const members = Object.keys(value).sort().map((name) => `${canonical(name)}:${canonical((value as Record<string, unknown>)[name], depth + 1)}`);
  return `{${members.join(",")}}`;
}

/** Reads a JSON text strictly: unlike `JSON.parse` it takes no name twice and no number beyond a double. */
export function parse(text: string): unknown {
  const tokens = new RegExp(TOKEN);
  let [mark, string, number, word] = [undefined, undefined, undefined, undefined] as (string | undefined)[];
  const next = () => {
    const found = tokens.exec(text);
    if (!found) throw new DigestError("not a JSON text");
    [, mark, string, number, word] = found;
  };
  const value = (depth: number): unknown => {
    if (string !== undefined || word !== undefined) return JSON.parse(string ?? word ?? "");
    if (number !== undefined) return Number(number);
    if (depth === DEPTH_MAX) throw new DigestError("more than 64 levels");
    if (mark === "[") return list("]", () => value(depth + 1));
    if (mark !== "{") throw new DigestError("not a JSON text");
    // No prototype, so that `__proto__` is a name like any other.
    const members = Object.create(null) as Record<string, unknown>;
    list("}", () => {
      if (string === undefined) throw new DigestError("not a JSON text");
      const name = JSON.parse(string) as string;
      if (name in members) throw new DigestError("an object has a name twice");
      next();
      if (mark !== ":") throw new DigestError("not a JSON text");
      next();
      members[name] = value(depth + 1);
    });
    return members;
  };
  const list = (end: string, item: () => unknown): unknown[] => {
    const items: unknown[] = [];
    next();
    while (mark !== end || items.length > 0) {
      items.push(item());
      next();
      if (mark === end) break;
      if (mark !== ",") throw new DigestError("not a JSON text");
      next();
    }
    return items;
  };
  next();
  const whole = value(0);
  if (/[^ \t\n\r]/.test(text.slice(tokens.lastIndex))) throw new DigestError("not a JSON text");
  return whole;
}
