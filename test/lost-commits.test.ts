import { Client } from 'pg'
import { expect, test } from 'vitest'
import { openTestDatabase } from './services/postgres.ts'
import { ApiClient, setUpAcme, textAt } from './support/api-client.ts'
import { publishPipeline } from './support/published-pipeline.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'
import { startEchoUpstream } from './support/upstream.ts'
import { eventually } from './support/eventually.ts'

const KEYS = '/v1/organizations/acme/keys'

test('a gateway follows a database that lost commits, also when it has the same revision again', async () => {
  await using folder = await temporaryFolder()
  await using database = await openTestDatabase()
  await using upstream = await startEchoUpstream()
  await using server = await startServerProcess({
    SALLYPORT_DATA: folder.path,
    SALLYPORT_DATABASE_URL: database.url,
  })
  const acme = await setUpAcme(server)
  const orders = await publishPipeline(acme, 'orders', `${upstream.url}/orders`)
  const consumers = await acme.must('GET', '/v1/organizations/acme/consumers?environment=prod')
  const consumer = (consumers['items'] as unknown as { id: string }[])[0]?.id
  const newKey = async (name: string): Promise<{ id: string; token: string }> => {
    const made = await acme.must('POST', KEYS, { name, type: 'secret', environment: 'prod', consumer })
    return { id: textAt(made, 'key', 'id'), token: textAt(made, 'token') }
  }
  const call = async (token: string): Promise<number> =>
    (await new ApiClient(server.gatewayUrl).call('GET', orders.path, undefined, { 'x-api-key': token }))
      .status

  const client = new Client({ connectionString: database.url })
  await client.connect()
  await using _ = { [Symbol.asyncDispose]: async () => await client.end() }
  const head = async (): Promise<number> => {
    const { rows } = await client.query<{ head: string }>('select max(revision) as head from changes')
    return Number(rows[0]?.head)
  }
  /** Undoes the commits after a revision, which created these keys. */
  const lose = async (revision: number, ids: readonly string[]): Promise<void> => {
    await client.query('begin')
    await client.query('delete from secrets where key_id = any ($1)', [ids])
    await client.query('delete from keys where id = any ($1)', [ids])
    await client.query('delete from changes where revision > $1', [revision])
    await client.query('commit')
  }

  const revision = await head()
  const lost = [await newKey('lost 1'), await newKey('lost 2'), await newKey('lost 3')]
  for (const { token } of lost) expect(await call(token)).toBe(200)
  await lose(
    revision,
    lost.map(({ id }) => id),
  )
  // Writers continue. Each receipt must be about the new history, although the gateway is ahead of it in the old one.
  const kept = await newKey('kept 1')
  expect(await call(kept.token)).toBe(200)
  for (const { token } of lost) expect(await call(token)).toBe(401)
  await eventually(() =>
    expect(server.output.stderr).toContain('the database lost changes that this gateway has applied'),
  )
  expect(await acme.must('DELETE', `${KEYS}/${kept.id}`)).toMatchObject({ receipt: { confirmed: true } })
  expect(await call(kept.token)).toBe(401)

  // The same number of commits is lost and made again elsewhere, so that the revision is the same.
  const before = await head()
  const gone = await newKey('gone')
  expect(await call(gone.token)).toBe(200)
  await lose(before, [gone.id])
  await client.query(
    `insert into changes (revision, committed_at, records_json, previous_hash, hash)
      select revision + 1, committed_at, '[]', hash, 'of another history' from changes where revision = $1`,
    [before],
  )
  expect(await head()).toBe(before + 1)
  await eventually(async () => expect(await call(gone.token)).toBe(401))
  expect(await call(orders.token)).toBe(200)
})
