import type { Allowed, DeploymentRecord, Snapshot } from '@sallyport/core'

/** Verdicts that are kept of one snapshot at most. One takes about 600 bytes, so all take 40 MB. */
const VERDICTS_MAX = 65_536

/** Verdicts by the digest of the token. The older ones are those that were not used since there were too many. */
interface Verdicts {
  newer: Map<string, Allowed>
  older: ReadonlyMap<string, Allowed>
}

/**
 * Remembers the tokens that were let in with nothing but the token: the verdict on such a request depends on the snapshot,
 * the deployment, the token and the time alone. A repeated token then costs its digest and a lookup.
 *
 * Each snapshot has verdicts of its own, which end with it: after a change, every token is decided anew. Refusals are not
 * remembered, so that a million different tokens evict nothing and take no memory.
 *
 * No token stays in memory. That a remembered token is answered sooner tells nothing: it takes the token itself to see it,
 * and a caller who has that knows the verdict. A guess has another digest, which its sender cannot choose.
 */
export class RememberedVerdicts {
  readonly #bySnapshot = new WeakMap<Snapshot, Verdicts>()
  readonly #generationMax: number

  constructor(verdictsMax: number = VERDICTS_MAX) {
    this.#generationMax = Math.max(1, Math.floor(verdictsMax / 2))
  }

  /**
   * The verdict on a request to a deployment with this token, unless it has ended.
   *
   * @param digest of the token
   * @param nowMs milliseconds since 1970
   */
  find(snapshot: Snapshot, deployment: DeploymentRecord, digest: string, nowMs: number): Allowed | undefined {
    const verdicts = this.#bySnapshot.get(snapshot)
    if (verdicts === undefined) return undefined
    let verdict = verdicts.newer.get(digest)
    if (verdict === undefined) {
      verdict = verdicts.older.get(digest)
      if (verdict !== undefined) this.#keep(verdicts, digest, verdict)
    }
    return verdict?.deployment === deployment && nowMs < verdict.endsAtMs ? verdict : undefined
  }

  /**
   * Remembers a verdict that needed no fact besides the token.
   *
   * @param digest of the token
   */
  add(snapshot: Snapshot, digest: string, verdict: Allowed): void {
    // Whether a key is rolling can end without a change.
    if (verdict.secret === null || verdict.secret.isRolling) return
    let verdicts = this.#bySnapshot.get(snapshot)
    if (verdicts === undefined) {
      verdicts = { newer: new Map(), older: new Map() }
      this.#bySnapshot.set(snapshot, verdicts)
    }
    this.#keep(verdicts, digest, verdict)
  }

  #keep(verdicts: Verdicts, digest: string, verdict: Allowed): void {
    if (verdicts.newer.size >= this.#generationMax) {
      verdicts.older = verdicts.newer
      verdicts.newer = new Map()
    }
    verdicts.newer.set(digest, verdict)
  }
}
