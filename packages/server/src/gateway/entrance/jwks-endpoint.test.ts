import { importJWK, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeSigningKey, type TestSigningKey } from '../testing/signing-keys.ts'
import { ACME, deployment, OPEN, startWith, type StartedGateway } from '../testing/started-gateway.ts'

const PATH = '/.well-known/jwks.json'
const NOW = 1_800_000_000_000
const PUBLIC_MEMBERS = ['alg', 'crv', 'e', 'kid', 'kty', 'n', 'use', 'x', 'y']

let made: TestSigningKey[]
let started: StartedGateway
let nowMs = NOW

beforeAll(async () => {
  made = await Promise.all([
    makeSigningKey({ id: 'sig_ed' }),
    makeSigningKey({ id: 'sig_es', algorithm: 'ES256', verifiesUntilMs: NOW + 1000 }),
    makeSigningKey({ id: 'sig_rs', algorithm: 'RS256', verifiesUntilMs: NOW + 2000 }),
    makeSigningKey({ id: 'sig_over', verifiesUntilMs: NOW }),
    makeSigningKey({ id: 'sig_test', environment: 'test' }),
  ])
  started = await startWith(
    [
      ...ACME,
      { kind: 'environment', organization: 'acme', name: 'bare' },
      // An invalid record: its public half contains the private one.
      ...made.map(({ record, privateJwk }) => ({ ...record, publicJwk: privateJwk })),
      deployment({ paths: ['/*'], methods: ['GET', 'POST'], authentication: OPEN }),
    ],
    {
      nowMs: () => nowMs,
      config: { hosts: new Map([['api.example', { organization: 'acme', environment: 'prod' }]]) },
    },
  )
})
afterAll(() => started.gateway.close(0))

interface Jwk extends Record<string, unknown> {
  readonly kid: string
}

async function published(environment = 'prod'): Promise<Jwk[]> {
  const answer = await fetch(`${started.url}/acme/${environment}${PATH}`)
  expect(answer.status).toBe(200)
  return ((await answer.json()) as { keys: Jwk[] }).keys
}

describe("An environment's public keys", () => {
  test('are those that still verify, without private members', async () => {
    nowMs = NOW
    const keys = await published()
    expect(keys.map(({ kid }) => kid)).toEqual(['sig_ed', 'sig_es', 'sig_rs'])
    for (const key of keys) expect(PUBLIC_MEMBERS).toEqual(expect.arrayContaining(Object.keys(key)))
    nowMs = NOW + 1000
    expect((await published()).map(({ kid }) => kid)).toEqual(['sig_ed', 'sig_rs'])
    nowMs = NOW + 2000
    expect((await published()).map(({ kid }) => kid)).toEqual(['sig_ed'])
    expect(await published('bare')).toEqual([])
  })

  test('verify what the environment signs', async () => {
    nowMs = NOW
    for (const [index, key] of (await published()).entries()) {
      const token = await made[index]?.sign({})
      const { payload } = await jwtVerify(token ?? '', await importJWK(key))
      expect(payload.iss).toBe('urn:sallyport:acme:prod')
    }
  })

  test('are public and cacheable', async () => {
    const answer = await fetch(started.url + `/acme/prod${PATH}`)
    const etag = answer.headers.get('etag') ?? ''
    expect([...answer.headers]).toEqual(
      expect.arrayContaining([
        ['access-control-allow-origin', '*'],
        ['cache-control', 'public, max-age=300'],
        ['content-type', 'application/jwk-set+json'],
      ]),
    )
    const length = String((await answer.bytes()).length)
    expect(answer.headers.get('content-length')).toBe(length)
    const head = await fetch(started.url + `/acme/prod${PATH}`, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, length])
    const again = await fetch(started.url + `/acme/prod${PATH}`, { headers: { 'if-none-match': etag } })
    expect([again.status, await again.text()]).toEqual([304, ''])
    const changed = await fetch(started.url + `/acme/prod${PATH}`, {
      headers: { 'if-none-match': '"other"' },
    })
    expect([changed.status, (await changed.bytes()).length]).toEqual([200, Number(length)])
  })

  test("are served at the environment's own host", async () => {
    const { port } = started.gateway
    const { request } = await import('node:http')
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request({ port, host: '127.0.0.1', path: PATH, headers: { host: 'api.example' } }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode))
      })
        .on('error', reject)
        .end()
    })
    expect(status).toBe(200)
  })

  test.each([
    ['GET', `/acme/nowhere${PATH}`, 404, 'route_not_found'],
    ['GET', `/nobody/prod${PATH}`, 404, 'route_not_found'],
    ['GET', PATH, 404, 'route_not_found'],
    ['POST', `/acme/prod${PATH}`, 405, 'method_not_allowed'],
    ['OPTIONS', `/acme/prod${PATH}`, 405, 'method_not_allowed'],
  ])('%s %s is %i', async (method, path, status, code) => {
    const answer = await fetch(started.url + path, { method })
    expect([answer.status, answer.headers.get('x-sallyport-code')]).toEqual([status, code])
    if (status === 405) expect(answer.headers.get('allow')).toBe('GET, HEAD')
  })

  test('are served at exactly this path', async () => {
    // This environment's pipeline matches every path.
    expect(await (await fetch(`${started.url}/acme/prod${PATH}/`)).json()).toEqual({ ok: true })
  })
})
