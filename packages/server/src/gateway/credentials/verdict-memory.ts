import type { BasicCredentialRecord, BasicFact } from '@sallyport/core'

/** The credential that a username stood for; undefined where there was none. */
export type Credential = BasicCredentialRecord | undefined

interface Remembered {
  readonly credential: Credential
  readonly fact: BasicFact
  readonly untilMs: number
}

/** How much is remembered, and for how long. */
export interface VerdictMemoryLimits {
  readonly entriesMax: number
  readonly keptMs: number
}

/**
 * Remembers what passwords turned out to be worth, each for a while and only for as long as its username stands for the
 * same credential. The one unused longest goes first.
 */
export class VerdictMemory {
  /** By question, in the order of last use. */
  readonly #entries = new Map<string, Remembered>()
  readonly #limits: VerdictMemoryLimits

  constructor(limits: VerdictMemoryLimits) {
    this.#limits = limits
  }

  get size(): number {
    return this.#entries.size
  }

  /** What the same question's verdict was, where it still holds. */
  find(question: string, credential: Credential, nowMs: number): BasicFact | undefined {
    const known = this.#entries.get(question)
    if (known === undefined) return undefined
    this.#entries.delete(question)
    if (nowMs >= known.untilMs || !isSameCredential(known.credential, credential)) return undefined
    this.#entries.set(question, known)
    return known.fact
  }

  keep(question: string, credential: Credential, fact: BasicFact, nowMs: number): void {
    this.#entries.delete(question)
    this.#entries.set(question, { credential, fact, untilMs: nowMs + this.#limits.keptMs })
    if (this.#entries.size <= this.#limits.entriesMax) return
    const oldest = this.#entries.keys().next()
    if (oldest.done !== true) this.#entries.delete(oldest.value)
  }
}

/**
 * Whether two records are of one credential, unchanged in all that a verdict was made from. They are the same object
 * nearly always, but a snapshot that is loaded afresh holds others, and then not everybody must be verified at once.
 */
export function isSameCredential(left: Credential, right: Credential): boolean {
  if (left === right) return true
  return (
    left !== undefined &&
    right !== undefined &&
    left.id === right.id &&
    left.consumer === right.consumer &&
    left.passwordHash === right.passwordHash
  )
}
