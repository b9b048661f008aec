import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { openTestDatabase } from './services/postgres.ts'
import { setUpAcme } from './support/api-client.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'
import { startUpstream } from './support/upstream.ts'
import { eventually } from './support/eventually.ts'

const ACME = '/v1/organizations/acme'

test(
  'of two processes on one database, exactly one runs a due schedule',
  // The shortest schedule is one minute.
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

    const runs = await eventually(async () => {
      const listed = await acme.must('GET', `${ACME}/pipelines/every-minute/runs?environment=prod`)
      expect(listed).toMatchObject({ items: [{ outcome: 'succeeded' }] })
      return listed
    })
    expect(dueTimes).toEqual([JSON.stringify({ dueAt: runs['items']?.[0]?.['dueAt'] })])
    expect([await server.stop('SIGTERM'), await other.stop('SIGTERM')]).toEqual([0, 0])
  },
)
