import { expect, test } from 'vitest'
import { parseRequest } from '../requests/request-problems.ts'
import { pipelineSpec } from './pipeline-spec.ts'

const URL = 'https://orders.example.com'

function parsed(correlationHeader: unknown, trigger: object = {}, step: object = { proxy: { url: URL } }) {
  return parseRequest(pipelineSpec, {
    trigger: { kind: 'http', correlationHeader, ...trigger },
    steps: [step],
  })
}

test.each([
  'X-Correlation-ID',
  'correlation-id',
  'Request-Id',
  'X-Trace-Id',
  'x-correlation',
  'Kong-Request-ID',
])('%s can carry the id of a request', (name) => {
  expect(parsed(name)).toMatchObject({
    ok: true,
    value: { trigger: { correlationHeader: name.toLowerCase() } },
  })
})

test('a spec without one has none', () => {
  const found = parsed(undefined)
  expect(found.ok && 'correlationHeader' in found.value.trigger).toBe(false)
})

test.each<[string, RegExp]>([
  ['x-request-id', /in any case/],
  ['', /^Use a name such as X-Correlation-ID/],
  ['id', /^Use a name/],
  ['-id', /^Use a name/],
  ['x-correlation_id', /^Use a name/],
  ['x correlation-id', /^Use a name/],
  [`x-${'a'.repeat(60)}-id`, /^Use a name/],
  ['set-cookie', /^Use a name/],
  ['connection', /^Use a name/],
  ['content-length', /^Use a name/],
  ['x-forwarded-for', /^Use a name/],
  ['traceparent', /^Use a name/],
  ['authorization', /^Use a name/],
  ['x-sallyport-id', /another meaning/],
  ['X-Consumer-Id', /another meaning/],
  ['x-ms-client-principal-id', /another meaning/],
  ['oidc-user-id', /another meaning/],
  ['last-event-id', /another meaning/],
])('%s cannot', (name, message) => {
  expect(parsed(name)).toMatchObject({
    ok: false,
    problems: [{ path: '/trigger/correlationHeader', message: expect.stringMatching(message) as string }],
  })
})

const NAME = 'X-Correlation-ID'

test.each<[object, object | undefined, string]>([
  [{ responseHeaders: { 'X-Correlation-Id': 'a' } }, undefined, '/trigger/responseHeaders/x-correlation-id'],
  [{}, { proxy: { url: URL, headers: { [NAME]: 'a' } } }, '/steps/0/proxy/headers/x-correlation-id'],
  [{}, { proxy: { url: URL, headers: { [NAME]: null } } }, '/steps/0/proxy/headers/x-correlation-id'],
  [{}, { call: { url: URL, headers: { [NAME]: 'a' } } }, '/steps/0/call/headers/x-correlation-id'],
  [
    {},
    { proxy: { url: URL, responseHeaders: { [NAME]: 'a' } } },
    '/steps/0/proxy/responseHeaders/x-correlation-id',
  ],
  [{}, { proxy: { url: URL, cache: { headers: ['accept', NAME] } } }, '/steps/0/proxy/cache/headers/1'],
  [{}, { proxy: { url: URL, headers: { 'x-a': { from: NAME } } } }, '/steps/0/proxy/headers/x-a/from'],
  [
    {},
    { proxy: { url: URL, headers: { 'x-a': { from: 'x_correlation_id' } } } },
    '/steps/0/proxy/headers/x-a/from',
  ],
  [
    {},
    { proxy: { url: URL, headers: { x_Correlation_id: 'a' } } },
    '/steps/0/proxy/headers/x_correlation_id',
  ],
  [{}, { proxy: { url: URL, cache: { headers: ['x_correlation_id'] } } }, '/steps/0/proxy/cache/headers/0'],
])('another rule for the same header is refused: %j %j', (trigger, step, path) => {
  expect(parsed(NAME, trigger, step)).toEqual({
    ok: false,
    problems: [{ path, message: expect.stringContaining('as `correlationHeader` says') as string }],
  })
  expect(parsed('x-other-id', trigger, step).ok).toBe(true)
})

test('a schedule has none', () => {
  const trigger = { kind: 'schedule', schedule: '@daily', correlationHeader: NAME }
  expect(parseRequest(pipelineSpec, { trigger, steps: [{ call: { url: URL } }] }).ok).toBe(false)
})
