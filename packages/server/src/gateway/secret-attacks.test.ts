import type { DeploymentRecord } from '@sallyport/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RawConnection } from './testing/raw-connection.ts'
import { RecordingUpstream, type RecordedRequest } from './testing/recording-upstream.ts'
import {
  ACME,
  deployment,
  OPEN,
  proxyTo,
  secret,
  startWith,
  type StartedGateway,
} from './testing/started-gateway.ts'

/* Attacks through secret values that a template inserts. The tests check the bytes that the upstream receives. */

let upstream: RecordingUpstream
let started: StartedGateway

beforeAll(async () => {
  upstream = await RecordingUpstream.start()
  started = await startWith(ACME)
})

afterAll(async () => {
  await started[Symbol.asyncDispose]()
  await upstream[Symbol.asyncDispose]()
})

/** A pipeline with this upstream path and query, and optional headers. */
function pipeline(path: string, target: string, header?: string): DeploymentRecord {
  const headers: Record<string, string> = header === undefined ? {} : { 'X-Place': header }
  return deployment(
    { paths: [path], authentication: OPEN },
    proxyTo(`http://127.0.0.1:${upstream.port}${target}`, { headers }),
  )
}

async function send(path: string): Promise<{ status: number; requests: RecordedRequest[] }> {
  const text = await RawConnection.exchange(
    started.gateway.port,
    `GET /acme/prod${path} HTTP/1.1\r\nHost: api\r\nConnection: close\r\n\r\n`,
  )
  return { status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1]), requests: upstream.take() }
}

describe('A secret', () => {
  /** Sends a request through a pipeline with a placeholder for this secret. */
  async function withSecret(
    value: string | null,
    target: string,
    header?: string,
  ): Promise<{ status: number; request: RecordedRequest | undefined; log: string }> {
    const secrets = value === null ? [] : [secret('TOKEN', value)]
    await started.load([...ACME, ...secrets, pipeline('/secret/:id', target, header)])
    const before = started.log.length
    const { status, requests } = await send('/secret/7')
    expect(requests.length).toBe(status === 200 ? 1 : 0)
    return { status, request: requests[0], log: started.log.slice(before).join('') }
  }

  test.each([
    ['plain-1._~', 'plain-1._~'],
    ['a/b', 'a%2Fb'],
    ['//evil.example', '%2F%2Fevil.example'],
    ['http://evil.example/?a#b', 'http%3A%2F%2Fevil.example%2F%3Fa%23b'],
    ['a?b=c&d#e', 'a%3Fb%3Dc%26d%23e'],
    ['@evil.example:80', '%40evil.example%3A80'],
    ['a\r\nX-Evil: 1', 'a%0D%0AX-Evil%3A%201'],
    ['a\0', 'a%00'],
    ["!'()*", '%21%27%28%29%2A'],
    ['{id}{*}', '%7Bid%7D%7B%2A%7D'],
    ['\u00fc\uff0f', '%C3%BC%EF%BC%8F'],
  ])('%j is %s in a path and in a query', async (value, encoded) => {
    const inPath = await withSecret(value, '/k/{secrets.TOKEN}/{id}')
    expect([inPath.status, inPath.request?.line]).toEqual([200, `GET /k/${encoded}/7 HTTP/1.1`])
    const inQuery = await withSecret(value, '/{id}?k={secrets.TOKEN}&l=1')
    expect([inQuery.status, inQuery.request?.line]).toEqual([200, `GET /7?k=${encoded}&l=1 HTTP/1.1`])
  })

  test.each(['abc', 'a b "c"', '{id}', 'a%0d%0ab', '\\'])('%j is unchanged in a header', async (value) => {
    const { status, request } = await withSecret(value, '/', 'Bearer {secrets.TOKEN} {id}')
    expect(status).toBe(200)
    expect(request?.headers).toContain(`X-Place: Bearer ${value} 7`)
  })

  test.each([
    ['does not exist', null, '/k/{secrets.TOKEN}', undefined],
    ['does not exist', null, '/?k={secrets.TOKEN}', undefined],
    ['does not exist', null, '/', '{secrets.TOKEN}'],
    ['would be an empty segment', '', '/k/{secrets.TOKEN}', undefined],
    ['would be a dot segment', '..', '/k/{secrets.TOKEN}', undefined],
    ['would be a dot segment', '.', '/k/{secrets.TOKEN}', undefined],
    ['would be a dot segment after decoding a slash', 'hidden/../part', '/k/{secrets.TOKEN}', undefined],
    ['would be a dot segment after Unicode normalization', '\uff0e\uff0e', '/k/{secrets.TOKEN}', undefined],
    ['would add a header', 'hidden\r\nX-Evil: 1', '/', '{secrets.TOKEN}'],
    ['would add a header', 'hidden\nX-Evil: 1', '/', '{secrets.TOKEN}'],
    ['would end a C string', 'hidden\0', '/', '{secrets.TOKEN}'],
    ['is not ASCII', 'hidden\u00fc', '/', '{secrets.TOKEN}'],
    ['is empty', '', '/', 'Bearer {secrets.TOKEN}'],
  ])('that %s gives 500, and the log names it', async (_, value, target, header) => {
    const { status, log } = await withSecret(value, target, header)
    expect(status).toBe(500)
    expect(log).toContain('"secretName":"TOKEN"')
    expect(log).not.toContain('hidden')
  })

  test('that was sealed for another context cannot be decrypted', async () => {
    const moved = { ...secret('TOKEN', 'hidden'), id: 'sec_other' }
    await started.load([...ACME, moved, pipeline('/secret/:id', '/', '{secrets.TOKEN}')])
    const { status, requests } = await send('/secret/7')
    expect([status, requests]).toEqual([500, []])
  })

  test('is not available in another environment', async () => {
    const other = { ...secret('TOKEN', 'hidden'), environment: 'test' }
    await started.load([...ACME, other, pipeline('/secret/:id', '/', '{secrets.TOKEN}')])
    expect((await send('/secret/7')).status).toBe(500)
  })

  test('has its new value right after a change', async () => {
    for (const value of ['one', 'two']) {
      const { request } = await withSecret(value, '/', '{secrets.TOKEN}')
      expect(request?.headers).toContain(`X-Place: ${value}`)
    }
  })

  test("does not turn a caller's error into a server error", async () => {
    await started.load([...ACME, secret('TOKEN', 'fine'), pipeline('/secret/*', '/{*}', '{secrets.TOKEN}')])
    const { status, requests } = await send('/secret//evil.example')
    expect([status, requests]).toEqual([400, []])
  })
})
