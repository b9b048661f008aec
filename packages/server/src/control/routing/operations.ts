import { Problem } from '@sallyport/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Actor } from '../../app/access/actor.ts'
import type { OperationContext } from '../../app/access/context.ts'
import { idempotencyKey } from '../../contract/fields/idempotency.ts'
import { parseRequest } from '../../contract/fields/request-problems.ts'
import { WAIT_SECONDS_DEFAULT } from '../../contract/fields/receipt.ts'
import type { Committed, Store, Writer } from '../../store/port/store.ts'
import type { Receipt } from '../../sync/receipts.ts'
import type { ControlDeps } from './dependencies.ts'
import { createIdempotency, requestDigest, type RepeatableStore } from './idempotency.ts'
import { receiptAnswer, type ReceiptAnswer } from '../answers/receipt-answer.ts'

/** How routes run operations: with a context, and waiting for gateways where something changed. */
export interface Operations {
  /** The context of an operation that only reads. */
  reading(request: FastifyRequest): OperationContext
  /** Runs a change, waits for the gateways, and gives what the change gave with its receipt. */
  change<R extends { readonly revision: number }>(
    request: FastifyRequest,
    waitSeconds: number,
    operate: (context: OperationContext) => Promise<R>,
  ): Promise<{ readonly changed: R; readonly receipt: ReceiptAnswer }>
  /**
   * Runs a creation that is done once per `Idempotency-Key`, and waits until the gateways know of it.
   *
   * @returns what was made, and the time to show it by: a repeated answer is the first one's, to its last state
   */
  create<R>(
    request: FastifyRequest,
    reply: FastifyReply,
    operate: (context: OperationContext) => Promise<R>,
  ): Promise<Made<R>>
  /** The same for a POST that takes rights away: it answers 200, with its receipt. */
  end<R>(
    request: FastifyRequest,
    reply: FastifyReply,
    waitSeconds: number,
    operate: (context: OperationContext) => Promise<R>,
  ): Promise<Omit<Made<R>, 'receipt'> & { readonly receipt: ReceiptAnswer }>
}

export interface Made<R> {
  readonly made: R
  readonly atMs: number
  /** Which gateways know of it; undefined where nothing was written. */
  readonly receipt: Receipt | undefined
}

export function createOperations(deps: ControlDeps): Operations {
  const { store, nowMs, randomBytes, sealer, receipts } = deps
  const repeatable = createIdempotency(deps)

  async function once<R>(
    request: FastifyRequest,
    reply: FastifyReply,
    scope: string,
    waitSeconds: number,
    operate: (store: Pick<Store, 'read' | 'write'>) => Promise<R>,
  ): Promise<Made<R>> {
    const key = keyOf(request)
    const digest = requestDigest(request.method, request.url, request.sentBody)
    const kept: RepeatableStore =
      key === undefined ? { store, keptAtMs: () => undefined } : repeatable({ scope, key, digest })
    const watched = watchRevision(kept.store)
    const made = await operate(watched.store)
    const revision = watched.revision()
    // The next call through a gateway must see what was just made.
    const receipt = revision === undefined ? undefined : await receipts.confirm(revision, waitSeconds * 1000)
    const keptAtMs = kept.keptAtMs()
    if (keptAtMs !== undefined) void reply.header('idempotency-replayed', 'true')
    void reply.code(201)
    return { made, atMs: keptAtMs ?? nowMs(), receipt }
  }

  return {
    reading: (request) => ({ store, nowMs, randomBytes, sealer, actor: actorOf(request) }),

    async change(request, waitSeconds, operate) {
      const changed = await operate({ store, nowMs, randomBytes, sealer, actor: actorOf(request) })
      const receipt = await receipts.confirm(changed.revision, waitSeconds * 1000)
      return { changed, receipt: receiptAnswer(receipt) }
    },

    async create(request, reply, operate) {
      const actor = actorOf(request)
      return await once(request, reply, actor.id, WAIT_SECONDS_DEFAULT, (watched) =>
        operate({ store: watched, nowMs, randomBytes, sealer, actor }),
      )
    },

    async end(request, reply, waitSeconds, operate) {
      const actor = actorOf(request)
      const { made, atMs, receipt } = await once(request, reply, actor.id, waitSeconds, (watched) =>
        operate({ store: watched, nowMs, randomBytes, sealer, actor }),
      )
      if (receipt === undefined) throw new Error('an operation that takes rights away wrote nothing')
      void reply.code(200)
      return { made, atMs, receipt: receiptAnswer(receipt) }
    },
  }
}

function actorOf({ actor }: FastifyRequest): Actor {
  if (actor === undefined) throw new Problem('unauthenticated')
  return actor
}

function keyOf(request: FastifyRequest): string | undefined {
  const sent = request.headers['idempotency-key']
  if (sent === undefined) return undefined
  const parsed = parseRequest(idempotencyKey, sent)
  if (parsed.ok) return parsed.value
  throw new Problem('invalid_request', {
    extensions: {
      errors: parsed.problems.map(({ message }) => ({ path: 'header/idempotency-key', message })),
    },
  })
}

/** A store that remembers which revision its last write has. */
function watchRevision(store: Pick<Store, 'read' | 'write'>): {
  readonly store: Pick<Store, 'read' | 'write'>
  readonly revision: () => number | undefined
} {
  let revision: number | undefined
  return {
    revision: () => revision,
    store: {
      read: store.read,
      async write<T>(work: (tx: Writer) => Promise<T>): Promise<Committed<T>> {
        const committed = await store.write(work)
        revision = committed.revision
        return committed
      },
    },
  }
}
