import { createHmac, randomBytes } from 'node:crypto'
import { Problem, type BasicFact, type Snapshot } from '@sallyport/core'
import { FairTurns, type FairTurnsLimits } from '../../crypto/fair-turns.ts'
import { decoyHash, verifyPassword } from '../../crypto/password-hash.ts'
import { canBeRight, readBasic, type UsernameAndPassword } from './basic-authorization.ts'
import { countedAddress } from '../request/client-address.ts'
import type { BasicJudge } from './authorizer.ts'
import { isSameCredential, VerdictMemory, type Credential } from './verdict-memory.ts'

/**
 * Two passwords at once: 38 MiB of memory, and two of the four threads with which Node.js also looks names up. At some
 * 40 ms each, the last of those that wait waits 5 s.
 */
const TURNS: FairTurnsLimits = { atOnce: 2, waitingMax: 256 }

/** Right passwords, some 400 bytes each: who calls more than once an hour is verified once an hour. */
const RIGHT = { entriesMax: 10_000, keptMs: 60 * 60 * 1000 }
/** Wrong ones, kept apart so that they push no right one out. A client that repeats itself costs nothing. */
const WRONG = { entriesMax: 10_000, keptMs: 60 * 1000 }

const SECRET_BYTES = 32

const INVALID: BasicFact = { kind: 'invalid' }

/** How passwords are verified, where it is not as usual. */
export interface PasswordVerification {
  readonly verify?: typeof verifyPassword
  readonly turns?: FairTurnsLimits
}

/** What this judge is given. */
export interface PasswordJudgeParts extends PasswordVerification {
  readonly nowMs: () => number
}

/** Where a username and a password are to hold, and who shows them. */
export interface PasswordQuestion extends UsernameAndPassword {
  readonly organization: string
  readonly environment: string
  /** The caller's address, asked for only where the password must be verified. */
  readonly address: () => string
}

interface Pending {
  readonly credential: Credential
  readonly fact: Promise<BasicFact>
}

/**
 * Verifies the passwords of Basic credentials: each right one once in a while, off the event loop, and from memory
 * otherwise. An unknown username goes the same way as a wrong password, step by step, so that nothing but the password
 * tells whether there is such a user.
 */
export class PasswordJudge implements BasicJudge {
  readonly #nowMs: () => number
  readonly #verify: typeof verifyPassword
  /** Verified where there is no such user. */
  readonly #decoy = decoyHash(randomBytes)
  /** Memory holds passwords only under this, which ends with the process. */
  readonly #secret = randomBytes(SECRET_BYTES)
  readonly #right = new VerdictMemory(RIGHT)
  readonly #wrong = new VerdictMemory(WRONG)
  /** What is being verified, by question: who asks the same meanwhile gets the same answer. */
  readonly #pending = new Map<string, Pending>()
  readonly #turns: FairTurns

  constructor({ nowMs, verify = verifyPassword, turns = TURNS }: PasswordJudgeParts) {
    this.#nowMs = nowMs
    this.#verify = verify
    this.#turns = new FairTurns(turns)
  }

  judge(
    snapshot: Snapshot,
    organization: string,
    environment: string,
    encoded: string,
    address: () => string,
  ): BasicFact | Promise<BasicFact> {
    const read = readBasic(encoded)
    if (read === undefined) return INVALID
    return this.#judge(snapshot, { ...read, organization, environment, address })
  }

  /**
   * The same for a username and a password that came some other way.
   *
   * @throws Problem `unavailable`, as a rejection, when too many wait to be verified, or it cannot be done
   */
  verify(snapshot: Snapshot, question: PasswordQuestion): BasicFact | Promise<BasicFact> {
    return canBeRight(question) ? this.#judge(snapshot, question) : INVALID
  }

  #judge(snapshot: Snapshot, question: PasswordQuestion): BasicFact | Promise<BasicFact> {
    const { organization, environment, username, password } = question
    const credential = snapshot.basicCredential(organization, environment, username)
    // None of the four holds a line break, so that no two questions look the same.
    const name = createHmac('sha256', this.#secret)
      .update(`${organization}\n${environment}\n${username}\n${password}`, 'utf8')
      .digest('latin1')
    const nowMs = this.#nowMs()
    const known = this.#right.find(name, credential, nowMs) ?? this.#wrong.find(name, credential, nowMs)
    if (known !== undefined) return known
    const pending = this.#pending.get(name)
    if (pending !== undefined && isSameCredential(pending.credential, credential)) return pending.fact
    const fact = this.#find(name, credential, password, countedAddress(question.address()))
    this.#pending.set(name, { credential, fact })
    return fact
  }

  async #find(name: string, credential: Credential, password: string, lane: string): Promise<BasicFact> {
    try {
      const hash = credential?.passwordHash ?? this.#decoy
      const isRight = await this.#turns.run(lane, async () => await this.#verify(password, hash))
      const isValid = isRight && credential !== undefined
      const fact: BasicFact = isValid ? { kind: 'valid', consumer: credential.consumer } : INVALID
      const memory = isValid ? this.#right : this.#wrong
      memory.keep(name, credential, fact, this.#nowMs())
      return fact
    } catch (cause) {
      // Whatever stops us from telling is no fault of the caller's.
      throw cause instanceof Problem ? cause : new Problem('unavailable', { cause })
    } finally {
      if (isSameCredential(this.#pending.get(name)?.credential, credential)) this.#pending.delete(name)
    }
  }
}
