import { expect, test } from 'vitest'
import { PeerReports } from './peer-reports.ts'

test('a peer is due once a minute, whatever others do', () => {
  let nowMs = 5
  const reports = new PeerReports(() => nowMs)
  expect([reports.due('one'), reports.due('one'), reports.due('other')]).toEqual([true, false, true])
  nowMs += 59_999
  expect([reports.due('one'), reports.due('third')]).toEqual([false, true])
  nowMs += 1
  expect([reports.due('one'), reports.due('one'), reports.due('third')]).toEqual([true, false, false])
})

test('at most a thousand peers are due in a minute', () => {
  let nowMs = 0
  const reports = new PeerReports(() => nowMs)
  const due = Array.from({ length: 1_002 }, (_, index) => reports.due(String(index)))
  expect(due.filter((isDue) => isDue)).toHaveLength(1_000)
  nowMs += 60_000
  expect(reports.due('1001')).toBe(true)
})
