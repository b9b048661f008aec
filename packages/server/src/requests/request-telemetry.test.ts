import { describe, expect, test } from 'vitest'
import type { RequestTrace } from '../telemetry/tracing/request-trace.ts'
import type { RequestEntry } from './request-entry.ts'
import { requestFacts, requestSpan } from './request-telemetry.ts'
import { endedRequest } from './testing/ended-request.ts'

const TRACE: RequestTrace = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: '00f067aa0ba902b7',
  parentSpanId: null,
  flags: 1,
  state: '',
  isRecorded: true,
}

function entry(facts: Partial<RequestEntry>): RequestEntry {
  return Object.assign(endedRequest(), facts)
}

describe('the outcome and the error of a request', () => {
  test.each<[string, Partial<RequestEntry>, string, string | null]>([
    ['that was let in', {}, 'valid', null],
    ['whose upstream answered 404', { status: 404 }, 'valid', null],
    ['whose upstream answered 500', { status: 500 }, 'valid', '500'],
    ['that was refused', { code: 'key_expired', status: 401 }, 'key_expired', null],
    [
      'whose upstream was too slow',
      { code: 'upstream_timeout', status: 504 },
      'upstream_timeout',
      'upstream_timeout',
    ],
    [
      'whose upstream failed in the middle',
      { code: 'upstream_failed', status: 200, end: 'cut_off' },
      'upstream_failed',
      'upstream_failed',
    ],
    ['that the end of the server cut off', { end: 'cut_off' }, 'valid', 'cut_off'],
    ['that its author refused', { code: 'not_so', status: 403 }, 'asserted', null],
    ['that its author refused with 503', { code: 'not_so', status: 503 }, 'asserted', '503'],
    ['that its author refused by a name of objects', { code: 'constructor', status: 403 }, 'asserted', null],
    ['whose caller left in the middle', { end: 'caller_gone' }, 'valid', null],
    ['whose caller left before the response', { end: 'caller_gone', status: null }, 'caller_gone', null],
    [
      'whose caller left before the decision',
      { code: null, end: 'caller_gone', status: null },
      'caller_gone',
      null,
    ],
    [
      'that asked for the rules of CORS',
      { code: null, undecidedAnswer: 'preflight', status: 204 },
      'preflight',
      null,
    ],
    ['that asked for keys', { code: null, undecidedAnswer: 'jwks' }, 'jwks', null],
  ])('%s', (_name, facts, outcome, errorType) => {
    expect(requestFacts(entry(facts))).toMatchObject({ outcome, errorType })
  })
})

describe('the route of a request', () => {
  test.each([
    ['below its environment', { route: '/orders/:id' }, '/acme/test/orders/:id'],
    ['of another environment', { route: '/orders/:id', environment: 'prod' }, '/acme/prod/orders/:id'],
    [
      'of another organization',
      { route: '/orders/:id', environment: 'prod', organization: 'rival' },
      '/rival/prod/orders/:id',
    ],
    ['of another pattern', { route: '/orders' }, '/acme/test/orders'],
    ['that matched none', { route: '' }, ''],
  ])('%s', (_name, facts, route) => {
    expect(requestFacts(entry(facts)).route).toBe(route)
  })
})

describe('a span', () => {
  const spanOf = (facts: Partial<RequestEntry>) => {
    const one = entry(facts)
    return requestSpan(one, TRACE, requestFacts(one))
  }

  test.each([
    ['with a route', { route: '/orders' }, 'GET /acme/test/orders'],
    ['without a route', {}, 'GET'],
    ['with a method that is not known', { method: 'BREW' }, 'HTTP'],
  ])('%s has a name with few values', (_name, facts, name) => {
    expect(spanOf(facts).name).toBe(name)
  })

  test('has no secret of a request id that is a token', () => {
    const requestId = `sp_sk_${'A'.repeat(16)}_${'b'.repeat(38)}`
    expect(spanOf({ requestId }).attributes['sallyport.request.id']).toBe('sp_sk_AAAAAAAAAAAAAAAA_[redacted]')
  })

  test('names no key and no consumer', () => {
    const span = spanOf({ keyId: 'key_AAAAAAAAAAAAAAAA', consumer: 'con_mobile' })
    expect(JSON.stringify(span)).not.toMatch(/key_A|con_mobile/)
  })

  test('has the time of upstreams in seconds, if there was one', () => {
    expect(spanOf({ upstreamMs: 250 }).attributes['sallyport.upstream.duration']).toBe(0.25)
    expect(spanOf({ upstreamMs: -1 }).attributes).not.toHaveProperty('sallyport.upstream.duration')
  })
})
