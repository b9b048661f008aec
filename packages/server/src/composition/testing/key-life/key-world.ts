import pino from 'pino'
import { Pool } from 'undici'
import { QUOTA_LIMITS_DEFAULT } from '@sallyport/core'
import {
  ACME,
  bearer,
  openAcme,
  spec,
  textOf,
  type AcmeWorld,
  type Answer,
} from '../../../control/testing/control-world.ts'
import { readConfig } from '../../../config/read-config.ts'
import type { StoreSettings } from '../../../store/open.ts'
import { confirmRevision, statusOfGateways } from '../../../sync/receipts.ts'
import { followSnapshot } from '../../followed-snapshot.ts'
import { scheduleRunsOf } from '../../schedule-runs.ts'
import { startGatewayNode, type GatewayNode } from '../../gateway.ts'

const PARTNER = '/v1/organizations/partner'
/** Enough for every key of a test. */
const KEYS_MAX = 100_000

/** A key of `acme`. */
export interface RealKey {
  readonly id: string
  readonly token: string
}

/** The organizations `acme` and `partner`, each with a pipeline that demands a key, and a clock that only tests move. */
export interface KeyWorld extends AsyncDisposable {
  readonly clock: { nowMs: number }
  createKey(): Promise<RealKey>
  /** Calls the API as the owner of `acme`, or with this token. The change is in force when this returns. */
  change(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    token?: string,
  ): Promise<Answer>
  /** Adds a key of `acme` as the owner of `partner`. It is in force when this returns. */
  addAtPartner(body: unknown): Promise<Answer>
  /** Calls the API as the owner of `partner`. The change is in force when this returns. */
  changeAtPartner(method: 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<Answer>
  read(path: string): Promise<Answer>
  readAtPartner(path: string): Promise<Answer>
  /** The code of a call through the gateway with a key, or `valid`. */
  callWith(token: string, organization: 'acme' | 'partner'): Promise<string>
}

const monotonicMs = (): number => performance.now()

async function must(answer: Promise<Answer>): Promise<Answer['body']> {
  const { status, body } = await answer
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`)
  return body
}

/** A response whose receipt, if it has one, says that the change is in force. */
async function inForce(request: Promise<Answer>): Promise<Answer> {
  const answer = await request
  const confirmed = JSON.stringify(answer.body['receipt']?.['confirmed'])
  if (confirmed === 'false') throw new Error('The gateway is behind.')
  return answer
}

/** Opens a world on an empty database. */
export async function openKeyWorld(database: StoreSettings | undefined): Promise<KeyWorld> {
  await using stack = new AsyncDisposableStack()
  let gateway: GatewayNode | undefined
  const members = () => (gateway === undefined ? [] : [gateway.member])
  const world: AcmeWorld = stack.use(
    await openAcme(
      {
        quotaLimits: () => ({ ...QUOTA_LIMITS_DEFAULT, keys: KEYS_MAX }),
        receipts: {
          confirm: async (revision, waitMs) =>
            await confirmRevision(members(), revision, waitMs, monotonicMs),
          gateways: async () => await statusOfGateways(members()),
        },
      },
      undefined,
      database,
    ),
  )
  const logger = pino({ level: 'silent' })
  const nowMs = (): number => world.clock.nowMs
  const snapshot = stack.use(await followSnapshot({ feed: world.store.feed, monotonicMs, logger }))
  gateway = stack.use(
    await startGatewayNode({
      config: {
        gateway: { host: '127.0.0.1', port: 0 },
        hosts: [],
        controlHosts: [],
        gatewayUrl: null,
        trustedProxies: [],
        upstreamAllow: [],
        maxStalenessSeconds: null,
        accessLog: 'none',
        cacheBytes: 0,
        gatewayThreads: 1,
        telemetry: readConfig({}).telemetry,
      },
      logger,
      nowMs,
      monotonicMs,
      sealer: { unseal: world.unseal },
      importedKeyId: world.importedKeyId,
      snapshot,
      reports: {
        addUsage: async (rows) => await world.store.addUsage(rows),
        runs: scheduleRunsOf(world.store),
      },
    }),
  )
  const calls = new Pool(gateway.url, { connections: 4 })
  stack.defer(async () => await calls.close())

  const founded = await must(world.own('POST', '/v1/organizations', { slug: 'partner', name: 'Partner' }))
  const partner = bearer(founded['token'])
  const publish = async (path: string, headers: Record<string, string>): Promise<void> => {
    await must(
      world.call('POST', `${path}/pipelines`, { name: 'orders', spec: spec({ path: '/orders' }) }, headers),
    )
    const target = { pipeline: 'orders', version: '1.0', environment: 'prod' }
    await must(world.call('POST', `${path}/deployments`, target, headers))
  }
  await publish(ACME, world.owner)
  await publish(PARTNER, partner)
  const permissions = [{ permission: 'pipelines.invoke' }, { permission: 'keys.roll-self' }]
  await must(world.own('POST', `${ACME}/roles`, { name: 'caller', permissions }))

  /** A creation has no receipt. */
  const followed = async (request: Promise<Answer>): Promise<Answer> => {
    const answer = await request
    const newest = await world.store.feed.readSnapshot(
      async ({ revision }) => await Promise.resolve(revision),
    )
    if (!(await snapshot.waitForRevision(newest, 5000))) throw new Error('The gateway is behind.')
    return answer
  }
  const parts = stack.move()
  return {
    clock: world.clock,
    async createKey() {
      const body = await must(
        world.own('POST', `${ACME}/keys`, { name: 'k', type: 'secret', roles: ['caller'] }),
      )
      return { id: textOf(body['key']?.['id']), token: textOf(body['token']) }
    },
    change: async (method, path, body, token) =>
      await inForce(
        world.call(
          method,
          path,
          body,
          token === undefined ? world.owner : { authorization: `Bearer ${token}` },
        ),
      ),
    addAtPartner: async (body) =>
      await followed(world.call('POST', `${PARTNER}/external-keys`, body, partner)),
    changeAtPartner: async (method, path, body) =>
      await inForce(world.call(method, PARTNER + path, body, partner)),
    read: async (path) => await world.own('GET', ACME + path),
    readAtPartner: async (path) => await world.call('GET', PARTNER + path, undefined, partner),
    async callWith(token, organization) {
      const { statusCode, body } = await calls.request({
        method: 'GET',
        path: `/${organization}/prod/orders`,
        headers: { 'x-api-key': token },
      })
      const json = (await body.json()) as { readonly code?: string }
      return statusCode === 200 ? 'valid' : String(json.code)
    },
    [Symbol.asyncDispose]: async () => await parts.disposeAsync(),
  }
}
