import { createHash } from 'node:crypto'
import { Problem } from '@sallyport/core'
import type { Store, Writer } from '../../store/port/store.ts'
import type { ControlDeps } from './dependencies.ts'

/** How long a result is kept. */
const KEPT_MS = 24 * 60 * 60 * 1000

/** A POST that must do nothing twice. */
export interface RepeatableRequest {
  /** Who asks: a key's id, or `setup`. */
  readonly scope: string
  /** The caller's `Idempotency-Key`. */
  readonly key: string
  /** Tells this request from another one: see `requestDigest`. */
  readonly digest: string
}

/** A store whose one write transaction is done once, and when its result came about. */
export interface RepeatableStore {
  readonly store: Pick<Store, 'read' | 'write'>
  /** When the result was kept, in ms since 1970; undefined where this request made it. */
  readonly keptAtMs: () => number | undefined
}

interface Kept {
  readonly value: unknown
}

/** SHA-256 over what makes two requests the same. */
export function requestDigest(method: string, url: string, body: unknown): string {
  return createHash('sha256')
    .update(`${method}\n${url}\n${JSON.stringify(body) ?? ''}`)
    .digest('hex')
}

/**
 * Gives operations a store in which a repeated POST finds its result. The result is looked up and kept within the
 * operation's own transaction: writers take turns, so of two that race one does the work and the other finds it, and
 * a crash leaves both the work and its result or neither.
 */
export function createIdempotency({
  store,
  nowMs,
  sealer,
}: Pick<ControlDeps, 'store' | 'nowMs' | 'sealer'>): (request: RepeatableRequest) => RepeatableStore {
  return (request) => {
    const { scope, key, digest } = request
    const context = `idempotency ${scope} ${key}`
    let keptAtMs: number | undefined
    let foundTooOld = false

    const find = async (tx: Writer): Promise<Kept | undefined> => {
      const row = await tx.idempotency.find(scope, key)
      foundTooOld = row !== undefined && row.createdAtMs <= nowMs() - KEPT_MS
      if (row === undefined || foundTooOld) return undefined
      if (row.requestDigest !== digest) {
        throw new Problem('conflict', {
          detail: 'This Idempotency-Key was used for another request. Send a new key with a new request.',
        })
      }
      keptAtMs = row.createdAtMs
      return JSON.parse(sealer.unseal(row.sealedResult, context)) as Kept
    }

    return {
      keptAtMs: () => keptAtMs,
      store: {
        read: store.read,
        write: (work) =>
          store.write(async (tx) => {
            const kept = await find(tx)
            // What was kept is what this same operation gave: rows and texts, which JSON carries whole.
            if (kept !== undefined) return kept.value as Awaited<ReturnType<typeof work>>
            const value = await work(tx)
            // Housekeeping forgets what is too old each hour; this key is wanted now.
            if (foundTooOld) await tx.idempotency.prune(nowMs() - KEPT_MS + 1)
            await tx.idempotency.save({
              scope,
              key,
              requestDigest: digest,
              sealedResult: sealer.seal(JSON.stringify({ value } satisfies Kept), context),
              createdAtMs: nowMs(),
            })
            return value
          }),
      },
    }
  }
}
