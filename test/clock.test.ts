import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startPostgres } from './services/postgres-server.ts'
import { ApiClient, setUpAcme } from './support/api-client.ts'
import { publishPipeline } from './support/published-pipeline.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'
import { shiftedClock } from './support/shifted-clock.ts'
import { startTcpRelay } from './support/tcp-relay.ts'
import { startEchoUpstream } from './support/upstream.ts'
import { eventually } from './support/eventually.ts'

const STALENESS_SECONDS = 3

test('a clock that is set forward or back changes neither the age of the snapshot nor any verdict on it', async () => {
  await using folder = await temporaryFolder()
  await using upstream = await startEchoUpstream()
  await using postgres = await startPostgres()
  await using relay = await startTcpRelay(postgres.url)
  const clock = await shiftedClock(folder.path)
  await using server = await startServerProcess({
    SALLYPORT_DATA: join(folder.path, 'data'),
    SALLYPORT_DATABASE_URL: relay.url,
    SALLYPORT_MAX_STALENESS_SECONDS: String(STALENESS_SECONDS),
    ...clock.settings,
  })
  const acme = await setUpAcme(server)
  const orders = await publishPipeline(acme, 'orders', `${upstream.url}/orders`, {
    rateLimits: [{ requests: 100_000, per: 'minute' }],
    // A response that has just begun when the snapshot becomes too old waits for its own timeout.
    limits: { timeoutMs: 2_000 },
  })
  const gateway = new ApiClient(server.gatewayUrl)
  const call = async (): Promise<number> =>
    (await gateway.call('GET', orders.path, undefined, { 'x-api-key': orders.token })).status
  const ageSeconds = async (): Promise<number> =>
    Number((await gateway.call('GET', '/readyz')).body['snapshotAgeSeconds'])
  /** The server's clock, as its answers show it. */
  const serverNowMs = async (): Promise<number> => {
    const created = await acme.must('POST', '/v1/organizations/acme/keys', { name: 'clock', type: 'secret' })
    return Date.parse((created['key'] as unknown as { createdAt: string }).createdAt)
  }
  /** Sets the clock, and waits until the server has it. */
  const moveClock = async (shiftMs: number): Promise<void> => {
    await clock.set(shiftMs)
    await eventually(async () =>
      expect(Math.abs((await serverNowMs()) - Date.now() - shiftMs)).toBeLessThan(5_000),
    )
  }
  const HOUR_MS = 3_600_000
  for (const shiftMs of [10_000, HOUR_MS, 24 * HOUR_MS, 0, -60_000, -HOUR_MS]) {
    await moveClock(shiftMs)
    // The token was created on the unshifted clock and never expires.
    for (let count = 0; count < 100; count += 1) expect(await call()).toBe(200)
    const age = await ageSeconds()
    expect(age).toBeGreaterThanOrEqual(0)
    expect(age).toBeLessThan(STALENESS_SECONDS)
    const removed = await acme.must('POST', '/v1/organizations/acme/keys', { name: 'gone', type: 'secret' })
    const { id } = removed['key'] as unknown as { id: string }
    const { receipt } = await acme.must('DELETE', `/v1/organizations/acme/keys/${id}`)
    expect(receipt).toMatchObject({ confirmed: true })
    expect(Number(receipt?.['elapsedMs'])).toBeGreaterThanOrEqual(0)
  }

  // Wrong credentials are counted by the monotonic clock too. One more is allowed each 600 ms.
  const wrong = acme.as(`sp_sk_${'A'.repeat(16)}_${'b'.repeat(38)}`)
  const attempt = async (): Promise<number> => (await wrong.call('GET', '/v1/whoami')).status
  while ((await attempt()) === 401);
  for (const shiftMs of [HOUR_MS, -HOUR_MS]) {
    await moveClock(shiftMs)
    expect(await Promise.all(Array.from({ length: 50 }, attempt))).toContain(429)
  }
  await eventually(async () => expect(await attempt()).toBe(401))

  // The clock stands an hour back when the database is lost: the limit on the age still holds.
  relay.cut()
  const lostAtMs = performance.now()
  await eventually(async () => expect(await call()).toBe(503))
  expect(performance.now() - lostAtMs).toBeGreaterThan((STALENESS_SECONDS - 2) * 1000)
  expect(await gateway.call('GET', '/readyz')).toMatchObject({
    status: 503,
    body: { ready: false, reason: 'snapshot_stale' },
  })
  const management = await new ApiClient(server.controlUrl).call('GET', '/readyz')
  expect(management).toMatchObject({ status: 503, body: { ready: false, reason: 'database_unavailable' } })
  relay.mend()
  await eventually(async () => expect(await call()).toBe(200))
  await eventually(async () => {
    expect((await new ApiClient(server.controlUrl).call('GET', '/readyz')).status).toBe(200)
  })
})
