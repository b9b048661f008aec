import { hash } from 'node:crypto'
import {
  gcra,
  WINDOW_MS,
  type GcraVerdict,
  type LimitFact,
  type Principal,
  type RateBudget,
  type RateLimit,
} from '@sallyport/core'
import { countedAddress } from '../request/client-address.ts'

/** How many counters of each kind are kept, unless told otherwise; each is a name and two numbers, some 250 bytes. */
const COUNTERS_MAX = 100_000

/** The most characters of an issuer and its subject in a counter's name; longer ones are there as their digest. */
const SUBJECT_NAME_CHARS_MAX = 200

/** How many requests a counter held, and when. */
interface Level {
  readonly level: number
  readonly atMs: number
}

const NEVER_SEEN: Level = { level: 0, atMs: 0 }

/** Who is counted, and under which limits. */
export interface LimitQuestion {
  /** In front of the names of a pipeline's counters. */
  readonly counterPrefix: string
  readonly pipelineLimits: readonly RateLimit[]
  readonly keyLimits: readonly RateLimit[]
  readonly principal: Principal
  /** What is in `iss` of the environment's own tokens. */
  readonly ownIssuer: string
  /** The client's address, for callers whom nothing else tells apart; asked for only then. */
  readonly address: () => string
}

/** How many counters of each kind are kept; of a kind, the one unused longest goes first. */
export interface CountersMax {
  /** Of consumers and keys. */
  readonly credentials?: number
  /** Of whom trusted issuers' tokens name. */
  readonly subjects?: number
  /** Of callers who are told apart by their address alone. */
  readonly addresses?: number
}

/** Counts requests in this process's memory. A fleet's gateways each count for themselves. */
export class RateLimiter {
  // Apart, so that whoever has many addresses, or many names at an issuer, cannot have a consumer's count forgotten.
  readonly #credentials: Counters
  readonly #subjects: Counters
  readonly #addresses: Counters

  constructor({ credentials, subjects, addresses }: CountersMax = {}) {
    this.#credentials = new Counters(credentials ?? COUNTERS_MAX)
    this.#subjects = new Counters(subjects ?? COUNTERS_MAX)
    this.#addresses = new Counters(addresses ?? COUNTERS_MAX)
  }

  get size(): number {
    return this.#credentials.size + this.#subjects.size + this.#addresses.size
  }

  /**
   * Judges a request against all its limits at once: it is counted under all of them, or, when one is exceeded, under
   * none, so that being refused by one costs nothing under another.
   */
  judge(question: LimitQuestion, nowMs: number): LimitFact {
    const { pipelineLimits, keyLimits, principal } = question
    const subject = issuerSubject(question)
    const counters = this.#countersFor(principal, subject)
    const count = pipelineLimits.length + keyLimits.length
    const names: string[] = []
    const verdicts: GcraVerdict[] = []
    const budgets: RateBudget[] = []
    let retryAfterMs = -1
    for (let index = 0; index < count; index += 1) {
      const ofPipeline = index < pipelineLimits.length
      // A key's limits count over all pipelines, however many limits those have of their own.
      const place = ofPipeline ? index : index - pipelineLimits.length
      const limit = ofPipeline ? pipelineLimits[place] : keyLimits[place]
      if (limit === undefined) continue
      // What the limit says is part of the name, so that one that is changed starts afresh.
      const name = `${ofPipeline ? question.counterPrefix : 'key '}${limit.requests}/${limit.per} ${place} ${callerName(
        question,
        ofPipeline ? limit.by : 'credential',
        subject,
      )}`
      const { level, atMs } = counters.get(name)
      const verdict = gcra(limit.requests, WINDOW_MS[limit.per], level, atMs, nowMs)
      if (!verdict.allowed) retryAfterMs = Math.max(retryAfterMs, verdict.retryAfterMs)
      names.push(name)
      verdicts.push(verdict)
      const { remaining, resetAfterMs } = verdict
      budgets.push({ of: ofPipeline ? 'pipeline' : 'key', limit, remaining, resetAfterMs })
    }
    if (retryAfterMs >= 0) {
      return {
        kind: 'exceeded',
        retryAfterMs,
        budgets: budgets.map((budget, index) =>
          verdicts[index]?.allowed === true ? uncounted(budget) : budget,
        ),
      }
    }
    for (let index = 0; index < names.length; index += 1) {
      counters.set(names[index] ?? '', { level: verdicts[index]?.level ?? 0, atMs: nowMs })
    }
    return { kind: 'within', budgets }
  }

  #countersFor({ consumer, keyId }: Principal, subject: string | null): Counters {
    if (consumer !== null || keyId !== null) return this.#credentials
    return subject === null ? this.#addresses : this.#subjects
  }
}

/** What a limit leaves when the request is not counted after all, since another limit refuses it. */
function uncounted(budget: RateBudget): RateBudget {
  const { limit, remaining, resetAfterMs } = budget
  const one = WINDOW_MS[limit.per] / limit.requests
  return { ...budget, remaining: remaining + 1, resetAfterMs: Math.max(0, resetAfterMs - one) }
}

/** Levels by the name of a counter, in the order of last use. */
class Counters {
  readonly #levels = new Map<string, Level>()
  readonly #max: number

  constructor(max: number) {
    this.#max = max
  }

  get size(): number {
    return this.#levels.size
  }

  get(name: string): Level {
    return this.#levels.get(name) ?? NEVER_SEEN
  }

  set(name: string, level: Level): void {
    // Deleting first moves the counter to the end of the map's order.
    this.#levels.delete(name)
    this.#levels.set(name, level)
    if (this.#levels.size > this.#max) {
      const oldest = this.#levels.keys().next()
      if (oldest.done !== true) this.#levels.delete(oldest.value)
    }
  }
}

/** Whom a request counts for. The kinds are told apart by what ids look like: `key_…`, a consumer's, two words. */
function callerName(
  { principal, address }: LimitQuestion,
  by: RateLimit['by'],
  subject: string | null,
): string {
  const { consumer, keyId } = principal
  const name = by === 'consumer' ? (consumer ?? keyId) : (keyId ?? consumer)
  return name ?? subject ?? `address ${countedAddress(address())}`
}

/**
 * Whom a trusted issuer's token names, by issuer and subject, which are one person's wherever he is (RFC 7519 section
 * 4.1.2); null where there is a consumer or a key, or no such token. An own token of nobody says nothing of its bearer:
 * the subject is whatever its pipeline says, and may be the same for all.
 */
function issuerSubject({ principal, ownIssuer }: LimitQuestion): string | null {
  const { consumer, keyId, claims } = principal
  if (consumer !== null || keyId !== null || claims === null) return null
  const { iss, sub } = claims
  if (typeof iss !== 'string' || typeof sub !== 'string' || iss === ownIssuer) return null
  // With its length in front, no issuer and subject read as another pair.
  const name = `${iss.length} ${iss} ${sub}`
  return name.length <= SUBJECT_NAME_CHARS_MAX ? `subject ${name}` : `digest ${hash('sha256', name)}`
}
