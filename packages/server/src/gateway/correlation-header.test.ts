import { afterAll, describe, expect, test } from 'vitest'
import { startUpstream } from '../../../../test/support/upstream.ts'
import { callTo, transform } from './testing/step-fixtures.ts'
import { ACME, deployment, makeKey, OPEN, proxyTo, startWith } from './testing/started-gateway.ts'

/** Answers with the ids that it gets, under the headers that it should not decide. */
const upstream = await startUpstream((request, response) => {
  const { rawHeaders } = request
  const lines = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 && /correlation|request.id/i.test(name)
      ? [`${name.toLowerCase()}=${rawHeaders[index + 1]}`]
      : [],
  )
  response
    .writeHead(200, { 'content-type': 'application/json', 'x-correlation-id': 'of-the-upstream' })
    .end(JSON.stringify({ lines }))
})
const key = makeKey()
const named = { authentication: OPEN, correlationHeader: 'x-correlation-id' }
const cors = { origins: ['*'], headers: [], credentials: false }
const started = await startWith(
  [
    ...ACME,
    key.record,
    deployment({ ...named, paths: ['/proxy'], cors }, proxyTo(upstream.url), { pipeline: 'proxy' }),
    deployment(
      { ...named, paths: ['/call'], methods: ['GET'] },
      [
        callTo(upstream.url),
        {
          kind: 'transform',
          body: '{ "lines": body.lines, "seen": headers."x-correlation-id" }',
          headers: { 'x-correlation-id': '"of-the-step"' },
          status: null,
        },
      ],
      { pipeline: 'call' },
    ),
    deployment(
      { ...named, paths: ['/guarded'], authentication: { ...OPEN, apiKey: true } },
      proxyTo(upstream.url),
      {
        pipeline: 'guarded',
      },
    ),
    deployment(
      { ...named, paths: ['/renamed'] },
      proxyTo(upstream.url, {
        headers: {
          'x-request-id-copy': { from: 'x-correlation-id' },
          'x-request-id-other': { from: 'x_correlation_id' },
        },
      }),
      { pipeline: 'renamed' },
    ),
    deployment({ ...named, paths: ['/seen'] }, transform({ body: 'headers' }), { pipeline: 'seen' }),
    deployment({ paths: ['/plain'], authentication: OPEN }, proxyTo(upstream.url), { pipeline: 'plain' }),
    deployment(
      { ...named, paths: ['/failing'] },
      [{ kind: 'assert', that: 'false', status: 418, code: 'no', detail: 'No.' }],
      { pipeline: 'failing' },
    ),
  ],
  { config: { accessLog: 'all' } },
)
afterAll(async () => {
  await started[Symbol.asyncDispose]()
  await upstream[Symbol.asyncDispose]()
})

interface Answered {
  readonly status: number
  readonly ids: readonly (string | null)[]
  readonly body: { readonly lines?: readonly string[]; readonly seen?: string }
}

async function call(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answered> {
  const response = await fetch(`${started.url}/acme/prod${path}`, { headers })
  const ids = ['x-correlation-id', 'x-request-id'].map((name) => response.headers.get(name))
  return { status: response.status, ids, body: (await response.json()) as Answered['body'] }
}

describe.each(['/proxy', '/call'])('With a correlation header, %s', (path) => {
  test('sends the id of the caller under both names, in both directions', async () => {
    const { ids, body } = await call(path, { 'x-correlation-id': 'mine-1' })
    expect(ids).toEqual(['mine-1', 'mine-1'])
    expect(body.lines).toEqual(['x-request-id=mine-1', 'x-correlation-id=mine-1'])
  })

  test('sends an id of its own if the caller has none, or one that could break a log', async () => {
    for (const headers of [{}, { 'x-correlation-id': 'a b' }, { 'x-correlation-id': 'a'.repeat(129) }]) {
      const { ids, body } = await call(path, headers)
      const [id] = ids
      expect(id).toMatch(/^[\w-]{9,}$/)
      expect(ids).toEqual([id, id])
      expect(body.lines).toEqual([`x-request-id=${id}`, `x-correlation-id=${id}`])
    }
  })

  test('takes x-request-id without it, prefers it to that one, and drops what is only read like it', async () => {
    expect((await call(path, { 'x-request-id': 'other' })).ids).toEqual(['other', 'other'])
    const both = await call(path, { 'x-request-id': 'other', 'x-correlation-id': 'mine-2' })
    expect(both.ids).toEqual(['mine-2', 'mine-2'])
    const { body } = await call(path, { x_correlation_id: 'forged' })
    expect(body.lines?.join()).not.toContain('forged')
  })
})

test('steps read the id that counts', async () => {
  expect((await call('/call', { 'x-correlation-id': 'mine-3' })).body.seen).toBe('mine-3')
  const { ids, body } = await call('/call', { 'x-correlation-id': 'a b' })
  expect(body.seen).toBe(ids[0])
})

test('what the caller sends in it passes under no other name', async () => {
  for (const id of ['mine-6', 'a b']) {
    const { ids, body } = await call('/renamed', { 'x-correlation-id': id, x_correlation_id: 'forged' })
    expect(body.lines).toEqual([`x-request-id=${ids[0]}`, `x-correlation-id=${ids[0]}`])
  }
})

test('steps see no header that is only read like it', async () => {
  const { body } = await call('/seen', { x_correlation_id: 'forged', 'x.correlation.id': 'forged' })
  expect(JSON.stringify(body)).not.toContain('forged')
})

test('refusals have it too, and so has the access log under its usual name', async () => {
  expect(await call('/guarded', { 'x-correlation-id': 'mine-4' })).toMatchObject({
    status: 401,
    ids: ['mine-4', 'mine-4'],
  })
  expect(await call('/failing', { 'x-correlation-id': 'mine-5' })).toMatchObject({
    status: 418,
    ids: ['mine-5', 'mine-5'],
  })
  for (const id of ['mine-4', 'mine-5']) {
    expect(started.log.some((line) => line.includes(`"requestId":"${id}"`))).toBe(true)
  }
})

test('pages may send and read it', async () => {
  const preflight = await fetch(`${started.url}/acme/prod/proxy`, {
    method: 'OPTIONS',
    headers: { origin: 'https://a.example', 'access-control-request-method': 'GET' },
  })
  expect(preflight.headers.get('access-control-allow-headers')).toContain('x-correlation-id')
  const answer = await fetch(`${started.url}/acme/prod/proxy`, { headers: { origin: 'https://a.example' } })
  expect(answer.headers.get('access-control-expose-headers')).toContain('x-correlation-id')
  await answer.body?.cancel()
})

test('a pipeline that names no such header passes it on like every other one', async () => {
  const { ids, body } = await call('/plain', { 'x-correlation-id': 'theirs' })
  expect(ids[0]).toBe('of-the-upstream')
  expect(body.lines).toEqual(['x-correlation-id=theirs', `x-request-id=${ids[1]}`])
})
