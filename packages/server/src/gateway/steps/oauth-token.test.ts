import type { IncomingMessage, ServerResponse } from 'node:http'
import { request as send } from 'node:http'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { startEchoUpstream, startUpstream } from '../../../../../test/support/upstream.ts'
import { callTo, pipeline, respondWith, tokenFrom, transform } from '../testing/step-fixtures.ts'
import { ACME, proxyTo, secret, startWith } from '../testing/started-gateway.ts'

const BEARER = { authorization: 'Bearer {oauth.token}' }
const SECRET = 's3cr3t:%+'

interface Asked {
  readonly authorization: string | undefined
  readonly headers: readonly string[]
  readonly body: string
}

/** What the authorization server was asked. */
let asked: Asked[] = []
let answer: (response: ServerResponse, request: IncomingMessage) => void
const json = { 'content-type': 'application/json' }
const tokens = (fields: object = {}): void => {
  answer = (response) => {
    const body = { access_token: `token-${asked.length}`, token_type: 'Bearer', expires_in: 3600, ...fields }
    response.writeHead(200, json).end(JSON.stringify(body))
  }
}

const authority = await startUpstream((request, response) => {
  let body = ''
  request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
  request.on('end', () => {
    asked.push({ authorization: request.headers.authorization, headers: request.rawHeaders, body })
    answer(response, request)
  })
})
const echo = await startEchoUpstream()
/** Answers as the path says, and reports the bytes of a body as they arrive. */
let arrived = Promise.withResolvers<string>()
const upstream = await startUpstream((request, response) => {
  request.once('data', (chunk: Buffer) => arrived.resolve(String(chunk)))
  request.on('end', () => response.writeHead(Number(request.url?.slice(1))).end('done'))
})

let nowMs = 0
const url = `${authority.url}/token`
const get = (fields: Parameters<typeof tokenFrom>[1] = {}): ReturnType<typeof tokenFrom> =>
  tokenFrom(url, fields)
const records = [
  pipeline('call', [get(), callTo(`${echo.url}/up`, { headers: BEARER })]),
  pipeline('again', [get(), callTo(`${echo.url}/up`, { headers: BEARER })]),
  pipeline('proxy', [get(), proxyTo(`${echo.url}/up`, { headers: BEARER })]),
  pipeline('status-200', [get(), proxyTo(`${upstream.url}/200`, { headers: BEARER })]),
  pipeline('status-401', [get(), proxyTo(`${upstream.url}/401`, { headers: BEARER })]),
  pipeline('call-401', [get(), callTo(`${upstream.url}/401`, { headers: BEARER })]),
  pipeline('message', [get(), transform({ body: '$string($)' })]),
  pipeline('body', [
    get({ authentication: 'body', scopes: ['a', 'b:c'], audience: 'https://orders.example.com/?a=b' }),
    callTo(`${echo.url}/up`, { headers: BEARER }),
  ]),
  pipeline('hasty', [get({ timeoutMs: 300, audience: 'hasty' }), respondWith()]),
  pipeline('two', [
    get(),
    get({ audience: 'other' }),
    callTo(`${echo.url}/up`, { headers: { a: '{oauth.token}' } }),
  ]),
  pipeline('no-secret', [get({ clientSecret: '{secrets.NONE}' }), respondWith()]),
  pipeline('private', [tokenFrom('http://10.1.2.3/token'), respondWith()]),
]
const started = await startWith([...ACME, secret('SECRET', SECRET), ...records], { monotonicMs: () => nowMs })
afterAll(async () => {
  await started[Symbol.asyncDispose]()
  await authority[Symbol.asyncDispose]()
  await echo[Symbol.asyncDispose]()
  await upstream[Symbol.asyncDispose]()
})
beforeEach(() => {
  // Older than any token.
  nowMs += 48 * 3_600_000
  asked = []
  tokens()
})

async function call(path: string, init: RequestInit = {}): Promise<Response> {
  return await fetch(`${started.url}/acme/prod/${path}`, init)
}

async function sentBy(path: string): Promise<string | undefined> {
  const { headers } = (await (await call(path)).json()) as { headers: Record<string, string> }
  return headers['authorization']
}

describe('The token endpoint', () => {
  test('gets the credentials in a header, and nothing of the caller', async () => {
    expect(await (await call('call', { headers: { 'x-own': '1' } })).json()).toMatchObject({
      headers: { authorization: 'Bearer token-1' },
    })
    const [first] = asked
    const [scheme, credentials = ''] = (first?.authorization ?? '').split(' ')
    expect([scheme, Buffer.from(credentials, 'base64').toString()]).toEqual(['Basic', 'me:s3cr3t%3A%25%2B'])
    expect(first?.body).toBe('grant_type=client_credentials')
    const names = first?.headers.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase())
    expect(names?.toSorted()).toEqual([
      'accept',
      'accept-encoding',
      'authorization',
      'connection',
      'content-length',
      'content-type',
      'host',
      'user-agent',
    ])
  })

  test('gets the credentials in the form, with scopes and audience', async () => {
    expect(await sentBy('body')).toBe('Bearer token-1')
    expect(asked[0]?.authorization).toBeUndefined()
    expect(Object.fromEntries(new URLSearchParams(asked[0]?.body))).toEqual({
      grant_type: 'client_credentials',
      scope: 'a b:c',
      audience: 'https://orders.example.com/?a=b',
      client_id: 'me',
      client_secret: SECRET,
    })
  })
})

describe('A token', () => {
  test('is shared by the requests and pipelines of an environment until shortly before it expires', async () => {
    expect([await sentBy('call'), await sentBy('again'), await sentBy('proxy')]).toEqual(
      Array(3).fill('Bearer token-1'),
    )
    nowMs += 3_569_999
    expect(await sentBy('call')).toBe('Bearer token-1')
    nowMs += 1
    expect(await sentBy('call')).toBe('Bearer token-2')
  })

  test('is asked for once by many requests at the same time', async () => {
    const waiting = Promise.withResolvers<() => void>()
    answer = (response) => {
      waiting.resolve(() => {
        response.writeHead(200, json).end('{"access_token":"one","token_type":"bearer","expires_in":"60"}')
      })
    }
    const all = Array.from({ length: 20 }, async () => await sentBy('call'))
    const respond = await waiting.promise
    respond()
    expect(new Set(await Promise.all(all))).toEqual(new Set(['Bearer one']))
    expect(asked.length).toBe(1)
  })

  test.each([
    [{ expires_in: 20 }, 9_999, 10_000],
    [{ expires_in: undefined }, 29_999, 30_000],
    [{ expires_in: 1e12 }, 24 * 3_600_000 - 30_001, 24 * 3_600_000 - 30_000],
  ])('with %j is used for %i ms and not for %i ms', async (fields, untilMs, endMs) => {
    tokens(fields)
    await sentBy('call')
    nowMs += untilMs
    expect(await sentBy('call')).toBe('Bearer token-1')
    nowMs += endMs - untilMs
    expect(await sentBy('call')).toBe('Bearer token-2')
  })

  test.each([0, -1, '-5', 'soon', {}])('that expires in %j is used by its request alone', async (seconds) => {
    tokens({ expires_in: seconds })
    expect([await sentBy('call'), await sentBy('call')]).toEqual(['Bearer token-1', 'Bearer token-2'])
  })

  test('follows a changed secret at once', async () => {
    expect(await sentBy('call')).toBe('Bearer token-1')
    started.apply([secret('SECRET', 'other')])
    expect(await sentBy('call')).toBe('Bearer token-2')
    started.apply([secret('SECRET', SECRET)])
  })

  test('of the last step counts', async () => {
    const { headers } = (await (await call('two')).json()) as { headers: Record<string, string> }
    expect([headers['a'], asked.length]).toEqual(['token-2', 2])
  })

  test('is no part of the message', async () => {
    const text = await (await call('message')).text()
    expect(text).toContain('"method')
    expect(text).not.toContain('token-1')
  })

  test.each(['status-401', 'call-401'])(
    'that the upstream of %s refuses is replaced if it is old',
    async (name) => {
      await call(name)
      await call(name)
      expect(asked.length).toBe(1)
      nowMs += 10_000
      expect((await call(name)).status).toBe(401)
      expect(asked.length).toBe(1)
      expect(await sentBy('call')).toBe('Bearer token-2')
      await call(name)
      expect(asked.length).toBe(2)
    },
  )

  test('leaves the body of a request to stream to its proxy', async () => {
    arrived = Promise.withResolvers()
    const request = send(`${started.url}/acme/prod/status-200`, { method: 'POST' })
    const response = new Promise<number | undefined>((resolve) => {
      request.on('response', (message) => resolve(message.resume().statusCode))
    })
    request.write('first')
    expect(await arrived.promise).toBe('first')
    request.end('rest')
    expect(await response).toBe(200)
  })
})

describe('Without a token', () => {
  const GOOD = { access_token: 'leaked-token', token_type: 'Bearer' }
  test.each<[string, (response: ServerResponse) => unknown]>([
    ['401', (to) => to.writeHead(401, json).end('{"error":"invalid_client","error_description":"leaked"}')],
    ['redirect', (to) => to.writeHead(302, { location: `${echo.url}/` }).end()],
    ['201', (to) => to.writeHead(201, json).end(JSON.stringify(GOOD))],
    ['other type', (to) => to.writeHead(200, { 'content-type': 'text/html' }).end(JSON.stringify(GOOD))],
    ['no JSON', (to) => to.writeHead(200, json).end('{"access_token":"leaked')],
    ['null', (to) => to.writeHead(200, json).end('null')],
    [
      'twice',
      (to) =>
        to.writeHead(200, json).end('{"access_token":"leaked","access_token":"b","token_type":"Bearer"}'),
    ],
    ['mac', (to) => to.writeHead(200, json).end(JSON.stringify({ ...GOOD, token_type: 'mac' }))],
    ['no type', (to) => to.writeHead(200, json).end('{"access_token":"leaked"}')],
    ...['leaked\r\nx-admin: 1', 'leaked one', 'leäked', '', 7, null, 'leaked'.repeat(1400)].map(
      (token): [string, (response: ServerResponse) => unknown] => [
        `token ${String(token).slice(0, 10)}`,
        (to) => to.writeHead(200, json).end(JSON.stringify({ ...GOOD, access_token: token })),
      ],
    ),
    ['large', (to) => to.writeHead(200, json).end(JSON.stringify({ ...GOOD, more: 'x'.repeat(70_000) }))],
    ['reset', (to) => to.destroy()],
  ])(
    'because of %s, the response is 502, and neither it nor the log has a part of it',
    async (_name, respond) => {
      answer = respond
      const before = started.log.length
      for (const path of ['call', 'proxy']) {
        const response = await call(path)
        const text = await response.text()
        expect([response.status, JSON.parse(text)]).toMatchObject([502, { code: 'upstream_failed' }])
        expect(text).not.toMatch(/leaked|s3cr3t/)
      }
      // The failure answers the requests of the next second.
      expect(asked.length).toBe(1)
      const log = started.log.slice(before).join('\n')
      expect(log).toContain('no token for an upstream')
      expect(log).not.toMatch(/leaked|s3cr3t|Basic|leäked/)
      tokens()
      nowMs += 1_000
      expect(await sentBy('call')).toBe('Bearer token-2')
    },
  )

  test('in time, the response is 504, and others still get the token', async () => {
    const waiting = Promise.withResolvers<ServerResponse>()
    answer = (response) => waiting.resolve(response)
    const response = await call('hasty')
    expect([response.status, await response.json()]).toMatchObject([504, { code: 'upstream_timeout' }])
    ;(await waiting.promise).writeHead(200, json).end(JSON.stringify(GOOD))
    expect([(await call('hasty')).status, asked.length]).toEqual([200, 1])
  })

  test('for want of a secret, the response is 500, and the log names the secret', async () => {
    expect((await call('no-secret')).status).toBe(500)
    expect(started.log.at(-1)).toContain('"secretName":"NONE"')
    expect(asked).toEqual([])
  })

  test('from a private address, the response is 502', async () => {
    expect((await call('private')).status).toBe(502)
  })
})
