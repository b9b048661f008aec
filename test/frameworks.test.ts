import { identityOf } from '@sallyport/sdk'
import { protect } from '@sallyport/sdk/express'
import express, { type RequestHandler } from 'express'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Framework, FrameworkServer, OwnAnswer } from './frameworks/framework.ts'
import { NEXT_FRAMEWORK } from './frameworks/next-app.ts'
import { NODE_FRAMEWORKS } from './frameworks/node-frameworks.ts'
import { ORIGIN, startProtectedApi, type ApiCaller, type ProtectedApi } from './frameworks/protected-api.ts'
import { firstLine, rawCall, type RawAnswer, type RawCall } from './frameworks/raw-call.ts'
import { startUpstream } from './support/upstream.ts'

const FRAMEWORKS: readonly Framework[] = [...NODE_FRAMEWORKS, NEXT_FRAMEWORK]
const stack = new AsyncDisposableStack()
const servers = new Map<string, FrameworkServer>()
/** The codes of the errors that the verifiers of this process have reported. */
const reported: string[] = []
let api: ProtectedApi
/** May call everything. */
let caller: ApiCaller
/** May call `orders` alone. */
let customer: ApiCaller

beforeAll(async () => {
  api = stack.use(await startProtectedApi())
  caller = await api.createCaller('caller')
  customer = await api.createCaller('customer', ['orders'])
  const started = FRAMEWORKS.map(async (framework) => {
    const server = await framework.start({
      verifier: api.verifier,
      gateway: api.server.gatewayUrl,
      onUnavailable: (error) => reported.push(error.code),
    })
    servers.set(framework.name, stack.use(server))
  })
  await Promise.all(started)
})

afterAll(async () => {
  await stack.disposeAsync()
})

/** The code of an answer that is a problem. */
function codeOf({ body, headers }: RawAnswer): unknown {
  expect(headers['content-type']).toMatch(/^application\/problem\+json/)
  return (JSON.parse(body) as { code: unknown }).code
}

function ownAnswer({ status, body }: RawAnswer): OwnAnswer {
  expect(status, body).toBe(200)
  return JSON.parse(body) as OwnAnswer
}

function withKey({ token }: ApiCaller): Record<string, string> {
  return { 'x-api-key': token }
}

describe.each(FRAMEWORKS)('a server of $name', ({ name, dropsRepeated = false }) => {
  const call = async (options: RawCall): Promise<RawAnswer> =>
    await rawCall(servers.get(name)?.url ?? '', options)

  test('gets an allowed request with its body and the identity of its caller', async () => {
    const answer = await call({
      method: 'POST',
      path: '/orders/7?x=1',
      headers: { ...withKey(caller), 'content-type': 'text/plain' },
      body: 'Zoë'.repeat(10_000),
    })
    expect(ownAnswer(answer)).toEqual({ consumer: 'caller', key: caller.key, body: 'Zoë'.repeat(10_000) })
    const bearer = await call({ path: '/orders/7', headers: { authorization: `Bearer ${customer.token}` } })
    expect(ownAnswer(bearer)).toEqual({ consumer: 'customer', key: customer.key, body: '' })
  })

  test('refuses a request without a credential, with a challenge', async () => {
    const answer = await call({ path: '/orders/7', headers: { 'x-request-id': 'call-7' } })
    expect([answer.status, codeOf(answer)]).toEqual([401, 'credential_missing'])
    expect(answer.headers).toMatchObject({
      'www-authenticate': 'Bearer realm="sallyport"',
      'x-request-id': 'call-7',
    })
  })

  test('refuses a key that is mistyped', async () => {
    const mistyped = caller.token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
    const answer = await call({ path: '/orders/7', headers: { 'x-api-key': mistyped } })
    expect([answer.status, codeOf(answer)]).toEqual([401, 'credential_invalid'])
  })

  test('refuses a caller that may not call this pipeline', async () => {
    const answer = await call({ path: '/limited', headers: withKey(customer) })
    expect([answer.status, codeOf(answer)]).toEqual([403, 'pipeline_not_allowed'])
  })

  test('tells what is left of a rate limit, and refuses a request beyond it', async () => {
    const limited = await api.createCaller(`limited-${name.replaceAll(/\W/g, '-')}`)
    const first = await call({ path: '/limited', headers: withKey(limited) })
    expect(ownAnswer(first).consumer).toBe(limited.consumer)
    expect(first.headers['ratelimit']).toMatch(/^"credential-hour";r=0/)
    const second = await call({ path: '/limited', headers: withKey(limited) })
    expect([second.status, codeOf(second)]).toEqual([429, 'rate_limited'])
    expect(Number(second.headers['retry-after'])).toBeGreaterThan(0)
    expect(second.headers['ratelimit-policy']).toBe(first.headers['ratelimit-policy'])
  })

  test('refuses a revoked key with the very next request', async () => {
    const revoked = await api.createCaller(`revoked-${name.replaceAll(/\W/g, '-')}`)
    expect(ownAnswer(await call({ path: '/orders/7', headers: withKey(revoked) })).key).toBe(revoked.key)
    await api.owner.deleteKey({ key: revoked.key })
    const answer = await call({ path: '/orders/7', headers: withKey(revoked) })
    expect([answer.status, codeOf(answer)]).toEqual([401, 'key_deleted'])
  })

  test('answers a preflight for the origins of the pipeline', async () => {
    const preflight = async (origin: string) =>
      await call({
        method: 'OPTIONS',
        path: '/orders/7',
        headers: { origin, 'access-control-request-method': 'POST' },
      })
    const ours = await preflight(ORIGIN)
    expect([ours.status, ours.body]).toEqual([204, ''])
    expect(ours.headers).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-methods': expect.stringContaining('POST'),
      'access-control-allow-headers': expect.stringContaining('x-api-key'),
    })
    const other = await preflight('https://other.example')
    expect(other.status).toBe(204)
    expect(other.headers['access-control-allow-origin']).toBeUndefined()
  })

  test('lets pages of these origins read answers and refusals', async () => {
    for (const headers of [withKey(caller), {}]) {
      const answer = await call({ path: '/orders/7', headers: { ...headers, origin: ORIGIN } })
      expect(answer.headers['access-control-allow-origin']).toBe(ORIGIN)
      expect(answer.headers.vary?.toLowerCase()).toMatch(/\borigin\b/)
      const other = await call({
        path: '/orders/7',
        headers: { ...headers, origin: 'https://other.example' },
      })
      expect(other.headers['access-control-allow-origin']).toBeUndefined()
    }
  })

  test('answers HEAD without a body', async () => {
    const allowed = await call({ method: 'HEAD', path: '/orders/7', headers: withKey(caller) })
    expect([allowed.status, allowed.body]).toEqual([200, ''])
    const refused = await call({ method: 'HEAD', path: '/orders/7' })
    expect([refused.status, refused.body]).toEqual([401, ''])
    expect(refused.headers['www-authenticate']).toMatch(/^Bearer /)
  })

  test('does not choose between repeated credentials', async () => {
    const [good, bad] = [`Bearer ${caller.token}`, 'Bearer sp_sk_wrong']
    const send = async (...authorization: string[]) =>
      (await call({ path: '/orders/7', headers: { authorization } })).status
    expect(await send(bad, good)).toBe(401)
    // The framework hands on the first one, which is also the one that handlers see.
    expect(await send(good, bad)).toBe(dropsRepeated ? 200 : 401)
    const twice = await call({ path: '/orders/7', headers: { 'x-api-key': [caller.token, caller.token] } })
    expect([twice.status, codeOf(twice)]).toEqual([401, 'credential_ambiguous'])
    const both = await call({ path: '/orders/7', headers: { ...withKey(caller), authorization: good } })
    expect([both.status, codeOf(both)]).toEqual([401, 'credential_ambiguous'])
  })

  test('believes nothing that a caller says about itself or its request', async () => {
    const forged = {
      'x-sallyport-consumer': 'caller',
      'x-sallyport-key': caller.key,
      'x-sallyport-claims': '-',
      'x-sallyport-mode': 'nginx',
      'x-sallyport-outcome': 'allowed',
      'x-original-method': 'GET',
      'x-original-url': '/acme/prod/orders/7',
      'x-forwarded-method': 'GET',
      'x-forwarded-uri': '/acme/prod/orders/7',
    }
    const honest = await call({ path: '/orders/7', headers: { ...forged, ...withKey(customer) } })
    expect(ownAnswer(honest)).toMatchObject({ consumer: 'customer', key: customer.key })
    const other = await call({ path: '/limited', headers: { ...forged, ...withKey(customer) } })
    expect([other.status, codeOf(other)]).toEqual([403, 'pipeline_not_allowed'])
    expect((await call({ path: '/orders/7', headers: forged })).status).toBe(401)
  })

  test.each([
    '/orders/1/../../limited',
    '/orders/1/..%2f..%2flimited',
    '/orders/..;/limited',
    '//limited',
    '/limited/',
    '/LIMITED',
    '/%6Cimited',
    '/limited?/orders/1',
    '/limited#/orders/1',
    'http://127.0.0.1/limited',
    'http://orders/limited',
    `/orders/${'x'.repeat(9000)}`,
    '/nothing',
  ])('does not let a caller through that asks for %s and may not', async (path) => {
    const answer = await call({ path, headers: withKey(customer) })
    expect(answer.status).not.toBe(200)
    expect(answer.body).not.toContain(customer.key)
  })

  test('keeps the identities of simultaneous requests apart', async () => {
    const callers = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? caller : customer))
    const answers = await Promise.all(
      callers.map(async (one) => ownAnswer(await call({ path: '/orders/7', headers: withKey(one) })).key),
    )
    expect(answers).toEqual(callers.map(({ key }) => key))
  })

  test('refuses a credential that is no text of HTTP, and ignores other such headers', async () => {
    const invalid = await call({
      path: '/orders/7',
      headers: { 'x-api-key': 'sp_sk_\u00e4\u00ff', 'x-other': '\u00e4' },
    })
    expect([invalid.status, codeOf(invalid)]).toEqual([401, 'credential_invalid'])
    const valid = await call({
      path: '/orders/7',
      headers: { ...withKey(caller), 'x-other': '\u00e4', origin: '\u00e4' },
    })
    expect(ownAnswer(valid).key).toBe(caller.key)
  })

  test('refuses a request before its body has arrived', async () => {
    const head = ['POST /orders/7 HTTP/1.1', 'host: h', 'content-type: text/plain', 'content-length: 1000000']
    expect(await firstLine(servers.get(name)?.url ?? '', ...head)).toContain(' 401 ')
  })

  test('refuses headers that are too long for the gateway, which is no outage', async () => {
    const answer = await call({ path: '/orders/7', headers: { 'x-api-key': `sp_sk_${'x'.repeat(16_200)}` } })
    expect([answer.status, codeOf(answer)]).toEqual([431, 'headers_too_large'])
  })

  test('refuses OPTIONS * and methods that the pipeline does not have', async () => {
    const star = await call({ method: 'OPTIONS', path: '*', headers: withKey(caller) })
    expect(star.status).toBeGreaterThanOrEqual(400)
    const method = await call({ method: 'PUT', path: '/orders/7', headers: withKey(caller) })
    expect([404, 405]).toContain(method.status)
  })

  test('handles the errors of its own handlers itself', async () => {
    const answer = await call({ path: '/failing', headers: withKey(caller) })
    expect(answer.status).toBe(500)
    expect(answer.headers['content-type'] ?? '').not.toContain('problem')
    expect((await call({ path: '/failing' })).status).toBe(401)
  })
})

test.each(NODE_FRAMEWORKS)(
  '$name verifies HTTP/1.0, and upgrades that no other listener takes',
  async ({ name }) => {
    const url = servers.get(name)?.url ?? ''
    const key = `x-api-key: ${caller.token}`
    const upgrade = ['GET /orders/7 HTTP/1.1', 'host: h', 'connection: upgrade', 'upgrade: websocket']
    expect(await firstLine(url, 'GET /orders/7 HTTP/1.0', 'host: h')).toContain(' 401 ')
    expect(await firstLine(url, 'GET /orders/7 HTTP/1.0', 'host: h', key)).toContain(' 200 ')
    expect(await firstLine(url, ...upgrade)).toContain(' 401 ')
    expect(await firstLine(url, ...upgrade, key)).toContain(' 200 ')
  },
)

test('a fixed path makes the decision of Express independent of the spelling that it ignores', async () => {
  const app = express()
  const answer: RequestHandler = (request, response) => void response.send(identityOf(request).consumer)
  app.get('/own-name', protect(api.verifier, { path: '/orders/7' }), answer)
  await using server = await startUpstream(app)
  const call = async (path: string, headers = withKey(customer)) => {
    const { status, body } = await rawCall(server.url, { path, headers })
    return status === 200 ? body : status
  }
  expect([await call('/own-name'), await call('/OWN-name/?x=1')]).toEqual(['customer', 'customer'])
  expect([await call('/OWN-name/', {}), await call('/orders/7')]).toEqual([401, 404])
})

test('the proxy of Next.js hands on the identity, and none that a caller made up', async () => {
  const url = servers.get(NEXT_FRAMEWORK.name)?.url ?? ''
  const path = '/behind-proxy/7'
  const forged = {
    'x-sallyport-consumer': 'admin',
    'x-sallyport-labels': 'tier=gold',
    'X-Sallyport-Other': 'x',
  }
  const answer = await rawCall(url, { path, headers: { ...forged, ...withKey(caller) } })
  expect(JSON.parse(answer.body)).toEqual({
    organization: 'acme',
    environment: 'prod',
    pipeline: 'behind-proxy',
    consumer: 'caller',
    key: caller.key,
    claims: null,
    labels: null,
  })
  const refused = await rawCall(url, { path, headers: forged })
  expect([refused.status, codeOf(refused)]).toEqual([401, 'credential_missing'])
  const denied = await rawCall(url, { path, headers: { ...forged, ...withKey(customer) } })
  expect([denied.status, codeOf(denied)]).toEqual([403, 'pipeline_not_allowed'])
})

test('the edge runtime of Next.js, which has little of Node.js, protects a route too', async () => {
  const url = servers.get(NEXT_FRAMEWORK.name)?.url ?? ''
  const allowed = await rawCall(url, { path: '/edge/7', headers: withKey(caller) })
  expect(ownAnswer(allowed)).toEqual({ consumer: 'caller', key: caller.key, body: '' })
  const denied = await rawCall(url, { path: '/edge/7', headers: withKey(customer) })
  expect([denied.status, codeOf(denied)]).toEqual([403, 'pipeline_not_allowed'])
})

test('address rules are about the caller, and not about the server that asks', async () => {
  const { key, token } = await api.createCaller('addressed')
  const ask = async (address: string) => {
    const request = {
      method: 'GET',
      url: '/orders/7',
      rawHeaders: ['x-api-key', token],
      socket: { remoteAddress: address },
    }
    const verification = await api.verifier.verify(request)
    return verification.outcome === 'refused' ? verification.code : verification.outcome
  }
  await api.owner.updateKey({ key, addressRules: ['192.0.2.0/24'] })
  expect([await ask('192.0.2.7'), await ask('192.0.3.7')]).toEqual(['allowed', 'address_not_allowed'])
  await api.owner.updateKey({ key, addressRules: ['127.0.0.1'] })
  // The server is there, but that is no reason to let callers through whose address it does not know.
  const unknown = { method: 'GET', url: 'http://h/orders/7', headers: new Headers({ 'x-api-key': token }) }
  expect(await api.verifier.verify(unknown)).toMatchObject({ code: 'address_not_allowed' })
})

// The last test: it stops the gateway.
test('while the gateway is down, every framework answers 503 and says nothing internal', async () => {
  await api.server.stop('SIGTERM')
  for (const [name, { url }] of servers) {
    for (const headers of [withKey(caller), {}]) {
      const answer = await rawCall(url, { path: '/orders/7', headers })
      expect([name, answer.status, codeOf(answer)]).toEqual([name, 503, 'unavailable'])
      expect(answer.headers['retry-after']).toBe('5')
      expect(answer.headers['www-authenticate']).toBeUndefined()
      expect(answer.body).not.toMatch(/127\.0\.0\.1|fetch|ECONN/)
    }
  }
  // Without `onUnavailable`, the error is on the console.
  const printed = servers.get(NEXT_FRAMEWORK.name)?.printed?.() ?? ''
  expect(printed).toContain('Sallyport could not verify a request')
  expect(printed).not.toContain(caller.token)
  expect(reported).toEqual(Array(2 * NODE_FRAMEWORKS.length).fill('network_error'))
})
