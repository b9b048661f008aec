import type {
  Allowed,
  ConsumerRecord,
  DeploymentRecord,
  LimitFact,
  Needed,
  Principal,
  RateBudget,
  SecretUse,
  Snapshot,
} from '@sallyport/core'

/** Verdicts that are kept of one snapshot at most. One takes about 1,200 bytes, so all take 80 MB. */
const VERDICTS_MAX = 65_536

/** How many digests are noted that were let in once. */
const SEEN_MAX = 65_536

/** The limits of a request that is allowed within them. */
export type NeededLimits = Extract<Needed, { readonly fact: 'limit' }>

/** A verdict on requests with nothing but a token, with what follows from it alone. */
export class RememberedVerdict implements Allowed {
  readonly kind = 'allow'
  readonly deployment: DeploymentRecord
  readonly principal: Principal
  readonly keyConsumer: ConsumerRecord | undefined
  readonly secret: SecretUse | null
  readonly budgets: readonly RateBudget[]
  readonly basic = null
  readonly jwt = null
  readonly endsAtMs: number
  /** Each request must be within them; null for none. */
  readonly limits: NeededLimits | null
  /** Of the token. */
  readonly digest: string
  /** The headers of the answer to `/authz`, once it was asked for. */
  answerLines: string | null = null

  constructor(digest: string, verdict: Allowed, limits: NeededLimits | null) {
    this.digest = digest
    this.deployment = verdict.deployment
    this.principal = verdict.principal
    this.keyConsumer = verdict.keyConsumer
    this.secret = verdict.secret
    this.budgets = limits === null ? verdict.budgets : []
    this.endsAtMs = verdict.endsAtMs
    this.limits = limits
  }

  /** The verdict on a request that was counted. */
  within({ budgets = [] }: Extract<LimitFact, { readonly kind: 'within' }>): Allowed {
    const { kind, deployment, principal, keyConsumer, secret, basic, jwt, endsAtMs } = this
    return { kind, deployment, principal, keyConsumer, secret, budgets, basic, jwt, endsAtMs }
  }
}

/**
 * Verdicts by a part of the digest of the token, one for each: V8 makes a unique copy of each text that is looked up, which takes
 * longer than the rest. The older ones are those that were not used since there were too many.
 */
interface Verdicts {
  newer: Map<number, RememberedVerdict>
  older: ReadonlyMap<number, RememberedVerdict>
}

/**
 * Remembers the tokens that were let in with nothing but the token: the verdict on such a request depends on the snapshot,
 * the deployment, the token and the time alone, apart from the rate limits, which count each request. A repeated token then
 * costs its digest and a lookup.
 *
 * Each snapshot has verdicts of its own, which end with it: after a change, every token is decided anew. Refusals are not
 * remembered, and a token is from its second use on, so that a million different tokens evict nothing and take no memory.
 *
 * No token stays in memory. That a remembered token is answered sooner tells nothing: it takes the token itself to see it,
 * and a caller who has that knows the verdict. A guess has another digest, which its sender cannot choose.
 */
export class RememberedVerdicts {
  readonly #bySnapshot = new WeakMap<Snapshot, Verdicts>()
  readonly #generationMax: number
  /** Parts of the digests that were let in last, one at each place. */
  readonly #seen = new Uint32Array(SEEN_MAX)

  constructor(verdictsMax: number = VERDICTS_MAX) {
    this.#generationMax = Math.max(1, Math.floor(verdictsMax / 2))
  }

  /**
   * The verdict on a request to a deployment with this token, unless it has ended.
   *
   * @param digest of the token
   * @param nowMs milliseconds since 1970
   */
  find(
    snapshot: Snapshot,
    deployment: DeploymentRecord,
    digest: string,
    nowMs: number,
  ): RememberedVerdict | undefined {
    const verdicts = this.#bySnapshot.get(snapshot)
    if (verdicts === undefined) return undefined
    const part = partOf(digest)
    let verdict = verdicts.newer.get(part)
    if (verdict === undefined) {
      verdict = verdicts.older.get(part)
      if (verdict !== undefined) this.#keep(verdicts, verdict)
    }
    const isKnown =
      verdict?.deployment === deployment && verdict.digest === digest && nowMs < verdict.endsAtMs
    return isKnown ? verdict : undefined
  }

  /**
   * Remembers a verdict that needed no fact besides the token, and the limits.
   *
   * @param digest of the token
   * @param limits that each request must be within; null for none
   */
  add(snapshot: Snapshot, digest: string, verdict: Allowed, limits: NeededLimits | null): void {
    // Whether a key is rolling can end without a change.
    if (verdict.secret === null || verdict.secret.isRolling || this.#isNew(digest)) return
    let verdicts = this.#bySnapshot.get(snapshot)
    if (verdicts === undefined) {
      verdicts = { newer: new Map(), older: new Map() }
      this.#bySnapshot.set(snapshot, verdicts)
    }
    this.#keep(verdicts, new RememberedVerdict(digest, verdict, limits))
  }

  /** Whether a digest was not let in lately. Now it was. */
  #isNew(digest: string): boolean {
    const part = partOf(digest)
    const place = part % SEEN_MAX
    const isNew = this.#seen[place] !== part
    this.#seen[place] = part
    return isNew
  }

  #keep(verdicts: Verdicts, verdict: RememberedVerdict): void {
    if (verdicts.newer.size >= this.#generationMax) {
      verdicts.older = verdicts.newer
      verdicts.newer = new Map()
    }
    verdicts.newer.set(partOf(verdict.digest), verdict)
  }
}

/** A number of 30 bits, which V8 handles as such. No sender can choose a digest, or a part of one. */
function partOf(digest: string): number {
  return (
    digest.charCodeAt(0) |
    (digest.charCodeAt(1) << 8) |
    (digest.charCodeAt(2) << 16) |
    ((digest.charCodeAt(3) & 0x3f) << 24)
  )
}
