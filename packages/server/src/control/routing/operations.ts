import { Problem } from '@sallyport/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { authorizedStore, sharedStore, type OperationContext } from '../../app/access/context.ts'
import { recordingActor } from '../../app/access/demands.ts'
import { idempotencyKey } from '../../contract/fields/idempotency.ts'
import { WAIT_SECONDS_DEFAULT } from '../../contract/receipt.ts'
import { parseRequest } from '../../contract/requests/request-problems.ts'
import type { Mail } from '../../mail/mail.ts'
import type { Committed, Store, Writer } from '../../store/port/store.ts'
import type { Receipt } from '../../sync/receipts.ts'
import { receiptAnswer, type ReceiptAnswer } from '../answers/receipt-answer.ts'
import type { ControlDeps } from './dependencies.ts'
import type { Preconditions } from './preconditions.ts'
import { createIdempotency, requestDigest, type RepeatableStore } from './idempotency.ts'

/** How routes run operations: with a context, and waiting for the gateways after a change. */
export interface Operations {
  /**
   * The context of an operation, with the authenticated actor, which each write transaction reads again. It writes only if
   * the preconditions of the request hold.
   */
  contextOf(request: FastifyRequest): OperationContext
  /**
   * The context of work that follows a change of the actor. It does not depend on whether the actor may still act, so
   * that deleting the key cannot prevent it.
   */
  followUpContextOf(request: FastifyRequest): OperationContext
  /** Runs a change and waits for the gateways; returns its result with its receipt. */
  change<R extends { readonly revision: number }>(
    request: FastifyRequest,
    waitSeconds: number,
    operate: (context: OperationContext) => Promise<R>,
  ): Promise<{ readonly result: R; readonly receipt: ReceiptAnswer }>
  /**
   * Runs a creation once per `Idempotency-Key` and waits for the gateways; responds 201.
   *
   * @param waitSeconds 5 unless given
   */
  create<R>(
    request: FastifyRequest,
    reply: FastifyReply,
    operate: (context: OperationContext) => Promise<R>,
    waitSeconds?: number,
  ): Promise<Outcome<R>>
  /** Runs a change by POST once per `Idempotency-Key` and waits for the gateways; responds 200. */
  changeOnce<R>(
    request: FastifyRequest,
    reply: FastifyReply,
    waitSeconds: number,
    operate: (context: OperationContext) => Promise<R>,
  ): Promise<Omit<Outcome<R>, 'receipt'> & { readonly receipt: ReceiptAnswer }>
}

/** The result of an operation that runs once per `Idempotency-Key`. */
export interface Outcome<R> {
  readonly result: R
  /** The time of the result: a repeated request gets the same response as the first one. */
  readonly atMs: number
  /** The receipt of the change; undefined if nothing was written. */
  readonly receipt: Receipt | undefined
}

export function createOperations(deps: ControlDeps, preconditions: Preconditions): Operations {
  const {
    store,
    nowMs,
    randomBytes,
    sealer,
    importedKeyId,
    quotaLimits,
    organizationsPerPerson,
    hosts,
    mayCall,
    mails,
    publicUrl,
    receipts,
  } = deps
  const repeatable = createIdempotency(deps)

  function followUpContextOf({ actor }: FastifyRequest): OperationContext {
    if (actor === undefined) throw new Problem('unauthenticated')
    return {
      store: sharedStore(store, actor),
      nowMs,
      randomBytes,
      sealer,
      importedKeyId,
      quotaLimits,
      organizationsPerPerson,
      hosts,
      mayCall,
      mails,
      publicUrl,
      actor,
    }
  }

  function contextOf(request: FastifyRequest): OperationContext {
    const context = followUpContextOf(request)
    const authorized = { ...context, store: authorizedStore(context, context.actor) }
    return preconditions.guarded(request, authorized)
  }

  async function once<R>(
    request: FastifyRequest,
    reply: FastifyReply,
    waitSeconds: number,
    operate: (context: OperationContext) => Promise<R>,
  ): Promise<Outcome<R>> {
    const context = contextOf(request)
    const { actor, demands } = recordingActor(context.actor)
    const key = keyOf(request)
    const digest = requestDigest(request.method, request.url, request.sentBody)
    const run = { store: context.store, actor, demands }
    const kept: RepeatableStore =
      key === undefined
        ? { store: context.store, keptAtMs: () => undefined }
        : repeatable({ scope: actor.id, key, digest }, run)
    const watched = watchRevision(kept.store)
    const later = heldMails(context.mails)
    const result = await operate({ ...context, actor, store: watched.store, mails: later.held })
    // A repeated request gets the first response, and sends no mail again.
    if (kept.keptAtMs() === undefined) later.send()
    const revision = watched.revision()
    // The caller's next call through a gateway must already see the change.
    const receipt = revision === undefined ? undefined : await receipts.confirm(revision, waitSeconds * 1000)
    const keptAtMs = kept.keptAtMs()
    if (keptAtMs !== undefined) void reply.header('idempotency-replayed', 'true')
    void reply.code(201)
    return { result, atMs: keptAtMs ?? nowMs(), receipt }
  }

  return {
    contextOf,
    followUpContextOf,

    async change(request, waitSeconds, operate) {
      const result = await operate(contextOf(request))
      const receipt = await receipts.confirm(result.revision, waitSeconds * 1000)
      return { result, receipt: receiptAnswer(receipt) }
    },

    async create(request, reply, operate, waitSeconds = WAIT_SECONDS_DEFAULT) {
      return await once(request, reply, waitSeconds, operate)
    },

    async changeOnce(request, reply, waitSeconds, operate) {
      const { receipt, ...outcome } = await once(request, reply, waitSeconds, operate)
      if (receipt === undefined) throw new Error('an operation that must change something wrote nothing')
      void reply.code(200)
      return { ...outcome, receipt: receiptAnswer(receipt) }
    },
  }
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

/** Mails that wait until it is known whether they are needed. */
function heldMails(mails: OperationContext['mails']): {
  readonly held: OperationContext['mails']
  readonly send: () => void
} {
  const posted: Mail[] = []
  return {
    held: mails && { post: (mail) => void posted.push(mail) },
    send: () => {
      for (const mail of posted) mails?.post(mail)
    },
  }
}

/** A store that records the revision of its last write. */
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
