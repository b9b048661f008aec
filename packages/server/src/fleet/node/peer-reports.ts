/** How long a peer is not reported again, in ms. */
const QUIET_MS = 60_000
/** The most peers that are remembered. */
const PEERS_MAX = 1_000

/** Which peers were reported lately, so that one that tries again and again has one line in the log for each minute. */
export class PeerReports {
  readonly #monotonicMs: () => number
  /** When each was reported last, the oldest first. */
  readonly #reportedAtMs = new Map<string, number>()

  /** @param monotonicMs a monotonic clock, in ms */
  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs
  }

  /** @returns whether to report the peer now; then it counts as reported */
  due(peer: string): boolean {
    const nowMs = this.#monotonicMs()
    for (const [known, atMs] of this.#reportedAtMs) {
      if (nowMs - atMs < QUIET_MS) break
      this.#reportedAtMs.delete(known)
    }
    // With so many peers in one minute, their lines would fill the log.
    if (this.#reportedAtMs.has(peer) || this.#reportedAtMs.size >= PEERS_MAX) return false
    this.#reportedAtMs.set(peer, nowMs)
    return true
  }
}
