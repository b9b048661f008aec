import { randomBytes } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { openTestDatabase } from './services/postgres.ts'
import { setUpAcme } from './support/api-client.ts'
import { startServerProcess, throwAwayFolder } from './support/server-process.ts'
import { startUpstream } from './support/upstream.ts'

const ACME = '/v1/organizations/acme'
/** The shortest schedule is a minute, so its first due time is at most that far away. */
const DUE_MS_MAX = 90_000

test('of two processes on one database one runs what is due', { timeout: DUE_MS_MAX + 60_000 }, async () => {
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
  await using one = await throwAwayFolder()
  await using two = await throwAwayFolder()
  const shared = {
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
            detail: 'The upstream has not seen it.',
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

  const runs = await vi.waitFor(
    async () => {
      const listed = await acme.must('GET', `${ACME}/pipelines/every-minute/runs?environment=prod`)
      expect(listed).toMatchObject({ items: [{ outcome: 'succeeded' }] })
      return listed
    },
    { timeout: DUE_MS_MAX, interval: 500 },
  )
  expect(dueTimes).toEqual([JSON.stringify({ dueAt: runs['items']?.[0]?.['dueAt'] })])
  expect([await server.stop('SIGTERM'), await other.stop('SIGTERM')]).toEqual([0, 0])
})
