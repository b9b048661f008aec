import { Client } from 'pg'
import { expect, test } from 'vitest'
import { openTestDatabase } from './services/postgres.ts'
import { ApiClient, setUpAcme, textAt } from './support/api-client.ts'
import { publishPipeline } from './support/published-pipeline.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'
import { startTcpRelay } from './support/tcp-relay.ts'
import { startEchoUpstream } from './support/upstream.ts'
import { eventually } from './support/eventually.ts'

/** The write lock of the store. */
const WRITE_LOCK = '5929177302158306441'
const DEADLINE_MS = 15_000
const SHORT_DEADLINE_SECONDS = 5

test('while another session holds the write lock, each write is 503 within 15 s and is not done later', async () => {
  await using folder = await temporaryFolder()
  await using database = await openTestDatabase()
  await using server = await startServerProcess({
    SALLYPORT_DATA: folder.path,
    SALLYPORT_DATABASE_URL: database.url,
  })
  const acme = await setUpAcme(server)
  const holder = new Client({ connectionString: database.url })
  await holder.connect()
  await using _ = { [Symbol.asyncDispose]: async () => await holder.end() }
  await holder.query(`select pg_advisory_lock(${WRITE_LOCK})`)
  const create = async (name: string) => {
    const startedAtMs = performance.now()
    const { status, body } = await acme.call('POST', '/v1/organizations/acme/keys', { name, type: 'secret' })
    return { status, body, durationMs: performance.now() - startedAtMs }
  }
  // The second half arrives while the first waits, so that a turn begins late.
  const first = Array.from({ length: 10 }, (_entry, index) => create(`first ${index}`))
  await new Promise((resolve) => setTimeout(resolve, 3_000))
  const second = Array.from({ length: 10 }, (_entry, index) => create(`second ${index}`))
  const reads = await acme.call('GET', '/v1/whoami')
  expect(reads.status).toBe(200)
  for (const { status, body, durationMs } of await Promise.all([...first, ...second])) {
    expect(body).toMatchObject({ code: 'unavailable' })
    expect(status).toBe(503)
    // Half a second for the answer itself, on a busy machine.
    expect(durationMs).toBeLessThan(DEADLINE_MS + 500)
  }
  await holder.query(`select pg_advisory_unlock(${WRITE_LOCK})`)
  const after = await create('after')
  expect(after.status).toBe(201)
  const keys = await acme.must('GET', '/v1/organizations/acme/keys?limit=200')
  const names = (keys['items'] as unknown as object[]).map((key) => textAt(key, 'name'))
  expect(names.filter((name) => /^(?:first|second) /.test(name))).toEqual([])
  expect(names).toContain('after')
})

test('when the database hangs, each request is 503 within the deadline that is set, calls go on, and it recovers', async () => {
  await using folder = await temporaryFolder()
  await using database = await openTestDatabase()
  await using relay = await startTcpRelay(database.url)
  await using upstream = await startEchoUpstream()
  await using server = await startServerProcess({
    SALLYPORT_DATA: folder.path,
    SALLYPORT_DATABASE_URL: relay.url,
    SALLYPORT_WRITE_DEADLINE_SECONDS: String(SHORT_DEADLINE_SECONDS),
  })
  const acme = await setUpAcme(server)
  const orders = await publishPipeline(acme, 'orders', `${upstream.url}/orders`)
  const call = async (): Promise<number> =>
    (
      await new ApiClient(server.gatewayUrl).call('GET', orders.path, undefined, {
        'x-api-key': orders.token,
      })
    ).status
  const write = async () =>
    await acme.call('POST', '/v1/organizations/acme/keys', { name: 'hanging', type: 'secret' })
  relay.stall()
  const startedAtMs = performance.now()
  const requests = Array.from({ length: 15 }, write)
  expect(await call()).toBe(200)
  for (const { status, body } of await Promise.all(requests)) {
    expect([status, body]).toMatchObject([503, { code: 'unavailable' }])
  }
  expect(performance.now() - startedAtMs).toBeLessThan(SHORT_DEADLINE_SECONDS * 1000 + 500)
  // The only server on a database keeps serving while it is gone.
  expect(await call()).toBe(200)
  relay.mend()
  await eventually(async () => expect((await write()).status).toBe(201))
  expect(await call()).toBe(200)
})
