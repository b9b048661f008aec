import { describe, expect, test } from 'vitest'

import { ApiClient, setUpAcme, textAt, type ApiResponse } from './support/api-client.ts'
import { startServerOn } from './support/server-on-database.ts'
import { startEchoUpstream } from './support/upstream.ts'

/** The token with one character of its secret changed. */
function mistyped(token: string): string {
  const index = 30
  return token.slice(0, index) + (token[index] === 'A' ? 'B' : 'A') + token.slice(index + 1)
}

describe.each(['sqlite', 'postgres'] as const)('access by API key on %s', (kind) => {
  test(
    'works from set-up through a call of a real upstream to the deletion of the key',
    { timeout: 120_000 },
    async () => {
      await using upstream = await startEchoUpstream()
      await using stack = new AsyncDisposableStack()
      const server = await startServerOn(kind, stack)

      const anonymous = new ApiClient(server.controlUrl)
      const refused = await anonymous.call('POST', '/v1/setup', {
        setupToken: `${server.setupToken}x`,
        organization: { slug: 'acme', name: 'Acme' },
      })
      expect(refused).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
      const acme = await setUpAcme(server)
      const again = await anonymous.call('POST', '/v1/setup', {
        setupToken: server.setupToken,
        organization: { slug: 'other', name: 'Other' },
      })
      expect(again).toMatchObject({ status: 409, body: { code: 'already_set_up' } })
      expect(await acme.must('GET', '/v1/whoami')).toMatchObject({
        organization: 'acme',
        key: { type: 'secret' },
      })

      const organization = '/v1/organizations/acme'
      expect(
        await acme.must('PUT', `${organization}/environments/prod/policies/external-api-access`, {
          mode: 'api-key',
        }),
      ).toMatchObject({ mode: 'api-key', version: 2, conformity: { total: 0, conforming: 0 } })

      const spec = (apiKey: boolean): unknown => ({
        trigger: { kind: 'http', path: '/orders/:id', authentication: { apiKey } },
        steps: [{ proxy: { url: `${upstream.url}/orders/{id}` } }],
      })
      expect(
        await acme.must('POST', `${organization}/pipelines`, { name: 'orders', spec: spec(false) }),
      ).toMatchObject({ version: '1.0' })

      const deploy = async (version: string): Promise<ApiResponse> =>
        await acme.call('POST', `${organization}/deployments`, {
          pipeline: 'orders',
          version,
          environment: 'prod',
        })
      expect(await deploy('1.0')).toMatchObject({
        status: 422,
        body: {
          code: 'deployment_refused',
          violations: [
            {
              policy: 'external-api-access',
              environment: 'prod',
              path: '/trigger/authentication/apiKey',
              fix: expect.stringContaining('apiKey'),
            },
          ],
        },
      })
      expect(await acme.must('GET', `${organization}/deployments`)).toEqual({ items: [], next: null })

      expect(
        await acme.must('POST', `${organization}/pipelines/orders/versions`, { spec: spec(true) }),
      ).toMatchObject({
        version: '1.1',
      })
      const deployed = await deploy('1.1')
      expect(deployed).toMatchObject({
        status: 201,
        body: { pipeline: 'orders', version: '1.1', environment: 'prod' },
      })

      const consumer = async (name: string, pipelines: string[]): Promise<ApiResponse> =>
        await acme.call('POST', `${organization}/consumers`, { name, environment: 'prod', pipelines })
      const mobile = await consumer('mobile-app', ['orders'])
      const unassociated = await consumer('unassociated', [])
      expect(mobile.status).toBe(201)
      const token = textAt(mobile.body, 'token')
      const keyId = textAt(mobile.body, 'key', 'id')

      const gateway = new ApiClient(server.gatewayUrl)
      const call = async (headers: Record<string, string>): Promise<ApiResponse> =>
        await gateway.call('GET', '/acme/prod/orders/7?verbose=1', undefined, headers)

      const allowed = await call({
        'x-api-key': token,
        'x-sallyport-consumer': 'forged',
        accept: 'application/json',
      })
      expect(allowed).toMatchObject({
        status: 200,
        body: {
          method: 'GET',
          url: '/orders/7?verbose=1',
          headers: {
            accept: 'application/json',
            'x-sallyport-organization': 'acme',
            'x-sallyport-environment': 'prod',
            'x-sallyport-pipeline': 'orders',
            'x-sallyport-consumer': 'mobile-app',
            'x-sallyport-key': keyId,
          },
        },
      })
      expect(JSON.stringify(allowed.body)).not.toContain(token)
      expect(await call({ authorization: `Bearer ${token}` })).toMatchObject({ status: 200 })

      expect(await call({})).toMatchObject({ status: 401, body: { code: 'credential_missing' } })
      const typo = await call({ 'x-api-key': mistyped(token) })
      expect(typo).toMatchObject({ status: 401, body: { code: 'credential_invalid' } })
      expect(typo.headers.get('www-authenticate')).toMatch(/^Bearer /)
      expect(typo.headers.get('content-type')).toMatch(/^application\/problem\+json/)
      expect(await call({ 'x-api-key': textAt(unassociated.body, 'token') })).toMatchObject({
        status: 403,
        body: { code: 'pipeline_not_allowed' },
      })

      const deleted = await acme.call('DELETE', `${organization}/keys/${keyId}`)
      expect(deleted).toMatchObject({ status: 200, body: { receipt: { confirmed: true } } })
      expect(await call({ 'x-api-key': token })).toMatchObject({ status: 401, body: { code: 'key_deleted' } })

      expect(await server.stop('SIGTERM')).toBe(0)
      for (const text of [server.output.stderr, server.output.stdout]) {
        expect(text).not.toContain(token)
        expect(text).not.toMatch(/sp_sk_[0-9A-Za-z]{16}_[0-9A-Za-z]{38}/)
      }
    },
  )
})
