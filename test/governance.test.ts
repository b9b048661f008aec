import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { ApiClient, setUpAcme, textAt, type ApiResponse } from './support/api-client.ts'
import { issuedJwt, startIssuer } from './support/issuer.ts'
import { startServerOn } from './support/server-on-database.ts'
import { startEchoUpstream } from './support/upstream.ts'

const ACME = '/v1/organizations/acme'

const LOGIN_STEPS = [
  { 'credentials.verify': { username: 'body.username', password: 'body.password' } },
  { 'jwt.generate': { subject: 'body.username', scopes: ['shipments:read'], expiresIn: '15m' } },
]

function login(apiKey: boolean): unknown {
  return {
    trigger: { kind: 'rest', path: '/login', methods: ['POST'], login: true, authentication: { apiKey } },
    steps: LOGIN_STEPS,
  }
}

describe.each(['sqlite', 'postgres'] as const)('governance on %s', (kind) => {
  test(
    'a login pipeline issues tokens that the policy requires, until their key or consumer ends',
    { timeout: 120_000 },
    async () => {
      await using upstream = await startEchoUpstream()
      await using stack = new AsyncDisposableStack()
      const server = await startServerOn(kind, stack)
      const acme = await setUpAcme(server)
      const gateway = new ApiClient(server.gatewayUrl)

      await acme.must('PUT', `${ACME}/environments/prod/policies/external-api-access`, {
        mode: 'jwt-and-api-key',
      })
      const deploy = async (pipeline: string, version: string, environment = 'prod'): Promise<ApiResponse> =>
        await acme.call('POST', `${ACME}/deployments`, { pipeline, version, environment })

      // Both pipelines are refused until they require what the policy demands, and each refusal lists what is missing.
      await acme.must('POST', `${ACME}/pipelines`, { name: 'login', spec: login(false) })
      expect(await deploy('login', '1.0')).toMatchObject({
        status: 422,
        body: { violations: [{ rule: 'api-key-required', path: '/trigger/authentication/apiKey' }] },
      })
      await acme.must('POST', `${ACME}/pipelines/login/versions`, { spec: login(true) })
      const loginLive = await deploy('login', '1.1')
      expect(loginLive).toMatchObject({ status: 201, body: { warnings: [], probe: { alarm: false } } })

      const shipments = (jwt: boolean): unknown => ({
        trigger: { kind: 'http', path: '/shipments/:id', authentication: { apiKey: true, jwt } },
        steps: [
          {
            proxy: {
              url: `${upstream.url}/shipments/{id}`,
              headers: { authorization: 'Bearer {secrets.SHIPMENTS_TOKEN}' },
            },
          },
        ],
      })
      await acme.must('POST', `${ACME}/pipelines`, { name: 'shipments', spec: shipments(false) })
      expect(await deploy('shipments', '1.0')).toMatchObject({
        status: 422,
        body: { violations: [{ rule: 'jwt-required' }, { rule: 'secret-unknown' }] },
      })
      const secret = 'known-only-to-the-upstream'
      const secretPath = `${ACME}/environments/prod/secrets/SHIPMENTS_TOKEN`
      expect(await acme.call('PUT', secretPath, { value: secret })).toMatchObject({ status: 201 })
      await acme.must('POST', `${ACME}/pipelines/shipments/versions`, { spec: shipments(true) })
      const shipmentsLive = await deploy('shipments', '1.1')
      expect(shipmentsLive).toMatchObject({ status: 201, body: { probe: { alarm: false } } })
      expect(await acme.call('DELETE', secretPath)).toMatchObject({ status: 409, body: { code: 'conflict' } })
      expect(JSON.stringify(await acme.must('GET', secretPath))).not.toContain(secret)

      const consumer = async (name: string): Promise<{ id: string; key: string; password: string }> => {
        const created = await acme.must('POST', `${ACME}/consumers`, {
          name,
          environment: 'prod',
          pipelines: ['login', 'shipments'],
        })
        const id = textAt(created, 'consumer', 'id')
        const credential = await acme.must('POST', `${ACME}/consumers/${id}/basic-credentials`, {
          username: name,
        })
        return { id, key: textAt(created, 'token'), password: textAt(credential, 'password') }
      }
      const courier = await consumer('courier')
      const rival = await consumer('rival')
      const logIn = async (key: string, username: string, password: string): Promise<ApiResponse> =>
        await gateway.call('POST', '/acme/prod/login', { username, password }, { 'x-api-key': key })
      const call = async (headers: Record<string, string>): Promise<ApiResponse> =>
        await gateway.call('GET', '/acme/prod/shipments/7', undefined, headers)

      expect(await logIn(courier.key, 'courier', rival.password)).toMatchObject({
        status: 401,
        body: { code: 'basic_invalid' },
      })
      // A password of another consumer is invalid, even with a key that may call the login pipeline.
      expect(await logIn(rival.key, 'courier', courier.password)).toMatchObject({
        status: 401,
        body: { code: 'basic_invalid' },
      })
      const loggedIn = await logIn(courier.key, 'courier', courier.password)
      expect(loggedIn).toMatchObject({
        status: 200,
        body: { token_type: 'Bearer', expires_in: 900, scope: 'shipments:read' },
      })
      const token = textAt(loggedIn.body, 'access_token')
      const bearer = { authorization: `Bearer ${token}` }

      expect(await call({ 'x-api-key': courier.key })).toMatchObject({
        status: 401,
        body: { code: 'token_missing' },
      })
      expect(await call(bearer)).toMatchObject({ status: 401, body: { code: 'credential_missing' } })
      expect(await call({ 'x-api-key': rival.key, ...bearer })).toMatchObject({
        status: 403,
        body: { code: 'token_wrong_consumer' },
      })
      const both = await call({ 'x-api-key': courier.key, ...bearer })
      expect(both).toMatchObject({
        status: 200,
        body: { headers: { 'x-sallyport-consumer': 'courier', authorization: `Bearer ${secret}` } },
      })
      expect(JSON.stringify(both.body)).not.toContain(token)
      const claims: unknown = JSON.parse(
        Buffer.from(textAt(both.body, 'headers', 'x-sallyport-claims'), 'base64url').toString(),
      )
      expect(claims).toMatchObject({ sub: 'courier', azp: courier.id, scope: 'shipments:read' })

      // A rotation keeps existing tokens valid. A rotation without overlap ends those of the previous key, and deleting a
      // signing key ends its remaining tokens.
      const signingKeys = `${ACME}/environments/prod/signing-keys`
      const firstKey = textAt((await acme.must('GET', signingKeys))['items']?.[0], 'id')
      await acme.must('POST', `${signingKeys}/rotate`, { algorithm: 'ES256' })
      expect(await call({ 'x-api-key': courier.key, ...bearer })).toMatchObject({ status: 200 })
      const jwks = await gateway.must('GET', '/acme/prod/.well-known/jwks.json')
      expect(jwks).toMatchObject({ keys: [{}, {}] })
      expect(JSON.stringify(jwks)).not.toContain('"d"')
      const second = textAt((await logIn(courier.key, 'courier', courier.password)).body, 'access_token')
      const secondBearer = { 'x-api-key': courier.key, authorization: `Bearer ${second}` }
      expect(await call(secondBearer)).toMatchObject({ status: 200 })
      await acme.must('POST', `${signingKeys}/rotate`, { overlapSeconds: 0 })
      expect(await call(secondBearer)).toMatchObject({ status: 401, body: { code: 'token_invalid' } })
      expect(await call({ 'x-api-key': courier.key, ...bearer })).toMatchObject({ status: 200 })
      await acme.must('DELETE', `${signingKeys}/${firstKey}`)
      expect(await call({ 'x-api-key': courier.key, ...bearer })).toMatchObject({
        status: 401,
        body: { code: 'token_invalid' },
      })

      const third = textAt((await logIn(courier.key, 'courier', courier.password)).body, 'access_token')
      const thirdBearer = { 'x-api-key': courier.key, authorization: `Bearer ${third}` }
      expect(await call(thirdBearer)).toMatchObject({ status: 200 })
      await acme.must('PATCH', `${ACME}/consumers/${courier.id}`, { status: 'inactive' })
      expect(await call(thirdBearer)).toMatchObject({ status: 401, body: { code: 'key_inactive' } })

      expect(await server.stop('SIGTERM')).toBe(0)
      for (const text of [server.output.stderr, server.output.stdout]) {
        for (const shown of [token, second, third, secret, courier.password, courier.key]) {
          expect(text).not.toContain(shown)
        }
      }
    },
  )

  test(
    'a JWT of a trusted issuer opens a pipeline until the issuer is deleted',
    { timeout: 120_000 },
    async () => {
      await using stack = new AsyncDisposableStack()
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      await using issuer = await startIssuer({
        ...publicKey.export({ format: 'jwk' }),
        kid: 'idp-1',
        use: 'sig',
      })
      const server = await startServerOn(kind, stack)
      const acme = await setUpAcme(server)
      const gateway = new ApiClient(server.gatewayUrl)
      await acme.must('PUT', `${ACME}/environments/test/policies/external-api-access`, { mode: 'jwt' })
      await acme.must('POST', `${ACME}/pipelines`, {
        name: 'whoami',
        spec: {
          trigger: { kind: 'http', path: '/whoami', authentication: { jwt: true } },
          steps: [{ transform: { body: '{ "subject": auth.claims.sub, "ids": $string(auth.claims.ids) }' } }],
        },
      })
      await acme.must('POST', `${ACME}/deployments`, {
        pipeline: 'whoami',
        version: '1.0',
        environment: 'test',
      })
      const issuers = `${ACME}/environments/test/issuers`
      const trusted = await acme.must('POST', issuers, {
        issuer: 'https://idp.example.com',
        audience: 'acme-api',
        jwksUrl: issuer.jwksUrl,
      })
      const now = Math.floor(Date.now() / 1000)
      const claims = { iss: 'https://idp.example.com', aud: 'acme-api', sub: 'ada', iat: now, exp: now + 600 }
      const call = async (claimed: Readonly<Record<string, unknown>>): Promise<ApiResponse> =>
        await gateway.call('GET', '/acme/test/whoami', undefined, {
          authorization: `Bearer ${issuedJwt(privateKey, claimed)}`,
        })

      expect(await gateway.call('GET', '/acme/test/whoami')).toMatchObject({
        status: 401,
        body: { code: 'token_missing' },
      })
      expect(await call(claims)).toMatchObject({ status: 200, body: { subject: 'ada' } })
      const ids = ['1234567890123456789', '1.0'].map((text) => JSON.rawJSON(text))
      expect(await call({ ...claims, ids })).toMatchObject({ body: { ids: '[1234567890123456789,1.0]' } })
      expect(await call({ ...claims, aud: 'other-api' })).toMatchObject({
        status: 401,
        body: { code: 'token_invalid' },
      })
      expect(await call({ ...claims, iss: 'https://idp.example.com/' })).toMatchObject({ status: 401 })
      expect(await call({ ...claims, exp: now - 31 })).toMatchObject({
        status: 401,
        body: { code: 'token_expired' },
      })
      // Each thread of a gateway gets them once.
      expect(issuer.requests).toBeLessThanOrEqual(Number(process.env['SALLYPORT_GATEWAY_THREADS'] ?? 1))

      await acme.must('DELETE', `${issuers}/${textAt(trusted, 'id')}`)
      expect(await call(claims)).toMatchObject({ status: 401, body: { code: 'token_invalid' } })
    },
  )
})
