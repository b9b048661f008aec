import type { Logger } from 'pino'
import { Counter, type Registry } from 'prom-client'
import type { MailAddress, SmtpConfig } from '../config/config.ts'
import { FairQueue } from '../fairness/fair-queue.ts'
import type { Tenant } from '../fairness/fair-share.ts'
import type { Mail } from './mail.ts'
import { RecipientLimits } from './recipient-limits.ts'
import { openSmtpTransport, type SendFailure, type SmtpTransport } from './smtp-transport.ts'

const CONNECTIONS_MAX = 3
const WAITING_MAX = 1000
/** The most mails between two attempts. */
const PAUSING_MAX = 1000
/** Before the second attempt, the third and the fourth. A server that delays strangers accepts them after 5 to 10 min. */
const PAUSES_MS = [10_000, 60_000, 600_000] as const
const ATTEMPT_MS_MAX = 60_000

export interface OutboxDeps {
  readonly smtp: SmtpConfig
  readonly from: MailAddress
  readonly logger: Logger
  readonly monotonicMs: () => number
  readonly registry: Registry
  /** Other pauses between attempts, in ms. */
  readonly pausesMs?: readonly number[]
  /** Another time limit of an attempt, in ms. */
  readonly attemptMsMax?: number
}

/** One address and nothing that a header or a command could read as more (RFC 5322 section 3.2.3). */
const ADDRESS = /^[^\s\p{C},;:<>()[\]"\\@]+@[^\s\p{C},;:<>()[\]"\\@]+$/u

interface Waiting {
  readonly mail: Mail
  /** How many attempts have failed. */
  readonly failures: number
}

type Outcome = 'sent' | 'failed' | 'dropped'

/**
 * Sends mails in the background, so that no answer takes longer, or fails, because of a mail. They are in memory only: a
 * mail is a convenience, and each of them can be asked for again or is also in the audit log.
 */
export class Outbox implements AsyncDisposable {
  readonly #queue: FairQueue<Waiting>
  readonly #pausing = new Map<Waiting, NodeJS.Timeout>()
  readonly #limits: RecipientLimits
  readonly #transport: SmtpTransport
  readonly #logger: Logger
  readonly #outcomes: Counter<'outcome'>
  readonly #pausesMs: readonly number[]
  readonly #attemptMsMax: number
  readonly #giveUp = new AbortController()
  readonly #idle = Promise.withResolvers<void>()
  #isClosing = false
  #closed: Promise<void> | null = null

  constructor({ smtp, from, logger, monotonicMs, registry, pausesMs, attemptMsMax }: OutboxDeps) {
    this.#transport = openSmtpTransport(smtp, from, CONNECTIONS_MAX)
    this.#limits = new RecipientLimits(monotonicMs)
    this.#logger = logger
    this.#pausesMs = pausesMs ?? PAUSES_MS
    this.#attemptMsMax = attemptMsMax ?? ATTEMPT_MS_MAX
    this.#queue = new FairQueue(
      { runningMax: CONNECTIONS_MAX, waitingMax: WAITING_MAX },
      ({ mail, failures }) => this.#end('dropped', mail, failures, 'too many mails wait'),
    )
    this.#outcomes = new Counter({
      name: 'sallyport_mails_total',
      help: 'Mails by what became of them.',
      labelNames: ['outcome'],
      registers: [registry],
    })
    for (const outcome of ['sent', 'failed', 'dropped'] satisfies Outcome[])
      this.#outcomes.inc({ outcome }, 0)
  }

  /** How many mails wait for a connection. */
  get waiting(): number {
    return this.#queue.waiting
  }

  /** Takes a mail to send. Returns at once, and always alike; what becomes of the mail is in the log and the metrics. */
  post(mail: Mail): void {
    if (this.#isClosing) this.#end('dropped', mail, 0, 'the server ends')
    else if (!ADDRESS.test(mail.to)) this.#end('dropped', mail, 0, 'its address is not valid')
    else if (!this.#limits.take(mail))
      this.#end('dropped', mail, 0, 'its address has got too many of this kind')
    else this.#add({ mail, failures: 0 })
  }

  /** Accepts no further mails, sends for at most `drainMs` what waits, and drops the rest. */
  async close(drainMs: number): Promise<void> {
    await (this.#closed ??= this.#drain(drainMs))
  }

  /** Drops what waits. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close(0)
  }

  async #drain(drainMs: number): Promise<void> {
    this.#isClosing = true
    for (const [waiting, timer] of this.#pausing) {
      clearTimeout(timer)
      this.#add(waiting)
    }
    this.#pausing.clear()
    const timeLimit = setTimeout(() => this.#giveUp.abort(), drainMs)
    this.#giveUp.signal.addEventListener('abort', () => {
      for (const { mail, failures } of this.#queue.clear())
        this.#end('dropped', mail, failures, 'the server ends')
    })
    this.#startNext()
    await this.#idle.promise
    clearTimeout(timeLimit)
    this.#transport.close()
  }

  #add(waiting: Waiting): void {
    this.#queue.add(tenantOf(waiting.mail), waiting)
    // Not now: composing a mail takes time, which would tell whether there is one.
    setImmediate(() => this.#startNext())
  }

  #startNext(): void {
    for (let next = this.#queue.take(); next !== undefined; next = this.#queue.take())
      void this.#attempt(next)
    if (this.#isClosing && this.#queue.running === 0 && this.#queue.waiting === 0) this.#idle.resolve()
  }

  /** Never rejects. */
  async #attempt(waiting: Waiting): Promise<void> {
    const timeLimit = AbortSignal.timeout(this.#attemptMsMax)
    const failure = await this.#transport.send(
      waiting.mail,
      AbortSignal.any([timeLimit, this.#giveUp.signal]),
    )
    this.#queue.release(tenantOf(waiting.mail))
    if (failure === null) this.#outcomes.inc({ outcome: 'sent' satisfies Outcome })
    else if (this.#giveUp.signal.aborted)
      this.#end('dropped', waiting.mail, waiting.failures, 'the server ends')
    else this.#fail(waiting, timeLimit.aborted ? tooSlow(this.#attemptMsMax) : failure)
    this.#startNext()
  }

  #fail({ mail, failures: before }: Waiting, { isFinal, reason }: SendFailure): void {
    const failures = before + 1
    const pauseMs = this.#pausesMs[before]
    if (isFinal || pauseMs === undefined || this.#isClosing || this.#pausing.size >= PAUSING_MAX) {
      this.#end('failed', mail, failures, reason)
      return
    }
    this.#logger.info({ ...logged(mail), attempts: failures, reason, pauseMs }, 'mail delayed')
    const waiting = { mail, failures }
    const timer = setTimeout(() => {
      this.#pausing.delete(waiting)
      this.#add(waiting)
    }, pauseMs)
    timer.unref()
    this.#pausing.set(waiting, timer)
  }

  #end(outcome: Exclude<Outcome, 'sent'>, mail: Mail, attempts: number, reason: string): void {
    this.#outcomes.inc({ outcome })
    this.#logger.warn({ ...logged(mail), attempts, reason }, 'mail not sent')
  }
}

function tooSlow(attemptMsMax: number): SendFailure {
  return { isFinal: false, reason: `ETIMEDOUT: the attempt took longer than ${attemptMsMax} ms` }
}

/** Mails that people cause take turns by address, within the place of one organization. */
function tenantOf({ organization, to }: Mail): Tenant {
  return { organization: organization ?? '', pipeline: to }
}

/** What a log record may say about a mail: neither the whole address nor the text, which has links that let people in. */
function logged({ kind, organization, to }: Mail): Record<string, string | null> {
  return { kind, organization, domain: to.slice(to.lastIndexOf('@') + 1) }
}
