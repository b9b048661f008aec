import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { openTestDatabase } from './services/postgres.ts'
import { setUpAcme, textAt } from './support/api-client.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'
import { shiftedClock } from './support/shifted-clock.ts'
import { startUpstream } from './support/upstream.ts'
import { eventually } from './support/eventually.ts'

const ACME = '/v1/organizations/acme'
const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

test(
  'of two processes on one database, exactly one runs a due schedule, also after their clock was ahead',
  { timeout: 180_000 },
  async () => {
    const dueTimes: string[] = []
    await using upstream = await startUpstream((request, response) => {
      let body = ''
      request.setEncoding('utf8').on('data', (text: string) => (body += text))
      request.on('end', () => {
        dueTimes.push(body)
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"seen":true}')
      })
    })
    await using database = await openTestDatabase()
    await using one = await temporaryFolder()
    await using two = await temporaryFolder()
    await using clockFolder = await temporaryFolder()
    const clock = await shiftedClock(clockFolder.path)
    const shared = {
      ...clock.settings,
      SALLYPORT_DATABASE_URL: database.url,
      SALLYPORT_MASTER_KEY: randomBytes(32).toString('base64'),
    }
    await using server = await startServerProcess({ ...shared, SALLYPORT_DATA: one.path })
    const acme = await setUpAcme(server)
    await using other = await startServerProcess({ ...shared, SALLYPORT_DATA: two.path })
    await acme.must('POST', `${ACME}/pipelines`, {
      name: 'every-minute',
      spec: {
        trigger: { kind: 'schedule', schedule: '* * * * *' },
        steps: [
          { call: { url: `${upstream.url}/due`, body: 'body' } },
          {
            assert: {
              that: 'status = 200 and body.seen',
              status: 500,
              code: 'not_seen',
              detail: 'The upstream did not confirm the run.',
            },
          },
        ],
      },
    })
    const deployed = await acme.must('POST', `${ACME}/deployments`, {
      pipeline: 'every-minute',
      version: '1.0',
      environment: 'prod',
    })
    expect(deployed).toMatchObject({ pipeline: 'every-minute' })

    /** The due time of a run, the newest being 0, once this many have succeeded. */
    const succeeded = async (count: number, index: number): Promise<string> =>
      await eventually(async () => {
        const listed = await acme.must('GET', `${ACME}/pipelines/every-minute/runs?environment=prod`)
        expect(listed).toMatchObject({
          items: Array.from({ length: count }, () => ({ outcome: 'succeeded' })),
        })
        return textAt(listed, 'items', String(index), 'dueAt')
      })
    // The shortest schedule is one minute. Its due times are reached by moving the clock to right before them.
    const startMs = Math.ceil(Date.now() / MINUTE_MS) * MINUTE_MS
    const beforeDue = async (dueAtMs: number): Promise<void> => await clock.set(dueAtMs - 2_000 - Date.now())
    await beforeDue(startMs)
    const first = await succeeded(1, 0)
    await beforeDue(startMs + 30 * DAY_MS)
    const ahead = await succeeded(2, 0)
    await beforeDue(startMs + MINUTE_MS)
    const back = await succeeded(3, 1)
    expect([first, back].map((dueAt) => Date.parse(dueAt))).toEqual([startMs, startMs + MINUTE_MS])
    expect(Date.parse(ahead)).toBeGreaterThan(startMs + 29 * DAY_MS)
    expect(dueTimes.map((body) => (JSON.parse(body) as { dueAt: string }).dueAt)).toEqual([
      first,
      ahead,
      back,
    ])
    expect([await server.stop('SIGTERM'), await other.stop('SIGTERM')]).toEqual([0, 0])
  },
)
