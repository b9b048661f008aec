import type { KeyId } from '@sallyport/core'
import { AddressSet } from '../../address/address-set.ts'
import { authenticate } from '../../app/access/authenticate.ts'
import { createKey } from '../../app/keys/create-key.ts'
import { runRotations } from '../../app/rotations/run-rotations.ts'
import { openDelivery } from '../../app/rotations/sealed-delivery.ts'
import { setRotation } from '../../app/rotations/set-rotation.ts'
import { handOverHours, rotationDays, title } from '../../app/testing/fields.ts'
import { openWorld, type World } from '../../app/testing/world.ts'
import { createWebhook } from '../../app/webhooks/create-webhook.ts'
import { openStore, type StoreSettings } from '../../store/open.ts'
import type { KeyRow } from '../../store/port/keys.ts'
import { Registry } from 'prom-client'
import { startReceiver, type Receiver } from '../../webhooks/testing/receiver.ts'
import { WebhookDispatcher } from '../../webhooks/webhook-dispatcher.ts'

const organization = 'acme'

/** An event that a receiver got. */
export interface ReceivedEvent {
  readonly type: string
  readonly data: {
    readonly key: { readonly id: string }
    readonly token?: string
    readonly handOver?: { readonly link: string; readonly expiresAt: string }
    readonly graceSeconds?: number
    readonly rotation?: { readonly problem: string }
  }
}

/** A key of `acme` that rolls every 30 days, a receiver of its tokens, and two processes that do the work. */
export interface RotationWorld extends AsyncDisposable {
  readonly world: World
  readonly receiver: Receiver
  readonly webhook: string
  readonly keyId: KeyId
  /** The first token of the key. */
  readonly token: string
  readonly faults: readonly unknown[]
  /** Lets time pass, in ms. */
  readonly pass: (ms: number) => void
  /** Rolls what is due, and delivers it, as one of the processes does all the time. */
  readonly work: (process?: 0 | 1) => Promise<void>
  /** What the receiver got of one type since the last call. */
  readonly events: (type: string) => readonly ReceivedEvent[]
  readonly key: () => Promise<KeyRow>
  /** Whether each token works. */
  readonly live: (...tokens: readonly string[]) => Promise<readonly boolean[]>
}

/**
 * @param database an empty one
 * @param linkHours has links sent; tokens if left out
 */
export async function openRotationWorld(database: StoreSettings, linkHours?: number): Promise<RotationWorld> {
  await using stack = new AsyncDisposableStack()
  const world = stack.use(await openWorld(database))
  const receiver = stack.use(await startReceiver())
  const faults: unknown[] = []
  const nowMs = (): number => world.clock.nowMs
  const { webhook } = await createWebhook(world.owner, {
    organization,
    url: receiver.url,
    events: ['key.rolled', 'key.rotated', 'key.rotation_failed'],
  })
  const made = await createKey(world.owner, { organization, name: title('app'), type: 'secret' })
  await setRotation(world.owner, {
    organization,
    key: made.key.id,
    rotateEveryDays: rotationDays(30),
    webhook: webhook.id,
    ...(linkHours === undefined ? {} : { handOver: { expiresInHours: handOverHours(linkHours) } }),
  })
  const stores = [world.store, stack.use(await openStore({ ...database, nowMs }))]
  const dispatchers = stores.map((store) =>
    stack.use(
      new WebhookDispatcher({
        store,
        sealer: world.anonymous.sealer,
        nowMs,
        monotonicMs: () => performance.now(),
        allowed: new AddressSet(['127.0.0.1']),
        resolve: () => {
          throw new Error('No name is looked up.')
        },
        registry: new Registry(),
        onFault: (cause) => faults.push(cause),
        onError: () => undefined,
        openDelivery: async (to, secret) => await openDelivery({ ...world.anonymous, store }, to, secret),
      }),
    ),
  )
  const key = async (): Promise<KeyRow> => {
    const row = await world.store.read.keys.get(organization, made.key.id)
    if (row === undefined) throw new Error('The key is gone.')
    return row
  }
  let seen = 0
  const parts = stack.move()
  return {
    world,
    receiver,
    webhook: webhook.id,
    keyId: made.key.id,
    token: made.token,
    faults,
    pass(ms) {
      world.clock.nowMs += ms
    },
    async work(process = 0) {
      const store = stores[process] ?? world.store
      await runRotations({ ...world.anonymous, store }, (cause) => faults.push(cause))
      await dispatchers[process]?.tick()
      await dispatchers[process]?.idle()
    },
    events(type) {
      const fresh = receiver.received.slice(seen).map(({ body }) => JSON.parse(body) as ReceivedEvent)
      seen = receiver.received.length
      return fresh.filter((event) => event.type === type)
    },
    key,
    async live(...tokens) {
      return await Promise.all(
        tokens.map(
          async (token) =>
            await authenticate(world.anonymous, token).then(
              () => true,
              () => false,
            ),
        ),
      )
    },
    [Symbol.asyncDispose]: async () => await parts.disposeAsync(),
  }
}
