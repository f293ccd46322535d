import type { Decision } from "./decision.js";

/**
 * A bounded store of answers that the sidecar marked as good for a while, allows and denials alike.
 *
 * It holds answers of one epoch only, the one that the stream told last, and none while no stream is open. An answer ends at
 * `cacheableUntil` by the clock, and also as long after its question as the sidecar said, by a clock that is never set: so
 * neither a clock that is wrong nor one that is set back prolongs it. All times are milliseconds.
 */
export class DecisionCache {
  readonly #capacity: number;
  readonly #entries = new Map<string, { decision: Decision; end: number }>();
  #epoch = 0n;

  /** @throws RangeError for a capacity below 1. */
  constructor(capacity = 1024) {
    if (!(capacity >= 1)) throw new RangeError("a cache holds at least one answer");
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The epoch that is followed; 0: the stream is not open. */
  get epoch(): bigint {
    return this.#epoch;
  }

  /** Takes the epoch that the stream tells; everything kept is dropped. 0: the stream is not open. */
  follow(epoch: bigint): void {
    this.#epoch = epoch;
    this.#entries.clear();
  }

  /** Gives the answer that is kept for a question and still good, by the clock and a steady clock. */
  find(key: string, now: number, steady: number): Decision | undefined {
    const entry = this.#entries.get(key);
    if (entry && now < (entry.decision.cacheableUntil ?? 0) && steady < entry.end) return { ...entry.decision, cached: true };
    this.#entries.delete(key);
    return undefined;
  }

  /** Keeps an answer, if it may be kept. `steady` is when the question was sent. Says whether it is kept. */
  keep(key: string, decision: Decision, now: number, steady: number): boolean {
    const { cacheableUntil: until, decidedAt } = decision;
    if (!until || !decidedAt || until <= Math.max(decidedAt, now) || decision.status !== "OK") return false;
    if (this.#epoch === 0n || decision.epoch !== this.#epoch) return false;
    if (this.#entries.size >= this.#capacity && !this.#entries.has(key)) {
      this.#entries.delete(this.#entries.keys().next().value ?? "");
    }
    this.#entries.set(key, { decision, end: steady + (until - decidedAt) });
    return true;
  }
}
