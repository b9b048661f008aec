import type { GatewayAttachments, GatewayFacts, GatewayPosition } from '../../store/port/fleet/attachments.ts'
import type { Position } from '../../sync/cell-writer.ts'

/** How much longer than a gateway its node counts a grant, in ms. Clocks differ by less over a lease. */
export const MARGIN_MS = 100

/**
 * How long reports of many gateways are gathered: 1 ms for so many of them, and at most so many ms. A change that all of them
 * report is then one message of a relay, and a few statements of a node.
 */
const GATHERED_PER_MS = 20
const GATHER_MS_MAX = 100

/** How long a failed attempt to save something waits for the next one, in ms. */
const RETRY_MS = 500

export interface AttachedGatewaysDeps {
  readonly attachments: Pick<GatewayAttachments, 'report' | 'markPast'>
  /** How long a grant lasts, in ms. */
  readonly leaseMs: () => number
  readonly monotonicMs: () => number
  readonly nowMs: () => number
  /** Called once when something cannot be saved, and once more after something was. */
  readonly onFault: (cause: unknown) => void
}

/** An attachment of a gateway to this node. */
export interface Attachment {
  readonly gateway: string
  readonly number: number
}

/**
 * Saves what the gateways of this node have reported, many at a time, and marks those as past their leases that have got no
 * grant for too long, also after their streams have ended.
 */
export class AttachedGateways implements AsyncDisposable {
  readonly #deps: AttachedGatewaysDeps
  readonly #reports = new Map<string, GatewayPosition>()
  /** The end of the last grant of each attachment, by its gateway. */
  readonly #ends = new Map<string, { readonly number: number; readonly endsAtMs: number }>()
  /** Attachments whose grants are over, until the database says so. They get no grant any more. */
  readonly #past = new Map<string, Attachment>()
  readonly #timer: NodeJS.Timeout
  #saving: Promise<void> | undefined
  #reportsSaved = 0
  #isClosed = false
  #isFaulty = false
  #endGathering: () => void = () => undefined

  constructor(deps: AttachedGatewaysDeps) {
    this.#deps = deps
    this.#timer = setInterval(() => void this.#markPast(), RETRY_MS)
    this.#timer.unref()
  }

  /** A gateway was attached, or is given a grant. Every grant before lasts no longer than one that is given now. */
  extend({ gateway, number }: Attachment): void {
    const { monotonicMs, leaseMs } = this.#deps
    this.#ends.set(gateway, { number, endsAtMs: monotonicMs() + leaseMs() + MARGIN_MS })
  }

  /** How many reports were saved so far. */
  get reportsSaved(): number {
    return this.#reportsSaved
  }

  /** Whether an attachment still counts: it does not when the gateway was marked as past its lease. */
  has({ gateway, number }: Attachment): boolean {
    return this.#ends.get(gateway)?.number === number
  }

  /** Gateways are no longer attached, which others have found out. */
  forget(gateways: readonly string[]): void {
    for (const gateway of gateways) this.#ends.delete(gateway)
  }

  /** Saves what a gateway has reported, soon. */
  report({ gateway, number }: Attachment, { revision, hash }: Position, facts: GatewayFacts): void {
    const seenAtMs = this.#deps.nowMs()
    this.#reports.set(gateway, { id: gateway, attachment: number, revision, hash, seenAtMs, facts })
    this.#saving ??= this.#save()
  }

  /** The gateway decides nothing any more. */
  async end({ gateway, number }: Attachment): Promise<void> {
    if (this.#ends.get(gateway)?.number === number) this.#ends.delete(gateway)
    await this.#deps.attachments.markPast(gateway, number)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    this.#isClosed = true
    this.#endGathering()
    await this.#saving
  }

  #onFault(cause: unknown): void {
    if (!this.#isFaulty) this.#deps.onFault(cause)
    this.#isFaulty = true
  }

  async #save(): Promise<void> {
    while (this.#reports.size > 0) {
      await this.#gather()
      const reports = [...this.#reports.values()]
      this.#reports.clear()
      try {
        await this.#deps.attachments.report(reports)
        this.#reportsSaved += reports.length
        this.#isFaulty = false
      } catch (cause) {
        this.#onFault(cause)
        if (this.#isClosed) break
        // A later report of the same gateway has more.
        for (const report of reports) if (!this.#reports.has(report.id)) this.#reports.set(report.id, report)
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref())
      }
    }
    this.#saving = undefined
  }

  async #gather(): Promise<void> {
    const ms = Math.min(GATHER_MS_MAX, Math.floor(this.#ends.size / GATHERED_PER_MS))
    if (ms === 0 || this.#isClosed) return
    await new Promise<void>((resolve) => {
      this.#endGathering = resolve
      setTimeout(resolve, ms)
    })
  }

  async #markPast(): Promise<void> {
    const nowMs = this.#deps.monotonicMs()
    for (const [gateway, { number, endsAtMs }] of this.#ends) {
      if (nowMs < endsAtMs) continue
      this.#ends.delete(gateway)
      this.#past.set(gateway, { gateway, number })
    }
    for (const attachment of this.#past.values()) {
      try {
        await this.end(attachment)
      } catch (cause) {
        // Other nodes find out by themselves when this one cannot reach the database.
        this.#onFault(cause)
        return
      }
      if (this.#past.get(attachment.gateway) === attachment) this.#past.delete(attachment.gateway)
    }
  }
}
