import { describe, expect, test } from 'vitest'
import { appendTrace, Tracing, type TracingOptions } from './request-trace.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'

function tracing(options: Partial<TracingOptions> = {}): Tracing {
  return new Tracing({
    sampler: { followsParent: true, ratio: 1 },
    spansPerSecondMax: null,
    monotonicMs: () => 0,
    ...options,
  })
}

const parent = (flags: string): { traceparent: string } => ({ traceparent: `00-${TRACE}-${SPAN}-${flags}` })
const trusted = (): boolean => true
const untrusted = (): boolean => false

/** The headers that an upstream gets. */
function sent(headers: Record<string, string>, isTrusted = untrusted, options: Partial<TracingOptions> = {}) {
  const list: string[] = []
  appendTrace(list, tracing(options).begin(headers, isTrusted))
  const [, traceparent = '', ...rest] = list
  const [version, traceId, spanId, flags] = traceparent.split('-')
  return { version, traceId, spanId, flags, rest }
}

describe('an upstream gets', () => {
  test('the trace and the list of the caller, with a span of its own as the parent', () => {
    const { version, traceId, spanId, flags, rest } = sent({ ...parent('01'), tracestate: 'a=1, b=2' })
    expect({ version, traceId, flags, rest }).toEqual({
      version: '00',
      traceId: TRACE,
      flags: '01',
      rest: ['tracestate', 'a=1,b=2'],
    })
    expect(spanId).toMatch(/^[0-9a-f]{16}$/)
    expect(spanId).not.toBe(SPAN)
  })

  test.each([
    ['none', {}],
    ['a malformed one', { traceparent: `00-${TRACE}-${SPAN}-0`, tracestate: 'a=1' }],
    ['a list alone', { tracestate: 'a=1' }],
  ])('a new random trace if the caller has %s', (_name, headers) => {
    const { traceId, spanId, flags, rest } = sent(headers)
    expect(traceId).toMatch(/^[0-9a-f]{32}$/)
    expect(traceId).not.toBe(TRACE)
    expect(spanId).toMatch(/^[0-9a-f]{16}$/)
    expect({ flags, rest }).toEqual({ flags: '03', rest: [] })
  })
})

test('ids differ, also beyond the random bytes of one draw', () => {
  const one = tracing()
  const spans = Array.from({ length: 2000 }, () => one.fresh())
  expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(2000)
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(2000)
})

describe('a trace is sampled', () => {
  const RATIO = { followsParent: true, ratio: 0.25 }
  test.each([
    // [caller's flags, sampler, random number, sent by a trusted proxy, then by another caller]
    ['01', RATIO, 0.24, '01', '01'],
    ['01', RATIO, 0.25, '01', '00'],
    ['00', RATIO, 0.24, '00', '00'],
    ['01', { followsParent: true, ratio: 0 }, 0, '01', '00'],
    ['00', { followsParent: true, ratio: 1 }, 0, '00', '00'],
    ['02', { followsParent: true, ratio: 1 }, 0, '02', '02'],
    ['03', RATIO, 0.9, '03', '02'],
    ['00', { followsParent: false, ratio: 1 }, 0, '01', '01'],
    ['01', { followsParent: false, ratio: 0 }, 0, '00', '00'],
  ])('with the flags %s and %o at %d: %s from a trusted proxy, %s from another', (...row) => {
    const [flags, sampler, random, fromProxy, fromOther] = row
    const options = { sampler, random: () => random }
    expect(sent(parent(flags), trusted, options).flags).toBe(fromProxy)
    expect(sent(parent(flags), untrusted, options).flags).toBe(fromOther)
  })

  test.each([
    [0.24, '03'],
    [0.25, '02'],
  ])('without a caller by the ratio, at %d: %s', (random, flags) => {
    expect(sent({}, untrusted, { sampler: RATIO, random: () => random }).flags).toBe(flags)
  })
})

describe('a span is recorded', () => {
  test('never without an export', () => {
    expect(tracing().begin(parent('01'), trusted).isRecorded).toBe(false)
  })

  test('within the budget of a second, whatever callers ask for', () => {
    let nowMs = 0
    const one = tracing({ spansPerSecondMax: 3, monotonicMs: () => nowMs })
    const recorded = (): boolean[] =>
      Array.from({ length: 5 }, () => one.begin(parent('01'), trusted)).map(({ isRecorded }) => isRecorded)
    expect(recorded()).toEqual([true, true, true, false, false])
    nowMs += 1000 / 3
    expect(recorded()).toEqual([true, false, false, false, false])
    nowMs += 60_000
    expect(recorded()).toEqual([true, true, true, false, false])
  })

  test('exactly if upstreams are told so', () => {
    const one = tracing({ spansPerSecondMax: 1 })
    const spans = [one.begin(parent('01'), trusted), one.begin(parent('01'), trusted)]
    expect(spans.map(({ flags, isRecorded }) => [flags, isRecorded])).toEqual([
      [1, true],
      [0, false],
    ])
  })

  test('not for a trace that is not sampled, which takes nothing of the budget', () => {
    const one = tracing({ spansPerSecondMax: 1 })
    expect(one.begin(parent('00'), trusted).isRecorded).toBe(false)
    expect(one.begin(parent('01'), trusted).isRecorded).toBe(true)
  })
})
