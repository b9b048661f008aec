import { expect, test } from 'vitest'
import { ApiClient, setUpAcme, textAt } from './support/api-client.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'

const organization = '/v1/organizations/acme'

test(
  'a Basic credential opens a pipeline until it is deleted, also after a restart',
  { timeout: 120_000 },
  async () => {
    await using folder = await temporaryFolder()
    const settings = { SALLYPORT_DATA: folder.path }
    let authorization = ''
    let credentialsPath = ''
    let owner = ''

    const call = async (gatewayUrl: string, credential: string): Promise<Response> =>
      await fetch(`${gatewayUrl}/acme/prod/stock`, { headers: { authorization: credential } })
    const basic = (username: string, password: string): string =>
      `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`

    {
      await using server = await startServerProcess(settings)
      const acme = await setUpAcme(server)
      owner = textAt(
        await acme.must('POST', `${organization}/keys`, {
          name: 'second owner',
          type: 'secret',
          roles: ['owner'],
        }),
        'token',
      )
      await acme.must('POST', `${organization}/pipelines`, {
        name: 'stock',
        spec: {
          trigger: { kind: 'http', path: '/stock', authentication: { basic: true } },
          steps: [{ respond: { body: { inStock: 7 } } }],
        },
      })
      await acme.must('POST', `${organization}/deployments`, {
        pipeline: 'stock',
        version: '1.0',
        environment: 'prod',
      })
      const consumer = await acme.must('POST', `${organization}/consumers`, {
        name: 'erp',
        environment: 'prod',
        pipelines: ['stock'],
      })
      credentialsPath = `${organization}/consumers/${textAt(consumer, 'consumer', 'id')}/basic-credentials`
      const created = await acme.must('POST', credentialsPath, { username: 'erp' })
      const password = textAt(created, 'password')
      authorization = basic('erp', password)
      expect((await call(server.gatewayUrl, authorization)).status).toBe(200)
      const refused = await call(server.gatewayUrl, basic('erp', `${password}x`))
      expect(refused.status).toBe(401)
      expect(refused.headers.get('www-authenticate')).toMatch(/^Basic /)
      const log = await acme.must('GET', `${organization}/audit-events?limit=200`)
      expect(JSON.stringify(log)).toContain('basic-credentials.create')
      expect(JSON.stringify(log)).not.toContain(password)
      expect(JSON.stringify(log)).not.toContain('argon2')
    }

    await using server = await startServerProcess(settings)
    const acme = new ApiClient(server.controlUrl, owner)
    expect((await call(server.gatewayUrl, authorization)).status).toBe(200)
    const deleted = await acme.must('DELETE', `${credentialsPath}/erp`)
    expect(deleted['receipt']).toMatchObject({ confirmed: true })
    expect((await call(server.gatewayUrl, authorization)).status).toBe(401)
  },
)
