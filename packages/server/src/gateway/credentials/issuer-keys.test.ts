import type { ServerResponse } from 'node:http'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startIssuer, type StartedIssuer } from '../../../../../test/support/issuer.ts'
import { AddressSet } from '../../address/address-set.ts'
import type { JwsHeader } from '../../crypto/compact-jws.ts'
import { IssuerKeys } from './issuer-keys.ts'
import { issuer, makeSigner } from '../testing/signing-keys.ts'
import { ConnectionPool } from '../../egress/connection-pool.ts'
import { eventually } from '../../../../../test/support/eventually.ts'

const [first, second] = [await makeSigner('first'), await makeSigner('second')]
const NOW = 1_800_000_000_000
const MINUTE = 60_000

const naming = (kid: string): JwsHeader => ({ alg: 'EdDSA', kid, typ: 'JWT', cty: undefined })
const FIRST = naming('first')

let idp: StartedIssuer
let upstreams: ConnectionPool
let keys: IssuerKeys
let limits: { bytesMax: number; msMax: number }
const log: string[] = []
const logger = pino({}, { write: (line: string) => log.push(line) })

beforeEach(async () => {
  idp = await startIssuer(first.publicJwk)
  upstreams = new ConnectionPool(new AddressSet(['127.0.0.0/8']))
  limits = { bytesMax: 4096, msMax: 10_000 }
  keys = new IssuerKeys({ requester: upstreams, logger, fetchLimits: limits })
})
afterEach(async () => {
  await upstreams.destroy()
  await idp[Symbol.asyncDispose]()
})

/** The `kid` of each key returned for a token. */
async function given(header: JwsHeader, nowMs: number): Promise<(string | undefined)[]> {
  const { keys: set } = await keys.keysFor(issuer({ jwksUrl: idp.jwksUrl }), header, nowMs)
  return set.keys.map(({ kid }) => kid)
}

const unavailable = expect.objectContaining({ code: 'unavailable' }) as unknown

describe('The keys that an issuer publishes', () => {
  test('are fetched once for concurrent requests, and cached', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => given(FIRST, NOW)))
    expect(all.every(([kid]) => kid === 'first')).toBe(true)
    await given(FIRST, NOW + 10 * MINUTE - 1)
    expect(idp.requests).toBe(1)
  })

  test('are refreshed in the background when they are ten minutes old', async () => {
    await given(FIRST, NOW)
    idp.publish(first.publicJwk, second.publicJwk)
    expect(await given(FIRST, NOW + 10 * MINUTE)).toEqual(['first'])
    await eventually(async () => {
      expect(await given(FIRST, NOW + 10 * MINUTE)).toEqual(['first', 'second'])
    })
    expect(idp.requests).toBe(2)
  })

  test('are fetched once in 30 s for any number of tokens with unknown keys', async () => {
    await given(FIRST, NOW)
    const storm = (nowMs: number) =>
      Promise.all(Array.from({ length: 100 }, (_, index) => given(naming(`unknown-${index}`), nowMs)))
    await storm(NOW + 29_999)
    expect(idp.requests).toBe(1)
    await storm(NOW + 30_000)
    await storm(NOW + 59_999)
    expect(idp.requests).toBe(2)
  })

  test('are awaited by a limited number of requests', async () => {
    const held = Promise.withResolvers<ServerResponse>()
    idp.answerWith(held.resolve)
    const asked = Array.from({ length: 1100 }, () => given(FIRST, NOW))
    const outcomes = Promise.allSettled(asked)
    const response = await held.promise
    response.end(JSON.stringify({ keys: [first.publicJwk] }))
    const rejected = (await outcomes).filter((each) => each.status === 'rejected')
    expect(rejected).toHaveLength(1100 - 1024)
    expect(rejected[0]?.reason).toEqual(unavailable)
    expect(await given(FIRST, NOW)).toEqual(['first'])
    // Those who have waited make room for others.
    idp.publish(first.publicJwk)
    expect(await given(naming('second'), NOW + 30_000)).toEqual(['first'])
    expect(idp.requests).toBe(2)
  })

  test('are refreshed when a token names a new key', async () => {
    await given(FIRST, NOW)
    idp.publish(second.publicJwk)
    expect(await given(naming('second'), NOW + 30_000)).toEqual(['second'])
  })

  test('stay in use while the issuer is down, with at most one fetch every 10 s', async () => {
    await given(FIRST, NOW)
    idp.answerWith((response) => response.writeHead(500).end())
    const later = NOW + 365 * 24 * 60 * MINUTE
    for (const nowMs of [later, later, later + 9_999]) expect(await given(FIRST, nowMs)).toEqual(['first'])
    await eventually(() => expect(log.at(-1)).toContain('status 500, expected 200'))
    expect(idp.requests).toBe(2)
    await given(FIRST, later + 10_000)
    await eventually(() => expect(idp.requests).toBe(3))
  })

  test('do not make a token invalid while the issuer is down and may have replaced them', async () => {
    await given(FIRST, NOW)
    idp.answerWith((response) => response.destroy())
    await expect(given(naming('second'), NOW + 30_000)).rejects.toEqual(unavailable)
    // The issuer is not asked again at once.
    await expect(given(naming('second'), NOW + 39_999)).rejects.toEqual(unavailable)
    expect(idp.requests).toBe(2)
    expect(await given(FIRST, NOW + 39_999)).toEqual(['first'])
    idp.publish(second.publicJwk)
    expect(await given(naming('second'), NOW + 40_000)).toEqual(['second'])
  })

  test('can all be withdrawn', async () => {
    await given(FIRST, NOW)
    idp.publish()
    await given(FIRST, NOW + 10 * MINUTE)
    await eventually(async () => expect(await given(FIRST, NOW + 10 * MINUTE)).toEqual([]))
  })

  test.each<[string, (issuing: StartedIssuer) => void]>([
    ['closes the connection', (each) => each.answerWith((response) => response.destroy())],
    ['never responds', (each) => each.answerWith(() => undefined)],
    ['never ends its response', (each) => each.answerWith((response) => response.write('{"keys":['))],
    [
      'responds with 404',
      (each) => each.answerWith((response) => response.writeHead(404).end('{"keys":[]}')),
    ],
    [
      'redirects',
      (each) =>
        each.answerWith((response) => {
          each.publish(first.publicJwk)
          response.writeHead(302, { location: each.jwksUrl }).end()
        }),
    ],
    ['responds with too large a body', (each) => each.publish(first.publicJwk, 'x'.repeat(4096))],
    ['responds without JSON', (each) => each.answerWith((response) => response.end('<html>'))],
    ['repeats a name', (each) => each.answerWith((response) => response.end('{"keys":[],"keys":[]}'))],
    ['responds without a JWK Set', (each) => each.answerWith((response) => response.end('{"key":[]}'))],
    ['responds with an array', (each) => each.answerWith((response) => response.end('[]'))],
  ])('are unavailable while the issuer %s', async (name, answer) => {
    answer(idp)
    if (name.startsWith('never')) limits.msMax = 50
    await expect(given(FIRST, NOW)).rejects.toEqual(unavailable)
    await expect(given(FIRST, NOW + 9_999)).rejects.toEqual(unavailable)
    expect(idp.requests).toBeLessThanOrEqual(1)
    limits.msMax = 10_000
    idp.publish(first.publicJwk)
    expect(await given(FIRST, NOW + 10_000)).toEqual(['first'])
  })

  test('are not fetched from a forbidden address', async () => {
    const strict = new ConnectionPool(new AddressSet([]))
    keys = new IssuerKeys({ requester: strict, logger })
    await expect(given(FIRST, NOW)).rejects.toEqual(unavailable)
    expect(idp.requests).toBe(0)
    await strict.destroy()
  })

  test('are fetched again if other issuers were used more recently than the cache has room for', async () => {
    keys = new IssuerKeys({ requester: upstreams, logger, remoteSetsMax: 2 })
    const from = async (path: string): Promise<number> => {
      const before = idp.requests
      await keys.keysFor(issuer({ jwksUrl: `${idp.url}/${path}` }), FIRST, NOW)
      return idp.requests - before
    }
    expect([await from('a'), await from('b'), await from('a'), await from('c')]).toEqual([1, 1, 0, 1])
    expect([await from('a'), await from('b')]).toEqual([0, 1])
  })

  test("are fetched with the connections of the issuer's organization", async () => {
    let origins = 0
    const isTaken = (): boolean => {
      origins += 1
      const tenant = { organization: 'acme', pipeline: `p${origins}` }
      return (
        upstreams.acquire(`http://${origins}.example`, tenant, { onTurn() {}, onRefused() {} }) !== undefined
      )
    }
    while (isTaken());
    const from = (organization: string): Promise<unknown> =>
      keys.keysFor(issuer({ organization, jwksUrl: `${idp.url}/${organization}` }), FIRST, NOW)
    await expect(from('acme')).rejects.toEqual(unavailable)
    expect(await from('globex')).toMatchObject({ keys: { keys: [{ kid: 'first' }] } })
  })

  test('are reported as fresh for ten minutes', async () => {
    const areFresh = async (nowMs: number): Promise<boolean> =>
      (await keys.keysFor(issuer({ jwksUrl: idp.jwksUrl }), FIRST, nowMs)).areFresh
    await given(FIRST, NOW)
    idp.answerWith(() => undefined)
    expect([await areFresh(NOW + 10 * MINUTE - 1), await areFresh(NOW + 10 * MINUTE)]).toEqual([true, false])
  })

  test.each(['[]', '{"key":[]}', '{"keys":{}}'])(
    'in the document %s are logged with its URL',
    async (document) => {
      idp.answerWith((response) => response.end(document))
      await expect(given(FIRST, NOW)).rejects.toEqual(unavailable)
      expect(JSON.parse(log.at(-1) ?? '')).toMatchObject({
        msg: "an issuer's keys cannot be fetched",
        jwksUrl: idp.jwksUrl,
        err: { message: 'the document is not a JWK Set' },
      })
    },
  )

  test("survive a change of the issuer's record", async () => {
    await given(FIRST, NOW)
    idp.answerWith((response) => response.destroy())
    const record = issuer({ id: 'iss_2', audiences: ['invoices'], jwksUrl: idp.jwksUrl })
    expect((await keys.keysFor(record, FIRST, NOW + 1)).keys.keys).toHaveLength(1)
  })
})

test('Pasted keys are used without a fetch', async () => {
  const record = issuer({ jwks: { keys: [first.publicJwk] } })
  const [one, other] = await Promise.all([keys.keysFor(record, FIRST, NOW), keys.keysFor(record, FIRST, NOW)])
  expect(one.keys).toBe(other.keys)
  expect(one).toMatchObject({ areFresh: true, keys: { keys: [{ kid: 'first' }] } })
})

test('An issuer without keys has none', async () => {
  const { keys: none } = await keys.keysFor(issuer({}), FIRST, NOW)
  expect(none).toEqual({ keys: [], problems: [] })
})
