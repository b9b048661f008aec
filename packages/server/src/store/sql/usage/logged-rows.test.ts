import { expect, test } from 'vitest'
import { keyId } from '../../testing/examples/keys.ts'
import { usageRow } from '../../testing/examples/usage.ts'
import { rowsAsText, rowsOfText } from './logged-rows.ts'
import { mergedRows } from './merged-rows.ts'

const source = (address: string) => ({
  address,
  userAgent: 'curl "1" \u{1F511}',
  requests: 1,
  lastUsedAtMs: 5,
})
const ROW = usageRow({ keyId: keyId('a'), consumer: 'con_1', sources: [source('192.0.2.1')] })
/** Rows that differ from the first one in one fact each. */
const OTHERS = [
  usageRow({ ...ROW, organization: 'other' }),
  usageRow({ ...ROW, environment: 'prod' }),
  usageRow({ ...ROW, project: 'sales' }),
  usageRow({ ...ROW, pipeline: 'invoices' }),
  usageRow({ ...ROW, version: '1.1' }),
  usageRow({ ...ROW, code: 'rate_limited' }),
  usageRow({ ...ROW, consumer: null }),
  usageRow({ ...ROW, keyId: keyId('b') }),
  usageRow({ ...ROW, keyId: null, secretSequence: 0 }),
  usageRow({ ...ROW, secretSequence: 2 }),
  usageRow({ ...ROW, isExternal: true }),
  usageRow({ ...ROW, minuteMs: 0 }),
]

test('rows are the same after they were a text', () => {
  expect(rowsOfText(rowsAsText([]))).toEqual([])
  expect(rowsOfText(rowsAsText([ROW, ...OTHERS]))).toEqual([ROW, ...OTHERS])
})

test('rows that differ in a fact are not merged', () => {
  expect(mergedRows([ROW, ...OTHERS])).toHaveLength(1 + OTHERS.length)
})

test('rows with the same facts are added up; the last use is that of the latest', () => {
  const later = {
    requests: 3,
    lastUsedAtMs: 90,
    lastUsedAddress: '192.0.2.2',
    sources: [source('192.0.2.2')],
  }
  const earlier = { requests: 5, lastUsedAtMs: 80, lastUsedAddress: '192.0.2.3', sources: [] }
  const first = { ...ROW, lastUsedAtMs: 10 }
  const sum = { ...first, ...later, requests: 9, sources: [source('192.0.2.1'), source('192.0.2.2')] }
  expect(mergedRows([first, { ...ROW, ...later }, { ...ROW, ...earlier }])).toEqual([sum])
})
