import { randomUUID } from 'node:crypto'
import { Agent } from 'undici'
import { Counter, type Registry } from 'prom-client'
import type { AddressSet } from '../address/address-set.ts'
import { webhookSecretContext } from '../crypto/seal-contexts.ts'
import type { Sealer } from '../crypto/seal.ts'
import { checkedConnector, type Resolve } from '../egress/checked-connector.ts'
import { FairShare } from '../fairness/fair-share.ts'
import type { DeliveryRow } from '../store/port/webhooks/deliveries.ts'
import type { Store } from '../store/port/store.ts'
import type { WebhookRow } from '../store/port/webhooks/webhooks.ts'
import type { QueueName } from '../store/port/webhooks/webhook-queues.ts'
import type { DeliveredSecret } from '../events/event-of.ts'
import { signedMessage } from './message.ts'
import { LEASE_MS, QueueSession, type SessionDeps } from './queue-session.ts'
import { sendMessage } from './send-message.ts'

/** Attempts at a time of webhooks whose last attempt did not fail. */
const ATTEMPTS_MAX = 1_536
/** Attempts at a time of the others, so that they never use up those of the first. */
const FAILING_ATTEMPTS_MAX = 512
/** Queues that are taken at a time: further ones, after these. */
const CLAIMS_MAX = 256
/** The time of one attempt, from the lookup of the name to the end of the answer, in ms. */
const ATTEMPT_MS_MAX = 10_000
const HEADER_BYTES_MAX = 16 * 1024
const IDLE_MS = 4_000

export interface DispatcherDeps {
  readonly store: Pick<Store, 'read' | 'webhookQueues'>
  readonly sealer: Sealer
  readonly nowMs: () => number
  readonly monotonicMs: () => number
  /** Private addresses that may be called. */
  readonly allowed: AddressSet
  readonly resolve: Resolve
  readonly registry: Registry
  readonly onFault: (cause: unknown) => void
  /** Told why an attempt got no answer; it names addresses. */
  readonly onError: (cause: unknown, webhook: QueueName) => void
  /**
   * Reads what a webhook receives of a new secret.
   *
   * @returns undefined if it must not be sent any more
   */
  readonly openDelivery: (
    to: Pick<WebhookRow, 'id' | 'url'>,
    secret: DeliveredSecret,
  ) => Promise<Readonly<Record<string, unknown>> | undefined>
  /** Another time limit of an attempt, in ms. */
  readonly attemptMsMax?: number
}

/**
 * Delivers events to webhooks, each at least once: a delivery is recorded after its answer, and what is not recorded is made
 * again. Every queue has a session of its own, so that a webhook which does not answer delays no other.
 */
export class WebhookDispatcher implements AsyncDisposable {
  readonly #deps: DispatcherDeps
  readonly #session: SessionDeps
  readonly #sessions = new Map<string, Promise<void>>()
  readonly #slots = [new FairShare(ATTEMPTS_MAX), new FairShare(FAILING_ATTEMPTS_MAX)] as const
  readonly #ending = new AbortController()
  readonly #agent: Agent
  readonly #attempts: Counter<'outcome'>

  constructor(deps: DispatcherDeps) {
    this.#deps = deps
    // Connections of one origin are not bounded, since attempts are: webhooks with the same host do not wait for each other.
    this.#agent = new Agent({
      connect: checkedConnector(deps.allowed, deps.resolve),
      allowH2: false,
      pipelining: 1,
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: IDLE_MS,
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    this.#attempts = new Counter({
      name: 'sallyport_webhook_attempts_total',
      help: 'Attempts to deliver events to webhooks, by what became of the delivery.',
      labelNames: ['outcome'],
      registers: [deps.registry],
    })
    for (const outcome of OUTCOMES) this.#attempts.inc({ outcome }, 0)
    this.#session = {
      store: deps.store,
      slots: {
        take: (queue, isFailing) => this.#slotsOf(isFailing).take(tenantOf(queue)),
        give: (queue, isFailing) => this.#slotsOf(isFailing).give(tenantOf(queue)),
      },
      nowMs: deps.nowMs,
      monotonicMs: deps.monotonicMs,
      random: Math.random,
      holder: randomUUID(),
      send: async (...parameters) => await this.#send(...parameters),
      ending: this.#ending.signal,
      onAttempt: ({ state }) =>
        this.#attempts.inc({ outcome: state === 'pending' ? 'failed' : OUTCOME[state] }),
    }
  }

  /** Takes the queues that are due, and starts to serve them. To be called about twice a second. */
  async tick(): Promise<void> {
    for (const isFailing of [false, true]) {
      while (await this.#claimSome(isFailing));
    }
  }

  /** @returns whether there may be more to take */
  async #claimSome(isFailing: boolean): Promise<boolean> {
    const free = (isFailing ? FAILING_ATTEMPTS_MAX : ATTEMPTS_MAX) - this.#slotsOf(isFailing).used
    const limit = Math.min(free, CLAIMS_MAX)
    if (limit <= 0 || this.#ending.signal.aborted) return false
    const due = await this.#deps.store.webhookQueues.due(isFailing, this.#deps.nowMs(), limit)
    const claimed = await Promise.all(due.map(async (queue) => await this.#claim(queue)))
    return due.length === limit && claimed.includes(true)
  }

  /** Resolves when nothing is being served. */
  async idle(): Promise<void> {
    while (this.#sessions.size > 0) await Promise.all(this.#sessions.values())
  }

  /** Ends the attempts, gives the queues back, and waits for that. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort()
    await this.idle()
    await this.#agent.destroy()
  }

  #slotsOf(isFailing: boolean): FairShare {
    return this.#slots[isFailing ? 1 : 0]
  }

  /** @returns whether this process serves the queue from now on */
  async #claim(queue: QueueName): Promise<boolean> {
    const name = `${queue.organization} ${queue.webhook}`
    if (this.#sessions.has(name)) return false
    const { store, nowMs, onFault } = this.#deps
    const hold = { holder: this.#session.holder, leasedUntilMs: nowMs() + LEASE_MS }
    const claimed = await store.webhookQueues.claim(queue, hold, nowMs())
    if (claimed === undefined) return false
    const session = new QueueSession(this.#session, claimed)
      .run()
      .catch(onFault)
      .finally(() => this.#sessions.delete(name))
    this.#sessions.set(name, session)
    return true
  }

  readonly #send: SessionDeps['send'] = async (webhook, delivery, event, ending) => {
    const { nowMs, attemptMsMax = ATTEMPT_MS_MAX, onFault, onError, openDelivery } = this.#deps
    const { organization, id } = webhook
    try {
      const { delivers } = event
      const delivered = delivers === undefined ? {} : await openDelivery(webhook, delivers)
      if (delivered === undefined) return { status: null, error: 'withdrawn' }
      const secrets = this.#secretsOf(webhook)
      const content = { type: event.type, data: { ...event.data, ...delivered } }
      const message = signedMessage(delivery.id, content, delivery.happenedAtMs, nowMs(), secrets)
      const signal = AbortSignal.any([ending, AbortSignal.timeout(attemptMsMax)])
      return await sendMessage(this.#agent, webhook.url, message, signal, (cause) =>
        onError(cause, { organization, webhook: id }),
      )
    } catch (cause) {
      // The secret cannot be opened, for example.
      onFault(cause)
      return { status: null, error: 'internal' }
    }
  }

  #secretsOf(webhook: WebhookRow): readonly string[] {
    const { sealer, nowMs } = this.#deps
    const { sealedSecret, sealedPreviousSecret, previousSecretEndsAtMs } = webhook
    const isOverlapping = nowMs() < (previousSecretEndsAtMs ?? -Infinity)
    const sealed = [sealedSecret, ...(isOverlapping ? [sealedPreviousSecret ?? sealedSecret] : [])]
    return sealed.map((one) => sealer.unseal(one, webhookSecretContext(webhook)))
  }
}

const OUTCOME: Readonly<Record<Exclude<DeliveryRow['state'], 'pending'>, string>> = {
  delivered: 'delivered',
  failed: 'given_up',
}
const OUTCOMES = ['failed', ...Object.values(OUTCOME)]

function tenantOf({ organization, webhook }: QueueName) {
  return { organization, pipeline: webhook }
}
