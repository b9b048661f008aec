import type { RequestRecord } from '../../requests/request-record.ts'
import type { GatewayAttachments } from '../../store/port/fleet/attachments.ts'
import type { GatewayEnrolments } from '../../store/port/fleet/enrolments.ts'
import type { RelayFunctions } from '../stream/stream-functions.ts'
import type { AttachedGateways, Attachment } from './attached-gateways.ts'
import { checkedRelayFunctions } from './checked-functions.ts'
import type { SessionFeed } from './gateway-session.ts'

export interface RelayedGatewaysDeps {
  readonly feed: SessionFeed
  readonly attached: AttachedGateways
  readonly attachments: Pick<GatewayAttachments, 'attach'>
  readonly enrolments: Pick<GatewayEnrolments, 'enrol' | 'find' | 'replaceCredential' | 'roleOfToken'>
  /** See `StreamServerDeps`. */
  readonly removalOf: (credentialDigest: string) => Promise<string | undefined>
  readonly addRequests: (gateway: string, records: readonly RequestRecord[]) => Promise<void>
  readonly newId: () => string
  readonly nowMs: () => number
  readonly monotonicMs: () => number
}

/**
 * The gateways of one relay, attached to its control node. A grant to the relay lets it give grants to them, so it extends
 * what the node counts for each.
 */
export class RelayedGateways {
  readonly #deps: RelayedGatewaysDeps
  /** With the time of each, by the monotonic clock. */
  readonly #attachments = new Map<string, Attachment & { readonly atMs: number }>()

  constructor(deps: RelayedGatewaysDeps) {
    this.#deps = deps
  }

  /** The relay gets a grant. @returns its gateways that are no longer attached */
  extend(): readonly string[] {
    const lost: string[] = []
    for (const [gateway, attachment] of this.#attachments) {
      if (this.#deps.attached.has(attachment)) this.#deps.attached.extend(attachment)
      else lost.push(gateway)
    }
    for (const gateway of lost) this.#attachments.delete(gateway)
    return lost
  }

  /** Gateways that were not enrolled at a time, by the monotonic clock, are attached no more. */
  endUnknown(enrolled: ReadonlySet<string>, atMs: number): void {
    for (const [gateway, attachment] of this.#attachments)
      if (attachment.atMs < atMs && !enrolled.has(gateway)) this.#deps.attached.forget([gateway])
  }

  /** What the relay may call. */
  functions(): RelayFunctions {
    const { attached, attachments, enrolments, feed, newId, nowMs, monotonicMs, removalOf } = this.#deps
    return checkedRelayFunctions({
      findGateway: async (digest) => (await enrolments.find(digest)) ?? null,
      removalOf: async (digest) => (await removalOf(digest)) ?? null,
      roleOfToken: async (digest) => (await enrolments.roleOfToken(digest)) ?? null,
      enrolGateway: async (tokenDigest, credentialDigest) =>
        (await enrolments.enrol(tokenDigest, { id: newId(), credentialDigest }, nowMs())) ?? null,
      replaceGatewayCredential: async (id, from, to) => await enrolments.replaceCredential(id, from, to),
      attachGateway: async (id) => {
        const { node } = await feed.read()
        const number = await attachments.attach(id, node, nowMs())
        if (number === undefined) return null
        const attachment = { gateway: id, number, atMs: monotonicMs() }
        this.#attachments.set(id, attachment)
        attached.extend(attachment)
        return number
      },
      reportGateways: async (positions) => {
        for (const { id, attachment, facts, ...position } of positions) {
          const known = this.#attachments.get(id)
          if (known?.number === attachment) attached.report(known, position, facts)
        }
        return await Promise.resolve()
      },
      addGatewayRequests: async (id, records) => {
        if (this.#attachments.has(id)) await this.#deps.addRequests(id, records)
      },
      endGateway: async (id, attachment) => {
        const known = this.#attachments.get(id)
        if (known?.number !== attachment) return
        this.#attachments.delete(id)
        await attached.end(known)
      },
    })
  }
}
