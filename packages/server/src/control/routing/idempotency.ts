import { createHash } from 'node:crypto'
import { Problem } from '@sallyport/core'
import type { Actor, Demand } from '../../app/access/actor.ts'
import { requireDemands } from '../../app/access/demands.ts'
import type { Store, Writer } from '../../store/port/store.ts'
import type { ControlDeps } from './dependencies.ts'

/** How long a result is stored. */
const KEPT_MS = 24 * 60 * 60 * 1000

/** A POST that must take effect only once. */
export interface RepeatableRequest {
  /** The id of the caller's key, or `setup`. */
  readonly scope: string
  /** The caller's `Idempotency-Key`. */
  readonly key: string
  /** Distinguishes this request from others; see `requestDigest`. */
  readonly digest: string
}

/** A store that runs its write transaction only once per key, and the time of its result. */
export interface RepeatableStore {
  readonly store: Pick<Store, 'read' | 'write'>
  /** When the result was stored, in ms since 1970; undefined if this request produced it. */
  readonly keptAtMs: () => number | undefined
}

/** The store and the actor of a POST. */
export interface RepeatableRun {
  readonly store: Pick<Store, 'read' | 'write'>
  readonly actor: Actor
  /** The checks that the actor has passed so far. */
  readonly demands: readonly Demand[]
}

interface Kept {
  readonly value: unknown
  /** The checks that the actor passed when the value was made. An earlier version stored none. */
  readonly demands?: readonly Demand[]
}

/** SHA-256 over the parts that identify a request. */
export function requestDigest(method: string, url: string, body: unknown): string {
  return createHash('sha256')
    .update(`${method}\n${url}\n${JSON.stringify(body) ?? ''}`)
    .digest('hex')
}

/**
 * Creates stores in which a repeated POST finds its result. The result is read and stored within the operation's own
 * transaction: write transactions are serialized, so of two concurrent requests one does the work and the other finds
 * its result, and a crash leaves both or neither. A result can contain a token, so it is returned only to an actor that
 * still passes every check which the operation made.
 */
export function createIdempotency({
  nowMs,
  sealer,
}: Pick<ControlDeps, 'nowMs' | 'sealer'>): (
  request: RepeatableRequest,
  run: RepeatableRun,
) => RepeatableStore {
  return (request, { store, actor, demands }) => {
    const { scope, key, digest } = request
    const context = `idempotency ${scope} ${key}`
    let keptAtMs: number | undefined
    let hasExpired = false

    const find = async (tx: Writer): Promise<Kept | undefined> => {
      const row = await tx.idempotency.find(scope, key)
      hasExpired = row !== undefined && row.createdAtMs <= nowMs() - KEPT_MS
      if (row === undefined || hasExpired) return undefined
      if (row.requestDigest !== digest) {
        throw new Problem('conflict', {
          detail: 'This Idempotency-Key was used for a different request. Use a new key for each request.',
        })
      }
      const kept = JSON.parse(sealer.unseal(row.sealedResult, context)) as Kept
      if (kept.demands === undefined) {
        throw new Problem('conflict', {
          detail: 'An earlier version of Sallyport answered this Idempotency-Key. Use a new key.',
        })
      }
      requireDemands(actor, kept.demands, nowMs)
      keptAtMs = row.createdAtMs
      return kept
    }

    return {
      keptAtMs: () => keptAtMs,
      store: {
        read: store.read,
        write: (work) =>
          store.write(async (tx) => {
            const kept = await find(tx)
            // The stored value is the result of this same operation: rows and strings, which JSON preserves.
            if (kept !== undefined) return kept.value as Awaited<ReturnType<typeof work>>
            const value = await work(tx)
            // Housekeeping removes expired results hourly; this key is needed now.
            if (hasExpired) await tx.idempotency.prune(nowMs() - KEPT_MS + 1)
            await tx.idempotency.save({
              scope,
              key,
              requestDigest: digest,
              sealedResult: sealer.seal(JSON.stringify({ value, demands } satisfies Kept), context),
              createdAtMs: nowMs(),
            })
            return value
          }),
      },
    }
  }
}
