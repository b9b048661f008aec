import { describe, expect, test } from 'vitest'
import { FIRST_PREVIOUS_HASH, canonicalJson, chainAuditEntry, verifyAuditChain } from './audit-chain.ts'
import type { AuditEntry, AuditRow } from '../port/audit-events.ts'

const entry: AuditEntry = {
  organization: 'acme',
  atMs: 1_700_000_000_000,
  actor: 'key_4fT0Qm2ZrX9bLk7A',
  action: 'keys.create',
  target: 'key/key_4fT0Qm2ZrX9bLk7A',
  before: null,
  after: { name: 'app', roles: ['owner'], nested: { b: 1, a: [true, null] } },
}

function chainOf(...entries: readonly AuditEntry[]): AuditRow[] {
  const rows: AuditRow[] = []
  for (const one of entries) rows.push(chainAuditEntry(one, rows.at(-1)))
  return rows
}

const chain = chainOf(entry, { ...entry, action: 'keys.roll' }, { ...entry, action: 'keys.delete' })

/** The chain with one row changed. */
function withRow(index: number, change: Partial<AuditRow>): AuditRow[] {
  return chain.map((row, at) => (at === index ? { ...row, ...change } : row))
}

describe('canonical JSON', () => {
  test.for([
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [
      { '\u20ac': 1, '\r': 2, '1': 3, '\ud83d\ude00': 4, '\ufb33': 5, '': 6 },
      '{"":6,"\\r":2,"1":3,"\u20ac":1,"\ud83d\ude00":4,"\ufb33":5}',
    ],
    [[3, [2, { y: null, x: false }]], '[3,[2,{"x":false,"y":null}]]'],
    [[1e21, 0.1, -0, 1.0], '[1e+21,0.1,0,1]'],
    ['\u2028"\\\u0007ö', '"\u2028\\"\\\\\\u0007ö"'],
    [JSON.parse('{"__proto__": {"a": 1}}'), '{"__proto__":{"a":1}}'],
    [null, 'null'],
  ] as const)('of %j', ([value, text]) => {
    expect(canonicalJson(value)).toBe(text)
  })
})

describe('the chain', () => {
  test('starts at sequence 1 with a previous hash of zeros, and links each row to the previous one', () => {
    expect(chain.map(({ sequence }) => sequence)).toEqual([1, 2, 3])
    expect(chain[0]?.previousHash).toBe(FIRST_PREVIOUS_HASH)
    expect(chain[1]?.previousHash).toBe(chain[0]?.hash)
    expect(chain[0]?.hash).toMatch(/^[0-9a-f]{64}$/)
    expect(verifyAuditChain(chain)).toBeUndefined()
    expect(verifyAuditChain([])).toBeUndefined()
  })

  test('does not depend on key order or on values that JSON cannot represent', () => {
    const [first] = chainOf({ ...entry, before: undefined, after: { b: undefined, a: 1, c: 2 } })
    const [second] = chainOf({ ...entry, before: null, after: { c: 2, a: 1 } })
    expect(first).toEqual(second)
  })

  test('stays intact through a JSON round trip', () => {
    expect(verifyAuditChain(JSON.parse(JSON.stringify(chain)) as AuditRow[])).toBeUndefined()
  })

  test('can be verified from the middle, given the previous row', () => {
    expect(verifyAuditChain(chain.slice(1), chain[0])).toBeUndefined()
    expect(verifyAuditChain(chain.slice(2), chain[0])).toBe(2)
    expect(verifyAuditChain(chain.slice(1))).toBe(1)
    const foreign = chainOf({ ...entry, organization: 'globex' })
    expect(verifyAuditChain(chain.slice(1), foreign[0])).toBe(2)
  })

  test.for([
    ['the time', { atMs: entry.atMs + 1 }],
    ['the actor', { actor: 'setup' }],
    ['the action', { action: 'keys.update' }],
    ['the target', { target: 'key/other' }],
    ['the state before', { before: {} }],
    ['the state after', { after: { ...(entry.after as object), name: 'App' } }],
    ['the hash', { hash: FIRST_PREVIOUS_HASH }],
    ['the previous hash', { previousHash: FIRST_PREVIOUS_HASH }],
    ['the organization', { organization: 'globex' }],
    ['the sequence', { sequence: 4 }],
  ] as const)('reveals a change of %s', ([, change]) => {
    expect(verifyAuditChain(withRow(1, change))).toBe(2)
  })

  test('reveals removed, inserted and moved rows, and a row that was changed together with its hash', () => {
    const [first, second, third] = chain as [AuditRow, AuditRow, AuditRow]
    expect(verifyAuditChain([first, third])).toBe(2)
    expect(verifyAuditChain([first, first, second, third])).toBe(2)
    expect(verifyAuditChain([second, first, third])).toBe(1)
    const forged = chainAuditEntry({ ...entry, action: 'keys.update' }, first)
    expect(verifyAuditChain([first, forged, third])).toBe(3)
  })
})
