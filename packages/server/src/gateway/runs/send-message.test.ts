import { afterAll, describe, expect, test } from 'vitest'
import { assertThat, pipeline, respondWith, transform } from '../testing/step-fixtures.ts'
import { RawConnection } from '../testing/raw-connection.ts'
import { ACME, startWith } from '../testing/started-gateway.ts'
import type { Step, TransformStep, Trigger } from '@sallyport/core'

const CORS = { origins: ['https://app.example'], headers: [], credentials: false }

/** Sets headers that the trigger sets too, or that are reserved. */
const ALIKE = respondWith({
  headers: {
    'content-type': 'text/plain',
    'X-Team': 'step',
    'x-request-id': 'mine',
    'access-control-allow-origin': '*',
  },
  body: 'hello',
})
const ALIKE_TRIGGER = { responseHeaders: { 'X-Team': 'trigger' }, cors: CORS }

/** The pipelines to test, by name. */
const PIPELINES: Readonly<Record<string, readonly [steps: readonly Step[], trigger?: Partial<Trigger>]>> = {
  object: [[transform({ body: '{"a": [1, 2]}' })]],
  text: [[transform({ body: '"plain"' })]],
  typed: [[transform({ body: '"<a/>"', headers: { 'Content-Type': '"application/xml"' } })]],
  'typed-object': [[transform({ body: '{"a": 1}', headers: { 'content-type': '"text/plain"' } })]],
  nothing: [[transform({ body: 'missing' })]],
  null: [[transform({ body: 'null', status: '202' })]],
  created: [[transform({ body: 'true', status: '200 + 1' })]],
  'no-content': [[transform({ body: 'true', status: '204' })]],
  reset: [[transform({ body: 'true', status: '205' })]],
  cookies: [[transform({ headers: { 'set-cookie': '["a=1", "b=2"]', 'x-count': '3' } })]],
  ours: [
    [
      transform({
        body: '"x"',
        headers: {
          'content-length': '"9"',
          connection: '"close"',
          'x-request-id': '"mine"',
          'x-sallyport-code': '"no"',
        },
      }),
    ],
  ],
  later: [
    [
      transform({ body: '1', headers: { 'x-a': '"1"', 'x-b': '"1"', 'x-c': '"1"' }, status: '201' }),
      transform({ headers: { 'x-a': '"2"', 'x-b': 'missing' } }),
      transform({ body: '{"sees": headers."x-a", "not": headers."x-b", "status": status}' }),
    ],
  ],
  trigger: [
    [transform({ headers: { 'x-team': '"step"', 'access-control-allow-origin': '"*"' } })],
    { responseHeaders: { 'X-Team': 'trigger' }, cors: CORS },
  ],
  respond: [
    [
      transform({ body: '1', status: '201' }),
      respondWith({ status: 418, headers: { 'X-A': 'b' }, body: { c: 1 } }),
    ],
  ],
  'respond-rest': [[transform({ body: '{"d": 1}', status: '201' }), respondWith()]],
  'respond-null': [[transform({ body: '1' }), respondWith({ body: null })]],
  'respond-alone': [[respondWith()]],
  alike: [[ALIKE], ALIKE_TRIGGER],
  'alike-after': [[transform({ body: '1' }), ALIKE], ALIKE_TRIGGER],
  assert: [
    [assertThat('query.x = "1"', { status: 409, code: 'x_unknown', detail: 'Send x.' })],
    { cors: CORS },
  ],
  truthy: [[assertThat('"true"')]],
  unknown: [[assertThat('missing')]],
  'asserts-401': [[assertThat('false', { status: 401, code: 'who' })]],
}

/** Transforms that fail, with the pointer and the reason. */
const FAILURES: readonly (readonly [Partial<TransformStep>, place: string, reason: string])[] = [
  [{ body: '$number("abc")' }, 'body', 'error'],
  [{ body: '$nothing()' }, 'body', 'error'],
  [{ body: '(' }, 'body', 'error'],
  [{ body: '1', headers: { 'x-a': '$number("abc")' } }, 'headers/x-a', 'error'],
  [{ headers: { 'x-a': '"a\\r\\nx-b: c"' } }, 'headers/x-a', 'value'],
  [{ headers: { 'x-a': '"é"' } }, 'headers/x-a', 'value'],
  [{ headers: { 'x-a': '{"a": 1}' } }, 'headers/x-a', 'value'],
  [{ headers: { 'x-a': '[["a"]]' } }, 'headers/x-a', 'value'],
  [{ headers: { 'x-a': 'true' } }, 'headers/x-a', 'value'],
  [{ status: '199' }, 'status', 'value'],
  [{ status: '600' }, 'status', 'value'],
  [{ status: '200.5' }, 'status', 'value'],
  [{ status: '"200"' }, 'status', 'value'],
]

const started = await startWith([
  ...ACME,
  ...Object.entries(PIPELINES).map(([name, [steps, trigger]]) => pipeline(name, steps, trigger)),
  ...FAILURES.map(([fields], index) => pipeline(`fails-${index}`, transform(fields))),
])
afterAll(async () => {
  await started[Symbol.asyncDispose]()
})

async function call(path: string, init: RequestInit = {}): Promise<Response> {
  return await fetch(`${started.url}/acme/prod/${path}`, init)
}

describe('The response', () => {
  test.each<[string, number, string | null, string]>([
    ['object', 200, 'application/json', '{"a":[1,2]}'],
    ['text', 200, 'application/json', '"plain"'],
    ['typed', 200, 'application/xml', '<a/>'],
    ['typed-object', 200, 'text/plain', '{"a":1}'],
    ['nothing', 200, null, ''],
    ['null', 202, null, ''],
    ['created', 201, 'application/json', 'true'],
    ['no-content', 204, null, ''],
    ['reset', 205, null, ''],
    ['respond', 418, 'application/json', '{"c":1}'],
    ['respond-rest', 201, 'application/json', '{"d":1}'],
    ['respond-null', 200, null, ''],
    ['respond-alone', 200, null, ''],
  ])('of %s is %i %s %s', async (name, status, type, text) => {
    const answer = await call(name)
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      status,
      type,
      text,
    ])
    expect(answer.headers.get('content-length')).toBe(status === 204 ? null : String(text.length))
    expect(answer.headers.has('x-request-id')).toBe(true)
  })

  test("has the last value of each header that steps have set, and none of the request's", async () => {
    const answer = await call('later', { headers: { 'x-own': '1', 'x-b': 'mine' } })
    expect(['x-a', 'x-b', 'x-c', 'x-own'].map((name) => answer.headers.get(name))).toEqual([
      '2',
      null,
      '1',
      null,
    ])
    expect(await answer.json()).toEqual({ sees: '2', not: 'mine', status: 201 })
  })

  test.each(['alike', 'alike-after'])(
    'of a respond step is the same alone and after another step: %s',
    async (name) => {
      const answer = await call(name, { headers: { origin: 'https://elsewhere.example.com' } })
      expect([answer.headers.get('x-team'), await answer.text()]).toEqual(['trigger', 'hello'])
      expect(answer.headers.get('x-request-id')).not.toContain('mine')
      expect(answer.headers.has('access-control-allow-origin')).toBe(false)
    },
  )

  test('has a header line for each item of an array', async () => {
    const answer = await call('cookies')
    expect(answer.headers.getSetCookie()).toEqual(['a=1; Path=/acme/prod', 'b=2; Path=/acme/prod'])
    expect(answer.headers.get('x-count')).toBe('3')
  })

  test('keeps reserved headers', async () => {
    const answer = await call('ours')
    expect(await answer.text()).toBe('"x"')
    expect(answer.headers.get('x-request-id')).not.toBe('mine')
    expect(answer.headers.has('x-sallyport-code')).toBe(false)
    expect(answer.headers.get('connection')).toBe('keep-alive')
  })

  test('has the headers and the cross-origin rules of its trigger', async () => {
    const answer = await call('trigger', { headers: { origin: 'https://app.example' } })
    expect(answer.headers.get('x-team')).toBe('trigger')
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example')
  })

  test('to HEAD has the length and no content', async () => {
    const text = await RawConnection.exchange(
      started.gateway.port,
      'HEAD /acme/prod/object HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n',
    )
    expect(text).toContain('content-length: 11\r\n')
    expect(text.endsWith('\r\n\r\n')).toBe(true)
  })
})

describe('An assertion', () => {
  test('that holds passes the message on', async () => {
    expect((await call('assert?x=1')).status).toBe(200)
  })

  test('that does not hold ends with its problem', async () => {
    const answer = await call('assert?x=2', { headers: { origin: 'https://app.example' } })
    expect(answer.status).toBe(409)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(answer.headers.get('x-sallyport-code')).toBe('x_unknown')
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example')
    expect(await answer.json()).toEqual({
      type: 'urn:sallyport:problem:x_unknown',
      title: 'Conflict',
      status: 409,
      detail: 'Send x.',
      code: 'x_unknown',
    })
  })

  test.each(['truthy', 'unknown'])('holds only for true: %s', async (name) => {
    expect((await call(name)).status).toBe(403)
  })

  test('with status 401 has a challenge', async () => {
    const answer = await call('asserts-401')
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="sallyport"'])
  })
})

describe('A step that fails', () => {
  test.each(
    FAILURES.map(([fields, place, reason], index) => [JSON.stringify(fields), place, reason, index] as const),
  )('is reported with its pointer: %s', async (_fields, place, reason, index) => {
    const answer = await call(`fails-${index}`, { method: 'POST', body: 'secret-value' })
    expect(answer.status).toBe(500)
    expect(await answer.json()).toMatchObject({
      code: 'step_failed',
      place: `/steps/0/transform/${place}`,
      reason,
    })
    const line = started.log.at(-1) ?? ''
    expect(JSON.parse(line)).toMatchObject({
      place: `/steps/0/transform/${place}`,
      reason,
      pipeline: `fails-${index}`,
    })
    expect(line).not.toContain('secret-value')
  })
})
