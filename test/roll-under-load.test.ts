import { expect, test } from 'vitest'
import { ApiClient, setUpAcme, textAt } from './support/api-client.ts'
import { Probe } from './support/probe.ts'
import { startServersOn } from './support/server-on-database.ts'

/*
 * Keys are rolled while others call with their old and their new secret, through every gateway: nothing that is allowed is
 * lost, and nothing that is forbidden gets in. For longer: ROLL_SECONDS=60 npm run vitest -- run --project process test/roll-under-load.test.ts
 */

const SECONDS = Number(process.env['ROLL_SECONDS'] ?? 6)
/** Connections that call with the old secret, and as many that call with the new one. */
const CONNECTIONS = 4
/** How long each of the two rolls is watched before its old secret ends, in seconds, and after that. */
const GRACE_SECONDS = Math.max(1, Math.floor(SECONDS / 3))
const AFTER_MS = (SECONDS * 1000) / 6

interface Call {
  readonly startedAtMs: number
  readonly endedAtMs: number
  /** Such as `200` or `401 key_outdated`. */
  readonly outcome: string
}

/** Calls on one connection, one request after the other, until it is stopped. */
class Connection {
  readonly calls: Call[] = []
  readonly #ended: Promise<void>
  #isStopped = false

  constructor(gatewayUrl: string, token: string) {
    this.#ended = this.#run(gatewayUrl, token)
  }

  async #run(gatewayUrl: string, token: string): Promise<void> {
    using probe = new Probe(gatewayUrl)
    while (!this.#isStopped) {
      const startedAtMs = Date.now()
      const { outcome } = await probe.get('/acme/prod/orders', { 'x-api-key': token })
      this.calls.push({ startedAtMs, endedAtMs: Date.now(), outcome })
    }
  }

  async stop(): Promise<readonly Call[]> {
    this.#isStopped = true
    await this.#ended
    return this.calls
  }
}

/** When a secret ended, in ms since 1970. It may be refused from the first time on, and must be from the second on. */
interface End {
  readonly fromMs: number
  readonly byMs: number
}

const ends = {
  async 'its grace is over'(_client: ApiClient, _path: string, expiresAt: string): Promise<End> {
    const atMs = Date.parse(expiresAt)
    await expect.poll(() => Date.now(), { timeout: 120_000, interval: 20 }).toBeGreaterThanOrEqual(atMs)
    return { fromMs: atMs, byMs: atMs }
  },
  async 'the roll is finished'(client: ApiClient, path: string): Promise<End> {
    await pause(GRACE_SECONDS * 1000)
    const fromMs = Date.now()
    const finished = await client.must('POST', `${path}/roll/finish?wait=20`)
    expect(finished['receipt']?.['confirmed']).toBe(true)
    return { fromMs, byMs: Date.now() }
  },
} as const

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
}

test.each(['sqlite', 'postgres'] as const)(
  'a roll under load on %s loses no call and lets none in',
  { timeout: 120_000 + SECONDS * 3000 },
  async (database) => {
    await using stack = new AsyncDisposableStack()
    const servers = await startServersOn(database, stack)
    const acme = await setUpAcme(servers[0])
    const path = '/v1/organizations/acme'
    const trigger = { kind: 'http', path: '/orders', authentication: { apiKey: true } }
    await acme.must('POST', `${path}/pipelines`, {
      name: 'orders',
      spec: { trigger, steps: [{ respond: {} }] },
    })
    await acme.must('POST', `${path}/deployments`, {
      pipeline: 'orders',
      version: '1.0',
      environment: 'prod',
    })
    const created = await acme.must('POST', `${path}/keys`, { name: 'k', type: 'secret', roles: ['invoker'] })
    const key = `${path}/keys/${textAt(created, 'key', 'id')}`
    const open = (token: string): readonly Connection[] =>
      Array.from(
        { length: CONNECTIONS },
        (_, index) => new Connection(servers[index % servers.length]?.gatewayUrl ?? '', token),
      )
    for (const { gatewayUrl } of servers) {
      using probe = new Probe(gatewayUrl)
      const headers = { 'x-api-key': textAt(created, 'token') }
      await expect.poll(async () => (await probe.get('/acme/prod/orders', headers)).outcome).toBe('200')
    }

    let token = textAt(created, 'token')
    for (const [name, end] of Object.entries(ends)) {
      const old = open(token)
      const graceSeconds = end === ends['its grace is over'] ? GRACE_SECONDS : 3600
      const rolled = await acme.must('POST', `${key}/roll?wait=20`, { graceSeconds })
      expect(rolled['receipt']?.['confirmed']).toBe(true)
      token = textAt(rolled, 'token')
      const fresh = open(token)
      const sequence = Number(rolled['key']?.['secrets']?.['length'])
      const { fromMs, byMs } = await end(
        acme,
        key,
        textAt(rolled, 'key', 'secrets', String(sequence - 2), 'expiresAt'),
      )
      await pause(AFTER_MS)
      const oldCalls = (await Promise.all(old.map(async (each) => await each.stop()))).flat()
      const freshCalls = (await Promise.all(fresh.map(async (each) => await each.stop()))).flat()

      expect(freshCalls.filter(({ outcome }) => outcome !== '200')).toEqual([])
      const allowed = oldCalls.filter(({ outcome }) => outcome === '200')
      const refused = oldCalls.filter(({ outcome }) => outcome !== '200')
      expect(new Set(refused.map(({ outcome }) => outcome))).toEqual(new Set(['401 key_outdated']))
      expect(allowed.filter(({ startedAtMs }) => startedAtMs >= byMs)).toEqual([])
      expect(refused.filter(({ endedAtMs }) => endedAtMs < fromMs)).toEqual([])
      expect(Math.min(allowed.length, refused.length, freshCalls.length)).toBeGreaterThan(20)
      // A minute has more calls than a function takes arguments.
      const lastMs = allowed.reduce((last, { startedAtMs }) => Math.max(last, startedAtMs), 0) - byMs
      const firstMs = refused.reduce((first, { endedAtMs }) => Math.min(first, endedAtMs), Infinity) - fromMs
      console.log(
        `${database}, ${name}: ${allowed.length + freshCalls.length} calls allowed, ${refused.length} refused; ` +
          `the last one allowed began ${-lastMs} ms before the end, the first refusal came ${firstMs} ms after it`,
      )
    }
  },
)
