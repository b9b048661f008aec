import { describe, expect, test } from 'vitest'
import { readTraceContext, traceparentOf } from './trace-context.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'

describe('a traceparent is read', () => {
  test.each([
    ['sampled', `00-${TRACE}-${SPAN}-01`, 1],
    ['not sampled', `00-${TRACE}-${SPAN}-00`, 0],
    ['with a random trace id', `00-${TRACE}-${SPAN}-03`, 3],
    ['with flags of later levels, which are dropped', `00-${TRACE}-${SPAN}-ff`, 3],
    ['of a later version', `cc-${TRACE}-${SPAN}-01`, 1],
    ['of a later version with more members', `cc-${TRACE}-${SPAN}-01-what-comes-later`, 1],
    ['of a later version with an empty member', `cc-${TRACE}-${SPAN}-01-`, 1],
  ])('%s', (_name, header, flags) => {
    expect(readTraceContext(header, undefined)).toEqual({ traceId: TRACE, spanId: SPAN, flags, state: '' })
  })
})

describe('a traceparent is refused', () => {
  test.each([
    ['that is missing', undefined],
    ['that is empty', ''],
    ['with digits in upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['with a trace id of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['with a span id of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['with a short trace id', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['with a long trace id', `00-${TRACE}0-${SPAN}-01`],
    ['with a short span id', `00-${TRACE}-${SPAN.slice(1)}-01`],
    ['with a long span id', `00-${TRACE}-${SPAN}0-01`],
    ['with other characters in the trace id', `00-.${TRACE.slice(1)}-${SPAN}-01`],
    ['with other characters in the flags', `00-${TRACE}-${SPAN}-.0`],
    ['without flags', `00-${TRACE}-${SPAN}`],
    ['with one digit of flags', `00-${TRACE}-${SPAN}-1`],
    ['of the forbidden version', `ff-${TRACE}-${SPAN}-01`],
    ['of version 00 with more members', `00-${TRACE}-${SPAN}-01-more`],
    ['of version 00 with an empty member', `00-${TRACE}-${SPAN}-01-`],
    ['of a later version with more characters', `cc-${TRACE}-${SPAN}-01.more`],
    ['with spaces around it', ` 00-${TRACE}-${SPAN}-01`],
    ['with a line feed', `00-${TRACE}-${SPAN}-01\n`],
    ['that is repeated', `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
    ['that is a list', [`00-${TRACE}-${SPAN}-01`]],
  ])('%s', (_name, header) => {
    expect(readTraceContext(header, 'a=1')).toBeUndefined()
  })
})

describe('a tracestate', () => {
  const stateOf = (tracestate: string | string[] | undefined): string | undefined =>
    readTraceContext(`00-${TRACE}-${SPAN}-01`, tracestate)?.state

  test.each([
    ['one member', 'rojo=00f067aa0ba902b7'],
    ['several members', 'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE'],
    ['a key of a tenant', 'fw529a3039@dt=FfFfFfFf'],
    ['a key of a tenant that begins with a digit', '0fw@dt=1'],
    ['all characters of a key', 'abcdefghijklmnopqrstuvwxyz0123456789_-*/=1'],
    ['a key twice', 'a=1,a=2'],
    ['a value with spaces in it', 'a=b c'],
    ['the longest key', `${'z'.repeat(256)}=1`],
    ['the longest key of a tenant', `${'t'.repeat(241)}@${'v'.repeat(14)}=1`],
    ['the longest value', `a=${'v'.repeat(256)}`],
    ['32 members', Array.from({ length: 32 }, (_, index) => `k${index}=1`).join(',')],
  ])('with %s is passed on', (_name, state) => {
    expect(stateOf(state)).toBe(state)
  })

  test.each([
    ['spaces and tabs', 'a=1 \t,\t b=2', 'a=1,b=2'],
    ['empty members', 'a=1,,b=2,', 'a=1,b=2'],
  ])('loses %s between its members', (_name, state, expected) => {
    expect(stateOf(state)).toBe(expected)
  })

  test('that is repeated is one list', () => {
    expect(stateOf(['a=1', 'b=2'])).toBe('a=1,b=2')
  })

  test.each([
    ['is missing', undefined],
    ['is empty', ''],
    ['has a key in upper case', 'A=1'],
    ['has a key that begins with a digit', '1a=1'],
    ['has no key', '=1'],
    ['has no value', 'a='],
    ['has no equals sign', 'a'],
    ['has two equals signs', 'a=b=c'],
    ['has a character that is not ASCII', 'a=ä'],
    ['has a control character', 'a=b\u0001'],
    ['has a key of two tenants', 'a@b@c=1'],
    ['has a key without a system', 'a@=1'],
    ['has a key that is too long', `${'z'.repeat(257)}=1`],
    ['has a system that is too long', `t@${'v'.repeat(15)}=1`],
    ['has a value that is too long', `a=${'v'.repeat(257)}`],
    ['has 33 members', Array.from({ length: 33 }, (_, index) => `k${index}=1`).join(',')],
    ['is too long', Array.from({ length: 32 }, (_, index) => `k${index}=${'v'.repeat(70)}`).join(',')],
  ])('that %s is dropped, and the trace continues', (_name, state) => {
    expect(stateOf(state)).toBe('')
  })
})

test('a traceparent is written in version 00', () => {
  expect(traceparentOf({ traceId: TRACE, spanId: SPAN, flags: 3 })).toBe(`00-${TRACE}-${SPAN}-03`)
})
